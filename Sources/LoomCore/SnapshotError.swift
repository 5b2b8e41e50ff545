/// Why a snapshot could not be written or restored.
public enum SnapshotError: Error, Equatable, Sendable {
  /// It ends before all was read.
  case truncated
  /// These are not the bytes of a snapshot, or something in them has changed.
  case damaged(String)
  /// Another version of this library wrote it, in its own format.
  case otherFormat(UInt32)
  /// It is of a pipeline with other settings: what they were, and what they are now.
  case otherConfiguration(was: String, is: String)
  /// Some part, such as a feature of the embedder's, has no description of its state.
  case notRestorable(String)
  /// There is no room for what it holds.
  case core(CoreError)
}

extension SnapshotError: CustomStringConvertible {
  /// One sentence: what was wrong, and what to do.
  public var description: String {
    switch self {
    case .truncated: "the snapshot ends in the middle; take all inputs again"
    case .damaged(let what): "the snapshot is damaged (\(what)); take all inputs again"
    case .otherFormat(let number):
      "the snapshot has format \(number), which this version does not read; take all inputs again"
    case .otherConfiguration(let was, let now):
      "the snapshot is of a pipeline with \(was), and this one has \(now)"
    case .notRestorable(let what):
      "\(what) does not say what its state is made of (see SnapshotState); take all inputs again"
    case .core(let error): error.description
    }
  }
}
