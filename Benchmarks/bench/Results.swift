import FoundationEssentials

/// What `--json` writes and `--compare` reads.
struct Results: Codable {
  var machine: Machine
  var results: [Entry]
  var budgets: [Budget]

  /// One workload; times in nanoseconds, absent ones are null.
  struct Entry: Codable {
    var name: String
    /// What one operation is.
    var unit: String
    var nsPerOp: Double
    var opsPerS: Double
    var p50: Double?
    var p99: Double?
    var p999: Double?
    var max: Double?
    var spread: Double
    var yardstick: String?
    var ratio: Double?
    /// Processors that other work took while it was measured.
    var foreignLoad: Double

    enum CodingKeys: String, CodingKey {
      case name, unit, nsPerOp = "ns_per_op", opsPerS = "ops_per_s"
      case p50 = "p50_ns", p99 = "p99_ns", p999 = "p999_ns", max = "max_ns"
      case spread, yardstick, ratio, foreignLoad = "foreign_load"
    }

    init(_ measurement: Measurement) {
      name = measurement.workload.name
      unit = measurement.workload.unit
      nsPerOp = measurement.time
      opsPerS = 1e9 / measurement.time
      p50 = measurement.latency(0.5)
      p99 = measurement.latency(0.99)
      p999 = measurement.latency(0.999)
      max = measurement.latency(1)
      spread = measurement.spread
      yardstick = measurement.workload.yardstick
      ratio = measurement.ratio
      foreignLoad = measurement.load
    }

    /// Writes null for what is absent, so that every entry has every key.
    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(name, forKey: .name)
      try container.encode(unit, forKey: .unit)
      try container.encode(nsPerOp, forKey: .nsPerOp)
      try container.encode(opsPerS, forKey: .opsPerS)
      try container.encode(p50, forKey: .p50)
      try container.encode(p99, forKey: .p99)
      try container.encode(p999, forKey: .p999)
      try container.encode(max, forKey: .max)
      try container.encode(spread, forKey: .spread)
      try container.encode(yardstick, forKey: .yardstick)
      try container.encode(ratio, forKey: .ratio)
      try container.encode(foreignLoad, forKey: .foreignLoad)
    }
  }

  func write(to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try encoder.encode(self).write(to: URL(filePath: path))
  }

  static func read(from path: String) throws -> Results {
    try JSONDecoder().decode(Results.self, from: Data(contentsOf: URL(filePath: path)))
  }
}
