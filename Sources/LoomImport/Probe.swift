internal import LoomCore
internal import LoomSystem

/// Looks at the first rows of a file and decides how all of them are read.
struct Probe {
  /// How many rows are looked at.
  static let rowCount = 1000

  private let path: String
  private let dialect: Dialect
  private let configuration: ImportConfiguration
  private var count = 0
  private var survey: TimeSurvey
  private var firstNumber: (line: Int, text: [UInt8], value: Double)?
  private var numbers = 0
  private var dates = 0
  private var firstIdentifier: [UInt8]?
  private var hasComma = false
  private var hasDot = false
  private var firstGrouped: [UInt8]?
  private var scratch: [UInt8] = []

  private static let blockRows = 256

  /// Reads the first rows of `source`, which starts at its first byte.
  init(
    source: ByteSource, dialect: Dialect, configuration: ImportConfiguration
  ) throws(ImportError) {
    path = source.path
    self.dialect = dialect
    self.configuration = configuration
    survey = TimeSurvey(path: source.path)
    let layout = RowLayout(
      delimiter: dialect.delimiter, width: dialect.width, kept: dialect.plan.lastColumn + 1,
      rowEnd: dialect.rowEnd)
    let maxRows = min(Self.blockRows, max(16, (1 << 18) / layout.kept))
    let block = RowBlock(
      layout: layout, maxRows: maxRows, bufferSize: 32_768, firstLine: dialect.dataLine)
    try reading { () throws(ByteSourceError) in try source.skip(dialect.dataOffset) }
    var seen = 0
    while count < Self.rowCount, seen < ReadingLimits.surveyRows {
      let hasRows = try reading { () throws(ByteSourceError) in try block.next(from: source) }
      if !hasRows { break }
      seen += block.rowCount
      take(block)
    }
  }

  private mutating func take(_ block: RowBlock) {
    var failed = [UInt8](repeating: 0, count: Self.blockRows)
    var times = [TimeText](repeating: TimeText(), count: Self.blockRows)
    block.markBroken(&failed)
    if dialect.plan.time.count == 1 { block.parseTimes(column: dialect.plan.time[0], into: &times) }
    for row in 0..<block.rowCount {
      if let column = dialect.plan[.sequence], firstIdentifier == nil {
        firstIdentifier = block.field(row: row, column: column)
      }
      if failed[row] != 0 { continue }
      count += 1
      takeTime(block, row, times[row])
      for column in dialect.plan.priceColumns { takePrice(block, row, column) }
    }
  }

  private mutating func takeTime(_ block: RowBlock, _ row: Int, _ time: TimeText) {
    let line = block.line(of: row)
    scratch.removeAll(keepingCapacity: true)
    for (place, column) in dialect.plan.time.enumerated() {
      if place > 0 { scratch.append(0x20) }
      block.appendField(row: row, column: column, to: &scratch)
    }
    if time.kind != .unusual {
      dates += 1
      survey.take(.time(time), line: line, text: scratch)
      return
    }
    switch NumberText.parse(scratch) {
    case .absent: return
    case .number(let value):
      numbers += 1
      if firstNumber == nil, value.isFinite { firstNumber = (line, scratch, value) }
      if configuration.timeUnit != .iso { return }
    case .malformed: break
    }
    let outcome = CalendarText.parse(
      scratch, order: nil, takesFourteenDigits: configuration.timeUnit == .iso)
    switch outcome {
    case .time, .unordered: dates += 1
    case .timeOfDay, .malformed: break
    }
    survey.take(outcome, line: line, text: scratch)
  }

  private mutating func takePrice(_ block: RowBlock, _ row: Int, _ column: Int) {
    scratch.removeAll(keepingCapacity: true)
    block.appendField(row: row, column: column, to: &scratch)
    for byte in scratch {
      if byte == 0x2C { hasComma = true }
      if byte == 0x2E { hasDot = true }
    }
    if hasComma, firstGrouped == nil, Self.isGrouped(scratch) { firstGrouped = scratch }
  }

  /// Whether the column `id` counts: its first value is a whole number.
  var countsIdentifiers: Bool {
    guard let text = firstIdentifier?.trimmedText else { return true }
    return !text.isEmpty && text.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
  }

  /// What a user should know: prices that are no numbers because they are written in groups.
  var notes: [String] {
    guard decimalMark == 0x2E, let price = firstGrouped else { return [] }
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
    dialect.delimiter == 0x3B && hasComma && !hasDot ? 0x2C : 0x2E
  }

  /// How the time column is to be read.
  ///
  /// - Throws: ``ImportError`` of kind `unreadable` where its meaning cannot be told.
  func timeRule(zone: ZoneRules?) throws(ImportError) -> TimeRule {
    if let unit = configuration.timeUnit, unit != .iso { return .epoch(unit, isChecked: false) }
    if configuration.timeUnit == nil, numbers > dates, let firstNumber {
      return try epochRule(firstNumber)
    }
    let order = try survey.order(hasZone: zone != nil)
    return .calendar(
      order: order, takesFourteenDigits: configuration.timeUnit == .iso, zone: zone)
  }

  private func epochRule(
    _ first: (line: Int, text: [UInt8], value: Double)
  ) throws(ImportError) -> TimeRule {
    let text = first.text.trimmedText ?? ""
    let digits = text.prefix { $0.isNumber }.count
    if digits == text.count, digits == 8 || digits == 14 {
      throw ImportError(
        .unreadable,
        "\(path), line \(first.line): the time `\(text)` may be a date or a count; "
          + "say which with --time-unit iso, s, ms, us or ns")
    }
    return .epoch(EpochText.unit(ofMagnitude: first.value), isChecked: true)
  }
}
