import Foundation

/// perf/gate with a folder of files of its own, recorded for the probe as it is.
final class Gate {
  private static let tests = URL(filePath: #filePath).deletingLastPathComponent()
  private static let script = tests.deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "perf/gate").path
  private let folder: URL
  private var program: String { folder.appending(path: "probe").path }

  static let hasTools =
    (try? run("/bin/bash", ["-c", "command -v valgrind && command -v clang"]).status) == 0

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "gate-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let source = Self.tests.appending(path: "Probe/probe.c").path
    let built = try Self.run("/usr/bin/env", ["clang", "-O1", "-o", program, source])
    guard built.status == 0 else { throw Failure(output: built.output) }
    for file in ["thresholds.tsv", "ratios.tsv"] { try edit(file) { _ in ["# probe"] } }
    try edit("budgets.tsv") { _ in ["# Ceilings.", "probe.size\tMB\t10"] }
    let recorded = try run("", ["--update"])
    guard recorded.status == 0 else { throw Failure(output: recorded.output) }
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// What could not be set up.
  struct Failure: Error { let output: String }

  /// Runs the gate on the probe as the mutant makes it.
  func run(
    _ mutant: String = "", _ arguments: [String] = []
  ) throws -> (status: Int32, output: String) {
    try Self.run(
      Self.script, ["--bench", program, "--data", folder.path] + arguments, ["PROBE": mutant])
  }

  /// Rewrites a file of the folder by its lines; none where it is not there yet.
  func edit(_ file: String, _ change: ([String]) -> [String]) throws {
    let path = folder.appending(path: file)
    let text = (try? String(contentsOf: path, encoding: .utf8)) ?? ""
    let rows = text.split(separator: "\n").map(String.init)
    try change(rows).map { $0 + "\n" }.joined().write(to: path, atomically: true, encoding: .utf8)
  }

  /// A row with another field, counted from 0.
  func replacing(field: Int, of row: String, with value: String) -> String {
    var fields = row.split(separator: "\t").map(String.init)
    fields[field] = value
    return fields.joined(separator: "\t")
  }

  private static func run(
    _ path: String, _ arguments: [String], _ variables: [String: String] = [:]
  ) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(variables) { $1 }
    process.standardInput = FileHandle.nullDevice
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}
