(function () {
  document.querySelectorAll(".pb-steps:not(.pb-moves)").forEach(function (box) {
    var steps = box.querySelectorAll("input[type=radio]"), last = steps.length - 1, timer = 0;
    var calm = window.matchMedia("(prefers-reduced-motion: reduce)");
    var bar = document.createElement("div"), back = button("\u2039", box.dataset.back), play = button("\u25b6", box.dataset.play), next = button("\u203a", box.dataset.next);
    var slide = document.createElement("input"), told = document.createElement("output");
    function button(sign, name) { var b = document.createElement("button"); b.type = "button"; b.textContent = sign; b.setAttribute("aria-label", name); b.title = name; return b; }
    function at() { for (var i = 0; i <= last; i++) { if (steps[i].checked) { return i; } } return 0; }
    function go(i) {
      i = Math.max(0, Math.min(last, i)); steps[i].checked = true; slide.value = i;
      told.textContent = steps[i].nextElementSibling.textContent + " (" + (i + 1) + "/" + (last + 1) + ")"; slide.setAttribute("aria-valuetext", told.textContent);
      back.disabled = i === 0; next.disabled = i === last;
    }
    function stop() { clearInterval(timer); timer = 0; play.textContent = "\u25b6"; play.setAttribute("aria-label", box.dataset.play); play.title = box.dataset.play; }
    function start() {
      if (at() === last) { go(0); }
      play.textContent = "\u275a\u275a"; play.setAttribute("aria-label", box.dataset.stop); play.title = box.dataset.stop;
      timer = setInterval(function () { if (at() === last) { stop(); } else { go(at() + 1); } }, PACE);
    }
    function still() { stop(); play.hidden = calm.matches; }
    slide.type = "range"; slide.min = 0; slide.max = last; slide.step = 1; slide.setAttribute("aria-label", box.dataset.slide);
    slide.addEventListener("input", function () { stop(); go(Number(slide.value)); });
    back.addEventListener("click", function () { stop(); go(at() - 1); });
    next.addEventListener("click", function () { stop(); go(at() + 1); });
    play.addEventListener("click", function () { if (timer) { stop(); } else { start(); } });
    calm.addEventListener("change", still);
    window.addEventListener("beforeprint", stop);
    [back, play, next, slide, told].forEach(function (part) { bar.appendChild(part); });
    bar.className = "pb-bar"; box.insertBefore(bar, box.querySelector("fieldset")); box.classList.add("pb-moves"); still();
    var named = document.getElementById(location.hash.slice(1)), first = Array.prototype.indexOf.call(steps, named);
    go(first < 0 ? at() : first);
  });
})();
