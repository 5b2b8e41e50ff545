internal import Tickloom

/// What a step of a replay has brought about, for a person.
struct StepView {
  let style: SummaryStyle

  init(_ style: SummaryStyle) { self.style = style }

  /// The input and the versions, and a line for each bar that closed.
  func lines(_ step: ReplayStep) -> [String] {
    var parts = ["input \(count(step.sequence))"]
    if step.marketClock > .distantPast {
      parts.append("market at \(SummaryTime.instant(step.marketClock))")
    }
    if let versions = step.versions {
      let numbers =
        versions.count == 1
        ? "version \(count(versions.upperBound))"
        : "versions \(count(versions.lowerBound)) to \(count(versions.upperBound))"
      let start = SummaryTime.instant(step.versionStart, of: step.timeframe)
      parts.append("\(numbers) at \(start)")
    }
    let head = style.emphasized(parts.joined(separator: style.separator), .strong)
    return [head] + step.bars.map { "  " + line($0.symbol, $0.bar, step.timeframe) }
  }

  private func line(_ symbol: String, _ clean: CleanBar, _ timeframe: Timeframe) -> String {
    let bar = clean.bar
    let prices = [bar.open, bar.high, bar.low, bar.close]
    let decimals = prices.map(SummaryNumber.decimals).max() ?? 0
    let shown = prices.map { SummaryNumber.fixed($0, decimals: decimals) }
    let names = zip(["open", "high", "low", "close"], shown).map { "\($0) \($1)" }
    var parts = [
      SummaryText.harmless(symbol), SummaryTime.instant(bar.start, of: timeframe),
      names.joined(separator: " "), inputs(bar),
    ]
    if bar.revision > 0 { parts.append("corrected, revision \(bar.revision)") }
    if clean.flags.contains(.outlier) { parts.append("outlier") }
    return parts.joined(separator: style.separator)
  }

  private func inputs(_ bar: Bar) -> String {
    let first = count(bar.firstSequence)
    return bar.firstSequence == bar.lastSequence
      ? "input \(first)" : "inputs \(first) to \(count(bar.lastSequence))"
  }

  private func count(_ value: UInt64) -> String { SummaryNumber.grouped(Int(clamping: value)) }
}
