public import LoomCore

/// Two features as one: the values of the first, then those of the second.
///
/// Chains nest, so a chain of any length is one value whose type names every member.
@frozen
public struct Chain<Head: Feature, Tail: Feature>: Feature {
  /// The feature whose values come first.
  public var head: Head
  /// The feature whose values come last.
  public var tail: Tail

  /// Joins two features.
  @inlinable
  public init(_ head: Head, _ tail: Tail) {
    self.head = head
    self.tail = tail
  }

  /// The names of the head, then those of the tail.
  @inlinable
  public var names: [String] { head.names + tail.names }

  /// The error of the head, else that of the tail.
  @inlinable
  public var failure: FeatureFailure? { head.failure ?? tail.failure }

  /// Whether one of them may.
  @inlinable
  public static var mayThrow: Bool { Head.mayThrow || Tail.mayThrow }

  /// Whether both are.
  @inlinable
  public static var isRestorable: Bool { Head.isRestorable && Tail.isRestorable }

  /// Transfers the head, then the tail.
  @inlinable
  public mutating func transfer<Coder: SnapshotCoder>(
    through coder: inout Coder
  ) throws(SnapshotError) {
    try head.transfer(through: &coder)
    try tail.transfer(through: &coder)
  }

  /// Updates the head, then the tail.
  @inlinable
  public mutating func update(_ bar: CleanBar, appendingTo row: inout FeatureRow) {
    head.update(bar, appendingTo: &row)
    tail.update(bar, appendingTo: &row)
  }
}
