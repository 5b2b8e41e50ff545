import Testing

@testable import LoomFeatures

struct SlidingWindowTests {
  @Test(arguments: 1...70)
  func `keeps exactly the last values of any length`(_ length: Int) {
    var window = SlidingWindow<Maximum>(length: length, centre: 0)
    var sums = RollingSums(length: length)
    var values: [Double] = []
    var generator = SplitMix(seed: UInt64(length))
    for _ in 0..<4 * length + 5 {
      let value = Double(generator.next() >> 54)
      values.append(value)
      let expected = values.suffix(length)
      let isFull = values.count >= length
      let largest = window.push(value)?.value
      #expect(largest == (isFull ? expected.max() : nil))
      let sum = sums.push(SIMD2(value, 1))
      #expect(isFull ? sum == SIMD2(expected.reduce(0, +), Double(length)) : sum[0].isNaN)
    }
  }

  @Test(arguments: [1, 2, 7, 20, 60])
  func `is full again only when a value that is no number has left`(_ length: Int) {
    var sums = RollingSums(length: length)
    for i in 0..<3 * length { _ = sums.push(SIMD2(Double(i), 0)) }
    let broken = sums.push(SIMD2(.nan, 1))
    let filling = (0..<length - 1).map { _ in sums.push(SIMD2(1, 2)) }
    let full = sums.push(SIMD2(1, 2))
    #expect(broken[1].isNaN)
    #expect(filling.allSatisfy { $0[0].isNaN })
    #expect(full == SIMD2(Double(length), Double(2 * length)))
  }

  @Test func `a value of any size leaves no trace`() {
    var clean = RollingDeviation(length: 20)
    var dirty = RollingDeviation(length: 20)
    _ = dirty.push(1e150)
    _ = dirty.push(-3e90)
    var generator = SplitMix(seed: 1)
    for _ in 0..<20 {
      let value = Double(generator.next() >> 40)
      _ = clean.push(value)
      _ = dirty.push(value)
    }
    let expected = clean.push(5)
    let state = dirty.push(5)
    #expect(state?.squares.rounded() == expected?.squares.rounded())
  }

  @Test func `keeps nine digits of a variance 1e-22 times the mean square`() {
    var window = RollingDeviation(length: 4)
    for value in [1e6, 1e6 + 0x1p-17, 1e6 - 0x1p-17] { _ = window.push(value) }
    let state = window.push(1e6)
    #expect(state?.squares == 0x1p-33)
    #expect(state?.distance == 0)
  }
}
