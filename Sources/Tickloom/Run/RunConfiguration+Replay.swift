internal import LoomCore
internal import LoomFeatures
internal import LoomJournal
internal import LoomNormalization

extension RunConfiguration {
  /// The configuration of the run that a store keeps, whose inputs are to be taken again.
  ///
  /// What decides no number (exports, shards, rows shown for gaps) is as by default.
  ///
  /// - Throws: ``RunError`` where the store cannot be read, or was written with settings that this
  ///   Tickloom does not know.
  public init(replaying path: String) throws(RunError) {
    self.init(inputs: [])
    replayedStore = path
    do {
      let stored = try StoredTicks(path: path)
      normalizesFeatures = stored.featureNames.count > FeatureSet.standard().names.count
      for setting in stored.configuration.split(separator: ";") {
        let parts = setting.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2, take(parts[0], parts[1]) else {
          throw RunError.configuration(
            "\(path) was written with the setting \(setting), which is not known; update Tickloom")
        }
      }
    } catch {
      throw RunError(error)
    }
  }

  /// Takes one part of ``PipelineConfiguration/text``; false where it makes no sense.
  private mutating func take(_ name: String, _ value: String) -> Bool {
    switch name {
    case "timeframe": return Self.set(&timeframe, Timeframe(value))
    case "price": return Self.set(&price, PriceSource(rawValue: value))
    case "lateness": return Self.set(&lateness, Nanoseconds(value))
    case "idle": return Self.set(&idle, Nanoseconds(value))
    case "max-gap": return Self.set(&maximumGap, Int64(value))
    case "estimator": return take(estimator: value)
    case "min-periods": return Self.set(&minimumPeriods, Int(value))
    case "corrections":
      return Self.set(&corrections, Nanoseconds(value).map { .on(horizon: $0) })
    case "max-ahead":
      clock = .wall
      return Self.set(&maximumAhead, Nanoseconds(value))
    case "held-slots":
      return Self.set(&heldSlots, Int(value).flatMap { (1...1 << 20).contains($0) ? $0 : nil })
    default: return false
    }
  }

  private mutating func take(estimator text: String) -> Bool {
    let parts = text.split(separator: ":").map(String.init)
    guard parts.count == 2 else { return false }
    switch parts[0] {
    case "rolling": return Self.set(&estimator, Int(parts[1]).map { .rolling(window: $0) })
    case "ewma": return Self.set(&estimator, Double(parts[1]).map { .exponential(decay: $0) })
    default: return false
    }
  }

  private static func set<Value>(_ property: inout Value, _ value: Value?) -> Bool {
    guard let value else { return false }
    property = value
    return true
  }

  private static func set<Value>(_ property: inout Value?, _ value: Value?) -> Bool {
    property = value
    return value != nil
  }
}
