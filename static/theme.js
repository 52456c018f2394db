// Before the first paint: the theme this browser chose, so that a dark page never flashes white.
// The design system's script takes over from there, under the same storage key.
let chosen = "system";
try {
  chosen = localStorage.getItem("scheme") || chosen;
} catch {
  // Storage refused: follow the device.
}
const dark = chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
document.documentElement.setAttribute("data-fr-theme", dark ? "dark" : "light");
