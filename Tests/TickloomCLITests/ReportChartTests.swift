import Testing
import Tickloom

@testable import TickloomCLI

struct ReportChartTests {
  private func chart(_ seconds: [Int64], _ values: [Double]) -> ReportChart {
    let times = seconds.map { SummarySamples.start + .seconds($0) }
    var chart = ReportChart(times: times, width: 114, height: 100, labelWidth: 0)
    chart.addPanel(
      values, axis: ReportAxis(lower: 0, upper: 10, step: 5), name: "", style: "price", top: 0,
      height: 100, format: { "\($0)" })
    return chart
  }

  private func path(_ seconds: [Int64], _ values: [Double]) -> String {
    let chart = chart(seconds, values)
    return chart.path(of: chart.panels[0])
  }

  @Test func `runs from the left to the right, large values above`() {
    #expect(path([0, 1, 2], [0, 10, 5]) == "M0 100L50 0L100 50")
  }

  @Test func `breaks where a value is missing and draws a point alone`() {
    #expect(path([0, 1, 2, 3, 4], [0, .nan, 5, .infinity, 10]) == "M0 100h0M50 50h0M100 0h0")
  }

  @Test func `breaks where there were no bars`() {
    let path = path([0, 1, 2, 3, 4, 97, 98, 99, 100], [Double](repeating: 5, count: 9))
    #expect(path.count { $0 == "M" } == 2)
    #expect(path.contains("M97 50"))
  }

  @Test func `keeps values beyond the axis in the panel`() {
    #expect(path([0, 1], [-5, 1e300]) == "M0 100L100 0")
  }

  @Test func `one moment lies in the middle, none is no path`() {
    #expect(path([0], [5]) == "M50 50h0")
    #expect(path([], []) == "")
  }

  @Test func `tells the first and the last point`() {
    let told = chart(Array(0..<500), [Double](repeating: 1, count: 500)).told
    #expect(told.first == 0 && told.last == 499 && told.count == 40)
    #expect(chart([0, 1], [1, 2]).told == [0, 1])
  }

  @Test(arguments: [(0.0, "0"), (12.34, "12.3"), (-0.04, "0"), (-7.25, "-7.3"), (1e300, "1000000")])
  func `a coordinate is short`(value: Double, text: String) {
    #expect(ReportPage.coordinate(value) == text)
  }

  @Test func `refuses values without their times`() async {
    await #expect(processExitsWith: .failure) {
      var chart = ReportChart(times: [], height: 10, labelWidth: 0)
      chart.addPanel(
        [1], axis: ReportAxis(lower: 0, upper: 1, step: 1), name: "", style: "", top: 0, height: 1,
        format: { "\($0)" })
    }
  }
}
