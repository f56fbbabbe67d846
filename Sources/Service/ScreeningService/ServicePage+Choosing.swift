private import UseCases

extension ServicePage {
  /// Chooses pictures and templates, and shows them.
  ///
  /// Everything that comes from the service or from a file is set as text, never as markup.
  static let choosingScript = #"""
    "use strict";
    const $ = id => document.getElementById(id);
    const sides = ["probe", "reference"];
    const chosen = {probe: [], reference: []};
    const mostReferences = \#(FaceTemplate.pictureCounts.upperBound);
    let round = 0;
    function make(name, attributes, ...children) {
      const svg = ["svg", "rect", "circle", "text"].includes(name);
      const element = svg ? document.createElementNS("http://www.w3.org/2000/svg", name)
        : document.createElement(name);
      for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
      element.append(...children);
      return element;
    }
    const isPicture = file => file.type.startsWith("image/");
    function complain(words) { $("trouble").textContent = words; }
    function choose(side, list) {
      const files = [...list];
      if (!files.length) return;
      complain("");
      const pictures = files.filter(isPicture).length;
      if (side === "probe" && (files.length > 1 || !pictures)) {
        return complain("The probe is one picture.");
      }
      if (pictures !== files.length && files.length > 1) {
        return complain("The reference is either pictures or one template.");
      }
      if (files.length > mostReferences) {
        return complain("At most " + mostReferences + " reference pictures go into a template.");
      }
      chosen[side] = files;
      const stages = $(side + "-stages");
      for (const image of stages.querySelectorAll("img")) URL.revokeObjectURL(image.src);
      stages.replaceChildren(...files.map((file, index) => {
        if (!isPicture(file)) return make("p", {}, "template " + file.name);
        const image = make("img", {alt: "chosen " + side + ": " + file.name});
        if (index === 0) image.id = side + "-preview";
        image.src = URL.createObjectURL(file);
        return make("div", {class: "stage"}, image);
      }));
      $("judge").disabled = !sides.every(name => chosen[name].length);
      $("enrol").disabled = !chosen.reference.length || !isPicture(chosen.reference[0]);
    }
    for (const side of sides) {
      $(side).addEventListener("change", event => choose(side, event.target.files));
      const drop = $(side + "-drop");
      drop.addEventListener("dragover", event => { event.preventDefault(); drop.classList.add("over"); });
      drop.addEventListener("dragleave", () => drop.classList.remove("over"));
      drop.addEventListener("drop", event => {
        event.preventDefault();
        drop.classList.remove("over");
        choose(side, event.dataTransfer.files);
      });
    }

    """#
}
