import Foundation
import LoomCore

/// The definition, computed afresh in two passes: slow, and written unlike the library.
enum CorrelationOracle {
  struct Entry {
    var correlation = Double.nan
    var covariance = Double.nan
    var jointRows = 0
  }

  /// Weighted moments of columns `i` and `j` over the rows in which both are present.
  static func entry(
    _ rows: [[Double]], _ i: Int, _ j: Int, decay: Double = 1, minimum: Int
  ) -> Entry {
    func value(_ row: [Double], _ k: Int) -> Double { k < row.count ? row[k] : .nan }
    let joint = rows.indices.filter {
      value(rows[$0], i).isFinite && value(rows[$0], j).isFinite
    }
    var entry = Entry(jointRows: joint.count)
    guard joint.count >= max(minimum, 2), let youngest = joint.last else { return entry }
    let x = joint.map { rows[$0][i] }
    let y = joint.map { rows[$0][j] }
    var w = joint.map { pow(decay, Double(youngest - $0)) }
    let total = w.reduce(0, +)
    w = w.map { $0 / total }
    func mean(_ v: [Double]) -> Double { zip(w, v).reduce(0) { $0 + $1.0 * $1.1 } }
    let (mx, my) = (mean(x), mean(y))
    let u = x.map { $0 - mx }
    let v = y.map { $0 - my }
    let su = mean(u.map { $0 * $0 })
    let sv = mean(v.map { $0 * $0 })
    let suv = mean(zip(u, v).map { $0 * $1 })
    entry.covariance = suv / (1 - w.reduce(0) { $0 + $1 * $1 })
    func flat(_ s: Double, _ v: [Double]) -> Bool {
      s <= 1e-20 * max(mean(v.map { $0 * $0 }), 1e-300)
    }
    guard !flat(su, x), !flat(sv, y) else { return entry }
    entry.correlation = i == j ? 1 : min(1, max(-1, suv / (su * sv).squareRoot()))
    return entry
  }

  /// The rows a configuration looks at.
  static func window(_ rows: [[Double]], _ configuration: CorrelationConfiguration) -> [[Double]] {
    guard case .rolling(let window) = configuration.estimator else { return rows }
    return Array(rows.suffix(window))
  }
}
