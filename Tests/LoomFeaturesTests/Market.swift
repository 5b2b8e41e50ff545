import Foundation
import LoomCore

/// Seeded bars of one symbol: a random walk with whatever disturbs one.
struct Market {
  /// What a market does to its bars.
  enum Kind: CaseIterable {
    /// Small independent steps.
    case walk
    /// Long stretches without a change, and without a trade.
    case quiet
    /// Closes and volumes that are 10⁶ times too large, one bar each.
    case glitches
    /// Missing returns and spreads.
    case gaps
    /// Steps of one hundred-thousandth.
    case pips
  }

  private var generator: SplitMix
  private var close: Double
  private let kind: Kind

  init(_ kind: Kind, seed: UInt64) {
    self.kind = kind
    generator = SplitMix(seed: seed)
    close = kind == .pips ? 1.1 : 100
  }

  static func bars(_ kind: Kind, seed: UInt64, count: Int) -> [CleanBar] {
    var market = Market(kind, seed: seed)
    var previous = Double.nan
    return (0..<count).map { place in
      let bar = market.next(place)
      defer { previous = bar.close }
      let isMissing = kind == .gaps && market.uniform() < 0.2
      return CleanBar(bar: bar, logReturn: isMissing ? .nan : log(bar.close / previous))
    }
  }

  private mutating func next(_ place: Int) -> Bar {
    let open = close
    let isQuiet = kind == .quiet && place / 90 % 2 == 1
    if kind == .pips {
      close += 1e-5 * (uniform() * 3 - 1.5).rounded()
    } else if !isQuiet {
      close *= exp(0.004 * (uniform() - 0.5))
    }
    let isGlitch = kind == .glitches && uniform() < 0.01
    let shown = isGlitch ? close * 1e6 : close
    let volume = isQuiet ? 0 : (uniform() * 900).rounded(.up)
    return Bar(
      start: Timestamp(nanoseconds: Int64(place)), symbol: SymbolID(rawValue: 0), open: open,
      high: max(open, shown) * (isQuiet ? 1 : 1.0001), low: min(open, shown), close: shown,
      volume: kind == .glitches && uniform() < 0.01 ? volume * 1e6 : volume, vwap: shown * 1.00001,
      spreadEstimate: kind == .gaps && uniform() < 0.3 ? .nan : shown * 1e-5 * (0.5 + uniform()),
      tickCount: Int64(uniform() * 50) + 1)
  }

  /// Evenly between 0 and 1.
  mutating func uniform() -> Double { Double(generator.next() >> 11) * 0x1p-53 }
}

/// The SplitMix64 generator (Steele, Lea and Flood, 2014).
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
