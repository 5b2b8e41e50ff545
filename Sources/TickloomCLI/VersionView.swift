internal import Tickloom

/// A version that was made again, for a person; names of the store are made harmless first.
struct VersionView {
  let rebuild: VersionRebuild
  let style: SummaryStyle

  init(_ rebuild: VersionRebuild, _ style: SummaryStyle) {
    self.rebuild = rebuild
    self.style = style
  }

  /// Which version it is, whether it is the one that was published, and its matrix.
  func lines() -> [String] {
    let names = rebuild.symbols.map(SummaryText.harmless)
    return head() + [counts(), ""]
      + HeatMapText(rebuild.version, names: names, style: style).lines()
  }

  /// Which version it is, and whether it is the one that was published.
  func head() -> [String] {
    let number = SummaryNumber.grouped(Int(clamping: rebuild.version.number))
    let time = SummaryTime.instant(
      rebuild.version.start, of: rebuild.configuration.normalization.timeframe)
    let parts = ["version \(number) at \(time)", rebuild.configuration.estimatorText]
    return [style.emphasized(parts.joined(separator: style.separator), .strong)] + verdict()
  }

  private func verdict() -> [String] {
    let hash = "hash \(rebuild.version.hash)"
    if rebuild.isEqual {
      let matrix = rebuild.isKeptMatrix == true ? ", and so is the matrix" : ""
      return ["\(hash), as published\(matrix)"]
    }
    if rebuild.stored.hash != rebuild.version.hash {
      return [hash, "NOT as published: that was \(rebuild.stored.hash?.description ?? "no hash")"]
    }
    let what = rebuild.isKeptMatrix == false ? "the kept matrix differs" : "its time differs"
    return ["\(hash), as published, but \(what)"]
  }

  private func counts() -> String {
    let count = rebuild.version.symbolCount
    var joint: [Int32] = []
    var defined = 0
    var place = 0
    for row in 0..<count {
      for column in row..<count {
        if row != column {
          joint.append(rebuild.version.jointCounts[place])
          if !rebuild.version.correlations[place].isNaN { defined += 1 }
        }
        place += 1
      }
    }
    let symbols = "\(SummaryNumber.grouped(count)) symbol\(count == 1 ? "" : "s")"
    guard let least = joint.min(), let most = joint.max() else { return symbols }
    let pairs =
      "\(SummaryNumber.grouped(defined)) of \(SummaryNumber.grouped(joint.count)) pairs defined"
    let range =
      least == most
      ? "n_eff \(SummaryNumber.grouped(Int(least)))"
      : "n_eff \(SummaryNumber.grouped(Int(least))) to \(SummaryNumber.grouped(Int(most)))"
    return [symbols, pairs, range].joined(separator: style.separator)
  }
}
