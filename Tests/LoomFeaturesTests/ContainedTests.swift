import LoomCore
import LoomFeatures
import Testing

/// A feature that throws harms nobody but itself.
struct ContainedTests {
  /// Counts bars, appends two values, and throws between them once.
  private struct Moody: FallibleFeature {
    struct Anger: Error {}
    var throwsAt = Int.max
    var bars = 0
    var names: [String] { ["bars", "twice"] }
    mutating func update(_ bar: CleanBar, appendingTo row: inout FeatureRow) throws {
      bars += 1
      row.append(Double(bars))
      if bars == throwsAt { throw Anger() }
      row.append(2 * Double(bars))
    }
  }

  private static func bar(_ index: Int) -> CleanBar {
    let price = 100 + Double(index * 37 % 11)
    let start = Timestamp(nanoseconds: Int64(index) * 1_000_000_000)
    let symbol = SymbolID(rawValue: 0)
    return CleanBar(
      bar: Bar(
        start: start, symbol: symbol, open: price, high: price, low: price, close: price))
  }

  @Test func `its values are NaN from its error on, and all others as without it`() throws {
    var with = FeatureSet(
      Chain(
        LogReturn(horizon: 1),
        Chain(Contained(Moody(throwsAt: 4)), ExponentialMovingAverage(window: 3))))
    var without = FeatureSet(Chain(LogReturn(horizon: 1), ExponentialMovingAverage(window: 3)))
    for index in 1...8 {
      let (row, other) = (with.update(Self.bar(index)), without.update(Self.bar(index)))
      #expect(row.count == 4)
      #expect(row.values[0].bitPattern == other.values[0].bitPattern)
      #expect(row.values[3].bitPattern == other.values[1].bitPattern)
      if index < 4 {
        #expect(row.values[1] == Double(index) && row.values[2] == 2 * Double(index))
        #expect(with.failure == nil)
      } else {
        #expect(row.values[1].isNaN && row.values[2].isNaN)
        let failure = try #require(with.failure)
        #expect(
          failure
            == FeatureFailure(
              name: "bars", start: Self.bar(4).bar.start, reason: "Anger()"))
      }
    }
    #expect(with.names == ["log_return_1", "bars", "twice", "ema_3"])
  }

  @Test func `its z-scores tell its error`() {
    var set = FeatureSet(Contained(Moody(throwsAt: 2))).normalized(window: 2)
    _ = set.update(Self.bar(1))
    #expect(set.failure == nil)
    let row = set.update(Self.bar(2))
    #expect(set.failure != nil && row.count == 4)
  }

  @Test func `one without a name traps`() async {
    await #expect(processExitsWith: .failure) {
      struct Nameless: FallibleFeature {
        var names: [String] { [] }
        mutating func update(_ bar: CleanBar, appendingTo row: inout FeatureRow) throws {}
      }
      _ = Contained(Nameless())
    }
  }
}
