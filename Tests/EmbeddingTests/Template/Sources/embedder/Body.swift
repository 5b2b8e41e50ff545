import Tickloom

/// The body of a candle and how many were white in a row: a feature that Tickloom does not have.
struct Body: Feature {
  let names = ["body", "white_in_a_row"]
  private var whites = 0.0

  mutating func update(_ bar: CleanBar, appendingTo row: inout FeatureRow) {
    whites = bar.bar.close > bar.bar.open ? whites + 1 : 0
    row.append(bar.bar.close / bar.bar.open - 1)
    row.append(whites)
  }
}
