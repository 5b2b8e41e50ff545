internal import LoomCore

/// What comes to a journal beside the inputs, and seldom.
enum JournalNote: Sendable {
  case symbol(SymbolID, String)
  case source(SourceID, String)
  case clock(ClockEvent)
  case retired(SymbolID, after: UInt64)
  case counter(StoreCounter)
  case snapshot(StoreSnapshot)

  /// The input that it stands behind; 0 where it does not matter.
  var after: UInt64 {
    switch self {
    case .symbol, .source, .counter: 0
    case .clock(let event): event.afterSequence
    case .retired(_, let sequence): sequence
    case .snapshot(let snapshot): snapshot.sequence
    }
  }
}
