import LoomCore
import LoomNormalization
import Testing

/// The guard against the list of its rules, on ticks with everything that may be wrong with them.
struct GuardPropertyTests {
  @Test(arguments: 0..<40 as Range<UInt64>)
  func `every verdict and price is that of the rules`(seed: UInt64) throws {
    var random = SplitMix(state: seed)
    let configuration = try randomConfiguration(&random)
    let ticks = Self.ticks(300, &random)
    var plain = PlainGuard(configuration)
    let expected = ticks.map { plain.judge($0) }
    var gate = Guard(configuration: configuration)
    var priced: [PricedTick] = []
    var reasons = expected
    var start = 0
    while start < ticks.count {
      let batch = ticks[start..<min(ticks.count, start + Int.random(in: 1...70, using: &random))]
      let verdicts = Self.admit(Array(batch), start, &gate, &priced)
      reasons.replaceSubrange(batch.indices, with: verdicts)
      start = batch.endIndex
    }
    #expect(reasons == expected, "seed \(seed)")
    #expect(priced.map(\.close) == plain.accepted.map(\.price), "seed \(seed)")
    #expect(priced.map(\.time) == plain.accepted.map(\.tick.time), "seed \(seed)")
    #expect(priced.map(\.size) == plain.accepted.map { Self.size($0.tick) }, "seed \(seed)")
    let clock = gate.marketClock
    #expect(clock == plain.market, "seed \(seed)")
    let counted = gate.total
    #expect(counted.accepted == plain.accepted.count, "seed \(seed)")
    #expect(counted.received == ticks.count, "seed \(seed)")
  }

  private func randomConfiguration(
    _ random: inout SplitMix
  ) throws -> NormalizationConfiguration {
    let sources: [PriceSource] = [.automatic, .automatic, .automatic, .mid, .bid, .ask, .last]
    return try NormalizationConfiguration(
      price: sources.randomElement(using: &random) ?? .automatic,
      lateness: Nanoseconds([0, 0, 700_000_000].randomElement(using: &random) ?? 0),
      maximumAhead: Bool.random(using: &random) ? .seconds(2) : nil)
  }

  private static func admit(
    _ batch: [Tick], _ start: Int, _ gate: inout Guard, _ priced: inout [PricedTick]
  ) -> [RejectReason?] {
    let sequenced = batch.indices.map {
      SequencedTick(sequence: UInt64(start + $0 + 1), tick: batch[$0])
    }
    var room = [PricedTick](
      repeating: PricedTick(time: at(0), symbol: first, price: 0, sequence: 0), count: batch.count)
    var rejected: [Rejection] = []
    var span = room.mutableSpan
    let count = gate.admit(sequenced.span, into: &span, rejected: &rejected)
    priced += room.prefix(count)
    var verdicts = [RejectReason?](repeating: nil, count: batch.count)
    for rejection in rejected { verdicts[rejection.index] = rejection.reason }
    return verdicts
  }

  private static func size(_ tick: Tick) -> Double {
    tick.flags.contains(.snapshot) || tick.lastSize.isNaN ? 0 : tick.lastSize
  }

  /// Numbers that are legal, absent or neither.
  private static let oddPrices: [Double] = [
    0, -0.0, -1, .infinity, -.infinity, 1.7e308, .leastNonzeroMagnitude, .nan, -.nan, .signalingNaN,
    Double(nan: 7, signaling: false), .greatestFiniteMagnitude,
  ]

  private static func ticks(_ count: Int, _ random: inout SplitMix) -> [Tick] {
    var (seconds, made): (Double, [Tick]) = (0, [])
    for place in 0..<count {
      seconds += Double.random(in: 0..<0.2, using: &random)
      if place > 10, Int.random(in: 0..<12, using: &random) == 0,
        let old = made.randomElement(using: &random)
      {
        made.append(old)
        continue
      }
      made.append(tick(seconds, place, &random))
    }
    return made
  }

  private static func tick(_ seconds: Double, _ place: Int, _ random: inout SplitMix) -> Tick {
    func odd(_ one: Int, _ random: inout SplitMix) -> Bool {
      Int.random(in: 0..<one, using: &random) == 0
    }
    let late = odd(6, &random) ? Double.random(in: 0..<3, using: &random) : 0
    var tick = Tick(
      time: at(seconds - late), symbol: SymbolID(rawValue: .random(in: 0..<4, using: &random)),
      venueSequence: odd(3, &random) ? 0 : UInt64(place / 2 + 1))
    if odd(40, &random) { tick.time = odd(2, &random) ? .end : Timestamp(nanoseconds: .min) }
    if odd(40, &random) { tick.receiveTime = at(seconds - 4) }
    if odd(60, &random) { tick.symbol = .unknown }
    if odd(60, &random) { tick.flags = TickFlags(refusal: .malformed) }
    if odd(30, &random) { tick.flags.insert(.snapshot) }
    let price = Double.random(in: 90...110, using: &random)
    if !odd(3, &random) { (tick.bid, tick.ask) = (price - 1, price + 1) }
    if odd(3, &random) { (tick.last, tick.lastSize) = (price, 5) }
    if odd(2, &random) { (tick.bidSize, tick.askSize) = (1, 2) }
    let numbers: [WritableKeyPath<Tick, Double>] = [
      \.bid, \.ask, \.last, \.bidSize, \.askSize, \.lastSize,
    ]
    if odd(5, &random), let number = numbers.randomElement(using: &random) {
      tick[keyPath: number] = oddPrices.randomElement(using: &random) ?? 0
    }
    return tick
  }
}
