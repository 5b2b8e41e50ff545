package import LoomCore
package import LoomFeatures
package import LoomNormalization
internal import Synchronization

/// What the thread of one shard does: ticks and marks from a ring, bars and feature rows to another.
package struct ShardLoop<Members: Feature>: ~Copyable, Sendable {
  private let index: Int
  private let count: Int
  private var bars: BarStage
  private var features: FeatureStage<Members>
  private var input: RecordConsumer<PricedTick>
  private var output: RecordProducer<ShardRecord>
  private let isOver: StopFlag
  private let post: ShardPost
  private var waiter: Waiter
  private var records: [ShardRecord] = []

  private static var batchCount: Int { 256 }

  /// Shard `index` has every `count`-th symbol from there on; once `isOver` is set, nobody takes what
  /// comes out any more.
  init(
    index: Int, of count: Int, bars: consuming BarStage, features: consuming FeatureStage<Members>,
    input: consuming RecordConsumer<PricedTick>, output: consuming RecordProducer<ShardRecord>,
    isOver: StopFlag, post: ShardPost, waitStrategy: WaitStrategy
  ) {
    self.index = index
    self.count = count
    self.bars = bars
    self.features = features
    self.input = input
    self.output = output
    self.isOver = isOver
    self.post = post
    waiter = Waiter(waitStrategy)
  }

  /// A shard that has seen nothing, for who has a thread for it and does its turns.
  package init(
    index: Int, of count: Int, configuration: NormalizationConfiguration,
    features: @escaping @Sendable () -> FeatureSet<Members>,
    input: consuming RecordConsumer<PricedTick>, output: consuming RecordProducer<ShardRecord>
  ) {
    self.init(
      index: index, of: count, bars: BarStage(configuration: configuration),
      features: FeatureStage(makeSet: features), input: input, output: output,
      isOver: StopFlag(), post: ShardPost(), waitStrategy: .spin)
  }

  /// Works until it is over.
  mutating func run() {
    var ticks = Self.room
    while !isOver.isSet { if !turn(&ticks) { waiter.wait() } }
  }

  /// Room for the ticks of a turn.
  package static var room: [PricedTick] {
    let empty = PricedTick(time: .distantPast, symbol: .unknown, price: .nan, sequence: 0)
    return Array(repeating: empty, count: batchCount)
  }

  /// Takes what has come all the way, as much as `ticks` has room for; false where there is nothing.
  package mutating func turn(_ ticks: inout [PricedTick]) -> Bool {
    var room = ticks.mutableSpan
    let count = input.pop(into: &room)
    if count == 0 { return false }
    waiter.reset()
    take(ticks.span.extracting(0..<count))
    send()
    return true
  }

  private mutating func take(_ ticks: Span<PricedTick>) {
    var start = 0
    for place in ticks.indices where ticks[place].isMark || ticks[place].isCorrecting {
      fold(ticks.extracting(start..<place))
      if ticks[place].isMark { heed(ticks[place]) } else { correct(ticks[place]) }
      start = place + 1
    }
    fold(ticks.extracting(start...))
  }

  private mutating func fold(_ ticks: Span<PricedTick>) {
    bars.fold(ticks)
    complete(.closedByTick)
  }

  private mutating func heed(_ mark: PricedTick) {
    if mark.isSnapshot { return leaveStates(of: Int(mark.sequence)) }
    guard mark.isBatchEnd else {
      bars.close(through: mark.marketClock, cause: mark.sequence)
      return complete(.closedByClock)
    }
    records.append(ShardRecord(end: mark.marketClock))
  }

  private mutating func leaveStates(of count: Int) {
    do throws(SnapshotError) {
      let states = try SymbolStates.write(
        count, &bars, &features, isCorrecting: bars.isCorrecting)
      post.leave(.success(states))
    } catch {
      post.leave(.failure(error))
    }
  }

  /// Corrects the bar of a late tick and puts out what has changed.
  private mutating func correct(_ tick: PricedTick) {
    bars.correct(tick)
    features.correct(bars.correction)
    let symbol = name(of: tick.symbol)
    var row = FeatureRow(start: tick.time, symbol: symbol, count: 0)
    let before = bars.correction.before
    for revised in bars.correction.revised {
      var bar = revised.clean
      bar.bar.symbol = symbol
      if let old = before.first(where: { $0.bar.start == bar.bar.start }) {
        records.append(ShardRecord(bar: old, row: row, kind: .superseded))
      }
      records.append(ShardRecord(bar: bar, row: row, kind: .revisedBar))
    }
    for place in features.rows.indices {
      row = features.rows[place]
      row.symbol = symbol
      let bar = records[records.count - 1].bar
      records.append(ShardRecord(bar: bar, row: row, kind: .revisedRow))
    }
  }

  private func name(of symbol: SymbolID) -> SymbolID {
    SymbolID(rawValue: UInt32(symbol.index * count + index))
  }

  /// Takes the bars that have closed through the features, and gives symbols their names back.
  private mutating func complete(_ kind: ShardRecord.Kind) {
    guard bars.complete() else { return }
    Self.update(&features, with: bars.bars, left: bars.left)
    var next = 0
    for place in bars.bars.indices {
      var bar = bars.bars[place]
      let symbol = name(of: bar.bar.symbol)
      var row = FeatureRow(start: bar.bar.start, symbol: symbol, count: 0)
      if bar.isValid {
        row = features.rows[next]
        row.symbol = symbol
        next += 1
      }
      bar.bar.symbol = symbol
      records.append(ShardRecord(bar: bar, row: row, kind: kind))
    }
  }

  private static func update(
    _ features: inout FeatureStage<Members>, with bars: borrowing [CleanBar],
    left: borrowing [CleanBar]
  ) {
    features.update(bars.span)
    features.leave(left.span)
  }

  private mutating func send() {
    var sent = 0
    while sent < records.count {
      sent += Self.push(records, from: sent, to: &output)
      if sent == records.count { break }
      if isOver.isSet { return }
      waiter.wait()
    }
    records.removeAll(keepingCapacity: true)
  }

  private static func push(
    _ records: borrowing [ShardRecord], from start: Int,
    to output: inout RecordProducer<ShardRecord>
  ) -> Int {
    output.push(records.span.extracting(start...))
  }
}

/// Tells a thread that it is to end.
final class StopFlag: Sendable {
  private let flag = Atomic(false)

  /// Whether it was set.
  var isSet: Bool {
    // Nothing is read on the strength of it: whoever set it joins the thread.
    flag.load(ordering: .relaxed)
  }

  func set() { flag.store(true, ordering: .relaxed) }
}
