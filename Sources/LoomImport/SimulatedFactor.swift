/// A Brownian motion that is drawn where it is looked at.
struct SimulatedFactor: Sendable {
  private(set) var value = 0.0
  private var seconds = 0.0

  /// Draws the path on to `seconds`, which never goes back: variance 1 a second.
  mutating func advance(to seconds: Double, _ random: inout SimulatedRandom) {
    value += (seconds - self.seconds).squareRoot() * random.bell()
    self.seconds = seconds
  }
}
