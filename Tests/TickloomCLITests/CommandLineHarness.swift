import Foundation

/// Runs the built executable as a person or a script would.
struct CommandLineHarness {
  /// How a run ended and what it said.
  struct Outcome {
    let status: Int32
    let output: String
    let errors: String
  }

  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// Beside the bundle of these tests.
  static let executable: URL = {
    let bundle = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    return bundle.appending(path: "tickloom")
  }()

  /// Starts the executable with its streams as given; the caller waits for it.
  static func start(
    _ arguments: [String], input: Any? = nil, output: Any? = nil, errors: Any? = nil
  ) throws -> Process {
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    process.standardInput = input ?? FileHandle.nullDevice
    process.standardOutput = output ?? FileHandle.nullDevice
    process.standardError = errors ?? FileHandle.nullDevice
    try process.run()
    return process
  }

  /// Runs to the end; `input` is what standard input holds.
  static func run(_ arguments: [String], input: String = "") throws -> Outcome {
    try inFolder { folder in
      let files = ["in", "out", "err"].map { folder.appending(path: $0) }
      try Data(input.utf8).write(to: files[0])
      try Data().write(to: files[1])
      try Data().write(to: files[2])
      let process = try start(
        arguments, input: try FileHandle(forReadingFrom: files[0]),
        output: try FileHandle(forWritingTo: files[1]),
        errors: try FileHandle(forWritingTo: files[2]))
      process.waitUntilExit()
      let status =
        process.terminationReason == .exit
        ? process.terminationStatus : 1000 + process.terminationStatus
      return Outcome(
        status: status, output: String(decoding: try Data(contentsOf: files[1]), as: UTF8.self),
        errors: String(decoding: try Data(contentsOf: files[2]), as: UTF8.self))
    }
  }

  /// Calls `body` with a new folder that is removed after.
  static func inFolder<Value>(_ body: (URL) throws -> Value) throws -> Value {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "tickloom-cli-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
  }

  /// The names in a folder, hidden ones too; empty where it does not exist.
  static func names(in folder: URL) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()) ?? []
  }

  /// Writes a file of text and returns its path.
  static func write(_ text: String, _ name: String, in folder: URL) throws -> String {
    let file = folder.appending(path: name)
    try Data(text.utf8).write(to: file)
    return file.path
  }

  /// The lines of a file without the last line feed.
  static func lines(_ name: String, in folder: URL) throws -> [String] {
    let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
  }
}
