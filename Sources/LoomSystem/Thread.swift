internal import Glibc

/// One thread of the operating system, joined when the value goes away.
struct Thread: ~Copyable, Sendable {
  private let handle: pthread_t
  private var isOver = false

  /// What the new thread needs to know.
  fileprivate final class Start {
    let name: String
    let body: () -> Void

    init(name: String, body: @escaping () -> Void) {
      self.name = name
      self.body = body
    }
  }

  /// Starts `body`; interrupts are left to the threads that were there before.
  init(name: String, _ body: sending @escaping () -> Void) throws(SystemError) {
    let start = unsafe Unmanaged.passRetained(Start(name: name, body: body))
    // A thread inherits what its creator blocks, so it never sees an interrupt, not even early.
    var interrupts = sigset_t()
    var before = sigset_t()
    unsafe sigemptyset(&interrupts)
    for signal in [SIGINT, SIGTERM, SIGHUP] { unsafe sigaddset(&interrupts, signal) }
    unsafe pthread_sigmask(SIG_BLOCK, &interrupts, &before)
    var handle = pthread_t()
    let code = unsafe pthread_create(&handle, nil, threadMain, start.toOpaque())
    unsafe pthread_sigmask(SIG_SETMASK, &before, nil)
    guard code == 0 else {
      unsafe start.release()
      throw .failed(.startThread, path: name, code: code)
    }
    self.handle = handle
  }

  deinit {
    if !isOver { pthread_join(handle, nil) }
  }

  /// Waits for the end of the thread.
  consuming func join() {
    pthread_join(handle, nil)
    isOver = true
  }

  /// Lets it go on and end by itself.
  consuming func detach() {
    pthread_detach(handle)
    isOver = true
  }
}

/// The first function of a thread; takes over the `Start` it is given.
private func threadMain(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let argument = unsafe argument else { return nil }
  let start = unsafe Unmanaged<Thread.Start>.fromOpaque(argument).takeRetainedValue()
  nameThread(start.name)
  start.body()
  return nil
}

/// Names the calling thread, as far as the system can.
private func nameThread(_ name: String) {
  let descriptor = unsafe open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return }
  let bytes = Array(name.utf8.prefix(15))
  unsafe write(descriptor, bytes, bytes.count)
  close(descriptor)
}
