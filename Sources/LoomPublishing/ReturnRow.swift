public import LoomCore

/// The returns of all symbols over one grid slot; its storage is meant to be reused.
public struct ReturnRow: Sendable {
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
}
