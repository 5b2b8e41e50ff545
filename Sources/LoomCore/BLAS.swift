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
}
