/// Lets so many of a kind through in a second, and counts the others.
struct RateLimiter {
  private struct Kind {
    let component: Diagnostic.Component
    let message: String
    var secondBegan: Int64
    var count = 0
    var suppressed = 0
  }

  private let perSecond: Int
  /// Few: messages are fixed texts.
  private var kinds: [Kind] = []

  init(perSecond: Int) { self.perSecond = perSecond }

  /// Whether one more of a kind may pass at `now`, in nanoseconds; how many before it did not, or
  /// nil where it may not.
  mutating func pass(
    _ component: Diagnostic.Component, _ message: String, now: Int64
  ) -> Int? {
    let place = place(of: component, message, now)
    if now - kinds[place].secondBegan >= 1_000_000_000 {
      kinds[place].secondBegan = now
      kinds[place].count = 0
    }
    if kinds[place].count == perSecond {
      kinds[place].suppressed += 1
      return nil
    }
    kinds[place].count += 1
    defer { kinds[place].suppressed = 0 }
    return kinds[place].suppressed
  }

  /// What was left out and not told yet, by kind.
  mutating func takeSuppressed() -> [(Diagnostic.Component, message: String, count: Int)] {
    defer { for place in kinds.indices { kinds[place].suppressed = 0 } }
    return kinds.filter { $0.suppressed > 0 }.map { ($0.component, $0.message, $0.suppressed) }
  }

  private mutating func place(
    of component: Diagnostic.Component, _ message: String, _ now: Int64
  ) -> Int {
    if let place = kinds.firstIndex(where: { $0.component == component && $0.message == message }) {
      return place
    }
    kinds.append(Kind(component: component, message: message, secondBegan: now))
    return kinds.count - 1
  }
}
