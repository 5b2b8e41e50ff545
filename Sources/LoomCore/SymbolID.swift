/// A symbol: a small integer handed out in order of registration, from 0.
@frozen
public struct SymbolID: BitwiseCopyable, Hashable, Comparable, Sendable {
  /// The place in the order of registration.
  public var rawValue: UInt32

  /// Creates an identifier.
  @inlinable
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Stands for a symbol that is not known; no table hands it out.
  public static var unknown: SymbolID { SymbolID(rawValue: .max) }

  /// The identifier as an index into arrays ordered by registration.
  @inlinable
  public var index: Int { Int(rawValue) }

  /// Whether `lhs` was registered before `rhs`.
  @inlinable
  public static func < (lhs: SymbolID, rhs: SymbolID) -> Bool { lhs.rawValue < rhs.rawValue }
}

/// A feed: a file, standard input, or a connection; numbered in the order they were opened, from 0.
@frozen
public struct SourceID: BitwiseCopyable, Hashable, Sendable {
  /// The place in the order of opening; at most 65,535.
  public var rawValue: UInt16

  /// Creates an identifier.
  @inlinable
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// The identifier as an index into arrays ordered by opening.
  @inlinable
  public var index: Int { Int(rawValue) }
}
