internal import LoomCore

/// One symbol of the simulated market: its constants, its price and what it last said.
struct SimulatedSymbol: Sendable {
  /// How much of its standard deviation comes from the market, its sector and itself; the squares
  /// add up to 1.
  let marketLoad: Double
  let sectorLoad: Double
  let ownLoad: Double
  /// Standard deviation of its return over a second.
  let volatility: Double
  /// Whether it has trades alone, no quotes.
  let tradesOnly: Bool

  private let firstPrice: Double
  /// Price steps per unit of price, a power of ten, and lots per unit of size.
  private let priceScale: Double
  private let sizeScale: Double
  private let halfSpreadSteps: Int

  private var price: Double
  private var marketSeen = 0.0
  private var sectorSeen = 0.0
  private var secondsSeen = 0.0
  private var sequence: UInt64 = 0

  /// Says nothing before this many trading seconds.
  var silentUntilSeconds = 0.0
  /// Its last tick with nothing wrong about it.
  var lastGood: Tick?

  /// Prices drift back to where they began, with a time constant of twelve days of trading, so that
  /// a run of any length stays in range; over a bar this is nothing.
  private static let pullPerSecond = 3e-6

  init(index: Int, _ random: inout SimulatedRandom) {
    // Every fifth goes against the market, every fourth only trades.
    marketLoad = (index % 5 == 4 ? -1 : 1) * (0.35 + 0.45 * random.uniform())
    sectorLoad = 0.2 + 0.35 * random.uniform()
    ownLoad = (1 - marketLoad * marketLoad - sectorLoad * sectorLoad).squareRoot()
    volatility = 1e-4 + 2e-4 * random.uniform()
    tradesOnly = index % 4 == 3
    // Six significant digits: 1.23456, 12.3456 or 123.456.
    let digits = random.below(3)
    priceScale = [100_000, 10_000, 1000][digits]
    sizeScale = [100, 10, 1][digits]
    firstPrice = (150_000 + Double(random.below(700_000))) / priceScale
    halfSpreadSteps = 1 + random.below(8)
    price = firstPrice
  }

  /// Moves the price with the factors and with news of its own.
  mutating func move(
    to seconds: Double, market: Double, sector: Double, _ random: inout SimulatedRandom
  ) {
    let elapsed = seconds - secondsSeen
    let shock =
      marketLoad * (market - marketSeen) + sectorLoad * (sector - sectorSeen)
      + ownLoad * elapsed.squareRoot() * random.bell()
    let pull = Self.pullPerSecond * (price / firstPrice - 1) * elapsed
    price = max(price * (1 + volatility * shock - pull), firstPrice / 16)
    (marketSeen, sectorSeen, secondsSeen) = (market, sector, seconds)
  }

  /// Quotes, trades or both at the present price times `factor`.
  mutating func speak(
    _ symbol: Int, at time: Timestamp, factor: Double, crossed: Bool,
    _ random: inout SimulatedRandom
  ) -> Tick {
    sequence += 1
    let bits = random.bits()
    let middle = Double(Int64(price * factor * priceScale + 0.5))
    let half = Double(halfSpreadSteps + Int(bits & 3))
    let (bid, ask) = crossed ? (middle + half, middle - half) : (middle - half, middle + half)
    var tick = Tick(
      time: time, symbol: SymbolID(rawValue: UInt32(symbol)), venueSequence: sequence)
    // One message in four is a trade, one in thirty-two both. A symbol opens with a quote, which
    // makes it a quoted one.
    let kind = Int(bits >> 2 & 31)
    let quotes = !tradesOnly && (kind >= 8 || sequence == 1 || crossed)
    if quotes {
      tick.bid = bid / priceScale
      tick.ask = ask / priceScale
      tick.bidSize = size(bits >> 8)
      tick.askSize = size(bits >> 20)
      tick.flags.insert(.quote)
    }
    if !quotes || kind == 31 {
      tick.last = (bits >> 7 & 1 == 0 ? bid : ask) / priceScale
      tick.lastSize = size(bits >> 32)
      tick.flags.insert(.trade)
    }
    return tick
  }

  /// One to sixteen lots of a hundred, or, one time in 64, fifty times that.
  private func size(_ bits: UInt64) -> Double {
    let lots = Double(1 + bits & 15) * 100
    return (bits >> 4 & 63 == 0 ? lots * 50 : lots) / sizeScale
  }
}
