public import LoomCore

/// The versions in which a return counts.
public struct RowUse: Hashable, Sendable {
  /// The start of its row.
  public let start: Timestamp
  /// The return.
  public internal(set) var logReturn: Double
  /// The first version that holds it.
  public internal(set) var first: UInt64
  /// The last version whose window holds it; nil where that was not reached, or weights decay.
  public internal(set) var last: UInt64?
  /// The place of its row among all.
  var number: Int
}
