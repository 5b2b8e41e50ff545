import LoomCore
import LoomImport
import Testing

struct TimeTests {
  private let folder = Folder()

  /// The times of a column as read; refused rows by their reason.
  private func times(
    _ texts: [String], _ configuration: ImportConfiguration = ImportConfiguration()
  ) throws -> [String] {
    let rows = texts.map { "\"\($0)\",1\n" }.joined()
    let path = folder.write("t.csv", "time,price\n" + rows)
    // In the order of the lines, whatever order the times give the file.
    return try Reading([path], configuration).rows.sorted { $0.line < $1.line }
      .map { $0.refusal?.name ?? $0.time }
  }

  private func refusal(
    _ texts: [String], _ configuration: ImportConfiguration = ImportConfiguration()
  ) throws -> String {
    do {
      let read = try times(texts, configuration)
      Issue.record("\(texts) was read as \(read)")
      return ""
    } catch let error as ImportError {
      #expect(error.kind == .unreadable)
      return error.description
    }
  }

  @Test(
    arguments: [
      ("2018-03-09", "2018-03-09T00:00:00.000000000Z"),
      ("2018-3-9", "2018-03-09T00:00:00.000000000Z"),
      ("1999/11/4", "1999-11-04T00:00:00.000000000Z"),
      ("2004.01.02", "2004-01-02T00:00:00.000000000Z"),
      ("Jan 14, 2020", "2020-01-14T00:00:00.000000000Z"),
      ("14-Jan-2020", "2020-01-14T00:00:00.000000000Z"),
      ("14 January 2020", "2020-01-14T00:00:00.000000000Z"),
      ("2018-03-09T09:30:00Z", "2018-03-09T09:30:00.000000000Z"),
      ("2018-03-09 09:30:00z", "2018-03-09T09:30:00.000000000Z"),
      ("2018-03-09t09:30Z", "2018-03-09T09:30:00.000000000Z"),
      ("2018-03-09 9:3:5 Z", "2018-03-09T09:03:05.000000000Z"),
      ("2018-03-09 09:30:00 UTC", "2018-03-09T09:30:00.000000000Z"),
      ("2018-03-09T09:30:00.5Z", "2018-03-09T09:30:00.500000000Z"),
      ("2018-03-09T09:30:00.12345678Z", "2018-03-09T09:30:00.123456780Z"),
      ("2018-03-09T09:30:00.123456789Z", "2018-03-09T09:30:00.123456789Z"),
      ("2018-03-09T09:30:00.1234567899Z", "2018-03-09T09:30:00.123456789Z"),
      ("2018-03-09T09:30:00,25Z", "2018-03-09T09:30:00.250000000Z"),
      ("2018-03-09T09:30:00+01:00", "2018-03-09T08:30:00.000000000Z"),
      ("2018-03-09T09:30:00-0530", "2018-03-09T15:00:00.000000000Z"),
      ("2018-03-09T00:30:00.250+01", "2018-03-08T23:30:00.250000000Z"),
      ("2018-03-09 23:30:00 -02:00", "2018-03-10T01:30:00.000000000Z"),
      ("20180309T093000Z", "2018-03-09T09:30:00.000000000Z"),
      ("20180309 0930Z", "2018-03-09T09:30:00.000000000Z"),
      ("2020-02-29", "2020-02-29T00:00:00.000000000Z"),
      (" 2018-03-09 ", "2018-03-09T00:00:00.000000000Z"),
      ("1900-01-01", "1900-01-01T00:00:00.000000000Z"),
      ("2199-12-31T23:59:59.999999999Z", "2199-12-31T23:59:59.999999999Z"),
      ("1899-12-31T23:59:59.999999999Z", "invalid_time"), ("2200-01-01", "invalid_time"),
      ("9999-12-31T23:59:59Z", "invalid_time"), ("0001-01-01", "invalid_time"),
      ("1900-01-01T00:30:00+01:00", "invalid_time"),
      ("2019-02-29", "malformed"), ("2018-13-01", "malformed"), ("2018-00-01", "malformed"),
      ("2018-01-00", "malformed"), ("2018-01-32", "malformed"),
      ("2018-03-09T24:00:00Z", "malformed"), ("2018-03-09T23:60:00Z", "malformed"),
      ("2018-03-09T23:59:60Z", "malformed"), ("2018-03-09T09:30:00+24:00", "malformed"),
      ("2018-03-09T09:30:00-05:60", "malformed"), ("2018-03-09Z", "malformed"),
      ("2018-03/09", "malformed"), ("yesterday", "malformed"), ("now", "malformed"),
      ("10000-01-01", "malformed"), ("2018-03-09T09:30:00Zulu", "malformed"),
      ("31-Dec-10", "malformed"), ("", "malformed"),
      ("2018-03", "malformed"), ("12:30", "malformed"), ("1520605800", "malformed"),
    ])
  func `reads calendar dates`(text: String, expected: String) throws {
    // Two plain rows make the file one of dates.
    #expect(try times(["2018-03-09", text, "2018-03-09"])[1] == expected)
  }

