import LoomCore

/// Whether `value` is `expected` within what the feature of this name promises at this price.
func agrees(_ value: Double, _ expected: Double, name: String, close: Double) -> Bool {
  if value.isNaN || expected.isNaN { return value.isNaN && expected.isNaN }
  let tolerance = max(1e-9 * expected.magnitude, absoluteTolerance(name, close))
  return (value - expected).magnitude <= tolerance
}

/// The absolute part: 1e-12 of the unit; more where the definition itself cancels.
private func absoluteTolerance(_ name: String, _ close: Double) -> Double {
  if name.hasSuffix("_z") { return 1e-9 }
  if name.hasPrefix("amihud") { return 0 }
  if name.hasPrefix("roll_spread") { return 1e-9 * close }
  if name.hasPrefix("bollinger_z") { return 1e-7 }
  let isPrice =
    ["atr_", "macd_"].contains(where: name.hasPrefix) || name.wholeMatch(of: /ema_\d+/) != nil
  return isPrice ? 1e-12 * max(1, close) : 1e-12
}

extension FeatureRow {
  /// The values in use.
  var list: [Double] { (0..<Int(count)).map { values[$0] } }
}
