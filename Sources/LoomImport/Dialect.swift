internal import LoomSystem

/// How a text is cut, and what its columns mean.
struct Dialect {
  /// Bytes between fields that are looked for.
  static let delimiters: [UInt8] = [0x2C, 0x3B, 0x09, 0x7C]

  var delimiter: UInt8
  var rowEnd: UInt8
  var width: Int
  var plan: ColumnPlan
  /// The header's names; empty without one.
  var names: [String] = []
  /// Where the first row of data starts, and on which line.
  var dataOffset: Int
  var dataLine: Int
  var notes: [String] = []

  /// Recognises the dialect of a text by its first lines.
  ///
  /// - Throws: ``ImportError`` of kind `unreadable` with what was found.
  init(head: TextHead, path: String, map: ColumnMap) throws(ImportError) {
    var best: Dialect?
    for delimiter in Self.delimiters {
      guard let found = Self.headed(head, delimiter, map) ?? Self.bare(head, delimiter, map),
        found.width > best?.width ?? 0
      else { continue }
      best = found
    }
    guard var best else { throw Self.refusal(head, path: path, map: map) }
    best.joinPair(head)
    self = best
  }

  private init(
    delimiter: UInt8, head: TextHead, width: Int, plan: ColumnPlan, offset: Int, line: Int
  ) {
    self.delimiter = delimiter
    rowEnd = head.rowEnd
    self.width = width
    self.plan = plan
    dataOffset = offset
    dataLine = line
  }

  /// A text with a header, which may follow up to nine lines of one field, such as an address.
  private static func headed(_ head: TextHead, _ delimiter: UInt8, _ map: ColumnMap) -> Dialect? {
    if map.isByPlace { return nil }
    var (offset, number) = (0, 1)
    for skipped in 0..<10 {
      let line = head.line(at: offset, delimiter: delimiter)
      let names = line.fields.map { $0.trimmedText ?? "" }
      let plan = ColumnPlan(header: names, map: map)
      offset = line.next
      number += line.lines
      if line.isWhole, plan.isComplete, plan.lastColumn < names.count {
        var dialect = Dialect(
          delimiter: delimiter, head: head, width: names.count, plan: plan, offset: offset,
          line: number)
        dialect.names = names
        if skipped > 0 { dialect.notes.append("lines before the header were skipped: \(skipped)") }
        return dialect
      }
      if line.fields.count > 1 || offset >= head.bytes.count { return nil }
    }
    return nil
  }

  /// A text whose columns are given by place; a first line without any price in it is a header.
  private static func bare(_ head: TextHead, _ delimiter: UInt8, _ map: ColumnMap) -> Dialect? {
    let first = head.line(at: 0, delimiter: delimiter)
    let plan = ColumnPlan(header: [], map: map)
    guard map.isByPlace, plan.isComplete, first.fields.count > 1 || plan.lastColumn == 0 else {
      return nil
    }
    var counts: [Int: Int] = [:]
    var offset = 0
    for _ in 0..<100 where offset < head.bytes.count {
      let line = head.line(at: offset, delimiter: delimiter)
      counts[line.fields.count, default: 0] += 1
      offset = line.next
    }
    let width = counts.max { ($0.value, $0.key) < ($1.value, $1.key) }?.key ?? 0
    if plan.lastColumn >= width { return nil }
    let isHeader =
      plan.lastColumn < first.fields.count
      && plan.priceColumns.allSatisfy { column in
        column < first.fields.count && NumberText.parse(first.fields[column]) == .malformed
      }
    if isHeader {
      let names = first.fields.map { $0.trimmedText ?? "" }
      return Dialect(
        delimiter: delimiter, head: head, width: names.count,
        plan: ColumnPlan(header: names, map: map), offset: first.next, line: 1 + first.lines)
    }
    return Dialect(delimiter: delimiter, head: head, width: width, plan: plan, offset: 0, line: 1)
  }

  /// A `date` and a `time` column are joined when the first row's time is a time of day.
  private mutating func joinPair(_ head: TextHead) {
    guard let pair = plan.pair else { return }
    var offset = dataOffset
    while offset < head.bytes.count {
      let line = head.line(at: offset, delimiter: delimiter)
      offset = line.next
      guard line.fields.count >= width, let clock = line.fields[pair[1]].trimmedText else {
        continue
      }
      if CalendarText.isTimeOfDay(clock) { plan.time = pair }
      return
    }
  }
}
