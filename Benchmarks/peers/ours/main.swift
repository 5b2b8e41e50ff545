import Glibc
import LoomCore
import LoomFeatures

// One side of a comparison: `peers TASK FOLDER` reads its input from FOLDER, then does what it is
// told on standard input: `answer FILE` writes what came out as raw doubles, `time` does the work
// once and says how long it took. The other sides speak the same few lines, so that perf/peers can
// let all of them take turns.

let jobs: [String: (String) throws -> Job] = [
  "bars": barsJob,
  "batch": { try batchJob($0, workers: 1, window: 256) },
  "batch-2": { try batchJob($0, workers: 2, window: 256) },
  "correlation": versionJob,
  "csv": csvJob,
  "features": { try featuresJob($0) { .standard() } },
  "indicators": { try featuresJob($0, indicatorSet) },
  "quotes": quotesJob,
  "ring-1": { try ringJob($0, pushing: 1, popping: 1) },
  "ring-1-to-64": { try ringJob($0, pushing: 1, popping: 64) },
  "ring-64": { try ringJob($0, pushing: 64, popping: 64) },
  "store": storeJob,
  "stream": { try streamJob($0, stores: false) },
  "stream-store": { try streamJob($0, stores: true) },
]

/// Says one line to perf/peers at once.
func say(_ line: String) {
  print(line)
  fflush(nil)
}

func serve(_ job: Job) throws {
  while let line = readLine() {
    let words = line.split(separator: " ", maxSplits: 1)
    switch words.first {
    case "time":
      let timing = try job.time()
      say(#"{"nanoseconds": \#(timing.nanoseconds), "operations": \#(timing.operations)}"#)
    case "answer" where words.count == 2:
      let answer = try job.answer()
      try write(answer, to: String(words[1]))
      say(#"{"values": \#(answer.count)}"#)
    default:
      say(#"{"error": "what is '\#(line)'?"}"#)
    }
  }
}

BLAS.useOneThread()
let arguments = CommandLine.arguments
guard arguments.count == 3, let make = jobs[arguments[1]] else {
  say(#"{"error": "usage: peers TASK FOLDER; tasks: \#(jobs.keys.sorted())"}"#)
  exit(2)
}
do {
  let job = try make(arguments[2])
  say(#"{"ready": true}"#)
  try serve(job)
} catch {
  say(#"{"error": "\#(error)"}"#)
  exit(1)
}
