// Before the first paint: the theme this browser chose, so that a dark page never flashes white.
// The design system's script takes over from there, under the same storage key.
let chosen = "system";
try {
  chosen = localStorage.getItem("scheme") || chosen;
  document.documentElement.dataset.shortcuts = localStorage.getItem("shortcuts") || "on";
} catch {
  // Storage refused: follow the device.
}
const dark = chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
document.documentElement.setAttribute("data-fr-theme", dark ? "dark" : "light");

// Paper is white: a dark page is printed light, and is dark again afterwards.
let onScreen = null;
addEventListener("beforeprint", () => {
  onScreen = document.documentElement.getAttribute("data-fr-theme");
  document.documentElement.setAttribute("data-fr-theme", "light");
});
addEventListener("afterprint", () => {
  if (onScreen) document.documentElement.setAttribute("data-fr-theme", onScreen);
});

// What htmx reads when it starts, kept out of every page.
{
  const config = document.createElement("meta");
  config.name = "htmx-config";
  config.content = JSON.stringify({
    mode: "same-origin",
    history: true,
    defaultSettleDelay: 0,
    includeIndicatorCSS: false,
    noSwap: [204, 304, 400, 401, 403, 404, 405, 413, 415, 429, "5xx"],
  });
  document.head.append(config);
}
