import LoomCore
import Testing

struct CorrelationReadingTests {
  @Test(
    arguments: [CorrelationEstimator.rolling(window: 16), .exponential(decay: 0.97)])
  func `copies hold what the pairs hold`(estimator: CorrelationEstimator) throws {
    var correlation = try makeCorrelation(estimator, minimum: 3, capacity: 5)
    for row in returnRows(40, symbols: 5, missing: 0.3, seed: 1) { correlation.take(row) }
    let count = Correlation.packedCount(5)
    var covariances = [Double](repeating: 0, count: count)
    var joint = [Int32](repeating: 0, count: count)
    var covarianceSpan = covariances.mutableSpan
    correlation.copyCovariances(into: &covarianceSpan)
    var jointSpan = joint.mutableSpan
    correlation.copyJointRows(into: &jointSpan)
    var at = 0
    for i in 0..<5 {
      for j in i..<5 {
        #expect(correlation[i, j] == correlation[j, i])
        #expect(covariances[at] == correlation[i, j].covariance)
        #expect(Int(joint[at]) == correlation[i, j].jointRows)
        #expect(abs(correlation[i, j].correlation) <= 1)
        at += 1
      }
      #expect(correlation[i, i].correlation == 1)
    }
  }

  @Test func `below the minimum of joint rows the reason says so`() throws {
    var correlation = try makeCorrelation(.rolling(window: 8), minimum: 3, capacity: 3)
    correlation.take([1e-4, 2e-4])
    correlation.take([2e-4, 1e-4, 3e-4])
    #expect(correlation[0, 1].reason == .tooFewRows)
    #expect(correlation[0, 1].covariance.isNaN)
    #expect(correlation[0, 1].jointRows == 2)
    correlation.take([3e-4, 5e-4])
    #expect(correlation[0, 1].reason == .defined)
    #expect(correlation[0, 2].reason == .tooFewRows)
  }

  @Test func `defaults of the minimum are half the window and twenty`() throws {
    func minimum(_ estimator: CorrelationEstimator) throws -> Int {
      try CorrelationConfiguration(estimator: estimator).minimumPeriods
    }
    #expect(try CorrelationConfiguration().minimumPeriods == 128)
    #expect(try minimum(.rolling(window: 9)) == 4)
    #expect(try minimum(.rolling(window: 3)) == 2)
    #expect(try minimum(.exponential(decay: 0.97)) == 20)
  }

  @Test(arguments: [
    (CorrelationEstimator.rolling(window: 1), 2), (.rolling(window: 1 << 20 + 1), 2),
    (.exponential(decay: 1), 2), (.exponential(decay: 0), 2), (.exponential(decay: .nan), 2),
    (.rolling(window: 8), 0), (.rolling(window: 8), 1 << 20 + 1),
  ])
  func `configurations out of range are refused`(
    estimator: CorrelationEstimator, minimum: Int
  ) {
    #expect(throws: CoreError.badArgument) {
      try CorrelationConfiguration(estimator: estimator, minimumPeriods: minimum)
    }
  }

  @Test(arguments: [0, -1, 16385])
  func `capacities out of range are refused`(capacity: Int) {
    #expect(throws: CoreError.badArgument) {
      _ = try makeCorrelation(.rolling(window: 8), capacity: capacity)
    }
  }

  // erfc(atanh(0.5) sqrt(25 / 2)) by Python's math module: 28 rows whose correlation is 0.5.
  @Test func `the p-value is Fisher's`() throws {
    var correlation = try makeCorrelation(.rolling(window: 28), minimum: 2, capacity: 2)
    let half = 3.0.squareRoot() / 2
    for index in 0..<28 {
      let (x, e): (Double, Double) = [(1, 1), (1, -1), (-1, 1), (-1, -1)][index % 4]
      correlation.take([x, 0.5 * x + half * e])
    }
    #expect(abs(correlation[0, 1].correlation - 0.5) < 1e-14)
    #expect(abs(correlation[0, 1].pValue - 0.006022924485883406) < 1e-12)
    #expect(correlation[0, 0].pValue == 0)
    #expect(correlation[0, 1].effectiveRows == 28)
  }

  @Test func `too few rows have no p-value`() throws {
    var correlation = try makeCorrelation(.rolling(window: 8), minimum: 2, capacity: 2)
    for row in returnRows(3, symbols: 2, seed: 2) { correlation.take(row) }
    #expect(!correlation[0, 1].correlation.isNaN)
    #expect(correlation[0, 1].pValue.isNaN)
  }

  @Test func `effective rows of exponential weights count the weights`() throws {
    var correlation = try makeCorrelation(.exponential(decay: 0.9), minimum: 2, capacity: 1)
    for row in returnRows(30, symbols: 1, seed: 3) { correlation.take(row) }
    var weight = 1.0
    var sum = 0.0
    var squares = 0.0
    for _ in 0..<30 {
      sum += weight
      squares += weight * weight
      weight *= 0.9
    }
    #expect(abs(correlation[0, 0].effectiveRows - sum * sum / squares) < 1e-10)
  }

  @Test func `the smallest eigenvalue is that of the matrix`() throws {
    BLAS.useOneThread()
    #expect(BLAS.threadCount == 1)
    let identity: [Double] = [1, 0, 0, 1, 0, 1]
    #expect(Eigenvalues.smallest(ofPacked: identity.span, symbols: 3) == 1)
    // Two symbols: 1 - |rho|. Three that cannot all correlate by -0.6: 1 - 2 * 0.6.
    let pair = [1, 0.75, 1]
    let impossible = [1, -0.6, -0.6, 1, -0.6, 1]
    let values = [
      Eigenvalues.smallest(ofPacked: pair.span, symbols: 2),
      Eigenvalues.smallest(ofPacked: impossible.span, symbols: 3),
    ]
    #expect(abs((values[0] ?? .nan) - 0.25) < 1e-14)
    #expect(abs((values[1] ?? .nan) + 0.2) < 1e-14)
    let incomplete = [1, .nan, 1]
    #expect(Eigenvalues.smallest(ofPacked: incomplete.span, symbols: 2) == nil)
    let nothing: [Double] = []
    #expect(Eigenvalues.smallest(ofPacked: nothing.span, symbols: 0) == nil)
  }
}
