/// Inputs that a recovered store is known to lack.
public struct StoreGap: Hashable, Sendable {
  /// The sequences within which they lie.
  public let sequences: ClosedRange<UInt64>
  /// How many of them are missing: the others are there, of other symbols.
  public let missing: Int

  init(sequences: ClosedRange<UInt64>, missing: Int) {
    self.sequences = sequences
    self.missing = missing
  }
}

extension StoreGap: CustomStringConvertible {
  /// In words.
  public var description: String {
    let range = "inputs \(sequences.lowerBound) to \(sequences.upperBound)"
    // One less, as all there are may be more than fits.
    let isAll = sequences.upperBound - sequences.lowerBound == UInt64(clamping: missing) &- 1
    return isAll ? range : "\(missing) of the \(range)"
  }
}
