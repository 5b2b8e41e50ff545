import LoomSystem

/// What a person sees: one line a workload as soon as it is known, then latencies and budgets.
struct Table {
  let terminal: Terminal
  private static let nameWidth = 36

  var header: String {
    strong(
      pad("workload", Self.nameWidth) + left("ns/op", 11) + left("spread", 8) + left("Mop/s", 9)
        + left("ratio", 8) + "  " + "faster\(middle)slower  of")
  }

  func line(_ measurement: Measurement) -> String {
    let workload = measurement.workload
    let time = measurement.time
    var text =
      pad(workload.name, Self.nameWidth) + left(Self.number(time), 11)
      + left("\(Self.decimal(100 * measurement.spread, 0)) %", 8)
      + left(Self.number(1000 / time), 9)
    if let ratio = measurement.ratio {
      text += left(Self.number(ratio), 8) + "  " + bar(ratio) + "  \(workload.yardstick ?? "")"
    } else {
      text += left("-", 8) + "  " + pad("", Self.barWidth) + "  a \(workload.unit)"
    }
    if measurement.isShort { text += "  (fewer processors than threads)" }
    if measurement.load > 0.1 {
      text += "  (others took \(Self.decimal(measurement.load, 1)) processors)"
    }
    return text
  }

  /// The latencies of those that have them; empty where none has.
  func latencies(_ measurements: [Measurement]) -> [String] {
    let timed = measurements.filter { !$0.latencies.isEmpty }
    if timed.isEmpty { return [] }
    let columns: [(title: String, part: Double)] = [
      ("p50", 0.5), ("p99", 0.99), ("p99.9", 0.999), ("max", 1),
    ]
    let header =
      pad("latency, ns", Self.nameWidth) + columns.map { left($0.title, 11) }.joined()
    return ["", strong(header)]
      + timed.map { measurement in
        pad(measurement.workload.name, Self.nameWidth)
          + columns.map { left(Self.decimal(measurement.latency($0.part) ?? .nan, 0), 11) }.joined()
      }
  }

  func budgets(_ budgets: [Budget]) -> [String] {
    if budgets.isEmpty { return [] }
    return ["", strong(pad("budget", Self.nameWidth) + left("value", 11))]
      + budgets.map {
        pad($0.name, Self.nameWidth) + left(Self.decimal($0.value, 1), 11) + " \($0.unit)"
      }
  }

  /// What changed since `before`, by time and by ratio, which other machines disturb less.
  func comparison(_ entries: [Results.Entry], before: Results, machine: Machine) -> [String] {
    var lines = [
      "",
      strong(
        pad("change", Self.nameWidth) + left("ns before", 11) + left("ns now", 11)
          + left("time", 9) + left("ratio", 9)),
    ]
    if before.machine.processor != machine.processor {
      lines.append("measured before on another processor: \(before.machine.processor)")
    }
    for entry in entries {
      guard let old = before.results.first(where: { $0.name == entry.name }) else {
        lines.append(pad(entry.name, Self.nameWidth) + left("new", 11))
        continue
      }
      let ratio = old.ratio.flatMap { old in entry.ratio.map { Self.change($0 / old) } }
      lines.append(
        pad(entry.name, Self.nameWidth) + left(Self.number(old.nsPerOp), 11)
          + left(Self.number(entry.nsPerOp), 11) + left(Self.change(entry.nsPerOp / old.nsPerOp), 9)
          + left(ratio ?? "-", 9))
    }
    return lines
  }
}

extension Table {
  /// Columns of the bar: one for each factor of two, from a 64th to 64 times as long.
  private static let (lowest, highest) = (-6, 6)
  private static var barWidth: Int { highest - lowest + 1 }
  private var middle: String { terminal.isUnicode ? "│" : "|" }

  /// A ratio on a scale of factors of two, to the left of the line where we are faster.
  private func bar(_ ratio: Double) -> String {
    let exponent = ratio > 0 && ratio.isFinite ? Self.logarithm(ratio) : 0
    let count = min(max(Int(exponent.rounded()), Self.lowest), Self.highest)
    let block = terminal.isUnicode ? "█" : "#"
    let faster = String(repeating: block, count: max(0, -count))
    let slower = String(repeating: block, count: max(0, count))
    return colored(left(faster, -Self.lowest), 32) + middle
      + colored(pad(slower, Self.highest), 33)
  }

  private static func logarithm(_ value: Double) -> Double {
    var rest = value.significand
    var digits = Double(value.exponent)
    // The binary digits of the logarithm, by squaring.
    var weight = 0.5
    for _ in 0..<8 {
      rest *= rest
      if rest >= 2 {
        rest /= 2
        digits += weight
      }
      weight /= 2
    }
    return digits
  }

  private func colored(_ text: String, _ code: Int) -> String {
    terminal.color == .none ? text : "\u{1B}[\(code)m\(text)\u{1B}[0m"
  }

  private func strong(_ text: String) -> String { colored(text, 1) }

  private static func change(_ factor: Double) -> String {
    let percent = (factor - 1) * 100
    return (percent < 0 ? "-" : "+") + decimal(abs(percent), 1) + " %"
  }

  /// Four digits that count: `0.1234`, `12.34`, `1234`.
  private static func number(_ value: Double) -> String {
    guard value.isFinite else { return "-" }
    return decimal(value, value < 1 ? 4 : value < 10 ? 3 : value < 100 ? 2 : value < 1000 ? 1 : 0)
  }

  private static func decimal(_ value: Double, _ digits: Int) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return "-" }
    var scale = 1
    for _ in 0..<digits { scale *= 10 }
    let whole = Int((value * Double(scale)).rounded())
    if digits == 0 { return "\(whole)" }
    let fraction = String(whole % scale)
    return "\(whole / scale)." + String(repeating: "0", count: digits - fraction.count) + fraction
  }
}

private func pad(_ text: String, _ width: Int) -> String {
  text + String(repeating: " ", count: max(0, width - text.count))
}

private func left(_ text: String, _ width: Int) -> String {
  String(repeating: " ", count: max(0, width - text.count)) + text
}
