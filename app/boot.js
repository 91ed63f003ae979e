// The page's first code, ahead of the style sheet: has the build this browser can run on its way at once,
// and says in a sentence why MapPoster does not start or has stopped. ES5, as that sentence is for browsers
// that understand no more.
(function () {
  "use strict";

  // Modules of https://github.com/GoogleChromeLabs/wasm-feature-detect: `ref.null` is the newest of what every
  // build needs, the splat of a vector is what the build with SIMD needs.
  var REFERENCE_TYPES = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 7, 1, 5, 0, 208, 112, 26, 11];
  var SIMD = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11];

  function canRun(module) {
    return typeof WebAssembly === "object" && WebAssembly.validate(new Uint8Array(module));
  }

  // In the order of the page: with SIMD, then without, unless only the first was built.
  var builds = document.querySelectorAll('meta[name="mapposter-build"]');
  var chosen = builds[canRun(SIMD) ? 0 : 1];
  if (chosen && canRun(REFERENCE_TYPES)) choose();
  else say("E-APP-BROWSER", "This browser cannot run MapPoster: WebAssembly is switched off in it, or too old. Update the browser, or open this page in another one.", "Try again");

  function choose() {
    // The app takes its workers from the one that is left.
    for (var i = 0; i < builds.length; i++) {
      if (builds[i] !== chosen) builds[i].parentNode.removeChild(builds[i]);
    }
    link({ rel: "modulepreload", href: address("script") });
    link({ rel: "preload", href: address("wasm"), as: "fetch", type: "application/wasm" });
  }

  function address(part) {
    return chosen.getAttribute("content") + chosen.getAttribute("data-" + part);
  }

  function link(attributes) {
    var element = document.createElement("link");
    for (var name in attributes) element.setAttribute(name, attributes[name]);
    element.setAttribute("crossorigin", "anonymous");
    document.head.appendChild(element);
  }

  function say(code, words, action) {
    if (document.readyState === "loading") {
      document.addEventListener("DOMContentLoaded", function () { say(code, words, action); });
      return;
    }
    // The first fault is the cause of those after it.
    if (document.getElementById("app-error")) return;
    var place = document.getElementById("boot");
    if (!place) {
      // The app is there but does nothing any more.
      for (var i = 0; i < document.body.children.length; i++) document.body.children[i].setAttribute("inert", "");
      place = add(document.body, "div", { id: "boot" });
    }
    place.removeAttribute("role");
    place.textContent = "";
    var box = add(place, "div", { id: "app-error", "class": "failure", role: "alert", "data-code": code });
    add(box, "p").textContent = words;
    var row = add(box, "div");
    var again = add(row, "button", { id: "app-retry", type: "button" });
    again.textContent = action;
    again.addEventListener("click", function () { location.reload(); });
    add(row, "code").textContent = code;
    again.focus();
  }

  function add(parent, name, attributes) {
    var element = document.createElement(name);
    for (var attribute in attributes) element.setAttribute(attribute, attributes[attribute]);
    return parent.appendChild(element);
  }

  function isFault(error) {
    return typeof WebAssembly === "object" && error instanceof WebAssembly.RuntimeError;
  }

  window.mapposter = {
    // What start.mjs calls with an error.
    failed: function (error) {
      if (isFault(error)) window.mapposter.stopped("");
      else say("E-APP-LOAD", "MapPoster could not be loaded: a part of it did not arrive whole. Check your connection and try again.", "Try again");
    },
    // What a panic calls with its place in the source.
    stopped: function (place) {
      say("E-APP-STOPPED", "MapPoster has stopped through a fault of its own" + (place && " (" + place + ")") + ". Reload the page to go on.", "Reload");
    },
  };

  // Memory that has run out ends the compiled code without a panic.
  function onError(event) {
    if (isFault(event.error || event.reason)) window.mapposter.stopped("");
  }
  window.addEventListener("error", onError);
  window.addEventListener("unhandledrejection", onError);
})();
