public import LoomCore

/// A version as ``VersionUpdates`` gives it: held for as long as anyone refers to this.
///
/// A reference, so that a matrix of any size is given on without a copy. Whoever keeps one takes one
/// of the board's places; ``LoomCore/HeldVersion/snapshot()`` is a copy that takes none.
public final class VersionUpdate: Sendable {
  /// The version.
  public let version: HeldVersion
  /// How many versions came between the one given before and this; 0 for the first.
  public let missed: Int

  init(version: consuming HeldVersion, missed: Int) {
    self.version = version
    self.missed = missed
  }
}
