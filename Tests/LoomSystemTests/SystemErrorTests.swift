import Foundation
import LoomSystem
import Testing

struct SystemErrorTests {
  @Test(arguments: [
    (SystemError.Operation.create, ENOENT, "create its folder first"),
    (.create, EACCES, "choose a folder you may write to"),
    (.create, EROFS, "its file system is read-only, choose another folder"),
    (.create, ENOTDIR, "a part of the path is a file, not a folder"),
    (.create, EMFILE, "too many files are open, raise the limit with ulimit -n"),
    (.create, ENAMETOOLONG, "choose a shorter name"),
    (.write, ENOSPC, "free some space on its file system, or choose another folder"),
    (.startThread, EAGAIN, "the limit of threads is reached, ask for fewer"),
    (
      .spool, ENOSPC,
      "free some space, or name another folder in the environment variable TMPDIR"
    ),
    (.spool, EACCES, "name another folder in the environment variable TMPDIR"),
  ])
  func `tells what helps`(operation: SystemError.Operation, code: Int32, advice: String) {
    let error = SystemError.failed(operation, path: "x", code: code)
    let reason = unsafe String(cString: strerror(code))
    #expect(error.description == "cannot \(operation.rawValue) x: \(reason); \(advice)")
  }

  @Test func `says no more than it knows`() {
    let error = SystemError.failed(.write, path: "x", code: EIO)
    #expect(error.description == "cannot write x: Input/output error")
    #expect(SystemError.closedPipe.description == "the reader of the output has closed it")
  }
}
