import Dispatch
import Glibc
import LoomCore
import Synchronization

/// The ring: in and out again on one thread, and from one thread to another.
let ringWorkloads: [Workload] =
  [1, 64].map { batch in
    Workload(
      "ring.push-pop.\(batch)", unit: "tick", operations: batch,
      yardstick: "memory.copy.64-ticks", counted: 20_000
    ) { iterations, watch in try pushPop(batch: batch, iterations, &watch) }
  }
  + [1, 64].map { batch in
    Workload(
      "ring.transfer.\(batch)", unit: "tick", operations: batch,
      yardstick: "memory.copy.64-ticks", counted: nil
    ) { iterations, watch in try transfer(batch: batch, iterations, &watch) }
  }

private func ticks(_ count: Int) -> [Tick] {
  Array(
    repeating: Tick(time: .earliest, symbol: SymbolID(rawValue: 3), last: 2, lastSize: 5),
    count: count)
}

private func pushPop(batch: Int, _ iterations: Int, _ watch: inout Stopwatch) throws {
  let ring = try Ring(capacity: 4096)
  var producer = ring.producer
  var consumer = ring.consumer
  let pushed = ticks(batch)
  var popped = ticks(batch)
  var count = 0
  watch.time {
    for _ in 0..<iterations {
      count += producer.push(pushed.span)
      var span = popped.mutableSpan
      count -= consumer.pop(into: &span)
    }
  }
  precondition(count == 0 && popped[batch - 1].last == 2, "lost ticks")
}

/// Moves iterations × batch ticks from one thread to another, which both spin.
private func transfer(batch: Int, _ iterations: Int, _ watch: inout Stopwatch) throws {
  let ring = try Ring(capacity: 4096)
  let end = Mutex<RingProducer?>(ring.producer)
  var consumer = ring.consumer
  let total = iterations * batch
  // A queue of its own has a thread of its own, even where the machine has one core.
  let queue = DispatchQueue(label: "producer")
  watch.time {
    queue.async {
      guard var producer = end.withLock({ $0.take() }) else { return }
      send(total, batch: batch, through: &producer)
    }
    receive(total, from: &consumer)
  }
}

private func send(_ total: Int, batch: Int, through producer: inout RingProducer) {
  let pushed = ticks(batch)
  var sent = 0
  while sent < total {
    let count = producer.push(pushed.span.extracting(first: min(batch, total - sent)))
    sent += count
    if count == 0 { sched_yield() }
  }
}

private func receive(_ total: Int, from consumer: inout RingConsumer) {
  var popped = ticks(256)
  var received = 0
  while received < total {
    var span = popped.mutableSpan
    let count = consumer.pop(into: &span)
    received += count
    if count == 0 { sched_yield() }
  }
  precondition(popped[0].last == 2, "another tick came out")
}
