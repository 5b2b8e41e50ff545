internal import Tickloom

/// The market as a person sees it while it goes on: a frame of lines for each state.
///
/// A function of the states so far: the decimals of a symbol's prices stay as many as they ever were.
struct LiveView {
  private static let mostPairs = 10
  private static let longestName = 16
  private let title: String
  private var decimals: [Int] = []
  private var volumeDecimals: [Int] = []

  /// Creates a view that begins with the name of the command.
  init(title: String = "tickloom live") { self.title = title }

  /// What a frame must fit into, and its looks.
  struct Room {
    var width: Int
    var height: Int
    var style: SummaryStyle
  }

  /// The lines of a frame: at most `room.height` of at most `room.width` columns.
  mutating func lines(_ state: LiveState, in room: Room) -> [String] {
    learnDecimals(state)
    let width = max(1, room.width)
    var lines = head(state, room)
    let isCramped = room.height < 9
    if !isCramped { lines.append("") }
    let free = room.height - lines.count
    let pairCount = pairCount(state, free: free)
    let pairLines =
      pairCount > 0
      ? [""] + pairs(state, pairCount, room.style).lines(width: width, room.style)
      : isCramped ? [] : absence(state, width)
    lines += symbols(state, free: free - pairLines.count, room)
    return Array((lines + pairLines).prefix(max(1, room.height)))
  }

  private func head(_ state: LiveState, _ room: Room) -> [String] {
    let style = room.style
    let width = max(1, room.width)
    let facts = SummaryText.truncated(
      [Self.counted(state.symbols.count, "symbol"), "bars of \(state.timeframe)", state.estimator]
        .joined(separator: style.separator), to: max(0, width - title.utf8.count - 2),
      ellipsis: style.ellipsis)
    let totals = SummaryText.wrapped(
      totals(state), width: width, separator: style.separator, indent: 0)
    let shown = totals.prefix(room.height < 9 ? 1 : 3).map {
      SummaryText.truncated($0, to: width, ellipsis: style.ellipsis)
    }
    if room.height < 9 { return shown }
    let name = SummaryText.truncated(title, to: width, ellipsis: "")
    return [style.emphasized(name, .strong) + (facts.isEmpty ? "" : "  " + facts)] + shown
  }

  /// What there is in all, as parts of a line.
  func totals(_ state: LiveState) -> [String] {
    var parts = [
      Self.counted(state.received, "tick"),
      "\(SummaryNumber.rounded(state.receivedPerSecond)) ticks/s",
      "\(SummaryNumber.grouped(state.rejected)) rejected", Self.counted(state.bars, "bar"),
      Self.counted(state.versions, "version"),
    ]
    if state.marketClock > .distantPast {
      let whole = state.marketClock.nanoseconds / 1_000_000_000 * 1_000_000_000
      parts.append("market at " + SummaryTime.instant(Timestamp(nanoseconds: whole)))
    }
    return parts
  }

  private static func counted(_ count: Int, _ noun: String) -> String {
    "\(SummaryNumber.grouped(count)) \(noun)\(count == 1 ? "" : "s")"
  }

  /// Why there are no pairs, where there could be some.
  private func absence(_ state: LiveState, _ width: Int) -> [String] {
    if state.symbols.count < 2 || !state.pairs.isEmpty { return [] }
    let rows = Self.counted(state.minimumRows, "row")
    return [
      "",
      SummaryText.truncated("correlations after \(rows) of both symbols", to: width, ellipsis: ""),
    ]
  }

  /// Rows of the pairs: all that are of interest where there is room, else a quarter of it.
  private func pairCount(_ state: LiveState, free: Int) -> Int {
    let wanted = min(Self.mostPairs, state.pairs.count)
    let left = free - state.symbols.count - 3
    return min(wanted, max(left, free / 4 - 1))
  }

  private mutating func learnDecimals(_ state: LiveState) {
    while decimals.count < state.symbols.count {
      decimals.append(0)
      volumeDecimals.append(0)
    }
    for (place, symbol) in state.symbols.enumerated() {
      let bar = symbol.bar?.bar
      for price in [symbol.price, bar?.open, bar?.high, bar?.low, bar?.close] {
        guard let price, decimals[place] < 9 else { continue }
        decimals[place] = max(decimals[place], SummaryNumber.decimals(of: price))
      }
      let volume = SummaryNumber.decimals(of: bar?.volume ?? 0)
      volumeDecimals[place] = max(volumeDecimals[place], volume)
    }
  }
}

// MARK: Tables

extension LiveView {
  private func symbols(_ state: LiveState, free: Int, _ room: Room) -> [String] {
    let fits = state.symbols.count + 1 <= free
    let places = shown(state, most: fits ? state.symbols.count : max(0, free - 2))
    if places.isEmpty { return [] }
    let table = LiveTable(columns: columns(state, places, room.style))
    var lines = table.lines(width: max(1, room.width), room.style)
    let hidden = state.symbols.count - places.count
    if hidden > 0 {
      let more = "\(room.style.ellipsis) and \(SummaryNumber.grouped(hidden)) quieter ones"
      lines.append(SummaryText.truncated(more, to: max(1, room.width), ellipsis: ""))
    }
    return lines
  }

