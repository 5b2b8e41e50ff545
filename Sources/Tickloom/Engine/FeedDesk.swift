internal import LoomCore

/// Which symbols ever had a feed, which one last, what all theirs have given up, and where what comes
/// live begins.
struct FeedDesk {
  private struct Seat {
    var source = SourceID(rawValue: 0)
    /// Whether it has a ring, which outlives its feeds.
    var isOpen = false
    var isRetired = false
    /// What its feeds had given up when that was last looked at.
    var dropped: UInt64 = 0
    /// What lies before came with the history.
    var begin = Timestamp.distantPast
    /// How far the history that is being taken has come.
    var reached = Timestamp.distantPast
  }

  /// By ``SymbolID``.
  private var seats: [Seat]
  private(set) var sourceNames: [String] = []
  /// The identifiers of the feeds' names.
  private var sources: [String: SourceID] = [:]
  /// What lies before belongs to the history, whatever the symbol.
  private var begin = Timestamp.distantPast

  init(symbolCount: Int) { seats = Array(repeating: Seat(), count: symbolCount) }

  mutating func add() { seats.append(Seat()) }

  /// Whether the symbols can be given to a feed of that name, as far as they have none: none of them
  /// is retired, is there twice or is not registered, and there is an identifier for the name.
  func hasSeats(for symbols: [SymbolID], source: String) -> Bool {
    for symbol in symbols where symbol.index >= seats.count { return false }
    return symbols.allSatisfy({ !seats[$0.index].isRetired }) && Set(symbols).count == symbols.count
      && (sources[source] != nil || sourceNames.count <= UInt16.max)
  }

  /// Gives the symbols, which have seats, to a new feed; one that comes back keeps its identifier.
  mutating func seat(_ symbols: [SymbolID], source: String) -> SourceID {
    let id = sources[source] ?? register(source)
    sources[source] = id
    for symbol in symbols {
      seats[symbol.index].isOpen = true
      seats[symbol.index].source = id
    }
    return id
  }

  /// Hands out the identifiers of feeds that were there before, in order.
  mutating func register(known names: [String]) {
    for name in names { sources[name] = register(name) }
  }

  /// Hands out an identifier; those beyond the last there can be share it.
  mutating func register(_ source: String) -> SourceID {
    let id = SourceID(rawValue: UInt16(clamping: sourceNames.count))
    if sourceNames.count <= UInt16.max { sourceNames.append(source) }
    return id
  }

  /// Takes note that history of a symbol was taken up to `moment`.
  mutating func reach(_ moment: Timestamp, of symbol: SymbolID) {
    seats[symbol.index].reached = max(seats[symbol.index].reached, moment)
  }

  /// Refuses from now on what the history of its symbol has reached, and what lies before `moment`,
  /// where that is given.
  mutating func begin(at moment: Timestamp?) {
    if let moment { begin = max(begin, moment) }
    for index in seats.indices { seats[index].begin = seats[index].reached }
  }

  /// From where on what comes of a symbol is not part of history that was taken.
  func begin(of symbol: SymbolID) -> Timestamp { max(begin, seats[symbol.index].begin) }

  /// From where on that is so whatever the symbol.
  var end: Timestamp { seats.reduce(begin) { max($0, $1.begin) } }

  mutating func retire(_ symbol: SymbolID) {
    precondition(symbol.index < seats.count, "symbol \(symbol.rawValue) of \(seats.count)")
    seats[symbol.index].isRetired = true
  }

  /// Whether a symbol has a ring, as it has or had a feed.
  func isOpen(_ symbol: SymbolID) -> Bool { seats[symbol.index].isOpen }

  /// Whether a symbol was retired.
  func isRetired(_ symbol: SymbolID) -> Bool { seats[symbol.index].isRetired }

  /// The symbols that have a ring.
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
    return Label(
      symbol: symbol, source: seat.source, begin: begin(of: symbol), isRetired: seat.isRetired)
  }

  /// Makes a tick that of a symbol and its feed, whatever it says of itself.
  struct Label {
    fileprivate let symbol: SymbolID
    let source: SourceID
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
