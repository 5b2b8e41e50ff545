import Glibc

/// Another process, what it prints, and what it took.
struct Child {
  /// Bytes of resident memory at its peak, and how it ended.
  struct End {
    var status: Int32
    var peakBytes: Int
    var output: String
  }

  private let identifier: pid_t
  private let pipe: Int32

  /// Starts `path`, this program where it is nil, without standard input.
  init(_ arguments: [String], path: String? = nil) throws {
    var ends: [Int32] = [0, 0]
    guard unsafe Glibc.pipe(&ends) == 0 else { throw WorkloadError("no pipe: \(errno)") }
    // Or another child would hold the writing end, and this one's output never end.
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    unsafe posix_spawn_file_actions_adddup2(&actions, ends[1], 2)
    var identifier = pid_t()
    let path = path ?? "/proc/self/exe"
    var words = unsafe ([path] + arguments).map { unsafe strdup($0) } + [nil]
    defer { for index in unsafe words.indices { unsafe free(words[index]) } }
    let code = unsafe posix_spawn(&identifier, path, &actions, nil, &words, environ)
    close(ends[1])
    guard code == 0 else {
      close(ends[0])
      throw WorkloadError("cannot start \(path): \(unsafe String(cString: strerror(code)))")
    }
    self.identifier = identifier
    pipe = ends[0]
  }

  /// Waits for the end; what it printed, without the last line break.
  func output() throws -> String {
    let end = wait()
    if end.status != 0 { throw WorkloadError("a process ended with \(end.status): \(end.output)") }
    return end.output
  }

  /// Reads what it prints and waits for its end.
  func wait() -> End {
    var text: [UInt8] = []
    var room = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe read(pipe, &room, room.count)
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { break }
      text += room.prefix(count)
    }
    close(pipe)
    var status: Int32 = 0
    var usage = rusage()
    while unsafe wait4(identifier, &status, 0, &usage) < 0 && errno == EINTR {}
    if text.last == UInt8(ascii: "\n") { text.removeLast() }
    return End(
      status: status, peakBytes: usage.ru_maxrss * 1024,
      output: String(decoding: text, as: UTF8.self))
  }
}
