internal import CZstd

/// Bytes packed into one zstd frame, with a checksum, and back.
public enum ZstdFrame {
  /// Packs bytes.
  ///
  /// - Complexity: O(bytes), about half a gigabyte a second.
  public static func pack(_ bytes: borrowing [UInt8]) -> [UInt8] {
    guard let context = unsafe ZSTD_createCCtx() else { preconditionFailure("zstd: no memory") }
    defer { unsafe ZSTD_freeCCtx(context) }
    unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, 1)
    unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
    let bound = ZSTD_compressBound(bytes.count)
    return unsafe [UInt8](unsafeUninitializedCapacity: bound) { room, count in
      let size = unsafe bytes.withUnsafeBytes {
        unsafe ZSTD_compress2(context, room.baseAddress, room.count, $0.baseAddress, $0.count)
      }
      precondition(ZSTD_isError(size) == 0, "zstd: a frame of \(bytes.count) bytes has no room")
      count = size
    }
  }

  /// Unpacks what ``pack(_:)`` has made; nil for anything else, and beyond `maximum` bytes.
  public static func unpack(_ frame: borrowing [UInt8], maximum: Int) -> [UInt8]? {
    let size = unsafe frame.withUnsafeBytes {
      unsafe ZSTD_getFrameContentSize($0.baseAddress, $0.count)
    }
    // Two of the largest numbers tell that it is not known, or no frame.
    guard size <= UInt64(max(0, maximum)) else { return nil }
    var isWhole = false
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: Int(size)) { room, count in
      let unpacked = unsafe frame.withUnsafeBytes {
        unsafe ZSTD_decompress(room.baseAddress, room.count, $0.baseAddress, $0.count)
      }
      isWhole = ZSTD_isError(unpacked) == 0 && unpacked == Int(size)
      count = isWhole ? unpacked : 0
    }
    return isWhole ? bytes : nil
  }
}
