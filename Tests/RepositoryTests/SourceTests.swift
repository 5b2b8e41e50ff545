import Foundation
import Testing

/// Habits of the code that no compiler and no formatter checks.
struct SourceTests {
  static let c = Repository.sources.filter { $0.hasPrefix("CSources/") && $0.hasSuffix(".c") }

  @Test(arguments: c)
  func `every memory order has its reason beside it`(file: String) throws {
    let lines = try Repository.lines(of: file)
    for (number, line) in lines.enumerated() {
      for match in line.matches(of: #/memory_order_(\w+)/#) {
        let reasons = lines[max(0, number - 8)..<number].filter { $0.contains("//") }
        #expect(
          reasons.contains { $0.contains("\(match.1)") },
          "\(file):\(number + 1) is \(match.1), and no comment above says why")
      }
    }
  }

  /// Without a stated order an atomic access is sequentially consistent, which nobody decided.
  @Test(arguments: c)
  func `atomics state their order`(file: String) throws {
    let silent = #/\batomic_(?:load|store|exchange|fetch_\w+?|compare_exchange_\w+?)\s*\(/#
    for match in try Repository.text(of: file).matches(of: silent) {
      #expect(match.0.contains("_explicit"), "\(file): \(match.0)")
    }
  }

  @Test(arguments: c)
  func `the C core keeps the order of its sums`(file: String) throws {
    let text = try Repository.text(of: file)
    if !text.contains("double") { return }
    #expect(text.contains("#pragma STDC FP_CONTRACT OFF"), "\(file)")
  }

  @Test(arguments: Repository.librarySources)
  func `the library neither gives up, nor prints, nor sleeps`(file: String) throws {
    // A task that waits on a clock it was given blocks no thread, and a test decides how long it is.
    let text = try Repository.text(of: file).replacing("await clock.sleep" + "(for:", with: "")
    for word in ["fatalError" + "(", "try" + "!", "as" + "!", "sleep" + "("] {
      #expect(!text.contains(word), "\(file): \(word)")
    }
    if Repository.module(of: file) == "TickloomCLI" { return }
    #expect(text.firstMatch(of: #/(?:^|\s)print\(/#) == nil, "\(file) prints")
  }

  /// A check the compiler was told to leave out has its reason right below.
  @Test(arguments: Repository.librarySources)
  func `who vouches for a type says why`(file: String) throws {
    let lines = try Repository.lines(of: file)
    for (number, line) in lines.enumerated() where line.contains("@unchecked Sendable") {
      if line.contains("//") { continue }
      let below = lines[number...].prefix(4).joined(separator: "\n")
      #expect(below.contains("// Safe to"), "\(file):\(number + 1)")
    }
  }

  @Test(arguments: Repository.sources)
  func `nothing points to where it was written`(file: String) throws {
    let text = try Repository.text(of: file)
    for place in ["/wo" + "rk/", "/tmp/" + "wt", "/ro" + "ot/", "/ho" + "me/"] {
      #expect(!text.contains(place), "\(file): \(place)")
    }
  }
}
