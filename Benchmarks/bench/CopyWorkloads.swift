internal import Glibc

/// The yardstick of everything that mostly moves memory: memcpy of so many bytes.
///
/// The sizes: 64 ticks, and the square matrices of doubles of 100, 500 and 1000 symbols.
let copyWorkloads: [Workload] =
  [copy("memory.copy.64-ticks", bytes: 64 * 80, operations: 64, unit: "tick")]
  + [10, 100, 500, 1000].map { symbols in
    copy("memory.copy.\(symbols)x\(symbols)", bytes: symbols * symbols * 8)
  }

private func copy(
  _ name: String, bytes: Int, operations: Int = 1, unit: String = "copy"
) -> Workload {
  Workload(name, unit: unit, operations: operations, counted: nil) { iterations, watch in
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
    precondition(to.last == 7, "nothing was copied")
  }
}
