internal import CLoomCore

/// The linear algebra library of the process.
public enum BLAS {
  /// Tells OpenBLAS to use one thread from now on, in the whole process.
  ///
  /// Results must not depend on a number of threads, so ``Correlation`` refuses to start with more
  /// than one. Executables call this first; a library leaves it to the process it lives in.
  public static func useOneThread() {
    loom_blas_use_one_thread()
  }

  /// How many threads OpenBLAS would use.
  public static var threadCount: Int { Int(loom_blas_threads()) }

  /// The kernel that OpenBLAS has chosen for this processor, such as `Haswell`.
  public static let kernelName = unsafe String(cString: loom_blas_kernel())

  /// The products of all pairs of columns of row-major `rows`, upper triangle of `matrix`: dsyrk,
  /// what a backfill is measured against.
  package static func crossProducts(
    of rows: Span<Double>, symbols: Int, into matrix: inout MutableSpan<Double>
  ) {
    precondition(symbols > 0 && rows.count.isMultiple(of: symbols), "\(rows.count) / \(symbols)")
    precondition(matrix.count == symbols * symbols, "room for \(matrix.count) products")
    unsafe matrix.withUnsafeMutableBufferPointer { matrix in
      unsafe rows.withUnsafeBufferPointer { rows in
        guard let from = rows.baseAddress, let to = matrix.baseAddress else { return }
        unsafe loom_blas_cross_products(
          from, UInt64(rows.count / symbols), UInt32(symbols), UInt32(symbols), to,
          UInt32(symbols))
      }
    }
  }
}
