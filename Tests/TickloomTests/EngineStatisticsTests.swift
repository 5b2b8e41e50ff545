import Dispatch
import Glibc
import Synchronization
import Testing

@testable import Tickloom

/// What an engine tells of its work while it does it.
struct EngineStatisticsTests {
  @Test func `statistics are read while the threads run`() throws {
    let engine = try EngineThreadTests.engine(4)
    let ticks = PipelinePropertyTests.ticks(symbols: 4, count: 4000, seed: 21)
    let isOver = Atomic(false)
    let reader = DispatchGroup()
    let last = Mutex<EngineStatistics?>(nil)
    DispatchQueue(label: "reader").async(group: reader) {
      var before = engine.statistics()
      while !isOver.load(ordering: .relaxed) {
        let after = engine.statistics()
        #expect(before.ticks <= after.ticks && before.versions <= after.versions)
        #expect(before.wait.count <= after.wait.count && before.whole.count <= after.whole.count)
        before = after
        sched_yield()
      }
      last.withLock { $0 = before }
    }
    try engine.start(waitStrategy: .yield)
    try EngineThreadTests.feed(engine, ticks, symbols: 4)
    try engine.stop()
    isOver.store(true, ordering: .relaxed)
    reader.wait()
    let read = try #require(last.withLock { $0 })
    #expect(read.ticks <= UInt64(ticks.count) && engine.statistics().ticks == ticks.count)
  }

  @Test(arguments: [1, 2])
  func `every tick, version and batch is counted`(shards: Int) throws {
    let engine = try EngineThreadTests.engine(3)
    let ticks = PipelinePropertyTests.ticks(symbols: 3, count: 3000, seed: 4)
    try engine.start(shards: shards, waitStrategy: .park)
    try EngineThreadTests.feed(engine, ticks, symbols: 3)
    try engine.stop()
    let (last, versions) = (
      engine.statistics(), engine.withConsumer { $0.transcript.versions.count }
    )
    #expect(last.ticks == ticks.count && engine.total.received == ticks.count)
    #expect(last.versions == UInt64(versions) && last.version.count == last.versions)
    #expect(last.features.count > 0 && last.consumer.count > last.versions)
    #expect(last.bars.count >= last.whole.count && last.whole.count > 0)
    #expect(last.wait.count > 0 && last.wait.longest <= last.running)
    let whole = try #require(last.whole.quantile(0.99))
    #expect(whole <= last.running)
    #expect(last.ticksPerSecond() > 0 && last.versionsPerSecond() > 0)
    #expect(last.ticksPerSecond(since: last) == 0)
  }

  @Test func `an idle engine reads no clock`() throws {
    let engine = try EngineThreadTests.engine(2)
    for _ in 0..<10 { try engine.poll() }
    let statistics = engine.statistics()
    #expect(statistics.ticks == 0 && statistics.bars.count == 0 && statistics.wait.count == 0)
  }
}
