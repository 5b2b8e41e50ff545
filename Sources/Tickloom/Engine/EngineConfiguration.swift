internal import LoomCore
public import LoomNormalization

/// Everything an ``Engine`` is set up with; checked when made, then trusted.
public struct EngineConfiguration: Sendable {
  /// What decides the numbers.
  public let pipeline: PipelineConfiguration
  /// Most ticks that wait for one symbol: a power of two, 2 … 1,048,576; 256 unless set.
  public let ringCapacity: Int
  /// Most ticks taken from one symbol in a cycle: 1 … 65,536; 64 unless set.
  public let drainLimit: Int
  /// How many versions readers may hold at one time: 1 … 4,000; 8 unless set.
  public let holders: Int

  /// Checks and joins the settings.
  ///
  /// - Throws: ``LoomNormalization/ConfigurationError`` with the field, its value and the range.
  public init(
    pipeline: PipelineConfiguration, ringCapacity: Int = 256, drainLimit: Int = 64,
    holders: Int = 8
  ) throws(ConfigurationError) {
    let isPower = ringCapacity > 0 && ringCapacity & (ringCapacity - 1) == 0
    guard isPower, (2...1 << 20).contains(ringCapacity) else {
      throw ConfigurationError(
        field: "ringCapacity", value: "\(ringCapacity)", allowed: "a power of two, 2 … 1048576")
    }
    guard (1...65_536).contains(drainLimit) else {
      throw ConfigurationError(field: "drainLimit", value: "\(drainLimit)", allowed: "1 … 65536")
    }
    guard (1...4000).contains(holders) else {
      throw ConfigurationError(field: "holders", value: "\(holders)", allowed: "1 … 4000")
    }
    self.pipeline = pipeline
    self.ringCapacity = ringCapacity
    self.drainLimit = drainLimit
    self.holders = holders
  }

  /// Bytes of the rings of `symbols`, all of whose ticks have been used once.
  public func ringBytes(symbols: Int) -> Int {
    symbols * (384 + ringCapacity * MemoryLayout<Tick>.stride)
  }
}
