import Foundation
import Testing

/// What is refused because it cannot be meant, and what is told although the run is good.
struct RefusalTests {
  typealias Harness = CommandLineHarness

  static let rows = """
    timestamp,symbol,price
    2024-01-01T00:00:00Z,A,1
    2024-01-01T00:00:01Z,B,2
    2024-01-01T00:00:02Z,A,3

    """

  @Test(arguments: [
    (["--export", ""], "--export: the value is empty"), (["--symbols", ""], "--symbols"),
    (["--store", ""], "--store: the value is empty"), (["--symbols", "A,"], "`A,`"),
    (["--min-periods", "300"], "more than the 256 rows of --window"),
    (["--from", "2024-01-02", "--to", "2024-01-02"], "is not before --to"),
    (["--columns", "time"], "role=column"), (["--time-zone", "Mars/Base"], "no zone `Mars/Base`"),
    (["--report", "s", "--store", "s"], "the same file"), (["--resume"], "--resume needs --store"),
    (["--snapshots", "-1", "--store", "s"], "0 or more"), ([""], "an input is empty"),
  ])
  func `wrong usage exits with 2`(options: [String], part: String) throws {
    try Harness.inFolder { folder in
      let file = try Harness.write(Self.rows, "x.csv", in: folder)
      let outcome = try Harness.run(["run", file] + options)
      #expect(outcome.status == 2, "\(outcome.errors)")
      #expect(outcome.errors.contains(part), "\(outcome.errors)")
      #expect(Harness.names(in: folder) == ["x.csv"])
    }
  }

