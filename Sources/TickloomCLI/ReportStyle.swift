/// The style sheet of the report: quiet, for light and dark, from 360 pixels on.
enum ReportStyle {
  /// Classes of colours from −1 to +1: steps of 0.05.
  static let colourCount = 41

  /// The class of the colour of ρ, `c0` … `c40`.
  static func colourClass(of correlation: Double) -> String {
    let share = (min(max(correlation, -1), 1) + 1) / 2
    return "c\(Int((share * Double(colourCount - 1)).rounded()))"
  }

  /// The colours of the heat map, for both grounds.
  static func heatMapRules() -> String {
    func rules(_ scale: HeatMapScale) -> String {
      (0..<colourCount).map { step in
        let value = Double(step) / Double(colourCount - 1) * 2 - 1
        return ".c\(step){fill:\(scale.colour(of: value).code)}"
      }.joined()
    }
    return rules(.light) + "\n@media (prefers-color-scheme: dark){" + rules(.dark) + "}"
  }

  /// Everything else.
  static let rules = """
    :root{color-scheme:light dark;--ground:#fcfcfb;--card:#fff;--ink:#1c2024;--soft:#5c6470;
    --faint:#8b939e;--line:#e3e6ea;--grid:#edeff2;--price:#1f5fa8;--volatility:#b4552d;
    --rho:#5b4b9a;--bar:#7ba4cf;--hole:#f2f3f5;--hatch:#c3c8cf;--same:#eceef1;
    --number:#1c2024;--strong:#fff}
    @media (prefers-color-scheme: dark){:root{--ground:#14171b;--card:#1a1e23;--ink:#e6e9ed;
    --soft:#a3abb6;--faint:#78818d;--line:#2c323a;--grid:#252b32;--price:#74b0ee;
    --volatility:#e6956b;--rho:#b3a3f0;--bar:#3f6a98;--hole:#1e2329;--hatch:#444c56;
    --same:#262c34;--number:#e6e9ed;--strong:#14171b}}
    *{box-sizing:border-box}
    body{margin:0;background:var(--ground);color:var(--ink);
    font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;
    font-variant-numeric:tabular-nums;-webkit-text-size-adjust:100%}
    main{max-width:1160px;margin:0 auto;padding:40px 28px 72px}
    .definitions{position:absolute}
    .product{margin:0;color:var(--soft);font-size:13px;letter-spacing:.02em}
    h1{margin:2px 0 6px;font-size:28px;line-height:1.2;font-weight:650;letter-spacing:-.01em}
    h2{margin:0 0 14px;font-size:19px;font-weight:650}
    h3{margin:28px 0 10px;font-size:15px;font-weight:600}
    section{margin-top:52px}
    .note{margin:0 0 18px;color:var(--soft);max-width:76ch}
    h2+.note{margin-top:-10px}
    .small{font-size:13px;margin:12px 0 0;max-width:44ch}
    code{font:13px/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
    .faint,.zero{color:var(--faint)}
    .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(164px,1fr));gap:12px;
    margin-top:24px}
    .tile{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:12px 14px}
    .tile .name{color:var(--soft);font-size:13px}
    .tile .value{font-size:22px;font-weight:600;line-height:1.35}
    .tile .remark{color:var(--soft);font-size:12.5px;line-height:1.4;min-height:1.4em}
    .scroll{overflow-x:auto;max-width:100%}
    .tall{max-height:640px;overflow-y:auto}
    table{border-collapse:collapse;font-size:14px}
    th,td{padding:4px 0 4px 22px;text-align:right;font-weight:400;white-space:nowrap}
    th.text{padding-left:0;text-align:left;max-width:260px;overflow:hidden;text-overflow:ellipsis}
    thead th{color:var(--soft);font-size:13px;vertical-align:bottom;
    box-shadow:inset 0 -1px var(--line)}
    tbody tr+tr>*{border-top:1px solid var(--grid)}
    .tall thead th{position:sticky;top:0;background:var(--ground)}
    .tall th.text{position:sticky;left:0;background:var(--ground)}
    .tall thead th.text{z-index:1}
    tr.total>*{font-weight:600}
    .group{padding-left:40px}
    .columns{display:flex;flex-wrap:wrap;gap:28px 44px;align-items:flex-start}
    .columns table{width:100%}
    .columns table+table{margin-top:24px}
    @media (min-width:1160px){.corner{display:grid}.corner>*{grid-area:1/1}
    .corner>*+*{justify-self:end}}
    .pairs thead th.text{color:var(--ink);font-weight:600;font-size:14px}
    table.bars{width:100%;max-width:680px}
    td.bar{width:45%;padding-left:22px}
    td.bar svg{display:block}
    td.bar rect{fill:var(--bar)}
    dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(200px,1fr));gap:8px 32px;margin:0}
    dl div{display:flex;justify-content:space-between;gap:12px;border-bottom:1px solid var(--grid);
    padding:3px 0}
    dt{color:var(--soft)}
    dd{margin:0;overflow-wrap:anywhere;text-align:right}
    ul{margin:8px 0 0;padding-left:20px;overflow-wrap:anywhere}
    .legend{display:flex;flex-wrap:wrap;align-items:center;gap:8px;margin:0 0 14px;
    color:var(--soft);font-size:13px}
    .legend span.key{display:inline-flex;align-items:center;gap:8px;margin-left:12px}
    .instant{white-space:nowrap}
    svg text{fill:var(--soft);font-family:inherit}
    .map{display:block;overflow:visible}
    .map rect,.legend rect{shape-rendering:crispEdges}
    .map rect:hover{stroke:var(--ink);stroke-width:1.5}
    .map .row{text-anchor:end}
    .map .below,.map .number{text-anchor:middle}
    .map .number{fill:var(--number);font-size:11px;pointer-events:none}
    .map .strong{fill:var(--strong)}
    .hole{fill:url(#hatch)}
    .hatch-ground{fill:var(--hole)}
    .hatch-line{fill:var(--hatch)}
    .same{fill:var(--same)}
    .charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,320px),1fr));
    gap:26px 28px}
    .large{grid-template-columns:repeat(auto-fill,minmax(min(100%,480px),1fr))}
    .large .chart{max-width:540px}
    figure{margin:0;min-width:0}
    figcaption{display:flex;justify-content:space-between;gap:12px;font-size:14px;
    padding-right:14px;margin-bottom:4px}
    figcaption b{font-weight:600;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
    .chart{display:block;width:100%;max-width:440px;height:auto;overflow:visible}
    .chart text{font-size:11px}
    .chart .value{text-anchor:end}
    .chart .time{text-anchor:middle}
    .chart .context{fill:var(--faint)}
    .chart .name{fill:var(--faint)}
    .grid{fill:none;stroke:var(--grid)}
    .chart path.zero{fill:none;stroke:var(--faint)}
    .curve{fill:none;stroke-width:1.4;stroke-linejoin:round;stroke-linecap:round}
    .price{stroke:var(--price)}
    .volatility{stroke:var(--volatility)}
    .rho{stroke:var(--rho)}
    .hint{fill:transparent}
    .hint:hover{fill:var(--ink);fill-opacity:.06}
    @media (max-width:600px){main{padding:24px 16px 48px}h1{font-size:23px}
    section{margin-top:40px}th,td{padding-left:16px}.group{padding-left:28px}
    .tiles{grid-template-columns:repeat(2,1fr);gap:8px}.tile .value{font-size:19px}
    td.bar{width:30%}}
    @media print{.tall{max-height:none;overflow:visible}}
    """
}
