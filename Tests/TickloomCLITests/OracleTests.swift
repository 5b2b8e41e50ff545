import Foundation
import Testing

/// Real data through the executable, compared with an independent computation beside the repository.
struct OracleTests {
  typealias Harness = CommandLineHarness

  static let shared: URL = {
    let environment = ProcessInfo.processInfo.environment["TICKLOOM_SHARED"]
    return environment.map { URL(filePath: $0) }
      ?? Harness.root.deletingLastPathComponent().appending(path: "shared")
  }()

  /// Why the comparison cannot be made here, if so.
  static let obstacle: String? = {
    guard FileManager.default.fileExists(atPath: shared.appending(path: "oracle").path) else {
      return "there is no ../shared with the oracle and its data"
    }
    let imports = "import numpy, pandas, talib, zstandard"
    return (try? python(["-c", imports])) == 0
      ? nil : "python3 lacks numpy, pandas, TA-Lib or zstandard"
  }()

  static func python(_ arguments: [String]) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3"] + arguments
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }

  @Test(
    .enabled(if: obstacle == nil, "\(obstacle ?? "")"),
    arguments: [
      (["data/ticks/us_trades_20131007"], ["--timeframe", "1m", "--window", "60"], false),
      (
        [
          "data/ticks/us_trades_20131007/AIG_20131007_trades.csv.zst",
          "data/ticks/us_trades_20131007/GC_20131007_trades.csv.zst",
        ],
        ["--timeframe", "10s", "--window", "512", "--lateness", "2s"], true
      ),
      (
        ["data/ticks/fx_quotes_201405"],
        ["--timeframe", "1m", "--window", "60", "--estimator", "ewma:0.97", "--price", "bid"], false
      ),
    ])
  func `real data gives what the oracle computes`(
    inputs: [String], options: [String], isDisturbed: Bool
  ) throws {
    try Harness.inFolder { folder in
      let oracle = Self.shared.appending(path: "oracle/oracle.py").path
      var files = inputs.map { Self.shared.appending(path: $0).path }
      if isDisturbed {
        let (clean, bad) = (folder.appending(path: "clean"), folder.appending(path: "bad").path)
        try FileManager.default.createDirectory(at: clean, withIntermediateDirectories: true)
        for file in files {
          let name = URL(filePath: file).lastPathComponent
          try FileManager.default.copyItem(atPath: file, toPath: clean.appending(path: name).path)
        }
        let disturb = Self.shared.appending(path: "oracle/disturb.py").path
        #expect(try Self.python([disturb, clean.path, bad, "11"]) == 0)
        files = [bad]
      }
      let (theirs, ours) = (
        folder.appending(path: "theirs").path, folder.appending(path: "ours").path
      )
      #expect(try Self.python([oracle, theirs] + files + options) == 0)
      let outcome = try Harness.run(["run"] + files + options + ["--quiet", "--export", ours])
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(try Self.python([oracle, "--compare", theirs, ours]) == 0)
    }
  }
}
