internal import Tickloom

/// A drawing of one or more curves over the same times, one panel below the other.
struct ReportChart {
  /// One curve with its own axis of values.
  struct Panel {
    var values: [Double]
    var axis: ReportAxis
    /// Stands in its corner; empty where the caption says it all.
    var name: String
    /// The class its looks hang on.
    var style: String
    /// Upper end, in pixels from the top.
    var top: Double
    /// In pixels.
    var height: Double
    /// A value as it is told to who points at it.
    var format: (Double) -> String

    /// Where `value` lies, in pixels from the top; cut to the panel.
    func y(_ value: Double) -> Double {
      top + height * (1 - min(max(axis.share(of: value), 0), 1))
    }
  }

  private static let rightMargin = 14.0

  let times: [Timestamp]
  /// In pixels, as all lengths here; the drawing is shown at about this size.
  let width: Double
  /// Of the whole drawing.
  let height: Double
  /// Left end of the panels: room for the labels of values.
  let left: Double
  private(set) var panels: [Panel] = []

  /// Creates a drawing without panels; `times` are in order.
  init(times: [Timestamp], width: Double = 350, height: Double, labelWidth: Double) {
    self.times = times
    self.width = width
    self.height = height
    left = labelWidth.rounded(.up)
  }

  /// Adds a panel with one value for each time, NaN where there is none.
  mutating func addPanel(
    _ values: [Double], axis: ReportAxis, name: String, style: String, top: Double, height: Double,
    format: @escaping (Double) -> String
  ) {
    precondition(values.count == times.count, "\(values.count) values at \(times.count) times")
    panels.append(
      Panel(
        values: values, axis: axis, name: name, style: style, top: top, height: height,
        format: format))
  }

  /// Right end of the panels.
  var right: Double { width - Self.rightMargin }

  /// Where `time` lies, in pixels from the left; a single moment lies in the middle.
  func x(_ time: Timestamp) -> Double {
    guard let first = times.first, let last = times.last, first < last else {
      return (left + right) / 2
    }
    return left + (right - left) * Double((time - first).count) / Double((last - first).count)
  }

  /// The curve of `panel` as a path: a new piece after each value that is missing and each pause.
  func path(of panel: Panel) -> String {
    var path = ""
    let pause = longestStep
    var last: Timestamp?
    var isAlone = false
    for (time, value) in zip(times, panel.values) {
      guard value.isFinite else {
        last = nil
        continue
      }
      let point = "\(ReportPage.coordinate(x(time))) \(ReportPage.coordinate(panel.y(value)))"
      if let last, (time - last).count <= pause {
        path += "L" + point
        isAlone = false
      } else {
        // A point alone is seen because the ends of the line are round.
        if isAlone { path += "h0" }
        path += "M" + point
        isAlone = true
      }
      last = time
    }
    return isAlone ? path + "h0" : path
  }

  /// Longer steps than this are pauses: eight times the usual one.
  private var longestStep: Int64 {
    let steps = zip(times, times.dropFirst()).map { ($1 - $0).count }.sorted()
    guard !steps.isEmpty else { return 0 }
    return steps[steps.count / 2].multipliedReportingOverflow(by: 8).partialValue
  }

  /// Places of the points told to who points at the drawing, evenly spread.
  var told: [Int] {
    let most = 40
    guard times.count > most else { return Array(times.indices) }
    return (0..<most).map { $0 * (times.count - 1) / (most - 1) }
  }
}
