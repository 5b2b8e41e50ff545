import Tickloom

/// Sends bars through a pipeline whose features are the standard ones and ``Body``.
func stream() throws {
  let configuration = try PipelineConfiguration()
  var pipeline = try Pipeline(configuration: configuration) {
    FeatureSet.standard().appending(Body())
  }
  print("names", pipeline.featureNames.count, pipeline.featureNames.suffix(2))
  var output = PipelineHandlers(
    onFeatures: { print("row", $0.count, $0.values[27], $0.values[28]) })
  try pipeline.process(candles, into: &output)
  try pipeline.finish(into: &output)
}

/// The same as a batch.
func batch() throws {
  let batch = Batch(configuration: try PipelineConfiguration()) {
    FeatureSet.standard().appending(Body())
  }
  let result = try batch.process([
    BatchInput(name: "A", ticks: candles), BatchInput(name: "B", ticks: candles),
    BatchInput(name: "C", ticks: []),
  ])
  for symbol in result.symbols {
    switch symbol {
    case .success(let good): print("batch", good.name, good.features.column(28))
    case .failure(let error): print("batch", error)
    }
  }
  print("batch versions", result.versions.count)
}

/// Four input bars: white, white, black, white.
private let candles = [(1.0, 1.5), (2.0, 2.5), (4.0, 3.0), (8.0, 10.0)].enumerated().map {
  place, prices in
  Tick(
    barStart: Timestamp(nanoseconds: Int64(place) * 1_000_000_000), symbol: SymbolID(rawValue: 0),
    open: prices.0, high: max(prices.0, prices.1), low: min(prices.0, prices.1), close: prices.1)
}
