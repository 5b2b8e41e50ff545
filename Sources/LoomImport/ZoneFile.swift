/// Reads the TZif format of time zones (RFC 9636).
struct ZoneFile {
  private let bytes: [UInt8]
  private var index = 0

  /// The spans of a zone; nil where the bytes are no such file.
  static func spans(in bytes: [UInt8]) -> [ZoneRules.Span]? {
    var file = ZoneFile(bytes: bytes)
    return file.read()
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private struct Counts {
    var version: UInt8
    var utc: Int, standard: Int, leaps: Int, times: Int, types: Int, letters: Int

    func size(ofTime width: Int) -> Int {
      times * (width + 1) + types * 6 + letters + leaps * (width + 4) + standard + utc
    }
  }

  private mutating func read() -> [ZoneRules.Span]? {
    guard var counts = header() else { return nil }
    var width = 4
    if counts.version >= 0x32 {
      index += counts.size(ofTime: 4)
      guard let second = header() else { return nil }
      (counts, width) = (second, 8)
    }
    guard counts.types > 0, index + counts.size(ofTime: width) <= bytes.count else { return nil }
    let times = (0..<counts.times).map { _ in number(width) }
    let kinds = (0..<counts.times).map { _ in Int(number(1) & 0xFF) }
    let offsets = (0..<counts.types).map { _ in
      let offset = number(4)
      index += 2
      return offset
    }
    guard kinds.allSatisfy({ $0 < offsets.count }) else { return nil }
    index += counts.letters + counts.leaps * (width + 4) + counts.standard + counts.utc
    var spans = [ZoneRules.Span(start: .min, offset: offsets[0])]
    for (time, kind) in zip(times, kinds) {
      spans.append(ZoneRules.Span(start: time, offset: offsets[kind]))
    }
    if width == 8, let rule = footer() { spans += rule.spans(after: times.last) }
    return spans
  }

  private mutating func header() -> Counts? {
    guard index + 44 <= bytes.count, bytes[index..<index + 4].elementsEqual("TZif".utf8) else {
      return nil
    }
    let version = bytes[index + 4]
    index += 20
    let counts = (0..<6).map { _ in Int(number(4)) }
    guard counts.allSatisfy({ $0 >= 0 && $0 < 1 << 20 }) else { return nil }
    return Counts(
      version: version, utc: counts[0], standard: counts[1], leaps: counts[2], times: counts[3],
      types: counts[4], letters: counts[5])
  }

  // A big-endian number in two's complement.
  private mutating func number(_ width: Int) -> Int64 {
    var value: UInt64 = 0
    for _ in 0..<width {
      value = value << 8 | UInt64(bytes[index])
      index += 1
    }
    let unused = UInt64(64 - 8 * width)
    return Int64(bitPattern: value << unused) >> Int64(unused)
  }

  private func footer() -> ZoneRule? {
    guard index < bytes.count, bytes[index] == 0x0A,
      let end = bytes[(index + 1)...].firstIndex(of: 0x0A)
    else { return nil }
    return ZoneRule(String(decoding: bytes[index + 1..<end], as: UTF8.self))
  }
}
