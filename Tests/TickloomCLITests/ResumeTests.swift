import Foundation
import Testing

/// A run that was killed goes on as if nothing had happened.
struct ResumeTests {
  typealias Harness = CommandLineHarness

  private static let tables = ["bars", "features", "versions", "matrices", "rejects"]

  private static let killCount =
    Int(ProcessInfo.processInfo.environment["LOOM_STRESS_RESUMES"] ?? "") ?? 4

  /// What a store holds and what is exported from it, the times of the runs aside.
  private func contents(of store: String, _ folder: URL) throws -> [String] {
    var contents: [String] = []
    for table in Self.tables {
      let found = try Harness.run(["query", store, "SELECT * FROM \(table)", "--csv"])
      #expect(found.status == 0)
      contents.append("\(table): \(found.output.count) \(found.output.hashValue)")
    }
    let export = folder.appending(path: UUID().uuidString)
    #expect(try Harness.run(["replay", store, "--export", export.path]).status == 0)
    for name in Harness.names(in: export) where name != "summary.json" {
      let text = try Harness.lines(name, in: export)
      contents.append("\(name): \(text.count) \(text.hashValue)")
    }
    return contents
  }

  /// Runs, and kills it once the store has grown to about a share of what it will be.
  private func kill(_ arguments: [String], _ store: String, at bytes: Int) throws -> Bool {
    let process = try Harness.start(arguments)
    while process.isRunning, Self.size(store) < bytes { usleep(1000) }
    Foundation.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    return process.terminationReason == .uncaughtSignal
  }

  private static func size(_ store: String) -> Int {
    ["", "-wal"].reduce(0) { sum, suffix in
      let found = try? FileManager.default.attributesOfItem(atPath: store + suffix)[.size]
      return sum + (found as? Int ?? 0)
    }
  }

  @Test(arguments: [
    [], ["--shards", "2"], ["--estimator", "ewma:0.97"],
    ["--lateness", "1s", "--corrections", "10s", "--history", "7"], ["--snapshots", "0"],
  ])
  func `a run that was killed ends as if it had not been`(options: [String]) throws {
    try Harness.inFolder { folder in
      let ticks = try Self.disturbed(folder)
      let (whole, cut) = (folder.path + "/whole.db", folder.path + "/cut.db")
      let every = options.contains("--snapshots") ? [] : ["--snapshots", "5000"]
      let run = ["run", ticks, "--window", "32", "--quiet"] + every + options
      #expect(try Harness.run(run + ["--store", whole]).status == 0)
      let size = Self.size(whole)
      var kills = 0
      for part in 1...Self.killCount {
        let arguments = run + ["--store", cut, "--resume"]
        if try kill(arguments, cut, at: size * part / (Self.killCount + 1)) { kills += 1 }
      }
      #expect(kills > 0)
      let last = try Harness.run(run + ["--store", cut, "--resume"])
      #expect(last.status == 0, "\(last.errors)")
      #expect(try Harness.run(["verify", cut]).status == 0)
      #expect(try contents(of: cut, folder) == contents(of: whole, folder))
    }
  }

