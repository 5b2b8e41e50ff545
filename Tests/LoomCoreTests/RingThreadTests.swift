import Dispatch
import Glibc
import LoomCore
import Synchronization
import Testing

/// The ring between two threads.
///
/// Under `--sanitize=thread` these fail as soon as any one of the four memory orders is relaxed, or a
/// record is copied after the index that publishes it: a small ring reuses its slots all the time.
struct RingThreadTests {
  @Test(arguments: [(1, 1, 1), (8, 1, 16), (8, 5, 3), (64, 64, 64), (64, 7, 100)])
  func `every tick arrives once, whole and in order`(
    capacity: Int, pushBatch: Int, popBatch: Int
  ) throws {
    let ring = try Ring(capacity: capacity)
    let total = 20_000
    let end = Mutex<RingProducer?>(ring.producer)
    var consumer = ring.consumer
    // A queue of its own has a thread of its own.
    let queue = DispatchQueue(label: "producer")
    queue.async {
      guard var producer = end.withLock({ $0.take() }) else { return }
      producer.send(total, batch: pushBatch)
    }
    var buffer = [Tick](repeating: numbered(0), count: popBatch)
    var next = 0
    while next < total {
      var span = buffer.mutableSpan
      let count = consumer.pop(into: &span)
      for tick in buffer.prefix(count) {
        #expect(tick.isNumbered(next), "expected \(next), got \(tick.time)")
        next += 1
      }
      if count == 0 { sched_yield() }
    }
    queue.sync {}
    #expect(consumer.count == 0)
  }

  @Test func `a count seen by one end never leaves the ring's bounds`() throws {
    let ring = try Ring(capacity: 16)
    let end = Mutex<RingProducer?>(ring.producer)
    let lowest = Atomic(0)
    let highest = Atomic(0)
    var consumer = ring.consumer
    let queue = DispatchQueue(label: "producer")
    queue.async {
      guard var producer = end.withLock({ $0.take() }) else { return }
      for index in 0..<20_000 {
        while !producer.push(numbered(index)) { sched_yield() }
        lowest.min(producer.count, ordering: .relaxed)
        highest.max(producer.count, ordering: .relaxed)
      }
    }
    var received = 0
    while received < 20_000 {
      #expect((0...16).contains(consumer.count))
      let count = consumer.popNumbers(atMost: 3).count
      received += count
      if count == 0 { sched_yield() }
    }
    queue.sync {}
    #expect(lowest.load(ordering: .relaxed) == 0)
    #expect((1...16).contains(highest.load(ordering: .relaxed)))
  }
}

extension RingProducer {
  fileprivate mutating func send(_ total: Int, batch: Int) {
    var sent = 0
    while sent < total {
      let ticks = (sent..<min(sent + batch, total)).map(numbered)
      let count = push(ticks.span)
      sent += count
      if count == 0 { sched_yield() }
    }
  }
}
