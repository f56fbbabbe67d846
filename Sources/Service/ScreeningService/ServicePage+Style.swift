extension ServicePage {
  /// Colours have a contrast of at least 4.5:1 on their ground, dark or light.
  static let style = """
    :root { color-scheme: light dark; --good: #146c2e; --bad: #a3171b; --line: #767676; }
    @media (prefers-color-scheme: dark) { :root { --good: #7ed491; --bad: #ff9a94; } }
    body { font-family: system-ui, sans-serif; line-height: 1.45; margin: 0; }
    main { max-width: 56rem; margin: 1.5rem auto; padding: 0 1rem; }
    .pair, .views { display: flex; flex-wrap: wrap; gap: 1rem; }
    .drop { flex: 1 1 16rem; border: 2px dashed var(--line); border-radius: .5rem; padding: 1rem; }
    .drop.over { border-style: solid; }
    .drop label { display: block; margin-bottom: .5rem; }
    .drop img { display: block; margin-top: .7rem; }
    img { width: 128px; height: 128px; object-fit: contain; }
    figure { margin: 0; }
    details { margin-top: 1rem; } details label { display: block; margin: .4rem 0; }
    button { font: inherit; padding: .5rem 1.4rem; margin-top: 1rem; }
    :focus-visible { outline: 3px solid #1a73e8; outline-offset: 2px; }
    #result { border-top: 1px solid var(--line); margin-top: 1.5rem; }
    .accept { color: var(--good); } .deny { color: var(--bad); }
    #scale { width: 100%; max-width: 44rem; font-size: 12px; }
    #scale text { fill: currentColor; } .all { fill: #b0b0b0; } #match-range { fill: var(--good); }
    #threshold-mark { stroke: currentColor; stroke-width: 2; }
    #distance-mark { fill: currentColor; stroke: Canvas; stroke-width: 2; }
    table { border-collapse: collapse; } td, th { border: 1px solid var(--line); padding: .25rem .7rem; }
    td { text-align: right; font-variant-numeric: tabular-nums; } th { text-align: left; }
    .note { font-size: .9rem; }
    """
}
