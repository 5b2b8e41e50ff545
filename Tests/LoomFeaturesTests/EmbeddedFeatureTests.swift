import LoomCore
import LoomFeatures
import Testing

/// The body of a candle and how many were white: what an embedder might add.
private struct Body: Feature {
  let names = ["body", "white_count"]
  private var white = 0.0

  mutating func update(_ bar: CleanBar, appendingTo row: inout FeatureRow) {
    if bar.bar.close > bar.bar.open { white += 1 }
    row.append(bar.bar.close / bar.bar.open - 1)
    row.append(white)
  }
}

/// Names one value and appends as many as it is told to.
private struct Careless: Feature {
  let names: [String]
  let count: Int

  mutating func update(_ bar: CleanBar, appendingTo row: inout FeatureRow) {
    for _ in 0..<count { row.append(.infinity) }
  }
}

struct EmbeddedFeatureTests {
  static let bar = Market.bars(.walk, seed: 1, count: 1)[0]

  @Test func `joins the default set after its values`() {
    var set = FeatureSet.standard().appending(Body()).normalized(window: 2)
    var plain = FeatureSet.standard()
    #expect(set.names[27...28] == ["body", "white_count"])
    #expect(set.names.suffix(2) == ["body_z", "white_count_z"])
    for bar in Market.bars(.walk, seed: 2, count: 40) {
      let row = set.update(bar)
      let expected = plain.update(bar)
      #expect(row.count == 58)
      #expect(row.values[27] == bar.bar.close / bar.bar.open - 1)
      #expect(row.values[3] == expected.values[3] || expected.values[3].isNaN)
    }
  }

  @Test func `scores a part of a set alone`() {
    var part = FeatureSet(Chain(Body(), Normalized(LogReturn(horizon: 1), window: 5)))
    var whole = FeatureSet(LogReturn(horizon: 1)).normalized(window: 5)
    #expect(part.names == ["body", "white_count", "log_return_1", "log_return_1_z"])
    for bar in Market.bars(.walk, seed: 2, count: 40) {
      let values = part.update(bar).list.suffix(2)
      let expected = whole.update(bar).list
      #expect(zip(values, expected).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN })
    }
  }

  @Test func `copies of a set go separate ways`() {
    var set = FeatureSet(LogReturn(horizon: 1))
    _ = set.update(Self.bar)
    var copy = set
    var dearer = Self.bar
    dearer.bar.close *= 2
    #expect(copy.update(dearer).values[0] > 0.69)
    #expect(set.update(Self.bar).values[0] == 0)
  }

  @Test func `names the row after the bar and leaves the rest NaN`() {
    var wide = FeatureSet(Chain(Body(), RelativeSpread()))
    var narrow = FeatureSet(RelativeSpread())
    var bar = Self.bar
    bar.bar.symbol = SymbolID(rawValue: 7)
    var row = wide.update(bar)
    #expect(row.start == bar.bar.start && row.symbol.rawValue == 7 && row.count == 3)
    narrow.update(bar, into: &row)
    #expect(row.count == 1)
    #expect((1..<64).allSatisfy { row.values[$0].isNaN })
  }

  @Test func `a value that is not finite is NaN`() {
    var set = FeatureSet(Careless(names: ["a"], count: 1))
    #expect(set.update(Self.bar).values[0].isNaN)
  }

  @Test func `refuses a feature that appends more than it names`() async {
    await #expect(processExitsWith: .failure) {
      var set = FeatureSet(Careless(names: ["a"], count: 2))
      _ = set.update(Self.bar)
    }
  }

  @Test func `refuses more than 64 values`() async {
    await #expect(processExitsWith: .failure) {
      _ = FeatureSet(Careless(names: (0..<65).map { "n\($0)" }, count: 65))
    }
  }

  @Test func `refuses no values`() async {
    await #expect(processExitsWith: .failure) { _ = FeatureSet(Careless(names: [], count: 0)) }
  }

  @Test func `refuses an empty name`() async {
    await #expect(processExitsWith: .failure) { _ = FeatureSet(Careless(names: [""], count: 1)) }
  }

  @Test func `refuses one name twice`() async {
    await #expect(processExitsWith: .failure) {
      _ = FeatureSet.standard().appending(RelativeSpread())
    }
  }
}
