public import LoomCore

/// A feature followed by the z-scored form of each of its values.
///
/// z = (x − mean) / s over the value's own last 252 finite values, the current one included, with
/// the sample standard deviation s (ddof 1). No unit. NaN until that many have come, where the
/// value is NaN, and where all of them are equal. Source: exact.
public struct Normalized<Base: Feature>: Feature {
  /// The feature.
  public var base: Base
  @usableFromInline
  var scores: Scores

  /// Adds the z-scored form to a feature, over `window` finite values, at least 2.
  public init(_ base: Base, window: Int = 252) {
    self.base = base
    scores = Scores(count: base.names.count, window: window)
  }

  /// The names of the feature, then the same with `_z`.
  public var names: [String] { base.names + base.names.map { $0 + "_z" } }

  /// The error of the feature.
  @inlinable
  public var failure: FeatureFailure? { base.failure }

  /// Whether the feature may.
  @inlinable
  public static var mayThrow: Bool { Base.mayThrow }

  /// Whether the feature is.
  @inlinable
  public static var isRestorable: Bool { Base.isRestorable }

  /// Transfers the feature, then the windows of the scores.
  @inlinable
  public mutating func transfer<Coder: SnapshotCoder>(
    through coder: inout Coder
  ) throws(SnapshotError) {
    try base.transfer(through: &coder)
    try scores.transfer(through: &coder)
  }

  /// Updates the feature, then the scores of its values.
  @inlinable
  public mutating func update(_ bar: CleanBar, appendingTo row: inout FeatureRow) {
    let first = Int(row.count)
    base.update(bar, appendingTo: &row)
    scores.append(from: first, to: &row)
  }
}
