public import LoomCore

/// One place that rows come from; its position among the sources is its ``SourceID``.
public struct Source: Sendable {
  /// The file's name, for the `source_id` column.
  public let name: String
  /// The path as given.
  public let path: String
  /// Whether its rows are bars.
  public internal(set) var isBars = false
  /// The step of its bars; nil for ticks and where it cannot be told.
  public internal(set) var step: Timeframe?
  /// Whether it is newest first and read from its end.
  public internal(set) var isNewestFirst = false
  /// Why it is left out; nil where it is read.
  public internal(set) var skippedReason: String?
  /// What a user should know about how it is read.
  public internal(set) var notes: [String] = []

  /// Creates the description of a feed of ticks.
  public init(name: String, path: String) {
    self.name = name
    self.path = path
  }
}
