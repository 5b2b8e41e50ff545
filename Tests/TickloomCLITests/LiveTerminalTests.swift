import Foundation
import Testing

/// The table of `tickloom live` on a terminal of our own.
struct LiveTerminalTests {
  typealias Harness = CommandLineHarness

  static let text = "time,symbol,price\n2024-01-02T09:30:00Z,AAA,10.25\n2024-01-02T09:30:01Z,B,7\n"
  static let opened = "\u{1B}[?1049h\u{1B}[?25l"
  static let closed = "\u{1B}[H\u{1B}[J\u{1B}[?25h\u{1B}[?1049l"

  /// A terminal, and live with its standard error on it.
  final class Screen {
    let input = Pipe()
    let output = Pipe()
    let process = Process()
    private let master: Int32
    private let number: Int32
    private(set) var text = ""

    init(
      _ options: [String] = [], of command: [String] = ["live", "-"], columns: UInt16 = 100,
      lines: UInt16 = 20,
      environment: [String: String] = ["TERM": "xterm-256color", "LANG": "C.UTF-8"]
    ) throws {
      master = unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY)
      // TIOCSPTLCK and TIOCGPTN, which Swift does not see: not locked, and its number.
      var (isLocked, number) = (Int32(0), Int32(0))
      _ = unsafe ioctl(master, 0x4004_5431, &isLocked)
      _ = unsafe ioctl(master, 0x8004_5430, &number)
      var size = winsize(ws_row: lines, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
      _ = unsafe ioctl(master, UInt(TIOCSWINSZ), &size)
      self.number = number
      process.executableURL = Harness.executable
      process.arguments = command + options
      process.environment = environment
      process.standardInput = input
      process.standardOutput = output
      process.standardError = FileHandle(forWritingAtPath: "/dev/pts/\(number)")
      try process.run()
      try (process.standardError as? FileHandle)?.close()
    }

    deinit { close(master) }

    /// Reads on until the screen has shown `part`, or to the end where it is nil.
    func read(until part: String?) {
      var bytes = [UInt8](repeating: 0, count: 4096)
      while part.map({ !text.contains($0) }) ?? true {
        let count = unsafe Foundation.read(master, &bytes, bytes.count)
        if count <= 0 { return }
        text += String(decoding: bytes[..<count], as: UTF8.self)
      }
    }

    /// Leaves no room for what the process writes.
    func fill() {
      let own = unsafe open("/dev/pts/\(number)", O_WRONLY | O_NOCTTY | O_NONBLOCK)
      let blanks = [UInt8](repeating: 32, count: 4096)
      while unsafe write(own, blanks, blanks.count) > 0 {}
      close(own)
    }

    func send(_ text: String) throws {
      try input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
    }
  }

  @Test(arguments: [true, false])
  func `shows lines as they come and leaves no trace`(endsByInterrupt: Bool) throws {
    let screen = try Screen()
    screen.read(until: "waiting for the first line")
    try screen.send(LiveTerminalTests.text)
    screen.read(until: "10.25")
    try screen.send("2024-01-02T09:30:02Z,AAA,11.5\n")
    screen.read(until: "11.50")
    if endsByInterrupt {
      kill(screen.process.processIdentifier, SIGINT)
    } else {
      try screen.input.fileHandleForWriting.close()
    }
    screen.read(until: nil)
    #expect(InterruptMomentTests.end(screen.process) == 0)
    #expect(screen.text.hasPrefix(Self.opened))
    #expect(screen.text.hasSuffix(Self.closed))
    let summary = try screen.output.fileHandleForReading.readToEnd() ?? Data()
    #expect(String(decoding: summary, as: UTF8.self).hasPrefix("tickloom  2 symbols"))
  }

  /// Ctrl-Z leaves the shell its screen and its cursor; `fg` brings the table back.
  ///
  /// The thread sanitizer runs signal handlers later, with all signals blocked.
  @Test(.enabled(if: !SurroundingsTests.isSanitized))
  func `is not there while it is stopped`() throws {
    let screen = try Screen()
    screen.read(until: "\u{1B}[K\u{1B}[J")
    for round in 1...2 {
      let shown = screen.text
      kill(screen.process.processIdentifier, SIGTSTP)
      screen.read(until: shown + Self.closed)
      // To go on before it has stopped means nothing, and then it stops.
      while screen.process.isRunning, !InterruptMomentTests.isIn("T", screen.process) {
        sched_yield()
      }
      kill(screen.process.processIdentifier, SIGCONT)
      screen.read(until: shown + Self.closed + Self.opened)
      #expect(screen.text == shown + Self.closed + Self.opened, "round \(round)")
    }
    try screen.input.fileHandleForWriting.close()
    screen.read(until: nil)
    #expect(InterruptMomentTests.end(screen.process) == 1)
  }

  @Test func `a terminal that is stopped does not hold up the end`() throws {
    let screen = try Screen()
    screen.read(until: "\u{1B}[K\u{1B}[J")
    // Nobody reads the terminal any more: it takes some kilobytes, then nothing.
    let line = "2024-01-02T09:30:00Z,AAA,10.25\n"
    try screen.send("time,symbol,price\n" + line)
    screen.fill()
    try screen.send(line)
    try screen.input.fileHandleForWriting.close()
    let summary = try screen.output.fileHandleForReading.readToEnd() ?? Data()
    #expect(InterruptMomentTests.end(screen.process) == 0)
    #expect(String(decoding: summary, as: UTF8.self).hasPrefix("tickloom  1 symbol"))
  }

  @Test func `a failure stands on the terminal that was before`() throws {
    let screen = try Screen()
    try screen.send("time,symbol,price\n" + String(repeating: "x,A,1\n", count: 9))
    screen.read(until: "\u{1B}[?25l")
    try screen.input.fileHandleForWriting.close()
    screen.read(until: nil)
    #expect(InterruptMomentTests.end(screen.process) == 1)
    let parts = screen.text.split(separator: Self.closed, omittingEmptySubsequences: false)
    #expect(parts.count == 2)
    #expect(parts.last?.hasPrefix("tickloom: standard input") == true, "\(screen.text)")
  }

  @Test func `has no colours where none are wanted`() throws {
    for (variable, isColoured) in [("NO_COLOR", false), ("COLORTERM", true)] {
      let screen = try Screen(
        environment: ["TERM": "xterm-256color", "LANG": "C.UTF-8", variable: "1"])
      try screen.send(Self.text)
      screen.read(until: "10.25")
      try screen.input.fileHandleForWriting.close()
      screen.read(until: nil)
      #expect(screen.text.contains("\u{1B}[1m") == isColoured)
      #expect(InterruptMomentTests.end(screen.process) == 0)
    }
  }

  @Test(arguments: [(["--quiet"], "xterm"), ([], "dumb")])
  func `shows nothing where it is not wanted or cannot be`(
    options: [String], terminal: String
  ) throws {
    let screen = try Screen(options, environment: ["TERM": terminal])
    try screen.send(Self.text)
    try screen.input.fileHandleForWriting.close()
    screen.read(until: nil)
    #expect(InterruptMomentTests.end(screen.process) == 0)
    #expect(screen.text == "")
  }
}
