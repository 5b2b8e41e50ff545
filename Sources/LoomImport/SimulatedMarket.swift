public import LoomCore

/// A market made of random numbers with a known correlation and with the faults of a live feed.
///
/// Prices are driven by one factor of the market, one of each sector and news of their own. Ticks
/// come at random times (a Poisson process, about ten a second and symbol, some symbols busier), so
/// no two symbols tick together. Of a thousand ticks about one each is crossed, an outlier, a
/// duplicate or delayed; now and then a symbol is silent for minutes; markets close overnight and on
/// weekends. The same arguments give the same ticks on every machine, and every number is a short
/// decimal, so that CSV loses nothing.
public struct SimulatedMarket: Sendable {
  /// The names of all symbols in the order of their first ticks; the index is the ``SymbolID``.
  public let symbolNames: [String]
  /// How many ticks there are in total.
  public let tickCount: Int
  /// What was made bad so far.
  public private(set) var disturbances = SimulatedDisturbances()

  private var produced = 0
  private var random: SimulatedRandom
  private var clock = SimulatedClock()
  private var market = SimulatedFactor()
  private var sectors: [SimulatedFactor]
  private var symbols: [SimulatedSymbol]
  /// Every symbol as often as it is busy; the next to speak is drawn from it.
  private var turns: [Int] = []
  private let meanPauseSeconds: Double

  /// How many symbols a market may have.
  public static let symbolRange = 1...10_000
  /// How many ticks it may have; the largest number ends before the year 2200.
  public static let tickRange = 1...4_000_000_000

  /// Creates a market; both counts lie in ``symbolRange`` and ``tickRange``.
  public init(symbols count: Int, ticks: Int, seed: UInt64) {
    precondition(Self.symbolRange.contains(count), "symbols: \(count)")
    precondition(Self.tickRange.contains(ticks), "ticks: \(ticks)")
    random = SimulatedRandom(seed: seed)
    tickCount = ticks
    symbols = []
    for index in 0..<count {
      symbols.append(SimulatedSymbol(index: index, &random))
      turns += Array(repeating: index, count: 2 + random.below(5))
    }
    sectors = Array(repeating: SimulatedFactor(), count: (count + 3) / 4)
    meanPauseSeconds = 0.1 / Double(count)
    let width = String(count).count
    symbolNames = (1...count).map { number in
      "SIM" + String(repeating: "0", count: width - String(number).count) + String(number)
    }
  }

  /// The correlation of the log returns of two symbols over the same, not too short, interval.
  ///
  /// Estimates from bars come near it; ticks at different times, the bounce between bid and ask and
  /// the outliers take a little away, the more the shorter the bars.
  public func trueCorrelation(_ first: Int, _ second: Int) -> Double {
    if first == second { return 1 }
    let (one, other) = (symbols[first], symbols[second])
    let shared = sector(of: first) == sector(of: second) ? one.sectorLoad * other.sectorLoad : 0
    return one.marketLoad * other.marketLoad + shared
  }

  /// The next tick, or nil after the last.
  ///
  /// - Complexity: O(1), no allocation.
  public mutating func next() -> Tick? {
    if produced == tickCount { return nil }
    let index = nextSpeaker()
    let isOpening = produced < symbols.count
    produced += 1
    return isOpening ? plainTick(of: index) : tick(of: index)
  }

  /// Writes the next ticks, as many as there are and fit, and returns how many; 0 after the last.
  public mutating func next(into ticks: inout MutableSpan<Tick>) -> Int {
    var count = 0
    while count < ticks.count, let tick = next() {
      ticks[count] = tick
      count += 1
    }
    return count
  }

  private func sector(of index: Int) -> Int { index % sectors.count }

  /// All symbols speak once in their order, so that they are registered in it; then it is random.
  private mutating func nextSpeaker() -> Int {
    if produced < symbols.count {
      clock.advance(seconds: meanPauseSeconds)
      return produced
    }
    while true {
      clock.advance(seconds: meanPauseSeconds * random.exponential())
      let index = turns[random.below(turns.count)]
      if symbols[index].silentUntilSeconds <= clock.tradingSeconds { return index }
    }
  }

  private mutating func tick(of index: Int) -> Tick {
    let lot = random.bits()
    if lot >> 32 < Self.silenceShare {
      symbols[index].silentUntilSeconds = clock.tradingSeconds + 60 + 240 * random.uniform()
      disturbances.silences += 1
    }
    switch lot & 0xFFFF {
    case 0..<66: return crossedTick(of: index)
    case 66..<131:
      disturbances.outliers += 1
      return move(index, factor: lot >> 16 & 1 == 0 ? 0.95 : 1.05)
    case 131..<197: return duplicate(of: index)
    case 197..<262: return delayedTick(of: index)
    default: return plainTick(of: index)
    }
  }

  /// One message in 50,000 is the last for minutes, of 2³².
  private static let silenceShare: UInt64 = 85_899

  private mutating func plainTick(of index: Int) -> Tick {
    let tick = move(index, factor: 1)
    symbols[index].lastGood = tick
    return tick
  }

  private mutating func crossedTick(of index: Int) -> Tick {
    if symbols[index].tradesOnly { return plainTick(of: index) }
    disturbances.crossed += 1
    return move(index, factor: 1, crossed: true)
  }

  private mutating func duplicate(of index: Int) -> Tick {
    guard let tick = symbols[index].lastGood else { return plainTick(of: index) }
    disturbances.duplicates += 1
    return tick
  }

  /// Short delays are more frequent than long ones; nothing comes from before the session.
  private mutating func delayedTick(of index: Int) -> Tick {
    let part = random.uniform()
    let delay = Nanoseconds(50_000_000 + Int64(part * part * 4_950_000) * 1000)
    let time = clock.time - delay
    if time < clock.open { return plainTick(of: index) }
    disturbances.delayed += 1
    return symbols[index].speak(index, at: time, factor: 1, crossed: false, &random)
  }

  private mutating func move(_ index: Int, factor: Double, crossed: Bool = false) -> Tick {
    let seconds = clock.tradingSeconds
    let sector = sector(of: index)
    market.advance(to: seconds, &random)
    sectors[sector].advance(to: seconds, &random)
    symbols[index].move(
      to: seconds, market: market.value, sector: sectors[sector].value, &random)
    return symbols[index].speak(
      index, at: clock.time, factor: factor, crossed: crossed, &random)
  }
}

extension SimulatedMarket {
  /// Reads `SYMBOLS,TICKS,SEED`.
  ///
  /// - Throws: ``SimulationError`` with what was found and what would be right.
  public init(_ description: String) throws(SimulationError) {
    let parts = description.split(separator: ",", omittingEmptySubsequences: false)
    guard parts.count == 3, parts.allSatisfy(Self.isWholeNumber) else {
      throw .malformed(description)
    }
    let symbols = try Self.number(parts[0], "SYMBOLS", in: Self.symbolRange)
    let ticks = try Self.number(parts[1], "TICKS", in: Self.tickRange)
    guard let seed = UInt64(parts[2]) else {
      throw .outOfRange(name: "SEED", value: String(parts[2]), range: 0...UInt64.max)
    }
    self.init(symbols: symbols, ticks: ticks, seed: seed)
  }

  private static func isWholeNumber(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
  }

  private static func number(
    _ text: Substring, _ name: String, in range: ClosedRange<Int>
  ) throws(SimulationError) -> Int {
    if let value = Int(text), range.contains(value) { return value }
    let bounds = UInt64(range.lowerBound)...UInt64(range.upperBound)
    throw .outOfRange(name: name, value: String(text), range: bounds)
  }
}
