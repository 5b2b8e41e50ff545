import Foundation
import Testing

/// The table of ticks as an extension of another program's SQLite.
struct ExtensionTests {
  private static let shell = "/usr/bin/sqlite3"
  private static let python = "/usr/bin/python3"

  private static func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(filePath: arguments[0])
    process.arguments = Array(arguments.dropFirst())
    process.currentDirectoryURL = CommandLineHarness.root
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }

  /// Calls `body` with the extension and a store, made for this.
  private static func withExtension(_ body: (String, String) throws -> Void) throws {
    try CommandLineHarness.inFolder { folder in
      let library = folder.appending(path: "tickloom_ticks.so").path
      let made = try run(["/usr/bin/make", "extension", "EXTENSION=\(library)"])
      try #require(made.status == 0, "\(made.output)")
      let store = folder.appending(path: "market.db").path
      let wrote = try CommandLineHarness.run(["run", "sim:3,9000,1", "--store", store, "--quiet"])
      try #require(wrote.status == 0, "\(wrote.errors)")
      try body(library, store)
    }
  }

  private static let hasMake = FileManager.default.isExecutableFile(atPath: "/usr/bin/make")
  private static let sql = "SELECT seq, time, symbol, bid, reason, source FROM ticks WHERE seq > 99"

  @Test(
    .enabled(if: hasMake && FileManager.default.isExecutableFile(atPath: shell), "no sqlite3"))
  func `SQLite's shell finds the same rows`() throws {
    try Self.withExtension { library, store in
      let shell = try Self.run(
        [Self.shell, "-readonly", "-csv", "-header", store, ".load \(library)", Self.sql])
      let ours = try CommandLineHarness.run(["query", store, Self.sql, "--csv"])
      #expect(shell.status == 0)
      let expected = ours.output.split(separator: "\n").map { $0.split(separator: ",") }
      let found = shell.output.split(whereSeparator: \.isNewline).map { $0.split(separator: ",") }
      // The shell writes 46.0 where we write 46, so numbers are left out.
      #expect(expected.count == 9000 - 99 + 1)
      #expect(expected.map { $0.prefix(3) } == found.map { $0.prefix(3) })
      #expect(expected.map(\.last) == found.map(\.last))
    }
  }

  private static let hasPython =
    (try? run([
      python, "-c", "import sqlite3; sqlite3.Connection.enable_load_extension",
    ]))?.status == 0

  @Test(.enabled(if: hasMake && hasPython, "no Python whose sqlite3 loads extensions"))
  func `Python reads it, and is told of another database`() throws {
    try Self.withExtension { library, store in
      let script = """
        import sqlite3, sys
        for path in sys.argv[2:]:
            connection = sqlite3.connect(path)
            connection.enable_load_extension(True)
            connection.load_extension(sys.argv[1])
            try:
                print(connection.execute("SELECT count(*), max(seq) FROM ticks").fetchall())
                connection.execute("DELETE FROM ticks")
            except sqlite3.Error as error:
                print(error)
        """
      let run = try Self.run([Self.python, "-c", script, library, store, ":memory:"])
      #expect(
        run.output == """
          [(9000, 9000)]
          table ticks may not be modified
          the database is not a Tickloom store

          """)
    }
  }
}
