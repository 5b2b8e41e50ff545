import CLoomJournal

/// Ticks of many kinds, each from a seed.
enum TickSamples {
  typealias Make = @Sendable (_ count: Int, _ random: inout Random) -> [loom_sequenced_tick]

  static let kinds: [(name: String, make: Make)] = [
    ("anything", anything), ("quotes", quotes), ("trades and quotes", mixed), ("odd", odd),
    ("unrounded", unrounded), ("bars", bars), ("constant", constant), ("few outliers", outliers),
  ]

  /// A quote with nothing in it but its place.
  static func empty(_ sequence: UInt64, symbol: UInt32 = 0, time: Int64) -> loom_sequenced_tick {
    var row = loom_sequenced_tick()
    row.sequence = sequence
    row.tick.time = time
    row.tick.receive_time = time
    row.tick.symbol = symbol
    row.tick.bid = .nan
    row.tick.ask = .nan
    row.tick.bid_size = .nan
    row.tick.ask_size = .nan
    row.tick.last = .nan
    row.tick.last_size = .nan
    return row
  }

  /// Symbols of `count` ticks in ascending order: one, as many as there are ticks, or some.
  static func symbols(_ count: Int, _ random: inout Random) -> [UInt32] {
    switch random.below(4) {
    case 0: return [UInt32](repeating: UInt32(truncatingIfNeeded: random.next()), count: count)
    case 1: return (0..<count).map { UInt32($0) * 3 }
    case 2: return (0..<count).map { _ in UInt32(truncatingIfNeeded: random.next()) }.sorted()
    default: return (0..<count).map { _ in UInt32(random.below(1 + count / 50)) }.sorted()
    }
  }

  @Sendable static func anything(_ count: Int, _ random: inout Random) -> [loom_sequenced_tick] {
    symbols(count, &random).map { symbol in
      var row = loom_sequenced_tick()
      withUnsafeMutableBytes(of: &row) { bytes in
        for at in bytes.indices { bytes[at] = UInt8(truncatingIfNeeded: random.next()) }
      }
      row.tick.symbol = symbol
      return row
    }
  }

  @Sendable static func quotes(_ count: Int, _ random: inout Random) -> [loom_sequenced_tick] {
    var price = 138_000
    var time: Int64 = 1_399_237_218_080_000_000
    return symbols(count, &random).enumerated().map { index, symbol in
      price += random.below(7) - 3
      time += Int64(random.below(900)) * 1_000_000
      var row = empty(UInt64(1000 + index), symbol: symbol, time: time)
      row.tick.bid = Double(price) / 100_000
      row.tick.ask = Double(price + 2 + random.below(3)) / 100_000
      row.tick.bid_size = Double(100 * random.below(30))
      row.tick.ask_size = Double(100 * random.below(30))
      row.tick.flags = 1
      return row
    }
  }

  @Sendable static func mixed(_ count: Int, _ random: inout Random) -> [loom_sequenced_tick] {
    quotes(count, &random).map { quote in
      if random.flip() { return quote }
      var row = empty(quote.sequence, symbol: quote.tick.symbol, time: quote.tick.time)
      row.tick.last = random.below(9) == 0 ? quote.tick.bid : quote.tick.ask
      row.tick.last_size = Double(random.below(500)) / 8
      row.tick.receive_time += Int64(random.below(1_000_000))
      row.tick.venue_sequence = quote.sequence &* 7
      row.tick.flags = 2
      return row
    }
  }

  /// The values that arithmetic and shortcuts get wrong.
  static let oddities: [UInt64] = [
    Double.nan.bitPattern, (-Double.nan).bitPattern, 0x7FF8_0000_0000_0001, 0xFFFF_FFFF_FFFF_FFFF,
    0x7FF0_0000_0000_0001, 0x7FF4_0000_DEAD_BEEF, Double.infinity.bitPattern,
    (-Double.infinity).bitPattern, (-0.0).bitPattern, 0, 1, 0x000F_FFFF_FFFF_FFFF,
    Double.leastNormalMagnitude.bitPattern, Double.greatestFiniteMagnitude.bitPattern,
    (0.1 + 0.2).bitPattern, 0.1.bitPattern, 1e22.bitPattern, (0x1p53 + 2).bitPattern,
    0x1p51.bitPattern, (0x1p51 - 1).bitPattern, (-0x1p51).bitPattern,
    2_251_799.813_685_247.bitPattern,
    (1.0 / 3).bitPattern, 1e-9.bitPattern, 123_456.123_456_789.bitPattern, 1e15.bitPattern,
  ]

  @Sendable static func odd(_ count: Int, _ random: inout Random) -> [loom_sequenced_tick] {
    let extremes: [Int64] = [.min, .max, 0, -1, 1, .min + 1, .max - 1, 1_000_000_000]
    return mixed(count, &random).map { row in
      var row = row
      for path in [\loom_tick.bid, \.ask, \.bid_size, \.ask_size, \.last, \.last_size]
      where random.below(3) == 0 {
        row.tick[keyPath: path] = Double(bitPattern: oddities[random.below(oddities.count)])
      }
      if random.flip() { row.tick.time = extremes[random.below(extremes.count)] }
      if random.flip() { row.tick.receive_time = extremes[random.below(extremes.count)] }
      if random.flip() { row.tick.venue_sequence = random.flip() ? .max : 0 }
      if random.flip() { row.sequence = random.flip() ? .max : 0 }
      row.tick.flags = UInt16(truncatingIfNeeded: random.next())
      row.tick.source = UInt16(truncatingIfNeeded: random.next())
      return row
    }
  }

  @Sendable static func unrounded(_ count: Int, _ random: inout Random) -> [loom_sequenced_tick] {
    quotes(count, &random).map { row in
      var row = row
      row.tick.bid *= 1 + Double(random.below(1 << 30)) / 0x1p50
      row.tick.ask = Double(Float(row.tick.ask) * 1.1)
      return row
    }
  }

  @Sendable static func bars(_ count: Int, _ random: inout Random) -> [loom_sequenced_tick] {
    quotes(count, &random).enumerated().map { index, row in
      var row = row
      row.tick.time = Int64(index) * 86_400_000_000_000 - 7_000_000_000_000_000_000
      row.tick.receive_time = row.tick.time
      row.tick.last = row.tick.bid
      row.tick.flags = 32
      return row
    }
  }

  @Sendable static func constant(_ count: Int, _ random: inout Random) -> [loom_sequenced_tick] {
    let row = odd(1, &random)[0]
    return [loom_sequenced_tick](repeating: row, count: count)
  }

  /// Quotes among which a few values are anything: the exceptions of both kinds.
  @Sendable static func outliers(_ count: Int, _ random: inout Random) -> [loom_sequenced_tick] {
    quotes(count, &random).map { row in
      var row = row
      if random.below(90) == 0 { row.tick.bid = -0.0 }
      if random.below(90) == 0 { row.tick.ask = .infinity }
      if random.below(90) == 0 { row.tick.last_size = Double(bitPattern: random.next()) }
      if random.below(90) == 0 { row.tick.time &+= Int64(bitPattern: random.next()) }
      if random.below(90) == 0 { row.tick.venue_sequence = random.next() }
      return row
    }
  }
}
