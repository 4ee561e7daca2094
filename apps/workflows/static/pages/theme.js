// Applies the chosen theme before the page is painted, and lets the person choose.
const root = document.documentElement;
const systemIsDark = matchMedia("(prefers-color-scheme: dark)");

function chosen() {
  try { return localStorage.getItem("theme"); } catch { return null; }
}

function isDark() {
  return (chosen() || (systemIsDark.matches ? "dark" : "light")) === "dark";
}

function apply() {
  root.dataset.theme = isDark() ? "dark" : "light";
  for (const button of document.querySelectorAll("[data-theme-toggle]")) {
    button.hidden = false;
    button.textContent = isDark() ? "Light" : "Dark";
    button.setAttribute("aria-label", isDark() ? "Switch to the light theme" : "Switch to the dark theme");
  }
}

apply();
systemIsDark.addEventListener("change", apply);
document.addEventListener("DOMContentLoaded", apply);
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-theme-toggle]")) return;
  try { localStorage.setItem("theme", isDark() ? "light" : "dark"); } catch { /* stays for this page */ }
  apply();
});
