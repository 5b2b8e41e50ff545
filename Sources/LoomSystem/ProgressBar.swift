/// One line on standard error that shows how far a long job is, at most ten times a second.
///
/// Off a terminal it shows nothing; the line is gone when the value is. Times are given to it.
public struct ProgressBar: ~Copyable, Sendable {
  private let line: ProgressLine
  private let output: OutputFile
  private let isShown: Bool
  private let startNanoseconds: Int64
  private var lastNanoseconds: Int64?
  private static let intervalNanoseconds: Int64 = 100_000_000

  /// Creates a bar that shows nothing yet.
  ///
  /// - Parameters:
  ///   - label: What is being done, in front of the bar.
  ///   - unit: What is counted: `ticks`.
  ///   - nowNanoseconds: The time, by ``MonotonicClock``.
  ///   - terminal: Where it is shown.
  ///   - output: Where it is written.
  public init(
    label: String, unit: String, nowNanoseconds: Int64, on terminal: Terminal = .standardError,
    output: consuming OutputFile = .standardError()
  ) {
    line = ProgressLine(
      label: label, unit: unit, width: terminal.width, isUnicode: terminal.isUnicode)
    self.output = output
    isShown = terminal.isInteractive
    startNanoseconds = nowNanoseconds
  }

  deinit {
    if lastNanoseconds != nil { Self.write("\r\u{1B}[K", to: output) }
  }

  /// Shows a state, unless the last one is younger than a tenth of a second.
  ///
  /// - Parameters:
  ///   - fraction: How much is done, 0 … 1; nil where the end is not known.
  ///   - count: How many units are done.
  ///   - nowNanoseconds: The time, by the same clock as at the start.
  public mutating func update(fraction: Double?, count: Int, nowNanoseconds: Int64) {
    let sinceLast = nowNanoseconds - (lastNanoseconds ?? .min / 2)
    guard isShown, sinceLast >= Self.intervalNanoseconds else { return }
    lastNanoseconds = nowNanoseconds
    let seconds = Double(nowNanoseconds - startNanoseconds) / 1e9
    let text = line.text(fraction: fraction, count: count, seconds: seconds)
    Self.write("\r\(text)\u{1B}[K", to: output)
  }

  /// Removes the line.
  public consuming func finish() {}

  /// A progress bar that cannot be shown is no reason to stop.
  private static func write(_ text: String, to output: borrowing OutputFile) {
    try? output.write(text.utf8Span.span)
  }
}
