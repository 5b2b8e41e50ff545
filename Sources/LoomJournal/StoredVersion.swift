public import LoomCore
public import LoomSystem

/// A version of the correlation matrix as a ``Store`` names it.
public struct StoredVersion: Hashable, Sendable {
  /// Its number.
  public let number: UInt64
  /// The start of the newest row it holds.
  public let time: Timestamp
  /// Its hash; nil where what is stored is none.
  public let hash: Hash128?

  /// Creates one from its parts.
  public init(number: UInt64, time: Timestamp, hash: Hash128?) {
    self.number = number
    self.time = time
    self.hash = hash
  }
}

/// A matrix that a ``Store`` keeps.
public struct StoredMatrix: Sendable {
  /// The number of its version.
  public let version: UInt64
  /// The symbols of its rows and columns.
  public let symbols: [SymbolID]
  /// The packed upper triangle.
  public let correlations: [Double]
  /// The joint rows of these pairs.
  public let jointRows: [Int32]

  /// Creates one from its parts; both triangles have a place for every pair of `symbols`.
  public init(
    version: UInt64, symbols: [SymbolID], correlations: [Double], jointRows: [Int32]
  ) {
    self.version = version
    self.symbols = symbols
    self.correlations = correlations
    self.jointRows = jointRows
  }
}
