import CYardsticks
import LoomCore
import LoomSystem

/// The ring beside boost's: in and out on one thread, from one thread to another, there and back.
let ringWorkloads: [Workload] =
  [1, 8, 64, 256].map { batch in
    Workload(
      "ring.one-thread.\(batch)", unit: "tick", operations: batch,
      yardstick: "boost.one-thread.1", gate: .hot(20_000)
    ) { iterations, watch in try oneThread(batch: batch, iterations, &watch) }
  }
  + [1, 8, 64, 256].map { batch in
    Workload(
      "ring.two-threads.\(batch)", unit: "tick", operations: batch,
      yardstick: "boost.two-threads.1", threads: 2
    ) { iterations, watch in try twoThreads(batch: batch, iterations, &watch) }
  } + [
    Workload(
      "ring.round-trip.1", unit: "tick", yardstick: "boost.round-trip.1", threads: 2,
      hasLatencies: true, run: roundTrips)
  ] + boostWorkloads

private let boostWorkloads = [
  Workload("boost.one-thread.1", unit: "record") { iterations, watch in
    try watch.add(boost: yardstick_boost_one_thread(UInt64(iterations)))
  },
  Workload("boost.two-threads.1", unit: "record", threads: 2) { iterations, watch in
    try watch.add(boost: yardstick_boost_two_threads(UInt64(iterations)))
  },
  Workload(
    "boost.round-trip.1", unit: "record", threads: 2, hasLatencies: true
  ) { iterations, watch in
    var latencies = [Int64](repeating: 0, count: iterations)
    let time = unsafe yardstick_boost_round_trips(
      UInt64(iterations), watch.takesLatencies ? roundTripInterval : 0, &latencies)
    try watch.add(boost: time, latencies: watch.takesLatencies ? latencies : [])
  },
]

extension Stopwatch {
  fileprivate mutating func add(boost nanoseconds: Double, latencies: [Int64] = []) throws {
    if nanoseconds < 0 { throw WorkloadError("boost's ring lost a record, or has no thread") }
    add(nanoseconds: nanoseconds, latencies: latencies)
  }
}

private let capacity = 4096

/// Round trips begin at fixed times, late or not, so that a pause counts for all who waited.
private let roundTripInterval: Int64 = 5000

private func ticks(_ count: Int) -> [Tick] {
  [Tick](
    repeating: Tick(time: .earliest, symbol: SymbolID(rawValue: 3), last: 2, lastSize: 5),
    count: count)
}

private func oneThread(batch: Int, _ iterations: Int, _ watch: inout Stopwatch) throws {
  let ring = try Ring(capacity: capacity)
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
  if count != 0 || popped[batch - 1].last != 2 { throw WorkloadError("lost ticks") }
}

/// Moves iterations × batch ticks from a thread on the second processor to this one on the first.
private func twoThreads(batch: Int, _ iterations: Int, _ watch: inout Stopwatch) throws {
  let ring = try Ring(capacity: capacity)
  var consumer = ring.consumer
  let end = Movable(ring.producer)
  let total = iterations * batch
  var last = 0.0
  try watch.time {
    let producer = try Worker<Void, Never>(name: "producer") {
      yardstick_pin(1)
      var producer = end.take()
      send(total, batch: batch, through: &producer)
    }
    yardstick_pin(0)
    last = receive(total, batch: batch, from: &consumer)
    producer.join()
  }
  yardstick_unpin()
  if last != 2 { throw WorkloadError("another tick came out") }
}

private func send(_ total: Int, batch: Int, through producer: inout RingProducer) {
  let pushed = ticks(batch)
  var sent = 0
  var tries: UInt32 = 0
  while sent < total {
    let count = producer.push(pushed.span.extracting(first: min(batch, total - sent)))
    sent += count
    if count == 0 { unsafe yardstick_wait(&tries) }
  }
}

private func receive(_ total: Int, batch: Int, from consumer: inout RingConsumer) -> Double {
  var popped = ticks(batch)
  var received = 0
  var tries: UInt32 = 0
  while received < total {
    var span = popped.mutableSpan
    let count = consumer.pop(into: &span)
    received += count
    if count == 0 { unsafe yardstick_wait(&tries) }
  }
  return popped[0].last
}

/// A tick there and back through two rings, again and again.
private func roundTrips(_ iterations: Int, _ watch: inout Stopwatch) throws {
  let there = try Ring(capacity: capacity)
  let back = try Ring(capacity: capacity)
  let far = (Movable(there.consumer), Movable(back.producer))
  var producer = there.producer
  var consumer = back.consumer
  var latencies = [Int64](repeating: 0, count: iterations)
  let interval = watch.takesLatencies ? roundTripInterval : 0
  let tick = ticks(1)
  var start: Int64 = 0
  let echo = try Worker<Void, Never>(name: "echo") {
    yardstick_pin(1)
    var consumer = far.0.take()
    var producer = far.1.take()
    var tick = ticks(1)
    for _ in 0..<iterations {
      pop(&tick, from: &consumer)
      push(tick, to: &producer)
    }
  }
  yardstick_pin(0)
  start = yardstick_now()
  var due = start
  var answer = tick
  for index in 0..<iterations {
    while interval > 0, yardstick_now() < due {}
    push(tick, to: &producer)
    pop(&answer, from: &consumer)
    if interval > 0 { latencies[index] = yardstick_now() - due }
    due += interval
  }
  watch.add(
    nanoseconds: Double(yardstick_now() - start), latencies: interval > 0 ? latencies : [])
  echo.join()
  yardstick_unpin()
  if answer[0].last != 2 { throw WorkloadError("another tick came back") }
}

private func push(_ tick: [Tick], to producer: inout RingProducer) {
  var tries: UInt32 = 0
  while producer.push(tick.span) == 0 { unsafe yardstick_wait(&tries) }
}

private func pop(_ tick: inout [Tick], from consumer: inout RingConsumer) {
  var tries: UInt32 = 0
  while true {
    var span = tick.mutableSpan
    if consumer.pop(into: &span) == 1 { return }
    unsafe yardstick_wait(&tries)
  }
}
