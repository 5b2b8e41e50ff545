internal import LoomSystem
internal import Tickloom

/// The report of a run: one HTML page that needs no network, no script and no other file.
enum Report {
  /// Most symbols whose price and volatility are drawn: the largest by inputs.
  static let mostCharts = 100
  /// Most symbols with a row of their own in the table of counters.
  static let mostRows = 1000

  /// Writes the report of `summary` and commits `file`; nothing stands where that fails.
  ///
  /// Names of the input are escaped. The text is written as it comes together, so that memory does
  /// not grow with the page.
  ///
  /// - Throws: Why the file could not be written.
  static func write(_ summary: RunSummary, to file: consuming OutputFile) throws(SystemError) {
    var page = ReportPage(file)
    try page.beginDocument(title(of: summary))
    try page.addHeading(summary)
    try page.addMatrix(summary)
    try page.addHistories(summary)
    try page.addCharts(summary)
    try page.addCounters(summary)
    try page.addRejects(summary)
    try page.addStages(summary)
    try page.addSettings(summary)
    try page.addSkipped(summary)
    try page.endDocument()
    try page.commit()
  }

  /// `Tickloom: 12 symbols, bars of 1s`.
  private static func title(of summary: RunSummary) -> String {
    let count = summary.symbols.count
    let symbols = count == 1 ? "1 symbol" : "\(SummaryNumber.grouped(count)) symbols"
    return "Tickloom: \(symbols), bars of \(summary.timeframe)"
  }
}
