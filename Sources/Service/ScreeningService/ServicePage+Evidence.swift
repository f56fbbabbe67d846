extension ServicePage {
  /// Shows what a verdict rests on: faces and qualities in the pictures, distance, score and parts.
  static let evidence = #"""
    function row(name, numbers, digits) {
      const line = make("tr", {}, make("th", {scope: "row"}, name));
      for (const number of numbers) {
        const cell = make("td", {}, number === undefined ? "–" : number.toFixed(digits));
        if (digits === 0 && number < 50) cell.className = "poor";
        line.append(cell);
      }
      return line;
    }
    function mark(side, found) {
      const image = $(side + "-preview");
      // A browser that turned the picture otherwise than the service would show the face elsewhere.
      if (!image || !found.box || image.naturalWidth !== found.width
        || image.naturalHeight !== found.height) return;
      const {x, y, width, height} = found.box, unit = Math.max(found.width, found.height) / 100;
      const svg = make("svg", {class: "marks", viewBox: `0 0 ${found.width} ${found.height}`,
        role: "img", "aria-label": "the face that was found in the " + side});
      svg.append(make("rect", {x, y, width, height, "stroke-width": unit}));
      for (const point of Object.values(found.landmarks || {}))
        svg.append(make("circle", {cx: point.x, cy: point.y, r: unit}));
      if (found.quality) {
        const words = "quality " + found.quality.score.toFixed(0);
        svg.append(make("text", {x, y: Math.max(y - 2 * unit, 6 * unit), "font-size": 6 * unit}, words));
      }
      image.parentElement.append(svg);
    }
    function showQualities(verdict) {
      const qualities = sides.map(side => (verdict[side] || {}).quality);
      if (!qualities.some(Boolean)) return;
      const value = part => qualities.map(quality => quality && quality.parts[part]);
      const parts = [...new Set(qualities.flatMap(quality => quality ? Object.keys(quality.parts) : []))];
      $("quality").replaceChildren(
        row("the least", qualities.map(quality => quality && quality.score), 0),
        ...parts.sort().map(part => row(part, value(part), 0)));
      $("measured").hidden = false;
    }
    function show(verdict) {
      say(verdict.decision, verdict.reason);
      for (const side of sides) if (verdict[side]) mark(side, verdict[side]);
      showQualities(verdict);
      const found = verdict.verification;
      if (!found || verdict.score === undefined) return;
      $("evidence").hidden = false;
      const rate = found.fmr === undefined ? "" : ", false match rate " + found.fmr;
      $("distance-words").textContent = "distance² " + found.distance.toFixed(3) + " of 0 to 4; below "
        + found.threshold.toFixed(3) + rate + " is a match: "
        + (found.match ? "the same person" : "not the same person");
      const place = d => 20 + 100 * Math.min(4, Math.max(0, d));
      $("match-range").setAttribute("width", place(found.threshold) - 20);
      $("threshold-mark").setAttribute("d", "M" + place(found.threshold) + " 14V32");
      $("threshold-text").setAttribute("x", place(found.threshold));
      $("threshold-text").textContent = "threshold " + found.threshold.toFixed(3);
      $("distance-mark").setAttribute("cx", place(found.distance));
      $("score-words").textContent = "probability " + verdict.score.toFixed(3) + "; above "
        + verdict.threshold.toFixed(3) + " counts as tampered with: "
        + verdict.verdict.replace("_", " ");
      const scores = verdict.subscores || {};
      $("parts").replaceChildren(...Object.keys(scores).filter(name => name.startsWith("probe_"))
        .map(name => name.slice(6))
        .map(part => row(part, sides.map(side => scores[side + "_" + part]), 3)));
    }
    """#
}
