public import LoomCore

/// The versions of the correlation matrix as they appear, for a task that awaits them.
///
/// Who is slow gets the newest version and how many were missed. The writer does not know of it: the
/// sequence looks at the board at a stated interval, and holds nothing while it waits. Where every
/// place of the board is taken it waits until one is free.
public struct VersionUpdates: AsyncSequence, Sendable {
  /// What it gives.
  public typealias Element = VersionUpdate
  /// It ends, but does not fail.
  public typealias Failure = Never

  let reader: VersionReader
  let interval: Duration
  let clock: any Clock<Duration>

  /// Begins with the newest version there is.
  public func makeAsyncIterator() -> Iterator {
    Iterator(reader: reader, interval: interval, clock: clock)
  }

  /// Gives the versions to one task.
  public struct Iterator: AsyncIteratorProtocol {
    let reader: VersionReader
    let interval: Duration
    let clock: any Clock<Duration>
    /// The number of the version given last; 0 before the first.
    private var number: UInt64 = 0
    /// How many had been published when it was looked for.
    private var seenCount: UInt64 = 0

    init(reader: VersionReader, interval: Duration, clock: any Clock<Duration>) {
      self.reader = reader
      self.interval = interval
      self.clock = clock
    }

    /// The newest version, once it is newer than the one before; nil where no other will follow, or
    /// the task was cancelled.
    public mutating func next() async -> VersionUpdate? { await next(isolation: nil) }

    /// The newest version, once it is newer than the one before; nil where no other will follow, or
    /// the task was cancelled.
    public mutating func next(isolation actor: isolated (any Actor)?) async -> VersionUpdate? {
      while !Task.isCancelled {
        // In this order: what is published before the end is seen with it.
        let isFinished = reader.isFinished
        switch look() {
        case .found(let update): return update
        case .nothing where isFinished: return nil
        case .nothing, .noPlace: break
        }
        do { try await clock.sleep(for: interval) } catch { return nil }
      }
      return nil
    }

    private enum Look {
      case found(VersionUpdate)
      case nothing
      case noPlace
    }

    private mutating func look() -> Look {
      let count = reader.publishedCount
      if count == seenCount { return .nothing }
      guard let version = reader.hold() else { return .noPlace }
      if version.number <= number { return .nothing }
      let missed = number == 0 ? 0 : Int(version.number - number - 1)
      (number, seenCount) = (version.number, count)
      return .found(VersionUpdate(version: version, missed: missed))
    }
  }
}

extension VersionReader {
  /// The versions as they appear, from the newest there is on.
  ///
  /// They end when the writer says so or goes away, and when the task is cancelled.
  ///
  /// - Parameters:
  ///   - interval: How long to wait before it looks for a newer one; 50 ms unless set.
  ///   - clock: What the interval is measured with.
  /// - Returns: A sequence that every task may go through on its own.
  public func updates(
    every interval: Duration = .milliseconds(50), clock: any Clock<Duration> = ContinuousClock()
  ) -> VersionUpdates {
    VersionUpdates(reader: self, interval: interval, clock: clock)
  }
}
