/// What perf/gate compares with its files: tabs between the fields, a line for each name.
struct Gate {
  private let filter: String
  private let seconds: Double

  init(_ options: Options) {
    filter = options.filter
    seconds = options.seconds
  }

  func show(_ kind: Options.Kind) throws {
    switch kind {
    case .counts: showCounts()
    case .ratios: try showRatios()
    case .budgets: try showBudgets()
    }
  }

  private func showCounts() {
    for workload in selected(filter) {
      switch workload.gate {
      case .none: break
      case .counted(let iterations): print("\(workload.name)\t\(iterations)\tcounted")
      case .hot(let iterations): print("\(workload.name)\t\(iterations)\thot")
      }
    }
  }

  /// The processor first: ratios of another one mean little.
  private func showRatios() throws {
    print("# \(Machine.current().processor)")
    var session = Session(workloads: workloads, seconds: seconds)
    for workload in selected(filter) where workload.threads == 1 && workload.isBrief {
      if let ratio = try session.measure(workload).ratio { print("\(workload.name)\t\(ratio)") }
    }
  }

  private func showBudgets() throws {
    let (budgets, missing) = try Budget.measure(filter)
    if let missing { throw WorkloadError(missing) }
    for budget in budgets { print("\(budget.name)\t\(budget.unit)\t\(budget.value)") }
  }
}
