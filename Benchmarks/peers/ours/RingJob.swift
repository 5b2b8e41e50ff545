import Glibc
import LoomCore
import LoomSystem
import Synchronization

/// Ticks from one thread to another.
///
/// perf/peers pins them by their names, `sender` and `receiver`; both retry at once. The one pushes
/// `pushing` at a time, the other takes at most `popping`.
///
/// One operation is one tick. The answer: how many came, the sum of their prices, how many were out
/// of order.
func ringJob(_ folder: String, pushing: Int, popping: Int) throws -> Job {
  let records = Int(try integers(folder + "/records.i64")[0])
  let lane = try Lane(records: records, pushing: pushing, popping: popping)
  try name("receiver")
  return Job(
    time: { Timing(operations: records) { _ = lane.move() } },
    answer: {
      let seen = lane.move()
      return [Double(seen.count), seen.sum, Double(seen.misplaced)]
    })
}

/// A ring and the thread that fills it whenever it is asked to.
private final class Lane {
  let records: Int
  let popping: Int
  private var consumer: RingConsumer
  private let sender: Worker<Void, Never>
  /// What the sender sleeps on between two turns: anything busier would disturb the others' turns.
  private let bell: (reading: Int32, writing: Int32)

  init(records: Int, pushing: Int, popping: Int) throws {
    self.records = records
    self.popping = popping
    let ring = try Ring(capacity: 4096)
    let end = Mutex<RingProducer?>(ring.producer)
    consumer = ring.consumer
    var ends: [Int32] = [0, 0]
    guard unsafe pipe(&ends) == 0 else { throw FileError.unreadable("pipe") }
    bell = (ends[0], ends[1])
    let reading = ends[0]
    sender = try Worker(name: "sender") {
      guard var producer = end.withLock({ $0.take() }) else { return }
      var byte: UInt8 = 0
      while unsafe read(reading, &byte, 1) == 1 {
        if pushing == 1 {
          send(records, &producer)
        } else {
          send(records, pushing, &producer)
        }
      }
    }
  }

  func move() -> Seen {
    var byte: UInt8 = 1
    let rung = unsafe write(bell.writing, &byte, 1)
    precondition(rung == 1, "the sender sleeps on")
    return receive(records, popping, &consumer)
  }
}

/// Names the calling thread as perf/peers looks for it.
private func name(_ text: String) throws {
  let path = "/proc/thread-self/comm"
  guard let file = unsafe fopen(path, "w") else { throw FileError.unwritable(path) }
  unsafe fputs(text, file)
  unsafe fclose(file)
}

private struct Seen {
  var count: Int64 = 0
  var misplaced = 0
  var sum = 0.0

  @inline(__always)
  mutating func take(_ tick: Tick) {
    misplaced += tick.time.nanoseconds == count ? 0 : 1
    sum += tick.last
    count += 1
  }
}

private let template = Tick(time: .distantPast, symbol: SymbolID(rawValue: 0), last: 2)

private func send(_ records: Int, _ producer: inout RingProducer) {
  var tick = template
  for place in 0..<records {
    tick.time = Timestamp(nanoseconds: Int64(place))
    while !producer.push(tick) {}
  }
}

private func send(_ records: Int, _ batch: Int, _ producer: inout RingProducer) {
  var ticks = [Tick](repeating: template, count: batch)
  var sent = 0
  while sent < records {
    for place in 0..<batch { ticks[place].time = Timestamp(nanoseconds: Int64(sent + place)) }
    var done = 0
    while done < batch { done += producer.push(ticks.span.extracting(done..<batch)) }
    sent += batch
  }
}

private func receive(_ records: Int, _ batch: Int, _ consumer: inout RingConsumer) -> Seen {
  var ticks = [Tick](repeating: template, count: batch)
  var seen = Seen()
  while seen.count < records {
    var room = ticks.mutableSpan
    let count = consumer.pop(into: &room)
    for place in 0..<count { seen.take(room[place]) }
  }
  return seen
}
