internal import CLoomCore
internal import Synchronization

/// A ring of ticks for each of many symbols, and the one reader of them all.
///
/// Producers push from any number of threads, each symbol from one; the reader finds the rings that
/// hold something by their hints, so that thousands of silent symbols cost it nothing. Nothing here
/// waits or locks, and only ``InboxDoor/open(_:)`` allocates.
@safe
public struct Inbox: ~Copyable, @unchecked Sendable {
  // Safe to send: the noncopyable reader is the only one that pops, whatever thread it is on.
  private let storage: InboxStorage
  private let handle: OpaquePointer

  /// Creates an inbox without rings.
  ///
  /// - Parameter ringCapacity: Most ticks a symbol's ring holds; a power of two, at most 2³¹.
  /// - Throws: ``CoreError``.
  public init(ringCapacity: Int) throws(CoreError) {
    storage = try InboxStorage(ringCapacity: ringCapacity)
    unsafe handle = storage.handle
  }

  /// Where rings are opened and looked at from other threads.
  public var door: InboxDoor { InboxDoor(storage: storage) }

  /// How many words of hints there are: 64 symbols to a word, in order.
  public var wordCount: Int { Int(unsafe loom_inbox_words(handle)) }

  /// Takes the hints of a word: a set bit is a symbol whose ring may hold something.
  ///
  /// What is taken comes once more with the next call, and for as long as its ring gives ticks.
  public mutating func takeHints(_ word: Int) -> UInt64 {
    precondition(word >= 0 && word < wordCount, "word \(word) of \(wordCount)")
    return unsafe loom_inbox_take(handle, UInt32(word))
  }

  /// Gives back hints of a word that were taken, for the next time.
  public mutating func putBack(_ hints: UInt64, _ word: Int) {
    precondition(word >= 0 && word < wordCount, "word \(word) of \(wordCount)")
    unsafe loom_inbox_put_back(handle, UInt32(word), hints)
  }

  /// How many ticks of an open symbol were ever taken out.
  public func popped(_ symbol: SymbolID) -> UInt64 {
    unsafe loom_inbox_popped(handle, symbol.rawValue)
  }

  /// Takes out as many ticks of an open symbol as there are, at most `count`.
  ///
  /// - Parameters:
  ///   - symbol: Whose.
  ///   - count: Most ticks to take.
  ///   - body: Reads them where they stand, oldest first; called once or, where they go on at the
  ///     ring's beginning, twice.
  /// - Returns: How many.
  /// - Complexity: O(the result), no allocation, wait-free.
  public mutating func pop(
    _ symbol: SymbolID, atMost count: Int, _ body: (Span<Tick>) -> Void
  ) -> Int {
    var popped = 0
    while popped < count {
      var records: UnsafeRawPointer?
      let left = UInt32(clamping: count - popped)
      let run = unsafe loom_inbox_front(handle, symbol.rawValue, &records, left)
      guard run > 0, let start = unsafe records else { break }
      let ticks = unsafe UnsafeRawBufferPointer(
        start: start, count: Int(run) * MemoryLayout<Tick>.stride)
      unsafe body(ticks.bindMemory(to: Tick.self).span)
      unsafe loom_inbox_skip(handle, symbol.rawValue, run)
      popped += Int(run)
    }
    return popped
  }

  /// Looks at the next `count` rings in turn, and hints at those that hold something.
  ///
  /// A hint may be lost where it crosses with its tick; no tick is lost where this is called in turn.
  public mutating func sweep(_ count: Int) {
    unsafe loom_inbox_sweep(handle, UInt32(clamping: count))
  }

  /// Now, by the monotonic clock that pushes are stamped by, in nanoseconds.
  public static var nowNanoseconds: Int64 { loom_inbox_now() }

  /// How long one of the `popped` ticks of a symbol that were taken just now had been in its ring, in
  /// nanoseconds; nil where none of them is stamped.
  ///
  /// Stamped is the first tick of a push that finds the symbol's hint taken: one a visit at most.
  ///
  /// - Complexity: O(1), wait-free.
  public mutating func waited(_ symbol: SymbolID, popped: Int, now: Int64) -> Int64? {
    let waited = unsafe loom_inbox_waited(
      handle, symbol.rawValue, UInt32(clamping: popped), now)
    return waited < 0 ? nil : waited
  }

  /// Whether any producer has given ticks up since the last call; it may be told a moment late.
  public mutating func takeDrops() -> Bool { unsafe loom_inbox_take_drops(handle) }

  /// How many ticks of `symbol` its producer has given up so far.
  public func dropped(_ symbol: SymbolID) -> UInt64 {
    unsafe loom_inbox_dropped(handle, symbol.rawValue)
  }
}

/// Opens the rings of an ``Inbox``; any thread may hold one.
public struct InboxDoor: Sendable {
  /// Most symbols an inbox has rings for.
  public static let symbolsMaximum = Int(LOOM_INBOX_SYMBOLS_MAX)

  let storage: InboxStorage

  /// Makes the one end that pushes the ticks of `symbols`, and the rings of those that had none yet.
  ///
  /// A producer that went away left its ticks in their rings: the next one goes on behind them.
  /// One thread at a time opens.
  ///
  /// - Throws: ``CoreError/badArgument`` where one has a producer already;
  ///   ``CoreError/outOfMemory``, and it may be tried again.
  public func open(_ symbols: [SymbolID]) throws(CoreError) -> InboxProducer {
    if symbols.contains(where: isProducing) { throw .badArgument }
    for symbol in symbols {
      try CoreError.check(unsafe loom_inbox_open(storage.handle, symbol.rawValue))
    }
    for symbol in symbols { storage.enter(symbol) }
    return InboxProducer(storage: storage, symbols: symbols)
  }

