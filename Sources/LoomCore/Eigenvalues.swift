internal import CLAPACKE

/// Eigenvalues of symmetric matrices.
public enum Eigenvalues {
  /// The smallest eigenvalue of a symmetric matrix.
  ///
  /// - Parameters:
  ///   - packed: The upper triangle, row-major, n (n + 1) / 2 values.
  ///   - symbols: n.
  /// - Returns: Nil where the matrix is empty or holds a value that is not finite.
  /// - Complexity: O(n³), allocates O(n²); LAPACK's dsyevr.
  public static func smallest(ofPacked packed: Span<Double>, symbols: Int) -> Double? {
    precondition(
      packed.count == symbols * (symbols + 1) / 2, "\(packed.count) values, \(symbols) symbols")
    guard symbols > 0 else { return nil }
    var matrix = [Double](repeating: 0, count: symbols * symbols)
    var at = 0
    for row in 0..<symbols {
      for column in row..<symbols {
        guard packed[at].isFinite else { return nil }
        matrix[row * symbols + column] = packed[at]
        at += 1
      }
    }
    let n = Int32(symbols)
    var found: Int32 = 0
    var values = [Double](repeating: 0, count: symbols)
    var noVectors = 0.0
    var support: [Int32] = [0, 0]
    // Column-major, a row-major upper triangle is the lower one.
    let status = unsafe LAPACKE_dsyevr(
      LAPACK_COL_MAJOR, CChar(UInt8(ascii: "N")), CChar(UInt8(ascii: "I")),
      CChar(UInt8(ascii: "L")), n, &matrix, n, 0, 0, 1, 1, 0, &found, &values, &noVectors, 1,
      &support)
    return status == 0 && found == 1 ? values[0] : nil
  }
}
