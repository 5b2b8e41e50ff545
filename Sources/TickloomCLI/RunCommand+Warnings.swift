internal import Tickloom

extension RunCommand {
  /// What a person should know who may not look at the summary.
  func warnings(_ summary: RunSummary) -> [String] {
    var warnings = summary.skipped.map { "left out: " + $0.reason }
    if !isQuiet { warnings += summary.notes.map { "\($0.name): \($0.text)" } }
    let known = Set(summary.symbols.map(\.name))
    for name in configuration.importing.symbols where !known.contains(name) {
      warnings.append("--symbols: no row has the symbol `\(name)`")
    }
    warnings += summary.warnings
    if let line = counts(summary.total.ticks) { warnings.append(line) }
    if !isQuiet, let line = matrix(summary) { warnings.append(line) }
    return warnings
  }

  /// What helps where the last matrix of several symbols holds no pair after rows enough for one.
  private func matrix(_ summary: RunSummary) -> String? {
    guard let last = summary.last, last.symbolCount > 1, summary.highestPairs.isEmpty,
      let text = summary.settings.first(where: { $0.name == "min-periods" })?.value,
      let least = Int(text), summary.versions >= least
    else { return nil }
    return "no pair of symbols has a correlation at the end: fewer than \(least) of the last rows"
      + " hold both (--min-periods) or nothing moved; longer bars (--timeframe) have fewer gaps"
  }

  private func counts(_ ticks: TickCounters) -> String? {
    let importing = configuration.importing
    let filters = [
      ("--symbols", !importing.symbols.isEmpty), ("--from", importing.from != nil),
      ("--to", importing.to != nil),
    ].filter(\.1).map(\.0)
    if ticks.received == 0 {
      return filters.isEmpty
        ? "there is not one row in the input"
        : "no row is left by " + filters.joined(separator: " and ")
    }
    if ticks.accepted == 0 { return "every input was rejected; rejects.csv of --export says why" }
    guard isStrict, ticks.rejectedTotal > 0 else { return nil }
    return "\(ticks.rejectedTotal) of \(ticks.received) inputs were rejected; --strict was given"
  }
}
