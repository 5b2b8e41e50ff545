public import LoomCore

/// A row of returns as two symbols see it: what an entry of the correlation matrix is made of.
public struct EntryRow: Sendable {
  /// What one symbol has in the row.
  public struct Side: Sendable {
    /// Its return; NaN where it is not in the row.
    public var logReturn: Double
    /// Its bar of the slot; nil where there is none.
    public var bar: CleanBar?

    /// Whether its return is in the row.
    public var isPresent: Bool { !logReturn.isNaN }
  }

  /// The start of the slot.
  public let start: Timestamp
  /// Its place among all rows, from 0.
  public let number: Int
  /// What the symbol named first has.
  public internal(set) var first: Side
  /// What the other has.
  public internal(set) var second: Side
  /// What it counts for beside the newest row with both, which counts 1: as much in a window, λ to the
  /// power of the rows between where weights decay; 0 unless both are present.
  public internal(set) var weight = 0.0

  /// Whether both are present.
  public var isJoint: Bool { first.isPresent && second.isPresent }

  init(start: Timestamp, number: Int, _ first: Double, _ second: Double) {
    self.start = start
    self.number = number
    self.first = Side(logReturn: first, bar: nil)
    self.second = Side(logReturn: second, bar: nil)
  }
}
