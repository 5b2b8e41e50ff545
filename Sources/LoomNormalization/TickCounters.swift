public import LoomCore

/// How the inputs of one symbol, or of all, ended: each in exactly one count.
public struct TickCounters: Hashable, SnapshotState, Sendable {
  /// Inputs that entered a bar.
  public internal(set) var accepted = 0
  private var rejected = [Int](repeating: 0, count: RejectReason.allCases.count)

  /// Creates counters that stand at 0.
  public init() {}

  /// Inputs rejected for `reason`.
  public subscript(reason: RejectReason) -> Int { rejected[Int(reason.rawValue)] }

  /// All inputs: the accepted ones and every rejection.
  public var received: Int { accepted + rejected.reduce(0, +) }

  /// Inputs that were not accepted.
  public var rejectedTotal: Int { received - accepted }

  /// Counts one accepted input.
  public mutating func accept() { accepted += 1 }

  /// Counts one input, taken for accepted before, as rejected.
  public mutating func acceptedBecomes(_ reason: RejectReason) {
    accepted -= 1
    reject(reason)
  }

  /// Counts rejected inputs.
  public mutating func reject(_ reason: RejectReason, count: Int = 1) {
    rejected[Int(reason.rawValue)] += count
  }

  /// Adds the counts of `other`.
  public static func += (total: inout TickCounters, other: TickCounters) {
    total.accepted += other.accepted
    for index in total.rejected.indices { total.rejected[index] += other.rejected[index] }
  }

  /// Transfers every count.
  public mutating func transfer<Coder: SnapshotCoder>(
    through coder: inout Coder
  ) throws(SnapshotError) {
    try coder.count(&accepted)
    for index in rejected.indices { try coder.count(&rejected[index]) }
  }
}
