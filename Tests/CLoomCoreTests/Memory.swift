import Foundation

/// Whether too large an allocation is refused here.
///
/// The sanitizers' allocators end the process instead, and a system that promises any amount of
/// memory does not refuse.
let memoryIsRefused = !isSanitized && !overcommits

private let isSanitized = (["__asan_init", "__tsan_init"] as [String]).contains {
  dlsym(nil, $0) != nil
}

private let overcommits =
  (try? String(contentsOfFile: "/proc/sys/vm/overcommit_memory", encoding: .utf8)) == "1\n"
