internal import LoomCore
internal import LoomFeatures

/// What symbols go through alone, as bytes for each symbol: they say nothing of its number, nor of
/// the thread that has it.
enum SymbolStates {
  /// The states of the first `count` symbols of these stages.
  static func write<Members: Feature>(
    _ count: Int, _ bars: inout BarStage, _ features: inout FeatureStage<Members>,
    isCorrecting: Bool
  ) throws(SnapshotError) -> [[UInt8]] {
    var states: [[UInt8]] = []
    for index in 0..<count {
      var writer = SnapshotWriter()
      try transfer(index, &bars, &features, isCorrecting, &writer)
      states.append(writer.bytes)
    }
    return states
  }

  /// Gives stages that have seen nothing the symbols of these states.
  static func restore<Members: Feature>(
    _ states: [[UInt8]], _ bars: inout BarStage, _ features: inout FeatureStage<Members>,
    isCorrecting: Bool
  ) throws(SnapshotError) {
    for (index, state) in states.enumerated() {
      var reader = SnapshotReader(state)
      try transfer(index, &bars, &features, isCorrecting, &reader)
      try reader.finish()
    }
    bars.adopt()
  }

  private static func transfer<Members: Feature, Coder: SnapshotCoder>(
    _ index: Int, _ bars: inout BarStage, _ features: inout FeatureStage<Members>,
    _ isCorrecting: Bool, _ coder: inout Coder
  ) throws(SnapshotError) {
    let symbol = SymbolID(rawValue: UInt32(index))
    try bars.transfer(symbol, through: &coder)
    try features.transfer(symbol, isCorrecting: isCorrecting, through: &coder)
  }
}
