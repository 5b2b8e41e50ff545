import Foundation
import Testing

@testable import LoomSystem

struct ProgressBarTests {
  private let terminal = Terminal(isInteractive: true, width: 80, color: .none)

  @Test func `shows how far, how fast and how long`() {
    let line = ProgressLine(label: "Reading", unit: "ticks", width: 80, isUnicode: false)
    #expect(
      line.text(fraction: 0.5, count: 4_900_000, seconds: 2)
        == "Reading ==============---------------   50 %  4.90 M ticks  2.45 M/s  0:02 left")
    #expect(line.text(fraction: nil, count: 100, seconds: 0) == "Reading  100 ticks  0/s")
    #expect(line.text(fraction: 0.001, count: 1, seconds: 1).hasSuffix("  0 %  1 ticks  1/s"))
  }

  @Test(arguments: [0, 1, 5, 30, 50, 60, 79, 80, 200], [nil, -1.0, 0, 0.3, 1, 2])
  func `never fills the last column`(width: Int, fraction: Double?) {
    let line = ProgressLine(label: "Reading", unit: "ticks", width: width, isUnicode: true)
    #expect(line.text(fraction: fraction, count: 123_456, seconds: 7).count <= max(0, width - 1))
  }

  /// What a bar on `terminal` writes for states at these milliseconds.
  private func written(at milliseconds: [Int64], on terminal: Terminal) throws -> String {
    let folder = try TemporaryFolder()
    let path = folder.path + "/shown"
    // Not a regular file, so the bar writes straight to it.
    unsafe mkfifo(path, 0o600)
    let reader = unsafe open(path, O_RDONLY | O_NONBLOCK)
    defer { close(reader) }
    do {
      var bar = ProgressBar(
        label: "Reading", unit: "ticks", nowNanoseconds: 0, on: terminal,
        output: try OutputFile(path: path))
      for time in milliseconds {
        bar.update(fraction: 0.5, count: Int(time), nowNanoseconds: time * 1_000_000)
      }
      bar.finish()
    }
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let count = unsafe read(reader, &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }

  @Test func `is shown ten times a second at most and leaves nothing`() throws {
    let shown = try written(at: [0, 50, 99, 100, 150, 1000], on: terminal)
    let lines = shown.split(separator: "\r")
    #expect(lines.count == 4)
    #expect(lines[0].contains("0 ticks"))
    #expect(lines[1].contains("100 ticks"))
    #expect(lines[2].contains("1.00 k ticks"))
    #expect(lines[3] == "\u{1B}[K")
  }

  @Test func `writes nothing off a terminal or before its first state`() throws {
    let file = Terminal(isInteractive: false, width: 80, color: .none)
    #expect(try written(at: [0, 1000], on: file).isEmpty)
    #expect(try written(at: [], on: terminal).isEmpty)
  }
}
