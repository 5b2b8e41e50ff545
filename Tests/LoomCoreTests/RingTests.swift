import LoomCore
import Testing

struct RingTests {
  @Test(arguments: [0, 3, 100, -1, .min, 1 << 32, .max])
  func `refuses a capacity that is not a power of two up to two to the 31`(capacity: Int) {
    #expect(throws: CoreError.badArgument) { _ = try Ring(capacity: capacity) }
  }

  @Test(arguments: [1, 2, 256])
  func `both ends know the capacity and the count`(capacity: Int) throws {
    let ring = try Ring(capacity: capacity)
    var producer = ring.producer
    var consumer = ring.consumer
    #expect(producer.capacity == capacity && consumer.capacity == capacity)
    for index in 0..<capacity {
      #expect(producer.count == index && consumer.count == index)
      try producer.mustPush(numbered(index))
    }
    let overflow = producer.push(numbered(capacity))
    #expect(!overflow)
    #expect(producer.count == capacity && consumer.count == capacity)
    let first = consumer.popNumbers(atMost: 1)
    #expect(first == [0])
    #expect(producer.count == capacity - 1 && consumer.count == capacity - 1)
  }

  @Test func `keeps every field`() throws {
    let ring = try Ring(capacity: 2)
    var producer = ring.producer
    var consumer = ring.consumer
    try producer.mustPush(numbered(77))
    var popped = [numbered(0)]
    var span = popped.mutableSpan
    let count = consumer.pop(into: &span)
    #expect(count == 1)
    #expect(popped[0].isNumbered(77))
  }

  @Test func `an empty batch and an empty buffer move nothing`() throws {
    let ring = try Ring(capacity: 2)
    var producer = ring.producer
    var consumer = ring.consumer
    let none: [Tick] = []
    var buffer: [Tick] = []
    var span = buffer.mutableSpan
    let pushed = producer.push(none.span)
    #expect(pushed == 0)
    let popped = consumer.pop(into: &span)
    #expect(popped == 0)
    try producer.mustPush(numbered(1))
    span = buffer.mutableSpan
    let stillNothing = consumer.pop(into: &span)
    #expect(stillNothing == 0)
    #expect(consumer.count == 1)
  }

  /// Against a queue that is an array, with batches that are empty, fit, and do not fit.
  @Test(arguments: 1...40 as ClosedRange<UInt64>)
  func `does what a queue does`(seed: UInt64) throws {
    var random = Numbers(seed: seed)
    let capacity = 1 << random.below(6)
    let ring = try Ring(capacity: capacity)
    var producer = ring.producer
    var consumer = ring.consumer
    var model: [Int] = []
    var next = 0
    for _ in 0..<500 {
      let batch = (0..<random.below(2 * capacity + 2)).map { numbered(next + $0) }
      let fitting = min(batch.count, capacity - model.count)
      let pushed = producer.push(batch.span)
      #expect(pushed == fitting)
      model += next..<next + fitting
      next += fitting
      #expect(producer.count == model.count && consumer.count == model.count)

      let wanted = random.below(2 * capacity + 2)
      let popped = consumer.popNumbers(atMost: wanted)
      #expect(popped == Array(model.prefix(wanted)))
      model.removeFirst(min(wanted, model.count))
    }
  }

  @Test func `one end alone keeps the memory`() throws {
    let ring = try Ring(capacity: 2)
    var producer = ring.producer
    do {
      let consumer = ring.consumer
      _ = consumer
    }
    try producer.mustPush(numbered(1))
    #expect(producer.count == 1)
  }
}

extension RingProducer {
  /// The macros cannot hold a mutating call of a noncopyable value.
  fileprivate mutating func mustPush(_ tick: Tick) throws {
    let pushed = push(tick)
    try #require(pushed)
  }
}
