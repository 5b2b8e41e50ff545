internal import Tickloom

/// The smallest eigenvalue of the last matrix, or why there is none.
struct SummaryEigenvalue {
  private let summary: RunSummary

  /// Takes it from `summary`.
  init(_ summary: RunSummary) { self.summary = summary }

  /// The number with what it means, or the reason why it is missing.
  var text: String {
    guard let value = summary.smallestEigenvalue else { return "none: \(reason)" }
    return remark.isEmpty ? number(value) : "\(number(value)), \(remark)"
  }

  /// What the number means for a user of the matrix; empty where it is as it should be.
  var remark: String {
    guard let value = summary.smallestEigenvalue else { return reason }
    // The eigenvalues of a matrix of rounded numbers are off by about symbols × 2⁻⁵³.
    if value < -1e-10 { return "the matrix is not positive semidefinite" }
    return value < 1e-10 ? "the matrix is singular" : ""
  }

  /// The number as it is shown; one that only rounding keeps from 0 is 0.
  func number(_ value: Double) -> String {
    value.magnitude < 1e-10 ? "0" : SummaryNumber.significant(value)
  }

  private var reason: String {
    guard let last = summary.last else { return "there is no version" }
    let missing = last.correlations.lazy.filter(\.isNaN).count
    if missing == 0 { return "it was not computed" }
    let silent = (0..<UInt32(last.symbolCount)).lazy.filter { symbol in
      last[SymbolID(rawValue: symbol), SymbolID(rawValue: symbol)].isNaN
    }.count
    let pairs = last.symbolCount * (last.symbolCount - 1) / 2
    let undefined = missing - silent
    let counted =
      "\(SummaryNumber.grouped(undefined)) of \(SummaryNumber.grouped(pairs)) pairs not defined"
    if silent == 0 { return counted }
    let symbols = silent == 1 ? "1 symbol" : "\(SummaryNumber.grouped(silent)) symbols"
    let lonely = "\(symbols) without a correlation"
    return undefined == 0 ? lonely : "\(lonely), \(counted)"
  }
}
