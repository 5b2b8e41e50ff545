internal import Glibc

/// What one of the process's outputs is shown on.
public struct Terminal: Hashable, Sendable {
  /// How many colours it can show.
  public enum Color: Int, Comparable, Hashable, Sendable {
    /// None: plain text.
    case none
    /// The 16 of every terminal.
    case basic
    /// The 256 of the xterm palette.
    case indexed
    /// Red, green and blue of 8 bits each.
    case full

    /// Whether `lhs` shows fewer colours.
    public static func < (lhs: Color, rhs: Color) -> Bool { lhs.rawValue < rhs.rawValue }
  }

  /// Whether a person looks at it; false for a file or a pipe.
  public let isInteractive: Bool
  /// Its columns; 80 where that is not known.
  public let width: Int
  /// Its lines; 24 where that is not known.
  public let height: Int
  /// Whether its cursor can be moved, so that text is shown in the place of text.
  public let movesCursor: Bool
  /// The colours that may be used.
  public let color: Color
  /// Whether it shows more than ASCII.
  public let isUnicode: Bool

  /// Describes a terminal.
  public init(
    isInteractive: Bool, width: Int, height: Int = 24, color: Color, isUnicode: Bool = true,
    movesCursor: Bool = true
  ) {
    self.isInteractive = isInteractive
    self.width = width
    self.height = height
    self.movesCursor = isInteractive && movesCursor
    self.color = color
    self.isUnicode = isUnicode
  }

  /// What standard output is shown on, by the environment of the process.
  public static var standardOutput: Terminal { Terminal(descriptor: STDOUT_FILENO) }

  /// What standard error is shown on, by the environment of the process.
  public static var standardError: Terminal { Terminal(descriptor: STDERR_FILENO) }

  /// One that nobody looks at.
  public static let none = Terminal(isInteractive: false, width: 80, color: .none)

  private init(descriptor: Int32) {
    let isInteractive = isatty(descriptor) != 0
    let size = Self.size(of: descriptor)
    func number(_ variable: String) -> Int? { Environment.value(of: variable).flatMap(Int.init) }
    self.init(
      isInteractive: isInteractive, width: size.columns ?? number("COLUMNS") ?? 80,
      height: size.lines ?? number("LINES") ?? 24,
      color: Self.color(isInteractive: isInteractive, Environment.value(of:)),
      isUnicode: Self.isUnicode(Environment.value(of:)),
      movesCursor: Self.movesCursor(Environment.value(of:)))
  }

  /// Whether an environment names a terminal that knows more than lines.
  static func movesCursor(_ variable: (String) -> String?) -> Bool {
    (variable("TERM") ?? "dumb") != "dumb"
  }

  /// The colours that an environment allows: none off a terminal, with `NO_COLOR` (no-color.org)
  /// set to anything, or with a `TERM` that is missing or `dumb`.
  static func color(
    isInteractive: Bool, _ variable: (String) -> String?
  ) -> Color {
    let kind = variable("TERM") ?? "dumb"
    if !isInteractive || kind == "dumb" || variable("NO_COLOR")?.isEmpty == false { return .none }
    if ["truecolor", "24bit"].contains(variable("COLORTERM")) { return .full }
    return kind.contains("256color") ? .indexed : .basic
  }

  /// Whether the locale that counts has UTF-8.
  static func isUnicode(_ variable: (String) -> String?) -> Bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap(variable).first { !$0.isEmpty }
    guard let name = locale?.uppercased() else { return false }
    return name.contains("UTF-8") || name.contains("UTF8")
  }

  private static func size(of descriptor: Int32) -> (columns: Int?, lines: Int?) {
    var size = winsize()
    guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 else { return (nil, nil) }
    return (
      size.ws_col > 0 ? Int(size.ws_col) : nil, size.ws_row > 0 ? Int(size.ws_row) : nil
    )
  }
}
