import Foundation
import Testing

/// `--shards` changes the time that a run takes, and nothing else.
struct ShardRunTests {
  typealias Harness = CommandLineHarness

  static func export(_ shards: Int, in folder: URL) throws -> [String: Data] {
    let out = folder.appending(path: "shards\(shards)")
    let outcome = try Harness.run([
      "run", "sim:9,30000,5", "--shards", "\(shards)", "--lateness", "2s", "--history", "20",
      "--export", out.path, "--quiet",
    ])
    #expect(outcome.status == 0, "\(outcome.errors)")
    var files: [String: Data] = [:]
    for name in Harness.names(in: out) where name != "summary.json" {
      files[name] = try Data(contentsOf: out.appending(path: name))
    }
    return files
  }

  @Test func `the export has the same bytes for any number of shards`() throws {
    try Harness.inFolder { folder in
      let one = try Self.export(1, in: folder)
      #expect(one.count == 7)
      for shards in [2, 4] {
        #expect(try Self.export(shards, in: folder) == one, "\(shards) shards")
      }
    }
  }

  @Test(arguments: ["0", "65", "two"])
  func `a number of shards there cannot be is told`(value: String) throws {
    let outcome = try Harness.run(["run", "sim:1,10,1", "--shards", value])
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("1 … 64"))
  }
}
