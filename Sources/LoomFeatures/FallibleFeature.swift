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
}
