import LoomCore
import Testing

@testable import LoomPublishing

struct WaitingReturnsTests {
  /// The circle against an array, over floods and droughts in which it grows and shrinks.
  @Test(arguments: [UInt64](1...4), [false, true])
  func `keeps order while it grows and shrinks`(seed: UInt64, isKept: Bool) {
    var random = SplitMix(state: seed)
    var waiting = WaitingReturns()
    var (model, kept): ([Int64], [Int64]) = ([], [])
    var next: Int64 = 0
    for round in 0..<40 {
      for _ in 0..<(round % 4 == 0 ? random.next() % 700 : random.next() % 8) {
        waiting.append(WaitingReturn(bar(0, next, after: nil), .second))
        model.append(next)
        next += 1
      }
      for _ in 0..<min(UInt64(model.count), random.next() % 500) {
        let start = waiting.removeFirst(isKept: isKept).start.nanoseconds / 1_000_000_000
        let expected = model.removeFirst()
        if isKept { kept.append(expected) }
        #expect(start == expected)
        // A few are kept, as a horizon has it.
        while kept.count > 20 {
          let forgotten = waiting.forgetFirst(before: .distantFuture)
          #expect(forgotten?.nanoseconds == kept.removeFirst() * 1_000_000_000)
        }
      }
      #expect(waiting.first?.start.nanoseconds == model.first.map { $0 * 1_000_000_000 })
      #expect(waiting.lastDrained?.nanoseconds == kept.last.map { $0 * 1_000_000_000 })
      if model.isEmpty { #expect(waiting.places <= 4 * (kept.count + 1) + 32) }
    }
  }
}
