/// The pages of a damaged store, of its file and of the log beside it, whatever SQLite says.
struct RawPages {
  /// An image of a page.
  struct Image: Hashable {
    let isInLog: Bool
    /// Where its bytes begin.
    let offset: Int
  }

  private let file: PageFile?
  private let log: PageFile?
  /// Where the log holds a page, the latest image last.
  private var logged: [Int: [Image]] = [:]
  /// All images there are.
  private(set) var images: [Image] = []

  init(path: String) {
    file = PageFile(path: path)
    log = PageFile(path: path + "-wal")
    let size = StoreSchema.pageSize
    let pages = ((file?.size ?? 0) + size - 1) / size
    images = (0..<pages).map { Image(isInLog: false, offset: $0 * size) }
    // 32 bytes of the log, 24 of each of its frames, the page's number first.
    for offset in stride(from: 32, to: log?.size ?? 0, by: size + 24) {
      let image = Image(isInLog: true, offset: offset + 24)
      let number = log?.read(at: offset, count: 4).reduce(0) { $0 << 8 | Int($1) } ?? 0
      logged[number, default: []].append(image)
      images.append(image)
    }
  }

  /// The bytes of a page; what is beyond the end of the file is zeros.
  func bytes(_ image: Image) -> [UInt8] {
    let bytes =
      image.isInLog
      ? log?.read(at: image.offset, count: StoreSchema.pageSize)
      : file?.read(at: image.offset, count: StoreSchema.pageSize)
    return bytes ?? []
  }

  /// The image of a page as of the last commit, or that of the file alone; nil where there is none.
  func image(of number: Int, usesLog: Bool) -> Image? {
    if usesLog, let image = logged[number]?.last { return image }
    let offset = (number - 1) * StoreSchema.pageSize
    return number > 0 && offset < (file?.size ?? 0) ? Image(isInLog: false, offset: offset) : nil
  }
}
