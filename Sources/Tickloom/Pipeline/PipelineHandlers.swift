public import LoomCore
public import LoomNormalization

/// A ``PipelineConsumer`` made of closures: one call for each bar, row, version or refused input.
///
/// They are called on the thread that feeds the pipeline; what one throws ends the call to it.
public struct PipelineHandlers: PipelineConsumer {
  /// Takes a bar that closed.
  public var onBar: ((CleanBar) throws -> Void)?
  /// Takes the features at a valid bar.
  public var onFeatures: ((FeatureRow) throws -> Void)?
  /// Takes a new version of the correlation matrix.
  public var onVersion: ((borrowing HeldVersion) throws -> Void)?
  /// Takes what a late tick has changed.
  public var onCorrection: ((borrowing Correction) throws -> Void)?
  /// Takes a refused input: its place among the ticks of the current call, and why.
  public var onRejection: ((Rejection) throws -> Void)?

  /// Creates a consumer; what has no closure is ignored.
  public init(
    onBar: ((CleanBar) throws -> Void)? = nil, onFeatures: ((FeatureRow) throws -> Void)? = nil,
    onVersion: ((borrowing HeldVersion) throws -> Void)? = nil,
    onRejection: ((Rejection) throws -> Void)? = nil,
    onCorrection: ((borrowing Correction) throws -> Void)? = nil
  ) {
    self.onBar = onBar
    self.onFeatures = onFeatures
    self.onVersion = onVersion
    self.onRejection = onRejection
    self.onCorrection = onCorrection
  }

  /// Hands over each bar.
  public mutating func take(bars: Span<CleanBar>) throws {
    guard let onBar else { return }
    for index in bars.indices { try onBar(bars[index]) }
  }

  /// Hands over each row of features.
  public mutating func take(features: Span<FeatureRow>) throws {
    guard let onFeatures else { return }
    for index in features.indices { try onFeatures(features[index]) }
  }

  /// Hands over the correction.
  public mutating func take(correction: borrowing Correction) throws {
    try onCorrection?(correction)
  }

  /// Hands over the version.
  public mutating func take(version: borrowing HeldVersion) throws { try onVersion?(version) }

  /// Hands over each refused input with its place among all ticks of the call.
  public mutating func take(rejections: Span<Rejection>, offset: Int) throws {
    guard let onRejection else { return }
    for index in rejections.indices {
      let rejection = rejections[index]
      try onRejection(Rejection(index: offset + rejection.index, reason: rejection.reason))
    }
  }
}
