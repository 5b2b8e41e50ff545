internal import LoomCore
internal import LoomSystem

/// Looks at the first rows of a file and decides how all of them are read.
struct Probe {
  /// How many rows are looked at.
  static let rowCount = 1000

  private let path: String
  private let dialect: Dialect
  private let configuration: ImportConfiguration
  private var times: [(line: Int, text: [UInt8])] = []
  private var prices: [[UInt8]] = []
  private var firstIdentifier: [UInt8]?

  /// Reads the first rows of `source`, which starts at its first byte.
  init(
    source: ByteSource, dialect: Dialect, configuration: ImportConfiguration
  ) throws(ImportError) {
    path = source.path
    self.dialect = dialect
    self.configuration = configuration
    let layout = RowLayout(
      delimiter: dialect.delimiter, width: dialect.width, rowEnd: dialect.rowEnd)
    let block = RowBlock(
      layout: layout, maxRows: 256, bufferSize: 32_768, firstLine: dialect.dataLine)
    try reading { () throws(ByteSourceError) in try source.skip(dialect.dataOffset) }
    var failed = [UInt8](repeating: 0, count: 256)
    while times.count < Self.rowCount {
      let hasRows = try reading { () throws(ByteSourceError) in try block.next(from: source) }
      if !hasRows { break }
      block.markBroken(&failed)
      for row in 0..<block.rowCount { take(block, row, isBroken: failed[row] != 0) }
    }
  }

  private mutating func take(_ block: RowBlock, _ row: Int, isBroken: Bool) {
    if let column = dialect.plan[.sequence], firstIdentifier == nil {
      firstIdentifier = block.field(row: row, column: column)
    }
    if isBroken { return }
    var text: [UInt8] = []
    for (place, column) in dialect.plan.time.enumerated() {
      if place > 0 { text.append(0x20) }
      block.appendField(row: row, column: column, to: &text)
    }
    times.append((block.line(of: row), text))
    for column in dialect.plan.priceColumns { prices.append(block.field(row: row, column: column)) }
  }

  /// Whether the column `id` counts: its first value is a whole number.
  var countsIdentifiers: Bool {
    guard let text = firstIdentifier?.trimmedText else { return true }
    return !text.isEmpty && text.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
  }

  /// What a user should know: prices that are no numbers because they are written in groups.
  var notes: [String] {
    guard decimalMark == 0x2E, let price = prices.first(where: Self.isGrouped) else { return [] }
    return [
      "prices such as `\(String(decoding: price, as: UTF8.self))` are no numbers, "
        + "their rows are malformed; no option helps, export without thousands separators"
    ]
  }

  // One to three digits, then groups of a comma and three digits, then perhaps a fraction.
  private static func isGrouped(_ text: [UInt8]) -> Bool {
    let whole = text.prefix { $0 != 0x2E }
    let groups = whole.split(separator: 0x2C, omittingEmptySubsequences: false)
    guard groups.count > 1, let first = groups.first, (1...3).contains(first.count) else {
      return false
    }
    return groups.dropFirst().allSatisfy { $0.count == 3 }
      && groups.joined().allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
  }

  /// A comma in files with semicolons whose prices have commas and no dots, else a dot.
  var decimalMark: UInt8 {
    guard dialect.delimiter == 0x3B else { return 0x2E }
    let isComma = prices.contains { $0.contains(0x2C) } && !prices.contains { $0.contains(0x2E) }
    return isComma ? 0x2C : 0x2E
  }

  /// How the time column is to be read.
  ///
  /// - Throws: ``ImportError`` of kind `unreadable` where its meaning cannot be told.
  func timeRule(zone: ZoneRules?) throws(ImportError) -> TimeRule {
    let isPair = dialect.plan.time.count == 2
    let texts = times.filter { NumberText.parse($0.text) != .absent }
    let numbers = texts.filter { NumberText.parse($0.text) != .malformed }
    if let unit = configuration.timeUnit, unit != .iso { return .epoch(unit, isChecked: false) }
    let dates = texts.filter { CalendarText.isDate($0.text) }
    if configuration.timeUnit == nil, !isPair, numbers.count > dates.count,
      let first = numbers.first
    {
      return try epochRule(first)
    }
    return try calendarRule(texts, zone: zone)
  }

  private func epochRule(_ first: (line: Int, text: [UInt8])) throws(ImportError) -> TimeRule {
    let text = first.text.trimmedText ?? ""
    let digits = text.prefix { $0.isNumber }.count
    if digits == text.count, digits == 8 || digits == 14 {
      throw ImportError(
        .unreadable,
        "\(path), line \(first.line): the time `\(text)` may be a date or a count; "
          + "say which with --time-unit iso, s, ms, us or ns")
    }
    guard case .number(let value) = NumberText.parse(first.text), value.isFinite else {
      throw ImportError(
        .unreadable,
        "\(path), line \(first.line): the time `\(text)` is not finite; no option helps")
    }
    return .epoch(EpochText.unit(ofMagnitude: value), isChecked: true)
  }

  private func calendarRule(
    _ texts: [(line: Int, text: [UInt8])], zone: ZoneRules?
  ) throws(ImportError) -> TimeRule {
    let takesFourteen = configuration.timeUnit == .iso
    var survey = TimeSurvey(path: path)
    for (line, text) in texts {
      survey.take(
        CalendarText.parse(text, order: nil, takesFourteenDigits: takesFourteen), line: line,
        text: text)
    }
    let order = try survey.order(hasZone: zone != nil)
    return .calendar(order: order, takesFourteenDigits: takesFourteen, zone: zone)
  }
}
