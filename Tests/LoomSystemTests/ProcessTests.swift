import LoomSystem
import Testing

struct ProcessTests {
  @Test func `the clock does not go back`() {
    let first = MonotonicClock.nanoseconds
    let second = MonotonicClock.nanoseconds
    #expect(first > 0)
    #expect(second >= first)
  }

  @Test func `the peak of memory grows with what is held`() {
    let before = ResidentMemory.peakBytes
    #expect(before > 1 << 20)
    let bytes = [UInt8](repeating: 1, count: before + (64 << 20))
    #expect(ResidentMemory.peakBytes >= bytes.count)
  }

  @Test func `the environment is read and set`() {
    #expect(Environment.value(of: "LOOM_NOT_SET") == nil)
    Environment.set("LOOM_SET_BY_A_TEST", to: "yes")
    #expect(Environment.value(of: "LOOM_SET_BY_A_TEST") == "yes")
    #expect(Environment.temporaryFolder.hasPrefix("/"))
    #expect(Environment.processorCount >= 1)
  }
}
