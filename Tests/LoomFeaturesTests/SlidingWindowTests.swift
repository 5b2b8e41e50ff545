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

  @Test func `a deviation starts anew after a value that is no number`() {
    var window = RollingDeviation(length: 3)
    let states = [1, 2, 4, .infinity, 3, 3, 6, .nan, 1].map { window.push($0)?.mean }
    #expect(states == [nil, nil, 7.0 * (1.0 / 3), nil, nil, nil, 4, nil, nil])
  }

  @Test func `co-moments start anew after a value that is no number`() {
    var window = RollingComoments(length: 2)
    let products = [1, 2, 4, .nan, 1, 2, 5].map { window.push($0)?.product }
    #expect(products == [nil, nil, 1, nil, nil, nil, 1.5])
  }

  @Test func `co-moments do not lose the digits of a distant mean`() throws {
    var window = RollingComoments(length: 5)
    var near = RollingComoments(length: 5)
    var states: [(RollingComoments.State, RollingComoments.State)] = []
    for step in [1, -2, 4, 0, -3, 7, -1, 2, 2, -6, 5, 1] as [Double] {
      let far = window.push(0x1p40 + step)
      if let far, let expected = near.push(step) { states.append((far, expected)) }
      if far == nil { _ = near.push(step) }
    }
    #expect(states.count == 7)
    for (far, expected) in states {
      #expect((far.product - expected.product).magnitude < 1e-12)
      #expect((far.squares[0] - expected.squares[0]).magnitude < 1e-12)
      #expect((far.squares[1] - expected.squares[1]).magnitude < 1e-12)
    }
  }

  @Test func `moments do not lose the digits of a distant mean`() throws {
    var window = RollingShape(length: 5)
    var near = RollingShape(length: 5)
    for step in [1, -2, 4, 0, -3, 7, -1, 2, 2, -6, 5, 1] as [Double] {
      let far = window.push(0x1p40 + step)
      let expected = near.push(step)
      #expect((far == nil) == (expected == nil))
      guard let far, let expected else { continue }
      #expect((far.third - expected.third).magnitude < 1e-11)
      #expect((far.fourth - expected.fourth).magnitude < 1e-11)
    }
  }

  @Test func `co-moments of a side that does not move are zero`() {
    var window = RollingComoments(length: 3)
    let states = [9, 0.1, 0.1, 0.1, 0.1, 7].map { window.push($0) }
    #expect(states[3]?.squares[0] == 0 && states[3]?.product == 0)
    #expect(states[4]?.squares == .zero && states[4]?.product == 0)
    #expect(states[5]?.squares[1] == 0 && states[5]?.product == 0)
  }

  @Test func `moments of equal values are zero`() {
    var window = RollingShape(length: 3)
    let states = [9, 0.1, 0.1, 0.1, 0.1].map { window.push($0) }
    #expect(states[3]?.second == 0 && states[3]?.third == 0 && states[3]?.fourth == 0)
    #expect(states[4]?.second == 0)
  }

  @Test func `averages skip what would make them not finite`() {
    var exponential = ExponentialAverage(length: 2)
    var wilder = WilderAverage(length: 2)
    let values = [2, .nan, 4, .nan, .infinity].map { (exponential.push($0), wilder.push($0)) }
    #expect(values[1].0.isNaN && values[1].1.isNaN)
    #expect(values[2...].allSatisfy { $0.0 == 3 && $0.1 == 3 })
    var large = WilderAverage(length: 3)
    for _ in 0..<3 { _ = large.push(0x1p1021) }
    let grown = large.push(0x1p1023)
    #expect(grown == 0x1p1022)
    #expect(large.push(0x1p1023) == 0x1p1022)
  }
}
