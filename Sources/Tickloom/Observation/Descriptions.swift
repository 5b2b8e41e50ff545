internal import LoomCore

// How what an engine tells of itself reads, for a person: numbers are rounded.

extension Durations: CustomStringConvertible {
  /// One line: `1204 times, p50 1.53 µs, p99 12.2 µs, max 310 µs`; `never` where none was measured.
  public var description: String {
    guard let half = quantile(0.5), let most = quantile(0.99) else { return "never" }
    return "\(count) times, p50 \(half.rounded), p99 \(most.rounded), max \(longest.rounded)"
  }
}

extension EngineStatistics: CustomStringConvertible {
  /// What was done, then a line for each stage.
  public var description: String {
    let stages = [
      ("wait", wait), ("bars", bars), ("features", features), ("version", version),
      ("consumer", consumer), ("whole", whole),
    ]
    return stages.reduce("\(ticks) ticks and \(versions) versions in \(running.rounded)") {
      "\($0)\n\($1.0): \($1.1)"
    }
  }
}

extension SymbolStatus: CustomStringConvertible {
  /// One line: `EURUSD: last 1.0842, 120 bars of 4000 inputs, 3 refused, 0 waiting, lag 1.50 s`.
  public var description: String {
    var text = "\(name): last \(lastPrice.map { "\($0)" } ?? "none"), \(bars) bars of "
    text += "\(counters.received) inputs, \(counters.rejectedTotal) refused, \(waiting) waiting"
    if let lag { text += ", lag \(lag.rounded)" }
    if !hasFeed { text += ", no feed" }
    return isRetired ? text + ", retired" : text
  }
}

extension EngineMemory: CustomStringConvertible {
  /// One line in KiB: `2112 KiB: rings 416, guards 90, …`.
  public var description: String {
    let parts = [
      ("rings", rings), ("guards", guards), ("bars", bars), ("features", features),
      ("correlation", correlation), ("versions", versions), ("tables", tables),
      ("corrections", corrections),
    ]
    func kibibytes(_ bytes: Int) -> Int { (bytes + 1023) >> 10 }
    let list = parts.map { "\($0.0) \(kibibytes($0.1))" }.joined(separator: ", ")
    return "\(kibibytes(total)) KiB: \(list)"
  }
}

extension Nanoseconds {
  /// Three digits in the unit that suits it: `1.53 µs`.
  var rounded: String {
    let units = [("s", Int64(1_000_000_000)), ("ms", 1_000_000), ("µs", 1000)]
    guard let (name, unit) = units.first(where: { count >= $0.1 }) else { return "\(count) ns" }
    let whole = count / unit
    if whole >= 100 { return "\(whole) \(name)" }
    let digits = whole >= 10 ? 1 : 2
    let fraction = count % unit / (unit / (digits == 1 ? 10 : 100))
    let padding = digits == 2 && fraction < 10 ? "0" : ""
    return "\(whole).\(padding)\(fraction) \(name)"
  }
}
