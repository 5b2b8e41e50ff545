internal import LoomJournal

/// From where on the inputs of a store do not tell any more what came of them.
public struct StoreCut: Hashable, Sendable {
  /// The inputs that are lost or damaged first.
  public let sequences: ClosedRange<UInt64>
  /// What is wrong with them, as a part of a sentence.
  public let reason: String
}

extension StoreCut {
  /// That at which what a store is known to lack begins; nil where it lacks nothing.
  static func first(in outline: StoreOutline) -> StoreCut? {
    var lost = outline.gaps.map(\.sequences)
    if let first = outline.sequences?.lowerBound, first > 1 { lost.append(1...(first - 1)) }
    return lost.min { $0.lowerBound < $1.lowerBound }.map {
      StoreCut(sequences: $0, reason: "they are missing")
    }
  }
}
