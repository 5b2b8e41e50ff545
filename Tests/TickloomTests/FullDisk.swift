import Foundation

/// A small file system of its own, in memory.
final class FullDisk: Sendable {
  let path = NSTemporaryDirectory() + "tickloom-disk-" + UUID().uuidString

  static let canMount: Bool = {
    guard let disk = try? FullDisk(kilobytes: 64) else { return false }
    return FileManager.default.fileExists(atPath: disk.path)
  }()

  struct Refused: Error {}

  init(kilobytes: Int) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    if unsafe mount("tmpfs", path, "tmpfs", 0, "size=\(kilobytes)k") != 0 { throw Refused() }
  }

  func grow(kilobytes: Int) throws {
    let remount = UInt(MS_REMOUNT)
    if unsafe mount("tmpfs", path, "tmpfs", remount, "size=\(kilobytes)k") != 0 { throw Refused() }
  }

  /// Leaves no room at all.
  func fill() throws {
    _ = FileManager.default.createFile(atPath: path + "/filler", contents: nil)
    let file = try FileHandle(forWritingTo: URL(filePath: path + "/filler"))
    while (try? file.write(contentsOf: Data(count: 4096))) != nil {}
    try file.close()
  }

  deinit {
    _ = unsafe umount2(path, Int32(MNT_DETACH))
    try? FileManager.default.removeItem(atPath: path)
  }
}
