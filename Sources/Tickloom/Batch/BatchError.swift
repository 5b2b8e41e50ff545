public import LoomCore

/// Why a ``Batch`` gave no result at all.
public enum BatchError: Error, Equatable, Sendable {
  /// It was asked to stop.
  case cancelled
  /// The matrix cannot be computed: BLAS is not single-threaded, or memory is short.
  case core(CoreError)
}

extension BatchError: CustomStringConvertible {
  /// One sentence for a person.
  public var description: String {
    switch self {
    case .cancelled: "the batch was stopped before its end"
    case .core(.blasThreads):
      "OpenBLAS would use several threads: call BLAS.useOneThread() first, or set"
        + " OPENBLAS_NUM_THREADS=1"
    case .core(let error): "the correlation matrix cannot be computed: \(error)"
    }
  }
}
