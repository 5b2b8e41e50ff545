internal import LoomCore
internal import LoomFeatures
internal import LoomJournal

/// The state of a run between two batches: what its store keeps to go on from.
enum RunSnapshot {
  /// Takes it of a pipeline that is settled, and of what stands beside it.
  static func take<Members: Feature>(
    _ pipeline: inout Pipeline<Members>, _ outputs: inout RunOutputs
  ) throws(SnapshotError) -> StoreSnapshot {
    var writer = SnapshotWriter()
    var state = try pipeline.snapshot()
    writer.section("run")
    writer.values(&state)
    try outputs.transfer(through: &writer)
    return StoreSnapshot(
      sequence: outputs.lastSequence, state: writer.bytes, time: pipeline.gate.knownTime)
  }

  /// Has a pipeline that has seen nothing, and what stands beside it, go on from a snapshot.
  static func restore<Members: Feature>(
    _ snapshot: StoreSnapshot, _ pipeline: inout Pipeline<Members>, _ outputs: inout RunOutputs
  ) throws(SnapshotError) {
    let rest = try restore(snapshot, &pipeline)
    guard var reader = rest else { return }
    try outputs.transfer(through: &reader)
    try reader.finish()
  }

  /// Has a pipeline that has seen nothing go on from a snapshot of a run or of an engine.
  ///
  /// - Returns: What a run has beside it.
  static func restore<Members: Feature>(
    _ snapshot: StoreSnapshot, _ pipeline: inout Pipeline<Members>
  ) throws(SnapshotError) -> SnapshotReader? {
    if let state = EngineSnapshot.pipelineState(snapshot.state) {
      try pipeline.restore(from: state)
      return nil
    }
    var reader = SnapshotReader(snapshot.state)
    try pipeline.restore(from: pipelineState(&reader))
    return reader
  }

  /// Whether this version reads such a snapshot, of a run or of an engine.
  static func isReplayable(_ snapshot: StoreSnapshot) -> Bool {
    isReadable(snapshot) || EngineSnapshot.pipelineState(snapshot.state) != nil
  }

  /// Whether this version reads such a snapshot; another takes all inputs once more.
  static func isReadable(_ snapshot: StoreSnapshot) -> Bool {
    var reader = SnapshotReader(snapshot.state)
    guard let state = try? pipelineState(&reader), var frame = try? SnapshotFrame.open(state) else {
      return false
    }
    return (try? SnapshotFrame.beginFormat(&frame)) != nil
  }

  private static func pipelineState(
    _ reader: inout SnapshotReader
  ) throws(SnapshotError) -> [UInt8] {
    var state: [UInt8] = []
    try reader.section("run")
    try reader.values(&state)
    return state
  }
}
