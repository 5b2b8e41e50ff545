internal import Tickloom

/// What is behind a correlation, for a person; names of the store are made harmless first.
struct EntryView {
  let entry: EntryExplanation
  let style: SummaryStyle
  private let names: (first: String, second: String)
  /// Where weights decay, the rows that weigh less are told as a number.
  private static let leastWeight = 1e-3

  init(_ entry: EntryExplanation, _ style: SummaryStyle) {
    self.entry = entry
    self.style = style
    names = (SummaryText.harmless(entry.first), SummaryText.harmless(entry.second))
  }

  /// Which version, the entry as published and computed afresh, and the rows it is made of.
  func lines() -> [String] {
    let rows = shown()
    return VersionView(entry.version, style).head() + [""] + numbers() + [""] + table(rows)
      + rest(rows.count)
  }

  private func numbers() -> [String] {
    let (published, recomputed) = (entry.published, entry.recomputed)
    var lines = [
      style.emphasized("\(names.first), \(names.second)", .strong),
      "published   \(style.rho) \(number(published.correlation))",
      "from rows   \(style.rho) \(number(recomputed.correlation))",
    ]
    if published.reason == .defined, recomputed.reason == .defined {
      lines.append("difference  \(SummaryNumber.scientific(entry.difference))")
    }
    var facts = ["n_eff \(SummaryNumber.grouped(published.jointRows))"]
    if !isRolling {
      let weight = SummaryNumber.significant(published.effectiveRows, digits: 4)
      facts.append("by weight \(weight) rows")
    }
    if let probability = SummaryNumber.probability(published.pValue) {
      facts.append("p \(probability)")
    }
    if let reason { facts.append("not defined: \(reason)") }
    return lines + [facts.joined(separator: style.separator)]
  }

  private func number(_ value: Double) -> String { value.isNaN ? style.dash : "\(value)" }

  /// Why ρ is not defined; nil where it is.
  private var reason: String? {
    let minimum = max(2, entry.version.configuration.correlation.minimumPeriods)
    switch entry.published.reason {
    case .defined: return nil
    case .tooFewRows:
      return "at least \(SummaryNumber.grouped(minimum)) rows must have both (--min-periods)"
    case .zeroVariance: return "one of the two does not vary over the rows that have both"
    case .notActive:
      return isRolling
        ? "one of the two has no return in the window" : "one of the two never had a return"
    }
  }

  private var isRolling: Bool {
    if case .rolling = entry.version.configuration.correlation.estimator { return true }
    return false
  }

  // MARK: Rows

  /// Those that are shown: all of a window, else those that weigh something.
  private func shown() -> [EntryRow] {
    if isRolling { return entry.rows }
    guard let first = entry.rows.firstIndex(where: { $0.weight >= Self.leastWeight }) else {
      return []
    }
    return Array(entry.rows[first...])
  }

  private func table(_ rows: [EntryRow]) -> [String] {
    if rows.isEmpty { return ["there is no row with either"] }
    let timeframe = entry.version.configuration.normalization.timeframe
    var columns: [LiveTable.Column] = [
      .init(
        head: "row", cells: rows.map { SummaryTime.instant($0.start, of: timeframe) },
        isText: true)
    ]
    if !isRolling {
      columns.append(
        .init(head: "weight", cells: rows.map { SummaryNumber.significant($0.weight) }, weight: 3))
    }
    columns += self.columns(names.first, rows.map(\.first))
    columns += self.columns(names.second, rows.map(\.second))
    let table = LiveTable(columns: columns)
    // Elsewhere than on a terminal a line may be as long as it needs.
    let whole = table.lines(width: .max, SummaryStyle(isTerminal: false, width: 0, colours: .none))
    let isCut = style.isTerminal && whole.contains { SummaryText.width($0) > style.width }
    let lines = table.lines(width: isCut ? style.width : .max, style).map { line in
      String(line[..<(line.lastIndex { $0 != " " }.map(line.index(after:)) ?? line.startIndex)])
    }
    let hint = "a wider terminal, or --json, shows the inputs of each bar"
    return lines + (isCut ? [style.emphasized(hint, .faint)] : [])
  }

  private func columns(_ name: String, _ sides: [EntryRow.Side]) -> [LiveTable.Column] {
    let closes = sides.compactMap { $0.bar?.bar.close }
    let decimals = closes.lazy.map(SummaryNumber.decimals).max() ?? 0
    return [
      .init(head: name, cells: sides.map(self.value), weight: 4),
      .init(
        head: "close",
        cells: sides.map { side in
          side.bar.map { SummaryNumber.fixed($0.bar.close, decimals: decimals) } ?? style.dash
        }, weight: 2),
      .init(head: "inputs", cells: sides.map(inputs), isText: true, weight: 1),
    ]
  }

  /// The return, or why there is none.
  private func value(_ side: EntryRow.Side) -> String {
    if side.isPresent { return Self.exact(side.logReturn) }
    guard let bar = side.bar else { return "no bar" }
    if bar.flags.contains(.outlier) { return "outlier" }
    if !bar.isValid { return "not valid" }
    return bar.logReturn.isNaN ? "no return" : "other interval"
  }

  /// Six significant digits at least, however small it is.
  private static func exact(_ value: Double) -> String {
    value == 0 ? "0" : SummaryNumber.scientific(value, decimals: 5)
  }

  private func inputs(_ side: EntryRow.Side) -> String {
    guard let bar = side.bar?.bar else { return style.dash }
    let (first, last) = (Int(clamping: bar.firstSequence), Int(clamping: bar.lastSequence))
    let revised = bar.revision > 0 ? ", revision \(bar.revision)" : ""
    if first == last { return SummaryNumber.grouped(first) + revised }
    return "\(SummaryNumber.grouped(first)) to \(SummaryNumber.grouped(last))\(revised)"
  }

  /// What is not shown, and how much it weighs.
  private func rest(_ shown: Int) -> [String] {
    let hidden = entry.rows.prefix(entry.rows.count - shown).filter(\.isJoint)
    let count = hidden.count + entry.olderJointRows
    if isRolling || count == 0 { return [] }
    let total = entry.rows.reduce(0) { $0 + $1.weight }
    let share = hidden.reduce(0) { $0 + $1.weight } / total
    let rows = "\(SummaryNumber.grouped(count)) older rows with both"
    let weight = "\(SummaryNumber.percent(share)) of the weight"
    return ["and \(rows), which are \(weight) (--json has more)"]
  }
}