  @Test func `a file is not read twice`() throws {
    try Harness.inFolder { folder in
      let file = try Harness.write(Self.rows, "x.csv", in: folder)
      try FileManager.default.createSymbolicLink(
        atPath: folder.path + "/link.csv", withDestinationPath: file)
      for inputs in [[file, file], [folder.path], [file, folder.path + "/./x.csv"]] {
        let outcome = try Harness.run(["run"] + inputs)
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("given twice; name each file once"), "\(outcome.errors)")
      }
    }
  }

  @Test func `an input is never replaced`() throws {
    try Harness.inFolder { folder in
      let file = try Harness.write(Self.rows, "bars.csv", in: folder)
      for (arguments, status) in [
        ([file, "--export", folder.path], 1), ([folder.path, "--export", folder.path + "/."], 1),
        ([file, "--report", file], 2), ([file, "--store", file], 1),
      ] {
        let outcome = try Harness.run(["run"] + arguments)
        #expect(outcome.status == Int32(status), "\(arguments)")
        #expect(outcome.errors.contains("bars.csv"), "\(outcome.errors)")
      }
      #expect(Harness.names(in: folder) == ["bars.csv"])
      #expect(try Harness.lines("bars.csv", in: folder).joined(separator: "\n") + "\n" == Self.rows)
    }
  }

  @Test(arguments: [
    (["--export", "F/out", "--store", "F/out/summary.json"], 1, "replace the store"),
    (["--export", "F/.", "--store", "F/bars.csv"], 1, "replace the store"),
    (["--export", "F/out", "--report", "F/out//n_eff.csv"], 2, "n_eff.csv of --export"),
    (["--export", "F", "--report", "F/../F/bars.csv"], 2, "bars.csv of --export"),
    (["--store", "F/s", "--report", "F/./s"], 2, "the same file"),
  ])
  func `no output takes the place of another`(
    options: [String], status: Int32, part: String
  ) throws {
    try Harness.inFolder { folder in
      let file = try Harness.write(Self.rows, "x.csv", in: folder)
      let folded = options.map { $0.replacing("F/../F", with: "F/../\(folder.lastPathComponent)") }
      let outcome = try Harness.run(
        ["run", file]
          + folded.map { option in
            option.hasPrefix("F") ? folder.path + option.dropFirst() : option
          })
      #expect(outcome.status == status, "\(outcome.errors)")
      #expect(outcome.errors.contains(part), "\(outcome.errors)")
      #expect(Harness.names(in: folder) == ["x.csv"])
    }
  }

  @Test func `a report may stand in a folder that is not there yet`() throws {
    try Harness.inFolder { folder in
      let file = try Harness.write(Self.rows, "x.csv", in: folder)
      let out = folder.path + "/new/out"
      let good = try Harness.run(["run", file, "--export", out, "--report", out + "/report.html"])
      #expect(good.status == 0, "\(good.errors)")
      #expect(Harness.names(in: folder.appending(path: "new/out")).contains("report.html"))
      let report = folder.path + "/other/report.html"
      let failed = try Harness.run(["run", folder.path + "/none.csv", "--report", report])
      #expect(failed.status == 1)
      #expect(Harness.names(in: folder) == ["new", "x.csv"])
    }
  }

  @Test(arguments: [
    ("", ["--symbols", "A,C"], 0, "no row has the symbol `C`"),
    ("", ["--from", "2025-01-01"], 0, "no row is left by --from\n"),
    ("2024-01-01T00:00:03Z,A,-1\n", ["--strict"], 3, "1 of 4 inputs were rejected"),
  ])
  func `what is easily overlooked is told`(
    row: String, options: [String], status: Int32, part: String
  ) throws {
    try Harness.inFolder { folder in
      let file = try Harness.write(Self.rows + row, "x.csv", in: folder)
      let outcome = try Harness.run(["run", file, "--quiet"] + options)
      #expect(outcome.status == status)
      #expect(outcome.errors.contains(part), "\(outcome.errors)")
      #expect(outcome.output.isEmpty)
    }
  }

  @Test func `inputs without one good row are told of`() throws {
    let header = "timestamp,symbol,price\n"
    let empty = try Harness.run(["run", "-"], input: header)
    #expect(empty.status == 0)
    #expect(empty.errors.contains("there is not one row in the input"))
    let bad = try Harness.run(["run", "-"], input: header + "2024-01-01T00:00:00Z,A,-1\n")
    #expect(bad.status == 0)
    #expect(bad.errors.contains("every input was rejected"))
  }

  @Test func `files that are left out are told of, and cannot be all`() throws {
    try Harness.inFolder { folder in
      let files = [
        try Harness.write("{}", "a.csv", in: folder),
        try Harness.write(Self.rows, "b.csv", in: folder),
      ]
      let outcome = try Harness.run(["run", "--skip-unreadable", "--quiet"] + files)
      #expect(outcome.status == 0)
      #expect(outcome.errors.contains("left out: ") && outcome.errors.contains("a.csv: is JSON"))
      let none = try Harness.run(["run", "--skip-unreadable", "--timeframe", "1s", files[0]])
      #expect(none.status == 1)
      #expect(none.errors.contains("no input is left to read"), "\(none.errors)")
    }
  }

  @Test(arguments: [
    (
      "time,price\n" + String(repeating: "soon,1\n", count: 9) + "2024-01-01,1\n",
      "9 are malformed",
      "--time-unit"
    ),
    (
      "time,price,id\n" + String(repeating: "2024-01-01,1,5\n", count: 9), "8 are duplicates",
      "repeats itself"
    ),
    (
      "time,symbol,price\n2024-01-02,A,1\n2024-01-02,B,1\n"
        + (0..<9).map { "2024-01-01T00:00:0\($0)Z,A,1\n" }.joined(), "9 are late", "--sort"
    ),
  ])
  func `a file that is mostly refused fails with the counts`(
    text: String, counts: String, option: String
  ) throws {
    try Harness.inFolder { folder in
      let file = try Harness.write(text, "x_y.csv", in: folder)
      let out = folder.appending(path: "out")
      let outcome = try Harness.run(["run", file, "--export", out.path])
      #expect(outcome.status == 1)
      #expect(outcome.errors.contains("x_y.csv"), "\(outcome.errors)")
      #expect(outcome.errors.contains(counts), "\(outcome.errors)")
      #expect(outcome.errors.contains(option), "\(outcome.errors)")
      #expect(Harness.names(in: folder) == ["x_y.csv"])
    }
  }

  @Test func `names that could command a terminal are shown harmless`() throws {
    let outcome = try Harness.run(["run", "no\u{1B}[31msuch\nfile"])
    #expect(outcome.status == 1)
    #expect(!outcome.errors.contains("\u{1B}"))
    #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
  }

  @Test func `a name that is no text is told as such`() throws {
    try Harness.inFolder { folder in
      let line = "cd $folder; n=$(printf 'a\\377.csv'); echo time,price > $n; $tickloom run "
      for input in [".", "$n"] {
        let outcome = try SurroundingsTests.shell(line + input, in: folder)
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("its name is not UTF-8; rename it"), "\(outcome.errors)")
      }
    }
  }

  @Test(arguments: [([], true), (["--timeframe", "7d"], false), (["--bars", "7d"], false)])
  func `a week that lost an hour is told`(options: [String], isTold: Bool) throws {
    let rows = """
      Date,Open,High,Low,Close
      2024-03-18T00:00:00+00:00,1,1,1,1
      2024-03-25T00:00:00+00:00,1,1,1,1
      2024-04-01T00:00:00+01:00,1,1,1,1

      """
    try Harness.inFolder { folder in
      let file = try Harness.write(rows, "x.csv", in: folder)
      let outcome = try Harness.run(["run", file] + options)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.errors.contains("--timeframe 7d") == isTold, "\(outcome.errors)")
    }
  }

  @Test(arguments: [([], true), (["--timeframe", "2s"], false), (["--quiet"], false)])
  func `a matrix without any pair is told`(options: [String], isTold: Bool) throws {
    // Of one symbol no two bars of a second are neighbours, so that it has no returns.
    let rows = (0..<300).map { second in
      "\(1_500_000_000 + second),A,\(100 + second % 7)\n"
        + (second % 2 == 0 ? "\(1_500_000_000 + second),B,\(100 + second % 9)\n" : "")
    }
    try Harness.inFolder { folder in
      let file = try Harness.write("time,symbol,price\n" + rows.joined(), "x.csv", in: folder)
      let outcome = try Harness.run(["run", file] + options)
      #expect(outcome.status == 0)
      #expect(outcome.errors.contains("fewer than 128 of the last rows") == isTold)
    }
  }
}
