import Dispatch
import Glibc
import Synchronization
import Testing
import Tickloom

/// Feeds that go away, and others that take their symbols over.
struct EngineFeedTests {
  typealias Support = EngineThreadTests
  private static let symbol = SymbolID(rawValue: 0)

  private static func tick(_ second: Int) -> Tick {
    Tick(
      time: Timestamp(nanoseconds: Int64(second) * 1_000_000_000), symbol: symbol,
      last: 100 + Double(second % 7))
  }

  /// Pushes from `first` until `end` with a feed that goes away then; returns its source.
  private static func push(
    _ engine: Support.Recorder, _ seconds: Range<Int>, source: String
  ) throws -> SourceID {
    guard var feed = try engine.feed(for: symbol, source: source) else { throw Support.NoFeed() }
    for second in seconds { _ = feed.push(symbol, tick(second)) }
    return feed.source
  }

  @Test func `a feed that went away can be opened again`() throws {
    let engine = try Support.engine(2)
    let first = try Self.push(engine, 0..<10, source: "venue")
    #expect(!engine.status(of: Self.symbol).hasFeed)
    let other = try Self.push(engine, 10..<20, source: "other venue")
    try engine.poll()
    let again = try Self.push(engine, 20..<30, source: "venue")
    #expect(first != other && first == again)
    try engine.poll()
    var last = try Support.group(engine, 0..<2)
    #expect(engine.statuses().map(\.hasFeed) == [true, true])
    #expect(throws: Support.NoFeed.self) { _ = try Support.group(engine, 0..<1) }
    _ = last.push(Self.symbol, Self.tick(30))
    try engine.stop()
    let inputs = engine.withConsumer { $0.inputs }
    #expect(inputs.map(\.time) == (0..<31).map { Self.tick($0).time })
    #expect(inputs[25].source == first)
  }

  @Test func `what every feed of a symbol gave up is counted`() throws {
    let engine = try Support.engine(1, ringCapacity: 4)
    for _ in 0..<2 {
      var feed = try Support.group(engine, 0..<1, policy: .dropNewest)
      for second in 0..<6 { _ = feed.push(Self.symbol, Self.tick(second)) }
    }
    try engine.stop()
    #expect(engine.total[.overflow] == 2 + 6)
  }

  @Test func `there are more reconnects than identifiers of sources`() throws {
    let engine = try Support.engine(1)
    for _ in 0..<66_000 { _ = try Support.group(engine, 0..<1) }
    let last = try Support.group(engine, 0..<1)
    let source = last.source
    #expect(source == SourceID(rawValue: 0))
  }

  @Test func `threads take a symbol over from each other`() throws {
    let engine = try Support.engine(1, ringCapacity: 64)
    try engine.start(waitStrategy: .yield)
    let next = Mutex(0)
    let group = DispatchGroup()
    for thread in 0..<3 {
      DispatchQueue(label: "feed \(thread)").async(group: group) {
        while next.withLock({ $0 }) < 2000 {
          do {
            var feed = try Support.group(engine, 0..<1, policy: .wait(.yield))
            // Which is next is for the symbol's only feed to know.
            let first = next.withLock { $0 }
            for second in first..<first + 7 { _ = feed.push(Self.symbol, Self.tick(second)) }
            next.withLock { $0 = first + 7 }
          } catch {
            sched_yield()
          }
        }
      }
    }
    group.wait()
    try engine.stop()
    let times = engine.withConsumer { $0.inputs.map(\.time) }
    let pushed = next.withLock { $0 }
    #expect(times == (0..<pushed).map { Self.tick($0).time })
  }
}
