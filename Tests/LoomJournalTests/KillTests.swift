import Foundation
import JournalVictim
import LoomCore
import Testing

@testable import LoomJournal

/// A process that is killed at any moment loses nothing that it had said to be kept.
struct KillTests {
  static let kills =
    ProcessInfo.processInfo.environment["LOOM_STRESS_KILLS"].flatMap(Int.init) ?? 6
  /// Beside the bundle of these tests.
  private static let victim = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    .appending(path: "JournalVictim")

  /// Kills a journal once it has told of so many commits; returns the last sequence it told of.
  private static func kill(_ store: String, level: String, after reports: Int) throws -> UInt64 {
    let process = Process()
    let output = Pipe()
    process.executableURL = victim
    process.arguments = [store, level]
    process.standardOutput = output
    try process.run()
    var bytes = Data()
    while bytes.count < 8 * reports {
      let some = output.fileHandleForReading.availableData
      if some.isEmpty { break }
      bytes += some
    }
    Glibc.kill(process.processIdentifier, SIGKILL)
    bytes += try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    #expect(process.terminationStatus == SIGKILL)
    return bytes.dropLast(bytes.count % 8).suffix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  @Test(arguments: ["os", "disk"])
  func `what was said to be kept is there`(level: String) throws {
    var random = Random(seed: level == "os" ? 1 : 2)
    for number in 0..<Self.kills {
      let folder = try StoreFolder()
      // The first commits, and those around checkpoints.
      let reports = Int.random(in: 1...(number % 3 == 0 ? 200 : 20), using: &random)
      let kept = try Self.kill(folder.store, level: level, after: reports)
      #expect(kept > 0)
      let ticks = try StoredTicksTests.read(folder.store)
      #expect(UInt64(ticks.count) >= kept, "kill \(number) after \(reports) commits")
      let expected = (0..<ticks.count).map { VictimTicks.tick(UInt64($0) + 1) }
      #expect(SequencedTick.areEqual(ticks, expected), "kill \(number) after \(reports) commits")
      try Database(path: folder.store).execute("PRAGMA wal_checkpoint(TRUNCATE)")
      #expect(try StoreVerifier.verify(path: folder.store).findings == [])
    }
  }
}

extension SequencedTick {
  /// Whether two lists are the same, bit for bit: a record has no gaps.
  static func areEqual(_ left: [SequencedTick], _ right: [SequencedTick]) -> Bool {
    unsafe left.withUnsafeBytes { left in
      unsafe right.withUnsafeBytes { right in
        guard let one = left.baseAddress, let other = right.baseAddress else {
          return left.count == right.count
        }
        return unsafe left.count == right.count && memcmp(one, other, left.count) == 0
      }
    }
  }
}
