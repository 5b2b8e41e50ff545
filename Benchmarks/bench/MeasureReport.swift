internal import Glibc

extension Measurement {
  static let header =
    pad("workload", 30) + pad("ns/op", 12, left: true) + pad("median", 12, left: true)
    + pad("Mop/s", 10, left: true) + pad("ratio", 8, left: true) + "  of"

  /// One line of the table for people.
  var line: String {
    let ratioText = ratio.map { decimal($0, 2) } ?? "-"
    return pad(workload.name, 30) + pad(decimal(best, 2), 12, left: true)
      + pad(decimal(median, 2), 12, left: true) + pad(decimal(1000 / best, 2), 10, left: true)
      + pad(ratioText, 8, left: true) + "  " + (workload.yardstick ?? "a \(workload.unit)")
  }

  /// One object for programs.
  var json: String {
    let comparison =
      workload.yardstick.map { ", \"yardstick\": \"\($0)\", \"ratio\": \(ratio ?? 0)" } ?? ""
    return "{\"name\": \"\(workload.name)\", \"unit\": \"\(workload.unit)\", "
      + "\"nanoseconds\": \(best), \"median_nanoseconds\": \(median)\(comparison)}"
  }
}

/// Writes the measurements as a JSON array.
func writeJSON(_ measurements: [Measurement], to path: String) throws(ReportError) {
  let text = "[\n  " + measurements.map(\.json).joined(separator: ",\n  ") + "\n]\n"
  guard let file = unsafe fopen(path, "w") else { throw .cannotWrite(path) }
  let written = unsafe fputs(text, file)
  let closed = unsafe fclose(file)
  if written < 0 || closed != 0 { throw .cannotWrite(path) }
}

enum ReportError: Error { case cannotWrite(String) }

private func pad(_ text: String, _ width: Int, left: Bool = false) -> String {
  let blanks = String(repeating: " ", count: max(0, width - text.count))
  return left ? blanks + text : text + blanks
}

private func decimal(_ value: Double, _ digits: Int) -> String {
  var scale = 1
  for _ in 0..<digits { scale *= 10 }
  let whole = Int((value * Double(scale)).rounded())
  let fraction = String(whole % scale)
  return "\(whole / scale)." + String(repeating: "0", count: digits - fraction.count) + fraction
}
