import Foundation

/// Runs an example that was built beside the bundle of these tests.
enum Example {
  /// How a run ended, and what it printed on both streams.
  struct Outcome {
    let status: Int32
    let lines: [Substring]
  }

  static func run(_ name: String) throws -> Outcome {
    let process = Process()
    process.executableURL = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
      .appending(path: name)
    process.standardInput = FileHandle.nullDevice
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    let text = String(decoding: output, as: UTF8.self)
    return Outcome(
      status: process.terminationStatus,
      lines: text.split(separator: "\n", omittingEmptySubsequences: false))
  }
}
