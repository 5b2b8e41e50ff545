import Dispatch
import Glibc
import LoomCore
import Synchronization
import Testing

/// How long ticks wait in an inbox, as the stamps of its producers tell.
struct InboxStampTests {
  private static let symbol = SymbolID(rawValue: 3)

  private static func ticks(_ count: Int) -> [Tick] {
    (0..<count).map { Tick(time: Timestamp(nanoseconds: Int64($0)), symbol: symbol) }
  }

  private static func push(_ ticks: [Tick], _ producer: inout InboxProducer) {
    let taken = producer.push(symbol, ticks.span)
    #expect(taken == ticks.count)
  }

  /// Takes the hints and pops; returns how many ticks, and how long the stamped one waited until `now`.
  private static func visit(
    _ inbox: inout Inbox, atMost limit: Int, now: Int64
  ) -> (count: Int, waited: Int64?) {
    for word in 0..<inbox.wordCount { _ = inbox.takeHints(word) }
    let count = inbox.pop(symbol, atMost: limit) { _ in }
    return (count, count == 0 ? nil : inbox.waited(symbol, popped: count, now: now))
  }

  @Test func `the first tick of the push that woke the reader is timed`() throws {
    var inbox = try Inbox(ringCapacity: 16)
    var producer = try inbox.door.open([Self.symbol])
    let batch = Self.ticks(4)
    for round in 0..<40 {
      let before = Inbox.nowNanoseconds
      Self.push(batch, &producer)
      let after = Inbox.nowNanoseconds
      // Later pushes find the hint and leave the stamp as it is.
      Self.push([batch[0]], &producer)
      let now = Inbox.nowNanoseconds + 1_000_000
      let visit = Self.visit(&inbox, atMost: 8, now: now)
      let waited = try #require(visit.waited, "round \(round)")
      #expect(visit.count == 5)
      #expect(waited >= now - after - 8 && waited <= now - before + 8)
    }
  }

  @Test func `a tick that is left behind is timed when it is taken`() throws {
    var inbox = try Inbox(ringCapacity: 16)
    var producer = try inbox.door.open([Self.symbol])
    let batch = Self.ticks(6)
    Self.push(batch, &producer)
    let start = Inbox.nowNanoseconds
    let first = Self.visit(&inbox, atMost: 2, now: start + 1000)
    #expect(first.waited != nil)
    // Behind four others now; its stamp is under way for two visits.
    Self.push([batch[0]], &producer)
    let (second, third) = (
      Self.visit(&inbox, atMost: 2, now: start + 1_000_000),
      Self.visit(&inbox, atMost: 2, now: start + 2_000_000)
    )
    #expect(second == (2, nil) && third == (2, nil))
    let last = Self.visit(&inbox, atMost: 2, now: start + 9_000_000)
    let waited = try #require(last.waited)
    #expect(last.count == 1 && waited > 7_000_000)
  }

  @Test func `a clock that is behind the stamp gives no wait`() throws {
    var inbox = try Inbox(ringCapacity: 16)
    var producer = try inbox.door.open([Self.symbol])
    let now = Inbox.nowNanoseconds - 1_000_000
    Self.push(Self.ticks(1), &producer)
    let visit = Self.visit(&inbox, atMost: 2, now: now)
    #expect(visit.waited == 0)
  }

  @Test func `that ticks were given up is told once`() throws {
    var inbox = try Inbox(ringCapacity: 2)
    var producer = try inbox.door.open([Self.symbol])
    var told = [inbox.takeDrops()]
    producer.drop(Self.symbol, 3)
    producer.drop(Self.symbol, 1)
    for _ in 0..<2 { told.append(inbox.takeDrops()) }
    producer.drop(Self.symbol, 1)
    told.append(inbox.takeDrops())
    #expect(told == [false, true, false, true])
  }

  /// Every wait lies between 0 and the time the test takes, however reader and producer meet.
  @Test func `no wait is longer than the test`() throws {
    var inbox = try Inbox(ringCapacity: 8)
    let start = Inbox.nowNanoseconds
    let end = Mutex<InboxProducer?>(try inbox.door.open([Self.symbol]))
    let group = DispatchGroup()
    DispatchQueue(label: "producer").async(group: group) {
      guard var producer = end.withLock({ $0.take() }) else { return }
      for tick in Self.ticks(20_000) {
        while !producer.push(Self.symbol, tick) { sched_yield() }
      }
    }
    var (taken, timed) = (0, 0)
    while taken < 20_000 {
      inbox.sweep(1)
      let now = Inbox.nowNanoseconds
      let visit = Self.visit(&inbox, atMost: 3, now: now)
      taken += visit.count
      if visit.count == 0 { sched_yield() }
      guard let waited = visit.waited else { continue }
      timed += 1
      #expect(waited <= now - start + 8)
    }
    group.wait()
    #expect(timed > 0)
  }
}
