import Foundation
import Testing

/// What a shell, a disk or another user can do to a run.
struct SurroundingsTests {
  typealias Harness = CommandLineHarness

  /// Runs a line of shell, in which `$tickloom` is the executable and `$folder` a new folder.
  static func shell(_ line: String, in folder: URL) throws -> Harness.Outcome {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", line]
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["tickloom": Harness.executable.path, "folder": folder.path]) { $1 }
    let (output, errors) = (folder.appending(path: ".out"), folder.appending(path: ".err"))
    for file in [output, errors] { try Data().write(to: file) }
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return Harness.Outcome(
      status: process.terminationStatus,
      output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self))
  }

  static func succeeds(_ line: String) -> Bool {
    (try? shell(line, in: FileManager.default.temporaryDirectory).status) == 0
  }

  /// Makes a folder that others may enter: theirs are the refusals.
  static func inOpenFolder<Value>(_ body: (URL) throws -> Value) throws -> Value {
    try Harness.inFolder { folder in
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path)
      return try body(folder)
    }
  }

  @Test(arguments: [
    ("$tickloom run - <&-", 1, "standard input"),
    ("$tickloom run sim:2,2000,1 >&-", 1, "standard output"),
    ("$tickloom run sim:2,2000,1 > /dev/full", 1, "free some space"),
    ("$tickloom sim 2,2000,1 > /dev/full", 1, "free some space"),
    ("$tickloom run sim:2,2000,1 --export $folder/out >&- 2>&- <&-", 1, ""),
    ("$tickloom run nothing.csv 2>&-", 1, ""),
    ("$tickloom run sim:2,2000,1 2>&-", 0, ""),
    (
      """
      printf 'time,price\\n2024-01-02,1\\n2024-01-01,1\\n' | gzip > $folder/newest_first.csv.gz
      TMPDIR=/nonexistent $tickloom run $folder/newest_first.csv.gz --export $folder/out
      """, 1, "No such file or directory; name another folder in the environment variable TMPDIR"
    ),
  ])
  func `says what is missing`(line: String, status: Int32, part: String) throws {
    try expect(line, status, part)
  }

  /// The sanitizers' own memory is a file, which the limit would end.
  @Test(.enabled(if: !isSanitized)) func `says that a file may not grow`() throws {
    try expect(
      "ulimit -f 8; $tickloom run sim:4,40000,1 --export $folder/out", 1, "ulimit -f")
  }

  static let isSanitized = (["__asan_init", "__tsan_init"] as [String]).contains {
    unsafe dlsym(nil, $0) != nil
  }

  private func expect(_ line: String, _ status: Int32, _ part: String) throws {
    try Harness.inFolder { folder in
      let outcome = try Self.shell(line, in: folder)
      #expect(outcome.status == status)
      #expect(part.isEmpty || outcome.errors.contains(part), "\(outcome.errors)")
      // Where only the summary cannot be shown, the export is there, and whole.
      let left = Harness.names(in: folder.appending(path: "out"))
      #expect(left.isEmpty || left.count == 7, "\(left)")
      #expect(!left.contains { $0.hasSuffix(".partial") }, "\(left)")
    }
  }

  @Test(
    .enabled(if: getuid() == 0, "only root can become somebody who is refused"),
    arguments: [
      (
        "$folder/mine.csv",
        "mine.csv: cannot be opened: Permission denied; choose what you may read"
      ),
      ("$folder/locked", "locked: cannot be opened: Permission denied; choose what you may read"),
      ("sim:2,2000,1 --export $folder", "bars.csv: Permission denied; choose a folder"),
      ("sim:2,2000,1 --export $folder/new", "new: Permission denied; choose a folder"),
      ("sim:2,2000,1 --report $folder/r.html", "r.html: Permission denied; choose a folder"),
      ("sim:2,2000,1 --store $folder/s.db", "s.db: Permission denied; choose a file and a folder"),
    ])
  func `names what it may not touch`(arguments: String, part: String) throws {
    try Self.inOpenFolder { folder in
      _ = try Harness.write("time,price\n", "mine.csv", in: folder)
      // The build folder may be out of reach for others.
      let copy = folder.appending(path: "tickloom")
      try FileManager.default.copyItem(at: Harness.executable, to: copy)
      let before = try Self.shell(
        "chmod 600 $folder/mine.csv; mkdir -m 700 $folder/locked; ls -A $folder", in: folder)
      let outcome = try Self.shell(
        "setpriv --reuid 65534 --regid 65534 --clear-groups $folder/tickloom run \(arguments)",
        in: folder)
      #expect(outcome.status == 1)
      #expect(outcome.errors.contains(part), "\(outcome.errors)")
      #expect(try Self.shell("ls -A $folder", in: folder).output == before.output)
    }
  }

  static let canMount = succeeds(
    "d=$(mktemp -d) && mount -t tmpfs -o size=64k tmpfs $d && umount $d && rmdir $d")

  @Test(
    .enabled(if: canMount, "no file system can be mounted here"),
    arguments: ["--export $folder/disk/out", "--report $folder/disk/r", "--store $folder/disk/s"])
  func `a disk that fills up keeps nothing`(option: String) throws {
    try Harness.inFolder { folder in
      let outcome = try Self.shell(
        """
        mkdir $folder/disk && mount -t tmpfs -o size=64k tmpfs $folder/disk || exit 9
        $tickloom run sim:6,60000,1 \(option); status=$?
        ls -A $folder/disk; umount $folder/disk; exit $status
        """, in: folder)
      #expect(outcome.status == 1)
      #expect(outcome.errors.contains("free some space on its file system"), "\(outcome.errors)")
      #expect(outcome.output == "", "left behind")
    }
  }

  @Test(
    .enabled(if: canMount, "no file system can be mounted here"), arguments: [2800, 3100, 3400])
  func `a run whose disk was full goes on once there is room`(kilobytes: Int) throws {
    try Harness.inFolder { folder in
      let outcome = try Self.shell(
        """
        mkdir $folder/disk && mount -t tmpfs -o size=\(kilobytes)k tmpfs $folder/disk || exit 9
        $tickloom run sim:4,60000,5 --quiet --store $folder/disk/s; status=$?
        mount -o remount,size=64m $folder/disk || exit 9
        $tickloom run sim:4,60000,5 --quiet --store $folder/disk/s --resume || exit 8
        $tickloom verify $folder/disk/s > /dev/null || exit 7
        $tickloom run sim:4,60000,5 --quiet --store $folder/whole
        for table in bars features versions rejects; do
          for store in $folder/disk/s $folder/whole; do
            $tickloom query $store "SELECT * FROM $table" --csv | sha256sum
          done | uniq | wc -l
        done
        umount $folder/disk; exit $status
        """, in: folder)
      #expect(outcome.status == 1, "\(outcome.errors)")
      #expect(outcome.errors.contains("free some space on its file system"), "\(outcome.errors)")
      #expect(outcome.output == "1\n1\n1\n1\n")
    }
  }

  @Test(arguments: [1000, 2500, 4000])
  func `a run beyond a limit on files goes on without it`(kilobytes: Int) throws {
    try Harness.inFolder { folder in
      let outcome = try Self.shell(
        """
        (ulimit -f \(kilobytes); $tickloom run sim:4,60000,5 --quiet --store $folder/s); status=$?
        $tickloom run sim:4,60000,5 --quiet --store $folder/s --resume || exit 8
        $tickloom verify $folder/s > /dev/null || exit 7
        $tickloom run sim:4,60000,5 --quiet --store $folder/whole
        for table in bars features versions rejects; do
          for store in $folder/s $folder/whole; do
            $tickloom query $store "SELECT * FROM $table" --csv | sha256sum
          done | uniq | wc -l
        done
        exit $status
        """, in: folder)
      #expect(outcome.status == 1, "\(outcome.errors)")
      #expect(outcome.errors.contains("ulimit -f"), "\(outcome.errors)")
      #expect(outcome.output == "1\n1\n1\n1\n")
    }
  }
}
