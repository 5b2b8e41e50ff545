public import LoomCore

/// How long a lateness each input would have needed to be accepted, on a logarithmic scale.
public struct LatenessHistogram: Hashable, SnapshotState, Sendable {
  /// Eight bins to the octave: an answer is at most an eighth too long.
  private static let binsPerOctave = 8

  private var onTime = 0
  private var bins = [Int](repeating: 0, count: 64 * binsPerOctave)

  /// Creates an empty histogram.
  public init() {}

  /// Inputs recorded.
  public var count: Int { onTime + bins.reduce(0, +) }

  @inline(__always)
  mutating func recordOnTime() { onTime += 1 }

  mutating func record(_ lag: Nanoseconds) { bins[Self.bin(max(0, lag.count))] += 1 }

  /// The shortest lateness, rounded up to the histogram's scale, that keeps `share` of the inputs.
  ///
  /// `share` lies in (0, 1], for example 0.99.
  public func lateness(keeping share: Double) -> Nanoseconds {
    precondition(share > 0 && share <= 1, "a share of \(share)")
    let wanted = Int((Double(count) * share).rounded(.up))
    var kept = onTime
    var bin = 0
    while kept < wanted, bin < bins.count {
      kept += bins[bin]
      bin += 1
    }
    return bin == 0 ? .zero : Nanoseconds(Self.upperEdge(bin - 1))
  }

  private static func bin(_ lag: Int64) -> Int {
    if lag < Int64(binsPerOctave) { return Int(lag) }
    let octave = 63 - lag.leadingZeroBitCount
    let step = Int(lag >> (octave - 3)) & (binsPerOctave - 1)
    return (octave - 2) * binsPerOctave + step
  }

  /// One more than the largest lag of a bin: a tick that late is accepted only beyond its lag.
  private static func upperEdge(_ bin: Int) -> Int64 {
    if bin < binsPerOctave { return Int64(bin) + 1 }
    let octave = bin / binsPerOctave + 2
    return (Int64(binsPerOctave) + Int64(bin % binsPerOctave) + 1) << (octave - 3)
  }

  /// Transfers every count.
  public mutating func transfer<Coder: SnapshotCoder>(
    through coder: inout Coder
  ) throws(SnapshotError) {
    try coder.count(&onTime)
    for index in bins.indices { try coder.count(&bins[index]) }
  }
}
