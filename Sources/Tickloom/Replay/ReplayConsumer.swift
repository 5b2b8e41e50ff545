internal import LoomCore
internal import LoomPublishing

/// Takes what the inputs of a store give when they are taken once more.
protocol ReplayConsumer: PipelineConsumer, ~Copyable {
  /// Takes note of the inputs that are processed next, and of the symbols registered with them.
  mutating func begin(_ delivery: RunFeed.Delivery) throws

  /// Goes on from a snapshot of a run: from what stood beside its pipeline, and the results so far.
  mutating func restore(_ reader: inout SnapshotReader) throws(SnapshotError)

  /// Looks at the publisher once nothing more comes.
  mutating func conclude(_ publisher: borrowing VersionPublisher)
}

extension ReplayConsumer where Self: ~Copyable {
  mutating func begin(_ delivery: RunFeed.Delivery) throws {}
  mutating func restore(_ reader: inout SnapshotReader) throws(SnapshotError) {}
  mutating func conclude(_ publisher: borrowing VersionPublisher) {}
}

/// Thrown by a consumer that has all it wants.
struct ReplayStop: Error {}
