internal import LoomSystem

/// The offsets of a time zone from UTC between 1900 and 2200, from the system's database.
///
/// The database is that of IANA in the TZif format (RFC 9636, which replaced 8536); the rule in a
/// file's footer is written out year by year when it is read. One thread at a time.
final class ZoneRules {
  /// The moments a local time can mean.
  enum Moments: Equatable {
    /// It does not exist.
    case none
    /// Nanoseconds since 1970 in UTC.
    case one(Int64)
    /// It happens twice.
    case two(Int64, Int64)
  }

  /// A span of UTC with one offset, in seconds: from `start` until the next span's.
  struct Span: Equatable {
    var start: Int64
    var offset: Int64
  }

  private let spans: [Span]
  // Local seconds of the last span found in which nothing happens twice or never, and its offset.
  private var calm: Range<Int64> = 0..<0
  private var calmOffset: Int64 = 0

  /// Reads the zone `name` from the database in `folder`.
  ///
  /// - Throws: ``ImportError`` of kind `option` where there is no such zone.
  convenience init(name: String, folder: String) throws(ImportError) {
    if ["UTC", "GMT", "Z", "ETC/UTC"].contains(name.uppercased()) {
      self.init(spans: [Span(start: .min, offset: 0)])
      return
    }
    let isPlain = name.utf8.allSatisfy {
      ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A) || ($0 >= 0x2B && $0 <= 0x39 && $0 != 0x2E)
        || $0 == 0x5F
    }
    guard isPlain, !name.isEmpty, !name.hasPrefix("/"),
      FileSystem.kind(of: folder + "/" + name) == .file
    else { throw Self.unknown(name, folder) }
    var bytes: [UInt8] = []
    try reading { () throws(ByteSourceError) in
      let source = try ByteSource(path: folder + "/" + name)
      while bytes.count < 1 << 20, try source.append(1 << 16, to: &bytes) {}
    }
    guard let spans = ZoneFile.spans(in: bytes) else {
      throw ImportError(.option, "--time-zone: \(folder)/\(name) is no time zone file")
    }
    self.init(spans: spans)
  }

  /// Creates rules from spans in order of time, the first of which starts before all times.
  init(spans: [Span]) { self.spans = spans }

  private static func unknown(_ name: String, _ folder: String) -> ImportError {
    ImportError(
      .option,
      "--time-zone: there is no zone `\(name)` in \(folder); "
        + "names look like America/New_York (package tzdata)")
  }

  /// What a local time, as nanoseconds since 1970-01-01T00:00 local, means.
  func moments(ofLocal local: Int64) -> Moments {
    let nanosecondsPerSecond: Int64 = 1_000_000_000
    var second = local / nanosecondsPerSecond
    if local % nanosecondsPerSecond < 0 { second -= 1 }
    if calm.contains(second) { return .one(local - calmOffset * nanosecondsPerSecond) }
    let day: Int64 = 86_400
    // Offsets differ from UTC by less than 26 hours.
    var index = place(of: second - 2 * day)
    var found: [Int64] = []
    while index < spans.count, spans[index].start <= second + 2 * day || spans[index].start == .min
    {
      let end = index + 1 < spans.count ? spans[index + 1].start : Int64.max
      let moment = second - spans[index].offset
      if moment >= spans[index].start, moment < end {
        found.append(local - spans[index].offset * nanosecondsPerSecond)
        remember(index, end: end)
      }
      index += 1
    }
    switch found.count {
    case 0: return .none
    case 1: return .one(found[0])
    default: return .two(found.min() ?? 0, found.max() ?? 0)
    }
  }

  // A day from either end of a span no other span can claim the same local time.
  private func remember(_ index: Int, end: Int64) {
    let day: Int64 = 86_400
    let offset = spans[index].offset
    let first = spans[index].start == .min ? Int64.min / 4 : spans[index].start + offset + day
    let last = end == .max ? Int64.max / 4 : end + offset - day
    if first < last { (calm, calmOffset) = (first..<last, offset) }
  }

  // The span that holds a moment.
  private func place(of moment: Int64) -> Int {
    var (low, high) = (0, spans.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if spans[middle].start <= moment { low = middle } else { high = middle }
    }
    return low
  }
}
