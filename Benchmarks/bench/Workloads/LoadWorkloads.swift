/// The yardstick of everything that waits for what it has just computed: loads of which each finds
/// the place of the next, from the first-level cache and from memory.
let loadWorkloads: [Workload] = [
  loads("memory.load.l1", places: 4 << 10), loads("memory.load.main", places: 16 << 20),
]

/// A random cycle through `places` numbers of four bytes (Sattolo's shuffle).
private func loads(_ name: String, places: Int) -> Workload {
  Workload(name, unit: "load", operations: 1024) { iterations, watch in
    var numbers = UniformNumbers(state: 1)
    var next = (0..<UInt32(places)).map { $0 }
    for place in stride(from: places - 1, to: 0, by: -1) {
      next.swapAt(place, Int(numbers.next() * Double(place)))
    }
    var place = 0
    watch.time { for _ in 0..<iterations * 1024 { place = Int(next[place]) } }
    if place >= places { throw WorkloadError("left the cycle") }
  }
}
