public import LoomCore

/// What a ``Store`` is told about the run it is to hold.
public struct StoreConfiguration: Sendable {
  /// The configuration of the run as text, kept as it is.
  public let text: String
  /// The length of its bars.
  public let timeframe: Timeframe
  /// The names of the features in the order of their values; each becomes a column.
  public let featureNames: [String]
  /// What makes it.
  public let manifest: StoreManifest
  /// How long it is kept.
  public let retention: StoreRetention

  /// Creates a description; at most 64 features, whose names differ, upper and lower case alike.
  public init(
    text: String, timeframe: Timeframe, featureNames: [String],
    manifest: StoreManifest = StoreManifest(program: "unknown"),
    retention: StoreRetention = .everything
  ) {
    precondition(
      featureNames.count <= FeatureRow.maximumCount,
      "a row holds \(FeatureRow.maximumCount) features, not \(featureNames.count)")
    precondition(
      Set(featureNames.map { $0.lowercased() } + ["start_ns", "symbol"]).count
        == featureNames.count + 2, "two features share a name: \(featureNames)")
    self.text = text
    self.timeframe = timeframe
    self.featureNames = featureNames
    self.manifest = manifest
    self.retention = retention
  }
}
