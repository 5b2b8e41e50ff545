import LoomCore
import Testing

struct LayoutTests {
  @Test func `records have no padding`() {
    #expect(MemoryLayout<Tick>.size == 80)
    #expect(MemoryLayout<Tick>.stride == 80)
    #expect(MemoryLayout<SequencedTick>.stride == 88)
    #expect(MemoryLayout<Bar>.size == 112)
    #expect(MemoryLayout<CleanBar>.size == 128)
    #expect(MemoryLayout<FeatureRow>.size == 16 + 64 * 8)
  }
}
