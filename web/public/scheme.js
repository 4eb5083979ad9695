// Runs before the first paint so that a dark page never flashes white. A file of its own, because the
// content security policy allows no inline script. lib/scheme.ts takes over once the application runs.
(function () {
  var wish = null;
  try {
    wish = localStorage.getItem("onefold.scheme");
  } catch (blocked) {
    wish = null;
  }
  var dark = wish === "dark" || (wish !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
})();
