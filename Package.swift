// swift-tools-version: 6.3
import PackageDescription

let cSettings: [CSetting] = [
  .enableWarning("all"), .enableWarning("extra"), .enableWarning("conversion"),
  .enableWarning("shadow"), .treatAllWarnings(as: .error),
]

let swiftSettings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]

/// A C library of the system, found through pkg-config and installed by `package`.
func library(_ name: String, _ pkgConfig: String, package: String) -> Target {
  .systemLibrary(
    name: name, path: "CSources/\(name)", pkgConfig: pkgConfig, providers: [.apt([package])])
}

func module(_ name: String, _ dependencies: Target.Dependency...) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

func tests(_ name: String, _ dependencies: Target.Dependency...) -> Target {
  .testTarget(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

let package = Package(
  name: "tickloom",
  products: [
    .library(name: "Tickloom", targets: ["Tickloom"]),
    .executable(name: "tickloom", targets: ["TickloomCLI"]),
  ],
  targets: [
    // Each library is the field's standard answer, in Debian stable and maintained:
    // matrices, eigenvalues, storage, the two codecs market data comes in, and the hash of a version.
    library("COpenBLAS", "openblas", package: "libopenblas-dev"),
    library("CLAPACKE", "lapacke", package: "liblapacke-dev"),
    library("CSQLite", "sqlite3", package: "libsqlite3-dev"),
    library("CZstd", "libzstd", package: "libzstd-dev"),
    library("CZlib", "zlib", package: "zlib1g-dev"),
    library("CXXHash", "libxxhash", package: "libxxhash-dev"),
    // getopt_long is in libc, but not in Swift's module of it.
    .systemLibrary(name: "CGetopt", path: "CSources/CGetopt"),
    // So is mallinfo2.
    .systemLibrary(name: "CMalloc", path: "CSources/CMalloc"),

    .target(
      name: "CLoomCore", dependencies: ["COpenBLAS"], path: "CSources/CLoomCore",
      cSettings: cSettings, linkerSettings: [.linkedLibrary("m")]),
    // The journal's blocks: ticks by columns, compressed; and the table of SQL that shows them. The
    // same files are SQLite's extension, see the Makefile; here SQLite is part of the program.
    .target(
      name: "CLoomJournal", dependencies: ["CSQLite", "CZstd", "CXXHash"],
      path: "CSources/CLoomJournal", cSettings: cSettings + [.define("SQLITE_CORE")]),
    // std::from_chars and std::to_chars behind two C functions: correctly rounded, shortest, fast.
    .target(name: "CCharConv", path: "CSources/CCharConv"),

    module("LoomSystem", "CZstd", "CZlib", "CXXHash", "CGetopt", "CMalloc", "CCharConv"),
    module("LoomCore", "CLoomCore", "CLAPACKE"),
    module("LoomNormalization", "LoomCore"),
    module("LoomFeatures", "LoomCore"),
    module("LoomPublishing", "LoomCore", "LoomSystem"),
    module("LoomJournal", "LoomCore", "LoomSystem", "CSQLite", "CLoomJournal"),
    module("LoomImport", "LoomCore", "LoomSystem"),
    module(
      "Tickloom", "LoomSystem", "LoomCore", "LoomNormalization", "LoomFeatures",
      "LoomPublishing", "LoomJournal", "LoomImport"),
    .executableTarget(
      name: "TickloomCLI", dependencies: ["Tickloom", "LoomSystem"], swiftSettings: swiftSettings),

    // To start from: each imports nothing of ours but what another package could.
    .executableTarget(
      name: "TwoFeeds", dependencies: ["Tickloom"], path: "Sources/Examples/TwoFeeds",
      swiftSettings: swiftSettings),
    .executableTarget(
      name: "StrategyLoop", dependencies: ["Tickloom"], path: "Sources/Examples/StrategyLoop",
      swiftSettings: swiftSettings),

    // Yardsticks in C and C++, boost's ring among them: for the benchmarks alone.
    .target(name: "CYardsticks", dependencies: ["CSQLite"], path: "Benchmarks/CYardsticks"),
    .executableTarget(
      name: "bench",
      dependencies: [
        "Tickloom", "LoomSystem", "LoomCore", "LoomNormalization", "LoomFeatures", "LoomPublishing",
        "LoomJournal", "LoomImport", "CYardsticks", "COpenBLAS",
      ],
      path: "Benchmarks/bench", swiftSettings: swiftSettings),
    // Our side of perf/peers.
    .executableTarget(
      name: "peers",
      dependencies: [
        "Tickloom", "LoomSystem", "LoomCore", "LoomNormalization", "LoomFeatures", "LoomPublishing",
        "LoomJournal", "LoomImport",
      ],
      path: "Benchmarks/peers/ours", swiftSettings: swiftSettings),

    .testTarget(name: "CLoomCoreTests", dependencies: ["CLoomCore"]),
    .testTarget(name: "CLoomJournalTests", dependencies: ["CLoomJournal", "CZstd", "LoomCore"]),
    tests("LoomSystemTests", "LoomSystem"),
    tests("LoomCoreTests", "LoomCore"),
    tests("LoomNormalizationTests", "LoomNormalization", "LoomCore"),
    tests("LoomFeaturesTests", "LoomFeatures", "LoomCore"),
    tests("LoomPublishingTests", "LoomPublishing", "LoomCore", "LoomSystem"),
    // A disk under SQLite whose power can be cut.
    .target(
      name: "CFaultyDisk", dependencies: ["CSQLite"], path: "Tests/CFaultyDisk",
      cSettings: cSettings),
    // A journal to be killed.
    .executableTarget(
      name: "JournalVictim", dependencies: ["LoomJournal", "LoomCore"], path: "Tests/JournalVictim",
      swiftSettings: swiftSettings),
    tests(
      "LoomJournalTests", "LoomJournal", "LoomCore", "LoomSystem", "CFaultyDisk", "JournalVictim"),
    tests("LoomImportTests", "LoomImport", "LoomCore", "LoomSystem"),
    tests("TickloomTests", "Tickloom", "LoomJournal", "LoomSystem"),
    tests("TickloomCLITests", "TickloomCLI", "Tickloom", "LoomSystem"),
    tests("ExampleTests", "TwoFeeds", "StrategyLoop"),
    tests("RepositoryTests"),
    // The probe is compiled by the tests, as another program.
    .testTarget(
      name: "GateTests", dependencies: [], exclude: ["Probe"], swiftSettings: swiftSettings),
    // Its template is a package of its own, which a test builds against a clone of this one.
    .testTarget(
      name: "EmbeddingTests", dependencies: [], exclude: ["Template"], swiftSettings: swiftSettings),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c17,
  cxxLanguageStandard: .cxx17
)
