import LoomCore

/// A tick that says `number` in every field, so that a torn copy shows.
func numbered(_ number: Int) -> Tick {
  let value = Double(number)
  return Tick(
    time: Timestamp(nanoseconds: Int64(number)), receiveTime: Timestamp(nanoseconds: Int64(number)),
    symbol: SymbolID(rawValue: UInt32(number)), bid: value, ask: value, bidSize: value,
    askSize: value, last: value, lastSize: value, venueSequence: UInt64(number),
    source: SourceID(rawValue: UInt16(truncatingIfNeeded: number)),
    flags: TickFlags(rawValue: UInt16(truncatingIfNeeded: number)))
}

extension Tick {
  func isNumbered(_ number: Int) -> Bool {
    let values = [bid, ask, bidSize, askSize, last, lastSize]
    return time.nanoseconds == number && receiveTime == time && symbol.index == number
      && values.allSatisfy { $0 == Double(number) } && venueSequence == UInt64(number)
      && source.rawValue == UInt16(truncatingIfNeeded: number) && flags.rawValue == source.rawValue
  }
}

extension RingConsumer {
  /// The numbers of the next ticks.
  mutating func popNumbers(atMost count: Int) -> [Int] {
    var buffer = [Tick](repeating: numbered(0), count: count)
    var span = buffer.mutableSpan
    let popped = pop(into: &span)
    return buffer.prefix(popped).map { Int($0.time.nanoseconds) }
  }
}

/// Random numbers from a seed: Knuth's 64-bit linear congruential generator, upper bits.
struct Numbers {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state >> 16
  }

  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
