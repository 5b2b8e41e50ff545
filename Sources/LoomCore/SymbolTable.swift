/// The names of the symbols in order of registration.
public struct SymbolTable: Sendable {
  /// The names; the index is the ``SymbolID``.
  public private(set) var names: [String] = []
  private var identifiers: [String: SymbolID] = [:]

  /// Creates an empty table.
  public init() {}

  /// The identifier of `name`, registered now if it is new.
  ///
  /// - Complexity: O(1) expected; allocates when the name is new.
  public mutating func register(_ name: String) -> SymbolID {
    if let known = identifiers[name] { return known }
    let id = SymbolID(rawValue: UInt32(names.count))
    names.append(name)
    identifiers[name] = id
    return id
  }

  /// The identifier of `name`, or nil where it is not registered.
  public subscript(name: String) -> SymbolID? { identifiers[name] }

  /// The name of a registered symbol.
  public subscript(symbol: SymbolID) -> String { names[symbol.index] }
}
