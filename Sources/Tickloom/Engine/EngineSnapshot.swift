internal import LoomCore
internal import LoomFeatures

/// The state of an engine's pipeline as its journal keeps it.
enum EngineSnapshot {
  static func take<Members: Feature>(
    _ pipeline: inout Pipeline<Members>
  ) throws(SnapshotError) -> [UInt8] {
    var writer = SnapshotWriter()
    var state = try pipeline.snapshot()
    writer.section("engine")
    writer.values(&state)
    return writer.bytes
  }

  /// The state of a pipeline, or nil where it is of something else or of another version.
  static func pipelineState(_ bytes: [UInt8]) -> [UInt8]? {
    var reader = SnapshotReader(bytes)
    var state: [UInt8] = []
    guard (try? reader.section("engine")) != nil, (try? reader.values(&state)) != nil,
      var frame = try? SnapshotFrame.open(state), (try? SnapshotFrame.beginFormat(&frame)) != nil
    else { return nil }
    return state
  }
}
