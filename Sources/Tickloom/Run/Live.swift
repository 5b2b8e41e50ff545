internal import LoomCore
internal import LoomFeatures
internal import LoomImport
public import LoomSystem

/// `tickloom live`: a run over lines as they come, of standard input or of a socket.
///
/// Unless it goes by the wall clock, what it puts out is what ``Run`` makes of the same lines. A line is
/// taken as soon as its end is there; two things hold lines back, as nothing else tells what they mean:
/// - how the lines are read, and the step of bars, is decided by those of the first 0.2 s after the first
///   row, a thousand at most (``Run`` takes the first thousand), and rows are never reversed;
/// - a quote that was opened, until it is closed or a megabyte has come; and local times that happen
///   twice as clocks are set back, until that hour is over.
public struct Live: Sendable {
  private let configuration: RunConfiguration

  /// Creates a live run over the one input of `configuration`; nothing is opened yet.
  public init(_ configuration: RunConfiguration) { self.configuration = configuration }

  /// Goes on until the input ends.
  ///
  /// - Parameters:
  ///   - end: Ends the input where it stands.
  ///   - cancellation: Stops; nothing is exported.
  ///   - show: Called on the calling thread some times a second with how things are.
  /// - Returns: What was done.
  /// - Throws: ``RunError``; then no file stands under its final name.
  public func perform(
    end: Cancellation, cancellation: Cancellation, show: (LiveState) -> Void = { _ in }
  ) throws(RunError) -> RunSummary {
    let clock: @Sendable () -> Timestamp = { Timestamp(nanoseconds: WallClock.nanoseconds) }
    let reading = LiveReading(
      end: end, cancellation: cancellation, clock: configuration.clock == .wall ? clock : nil)
    return try withoutActuallyEscaping(show) { (show) throws(RunError) in
      var observer = LiveObserver(clock: reading.clock, show: show)
      return try Run(configuration).perform(cancellation, live: reading, &observer)
    }
  }
}
