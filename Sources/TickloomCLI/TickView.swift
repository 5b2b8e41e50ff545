internal import Tickloom

/// What came of one input, for a person; names of the store are made harmless first.
struct TickView {
  let tick: TickExplanation
  let style: SummaryStyle

  init(_ tick: TickExplanation, _ style: SummaryStyle) {
    self.tick = tick
    self.style = style
  }

  private typealias Fact = (name: String, parts: [String])

  /// The input, its fate, and then its bar, features and versions as far as there are any.
  func lines() -> [String] {
    let facts: [Fact] = [
      ("input", input()), ("fields", fields()), ("fate", [fate()]), ("bar", bar()),
      ("corrected", corrections()), ("features", features()),
      ("return", use(tick.use) ?? absentReturn()), ("next", next()), ("lost", lost()),
    ]
    return facts.flatMap { style.lines($0, indent: 11) }
  }

  // MARK: The input

  private func input() -> [String] {
    let input = tick.input
    var parts = [
      SummaryNumber.grouped(Int(clamping: input.sequence)),
      tick.symbol.isEmpty ? "no symbol" : SummaryText.harmless(tick.symbol),
      SummaryTime.instant(input.tick.time),
    ]
    if input.tick.receiveTime != input.tick.time {
      parts.append("received \(SummaryTime.instant(input.tick.receiveTime))")
    }
    if !tick.source.isEmpty { parts.append("from \(SummaryText.harmless(tick.source))") }
    return parts
  }

  private func fields() -> [String] {
    let (input, isBar) = (tick.input.tick, tick.input.tick.flags.contains(.bar))
    let names =
      isBar
      ? ["open", "high", "low", "", "close", "volume"]
      : ["bid", "ask", "bid size", "ask size", "last", "size"]
    let values = [
      input.bid, input.ask, input.bidSize, input.askSize, input.last, input.lastSize,
    ]
    var parts = zip(names, values).filter { !$1.isNaN && !$0.isEmpty }.map { "\($0) \($1)" }
    if input.venueSequence != 0 { parts.append("venue sequence \(input.venueSequence)") }
    let flags: [(TickFlags, String)] = [
      (.quote, "quote"), (.trade, "trade"), (.snapshot, "snapshot"), (.buyer, "buyer"),
      (.seller, "seller"), (.bar, "bar"),
    ]
    return parts + flags.filter { input.flags.contains($0.0) }.map(\.1)
  }

  private func fate() -> String {
    guard let reason = tick.reason else { return "accepted" }
    if tick.revisions.contains(where: { $0.sequence == tick.input.sequence }) {
      return "late, and corrected its bar"
    }
    return "rejected: \(reason.name)"
  }

  // MARK: What came of it

  private func bar() -> [String] {
    let timeframe = tick.configuration.normalization.timeframe
    let slot = SummaryTime.instant(tick.slot, of: timeframe)
    guard let clean = tick.bar else {
      return tick.reason == nil ? ["\(slot), not closed where the inputs end"] : []
    }
    let bar = clean.bar
    let decimals = [bar.open, bar.high, bar.low, bar.close].map(SummaryNumber.decimals).max() ?? 0
    func price(_ value: Double) -> String { SummaryNumber.fixed(value, decimals: decimals) }
    var parts = [
      slot, "of \(timeframe)", "open \(price(bar.open))", "high \(price(bar.high))",
      "low \(price(bar.low))", "close \(price(bar.close))",
      "volume \(SummaryNumber.fixed(bar.volume, decimals: SummaryNumber.decimals(of: bar.volume)))",
      bar.tickCount == 1 ? "1 tick" : "\(SummaryNumber.grouped(Int(bar.tickCount))) ticks",
      "inputs \(sequence(bar.firstSequence)) to \(sequence(bar.lastSequence))",
    ]
    if bar.revision > 0 { parts.append("revision \(bar.revision)") }
    if clean.flags.contains(.outlier) { parts.append("outlier") }
    return parts
  }

  private func corrections() -> [String] {
    tick.revisions.map { revision in
      "by input \(sequence(revision.sequence)) in version \(sequence(revision.version))"
    }
  }

  private func features() -> [String] {
    guard let features = tick.features else { return [] }
    return tick.featureNames.indices.prefix(Int(features.count)).map { place in
      let value = features.values[place]
      let text = value.isNaN ? style.dash : SummaryNumber.significant(value, digits: 6)
      return "\(SummaryText.harmless(tick.featureNames[place])) \(text)"
    }
  }

  private func use(_ use: RowUse?) -> [String]? {
    guard let use else { return nil }
    let timeframe = tick.configuration.normalization.timeframe
    return [
      SummaryNumber.scientific(use.logReturn, decimals: 5),
      "row \(SummaryTime.instant(use.start, of: timeframe))", versions(use),
    ]
  }

  private func versions(_ use: RowUse) -> String {
    let first = sequence(use.first)
    if let last = use.last {
      return last == use.first ? "version \(first)" : "versions \(first) to \(sequence(last))"
    }
    if case .exponential = tick.configuration.correlation.estimator {
      return "versions \(first) on"
    }
    let last = "\(sequence(tick.lastVersion)), the last there is: its window still holds it"
    return use.first == tick.lastVersion ? "version \(last)" : "versions \(first) to \(last)"
  }

  /// Why no version holds the bar's return.
  private func absentReturn() -> [String] {
    guard let bar = tick.bar else { return [] }
    if !bar.isValid { return ["in no version: the bar is not valid"] }
    if bar.logReturn.isNaN {
      return ["none: the first bar of the symbol, or the first after a gap"]
    }
    return ["in no version yet, or over another interval than the other symbols' returns"]
  }

  private func next() -> [String] {
    guard let parts = use(tick.nextUse) else { return [] }
    return ["the next bar's return starts from this close: " + parts[0]] + parts.dropFirst()
  }

  private func lost() -> [String] {
    guard let cut = tick.cut else { return [] }
    let (first, last) = (cut.sequences.lowerBound, cut.sequences.upperBound)
    return [
      "nothing is known from input \(sequence(first)) on",
      "inputs \(sequence(first)) to \(sequence(last)): \(cut.reason)",
    ]
  }

  private func sequence(_ value: UInt64) -> String { SummaryNumber.grouped(Int(clamping: value)) }
}
