import Foundation
import LoomSystem
import Synchronization
import Testing

struct WorkerTests {
  struct Broken: Error, Equatable {
    var number: Int
  }

  @Test func `hands back the result`() throws {
    let worker = try Worker(name: "answer") { 6 * 7 }
    let answer = worker.join()
    #expect(answer == 42)
  }

  @Test func `hands back the error`() throws {
    let worker = try Worker<Int, Broken>(name: "broken") { () throws(Broken) in
      throw Broken(number: 7)
    }
    do {
      let answer = try worker.join()
      Issue.record("no error, but \(answer)")
    } catch {
      #expect(error == Broken(number: 7))
    }
  }

  @Test func `has the first fifteen bytes of its name`() throws {
    let worker = try Worker(name: "reader of a very long file") {
      (try? String(contentsOfFile: "/proc/thread-self/comm", encoding: .utf8)) ?? ""
    }
    let name = worker.join()
    #expect(name == "reader of a ver\n")
  }

  @Test func `waits for its thread when it goes away`() throws {
    let channel = Channel<Int>(capacity: 1)
    let ended = Atomic<Bool>(false)
    do {
      let worker = try Worker(name: "owned") {
        _ = channel.receive()
        ended.store(true, ordering: .relaxed)
      }
      channel.send(1)
      _ = worker
    }
    let hasEnded = ended.load(ordering: .relaxed)
    #expect(hasEnded)
  }
}
