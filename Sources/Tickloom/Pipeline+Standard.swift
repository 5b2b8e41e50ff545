public import LoomCore
public import LoomFeatures

extension Pipeline where Members == StandardFeatures {
  /// Creates a pipeline with the default features that has seen nothing.
  ///
  /// - Throws: ``LoomCore/CoreError`` where BLAS is not single-threaded or memory is short.
  public init(configuration: PipelineConfiguration) throws(CoreError) {
    try self.init(configuration: configuration) { .standard() }
  }
}
