import Foundation
import Testing

/// Rules about the files themselves, so that reviewers need not count lines.
struct TidyTests {
  @Test func `there are files to look at`() {
    #expect(Repository.sources.count > 20)
    #expect(Repository.modules.contains("LoomCore"))
  }

  @Test(arguments: Repository.sources)
  func `is short, narrow and finished`(file: String) throws {
    let lines = try Repository.lines(of: file)
    #expect(lines.count <= 400, "\(file) has \(lines.count) lines")
    #expect(lines.last == "", "\(file) does not end with a line break")
    for (number, line) in lines.enumerated() {
      let place = "\(file):\(number + 1)"
      #expect(line.count <= 120, "\(place) is \(line.count) columns wide")
      #expect(!line.contains("\t"), "\(place) holds a tab")
      #expect(line.last != " ", "\(place) ends with a blank")
      for leftover in leftovers { #expect(!line.contains(leftover), "\(place): \(leftover)") }
    }
  }

  /// In pieces, so that this file does not hold them.
  let leftovers = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK", "<<<<" + "<<<"]

  @Test func `the root holds nothing but the known entries`() {
    let known: Set = [
      "Benchmarks", "CSources", "LICENSE", "Makefile", "Package.resolved", "Package.swift",
      "README.md", "Sources", "Tests", "perf",
    ]
    #expect(Set(Repository.entries).subtracting(known) == [])
  }

  @Test(arguments: ["Makefile", ".ci/run", ".ci/coverage", "perf/gate", "perf/peers", "LICENSE"])
  func `the everyday files are there`(file: String) {
    let path = Repository.root.appending(path: file).path
    #expect(FileManager.default.fileExists(atPath: path))
    if file.contains("/") { #expect(FileManager.default.isExecutableFile(atPath: path)) }
  }

  @Test func `the continuous check runs the command of the README`() throws {
    #expect(try Repository.text(of: ".ci/run").contains("\nmake test "))
  }
}
