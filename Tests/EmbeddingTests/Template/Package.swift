// swift-tools-version: 6.3
import PackageDescription

// The test fills in both values.
let package = Package(
  name: "embedder",
  dependencies: [.package(url: "CLONE", revision: "REVISION")],
  targets: [
    .executableTarget(
      name: "embedder", dependencies: [.product(name: "Tickloom", package: "tickloom")])
  ]
)
