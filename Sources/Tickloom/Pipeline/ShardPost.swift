internal import LoomCore
internal import LoomSystem

/// Where a shard's thread leaves the states of its symbols for the one that has asked for them.
final class ShardPost: Sendable {
  private let states = Lock<Result<[[UInt8]], SnapshotError>>(.success([]))

  func leave(_ result: Result<[[UInt8]], SnapshotError>) { states.withLock { $0 = result } }

  /// Takes what was left; empty where nothing was.
  func take() throws(SnapshotError) -> [[UInt8]] {
    let result = states.withLock { state in
      let left = state
      state = .success([])
      return left
    }
    return try result.get()
  }
}
