internal import Tickloom

extension SummaryView {
  private static let mostPairs = 5
  private static let longestName = 20

  /// The pairs with the highest and the lowest ρ, one table for both so that they line up.
  func pairs() -> [String] {
    let highest = summary.highestPairs.prefix(Self.mostPairs)
    let lowest = summary.lowestPairs.prefix(Self.mostPairs)
    let all = Array(highest) + Array(lowest)
    if all.isEmpty { return [] }
    let lines = pairTable(all).lines(style)
    var result = Array(lines[...highest.count])
    if !lowest.isEmpty { result.append(style.emphasized(lowestTitle(lowest), .strong)) }
    return result + lines[(1 + highest.count)...]
  }

  /// Only a ρ below 0 is an anti-correlation.
  private func lowestTitle(_ lowest: ArraySlice<RunSummary.Pair>) -> String {
    lowest.contains { $0.correlation < 0 } ? "most anti-correlated" : "least correlated"
  }

  private func pairTable(_ pairs: [RunSummary.Pair]) -> SummaryTable {
    let firsts = pairs.map { shortened($0.first) }
    let width = firsts.lazy.map(SummaryText.width).max() ?? 0
    let names = zip(firsts, pairs).map { first, pair in
      "  " + SummaryText.leading(first, width) + "  " + shortened(pair.second)
    }
    var table = SummaryTable(
      names: .init(head: "most correlated", cells: names, isText: true),
      columns: [
        .init(
          head: style.rho, cells: pairs.map { SummaryNumber.fixed($0.correlation, decimals: 3) }),
        .init(head: "n_eff", cells: pairs.map { SummaryNumber.grouped($0.jointCount) }),
        .init(
          head: "p", cells: pairs.map { SummaryNumber.probability($0.pValue) ?? style.dash }),
      ])
    table.headEmphasis = .strong
    return table
  }

  private func shortened(_ name: String) -> String {
    SummaryText.shortened(
      SummaryText.harmless(name), to: Self.longestName, ellipsis: style.ellipsis)
  }
}
