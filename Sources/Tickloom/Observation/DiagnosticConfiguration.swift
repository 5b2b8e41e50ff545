public import LoomCore
public import LoomNormalization

/// Who is told of what goes wrong, and from which level on.
public struct DiagnosticConfiguration: Sendable {
  /// Takes one diagnostic after the other, on a thread of its own; nobody ever waits for it.
  public typealias Sink = @Sendable (Diagnostic) throws -> Void

  /// Where they go; nil for nowhere.
  public let sink: Sink?
  /// From which level on.
  public let levels: DiagnosticLevels
  /// Most of one component and message in a second; the next says how many were left out.
  public let ratePerSecond: Int
  /// Most that wait for the sink; more are lost, and their number is told.
  public let queueCapacity: Int
  /// How long it must have been quiet for an overflow to have ended.
  public let quietSpan: Nanoseconds

  /// Nobody is told.
  public static let none = DiagnosticConfiguration()

  /// Checks and joins the settings.
  ///
  /// - Parameters:
  ///   - sink: Where they go. What it throws is counted, and it is called again with the next.
  ///   - levels: From which level on.
  ///   - ratePerSecond: Most of a kind in a second: 1 … 1,000,000.
  ///   - queueCapacity: Most that wait for the sink: 1 … 65,536.
  ///   - quietSpan: When an overflow is over: 0 s … 1 h.
  /// - Throws: ``LoomNormalization/ConfigurationError`` with the field, its value and the range.
  public init(
    sink: @escaping Sink, levels: DiagnosticLevels = DiagnosticLevels(), ratePerSecond: Int = 10,
    queueCapacity: Int = 256, quietSpan: Nanoseconds = .seconds(1)
  ) throws(ConfigurationError) {
    guard (1...1_000_000).contains(ratePerSecond) else {
      throw ConfigurationError(
        field: "ratePerSecond", value: "\(ratePerSecond)", allowed: "1 … 1000000")
    }
    guard (1...65_536).contains(queueCapacity) else {
      throw ConfigurationError(
        field: "queueCapacity", value: "\(queueCapacity)", allowed: "1 … 65536")
    }
    guard (.zero ... .seconds(3600)).contains(quietSpan) else {
      throw ConfigurationError(field: "quietSpan", value: "\(quietSpan)", allowed: "0s … 1h")
    }
    self.sink = sink
    self.levels = levels
    self.ratePerSecond = ratePerSecond
    self.queueCapacity = queueCapacity
    self.quietSpan = quietSpan
  }

  private init() {
    sink = nil
    levels = DiagnosticLevels(.error)
    ratePerSecond = 1
    queueCapacity = 1
    quietSpan = .seconds(1)
  }
}
