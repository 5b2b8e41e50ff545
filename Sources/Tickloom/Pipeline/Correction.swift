public import LoomCore
public import LoomNormalization

/// What one late tick has changed once everything before it was out.
public struct Correction: Sendable {
  /// Journal sequence of the late tick.
  public let sequence: UInt64
  /// Its symbol.
  public let symbol: SymbolID
  /// The version of the matrix that comes next: it corrects these bars.
  public let version: UInt64
  /// The bars that are not what they were, in order of time, and what each takes the place of.
  ///
  /// The late tick's is the first.
  public let bars: [RevisedBar]
  /// The feature rows that are not what they were, in order of time.
  ///
  /// They are of these bars and of others after them. A bar that is no longer valid has none.
  public let features: [FeatureRow]
}
