internal import Tickloom

/// The smallest eigenvalue of the last matrix, or why there is none.
struct SummaryEigenvalue {
  private let summary: RunSummary

  /// Takes it from `summary`.
  init(_ summary: RunSummary) { self.summary = summary }

  /// The number and what it means, or the reasons why it is missing; never empty.
  var parts: [String] {
    guard let value = summary.smallestEigenvalue else {
      return ["none: \(reasons[0])"] + reasons.dropFirst()
    }
    return [number(value)] + (meaning.map { [$0] } ?? [])
  }

  /// What there is to say beside the number; empty where it is as it should be.
  var remark: String {
    summary.smallestEigenvalue == nil ? reasons.joined(separator: ", ") : meaning ?? ""
  }

  private var meaning: String? {
    guard let value = summary.smallestEigenvalue else { return nil }
    // Rounding moves the eigenvalues of a correlation matrix by about symbols × 2⁻⁵³.
    if value < -1e-10 { return "the matrix is not positive semidefinite" }
    return value < 1e-10 ? "the matrix is singular" : nil
  }

  /// The number as it is shown; one that only rounding keeps from 0 is 0.
  func number(_ value: Double) -> String {
    value.magnitude < 1e-10 ? "0" : SummaryNumber.significant(value)
  }

  private var reasons: [String] {
    guard let last = summary.last else { return ["there is no version"] }
    let missing = last.correlations.lazy.filter(\.isNaN).count
    if missing == 0 { return ["it was not computed"] }
    let silent = (0..<UInt32(last.symbolCount)).lazy.filter { symbol in
      last[SymbolID(rawValue: symbol), SymbolID(rawValue: symbol)].isNaN
    }.count
    let pairs = last.symbolCount * (last.symbolCount - 1) / 2
    let undefined = missing - silent
    var reasons: [String] = []
    if silent == 1 { reasons.append("1 symbol without a correlation") }
    if silent > 1 {
      reasons.append("\(SummaryNumber.grouped(silent)) symbols without a correlation")
    }
    if undefined > 0 {
      let all = SummaryNumber.grouped(pairs)
      reasons.append("\(SummaryNumber.grouped(undefined)) of \(all) pairs not defined")
    }
    return reasons
  }
}