  @Test func `an export of a run that went on is of the whole run`() throws {
    try Harness.inFolder { folder in
      let ticks = try Self.disturbed(folder)
      let cut = folder.path + "/cut.db"
      let run = ["run", ticks, "--window", "32", "--quiet", "--store", cut]
      _ = try kill(run, cut, at: 400_000)
      let (there, expected) = (folder.appending(path: "there"), folder.appending(path: "expected"))
      let went = try Harness.run(run + ["--resume", "--export", there.path])
      #expect(went.status == 0, "\(went.errors)")
      let plain = ["run", ticks, "--window", "32", "--quiet", "--export", expected.path]
      #expect(try Harness.run(plain).status == 0)
      for name in Harness.names(in: expected) where name != "summary.json" {
        #expect(
          try Harness.lines(name, in: there) == Harness.lines(name, in: expected), "\(name)")
      }
      #expect(try Harness.run(["verify", cut]).status == 0)
    }
  }

  @Test func `other inputs and other options are refused`() throws {
    try Harness.inFolder { folder in
      let store = folder.path + "/run.db"
      let run = { (market: String, options: [String]) in
        try Harness.run(["run", market, "--store", store, "--quiet"] + options)
      }
      #expect(try run("sim:3,6000,1", ["--window", "32"]).status == 0)
      let other = try run("sim:3,6000,2", ["--window", "32", "--resume"])
      #expect(other.status == 1)
      #expect(
        other.errors.contains("the inputs are not those that the store holds: input 1 differs"))
      let shorter = try run("sim:3,5000,1", ["--window", "32", "--resume"])
      #expect(shorter.status == 1)
      #expect(shorter.errors.contains("they end 1000 rows before"))
      let window = try run("sim:3,6000,1", ["--window", "16", "--resume"])
      #expect(window.status == 1)
      #expect(window.errors.contains("estimator=rolling:32"))
      #expect(try run("sim:3,6000,1", ["--resume"]).errors.contains("rolling:256"))
      #expect(try run("sim:3,6000,1", []).errors.contains("--resume"))
      let again = try run("sim:3,6000,1", ["--window", "32", "--resume"])
      #expect(again.status == 0, "\(again.errors)")
    }
  }

  @Test func `a run that was stopped keeps its store and says so`() throws {
    try Harness.inFolder { folder in
      let store = folder.path + "/run.db"
      let errors = Pipe()
      let process = try Harness.start(
        ["run", "sim:9,900000000,1", "--store", store], errors: errors)
      while process.isRunning, Self.size(store) < 2_000_000 { usleep(1000) }
      Foundation.kill(process.processIdentifier, SIGINT)
      process.waitUntilExit()
      let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      #expect(process.terminationStatus == 130)
      #expect(said.contains("inputs so far; --resume goes on there"))
      #expect(try Harness.run(["verify", store]).status == 0)
    }
  }

  /// Damages the last block of a store.
  private func tearTail(_ store: String) throws {
    let update = """
      import sqlite3
      db = sqlite3.connect('\(store)')
      db.execute("update blocks set block = zeroblob(length(block)) where id = (select max(id) from blocks)")
      db.commit()
      """
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-c", update]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }

  @Test(arguments: ["0", "5000"], [false, true])
  func `a damaged tail is taken again, also by a run that is killed`(
    every: String, isKilled: Bool
  ) throws {
    try Harness.inFolder { folder in
      let ticks = try Self.disturbed(folder)
      let (whole, cut) = (folder.path + "/whole.db", folder.path + "/cut.db")
      let run = ["run", ticks, "--window", "32", "--quiet", "--snapshots", every]
      #expect(try Harness.run(run + ["--store", whole]).status == 0)
      #expect(try Harness.run(run + ["--store", cut]).status == 0)
      try tearTail(cut)
      let arguments = run + ["--store", cut, "--resume"]
      if isKilled { _ = try kill(arguments, cut, at: Self.size(cut) + 200_000) }
      let last = try Harness.run(arguments)
      #expect(last.status == 0, "\(last.errors)")
      #expect(try Harness.run(["verify", cut, "--rebuild"]).status == 0)
      #expect(try contents(of: cut, folder) == contents(of: whole, folder))
    }
  }

  @Test func `an export that is killed takes no results along`() throws {
    try Harness.inFolder { folder in
      let ticks = try Self.disturbed(folder)
      let (whole, cut) = (folder.path + "/whole.db", folder.path + "/cut.db")
      let run = ["run", ticks, "--window", "32", "--quiet", "--snapshots", "5000"]
      #expect(try Harness.run(run + ["--store", whole]).status == 0)
      #expect(try Harness.run(run + ["--store", cut]).status == 0)
      let export = run + ["--store", cut, "--resume", "--export", folder.path + "/out"]
      let process = try Harness.start(export)
      while process.isRunning, Self.size(cut + "-wal") < 400_000 { usleep(1000) }
      Foundation.kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      #expect(try Harness.run(run + ["--store", cut, "--resume"]).status == 0)
      #expect(try Harness.run(["verify", cut, "--rebuild"]).status == 0)
      #expect(try contents(of: cut, folder) == contents(of: whole, folder))
    }
  }

  @Test(arguments: [[], ["--export", "$folder/out"]])
  func `fewer rows than before are refused`(options: [String]) throws {
    try Harness.inFolder { folder in
      let options = options.map { $0.replacing("$folder", with: folder.path) }
      let store = folder.path + "/run.db"
      let lines = try Harness.run(["sim", "3,6000,1"]).output.split(separator: "\n")
      let all = try Harness.write(
        lines.joined(separator: "\n") + "\n", "ticks.csv", in: folder)
      let run = ["run", all, "--window", "16", "--quiet", "--store", store]
      #expect(try Harness.run(run).status == 0)
      _ = try Harness.write(
        lines.prefix(3000).joined(separator: "\n") + "\n", "ticks.csv", in: folder)
      let again = try Harness.run(run + ["--resume"] + options)
      #expect(again.status == 1)
      #expect(again.errors.contains("the inputs are not those that the store holds"))
    }
  }

  @Test func `the counts of a run that went on are those of one that did not`() throws {
    try Harness.inFolder { folder in
      let ticks = try Self.disturbed(folder)
      let store = folder.path + "/run.db"
      let run = [
        "run", ticks, "--window", "32", "--store", store, "--snapshots", "5000", "--json",
      ]
      func total(_ outcome: Harness.Outcome) throws -> [String: Int] {
        let json = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
        let total = (json as? [String: Any])?["total"] as? [String: Any]
        return total?.compactMapValues { $0 as? Int } ?? [:]
      }
      let first = try total(Harness.run(run))
      #expect(first["malformed"] ?? 0 > 100)
      #expect(try total(Harness.run(run + ["--resume"])) == first)
      #expect(try total(Harness.run(run + ["--resume"])) == first)
    }
  }

  @Test func `what a crash has left of a store that was being made is none`() throws {
    try Harness.inFolder { folder in
      let store = folder.path + "/run.db"
      // What SQLite writes first: a page with the size of pages and the kind of log.
      let make =
        "import sqlite3; db = sqlite3.connect('\(store)'); "
        + "db.execute('PRAGMA page_size = 16384'); db.execute('PRAGMA journal_mode = WAL'); db.close()"
      let process = Process()
      process.executableURL = URL(filePath: "/usr/bin/env")
      process.arguments = ["python3", "-c", make]
      try process.run()
      process.waitUntilExit()
      #expect(Self.size(store) > 0)
      let run = try Harness.run(["run", "sim:3,6000,1", "--store", store, "--resume", "--quiet"])
      #expect(run.status == 0, "\(run.errors)")
      #expect(try Harness.run(["verify", store]).status == 0)
    }
  }

  @Test func `a live run goes on behind what it kept`() throws {
    try Harness.inFolder { folder in
      let (whole, parts) = (folder.path + "/whole.db", folder.path + "/parts.db")
      let lines = try Harness.run(["sim", "3,6000,1"]).output.split(separator: "\n")
      let (header, rows) = (String(lines[0]), lines.dropFirst().map(String.init))
      let options = ["--window", "16", "--quiet"]
      let all = ([header] + rows).joined(separator: "\n") + "\n"
      let once = try Harness.run(["live", "-", "--store", whole] + options, input: all)
      #expect(once.status == 0, "\(once.errors)")
      for start in stride(from: 0, to: rows.count, by: 2500) {
        let some = [header] + rows[start..<min(rows.count, start + 2500)]
        let text = some.joined(separator: "\n") + "\n"
        let part = try Harness.run(
          ["live", "-", "--store", parts, "--resume"] + options, input: text)
        #expect(part.status == 0, "\(part.errors)")
      }
      #expect(try Harness.run(["verify", parts]).status == 0)
      #expect(try contents(of: parts, folder) == contents(of: whole, folder))
    }
  }

  /// Ticks of which some are late, repeated or no ticks at all.
  private static func disturbed(_ folder: URL) throws -> String {
    var lines = try Harness.run(["sim", "5,60000,7"]).output.split(separator: "\n").map(String.init)
    for place in stride(from: 50, to: lines.count, by: 97) {
      switch place % 4 {
      case 0: lines.insert(lines[place - 30], at: place)
      case 1: lines.swapAt(place, place - 40)
      case 2: lines.insert("nonsense,,,", at: place)
      default: lines.insert(lines[place], at: place + 1)
      }
    }
    return try Harness.write(lines.joined(separator: "\n") + "\n", "ticks.csv", in: folder)
  }
}