  /// Whether `symbol` has a producer now.
  public func isProducing(_ symbol: SymbolID) -> Bool {
    symbol.index < Self.symbolsMaximum && storage.isProducing(symbol)
  }

  /// How many ticks are in the ring of an open symbol.
  public func count(_ symbol: SymbolID) -> Int {
    Int(unsafe loom_inbox_count(storage.handle, symbol.rawValue))
  }

  /// How many ticks of `symbol` its producer has given up so far.
  public func dropped(_ symbol: SymbolID) -> UInt64 {
    unsafe loom_inbox_dropped(storage.handle, symbol.rawValue)
  }
}

/// The end of an ``Inbox`` that pushes the ticks of some symbols, from one thread at a time; once it
/// goes away they can be opened again, on whatever thread.
@safe
public struct InboxProducer: ~Copyable, @unchecked Sendable {
  // Safe to send: the noncopyable end is the only one that pushes into these rings.
  private let storage: InboxStorage
  private let handle: OpaquePointer
  /// Whether the symbol of an index is one of ours.
  private let isMember: [Bool]

  fileprivate init(storage: InboxStorage, symbols: [SymbolID]) {
    self.storage = storage
    unsafe handle = storage.handle
    var isMember = [Bool](repeating: false, count: (symbols.map(\.index).max() ?? -1) + 1)
    for symbol in symbols { isMember[symbol.index] = true }
    self.isMember = isMember
  }

  deinit {
    for index in isMember.indices where isMember[index] {
      storage.leave(SymbolID(rawValue: UInt32(index)))
    }
  }

  /// Whether `symbol` is one of those it was opened for.
  public func contains(_ symbol: SymbolID) -> Bool {
    symbol.index < isMember.count && isMember[symbol.index]
  }

  /// Copies in as many of `ticks` as fit, oldest first, and returns how many.
  ///
  /// - Complexity: O(`ticks.count`), no allocation, wait-free.
  public mutating func push(_ symbol: SymbolID, _ ticks: Span<Tick>) -> Int {
    precondition(contains(symbol), "symbol \(symbol.rawValue) is of another producer")
    let count = UInt32(clamping: ticks.count)
    return unsafe ticks.withUnsafeBytes { bytes in
      Int(unsafe loom_inbox_push(handle, symbol.rawValue, bytes.baseAddress, count))
    }
  }

  /// Copies in one tick; false where there is no room.
  ///
  /// - Complexity: O(1), no allocation, wait-free.
  public mutating func push(_ symbol: SymbolID, _ tick: Tick) -> Bool {
    precondition(contains(symbol), "symbol \(symbol.rawValue) is of another producer")
    return unsafe withUnsafeBytes(of: tick) { bytes in
      unsafe loom_inbox_push(handle, symbol.rawValue, bytes.baseAddress, 1) == 1
    }
  }

  /// The symbols it was opened for.
  public var symbols: [SymbolID] {
    isMember.indices.filter { isMember[$0] }.map { SymbolID(rawValue: UInt32($0)) }
  }

  /// How many ticks of `symbol` were ever pushed, by this and those before it.
  public func pushed(_ symbol: SymbolID) -> UInt64 {
    precondition(contains(symbol), "symbol \(symbol.rawValue) is of another producer")
    return unsafe loom_inbox_pushed(handle, symbol.rawValue)
  }

  /// Counts ticks that did not fit and are given up.
  public mutating func drop(_ symbol: SymbolID, _ count: Int) {
    precondition(contains(symbol), "symbol \(symbol.rawValue) is of another producer")
    unsafe loom_inbox_drop(handle, symbol.rawValue, UInt64(count))
  }
}

/// Owns the C inbox; reader, door and producers share it and the last one frees it.
@safe
final class InboxStorage: @unchecked Sendable {
  // Safe to share: the reader and each symbol's producer are noncopyable, and the C inbox
  // synchronises them with each other.
  let handle: OpaquePointer
  /// A bit for each symbol that has a producer: set by the thread that opens, cleared by the producer's.
  private let producing: InlineArray<256, Atomic<UInt64>>

  init(ringCapacity: Int) throws(CoreError) {
    var handle: OpaquePointer?
    try CoreError.check(
      unsafe loom_inbox_create(
        UInt32(clamping: ringCapacity), UInt32(MemoryLayout<Tick>.stride), &handle))
    guard let handle = unsafe handle else { preconditionFailure("created, but no handle") }
    unsafe self.handle = handle
    producing = InlineArray { _ in Atomic(0) }
  }

  deinit { unsafe loom_inbox_destroy(handle) }

  func isProducing(_ symbol: SymbolID) -> Bool {
    // Acquiring: pairs with the releasing in `leave`; what the last producer knew of its ring is
    // there for the next one.
    producing[symbol.index / 64].load(ordering: .acquiring) & Self.bit(symbol) != 0
  }

  func enter(_ symbol: SymbolID) {
    // Relaxed: only the thread that opens relies on it.
    producing[symbol.index / 64].bitwiseOr(Self.bit(symbol), ordering: .relaxed)
  }

  func leave(_ symbol: SymbolID) {
    producing[symbol.index / 64].bitwiseAnd(~Self.bit(symbol), ordering: .releasing)
  }

  private static func bit(_ symbol: SymbolID) -> UInt64 { 1 << UInt64(symbol.index % 64) }
}
