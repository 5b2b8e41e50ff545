import LoomSystem
import Synchronization
import Testing

struct ChannelTests {
  /// An element that cannot be copied and counts how many of it are alive.
  struct Parcel: ~Copyable {
    static let alive = Atomic<Int>(0)
    static var aliveCount: Int { alive.load(ordering: .relaxed) }
    let number: Int

    init(_ number: Int) {
      self.number = number
      Parcel.alive.wrappingAdd(1, ordering: .relaxed)
    }

    deinit { Parcel.alive.wrappingSubtract(1, ordering: .relaxed) }
  }

  @Test(arguments: [1, 4, 16])
  func `hands over everything in order between two threads`(capacity: Int) throws {
    let channel = Channel<[Int]>(capacity: capacity)
    let sender = try Worker(name: "sender") {
      for number in 0..<2000 { channel.send([number]) }
      channel.close()
    }
    var received: [Int] = []
    while let batch = channel.receive() { received += batch }
    sender.join()
    #expect(received == Array(0..<2000))
  }

  @Test func `several senders and receivers lose nothing`() throws {
    let channel = Channel<Int>(capacity: 3)
    let first = try Worker(name: "first") { for number in 1...1000 { channel.send(number) } }
    let second = try Worker(name: "second") { for number in 1001...2000 { channel.send(number) } }
    let receiver = try Worker(name: "receiver") { () -> Int in
      var sum = 0
      while let number = channel.receive() { sum += number }
      return sum
    }
    let other = try Worker(name: "other") { () -> Int in
      var sum = 0
      while let number = channel.receive() { sum += number }
      return sum
    }
    first.join()
    second.join()
    channel.close()
    let total = receiver.join() + other.join()
    #expect(total == 2000 * 2001 / 2)
  }

  @Test func `a closed channel refuses and lets the rest out`() {
    let channel = Channel<Int>(capacity: 2)
    #expect(channel.receiveIfReady() == nil)
    #expect(channel.send(1))
    channel.close()
    #expect(!channel.send(2))
    #expect(channel.receiveIfReady() == 1)
    #expect(channel.receive() == nil)
  }

  @Test func `closing wakes a sender that waits`() throws {
    let channel = Channel<Int>(capacity: 1)
    channel.send(1)
    let sender = try Worker(name: "sender") { channel.send(2) }
    channel.close()
    let isSent = sender.join()
    #expect(!isSent)
  }

  @Test func `releases what was never received`() {
    do {
      let channel = Channel<Parcel>(capacity: 3)
      for number in 0..<3 { channel.send(Parcel(number)) }
      if let parcel = channel.receive() {
        let number = parcel.number
        #expect(number == 0)
      }
      #expect(Parcel.aliveCount == 2)
    }
    #expect(Parcel.aliveCount == 0)
  }

  @Test func `an array keeps its memory on the way`() {
    let channel = Channel<[UInt8]>(capacity: 1)
    var buffer: [UInt8] = []
    buffer.reserveCapacity(1000)
    let address = unsafe buffer.withUnsafeBufferPointer { Int(bitPattern: $0.baseAddress) }
    channel.send(buffer)
    buffer = []
    buffer = channel.receive() ?? []
    buffer.append(1)
    #expect(
      unsafe buffer.withUnsafeBufferPointer { Int(bitPattern: $0.baseAddress) } == address)
  }

  @Test func `refuses to hold nothing`() async {
    await #expect(processExitsWith: .failure) { _ = Channel<Int>(capacity: 0) }
  }

  @Test func `sends only where there is room`() {
    let channel = Channel<Int>(capacity: 2)
    #expect([1, 2, 3].map { channel.sendIfRoom($0) } == [true, true, false])
    #expect(channel.receive() == 1)
    #expect(channel.sendIfRoom(4))
    #expect([channel.receive(), channel.receive()] == [2, 4])
    channel.close()
    #expect(!channel.sendIfRoom(5))
  }
}
