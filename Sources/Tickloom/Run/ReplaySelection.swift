internal import LoomCore
internal import LoomImport

/// Which inputs of a store are taken, and the names that their symbols get.
///
/// The rest is no input: symbols are handed out anew, in the order of their first input.
struct ReplaySelection {
  private let names: [String]
  /// Whether all are taken, with the names they have.
  let isOpen: Bool
  private let from: Timestamp
  private let to: Timestamp
  private let isSelected: [Bool]
  /// By the identifiers of the store, and how many were handed out.
  private var symbols: [SymbolID?]
  private(set) var count = 0
  private var fresh: [String] = []

  /// Takes the inputs of some symbols within some time, of a store with symbols of these `names`.
  ///
  /// - Throws: ``RunError`` where a symbol is not among them.
  init(
    _ importing: ImportConfiguration, of names: [String], path: String
  ) throws(RunError) {
    let wanted = importing.symbols
    for name in wanted where !names.contains(name) {
      throw .unknownSymbol(name, among: names, path: path)
    }
    isOpen = wanted.isEmpty && importing.from == nil && importing.to == nil
    from = importing.from ?? Timestamp(nanoseconds: .min)
    to = importing.to ?? Timestamp(nanoseconds: .max)
    isSelected = names.map { wanted.isEmpty || wanted.contains($0) }
    symbols = Array(repeating: nil, count: names.count)
    self.names = names
  }

  /// The new identifier of the symbol of an input; nil where it is none.
  @inline(__always)
  mutating func take(_ symbol: SymbolID, at time: Timestamp) -> SymbolID? {
    if !isOpen { return takeSome(symbol, at: time) }
    if symbol != .unknown, symbol.index >= count { register(through: symbol.index) }
    return symbol
  }

  private mutating func takeSome(_ symbol: SymbolID, at time: Timestamp) -> SymbolID? {
    guard symbol != .unknown, isSelected[symbol.index], time >= from, time < to else { return nil }
    if let known = symbols[symbol.index] { return known }
    let new = SymbolID(rawValue: UInt32(count))
    symbols[symbol.index] = new
    fresh.append(names[symbol.index])
    count += 1
    return new
  }

  /// Registers the symbols up to that place as they are.
  private mutating func register(through place: Int) {
    if place < count { return }
    fresh += names[count...place]
    count = place + 1
  }

  /// Whether names were registered since the last time.
  var hasNewNames: Bool { !fresh.isEmpty }

  /// The names registered since the last time.
  mutating func newNames() -> [String] {
    defer { fresh.removeAll() }
    return fresh
  }

  /// The names that were registered although no input has them.
  mutating func finish() -> [String] {
    if isOpen, !names.isEmpty { register(through: names.count - 1) }
    return newNames()
  }
}
