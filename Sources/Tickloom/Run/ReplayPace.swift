internal import LoomCore
internal import LoomSystem

/// When an input is due, so that a replay goes as its market did, or so many times as fast.
struct ReplayPace: Sendable {
  private let factor: Double
  /// The first input's time, and when that was.
  private var origin: (time: Timestamp, nanoseconds: Int64)?
  private let pause = Channel<Bool>(capacity: 1)
  /// What is due sooner is taken with what is due now.
  private static let graceNanoseconds: Int64 = 1_000_000
  /// How often a run that waits says that it goes on.
  private static let longestNanoseconds: Int64 = 100_000_000
  /// 1900 and 2200: what lies outside is refused, and not waited for.
  private static let first = Timestamp(nanoseconds: -2_208_988_800_000_000_000)
  private static let end = Timestamp(nanoseconds: 7_258_118_400_000_000_000)

  /// Nil where nothing is waited for.
  init?(_ speed: ReplaySpeed) {
    guard case .paced(let factor) = speed else { return nil }
    self.factor = factor
  }

  /// How long to wait at least before that input is looked at again; nil where it is due.
  mutating func nanosecondsToWait(for time: Timestamp, now: Int64) -> Int64? {
    guard time >= Self.first, time < Self.end else { return nil }
    guard let origin else {
      origin = (time, now)
      return nil
    }
    // In floating point, as three centuries slowed down are more than an integer holds.
    let distance = Double(time.nanoseconds) - Double(origin.time.nanoseconds)
    let wait = distance / factor - Double(now - origin.nanoseconds)
    if wait < Double(Self.graceNanoseconds) { return nil }
    return Int64(min(wait, Double(Self.longestNanoseconds)))
  }

  /// Waits for so long.
  func pause(_ nanoseconds: Int64) {
    _ = pause.receive(until: MonotonicClock.nanoseconds + nanoseconds)
  }
}
