import Synchronization
import Tickloom

extension Mutex where Value == Journal? {
  /// A journal that is told later.
  final class Box: Sendable {
    private let journal = Mutex<Journal?>(nil)

    var value: Journal? {
      get { journal.withLock { $0 } }
      set { journal.withLock { $0 = newValue } }
    }
  }
}
