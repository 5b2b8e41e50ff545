internal import LoomJournal

/// From where on the inputs of a store do not tell any more what came of them.
public struct StoreCut: Hashable, Sendable {
  /// The inputs that are lost or damaged first.
  public let sequences: ClosedRange<UInt64>
  /// What is wrong with them, as a part of a sentence.
  public let reason: String
}

extension StoreCut {
  /// That at which what a store is known to lack behind an input begins; nil where it lacks nothing.
  static func first(in outline: StoreOutline, after start: UInt64 = 0) -> StoreCut? {
    var lost = outline.gaps.map(\.sequences).filter { $0.upperBound > start }
    if let first = outline.sequences?.lowerBound, first > start + 1 { lost.append(1...(first - 1)) }
    return lost.min { $0.lowerBound < $1.lowerBound }.map {
      let isDeleted = $0.upperBound <= outline.retained.inputs
      return StoreCut(
        sequences: $0, reason: isDeleted ? "--keep has deleted them" : "they are missing")
    }
  }
}
