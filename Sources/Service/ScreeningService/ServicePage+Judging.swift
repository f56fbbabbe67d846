extension ServicePage {
  /// Asks the service, and says what it decided.
  static let judging = #"""
    async function ask(path, parts) {
      const form = new FormData();
      for (const [name, value] of Object.entries(parts)) form.append(name, value);
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
    async function template() {
      const parts = {name: $("name").value};
      chosen.reference.forEach((file, index) => { parts["picture_" + (index + 1)] = file; });
      return (await ask("/v1/templates", parts)).blob();
    }
    async function claim() {
      const files = chosen.reference;
      if (!isPicture(files[0])) return {template: files[0]};
      return files.length === 1 ? {reference: files[0]} : {template: await template()};
    }
    async function showView(side, view, own) {
      const answer = await ask("/v1/reconstruct?view=" + view, {picture: chosen[side][0]});
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
      $("evidence").hidden = $("measured").hidden = true;
      for (const mark of document.querySelectorAll(".marks")) mark.remove();
      say("", "judging …");
      try {
        const parts = await claim();
        const verdict = await (await ask("/v1/verify", {probe: chosen.probe[0], ...parts})).json();
        if (own !== round) return;
        show(verdict);
        $("reference-views").hidden = !parts.reference;
        if (!$("evidence").hidden) {
          for (const side of parts.reference ? sides : ["probe"])
            for (const view of ["reconstruction", "disagreement"]) await showView(side, view, own);
        }
      } catch (error) {
        if (own === round) say("deny", "no verdict: " + error.message);
      }
      if (own !== round) return;
      $("result").setAttribute("aria-busy", "false");
      $("result").focus();
    });
    $("enrol").addEventListener("click", async () => {
      complain("");
      try {
        const link = make("a", {download: ($("name").value || "reference") + ".template"});
        link.href = URL.createObjectURL(await template());
        link.click();
        setTimeout(() => URL.revokeObjectURL(link.href), 10000);
      } catch (error) {
        complain("No template: " + error.message);
      }
    });

    """#
}
