/// The names of the symbols in order of registration.
public struct SymbolTable: Sendable {
  /// The names; the index is the ``SymbolID``.
  public private(set) var names: [String] = []
  private var identifiers: [Spelling: SymbolID] = [:]

  /// A name that is equal byte by byte: Swift's strings are equal already where they look alike.
  private struct Spelling: Hashable {
    let text: String

    static func == (lhs: Spelling, rhs: Spelling) -> Bool {
      lhs.text.utf8.elementsEqual(rhs.text.utf8)
    }

    func hash(into hasher: inout Hasher) {
      for byte in text.utf8 { hasher.combine(byte) }
    }
  }

  /// Creates an empty table.
  public init() {}

  /// The identifier of `name`, registered now if it is new.
  ///
  /// - Complexity: O(1) expected; allocates when the name is new.
  public mutating func register(_ name: String) -> SymbolID {
    if let known = identifiers[Spelling(text: name)] { return known }
    let id = SymbolID(rawValue: UInt32(names.count))
    names.append(name)
    identifiers[Spelling(text: name)] = id
    return id
  }

  /// The identifier of `name`, or nil where it is not registered.
  public subscript(name: String) -> SymbolID? { identifiers[Spelling(text: name)] }

  /// The name of a registered symbol.
  public subscript(symbol: SymbolID) -> String { names[symbol.index] }
}
