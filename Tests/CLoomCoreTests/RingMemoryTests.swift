import CLoomCore
import Foundation
import Testing

struct CRingMemoryTests {
  /// Asks for eight terabytes.
  ///
  /// The sanitizers' allocators end the process instead of refusing, and a system that promises any
  /// amount of memory does not refuse.
  @Test(.enabled(if: !isSanitized && !overcommits))
  func `create tells when there is no memory`() {
    var ring: OpaquePointer?
    #expect(loom_ring_create(1 << 31, 4096, &ring) == .outOfMemory)
    #expect(ring == nil)
  }

  private static let isSanitized = (["__asan_init", "__tsan_init"] as [String]).contains {
    dlsym(nil, $0) != nil
  }

  private static let overcommits =
    (try? String(contentsOfFile: "/proc/sys/vm/overcommit_memory", encoding: .utf8)) == "1\n"
}
