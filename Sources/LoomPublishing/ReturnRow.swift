public import LoomCore

/// The returns of all symbols over one grid slot; its storage is meant to be reused.
public struct ReturnRow: SnapshotState, Sendable {
  /// Start of the slot, the name of the row.
  public internal(set) var start = Timestamp.distantPast
  /// One return per symbol in order of registration; NaN where there is none.
  public internal(set) var returns: [Double] = []
  /// The symbols that have a return, in order of registration; never empty in a row that exists.
  public internal(set) var present: [SymbolID] = []

  /// Creates an empty row.
  public init() {}

  /// Creates the row of a slot from one return per symbol, NaN where there is none.
  public init(start: Timestamp, returns: [Double]) {
    self.start = start
    self.returns = returns
    present = returns.indices.filter { !returns[$0].isNaN }.map { SymbolID(rawValue: UInt32($0)) }
  }

  /// Whether `other` is the row of the same slot and holds the same symbols with the same bits.
  func isSame(as other: ReturnRow) -> Bool {
    start == other.start && returns.count == other.returns.count
      && present == other.present
      && present.allSatisfy {
        returns[$0.index].bitPattern == other.returns[$0.index].bitPattern
      }
  }

  /// Becomes `other` in storage of its own.
  mutating func become(_ other: borrowing ReturnRow) {
    start = other.start
    returns.removeAll(keepingCapacity: true)
    returns.append(contentsOf: other.returns)
    present.removeAll(keepingCapacity: true)
    present.append(contentsOf: other.present)
  }

  mutating func reset(start: Timestamp, symbolCount: Int) {
    for symbol in present where symbol.index < returns.count { returns[symbol.index] = .nan }
    present.removeAll(keepingCapacity: true)
    makeRoom(symbolCount: symbolCount)
    self.start = start
  }

  mutating func makeRoom(symbolCount: Int) {
    while returns.count < symbolCount { returns.append(.nan) }
  }

  mutating func enter(_ symbol: SymbolID, _ value: Double) {
    returns[symbol.index] = value
    present.append(symbol)
  }

  /// Transfers the returns; those that are there tell who is present.
  public mutating func transfer<Coder: SnapshotCoder>(
    through coder: inout Coder
  ) throws(SnapshotError) {
    try coder.value(&start)
    try coder.values(&returns)
    if Coder.isReading { self = ReturnRow(start: start, returns: returns) }
  }
}
