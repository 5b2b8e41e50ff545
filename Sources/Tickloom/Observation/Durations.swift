public import LoomCore

/// How long something took, each time that it was measured.
///
/// Counted on a logarithmic scale with eight bins to the octave: a quantile is at most an eighth too
/// long, and never too short.
public struct Durations: Hashable, Sendable {
  private let counts: [UInt64]
  private let sum: Int64
  /// The longest of all.
  public let longest: Nanoseconds

  init(counts: [UInt64], sum: Int64, longest: Int64) {
    self.counts = counts
    self.sum = sum
    self.longest = Nanoseconds(longest)
  }

  /// How many were measured.
  public var count: UInt64 { counts.reduce(0, +) }

  /// The mean; nil where none was measured.
  public var mean: Nanoseconds? {
    let count = count
    return count == 0 ? nil : Nanoseconds(sum / Int64(count))
  }

  /// The shortest duration that at least `share` of all do not exceed, rounded up to the scale; nil
  /// where none was measured.
  ///
  /// `share` lies in (0, 1], for example 0.99.
  public func quantile(_ share: Double) -> Nanoseconds? {
    precondition(share > 0 && share <= 1, "a share of \(share)")
    let wanted = UInt64((Double(count) * share).rounded(.up))
    if wanted == 0 { return nil }
    var reached: UInt64 = 0
    for (bin, count) in counts.enumerated() {
      reached += count
      if reached >= wanted { return min(Nanoseconds(DurationScale.longest(bin)), longest) }
    }
    return longest
  }
}
