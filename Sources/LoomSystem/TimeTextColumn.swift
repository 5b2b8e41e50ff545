extension RowBlock {
  /// Parses one column of all rows as ISO 8601 times of the plain layout.
  ///
  /// That is `YYYY-MM-DD`, alone or with `T` or a blank and `hh:mm:ss`, up to nine fractional
  /// digits, and nothing, `Z` or `±hh:mm` behind. Anything else is ``TimeText/Kind/unusual``.
  public func parseTimes(column: Int, into times: inout [TimeText]) {
    precondition(column < layout.kept, "column \(column) of \(layout.kept)")
    precondition(times.count >= rowCount, "too few places")
    var lastHead: UInt64 = 0
    var lastTail: UInt16 = 0
    var lastDate: UInt32 = 0
    unsafe times.withUnsafeMutableBufferPointer { times in
      for row in 0..<rowCount {
        let packed = unsafe bounds[row * layout.kept + column]
        let start = unsafe base + Int(UInt32(truncatingIfNeeded: packed) & 0x7FFF_FFFF)
        let count = unsafe base + Int(packed >> 32) - start
        guard count >= 10 else {
          unsafe times[row] = TimeText()
          continue
        }
        let head = unsafe word(at: start)
        let tail = unsafe UnsafeRawPointer(start + 8).loadUnaligned(as: UInt16.self)
        if head != lastHead || tail != lastTail {
          let date = Self.date(head, UInt64(UInt16(littleEndian: tail)))
          guard date > 0 else {
            unsafe times[row] = TimeText()
            continue
          }
          (lastHead, lastTail, lastDate) = (head, tail, date)
        }
        unsafe times[row] = Self.timeOfDay(start + 10, count - 10, date: lastDate)
      }
    }
  }

  // 0 unless the ten bytes are YYYY-MM-DD.
  private static func date(_ head: UInt64, _ tail: UInt64) -> UInt32 {
    guard head & 0xFF00_00FF_0000_0000 == 0x2D00_002D_0000_0000 else { return 0 }
    // YYYY-MM- and DD become YYYYMMDD.
    let digits = (head & 0xFFFF_FFFF) | (head >> 8 & 0xFFFF_0000_0000) | tail << 48
    return areDigits(digits) ? UInt32(truncatingIfNeeded: digitsValue(digits)) : 0
  }

  @inline(__always)
  private static func timeOfDay(
    _ start: UnsafePointer<UInt8>, _ count: Int, date: UInt32
  ) -> TimeText {
    if count == 0 { return TimeText(kind: .date, date: date) }
    guard count >= 9, unsafe start[0] == 0x54 || start[0] == 0x20 else { return TimeText() }
    let clock = unsafe word(at: start + 1)
    // hh:mm:ss becomes hh0mm0ss, whose value holds the three numbers apart.
    let digits = clock ^ 0x0000_0A00_000A_0000
    guard areDigits(digits), clock & 0x0000_FF00_00FF_0000 == 0x0000_3A00_003A_0000 else {
      return TimeText()
    }
    let value = digitsValue(digits)
    let hour = value / 1_000_000
    let minute = value / 1000 % 1000
    let second = value % 1000
    guard hour < 24, minute < 60, second < 60 else { return TimeText() }
    var nanoseconds = Int64((hour * 60 + minute) * 60 + second) * 1_000_000_000
    var position = 9
    if position < count, unsafe start[position] == 0x2E {
      position += 1
      guard let fraction = unsafe fraction(start, &position, count) else { return TimeText() }
      nanoseconds += fraction
    }
    let left = count - position
    if left == 0 { return TimeText(kind: .local, date: date, nanoseconds: nanoseconds) }
    if left == 1, unsafe start[position] == 0x5A {
      return TimeText(kind: .utc, date: date, nanoseconds: nanoseconds)
    }
    guard left == 6, let offset = unsafe offset(start + position) else { return TimeText() }
    return TimeText(kind: .utc, date: date, nanoseconds: nanoseconds - offset)
  }

  // One to nine digits from `position`, which moves behind them; nil for none or more.
  @inline(__always)
  private static func fraction(
    _ start: UnsafePointer<UInt8>, _ position: inout Int, _ count: Int
  ) -> Int64? {
    let text = unsafe word(at: start + position)
    let high = (text & 0xF0F0_F0F0_F0F0_F0F0) ^ 0x3030_3030_3030_3030
    let carried = ((text &+ 0x0606_0606_0606_0606) & 0xF0F0_F0F0_F0F0_F0F0) ^ 0x3030_3030_3030_3030
    let other = high | carried
    let found = other == 0 ? 8 : other.trailingZeroBitCount >> 3
    let length = min(found, count - position)
    if length == 0 { return nil }
    let digits = unsafe paddedDigits(start + position, length)
    var value = Int64(digitsValue(digits))
    position += length
    var scale = length
    if length == 8, position < count {
      let next = unsafe Int64(start[position]) - 0x30
      if next >= 0, next <= 9 {
        value = value * 10 + next
        position += 1
        scale = 9
      }
    }
    return value * nanosecondsOfDigits[scale]
  }

  // Nanoseconds of ±hh:mm.
  private static func offset(_ start: UnsafePointer<UInt8>) -> Int64? {
    let sign = unsafe start[0]
    guard sign == 0x2B || sign == 0x2D, unsafe start[3] == 0x3A else { return nil }
    let digits = unsafe [start[1], start[2], start[4], start[5]].map { Int64($0) - 0x30 }
    guard digits.allSatisfy({ $0 >= 0 && $0 <= 9 }) else { return nil }
    let (hours, minutes) = (digits[0] * 10 + digits[1], digits[2] * 10 + digits[3])
    guard hours < 24, minutes < 60 else { return nil }
    let seconds = (hours * 60 + minutes) * 60
    return (sign == 0x2D ? -seconds : seconds) * 1_000_000_000
  }
}

private let nanosecondsOfDigits: InlineArray<10, Int64> = [
  1_000_000_000, 100_000_000, 10_000_000, 1_000_000, 100_000, 10_000, 1000, 100, 10, 1,
]
