public import LoomCore

/// A ``Feature`` whose update may throw: it joins a set within a ``Contained`` one.
///
/// ```swift
/// let set = FeatureSet.standard().appending(Contained(MyFeature()))
/// ```
public protocol FallibleFeature: Sendable {
  /// The names of its values in the order in which ``update(_:appendingTo:)`` appends them; fixed.
  var names: [String] { get }

  /// Takes in the symbol's next valid bar and appends one value per name, or throws.
  ///
  /// What it appended before it threw counts for nothing, and it is not called again: it may have
  /// stopped in the middle of its own state.
  mutating func update(_ bar: CleanBar, appendingTo row: inout FeatureRow) throws

  /// Whether ``transfer(through:)`` does what it says; where a feature's does not, nothing it belongs
  /// to can be restored from a snapshot.
  ///
  /// True for one that is a ``LoomCore/SnapshotState``, which is how a feature says what its state is.
  static var isRestorable: Bool { get }

  /// As that of a ``LoomCore/SnapshotState``: of a feature whose names and settings are the same.
  mutating func transfer<Coder: SnapshotCoder>(
    through coder: inout Coder
  ) throws(SnapshotError)
}

extension FallibleFeature {
  /// False.
  @inlinable
  public static var isRestorable: Bool { false }

  /// Throws ``LoomCore/SnapshotError/notRestorable(_:)``.
  public mutating func transfer<Coder: SnapshotCoder>(
    through coder: inout Coder
  ) throws(SnapshotError) {
    throw .notRestorable("the feature \(names.first ?? "")")
  }
}

extension FallibleFeature where Self: SnapshotState {
  /// True.
  @inlinable
  public static var isRestorable: Bool { true }
}
