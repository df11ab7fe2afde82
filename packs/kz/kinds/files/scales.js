// A portable custom interaction: choose x by two buttons until both sides are equal.
define(["qtiCustomInteractionContext"], function (context) {
  context.register({
    typeIdentifier: "urn:zerek:scales",
    getInstance: function (dom, configuration) {
      var properties = configuration.properties;
      var factor = Number(properties.factor);
      var added = Number(properties.added);
      var wanted = Number(properties.wanted);
      var bound = configuration.boundTo[configuration.responseIdentifier];
      var chosen = bound && bound.base ? Number(Object.values(bound.base)[0]) : undefined;
      var place = dom.querySelector(".scales") || dom;
      var less = document.createElement("button");
      var more = document.createElement("button");
      var shown = document.createElement("output");
      less.textContent = "−";
      more.textContent = "+";
      less.setAttribute("aria-label", "x − 1");
      more.setAttribute("aria-label", "x + 1");
      [less, more].forEach(function (button) {
        button.type = "button";
        button.style.minWidth = button.style.minHeight = "2.75rem";
      });
      shown.style.margin = "0 1rem";
      shown.setAttribute("aria-live", "polite");
      function show() {
        var x = chosen === undefined ? 0 : chosen;
        var sum = factor * x + added;
        shown.textContent = "x = " + x + ":  " + factor + " · " + x + " + " + added + " = " + sum + (sum === wanted ? "  ✓" : "");
        less.disabled = x <= 0;
        more.disabled = x >= 20;
      }
      function step(by) {
        chosen = (chosen === undefined ? 0 : chosen) + by;
        show();
      }
      less.addEventListener("click", function () { step(-1); });
      more.addEventListener("click", function () { step(1); });
      place.append(less, more, shown);
      show();
      var instance = {
        typeIdentifier: "urn:zerek:scales",
        getResponse: function () {
          return { base: chosen === undefined ? null : { integer: chosen } };
        },
        getState: function () {
          return chosen;
        },
      };
      configuration.onready(instance);
      return instance;
    },
  });
});
