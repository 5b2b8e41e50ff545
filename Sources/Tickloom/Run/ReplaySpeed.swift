/// How fast the inputs of a store are taken again; nothing of it shows in what comes out.
public enum ReplaySpeed: Hashable, Sendable {
  /// As fast as they can be.
  case maximum
  /// As their times lie apart, so many times as fast; positive.
  case paced(Double)
  /// One by one, so that whoever looks on can hold them up.
  case stepped

  /// Reads `max`, `step`, or a number and `x` such as `10x`; nil for anything else.
  public init?(_ text: String) {
    switch text {
    case "max": self = .maximum
    case "step": self = .stepped
    default:
      guard text.hasSuffix("x"), let factor = Double(text.dropLast()), factor >= 0.001,
        factor <= 1_000_000
      else { return nil }
      self = .paced(factor)
    }
  }
}
