public import LoomCore

/// A feature that may throw, kept from doing harm: from its first error on its values are NaN.
///
/// All other features of the symbol, those behind it in the chain too, go on as if it had not
/// thrown. A feature that cannot throw needs none of this and pays for none of it.
@frozen
public struct Contained<Base: FallibleFeature>: Feature {
  /// The feature.
  public var base: Base
  /// The names of the feature.
  public let names: [String]
  /// Its error; nil where there was none.
  public private(set) var failure: FeatureFailure?

  /// True.
  @inlinable
  public static var mayThrow: Bool { true }

  /// Whether the feature is.
  @inlinable
  public static var isRestorable: Bool { Base.isRestorable }

  /// Transfers the feature, and its error.
  public mutating func transfer<Coder: SnapshotCoder>(
    through coder: inout Coder
  ) throws(SnapshotError) {
    try base.transfer(through: &coder)
    var hasFailed = failure != nil
    try coder.flag(&hasFailed)
    guard hasFailed else { return failure = nil }
    var (start, reason) = (failure?.start ?? .distantPast, failure?.reason ?? "")
    try coder.value(&start)
    try coder.text(&reason)
    failure = FeatureFailure(name: names[0], start: start, reason: reason)
  }

  /// Contains a feature, which has one name at least.
  @inlinable
  public init(_ base: Base) {
    self.base = base
    names = base.names
    precondition(!names.isEmpty, "a feature without names")
  }

  /// Updates the feature; appends NaN for each name where it throws, or has thrown before.
  @inlinable
  public mutating func update(_ bar: CleanBar, appendingTo row: inout FeatureRow) {
    let first = row.count
    if failure == nil {
      do {
        return try base.update(bar, appendingTo: &row)
      } catch {
        fail(error, at: bar.bar.start)
        row.count = first
      }
    }
    for _ in names.indices { row.append(.nan) }
  }

  @usableFromInline
  mutating func fail(_ error: any Error, at start: Timestamp) {
    failure = FeatureFailure(name: names[0], start: start, reason: "\(error)")
  }
}
