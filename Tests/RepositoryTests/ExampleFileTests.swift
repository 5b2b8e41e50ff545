import Foundation
import Testing

/// Examples are copied: what they do has to work outside this repository.
struct ExampleFileTests {
  @Test func `there are examples`() {
    #expect(Repository.exampleSources.count >= 2)
  }

  @Test(arguments: Repository.exampleSources)
  func `knows the library alone`(file: String) throws {
    let imported = try Repository.imports(of: file)
    #expect(imported.contains("Tickloom"))
    #expect(imported.subtracting(["Tickloom", "Dispatch", "Foundation"]) == [], "\(file)")
    let text = try Repository.text(of: file)
    for word in ["@test" + "able", "unsafe", "try" + "!", "as" + "!", "sleep" + "("] {
      #expect(!text.contains(word), "\(file): \(word)")
    }
    // Or else the engine refuses to start, and nobody knows why.
    #expect(text.contains("BLAS.useOneThread()"), "\(file)")
  }

  @Test(arguments: Repository.exampleSources)
  func `is one file, and a test runs it`(file: String) throws {
    let parts = file.split(separator: "/")
    try #require(parts.count == 4)
    #expect(parts[3] == "\(parts[2]).swift")
    let tests = Repository.files.filter { $0.hasPrefix("Tests/ExampleTests/") }
    #expect(try tests.contains { try Repository.text(of: $0).contains("\"\(parts[2])\"") })
    #expect(Repository.dependencies["ExampleTests"]?.contains(String(parts[2])) == true)
  }
}
