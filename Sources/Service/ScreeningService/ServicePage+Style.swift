extension ServicePage {
  /// Colours have a contrast of at least 4.5:1 on their ground, dark or light.
  static let style = """
    :root { color-scheme: light dark; --good: #146c2e; --bad: #a3171b; --line: #767676; }
    @media (prefers-color-scheme: dark) { :root { --good: #7ed491; --bad: #ff9a94; } }
    body { font-family: system-ui, sans-serif; line-height: 1.45; margin: 0; }
    main { max-width: 64rem; margin: 1.5rem auto; padding: 0 1rem; }
    [hidden] { display: none !important; }
    .pair, .views, .stages { display: flex; flex-wrap: wrap; gap: 1rem; }
    .drop { flex: 1 1 20rem; border: 2px dashed var(--line); border-radius: .5rem; padding: 1rem; }
    .drop.over { border-style: solid; }
    .drop label { display: block; margin-bottom: .5rem; }
    .stages { margin-top: .7rem; }
    .stage { position: relative; flex: 1 1 9rem; max-width: 28rem; }
    .stage img, video { display: block; width: 100%; height: auto; }
    .marks { position: absolute; inset: 0; width: 100%; height: 100%; }
    .marks rect { fill: none; stroke: #19d45b; }
    .marks circle { fill: #19d45b; stroke: #000; stroke-width: .2; }
    .marks text { fill: #fff; stroke: #000; stroke-width: .25em; paint-order: stroke; font-weight: 600; }
    .views img { width: 256px; max-width: 48%; height: auto; }
    figure { margin: 0; flex: 1 1 26rem; }
    details { margin-top: 1rem; } details label { display: block; margin: .4rem 0; }
    button { font: inherit; padding: .5rem 1.4rem; margin-top: 1rem; }
    button.small { padding: .2rem .8rem; margin: .5rem 0 0; }
    :focus-visible { outline: 3px solid #1a73e8; outline-offset: 2px; }
    #result { border-top: 1px solid var(--line); margin-top: 1.5rem; }
    .accept { color: var(--good); } .deny, .poor, #trouble { color: var(--bad); }
    .poor { font-weight: 700; } #trouble { margin: .7rem 0 0; }
    #scale { width: 100%; max-width: 44rem; font-size: 12px; }
    #scale text { fill: currentColor; } .all { fill: #b0b0b0; } #match-range { fill: var(--good); }
    #threshold-mark { stroke: currentColor; stroke-width: 2; }
    #distance-mark { fill: currentColor; stroke: Canvas; stroke-width: 2; }
    table { border-collapse: collapse; } td, th { border: 1px solid var(--line); padding: .25rem .7rem; }
    td { text-align: right; font-variant-numeric: tabular-nums; } th { text-align: left; }
    .note { font-size: .9rem; }
    """
}
