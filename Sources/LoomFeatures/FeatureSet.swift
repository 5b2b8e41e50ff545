public import LoomCore

/// The features of one symbol: valid bars in, rows of values out.
///
/// A set holds the windows of one symbol; every symbol has its own. A copy shares its storage with
/// the original until one of them is updated, so build each symbol's set afresh where the first
/// update must not allocate. Not shared between threads while it is updated.
@frozen
public struct FeatureSet<Members: Feature>: SnapshotState, Sendable {
  /// The names of the values, in the order of a row.
  public let names: [String]
  @usableFromInline
  var members: Members
  @usableFromInline
  let count: Int

  /// Creates a set of a feature, usually a ``Chain``.
  ///
  /// Its values must have at least one name and at most 64, each different and not empty.
  @inlinable
  public init(_ members: Members) {
    self.members = members
    names = members.names
    count = names.count
    Self.check(names)
  }

  /// The error of the first ``Contained`` feature that has thrown; nil where none has.
  @inlinable
  public var failure: FeatureFailure? { members.failure }

  /// This set with one more feature, whose values come last; its windows are as they are.
  @inlinable
  public func appending<Added: Feature>(_ feature: Added) -> FeatureSet<Chain<Members, Added>> {
    FeatureSet<Chain<Members, Added>>(Chain(members, feature))
  }

  /// This set followed by the z-scored form of each of its values, named `NAME_z`.
  ///
  /// `window` is how many of its own finite values a value is compared with, at least 2; 252 is
  /// about a year of daily bars.
  @inlinable
  public func normalized(window: Int = 252) -> FeatureSet<Normalized<Members>> {
    FeatureSet<Normalized<Members>>(Normalized(members, window: window))
  }

  /// Whether every member is: a set of others cannot be restored from a snapshot.
  @inlinable
  public static var isRestorable: Bool { Members.isRestorable }

  /// Transfers the members in their order.
  ///
  /// - Throws: ``LoomCore/SnapshotError/notRestorable(_:)`` where one has no description of its state.
  @inlinable
  public mutating func transfer<Coder: SnapshotCoder>(
    through coder: inout Coder
  ) throws(SnapshotError) {
    try members.transfer(through: &coder)
  }

  /// Takes in the symbol's next valid bar and fills `row` with the values at it.
  ///
  /// - Complexity: O(1) amortised per value, no allocation.
  @inlinable
  public mutating func update(_ bar: CleanBar, into row: inout FeatureRow) {
    let before = Int(row.count)
    row.start = bar.bar.start
    row.symbol = bar.bar.symbol
    row.count = 0
    members.update(bar, appendingTo: &row)
    precondition(Int(row.count) == count, "a feature appended more or fewer values than it names")
    if before > count { for i in count..<before { row.values[i] = .nan } }
  }

  /// Takes in the symbol's next valid bar and returns the values at it.
  ///
  /// - Complexity: O(1) amortised per value, no allocation.
  @inlinable
  public mutating func update(_ bar: CleanBar) -> FeatureRow {
    var row = FeatureRow(start: bar.bar.start, symbol: bar.bar.symbol, count: 0)
    update(bar, into: &row)
    return row
  }

  @usableFromInline
  static func check(_ names: [String]) {
    let most = FeatureRow.maximumCount
    precondition(
      (1...most).contains(names.count), "a set has 1 to \(most) values, not \(names.count)")
    precondition(names.allSatisfy { !$0.isEmpty }, "a feature has an empty name")
    let twice = names.indices.first { names[..<$0].contains(names[$0]) }
    precondition(twice == nil, "two features are named \(twice.map { names[$0] } ?? "")")
  }
}
