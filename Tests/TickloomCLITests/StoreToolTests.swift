import Foundation
import Testing

/// What the commands over a store say, and how they refuse.
struct StoreToolTests {
  typealias Harness = CommandLineHarness

  /// Calls `body` with the path of the store of a small run, in a folder of its own.
  static func withStore(_ body: (String, URL) throws -> Void) throws {
    try Harness.inFolder { folder in
      let store = folder.appending(path: "run.db").path
      let run = ["run", "sim:3,6000,5", "--store", store, "--history", "50", "--quiet"]
      #expect(try Harness.run(run).status == 0)
      try body(store, folder)
    }
  }

  @Test func `info tells what a store holds`() throws {
    try Self.withStore { store, _ in
      let outcome = try Harness.run(["info", store])
      #expect(outcome.status == 0 && outcome.errors.isEmpty)
      for part in [
        "finished", "bars of 1s", "6,000, in 2 blocks, sequences 1 to 6,000", "bytes an input",
        "of 27 features", "SIM1    2024-01-02 14:30 UTC",
      ] {
        #expect(outcome.output.contains(part), "\(part) is not in \(outcome.output)")
      }
    }
  }

  @Test func `info is JSON for programs`() throws {
    try Self.withStore { store, _ in
      let outcome = try Harness.run(["info", store, "--json"])
      let object = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
      let json = try #require(object as? [String: Any])
      #expect(json["inputs"] as? Int == 6000)
      #expect(json["last_seq"] as? Int == 6000)
      #expect((json["symbols"] as? [[String: Any]])?.map { $0["name"] as? String }.count == 3)
      let bars = (json["symbols"] as? [[String: Any]])?.compactMap { $0["bars"] as? Int }
      #expect(bars?.reduce(0, +) == json["bars"] as? Int)
    }
  }

  @Test func `verify tells damage by its exit status and a line each`() throws {
    try Self.withStore { store, folder in
      let sound = try Harness.run(["verify", store])
      #expect(sound.status == 0 && sound.errors.isEmpty)
      #expect(sound.output.contains("run.db is sound\n6,000 inputs in 2 blocks"))
      var bytes = try Data(contentsOf: URL(filePath: store))
      let magic = Data([0xB1] + Array("LoomBk\n".utf8))
      let block = try #require(bytes.firstRange(of: magic))
      bytes[block.lowerBound + 1000] ^= 1
      let damaged = folder.appending(path: "damaged.db").path
      try bytes.write(to: URL(filePath: damaged))
      let outcome = try Harness.run(["verify", damaged])
      #expect(outcome.status == 4 && outcome.errors.isEmpty)
      #expect(outcome.output.contains("damaged.db is damaged\n"))
      #expect(outcome.output.contains(": its checksum differs\n"), "\(outcome.output)")
      let json = try Harness.run(["verify", damaged, "--json"])
      #expect(json.status == 4)
      let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8))
      #expect((object as? [String: Any])?["verdict"] as? String == "damaged")
    }
  }

  @Test func `backup makes a verified copy and replaces nothing`() throws {
    try Self.withStore { store, folder in
      let copy = folder.appending(path: "copy.db").path
      let outcome = try Harness.run(["backup", store, copy])
      #expect(outcome.status == 0 && outcome.errors.isEmpty)
      #expect(outcome.output.contains("copy.db holds 6,000 inputs, verified"))
      #expect(try Harness.run(["verify", copy]).status == 0)
      let before = try Data(contentsOf: URL(filePath: copy))
      let again = try Harness.run(["backup", store, copy])
      #expect(again.status == 1)
      #expect(again.errors.contains("copy.db exists already; name a new file"))
      #expect(try Data(contentsOf: URL(filePath: copy)) == before)
      #expect(!Harness.names(in: folder).contains { $0.hasSuffix(".partial") })
    }
  }

  @Test func `recover makes a new store of what is left`() throws {
    try Self.withStore { store, folder in
      var bytes = try Data(contentsOf: URL(filePath: store))
      bytes.replaceSubrange(0..<32_768, with: Data(count: 32_768))
      try bytes.write(to: URL(filePath: store))
      let good = folder.appending(path: "good.db").path
      #expect(try Harness.run(["verify", store]).status == 4)
      let outcome = try Harness.run(["recover", store, good])
      #expect(outcome.status == 4 && outcome.errors.isEmpty)
      #expect(outcome.output.contains("good.db holds 6,000 inputs in 2 blocks"))
      #expect(try Harness.run(["verify", good]).status == 0)
      #expect(try Harness.run(["info", good]).output.contains("recovered"))
      #expect(try Harness.run(["recover", store, good]).errors.contains("exists already"))
    }
  }

  @Test(arguments: [
    (["recover", "a"], 2, "two arguments"),
    (["recover", "none.db", "tickloom-none.db"], 1, "there is no store none.db"),
    (["recover", "/etc/passwd", "tickloom-none.db"], 1, "there is nothing in it to recover"),
    (["backup", "a"], 2, "two arguments"),
    (["backup", "none.db", "tickloom-none/x"], 1, "No such file or directory"),
    (["backup", "none.db", "tickloom-none.db"], 1, "there is no store none.db"),
    (["backup", "/etc/passwd", "tickloom-none.db"], 1, "not a Tickloom store"),
    (["verify"], 2, "one argument"), (["verify", "none.db"], 1, "there is no store none.db"),
    (["verify", "/etc/passwd"], 1, "not a Tickloom store"),
    (["info"], 2, "one argument"), (["info", "a", "b"], 2, "one argument"),
    (["info", "a", "--jsn"], 2, "--jsn"), (["info", "none.db"], 1, "there is no store none.db"),
    (["info", "/"], 1, "it is no file"), (["info", "/etc/passwd"], 1, "not a Tickloom store"),
  ])
  func `wrong usage and wrong files are told apart`(
    arguments: [String], status: Int32, part: String
  ) throws {
    let outcome = try Harness.run(arguments)
    #expect(outcome.status == status)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.contains(part), "\(outcome.errors)")
  }
}
