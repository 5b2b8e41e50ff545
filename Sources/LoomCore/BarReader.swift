internal import CLoomCore

/// Finds the latest table of a ``BarBoard``.
public struct BarReader: Sendable {
  private let storage: BoardStorage
  private let layout: BarLayout

  init(storage: BoardStorage, layout: BarLayout) {
    self.storage = storage
    self.layout = layout
  }

  /// Holds the latest table; nil where as many are held as may be.
  ///
  /// - Complexity: O(1), wait-free.
  public func hold() -> HeldBars? {
    var held = unsafe loom_held()
    guard unsafe loom_board_hold(storage.handle, &held) else { return nil }
    return unsafe HeldBars(storage: storage, layout: layout, held: held)
  }

  /// Lets `body` read the latest table in place; nil where as many are held as may be.
  ///
  /// - Complexity: O(1) and what `body` takes; wait-free.
  public func withLatest<Result, Failure: Error>(
    _ body: (borrowing HeldBars) throws(Failure) -> Result
  ) throws(Failure) -> Result? {
    guard let bars = hold() else { return nil }
    return try body(bars)
  }

  /// How many tables are held at this moment; at times one that is being refused is among them.
  public var held: Int { Int(unsafe loom_board_holders(storage.handle)) }
  /// How many tables may be held at one time.
  public var holders: Int { Int(unsafe loom_board_holders_max(storage.handle)) }
  /// How many bars and how many feature rows of each symbol are kept.
  public var depth: Int { layout.depth }
  /// Values in a feature row.
  public var featureCount: Int { layout.featureCount }
}