  /// The busiest symbols, in order of registration, so that rows stay where they are.
  private func shown(_ state: LiveState, most: Int) -> [Int] {
    let all = Array(state.symbols.indices)
    if all.count <= most { return all }
    let ranked = all.sorted { left, right in
      let (one, other) = (state.symbols[left].accepted, state.symbols[right].accepted)
      return one == other ? left < right : one > other
    }
    return ranked.prefix(most).sorted()
  }

  private func columns(
    _ state: LiveState, _ places: [Int], _ style: SummaryStyle
  ) -> [LiveTable.Column] {
    let symbols = places.map { state.symbols[$0] }
    let dash = style.dash
    func price(_ value: (LiveState.Symbol) -> Double?) -> [String] {
      places.map { place in
        guard let price = value(state.symbols[place]), !price.isNaN else { return dash }
        return SummaryNumber.fixed(price, decimals: decimals[place])
      }
    }
    let returns = symbols.map { $0.bar?.logReturn ?? .nan }
    return [
      .init(head: "symbol", cells: symbols.map { name($0, style) }, isText: true),
      .init(head: "last", cells: price(\.price), weight: 12),
      .init(
        head: "bar", cells: symbols.map { $0.bar.map { start($0, state.timeframe) } ?? dash },
        weight: 7),
      .init(head: "open", cells: price(\.bar?.bar.open), weight: 3),
      .init(head: "high", cells: price(\.bar?.bar.high), weight: 3),
      .init(head: "low", cells: price(\.bar?.bar.low), weight: 3),
      .init(head: "close", cells: price(\.bar?.bar.close), weight: 8),
      .init(
        head: "volume",
        cells: places.map { volume(state.symbols[$0], decimals: volumeDecimals[$0]) ?? dash },
        weight: 6),
      .init(
        head: "return %", cells: returns.map { Self.percent($0) ?? dash }, weight: 11,
        paint: { row, cell in style.signed(cell, returns[row]) }),
      .init(head: "lag s", cells: symbols.map { lag($0, state) ?? dash }, weight: 10),
      .init(head: "ticks", cells: symbols.map { SummaryNumber.grouped($0.accepted) }, weight: 2),
      .init(
        head: "rejected", cells: symbols.map { SummaryNumber.grouped($0.rejected) }, weight: 9),
    ]
  }

  private func name(_ symbol: LiveState.Symbol, _ style: SummaryStyle) -> String {
    SummaryText.shortened(
      SummaryText.harmless(symbol.name), to: Self.longestName, ellipsis: style.ellipsis)
  }

  /// The start of a bar, as finely as the bars lie apart.
  private func start(_ bar: CleanBar, _ timeframe: Timeframe) -> String {
    let start = bar.bar.start
    let (span, second) = (timeframe.span.count, Int64(1_000_000_000))
    if span % (86_400 * second) == 0 { return SummaryTime.date(start) }
    let civil = CivilTime(start)
    let minutes = SummaryTime.digits(civil.hour, 2) + ":" + SummaryTime.digits(civil.minute, 2)
    if span % (60 * second) == 0 { return minutes }
    let seconds = minutes + ":" + SummaryTime.digits(civil.second, 2)
    if span % second == 0 { return seconds }
    return seconds + "." + SummaryTime.digits(civil.nanosecond / 1_000_000, 3)
  }

  /// The volume of the last bar: whole where sizes are, else to four digits; nil without a bar.
  private func volume(_ symbol: LiveState.Symbol, decimals: Int) -> String? {
    guard let volume = symbol.bar?.bar.volume else { return nil }
    let digits = volume > 0 ? max(0, 3 - SummaryNumber.exponent(of: volume)) : 0
    return SummaryNumber.fixed(volume, decimals: min(decimals, digits))
  }

  /// A return in percent with its sign; nil where there is none.
  private static func percent(_ logReturn: Double) -> String? {
    if logReturn.isNaN { return nil }
    let text = SummaryNumber.fixed(100 * logReturn, decimals: 3)
    return text.hasPrefix("-") ? text : "+" + text
  }

  /// Seconds from the symbol's latest event to now; nil before there is one.
  private func lag(_ symbol: LiveState.Symbol, _ state: LiveState) -> String? {
    if symbol.latest == .distantPast { return nil }
    return SummaryNumber.fixed(Double((state.now - symbol.latest).count) / 1e9, decimals: 3)
  }

  private func pairs(_ state: LiveState, _ count: Int, _ style: SummaryStyle) -> LiveTable {
    let pairs = state.pairs.prefix(count)
    func name(_ symbol: SymbolID) -> String {
      SummaryText.shortened(
        SummaryText.harmless(state.symbols[symbol.index].name), to: Self.longestName,
        ellipsis: style.ellipsis
      )
    }
    return LiveTable(columns: [
      .init(head: "strongest", cells: pairs.map { name($0.first) }, isText: true),
      .init(head: "", cells: pairs.map { name($0.second) }, isText: true, weight: 3),
      .init(
        head: style.rho, cells: pairs.map { SummaryNumber.fixed($0.correlation, decimals: 3) },
        weight: 2),
      .init(
        head: "n_eff", cells: pairs.map { SummaryNumber.grouped($0.jointCount) }, weight: 1),
    ])
  }
}

extension SummaryStyle {
  /// `text` in green or red where `value` is above or below 0.
  fileprivate func signed(_ text: String, _ value: Double) -> String {
    if colours == .none || value.isNaN || value == 0 { return text }
    return "\u{1B}[\(value > 0 ? 32 : 31)m\(text)\u{1B}[0m"
  }
}
