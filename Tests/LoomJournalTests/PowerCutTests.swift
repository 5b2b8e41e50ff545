import Foundation
import LoomCore
import Testing

@testable import LoomJournal

/// What is said to be kept outlives what its level names, wherever the cut comes.
///
/// `make stress` has hundreds of cuts made.
struct PowerCutTests {
  static let cuts =
    ProcessInfo.processInfo.environment["LOOM_STRESS_CUTS"].flatMap(Int.init) ?? 60

  /// Short ones, most of which is the beginning and the end, and long ones with checkpoints.
  private static func findings(
    _ durability: Durability, _ kind: FaultyDisk.Kind, isWeak: Bool = false
  ) throws -> PowerCut.Findings {
    var all = PowerCut.Findings()
    var seed: UInt64 = 1
    while all.cuts < cuts {
      let isLong = seed % 4 == 0
      let power = PowerCut(
        seed: seed, commits: isLong ? 140 : 6, durability: durability, kind: kind, isWeak: isWeak)
      let found = try power.run(oneIn: isLong ? 80 : 12)
      all.cuts += found.cuts
      all.cutsWithInputs += found.cutsWithInputs
      all.lost += found.lost
      all.wrong += found.wrong
      seed += 1
    }
    return all
  }

  @Test func `what is on the disk outlives the power`() throws {
    let found = try Self.findings(.disk, .cut)
    #expect(found.lost == [])
    #expect(found.wrong == [])
    #expect(found.cutsWithInputs > Self.cuts / 3)
  }

  /// The harness is worth something only if it finds this.
  @Test func `a disk that is not waited for is found out`() throws {
    let found = try Self.findings(.disk, .cut, isWeak: true)
    #expect(found.lost.count > Self.cuts / 10)
    #expect(found.wrong == [])
  }

  @Test(arguments: [Durability.os, .disk])
  func `what the system has outlives the process`(durability: Durability) throws {
    let found = try Self.findings(durability, .killed)
    #expect(found.lost == [])
    #expect(found.wrong == [])
    #expect(found.cutsWithInputs > Self.cuts / 3)
  }

  /// Nothing was promised, but what is left is whole.
  @Test func `what the system has is whole after a cut`() throws {
    let found = try Self.findings(.os, .cut)
    #expect(found.lost == [])
    #expect(found.wrong == [])
  }
}
