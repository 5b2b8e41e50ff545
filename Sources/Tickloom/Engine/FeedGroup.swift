public import LoomCore

/// What a feed does with ticks that its symbol's ring has no room for.
public enum FeedPolicy: Hashable, Sendable {
  /// Hands them back: the receipt says how many were taken, the rest is to be pushed again.
  case handBack
  /// Gives the newest up; they end as ``LoomCore/RejectReason/overflow``.
  case dropNewest
  /// Waits until there is room, or the engine takes no ticks any more. Not for a feed on the thread
  /// that polls, which would wait for itself.
  case wait(WaitStrategy)
}

/// How a push ended.
@frozen
public struct FeedReceipt: Hashable, Sendable {
  /// Whether the engine takes ticks.
  @frozen
  public enum Status: Hashable, Sendable {
    /// It does; what was not taken had no room.
    case open
    /// The kill switch was thrown: see ``FeedGroup/haltReason``.
    case halted
    /// It was stopped.
    case stopped
  }

  /// How many of the ticks were taken, from the first.
  public var taken: Int
  /// How many ticks the engine's rings took from this feed so far.
  public var position: UInt64
  /// Whether the engine takes ticks.
  public var status: Status

  /// Creates a receipt.
  public init(taken: Int, position: UInt64, status: Status) {
    self.taken = taken
    self.position = position
    self.status = status
  }
}

/// All that a feed had pushed at one moment.
public struct FeedMark: Sendable {
  /// The ticks of each symbol that ever came.
  let counts: [(symbol: SymbolID, count: UInt64)]
}

/// The end of an ``Engine`` that pushes the ticks of some symbols, from one thread at a time.
///
/// Once it goes away, on whatever thread, ``Engine/feedGroup(_:source:policy:)`` gives its symbols
/// out again; what it had pushed is taken before anything of the next one's.
public struct FeedGroup: ~Copyable, Sendable {
  /// The feed that its bars name; one that is opened again under its name keeps it.
  public let source: SourceID
  /// What becomes of ticks for which there is no room.
  public let policy: FeedPolicy
  /// How many ticks the engine's rings took from it so far.
  public private(set) var position: UInt64 = 0
  private var producer: InboxProducer
  private let feedSwitch: FeedSwitch

  init(
    source: SourceID, policy: FeedPolicy, producer: consuming InboxProducer, feedSwitch: FeedSwitch
  ) {
    self.source = source
    self.policy = policy
    self.producer = producer
    self.feedSwitch = feedSwitch
  }

  /// Copies in as many of `ticks` as the symbol's ring has room for, oldest first; the policy says
  /// what becomes of the rest.
  ///
  /// Symbol and source of the ticks are set to those of this feed. Nothing is taken, and nothing
  /// given up, once the engine was halted or stopped.
  ///
  /// - Precondition: `symbol` is one of this group's.
  /// - Complexity: O(`ticks.count`), no allocation; wait-free unless the policy is to wait.
  public mutating func push(_ symbol: SymbolID, _ ticks: Span<Tick>) -> FeedReceipt {
    if feedSwitch.state != .open { return receipt(0) }
    var taken = producer.push(symbol, ticks)
    if taken < ticks.count {
      switch policy {
      case .handBack: break
      case .dropNewest: producer.drop(symbol, ticks.count - taken)
      case .wait(let strategy): taken = pushWaiting(symbol, ticks, after: taken, strategy)
      }
    }
    position += UInt64(taken)
    return receipt(taken)
  }

  /// Pushes one tick; a batch of 64 costs a fraction as much a tick.
  ///
  /// - Precondition: `symbol` is one of this group's.
  /// - Complexity: O(1), no allocation; wait-free unless the policy is to wait.
  public mutating func push(_ symbol: SymbolID, _ tick: Tick) -> FeedReceipt {
    if feedSwitch.state == .open, producer.push(symbol, tick) {
      position += 1
      return FeedReceipt(taken: 1, position: position, status: .open)
    }
    let alone: InlineArray<1, Tick> = [tick]
    return push(symbol, alone.span)
  }

  private mutating func pushWaiting(
    _ symbol: SymbolID, _ ticks: Span<Tick>, after before: Int, _ strategy: WaitStrategy
  ) -> Int {
    var (taken, waiter) = (before, Waiter(strategy))
    while taken < ticks.count, feedSwitch.state == .open {
      let count = producer.push(symbol, ticks.extracting(taken...))
      if count == 0 { waiter.wait() } else { waiter.reset() }
      taken += count
    }
    return taken
  }

  private func receipt(_ taken: Int) -> FeedReceipt {
    let status: FeedReceipt.Status =
      switch feedSwitch.state {
      case .open: .open
      case .halted: .halted
      case .stopped: .stopped
      }
    return FeedReceipt(taken: taken, position: position, status: status)
  }

  /// What the feed has pushed so far: ``Engine/sequence(of:)`` tells what became of it.
  ///
  /// - Complexity: O(symbols), allocates.
  public func mark() -> FeedMark {
    FeedMark(counts: producer.symbols.map { ($0, producer.pushed($0)) })
  }

  /// Why the engine was halted; nil where it was not.
  public var haltReason: String? { feedSwitch.haltReason }

  /// Gives `count` ticks up, which end as ``LoomCore/RejectReason/overflow``.
  ///
  /// - Precondition: `symbol` is one of this group's.
  public mutating func drop(_ symbol: SymbolID, _ count: Int) { producer.drop(symbol, count) }

  /// Whether `symbol` is one of this group's.
  public func contains(_ symbol: SymbolID) -> Bool { producer.contains(symbol) }
}