  @Test(
    arguments: [
      ("1520605800", "1520605801", "2018-03-09T14:30:01.000000000Z"),
      ("1520605800", "1520605801.5", "2018-03-09T14:30:01.500000000Z"),
      ("1520605800", "1.5206058015e9", "2018-03-09T14:30:01.500000000Z"),
      ("1520605800", "1520605801.1234567899", "2018-03-09T14:30:01.123456789Z"),
      ("1520605800", "+1520605801", "2018-03-09T14:30:01.000000000Z"),
      ("1520605800", " 1520605801 ", "2018-03-09T14:30:01.000000000Z"),
      ("1520605800", "-1.5", "1969-12-31T23:59:58.500000000Z"),
      ("1520605800", "0", "1970-01-01T00:00:00.000000000Z"),
      ("1520605800", "99999999999", "invalid_time"), ("1520605800", "-2208988801", "invalid_time"),
      ("1520605800", "-2208988800", "1900-01-01T00:00:00.000000000Z"),
      ("1520605800", "100000000000", "malformed"), ("1520605800", "1520605800000", "malformed"),
      ("1520605800", "", "malformed"), ("1520605800", "inf", "malformed"),
      ("1520605800", "nan", "malformed"), ("1520605800", "1e99", "malformed"),
      ("1520605800", "2018-03-09", "malformed"),
      ("1502942400.0", "1502942401.0", "2017-08-17T04:00:01.000000000Z"),
      ("1520605800000", "1520605801500", "2018-03-09T14:30:01.500000000Z"),
      ("1520605800000", "1520605801500.25", "2018-03-09T14:30:01.500250000Z"),
      ("1520605800000000", "1520605801500000", "2018-03-09T14:30:01.500000000Z"),
      ("1520605800000000", "1520605801500000.0019", "2018-03-09T14:30:01.500000001Z"),
      ("1520605800000000000", "1520605801500000001", "2018-03-09T14:30:01.500000001Z"),
      ("1520605800000000000", "1520605801500000001.9", "2018-03-09T14:30:01.500000001Z"),
      ("1520605800000000000", "9999999999999999999", "invalid_time"),
      ("1520605800000000000", "1520605800", "malformed"),
    ])
  func `reads counts since 1970`(first: String, text: String, expected: String) throws {
    #expect(try times([first, first, text])[2] == expected)
  }

