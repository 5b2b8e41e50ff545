import CLoomCore
import Testing

struct CRingMemoryTests {
  /// Asks for eight terabytes.
  @Test(.enabled(if: memoryIsRefused))
  func `create tells when there is no memory`() {
    var ring: OpaquePointer?
    #expect(loom_ring_create(1 << 31, 4096, &ring) == .outOfMemory)
    #expect(ring == nil)
  }
}
