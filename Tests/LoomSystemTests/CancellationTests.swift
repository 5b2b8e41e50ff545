import Foundation
import Testing

@testable import LoomSystem

struct CancellationTests {
  @Test func `copies are the same request`() {
    let cancellation = Cancellation()
    let copy = cancellation
    #expect(!copy.isRequested)
    cancellation.request()
    #expect(copy.isRequested)
    #expect(copy.signal == nil)
    #expect(!Cancellation().isRequested)
  }

  @Test func `a wait for input ends with input or with the request`() throws {
    var ends: [Int32] = [0, 0]
    unsafe pipe(&ends)
    let (readEnd, writeEnd) = (ends[0], ends[1])
    let cancellation = Cancellation()
    let waiter = try Worker(name: "waiter") { cancellation.wait(forInput: readEnd) }
    cancellation.request()
    let hasInput = waiter.join()
    #expect(!hasInput)

    var byte: UInt8 = 0
    unsafe write(writeEnd, &byte, 1)
    #expect(Cancellation().wait(forInput: readEnd))
    #expect(!cancellation.wait(forInput: readEnd))
    unsafe read(readEnd, &byte, 1)
    close(writeEnd)
    #expect(Cancellation().wait(forInput: readEnd))
    close(readEnd)
  }

  @Test func `the first interrupt is a request and tells its signal`() async {
    await #expect(processExitsWith: .exitCode(42)) {
      let cancellation = Cancellation.onInterrupt()
      let before = cancellation.isRequested
      raise(SIGINT)
      exit(!before && cancellation.signal == SIGINT ? 42 : 1)
    }
  }

  @Test func `the second interrupt kills`() async {
    await #expect(processExitsWith: .signal(SIGINT)) {
      _ = Cancellation.onInterrupt()
      raise(SIGINT)
      raise(SIGINT)
    }
  }

  @Test func `a gentle request takes the first interrupt, the second stops, the third kills`() async
  {
    await #expect(processExitsWith: .exitCode(42)) {
      let stop = Cancellation.onInterrupt()
      let end = Cancellation.beforeInterrupt()
      raise(SIGHUP)
      raise(SIGHUP)
      let isEndOfTerminal = end.signal == SIGHUP && !stop.isRequested
      raise(SIGINT)
      exit(isEndOfTerminal && stop.signal == SIGINT ? 42 : 1)
    }
    await #expect(processExitsWith: .exitCode(42)) {
      let stop = Cancellation.onInterrupt()
      let end = Cancellation.beforeInterrupt()
      raise(SIGINT)
      let isGentle = end.signal == SIGINT && !stop.isRequested
      raise(SIGTERM)
      exit(isGentle && stop.signal == SIGTERM ? 42 : 1)
    }
    await #expect(processExitsWith: .signal(SIGINT)) {
      _ = Cancellation.onInterrupt()
      _ = Cancellation.beforeInterrupt()
      for _ in 0..<3 { raise(SIGINT) }
    }
  }

  @Test func `an interrupt ignored so far counts too`() async {
    await #expect(processExitsWith: .exitCode(42)) {
      signal(SIGINT, SIG_IGN)
      let cancellation = Cancellation.onInterrupt()
      raise(SIGINT)
      exit(cancellation.isRequested ? 42 : 1)
    }
  }

  @Test func `a closed pipe is an error of its own`() async {
    await #expect(processExitsWith: .exitCode(42)) {
      Signals.ignoreClosedPipes()
      var ends: [Int32] = [0, 0]
      unsafe pipe(&ends)
      close(ends[0])
      dup2(ends[1], STDOUT_FILENO)
      do {
        try OutputFile.standardOutput().write([1, 2].span)
      } catch SystemError.closedPipe { exit(42) }
    }
  }

  @Test func `a limit on file sizes is an error with what to do`() async {
    await #expect(processExitsWith: .exitCode(42)) {
      Signals.ignoreFileSizeLimits()
      var limit = rlimit(rlim_cur: 100, rlim_max: 100)
      unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      let folder = try TemporaryFolder()
      do {
        let file = try OutputFile(path: folder.path + "/large")
        let bytes = [UInt8](repeating: 1, count: 200)
        try file.write(bytes.span)
      } catch {
        exit(
          "\(error)".hasSuffix(
            "large: File too large; a limit on the size of files is set, "
              + "see ulimit -f") ? 42 : 1)
      }
    }
  }
}