  @Test func `the first finite number tells the unit`() throws {
    #expect(
      try times(["inf", "", "x", "1520605800000"]) == [
        "malformed", "malformed", "malformed", "2018-03-09T14:30:00.000000000Z",
      ])
  }

  @Test func `a unit that is given holds for every magnitude`() throws {
    let seconds = ImportConfiguration(timeUnit: .seconds)
    #expect(
      try times(["20110103", "1520605800"], seconds) == [
        "1970-08-21T18:08:23.000000000Z", "2018-03-09T14:30:00.000000000Z",
      ])
    let milliseconds = ImportConfiguration(timeUnit: .milliseconds)
    #expect(
      try times(["1", "2018-03-09", "1e30"], milliseconds) == [
        "1970-01-01T00:00:00.001000000Z", "malformed", "invalid_time",
      ])
    let dates = ImportConfiguration(timeUnit: .iso)
    #expect(
      try times(["20110103", "1520605800"], dates) == [
        "2011-01-03T00:00:00.000000000Z", "malformed",
      ])
    let local = ImportConfiguration(timeUnit: .iso, timeZone: "UTC")
    #expect(try times(["20110103093001"], local) == ["2011-01-03T09:30:01.000000000Z"])
  }

  @Test(arguments: ["20110103", "20110103093000"])
  func `digits that may be a date are refused`(text: String) throws {
    let message = try refusal([text, text])
    #expect(message.contains("line 2: the time `\(text)`"))
    #expect(message.contains("--time-unit"))
  }

  @Test func `a time of day without zone is refused`() throws {
    let message = try refusal(["2020-01-01 10:00:00", "2020-01-01 10:00:01"])
    #expect(message.contains("line 2"))
    #expect(message.contains("--time-zone"))
    #expect(try refusal(["2020-01-01 10:00", "2020-01-01 03-AM"]).contains("--time-zone"))
    // Among times with an offset the few without are malformed.
    #expect(
      try times(["2020-01-01 10:00Z", "2020-01-01 10:00", "2020-01-01 10:01Z"])[1] == "malformed")
  }

  @Test func `dates that end in their year need one row that settles their order`() throws {
    #expect(
      try times(["03/04/2020", "13/04/2020"]) == [
        "2020-04-03T00:00:00.000000000Z", "2020-04-13T00:00:00.000000000Z",
      ])
    #expect(
      try times(["3/4/2020", "3/13/2020"]) == [
        "2020-03-04T00:00:00.000000000Z", "2020-03-13T00:00:00.000000000Z",
      ])
    #expect(try times(["03.04.2020"]) == ["2020-04-03T00:00:00.000000000Z"])
    for texts in [["03/04/2020"], ["03/04/2020", "3/5/2020"], ["13/04/2020", "04/13/2020"]] {
      let message = try refusal(texts)
      #expect(message.contains("line 2: the time `03/04/2020`") || texts[0] != "03/04/2020")
      #expect(message.contains("no option helps"))
    }
  }

  @Test func `a column without any time is refused`() throws {
    #expect(try refusal(["yesterday", "today"]).contains("`yesterday`"))
    #expect(try refusal(["10:02", "10:03"]).contains("--columns time=date+time"))
    #expect(try refusal(["31-Dec-10"]).contains("`31-Dec-10`"))
  }

  @Test func `joins a date and a time of day`() throws {
    let path = folder.write(
      "p.csv", "Date,Time,Price\n2006-01-02,09:05:00,1\n20060103,9:05,2\n2006-01-04,1:05 PM,3\n")
    let utc = ImportConfiguration(timeZone: "UTC")
    #expect(
      try Reading([path], utc).times == [
        "2006-01-02T09:05:00.000000000Z", "2006-01-03T09:05:00.000000000Z",
        "2006-01-04T13:05:00.000000000Z",
      ])
    let named = folder.write("n.csv", "d;ToD;p\n2006.01.02;090501.25;1\n")
    let map = try ColumnMap("time=d+ToD,last=p")
    #expect(
      try Reading([named], ImportConfiguration(columns: map, timeZone: "UTC")).times == [
        "2006-01-02T09:05:01.250000000Z"
      ])
    // A time column that holds whole times is taken alone.
    let whole = folder.write("w.csv", "date,time,price\n2001-01-01,2006-01-02T09:05:00Z,1\n")
    #expect(try Reading([whole]).times == ["2006-01-02T09:05:00.000000000Z"])
  }
}
