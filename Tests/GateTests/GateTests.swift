import Foundation
import Testing

/// perf/gate on a program whose workloads are made worse one way at a time.
@Suite(
  .enabled(if: Gate.hasTools, "valgrind is not installed; make deps-gate"), .serialized)
struct GateTests {
  @Test func `nothing changed, nothing said`() throws {
    let gate = try Gate()
    let run = try gate.run()
    #expect(run.status == 0, "\(run.output)")
    for name in ["probe.hot", "probe.cold", "probe.size"] { #expect(run.output.contains(name)) }
  }

  @Test(arguments: ["allocation", "retain", "access", "longer"])
  func `one call more and a loop three hundredths longer are worse`(mutant: String) throws {
    let run = try Gate().run(mutant, ["--only", "counts"])
    #expect(run.status == 2, "\(run.output)")
    #expect(run.output.contains("WORSE   probe.hot"))
    #expect(run.output.contains("same    probe.cold"))
  }

  @Test func `a call in what is hot is worse even where the file allows it`() throws {
    let gate = try Gate()
    try gate.edit("thresholds.tsv") { rows in
      rows.map { $0.hasPrefix("probe.hot") ? gate.replacing(field: 2, of: $0, with: "1") : $0 }
    }
    #expect(try gate.run("allocation", ["--only", "counts"]).status == 2)
  }

  @Test func `fewer instructions are told from none changed`() throws {
    #expect(try Gate().run("shorter", ["--only", "counts"]).status == 4)
  }

  @Test func `an update makes a change the new measure`() throws {
    let gate = try Gate()
    #expect(try gate.run("longer", ["--only", "counts", "--update", "probe.hot"]).status == 0)
    #expect(try gate.run("longer", ["--only", "counts"]).status == 0)
    #expect(try gate.run("", ["--only", "counts"]).status == 4)
  }

  @Test(arguments: [("thresholds.tsv", "counts"), ("ratios.tsv", "ratios")])
  func `an update leaves the rows that it does not name`(file: String, part: String) throws {
    let gate = try Gate()
    var before: [String] = []
    try gate.edit(file) { rows in
      before = rows.map { $0.hasPrefix("probe") ? gate.replacing(field: 1, of: $0, with: "7") : $0 }
      return before
    }
    #expect(try gate.run("", ["--only", part, "--update", "probe.hot"]).status == 0)
    var after: [String] = []
    try gate.edit(file) { rows in
      after = rows
      return rows
    }
    #expect(after.count == before.count)
    for (new, old) in zip(after, before) { #expect((new == old) != old.hasPrefix("probe.hot")) }
  }

  @Test(arguments: ["thresholds.tsv", "ratios.tsv", "budgets.tsv"])
  func `a row that is gone, and an empty file, are no silence`(file: String) throws {
    let part = ["--only", ["thresholds.tsv": "counts", "ratios.tsv": "ratios"][file] ?? "budgets"]
    let gate = try Gate()
    try gate.edit(file) { rows in rows.filter { $0.hasPrefix("#") || $0.hasPrefix("probe.cold") } }
    let short = try gate.run("", part)
    #expect(short.status == 2, "\(short.output)")
    #expect(short.output.contains("do not have the same names"))
    try gate.edit(file) { _ in [] }
    #expect(try gate.run("", part).status == 2)
  }

  @Test func `a row for nothing is no silence`() throws {
    let gate = try Gate()
    try gate.edit("thresholds.tsv") { $0 + ["probe.gone\t1\t0\t0\t0\t0"] }
    #expect(try gate.run("", ["--only", "counts"]).status == 2)
  }

  @Test func `a ratio judges on its own processor only, after three tries`() throws {
    let gate = try Gate()
    let slow = try gate.run("slow", ["--only", "ratios"])
    #expect(slow.status == 2, "\(slow.output)")
    #expect(slow.output.contains("try 3"))
    let elsewhere = try gate.run("elsewhere", ["--only", "ratios"])
    #expect(elsewhere.status == 0 && elsewhere.output.contains("another processor"))
  }

  @Test func `a ceiling is a ceiling`() throws {
    #expect(try Gate().run("large", ["--only", "budgets"]).status == 2)
  }

  @Test(arguments: ["counts", "ratios", "budgets"])
  func `a program that fails has not passed`(part: String) throws {
    #expect(try Gate().run("crash", ["--only", part]).status == 1)
  }

  @Test func `an unknown word shows how it is used`() throws {
    let run = try Gate().run("", ["--what"])
    #expect(run.status == 1 && run.output.contains("--update"))
  }
}
