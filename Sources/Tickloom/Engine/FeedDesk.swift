internal import LoomCore

/// Which symbols have a feed, which one, and what it has given up.
struct FeedDesk {
  private struct Seat {
    var source = SourceID(rawValue: 0)
    var isOpen = false
    var isRetired = false
    /// What its feed had given up when that was last looked at.
    var dropped: UInt64 = 0
  }

  /// By ``SymbolID``.
  private var seats: [Seat]
  private(set) var sourceNames: [String] = []
  /// What lies before came with the history.
  private var begin = Timestamp.distantPast

  init(symbolCount: Int) { seats = Array(repeating: Seat(), count: symbolCount) }

  mutating func add() { seats.append(Seat()) }

  /// Whether the symbols can be given to a new feed: none of them has a feed, is retired, is there
  /// twice or is not registered.
  func hasSeats(for symbols: [SymbolID]) -> Bool {
    for symbol in symbols where symbol.index >= seats.count { return false }
    return symbols.allSatisfy({ !seats[$0.index].isOpen && !seats[$0.index].isRetired })
      && Set(symbols).count == symbols.count && sourceNames.count <= UInt16.max
  }

  /// Gives the symbols, which have seats, to a new feed.
  mutating func seat(_ symbols: [SymbolID], source: String) -> SourceID {
    let id = register(source)
    for symbol in symbols {
      seats[symbol.index].isOpen = true
      seats[symbol.index].source = id
    }
    return id
  }

  /// Hands out an identifier; those beyond the last there can be share it.
  mutating func register(_ source: String) -> SourceID {
    let id = SourceID(rawValue: UInt16(clamping: sourceNames.count))
    if sourceNames.count <= UInt16.max { sourceNames.append(source) }
    return id
  }

  /// Refuses what lies before `moment`: it came with the history.
  mutating func begin(at moment: Timestamp) { begin = max(begin, moment) }

  mutating func retire(_ symbol: SymbolID) {
    precondition(symbol.index < seats.count, "symbol \(symbol.rawValue) of \(seats.count)")
    seats[symbol.index].isRetired = true
  }

  /// Whether a symbol has a feed.
  func isOpen(_ symbol: SymbolID) -> Bool { seats[symbol.index].isOpen }

  /// Whether a symbol was retired.
  func isRetired(_ symbol: SymbolID) -> Bool { seats[symbol.index].isRetired }

  /// The symbols that have a feed.
  var open: [SymbolID] {
    seats.indices.filter { seats[$0].isOpen }.map { SymbolID(rawValue: UInt32($0)) }
  }

  /// Takes note that so much was given up in all; returns how much of it is new.
  mutating func count(_ dropped: UInt64, of symbol: SymbolID) -> Int {
    defer { seats[symbol.index].dropped = dropped }
    return Int(dropped - seats[symbol.index].dropped)
  }

  /// What the ticks of a symbol become.
  func label(of symbol: SymbolID) -> Label {
    let seat = seats[symbol.index]
    return Label(symbol: symbol, source: seat.source, begin: begin, isRetired: seat.isRetired)
  }

  /// Makes a tick that of a symbol and its feed, whatever it says of itself.
  struct Label {
    fileprivate let symbol: SymbolID
    fileprivate let source: SourceID
    fileprivate let begin: Timestamp
    fileprivate let isRetired: Bool

    @inline(__always)
    func put(on tick: inout Tick) {
      tick.symbol = symbol
      tick.source = source
      if tick.time < begin { tick.flags = TickFlags(refusal: .duplicate) }
      if isRetired { tick.flags = TickFlags(refusal: .unknownSymbol) }
    }
  }
}
