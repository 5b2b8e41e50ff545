internal import LoomCore
internal import LoomSystem

/// The thread that does an engine's cycles; it ends with the value.
struct EngineThread: ~Copyable, Sendable {
  private let isOver = StopFlag()
  private var worker: Worker<Void, any Error>?

  /// Calls `cycle`, which returns how much it did, until ``end()`` or its first error.
  init(
    _ waitStrategy: WaitStrategy, cycle: @escaping @Sendable () throws -> Int
  ) throws(SystemError) {
    let isOver = isOver
    worker = try Worker(name: "tickloom-engine") {
      var waiter = Waiter(waitStrategy)
      while !isOver.isSet {
        if try cycle() == 0 { waiter.wait() } else { waiter.reset() }
      }
    }
  }

  // The worker, which goes away right after, waits for its thread.
  deinit { isOver.set() }

  /// Has the thread end, waits for that, and returns what had stopped it before.
  mutating func end() -> (any Error)? {
    isOver.set()
    do {
      try worker.take()?.join()
      return nil
    } catch {
      return error
    }
  }
}
