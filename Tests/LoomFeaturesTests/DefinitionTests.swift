import LoomCore
import LoomFeatures
import Testing

struct DefinitionTests {
  @Test(arguments: Market.Kind.allCases, 1...3)
  func `equals the definition computed afresh`(_ kind: Market.Kind, seed: Int) {
    let bars = Market.bars(kind, seed: UInt64(seed), count: 600)
    var set = FeatureSet.standard()
    let rows = bars.map { set.update($0).list }
    let definition = Definition(bars: bars)
    for place in Array(0..<90) + stride(from: 90, to: 600, by: 13) {
      for (name, expected) in definition.values(at: place) {
        let value = set.names.firstIndex(of: name).map { rows[place][$0] } ?? -1
        #expect(
          agrees(value, expected, name: name, close: bars[place].bar.close),
          "\(name), row \(place), seed \(seed): \(value), expected \(expected)")
      }
    }
  }

  @Test(arguments: Market.Kind.allCases)
  func `scores each value over its own last finite ones`(_ kind: Market.Kind) {
    let bars = Market.bars(kind, seed: 4, count: 500)
    var set = FeatureSet.standard().normalized(window: 30)
    let rows = bars.map { set.update($0).list }
    let count = set.names.count / 2
    for place in stride(from: 1, to: 500, by: 17) {
      for i in 0..<count {
        let finite = rows[...place].map { $0[i] }.filter(\.isFinite)
        let expected = rows[place][i].isNaN ? .nan : finite.last(30, score)
        // A window that varies only by its rounding has no score to compare with.
        if expected.isFinite, finite.last(30, variation) < 1e-6 { continue }
        let value = rows[place][count + i]
        #expect(
          agrees(value, expected.isFinite ? expected : .nan, name: "_z", close: 1),
          "\(set.names[i]), row \(place): \(value), expected \(expected)")
      }
    }
  }
}
