import Foundation
import LoomCore
import LoomImport
import Testing

/// Real files, where they are there.
private enum Shared {
  /// `TICKLOOM_SHARED`, or the folder `shared` beside the repository.
  static var data: String {
    let given = ProcessInfo.processInfo.environment["TICKLOOM_SHARED"]
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    return (given ?? root.path + "/shared") + "/data"
  }

  static var exists: Bool { FileManager.default.fileExists(atPath: data + "/README.md") }

  static func files(in folder: String) -> [String] {
    let names = try? FileManager.default.contentsOfDirectory(atPath: data + "/" + folder)
    return (names ?? []).sorted().map { data + "/" + folder + "/" + $0 }
  }
}

@Suite(.enabled(if: Shared.exists))
struct SharedDataTests {
  /// What a run does with one file.
  private static func outcome(
    _ path: String, _ configuration: ImportConfiguration = ImportConfiguration()
  ) -> Result<Reading, ImportError> {
    do { return .success(try Reading([path], configuration)) } catch {
      guard let error = error as? ImportError else {
        return .failure(ImportError(.bytes, "\(error)"))
      }
      return .failure(error)
    }
  }

  /// The encodings of one data set that are text.
  private static func variants(_ folder: String) -> [String] {
    Shared.files(in: "E_formats/" + folder).filter { path in
      !["json", "jsonl", "parquet", "xlsx"].contains { path.contains("." + $0) }
    }
  }

  @Test(arguments: ["derived_ohlcv_us5", "derived_ticks_yahoo9"])
  func `all text variants of a data set are the same ticks`(folder: String) throws {
    let bars = folder.contains("ohlcv")
    let map =
      bars ? "time=0,symbol=1,open=2,high=3,low=4,close=5,volume=6" : "time=0,symbol=1,price=2"
    func key(_ reading: Reading) -> [String] {
      reading.rows.map { row in
        let tick = row.tick
        return "\(row.time) \(row.symbol ?? "?") \(tick.bid) \(tick.ask) \(tick.bidSize) "
          + "\(tick.last) \(tick.lastSize) \(row.sequence)"
      }
    }
    let files = Self.variants(folder)
    #expect(files.count == 15)
    let plain = try #require(files.first { $0.hasSuffix(".csv.gz") })
    let expected = key(try Reading([plain]))
    #expect(expected.count == (bars ? 3895 : 4000))
    for file in files {
      var configuration = ImportConfiguration()
      if file.contains(".eu.") { configuration = ImportConfiguration(timeZone: "Europe/Berlin") }
      if file.contains("noheader") {
        configuration = ImportConfiguration(columns: try ColumnMap(map))
      }
      switch Self.outcome(file, configuration) {
      case .success(let reading): #expect(key(reading) == expected, "\(file)")
      case .failure(let error):
        // 03/09/2018 may be March or September, and no row settles it.
        #expect(file.contains("ny_local"), "\(error)")
        #expect(error.description.contains("no option helps"))
      }
    }
  }

  @Test func `files of other formats are refused by name`() {
    let files = [
      "bitfinex_ltcusd_2013", "freqtrade_natural", "json_bars", "xlsx_natural",
      "derived_ohlcv_us5", "derived_ticks_yahoo9",
    ].flatMap { Shared.files(in: "E_formats/" + $0) }
    let formats = [
      "json": "JSON", "jsonl": "JSON", "parquet": "Parquet", "xlsx": "Excel", "feather": "Feather",
      "h5": "HDF5",
    ]
    for file in files {
      let name = file.split(separator: "/").last ?? ""
      let kind = name.split(separator: ".").map(String.init).last { formats[$0] != nil }
      guard let kind, let expected = formats[kind] else { continue }
      guard case .failure(let error) = Self.outcome(file) else {
        Issue.record("\(file) was read")
        continue
      }
      #expect(error.kind == .unreadable)
      #expect(error.description.contains(expected), "\(error)")
      #expect(error.description.contains(file), "\(error)")
    }
  }

  @Test func `every dirty file is read whole or refused in words`() throws {
    let folders = try FileManager.default.contentsOfDirectory(atPath: Shared.data + "/D_dirty")
    for file in folders.sorted().flatMap({ Shared.files(in: "D_dirty/" + $0) }) {
      switch Self.outcome(file) {
      case .success(let reading):
        #expect(!reading.rows.isEmpty, "\(file)")
        let refused = reading.rows.count { $0.refusal != nil }
        let isGrouped = file.contains("Investing")
        #expect(refused == (isGrouped ? 1101 : file.contains("mixed_first_row") ? 1 : 0), "\(file)")
        #expect(reading.sources[0].notes.isEmpty != isGrouped, "\(file)")
      case .failure(let error):
        #expect(error.kind == .unreadable)
        #expect(error.description.hasPrefix(file))
        #expect(error.description.contains("--") || error.description.contains("no option helps"))
        guard error.description.contains("--time-zone") else { continue }
        // The option it names helps.
        let reading = try Reading([file], ImportConfiguration(timeZone: "UTC"))
        #expect(reading.rows.count { $0.refusal != nil } == 0, "\(file)")
      }
    }
  }

  @Test(
    arguments: [
      ("ticks/us_trades_20131007", 404_029, 5, false),
      ("ticks/fx_quotes_201405", 490_343, 4, false),
      ("C_daily/cn_2019_2023", 51_927, 60, true),
    ])
  func `folders of real files are whole and in order`(
    folder: String, rows: Int, symbols: Int, newestFirst: Bool
  ) throws {
    let reader = try TickReader(inputs: [.path(Shared.data + "/" + folder)])
    #expect(reader.sources.allSatisfy { $0.isNewestFirst == newestFirst })
    var batch = InputBatch()
    var (count, last, refused) = (0, Timestamp.distantPast, 0)
    while try reader.read(into: &batch) {
      for stamped in batch.ticks {
        if stamped.tick.time < last { refused += 1 }
        last = stamped.tick.time
        count += 1
      }
    }
    #expect(count == rows)
    #expect(reader.symbols.names.count == symbols)
    #expect(refused == 0)
  }
}
