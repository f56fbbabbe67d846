extension ServicePage {
  /// Everything that comes from the service is set as text, never as markup.
  static let script = #"""
    "use strict";
    const $ = id => document.getElementById(id);
    const sides = ["probe", "reference"];
    const files = {};
    let round = 0;
    function choose(side, file) {
      if (!file) return;
      files[side] = file;
      const image = $(side + "-preview");
      URL.revokeObjectURL(image.src);
      image.src = URL.createObjectURL(file);
      image.alt = "chosen " + side + ": " + file.name;
      image.hidden = false;
      $("judge").disabled = !sides.every(name => files[name]);
    }
    for (const side of sides) {
      $(side).addEventListener("change", event => choose(side, event.target.files[0]));
      const drop = $(side + "-drop");
      drop.addEventListener("dragover", event => { event.preventDefault(); drop.classList.add("over"); });
      drop.addEventListener("dragleave", () => drop.classList.remove("over"));
      drop.addEventListener("drop", event => {
        event.preventDefault();
        drop.classList.remove("over");
        const file = event.dataTransfer.files[0];
        if (!file) return;
        $(side).files = event.dataTransfer.files;
        choose(side, file);
      });
    }
    async function ask(path, parts) {
      const form = new FormData();
      for (const [name, file] of Object.entries(parts)) form.append(name, file);
      const key = $("key").value;
      const answer = await fetch(path, {
        method: "POST", body: form, headers: key ? {Authorization: "Bearer " + key} : {}});
      if (answer.ok) return answer;
      const problem = await answer.json().catch(() => ({}));
      if (answer.status === 401) { $("access").open = true; $("key").focus(); }
      throw new Error(problem.detail || "the service answered with status " + answer.status);
    }
    function say(decision, reason) {
      $("decision").textContent = decision.toUpperCase();
      $("decision").className = decision;
      $("reason").textContent = reason;
    }
    function show(verdict) {
      say(verdict.decision, verdict.reason);
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
      const rows = [];
      for (const [name, value] of Object.entries(verdict.subscores || {})) {
        if (!name.startsWith("probe_")) continue;
        const part = name.slice(6), row = document.createElement("tr");
        const head = document.createElement("th");
        head.scope = "row";
        head.textContent = part;
        row.append(head);
        for (const number of [value, verdict.subscores["reference_" + part]]) {
          const cell = document.createElement("td");
          cell.textContent = number === undefined ? "–" : number.toFixed(3);
          row.append(cell);
        }
        rows.push(row);
      }
      $("parts").replaceChildren(...rows);
    }
    async function showView(side, view, own) {
      const answer = await ask("/v1/reconstruct?view=" + view, {picture: files[side]});
      const picture = await answer.blob();
      if (own !== round) return;
      const image = $(side + "-" + view);
      URL.revokeObjectURL(image.src);
      image.src = URL.createObjectURL(picture);
    }
    $("form").addEventListener("submit", async event => {
      event.preventDefault();
      const own = ++round;
      $("result").hidden = false;
      $("result").setAttribute("aria-busy", "true");
      $("evidence").hidden = true;
      say("", "judging …");
      try {
        const verdict = await (await ask("/v1/verify", files)).json();
        if (own !== round) return;
        show(verdict);
        for (const side of sides) for (const view of ["reconstruction", "disagreement"])
          await showView(side, view, own);
      } catch (error) {
        if (own === round) say("deny", "no verdict: " + error.message);
      }
      if (own !== round) return;
      $("result").setAttribute("aria-busy", "false");
      $("result").focus();
    });
    """#
}
