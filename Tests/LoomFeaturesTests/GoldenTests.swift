import LoomCore
import LoomFeatures
import Testing

/// The values of numpy, pandas and TA-Lib, made by `Tests/Fixtures/make_fixtures.py`.
struct GoldenTests {
  @Test(arguments: [
    "walk", "constant", "glitch", "gaps", "pips", "tiny", "pegged", "flat", "dust", "single",
    "rising",
  ])
  func `equals numpy, pandas and TA-Lib`(_ name: String) throws {
    let fixture = try Fixture(name)
    var set = FeatureSet.standard().normalized()
    #expect(Array(set.names.prefix(fixture.names.count)) == fixture.names)
    let rows = fixture.bars.map { set.update($0).list }
    for (place, expected) in fixture.rows {
      let close = fixture.bars[place].bar.close
      for (i, feature) in fixture.names.enumerated() {
        #expect(
          agrees(rows[place][i], expected[i], name: feature, close: close),
          "\(feature), row \(place): \(rows[place][i]), expected \(expected[i])")
      }
    }
  }
}
