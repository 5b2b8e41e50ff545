import Foundation
import Synchronization

@testable import Tickloom

/// A live run on a thread of its own, and the producer it listens to.
final class LiveSession: @unchecked Sendable {
  // Safe to share: what both threads touch is touched with the condition's lock held.
  private let condition = NSCondition()
  private var latest: LiveState?
  private var outcome: Result<RunSummary, RunError>?
  private let folder: URL
  private var producer: Int32 = -1
  let end = Cancellation()

  /// Starts a run over a new socket; `clock` takes the place of the computer's.
  init(
    _ change: (inout RunConfiguration) -> Void = { _ in }, clock: (@Sendable () -> Timestamp)? = nil
  ) throws {
    BLAS.useOneThread()
    folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let path = folder.appending(path: "s").path
    var configuration = RunConfiguration(inputs: [.socket(path)])
    change(&configuration)
    if clock != nil { configuration.clock = .wall }
    let (run, end) = (Run(configuration), end)
    Thread.detachNewThread { [self] in
      let stop = Cancellation()
      let reading = LiveReading(end: end, cancellation: stop, clock: clock)
      var observer = LiveObserver(clock: clock) { state in self.change { self.latest = state } }
      let result = Result { () throws(RunError) in
        try run.perform(stop, live: reading, &observer)
      }
      self.change { self.outcome = result }
    }
    producer = Self.connect(to: path)
  }

  deinit {
    close()
    try? FileManager.default.removeItem(at: folder)
  }

  func send(_ text: String) {
    let bytes = Array(text.utf8)
    var sent = 0
    while sent < bytes.count {
      sent += unsafe bytes[sent...].withUnsafeBytes { rest in
        // A run that has failed takes no more, which is no reason to end the process.
        let count = unsafe Foundation.send(
          producer, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
        return count < 0 ? rest.count : count
      }
    }
  }

  func close() {
    if producer >= 0 { Foundation.close(producer) }
    producer = -1
  }

  /// Waits for a state that is as wanted; nil where the run has failed.
  func state(where isWanted: (LiveState) -> Bool) -> LiveState? {
    condition.lock()
    defer { condition.unlock() }
    while true {
      if let latest, isWanted(latest) { return latest }
      if case .failure = outcome { return nil }
      condition.wait()
    }
  }

  /// Waits for the end of the run.
  func summary() throws -> RunSummary {
    condition.lock()
    defer { condition.unlock() }
    while true {
      if let outcome { return try outcome.get() }
      condition.wait()
    }
  }

  /// What the run failed with.
  func failure() -> String {
    do {
      _ = try summary()
      return "it did not fail"
    } catch { return "\(error)" }
  }

  private func change(_ body: () -> Void) {
    condition.lock()
    body()
    condition.broadcast()
    condition.unlock()
  }

  /// Connects once something listens at `path`.
  private static func connect(to path: String) -> Int32 {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
    unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        while unsafe Foundation.connect(descriptor, $0, size) != 0 { sched_yield() }
      }
    }
    return descriptor
  }
}
