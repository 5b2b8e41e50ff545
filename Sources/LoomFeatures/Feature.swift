public import LoomCore

/// A number, or a few, computed from one symbol's valid clean bars as they come.
///
/// A feature is a value that holds its own windows. A set joins features into a ``Chain``, whose
/// type names every member, so that updating it is direct calls in place: nothing is boxed, copied
/// or allocated. Any type of any module may conform and join a ``FeatureSet``.
///
/// ```swift
/// struct Body: Feature {
///   var names: [String] { ["body"] }
///   mutating func update(_ bar: CleanBar, appendingTo row: inout FeatureRow) {
///     row.append(bar.bar.close / bar.bar.open - 1)
///   }
/// }
/// ```
public protocol Feature: Sendable {
  /// The names of its values in the order in which ``update(_:appendingTo:)`` appends them; fixed.
  var names: [String] { get }

  /// Takes in the symbol's next valid bar and appends one value per name.
  ///
  /// It should take constant time and allocate nothing. A value that is not defined, for example
  /// because a window is not full, is NaN. One that may throw is a ``FallibleFeature``.
  mutating func update(_ bar: CleanBar, appendingTo row: inout FeatureRow)

  /// The error of a ``Contained`` feature that it is or holds; nil where there was none.
  var failure: FeatureFailure? { get }

  /// Whether there can ever be such an error.
  static var mayThrow: Bool { get }

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

extension Feature {
  /// Nil: it cannot throw.
  @inlinable
  public var failure: FeatureFailure? { nil }

  /// False.
  @inlinable
  public static var mayThrow: Bool { false }
}

extension FeatureRow {
  /// Appends a value; one that is not finite becomes NaN.
  ///
  /// The row must hold fewer than ``LoomCore/FeatureRow/maximumCount`` values.
  @inlinable
  public mutating func append(_ value: Double) {
    values[Int(count)] = value.isFinite ? value : .nan
    count += 1
  }
}

extension Feature {
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

extension Feature where Self: SnapshotState {
  /// True.
  @inlinable
  public static var isRestorable: Bool { true }
}
