internal import Glibc

/// The yardstick of everything that mostly moves memory: memcpy of the same bytes.
///
/// A batch of 64 ticks; what a batch keeps of a bar (a clean bar of 128 bytes, 27 features of 8);
/// the square matrices of doubles of so many symbols.
let copyWorkloads: [Workload] =
  [
    copy("memory.copy.tick", bytes: 64 * 80, operations: 64, unit: "tick"),
    copy("memory.copy.bar", bytes: 64 * (128 + 27 * 8), operations: 64, unit: "bar"),
  ]
  + matrixSizes.map { symbols in
    copy("memory.copy.\(symbols)x\(symbols)", bytes: symbols * symbols * 8)
  }

/// Symbols of the matrices that are measured.
let matrixSizes = [10, 50, 100, 200, 500, 1000]

private func copy(
  _ name: String, bytes: Int, operations: Int = 1, unit: String = "copy"
) -> Workload {
  Workload(name, unit: unit, operations: operations) { iterations, watch in
    let from = [UInt8](repeating: 7, count: bytes)
    var to = [UInt8](repeating: 0, count: bytes)
    unsafe from.withUnsafeBytes { source in
      unsafe to.withUnsafeMutableBytes { target in
        guard let start = source.baseAddress, let end = target.baseAddress else { return }
        watch.time {
          for _ in 0..<iterations {
            unsafe memcpy(end, start, bytes)
            unsafe keep(end)
          }
        }
      }
    }
    if to.last != 7 { throw WorkloadError("nothing was copied") }
  }
}
