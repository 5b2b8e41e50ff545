internal import LoomCore
internal import LoomFeatures
internal import LoomSystem

/// The features that threw, the first of each symbol; noted by the threads that update them.
final class FeatureFailures: Sendable {
  private struct State {
    var symbols: Set<SymbolID> = []
    var observer: (@Sendable (FeatureFailure, SymbolID) -> Void)?
  }

  private let state = Lock(State())

  /// Has `observer` told of each symbol's first, once, on the thread that updates it.
  func observe(_ observer: @escaping @Sendable (FeatureFailure, SymbolID) -> Void) {
    state.withLock { $0.observer = observer }
  }

  /// Takes note; what comes after a symbol's first does nothing.
  func note(_ failure: FeatureFailure, _ symbol: SymbolID) {
    let observer = state.withLock { state in
      state.symbols.insert(symbol).inserted ? state.observer : nil
    }
    observer?(failure, symbol)
  }
}
