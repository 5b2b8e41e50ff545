public import LoomCore
public import LoomFeatures
public import LoomPublishing

extension Pipeline where Members == StandardFeatures {
  /// Creates a pipeline with the default features that has seen nothing.
  ///
  /// - Throws: ``LoomCore/CoreError`` where BLAS is not single-threaded or memory is short.
  public init(configuration: PipelineConfiguration) throws(CoreError) {
    try self.init(configuration: configuration) { .standard() }
  }
}

extension Pipeline {
  /// A copy of the version published last; its number is 0 and it holds no symbol before the first.
  ///
  /// The one of the publisher is read in place.
  /// - Complexity: O(symbols²), allocates.
  public var latest: CorrelationSnapshot { publisher.latest.snapshot() }
}
