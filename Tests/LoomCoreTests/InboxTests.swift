import Dispatch
import Glibc
import LoomCore
import Synchronization
import Testing

struct InboxTests {
  @Test(arguments: [0, 3, -1])
  func `a ring's capacity is a power of two`(capacity: Int) {
    #expect(throws: CoreError.badArgument) { _ = try Inbox(ringCapacity: capacity) }
  }

  @Test func `a symbol has one producer`() throws {
    let inbox = try Inbox(ringCapacity: 4)
    let symbols = [SymbolID(rawValue: 3), SymbolID(rawValue: 70)]
    let producer = try inbox.door.open(symbols)
    let (contains3, contains4) = (producer.contains(symbols[0]), producer.contains(symbol(4)))
    #expect(contains3)
    #expect(!contains4)
    #expect(throws: CoreError.badArgument) { _ = try inbox.door.open([symbol(70)]) }
    #expect(throws: CoreError.badArgument) { _ = try inbox.door.open([symbol(16_384)]) }
  }

  @Test func `a producer that goes away leaves its ring to the next`() throws {
    var inbox = try Inbox(ringCapacity: 4)
    for number in 0..<2 {
      var producer = try inbox.door.open([symbol(3), symbol(70)])
      #expect(push(number, symbol(70), &producer) == 1)
      let isProducing = inbox.door.isProducing(symbol(70))
      #expect(isProducing)
    }
    let isProducing = inbox.door.isProducing(symbol(3))
    #expect(!isProducing)
    #expect(pop(symbol(70), atMost: 4, &inbox) == [0, 1])
  }

  @Test func `only rings that were pushed into are hinted at, and twice when empty`() throws {
    var inbox = try Inbox(ringCapacity: 4)
    var producer = try inbox.door.open((0..<130).map(symbol))
    #expect(inbox.wordCount == 3)
    for index in [0, 63, 64, 129] { #expect(push(index, symbol(index), &producer) == 1) }
    #expect(hints(&inbox) == [0, 63, 64, 129])
    #expect(hints(&inbox) == [0, 63, 64, 129], "looked at again")
    #expect(hints(&inbox) == [])
    inbox.sweep(129)
    #expect(hints(&inbox) == [0, 63, 64], "a sweep finds what no hint names")
    inbox.sweep(2)
    #expect(hints(&inbox) == [0, 129], "and goes on in turn")
  }

  @Test func `a ring that gives ticks is looked at again`() throws {
    var inbox = try Inbox(ringCapacity: 8)
    var producer = try inbox.door.open([symbol(5)])
    for number in 0..<5 { #expect(push(number, symbol(5), &producer) == 1) }
    var seen: [Int] = []
    for _ in 0..<5 {
      #expect(hints(&inbox) == [5])
      seen += pop(symbol(5), atMost: 1, &inbox)
    }
    #expect(seen == [0, 1, 2, 3, 4])
    #expect(hints(&inbox) == [5])
    #expect(pop(symbol(5), atMost: 1, &inbox) == [])
    #expect(hints(&inbox) == [])
  }

  @Test func `what is given up is counted for its symbol`() throws {
    let inbox = try Inbox(ringCapacity: 2)
    var producer = try inbox.door.open([symbol(0), symbol(1)])
    let batch = (0..<5).map(numbered)
    let taken = producer.push(symbol(1), batch.span)
    #expect(taken == 2)
    producer.drop(symbol(1), 3)
    producer.drop(symbol(1), 4)
    #expect(inbox.dropped(symbol(1)) == 7)
    #expect(inbox.door.dropped(symbol(0)) == 0)
    #expect(inbox.door.count(symbol(1)) == 2)
  }

  @Test func `foreign symbols trap`() async {
    await #expect(processExitsWith: .failure) {
      let inbox = try Inbox(ringCapacity: 2)
      var producer = try inbox.door.open([SymbolID(rawValue: 1)])
      let batch = [numbered(0)]
      _ = producer.push(SymbolID(rawValue: 0), batch.span)
    }
  }

  /// The rings are opened while the reader is at work: under `--sanitize=thread` this fails where one
  /// is found before it is whole.
  @Test(arguments: [1, 7, 64])
  func `every tick of every producer arrives in order`(batch: Int) throws {
    var inbox = try Inbox(ringCapacity: 16)
    let (producers, symbols, total) = (3, 30, 2_000)
    let door = inbox.door
    let group = DispatchGroup()
    DispatchQueue(label: "opener").async(group: group) {
      for number in 0..<producers {
        let own = (0..<symbols).filter { $0 % producers == number }.map(symbol)
        guard let opened = try? door.open(own) else { return }
        let end = Mutex<InboxProducer?>(opened)
        DispatchQueue(label: "producer \(number)").async(group: group) {
          guard var producer = end.withLock({ $0.take() }) else { return }
          send(total, of: own, batch: batch, &producer)
        }
      }
    }
    var next = [Int](repeating: 0, count: symbols)
    while next.contains(where: { $0 < total }) {
      inbox.sweep(1)
      for index in hints(&inbox) {
        for number in pop(symbol(index), atMost: 5, &inbox) {
          #expect(number == next[index])
          next[index] += 1
        }
      }
    }
    group.wait()
  }

  private func send(
    _ total: Int, of symbols: [SymbolID], batch: Int, _ producer: inout InboxProducer
  ) {
    var sent = [Int](repeating: 0, count: symbols.count)
    while sent.contains(where: { $0 < total }) {
      for place in symbols.indices {
        let ticks = (sent[place]..<min(total, sent[place] + batch)).map(numbered)
        sent[place] += producer.push(symbols[place], ticks.span)
      }
      sched_yield()
    }
  }

  private func symbol(_ index: Int) -> SymbolID { SymbolID(rawValue: UInt32(index)) }

  private func push(_ number: Int, _ symbol: SymbolID, _ producer: inout InboxProducer) -> Int {
    let tick = [numbered(number)]
    return producer.push(symbol, tick.span)
  }

  private func hints(_ inbox: inout Inbox) -> [Int] {
    var found: [Int] = []
    for word in 0..<inbox.wordCount {
      let bits = inbox.takeHints(word)
      found += (0..<64).filter { bits >> $0 & 1 == 1 }.map { 64 * word + $0 }
    }
    return found
  }

  private func pop(_ symbol: SymbolID, atMost count: Int, _ inbox: inout Inbox) -> [Int] {
    var times: [Int] = []
    let popped = inbox.pop(symbol, atMost: count) { ticks in
      for place in ticks.indices { times.append(Int(ticks[place].time.nanoseconds)) }
    }
    #expect(popped == times.count)
    return times
  }
}
