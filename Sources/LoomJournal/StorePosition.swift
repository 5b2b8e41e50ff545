public import LoomCore

/// How far a feed was read when a batch was kept.
public struct StorePosition: Hashable, Sendable {
  /// The feed.
  public let source: SourceID
  /// Rows that were taken from it, whether they had a place in the order or not.
  public let rows: Int
  /// The line of the last one; 0 where it has none.
  public let line: Int

  /// Creates a position.
  public init(source: SourceID, rows: Int, line: Int) {
    self.source = source
    self.rows = rows
    self.line = line
  }
}
