import LoomCore
import Testing

struct SnapshotCoderTests {
  /// One of everything that a state can be made of.
  struct Everything: SnapshotState, Equatable {
    /// As wide as a word, but of ten bytes.
    struct Padded: SnapshotValue, Equatable {
      var number: Int64
      var half: UInt16
    }

    var whole = 7
    var real = -0.0
    var isYes = true
    var some: Timestamp? = Timestamp(nanoseconds: 5)
    var none: Double?
    var text = "naïve"
    var fixed = [1.5, .infinity, 2]
    var padded = [Padded(number: -1, half: 3), Padded(number: 9, half: 0xFFFF)]
    var empty: [UInt32] = []
    var inner = [Inner(values: [1]), Inner(values: []), Inner(values: [2, 3])]

    struct Inner: SnapshotState, Equatable {
      var values: [Int32] = []

      mutating func transfer<Coder: SnapshotCoder>(
        through coder: inout Coder
      ) throws(SnapshotError) {
        try coder.values(&values)
      }
    }

    mutating func transfer<Coder: SnapshotCoder>(
      through coder: inout Coder
    ) throws(SnapshotError) {
      try coder.section("all")
      try coder.count(&whole)
      try coder.value(&real)
      try coder.flag(&isYes)
      try coder.optional(&some, filler: .distantPast)
      try coder.optional(&none, filler: 0)
      try coder.text(&text)
      try coder.elements(&fixed)
      try coder.values(&padded)
      try coder.values(&empty)
      try coder.states(&inner) { Inner() }
    }

    static var blank: Everything {
      Everything(
        whole: 0, real: 1, isYes: false, some: nil, none: 4, text: "", fixed: [0, 0, 0],
        padded: [], empty: [1, 2], inner: [])
    }
  }

  static func bytes(_ state: Everything) throws -> [UInt8] {
    var (state, writer) = (state, SnapshotWriter())
    try state.transfer(through: &writer)
    return writer.bytes
  }

  static func read(_ bytes: [UInt8]) throws(SnapshotError) -> Everything {
    var (state, reader) = (Everything.blank, SnapshotReader(bytes))
    try state.transfer(through: &reader)
    try reader.finish()
    return state
  }

  @Test func `what was written is read`() throws {
    let read = try Self.read(try Self.bytes(Everything()))
    #expect(read == Everything())
    #expect(read.real.sign == .minus)
  }

  @Test func `equal values have equal bytes, whatever is in their padding`() throws {
    var (one, other) = (Everything(), Everything())
    for place in other.padded.indices {
      // What a value overwrites stays behind it.
      other.padded[place] = Everything.Padded(number: .max, half: 1)
      other.padded[place].number = one.padded[place].number
      other.padded[place].half = one.padded[place].half
    }
    one.padded.reserveCapacity(100)
    #expect(try Self.bytes(one) == Self.bytes(other))
    let words = MemoryLayout<Everything.Padded>.size
    #expect(words == 10)
  }

  @Test func `every beginning of it is too short`() throws {
    let bytes = try Self.bytes(Everything())
    for count in bytes.indices {
      #expect(throws: SnapshotError.truncated, "\(count) bytes") {
        try Self.read(Array(bytes[..<count]))
      }
    }
    #expect(throws: SnapshotError.damaged("1 bytes too many")) { try Self.read(bytes + [0]) }
  }

  @Test func `flipped bits are an error or another value`() throws {
    let bytes = try Self.bytes(Everything())
    for bit in 0..<bytes.count * 8 {
      var damaged = bytes
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      guard let state = try? Self.read(damaged) else { continue }
      #expect(state != Everything() || state.real.sign == .plus, "bit \(bit)")
    }
  }

  @Test func `says where something else stands`() throws {
    var bytes = try Self.bytes(Everything())
    bytes[0] ^= 1
    #expect(throws: SnapshotError.damaged("no all where it should be")) { try Self.read(bytes) }
  }

  /// Written by hand, as nobody writes such.
  @Test(arguments: [1 << 40, 1 << 56, -1, Int.max, Int.min])
  func `numbers that the bytes are too few for allocate nothing`(count: Int) {
    var (writer, number) = (SnapshotWriter(), count)
    writer.value(&number)
    for _ in 0..<4 { writer.value(&number) }
    let bytes = writer.bytes
    #expect(throws: SnapshotError.self) {
      var (reader, values) = (SnapshotReader(bytes), [1.0])
      try reader.values(&values)
    }
    #expect(throws: SnapshotError.self) {
      var (reader, states) = (SnapshotReader(bytes), [Everything.Inner()])
      try reader.states(&states) { Everything.Inner() }
    }
    #expect(throws: SnapshotError.self) {
      var (reader, text) = (SnapshotReader(bytes), "")
      try reader.text(&text)
    }
    #expect(throws: SnapshotError.self) {
      var reader = SnapshotReader(bytes)
      _ = try reader.part()
    }
  }

  @Test func `a part ends where it ends`() throws {
    var (writer, part, after) = (SnapshotWriter(), [UInt8](1...9), 77)
    writer.values(&part)
    writer.value(&after)
    var reader = SnapshotReader(writer.bytes)
    var inner = try reader.part()
    var word: UInt64 = 0
    try inner.value(&word)
    #expect(word == 0x0807_0605_0403_0201)
    #expect(inner.remaining == 1)
    #expect(throws: SnapshotError.truncated) { try inner.value(&word) }
    try reader.value(&after)
    #expect(after == 77)
  }

  @Test func `text that is none is refused`() {
    var (writer, bytes) = (SnapshotWriter(), [0xC3, 0x28] as [UInt8])
    writer.values(&bytes)
    let all = writer.bytes
    #expect(throws: SnapshotError.damaged("text")) {
      var (reader, text) = (SnapshotReader(all), "")
      try reader.text(&text)
    }
  }
}
