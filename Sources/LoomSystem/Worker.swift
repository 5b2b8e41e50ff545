/// A named thread that does one job and hands back its result or its error.
///
/// A value that goes away unjoined waits for its thread, so no job outlives its owner.
public struct Worker<Success: Sendable, Failure: Error>: ~Copyable, Sendable {
  private let thread: Thread
  private let outcome: Outcome

  private final class Outcome: @unchecked Sendable {
    // Safe to share: the job's thread writes it once, and joining the thread orders that before
    // the one read.
    var result: Result<Success, Failure>?
  }

  /// Starts `body` on a thread of its own.
  ///
  /// - Parameters:
  ///   - name: What `top` and debuggers call it; they show its first 15 bytes.
  ///   - body: The job.
  /// - Throws: ``SystemError`` where no thread can be started.
  public init(
    name: String, _ body: sending @escaping () throws(Failure) -> Success
  ) throws(SystemError) {
    let outcome = Outcome()
    self.outcome = outcome
    thread = try Thread(name: name) {
      outcome.result = Result { () throws(Failure) in try body() }
    }
  }

  /// Leaves the thread to itself: nobody waits for the job, nor learns its result.
  public consuming func detach() { thread.detach() }

  /// Waits for the end of the job.
  public consuming func join() throws(Failure) -> Success {
    thread.join()
    guard let result = outcome.result else { preconditionFailure("ended without a result") }
    return try result.get()
  }
}
