/// Something that a person who looks after a program should know: see ``DiagnosticConfiguration``.
public struct Diagnostic: Hashable, Sendable {
  /// How much it matters, from the least on.
  public enum Level: String, CaseIterable, Comparable, Sendable {
    /// For those who look for a fault in the library.
    case debug
    /// In order, and good to know.
    case info
    /// Something is worse than it should be, and goes on.
    case warning
    /// A part has failed.
    case error

    /// Whether `lhs` matters less.
    public static func < (lhs: Level, rhs: Level) -> Bool { lhs.rank < rhs.rank }

    var rank: Int {
      switch self {
      case .debug: 0
      case .info: 1
      case .warning: 2
      case .error: 3
      }
    }
  }

  /// Which part it is about.
  public enum Component: String, CaseIterable, Sendable {
    /// The linear algebra library of the process.
    case blas
    /// The consumer of what comes out.
    case consumer
    /// The way to the sink of these.
    case diagnostics
    /// Cycles, threads, and the kill switch.
    case engine
    /// Features that throw.
    case feature
    /// Feeds and the rings that they push into.
    case feed
    /// Where inputs are kept.
    case journal
    /// Those who read versions.
    case reader
    /// The command line's runs.
    case run
  }

  /// A name and what it stands for, such as a symbol or a count.
  public struct Field: Hashable, Sendable {
    /// The name, a word.
    public let name: String
    /// The value as text.
    public let value: String

    /// Creates a field.
    public init(_ name: String, _ value: some CustomStringConvertible & Sendable) {
      self.name = name
      self.value = value.description
    }
  }

  /// How much it matters.
  public let level: Level
  /// Which part it is about.
  public let component: Component
  /// What it is, the same text each time.
  public let message: String
  /// What differs from time to time.
  public let fields: [Field]
  /// When it was told, by the monotonic clock.
  public let monotonicNanoseconds: Int64

  /// Creates a diagnostic.
  public init(
    level: Level, component: Component, message: String, fields: [Field] = [],
    monotonicNanoseconds: Int64
  ) {
    self.level = level
    self.component = component
    self.message = message
    self.fields = fields
    self.monotonicNanoseconds = monotonicNanoseconds
  }
}

extension Diagnostic: CustomStringConvertible {
  /// One line: `warning: feed: overflow begins symbol=EURUSD count=12`.
  public var description: String {
    let start = "\(level.rawValue): \(component.rawValue): \(message)"
    return fields.reduce(start) { "\($0) \($1)" }
  }
}

extension Diagnostic.Field: CustomStringConvertible {
  /// `name=value`; a value with a blank or a quotation mark in it, or nothing, stands in quotation
  /// marks.
  public var description: String {
    let isPlain = !value.isEmpty && !value.contains { $0.isWhitespace || $0 == "\"" || $0 == "=" }
    if isPlain { return "\(name)=\(value)" }
    let inner = value.reduce(into: "") { text, character in
      if character == "\"" || character == "\\" { text.append("\\") }
      text.append(character)
    }
    return "\(name)=\"\(inner)\""
  }
}
