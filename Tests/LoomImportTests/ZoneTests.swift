import Foundation
import LoomCore
import LoomImport
import Testing

struct ZoneTests {
  private let folder = Folder()

  private func read(_ zone: String, _ texts: [String]) throws -> [String] {
    let path = folder.write("t.csv", "time,price\n" + texts.map { "\($0),1\n" }.joined())
    return try Reading([path], ImportConfiguration(timeZone: zone)).rows.map {
      $0.refusal?.name ?? $0.time
    }
  }

  @Test func `a date alone stays midnight in UTC`() throws {
    #expect(try read("America/New_York", ["2019-02-15"]) == ["2019-02-15T00:00:00.000000000Z"])
  }

  @Test func `an offset in the row goes before the zone`() throws {
    #expect(
      try read("America/New_York", ["2019-02-15T10:00:00Z", "2019-02-15 10:00:00"]) == [
        "2019-02-15T10:00:00.000000000Z", "2019-02-15T15:00:00.000000000Z",
      ])
  }

  @Test func `a local time that does not exist is malformed`() throws {
    #expect(
      try read(
        "America/New_York",
        ["2019-03-10 01:59:59", "2019-03-10 02:00:00", "2019-03-10 02:59:59", "2019-03-10 03:00"])
        == [
          "2019-03-10T06:59:59.000000000Z", "malformed", "malformed",
          "2019-03-10T07:00:00.000000000Z",
        ])
  }

  @Test func `a local time that happened twice is malformed if nothing settles it`() throws {
    #expect(
      try read(
        "America/New_York",
        [
          "2019-11-03 00:59:00", "2019-11-03 01:00:00", "2019-11-03 01:30:00",
          "2019-11-03 02:00:00",
        ])
        == [
          "2019-11-03T04:59:00.000000000Z", "malformed", "malformed",
          "2019-11-03T07:00:00.000000000Z",
        ])
  }

  @Test func `the step back between the two hours settles both`() throws {
    let minutes = (0..<4 * 60).map { minute -> (local: String, utc: String) in
      let hour = minute / 60
      let pad = { (value: Int) in value < 10 ? "0\(value)" : "\(value)" }
      // From 04:00Z, midnight in New York; clocks go back at 06:00Z.
      return (
        "2019-11-03 \(pad(hour < 2 ? hour : hour - 1)):\(pad(minute % 60)):00",
        "2019-11-03T\(pad(hour + 4)):\(pad(minute % 60)):00.000000000Z"
      )
    }
    #expect(try read("America/New_York", minutes.map(\.local)) == minutes.map(\.utc))
    // The same file, newest first.
    #expect(try read("America/New_York", minutes.map(\.local).reversed()) == minutes.map(\.utc))
    // Half a second out of order is no change of clocks.
    var shaken = minutes.map(\.local)
    shaken.swapAt(70, 71)
    var expected = minutes.map(\.utc)
    expected.swapAt(70, 71)
    #expect(try read("America/New_York", shaken) == expected)
  }

  @Test func `an unknown zone is refused by name`() {
    for zone in ["America/Nowhere", "../../etc/passwd", "", "/etc/passwd", "zone.tab"] {
      #expect(throws: ImportError.self) { try read(zone, ["2019-02-15 10:00:00"]) }
    }
  }

  @Test func `UTC needs no database`() throws {
    let path = folder.write("t.csv", "time,price\n2019-02-15 10:00:00,1\n")
    let configuration = ImportConfiguration(timeZone: "UTC", zoneFolder: "/nonexistent")
    #expect(try Reading([path], configuration).times == ["2019-02-15T10:00:00.000000000Z"])
  }

  /// Every hour of odd days from 1905 to 2190 against Foundation's own reading of the database.
  @Test(
    .enabled(if: FileManager.default.fileExists(atPath: "/usr/share/zoneinfo/Europe/Berlin")),
    arguments: [
      "America/New_York", "Europe/Berlin", "Europe/Dublin", "Australia/Lord_Howe",
      "Asia/Kolkata", "Pacific/Apia", "Africa/Casablanca", "America/Sao_Paulo", "Asia/Tokyo",
    ])
  func `agrees with another reading of the database`(name: String) throws {
    var random = SplitMix(state: UInt64(name.count))
    let zone = try #require(TimeZone(identifier: name))
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
    var moments: [Int64] = []
    for _ in 0..<300 { moments.append(Int64.random(in: 0..<2_100_000_000, using: &random)) }
    var texts: [String] = []
    var expected: [Int64] = []
    for moment in moments.sorted() {
      let date = Date(timeIntervalSince1970: Double(moment))
      let offset = Int64(zone.secondsFromGMT(for: date))
      // Local times that happen twice have tests of their own.
      let near = [-90_000, 90_000].map {
        Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(moment + $0))))
      }
      if near.contains(where: { $0 != offset }) { continue }
      texts.append(
        String(Timestamp(nanoseconds: (moment + offset) * 1_000_000_000).description.prefix(19)))
      expected.append(moment)
    }
    let read = try read(name, texts)
    #expect(read == expected.map { Timestamp(nanoseconds: $0 * 1_000_000_000).description })
  }

  @Test func `the rule of the footer holds far beyond the table`() throws {
    #expect(
      try read(
        "Europe/Berlin", ["2150-01-15 12:00:00", "2150-07-15 12:00:00", "1900-06-01 12:00:00"]) == [
          "2150-01-15T11:00:00.000000000Z", "2150-07-15T10:00:00.000000000Z",
          "1900-06-01T11:00:00.000000000Z",
        ])
    #expect(
      try read("America/New_York", ["2100-03-14 01:59:59", "2100-03-14 03:00:00"]) == [
        "2100-03-14T06:59:59.000000000Z", "2100-03-14T07:00:00.000000000Z",
      ])
  }

  /// A zone file without transitions, only a rule (RFC 9636, section 3).
  private static func zoneFile(_ rule: String, version: UInt8 = 0x32) -> [UInt8] {
    let header = Array("TZif".utf8) + [version] + [UInt8](repeating: 0, count: 15)
    let none = [UInt8](repeating: 0, count: 4)
    let one: [UInt8] = [0, 0, 0, 1]
    let counts = none + none + none + none + one + one
    // One type: 5 hours east of UTC, no summer, name at 0; the name is empty.
    let body: [UInt8] = [0, 0, 0x46, 0x50, 0, 0, 0]
    return header + counts + body + header + counts + body + [0x0A] + Array(rule.utf8) + [0x0A]
  }

  private func read(rule: String, _ texts: [String]) throws -> [String] {
    _ = folder.write("Zone", Self.zoneFile(rule))
    let path = folder.write("t.csv", "time,price\n" + texts.map { "\($0),1\n" }.joined())
    let configuration = ImportConfiguration(timeZone: "Zone", zoneFolder: folder.path)
    return try Reading([path], configuration).rows.map { $0.refusal?.name ?? $0.time }
  }

  @Test(
    arguments: [
      // The leap day is counted by a bare number and not by J.
      ("AAA0BBB,59/0,300", "2020-02-29 12:00:00", "2020-02-29T11:00:00.000000000Z"),
      ("AAA0BBB,J60/0,J300", "2020-02-29 12:00:00", "2020-02-29T12:00:00.000000000Z"),
      ("AAA0BBB,J60/0,J300", "2020-03-01 12:00:00", "2020-03-01T11:00:00.000000000Z"),
      ("AAA0BBB,59/0,300", "2019-02-28 12:00:00", "2019-02-28T12:00:00.000000000Z"),
      (
        "<-03>3<-01>1,M3.5.0/-2,M10.5.0/-1", "2024-07-01 00:00:00", "2024-07-01T01:00:00.000000000Z"
      ),
      ("<+0330>-3:30", "2024-07-01 00:00:00", "2024-06-30T20:30:00.000000000Z"),
      ("IST-1GMT0,M10.5.0,M3.5.0/1", "2024-07-01 00:00:00", "2024-06-30T23:00:00.000000000Z"),
      ("IST-1GMT0,M10.5.0,M3.5.0/1", "2024-12-01 00:00:00", "2024-12-01T00:00:00.000000000Z"),
      // Without a rule that is understood the table alone holds: five hours east.
      ("", "2024-07-01 00:00:00", "2024-06-30T19:00:00.000000000Z"),
      ("AAA0BBB,M13.1.0,M3.1.0", "2024-07-01 00:00:00", "2024-06-30T19:00:00.000000000Z"),
      ("AAA0BBB,J0,J1", "2024-07-01 00:00:00", "2024-06-30T19:00:00.000000000Z"),
      ("AAA0BBB,400,J1", "2024-07-01 00:00:00", "2024-06-30T19:00:00.000000000Z"),
    ])
  func `reads rules as POSIX writes them`(rule: String, local: String, utc: String) throws {
    #expect(try read(rule: rule, [local]) == [utc])
  }

  @Test(arguments: [[], Array("TZif".utf8), Array("TZif2".utf8) + [UInt8](repeating: 9, count: 60)])
  func `a file that is no zone is refused`(bytes: [UInt8]) throws {
    _ = folder.write("Zone", bytes)
    let path = folder.write("t.csv", "time,price\n2024-07-01 00:00:00,1\n")
    #expect {
      _ = try Reading([path], ImportConfiguration(timeZone: "Zone", zoneFolder: folder.path))
    } throws: {
      "\($0)".contains("is no time zone file")
    }
  }
}
