public import LoomCore

/// An entry of the correlation matrix, computed afresh from its rows in two passes.
public struct EntryComputation: Sendable {
  /// ρ; NaN where it is not defined.
  public let correlation: Double
  /// How many rows have both.
  public let jointRows: Int
  /// (Σw)² / Σw².
  public let effectiveRows: Double
  /// Why ρ is not defined, if it is not.
  public let reason: CorrelationReason

  /// Pearson's correlation over the joint rows with their weights: means first, then the products of
  /// the distances from them (Chan, Golub and LeVeque 1983, the two-pass algorithm).
  ///
  /// - Parameters:
  ///   - rows: The rows.
  ///   - olderJointRows: Joint rows that are not among them as they weigh nothing.
  ///   - minimum: Joint rows below which it is not defined.
  init(_ rows: [EntryRow], olderJointRows: Int, minimum: Int) {
    let joint = rows.filter(\.isJoint).map { row in
      (weight: row.weight, first: row.first.logReturn, second: row.second.logReturn)
    }
    let total = joint.reduce(0) { $0 + $1.weight }
    let squares = joint.reduce(0) { $0 + $1.weight * $1.weight }
    jointRows = joint.count + olderJointRows
    effectiveRows = squares > 0 ? total * total / squares : 0
    guard jointRows >= max(2, minimum) else {
      correlation = .nan
      let isEither = rows.contains(where: \.first.isPresent)
      reason = isEither && rows.contains(where: \.second.isPresent) ? .tooFewRows : .notActive
      return
    }
    let firstMean = joint.reduce(0) { $0 + $1.weight * $1.first } / total
    let secondMean = joint.reduce(0) { $0 + $1.weight * $1.second } / total
    var (product, firstVariance, secondVariance) = (0.0, 0.0, 0.0)
    var (firstSquare, secondSquare) = (0.0, 0.0)
    for row in joint {
      let (first, second) = (row.first - firstMean, row.second - secondMean)
      product += row.weight * first * second
      firstVariance += row.weight * first * first
      secondVariance += row.weight * second * second
      firstSquare += row.weight * row.first * row.first
      secondSquare += row.weight * row.second * row.second
    }
    if firstVariance <= 1e-20 * firstSquare || secondVariance <= 1e-20 * secondSquare {
      correlation = .nan
      reason = .zeroVariance
    } else {
      let ratio = product / (firstVariance.squareRoot() * secondVariance.squareRoot())
      correlation = min(1, max(-1, ratio))
      reason = .defined
    }
  }
}
