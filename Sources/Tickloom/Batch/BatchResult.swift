public import LoomCore
public import LoomPublishing
public import LoomSystem

/// What came out of a ``Batch``.
public struct BatchResult: Sendable {
  /// Which rows a version is made of: its number, time and hash, without its matrix.
  public struct Version: Hashable, Sendable {
    /// 1, 2, 3 … without a gap.
    public let number: UInt64
    /// The newest row it holds, by the start of its slot.
    public let start: Timestamp
    /// Hash over the configuration and every row so far.
    public let hash: Hash128
  }

  /// One per input, in order of the inputs.
  public internal(set) var symbols: [Result<BatchSymbol, BatchSymbolError>]
  /// The names of a feature row's values, in order of the columns.
  public let featureNames: [String]
  /// One per row of returns; empty unless two symbols have feature rows.
  public internal(set) var versions: [Version] = []
  /// The last version with its matrix; nil where there is none.
  public internal(set) var latest: CorrelationSnapshot?
  /// The covariances of the last version, packed as its correlations; empty where there is none.
  public internal(set) var covariances: [Double] = []
  /// How many threads worked.
  public let workers: Int
  /// From the first input to the last version, in nanoseconds.
  public internal(set) var nanoseconds: Int64 = 0

  /// The result of an input; nil where it failed.
  public subscript(symbol: SymbolID) -> BatchSymbol? { try? symbols[symbol.index].get() }

  /// ρ of two inputs by their places in the last version; NaN where it is not defined.
  public func correlation(_ first: Int, _ second: Int) -> Double {
    precondition(symbols.indices.contains(first), "input \(first) of \(symbols.count)")
    precondition(symbols.indices.contains(second), "input \(second) of \(symbols.count)")
    guard let latest, max(first, second) < latest.symbolCount else { return .nan }
    return latest[SymbolID(rawValue: UInt32(first)), SymbolID(rawValue: UInt32(second))]
  }
}
