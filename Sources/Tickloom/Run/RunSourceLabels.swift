internal import LoomCore
internal import LoomImport

/// The feeds of a run that goes on: those that its store knows, and what comes now.
struct RunSourceLabels: Sendable {
  /// All of them, by ``SourceID``.
  private(set) var sources: [Source]
  /// What the identifiers of the reader become.
  private var identifiers: [SourceID] = []

  init(_ read: [Source], _ known: [String]) {
    if known.isEmpty {
      sources = read
      return
    }
    sources = known.map { Source(name: $0, path: $0) }
    for source in read {
      let place = known.firstIndex(of: source.name) ?? sources.count
      if place < sources.count { sources[place] = source } else { sources.append(source) }
      identifiers.append(SourceID(rawValue: UInt16(place)))
    }
  }

  /// Gives the rows the identifiers that the store has.
  func put(on batch: inout InputBatch) {
    if identifiers.isEmpty { return }
    for row in batch.ticks.indices {
      batch.ticks[row].tick.source = identifiers[batch.ticks[row].tick.source.index]
    }
  }
}
