internal import LoomCore
internal import LoomSystem

/// Reads the time column, or a date and a time-of-day column, of a block of rows.
struct TimeColumn {
  private var texts: [TimeText]
  private var wholes: [UInt64]
  private var unusual: [UInt8]
  private var scratch: [UInt8] = []
  private var lastDate: UInt32 = 0
  private var lastMidnight: Int64 = 0
  private var seconds: [Int64]

  init(maxRows: Int) {
    seconds = [Int64](repeating: 0, count: maxRows)
    texts = [TimeText](repeating: TimeText(), count: maxRows)
    wholes = [UInt64](repeating: 0, count: maxRows)
    unusual = [UInt8](repeating: 0, count: maxRows)
  }

  /// Reads all rows of `block`; a time that is not legal is ``Timestamp/distantPast``.
  mutating func parse(
    _ block: RowBlock, columns: [Int], rule: TimeRule, times: inout [Int64],
    states: inout [TimeState]
  ) {
    switch rule {
    case .epoch(let unit, let isChecked):
      parseEpochs(block, columns, unit: unit, isChecked: isChecked, &times, &states)
    case .calendar(let order, let takesFourteenDigits, let zone):
      if columns.count == 1 { block.parseTimes(column: columns[0], into: &texts) }
      for row in 0..<block.rowCount {
        var text = texts[row]
        if columns.count == 2 || text.kind == .unusual {
          join(block, row, columns)
          let outcome = CalendarText.parse(
            scratch, order: order, takesFourteenDigits: takesFourteenDigits)
          text = TimeText()
          if case .time(let time) = outcome { text = time }
        }
        (times[row], states[row]) = place(text, row: row, zone: zone)
      }
    }
  }

  /// When the time of a twofold row of the last block happened for the second time.
  func second(_ row: Int) -> Int64 { seconds[row] }

  private mutating func join(_ block: RowBlock, _ row: Int, _ columns: [Int]) {
    scratch.removeAll(keepingCapacity: true)
    block.appendField(row: row, column: columns[0], to: &scratch)
    if columns.count == 2 {
      scratch.append(0x20)
      block.appendField(row: row, column: columns[1], to: &scratch)
    }
  }

  // MARK: Calendar dates

  private static let illegal = Timestamp.distantPast.nanoseconds

  @inline(__always)
  private mutating func place(_ text: TimeText, row: Int, zone: ZoneRules?) -> (Int64, TimeState) {
    if text.kind == .unusual { return (Self.illegal, .malformed) }
    if text.date != lastDate {
      switch Self.midnight(text.date) {
      case .success(let nanoseconds): (lastDate, lastMidnight) = (text.date, nanoseconds)
      case .failure(let state): return (Self.illegal, state)
      }
    }
    let time = lastMidnight + text.nanoseconds
    if text.kind == .local { return local(time, row: row, zone: zone) }
    return Self.checked(time)
  }

  private struct NoDate: Error { let state: TimeState }

  private enum Midnight {
    case success(Int64)
    case failure(TimeState)
  }

  // Years beyond those that can hold a legal moment are told apart before they overflow.
  private static func midnight(_ date: UInt32) -> Midnight {
    let (year, month, day) = (Int(date) / 10_000, Int(date) / 100 % 100, Int(date) % 100)
    guard month >= 1, month <= 12, day >= 1, day <= days(in: month, of: year) else {
      return .failure(.malformed)
    }
    if year < 1899 { return .failure(.early) }
    if year > 2200 { return .failure(.late) }
    let days = CivilTime.daysSince1970(year: year, month: month, day: day)
    return .success(Int64(days) * 86_400_000_000_000)
  }

  private static func days(in month: Int, of year: Int) -> Int {
    switch month {
    case 4, 6, 9, 11: 30
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    default: 31
    }
  }

  private static func checked(_ time: Int64) -> (Int64, TimeState) {
    if time < Timestamp.earliest.nanoseconds { return (illegal, .early) }
    if time >= Timestamp.end.nanoseconds { return (illegal, .late) }
    return (time, .legal)
  }

  private mutating func local(_ time: Int64, row: Int, zone: ZoneRules?) -> (Int64, TimeState) {
    switch zone?.moments(ofLocal: time) {
    case .one(let moment): return Self.checked(moment)
    case .two(let first, let second):
      seconds[row] = second
      let (moment, state) = Self.checked(first)
      return (moment, state == .legal ? .twofold : state)
    case Optional.none, .some(.none): return (Self.illegal, .malformed)
    }
  }

  // MARK: Counts since 1970

  private mutating func parseEpochs(
    _ block: RowBlock, _ columns: [Int], unit: TimeUnit, isChecked: Bool, _ times: inout [Int64],
    _ states: inout [TimeState]
  ) {
    guard let decimals = unit.decimals else { preconditionFailure("dates are no epochs") }
    block.parseWholeNumbers(column: columns[0], into: &wholes, unusual: &unusual)
    var factor: UInt64 = 1
    for _ in 0..<decimals { factor *= 10 }
    let (least, most) = Self.magnitudes(of: unit, isChecked: isChecked)
    for row in 0..<block.rowCount {
      let whole = wholes[row]
      // Within the magnitudes of a unit, and up to 2200, the product fits.
      if unusual[row] == 0, whole >= least, whole < most, whole <= UInt64(Int64.max) / factor {
        (times[row], states[row]) = Self.checked(Int64(whole * factor))
      } else {
        join(block, row, columns)
        (times[row], states[row]) = unusualEpoch(unit, decimals, isChecked: isChecked)
      }
    }
  }

  private func unusualEpoch(
    _ unit: TimeUnit, _ decimals: Int, isChecked: Bool
  ) -> (Int64, TimeState) {
    if isChecked {
      guard case .number(let value) = NumberText.parse(scratch), value.isFinite,
        EpochText.unit(ofMagnitude: value) == unit
      else { return (Self.illegal, .malformed) }
    }
    switch EpochText.parse(scratch, decimals: decimals) {
    case .nanoseconds(let time): return Self.checked(time)
    case .beyond(let isNegative): return (Self.illegal, isNegative ? .early : .late)
    case .malformed: return (Self.illegal, .malformed)
    }
  }

  private static func magnitudes(of unit: TimeUnit, isChecked: Bool) -> (UInt64, UInt64) {
    guard isChecked else { return (0, .max) }
    return switch unit {
    case .seconds: (0, 100_000_000_000)
    case .milliseconds: (100_000_000_000, 100_000_000_000_000)
    case .microseconds: (100_000_000_000_000, 100_000_000_000_000_000)
    default: (100_000_000_000_000_000, .max)
    }
  }
}
