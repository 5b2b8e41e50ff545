/// Something whose state goes into a snapshot and comes back, bit for bit.
///
/// One description serves both ways, so that they cannot differ:
///
/// ```swift
/// struct Average: SnapshotState {
///   private var sum = 0.0
///   private var values: [Double]
///   mutating func transfer<Coder: SnapshotCoder>(
///     through coder: inout Coder
///   ) throws(SnapshotError) {
///     try coder.value(&sum)
///     try coder.elements(&values)
///   }
/// }
/// ```
public protocol SnapshotState {
  /// Gives `coder` each stored property that inputs have changed, always in the same order.
  ///
  /// A writer changes nothing; a reader replaces them all. What follows from the settings is left
  /// out, as is what others make again from these.
  mutating func transfer<Coder: SnapshotCoder>(through coder: inout Coder) throws(SnapshotError)
}
