internal import Tickloom

/// What `tickloom info` shows a person; names of the store are made harmless first.
struct InfoView {
  let store: StoreDescription
  let path: String
  let style: SummaryStyle
  private static let mostSymbols = 40
  private static let longestName = 24

  init(_ store: StoreDescription, path: String, _ style: SummaryStyle) {
    self.store = store
    self.path = path
    self.style = style
  }

  /// The lines from top to bottom.
  func lines() -> [String] {
    facts().flatMap { style.lines($0, indent: 10) } + symbols()
  }

  private typealias Fact = (name: String, parts: [String])

  private func facts() -> [Fact] {
    [
      ("store", [SummaryText.harmless(path), state, "format \(store.format)"]),
      ("run", ["bars of \(SummaryText.harmless(store.timeframe))"] + configuration()),
      ("sources", sources()), ("inputs", inputs()), ("times", range(store.times)),
      ("rejected", rejects()), ("bars", bars()), ("features", features()),
      ("versions", versions()), ("made", made()), ("size", size()),
    ]
  }

  private var state: String {
    switch store.state {
    case "running": "interrupted, or still being written"
    default: SummaryText.harmless(store.state)
    }
  }

  /// `estimator=rolling:256` as `estimator rolling:256`; the timeframe is told already.
  private func configuration() -> [String] {
    store.configuration.split(separator: ";").filter { !$0.hasPrefix("timeframe=") }
      .map { SummaryText.harmless(String($0).split(separator: "=").joined(separator: " ")) }
  }

  private func sources() -> [String] {
    let most = 8
    let names = store.sources.prefix(most).map(SummaryText.harmless)
    let more = store.sources.count - most
    return more > 0 ? names + ["and \(SummaryNumber.grouped(more)) more"] : names
  }

  /// What made the store, and the last that went on in it.
  private func made() -> [String] {
    guard let first = store.parts.first, let last = store.parts.last else { return [] }
    let times = store.parts.count - 1
    if times == 0 { return parts(first) }
    let behind = "went on \(count(times, "time")), last behind input "
    return parts(first) + [behind + sequence(last.firstSequence - 1)] + parts(last)
  }

  private func parts(_ part: StorePart) -> [String] {
    let (manifest, second) = (part.manifest, Int64(1_000_000_000))
    let started = Timestamp(nanoseconds: manifest.started.nanoseconds / second * second)
    return [
      "\(SummaryTime.instant(started)) by \(SummaryText.harmless(manifest.program))",
      SummaryText.harmless("\(manifest.processor) with \(manifest.linearAlgebra)"),
    ]
  }

  private func inputs() -> [String] {
    guard let sequences = store.sequences else { return ["none"] }
    return [
      SummaryNumber.grouped(store.inputs), "in \(count(store.blocks, "block"))",
      "sequences \(sequence(sequences.lowerBound)) to \(sequence(sequences.upperBound))",
    ]
  }

  private func sequence(_ number: UInt64) -> String { SummaryNumber.grouped(Int(clamping: number)) }

  private func range(_ times: ClosedRange<Timestamp>?) -> [String] {
    guard let times else { return [] }
    return [
      "\(SummaryTime.instant(times.lowerBound)) to \(SummaryTime.instant(times.upperBound))"
    ]
  }

  private func rejects() -> [String] {
    if store.rejects.isEmpty { return store.inputs > 0 ? ["none"] : [] }
    let total = SummaryNumber.grouped(store.rejects.reduce(0) { $0 + $1.count })
    return [total] + store.rejects.map { "\($0.reason) \(SummaryNumber.grouped($0.count))" }
  }

  private func bars() -> [String] {
    [SummaryNumber.grouped(store.bars), "of \(count(store.symbols.count, "symbol"))"]
  }

  private func features() -> [String] {
    [count(store.featureRows, "row"), "of \(count(store.features, "feature"))"]
  }

  private func versions() -> [String] {
    guard let last = store.lastVersion else { return ["none"] }
    let matrices = store.versions.matrices
    return [
      SummaryNumber.grouped(store.versions.count),
      matrices == 1 ? "1 matrix" : "\(SummaryNumber.grouped(matrices)) matrices",
      "the last is \(sequence(last.number)) at \(SummaryTime.instant(last.time))",
    ]
  }

  private func size() -> [String] {
    var parts = ["\(SummaryNumber.bytes(store.fileBytes))"]
    if store.logBytes > 0 { parts.append("log \(SummaryNumber.bytes(store.logBytes))") }
    guard store.inputs > 0 else { return parts }
    let each = Double(store.blockBytes) / Double(store.inputs)
    return parts + [
      "blocks \(SummaryNumber.bytes(store.blockBytes))",
      "\(SummaryNumber.fixed(each, decimals: 2)) bytes an input",
    ]
  }

  private func count(_ count: Int, _ noun: String) -> String {
    "\(SummaryNumber.grouped(count)) \(noun)\(count == 1 ? "" : "s")"
  }

  private func symbols() -> [String] {
    if store.symbols.isEmpty { return [] }
    let shown = store.symbols.prefix(Self.mostSymbols)
    let names = shown.map {
      SummaryText.shortened(
        SummaryText.harmless($0.name), to: Self.longestName, ellipsis: style.ellipsis)
    }
    func time(_ time: Timestamp?) -> String { time.map(SummaryTime.instant) ?? style.dash }
    let table = SummaryTable(
      names: .init(head: "symbol", cells: names, isText: true),
      columns: [
        .init(head: "first", cells: shown.map { time($0.times?.lowerBound) }, isText: true),
        .init(head: "last", cells: shown.map { time($0.times?.upperBound) }, isText: true),
        .init(head: "bars", cells: shown.map { SummaryNumber.grouped($0.bars) }),
      ])
    let more = store.symbols.count - shown.count
    let rest = more > 0 ? ["... and \(SummaryNumber.grouped(more)) more"] : []
    return [""] + table.lines(style) + rest
  }
}
