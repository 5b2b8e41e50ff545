import LoomCore
import LoomPublishing
import LoomSystem
import Testing

struct ReturnRowTests {
  @Test func `a row made by hand knows who is present`() {
    let row = ReturnRow(start: Timestamp(nanoseconds: 5), returns: [0.5, .nan, -1])
    #expect(row.start.nanoseconds == 5)
    #expect(row.present.map(\.rawValue) == [0, 2])
  }

  @Test func `a triangle of the wrong size is a bug`() async {
    await #expect(processExitsWith: .failure) {
      _ = CorrelationSnapshot(
        hash: Hash128(high: 0, low: 0), symbolCount: 2, correlations: [1, 1],
        jointCounts: [1, 1, 1])
    }
    await #expect(processExitsWith: .failure) {
      _ = CorrelationSnapshot(
        hash: Hash128(high: 0, low: 0), symbolCount: 1, correlations: [1], jointCounts: [])
    }
  }

  @Test func `counts follow gaps that come and go`() throws {
    BLAS.useOneThread()
    var publisher = try VersionPublisher(
      configuration: try CorrelationConfiguration(estimator: .rolling(window: 4)),
      configurationText: "")
    var held: [[Double]] = []
    for number in 0..<40 {
      let isAbsent = number % 11 == 5
      let values = [
        Double(number % 7) - 3, isAbsent ? .nan : Double(number % 5), Double(number % 3),
      ]
      held = Array((held + [values]).suffix(4))
      try publisher.publish(
        ReturnRow(start: Timestamp(nanoseconds: Int64(number)), returns: values))
      let counts = publisher.latest.snapshot().jointCounts
      var expected: [Int32] = []
      for one in 0..<3 {
        for other in one..<3 {
          expected.append(Int32(held.count { !$0[one].isNaN && !$0[other].isNaN }))
        }
      }
      #expect(counts == expected, "row \(number)")
    }
  }
}
