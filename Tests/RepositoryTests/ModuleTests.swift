import Foundation
import Testing

/// The arrows between the modules, and who may touch C and raw memory.
struct ModuleTests {
  /// The modules that may say `unsafe`, and the C modules each of them wraps.
  static let wrappers: [String: Set<String>] = [
    "LoomSystem": ["CZstd", "CZlib", "CXXHash", "CCharConv", "CGetopt", "CMalloc"],
    "LoomCore": ["CLoomCore", "CLAPACKE"],
    "LoomJournal": ["CSQLite", "CLoomJournal"],
  ]
  static let foundation: Set = ["LoomSystem", "LoomCore"]

  @Test(arguments: Repository.librarySources)
  func `only the wrapping modules touch raw memory`(file: String) throws {
    let module = try #require(Repository.module(of: file))
    if Self.wrappers[module] != nil { return }
    #expect(try Repository.text(of: file).firstMatch(of: #/\bunsafe\b/#) == nil, "\(file)")
  }

  @Test(arguments: Repository.librarySources)
  func `a C module is imported by its wrapper alone`(file: String) throws {
    let module = try #require(Repository.module(of: file))
    let imported = try Repository.imports(of: file).filter { $0.firstMatch(of: #/^C[A-Z]/#) != nil }
    #expect(imported.subtracting(Self.wrappers[module] ?? []) == [], "\(file)")
  }

  @Test(arguments: Repository.librarySources)
  func `siblings do not know each other`(file: String) throws {
    let module = try #require(Repository.module(of: file))
    let allowed: Set<String> =
      switch module {
      case "TickloomCLI": ["Tickloom", "LoomSystem"]
      case "Tickloom": Repository.modules.subtracting(["Tickloom", "TickloomCLI"])
      case "LoomSystem", "LoomCore": []
      default: Self.foundation
      }
    let imported = try Repository.imports(of: file).intersection(Repository.modules)
    #expect(imported.subtracting(allowed) == [], "\(file)")
  }

  @Test(arguments: Repository.librarySources)
  func `the library starts without Foundation`(file: String) throws {
    let heavy: Set = ["Foundation", "FoundationEssentials", "Dispatch"]
    #expect(try Repository.imports(of: file).intersection(heavy) == [], "\(file)")
  }

  @Test(arguments: Repository.modules.sorted())
  func `a module is in the manifest and has tests`(module: String) throws {
    #expect(Repository.manifest.contains("\"\(module)\""))
    #expect(Repository.manifest.contains("\"\(module)Tests\""))
    let tests = Repository.files.filter { $0.hasPrefix("Tests/\(module)Tests/") }
    #expect(!tests.isEmpty)
  }

  /// The compiler lets an undeclared import pass when the module happens to be built already.
  // A package of its own, as an embedder would write it, declares its own.
  @Test(
    arguments: Repository.sources.filter {
      $0.hasSuffix(".swift") && $0.contains("/") && !$0.contains("/Template/")
    })
  func `an import is a declared dependency`(file: String) throws {
    let target = try #require(Repository.module(of: file))
    let declared = try #require(Repository.dependencies[target], "no target \(target)")
    let ours = try Repository.imports(of: file).intersection(Repository.dependencies.keys)
    #expect(ours.subtracting(declared) == [], "\(file)")
  }

  @Test func `the manifest is understood`() {
    #expect(Repository.dependencies["LoomCore"] == ["CLoomCore", "CLAPACKE"])
    #expect(Repository.dependencies["LoomCoreTests"]?.contains("LoomCore") == true)
    #expect(Repository.dependencies["bench"]?.contains("Tickloom") == true)
    #expect(Repository.modules.subtracting(Repository.dependencies.keys) == [])
  }

  @Test func `the manifest keeps other packages able to depend on this one`() {
    #expect(!Repository.manifest.contains("unsafe" + "Flags"))
    #expect(!Repository.manifest.contains(".package("))
  }

  @Test func `imports are found behind access levels and attributes`() throws {
    let imported = try Repository.imports(of: "Sources/LoomCore/Ring.swift")
    #expect(imported == ["CLoomCore"])
  }
}
