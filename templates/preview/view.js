// How the pages are looked at: zoom, spread, thumbnails, surround.

import { find } from "./dom.js";
import { currentPage, goTo, scaleNow, setScale, sizeOf } from "./pages.js";

/** Pixels a point has on the screen at 100%. */
const WHOLE = 96 / 72;
const STEPS = [25, 33, 50, 67, 75, 90, 100, 110, 125, 150, 175, 200, 250, 300, 400];

const area = find("pages");
let mode = "fit-width";
let spread = false;

export function start() {
  find("smaller").addEventListener("click", () => step(-1));
  find("larger").addEventListener("click", () => step(1));
  for (const id of ["fit-width", "fit-page"]) find(id).addEventListener("click", () => fitBy(id));
  find("spread").addEventListener("click", () => {
    spread = !spread;
    const page = currentPage();
    area.classList.toggle("spread", spread);
    press("spread", spread);
    fit();
    goTo(page);
  });
  find("thumbs-switch").addEventListener("click", (event) => {
    const hidden = document.body.classList.toggle("no-thumbs");
    event.currentTarget.setAttribute("aria-pressed", String(!hidden));
  });
  find("theme").addEventListener("click", changeSurround);
  document.addEventListener("keydown", keyed);
  new ResizeObserver(fit).observe(area);
}

/** Sets the scale that the mode asks for. */
export function fit() {
  if (area.clientWidth === 0) return;
  const { width, height } = sizeOf(currentPage());
  const style = getComputedStyle(area);
  const across = area.clientWidth - 2 * parseFloat(style.paddingLeft);
  const down = area.clientHeight - 2 * parseFloat(style.paddingTop);
  const pages = spread ? 2 : 1;
  const gap = spread ? parseFloat(style.columnGap) || 0 : 0;
  const byWidth = (across - gap) / (width * pages);
  if (mode === "fit-width") setScale(Math.min(Math.max(byWidth, 0.3), WHOLE * 1.5));
  else if (mode === "fit-page") setScale(Math.max(0.2, Math.min(byWidth, down / height)));
  find("zoom").textContent = `${Math.round((scaleNow() / WHOLE) * 100)}%`;
}

function fitBy(id) {
  mode = id;
  pressed();
  fit();
  if (id === "fit-page") goTo(currentPage());
}

function step(by) {
  const now = Math.round((scaleNow() / WHOLE) * 100);
  const next = by > 0 ? STEPS.find((s) => s > now) : STEPS.findLast((s) => s < now);
  if (next === undefined) return;
  mode = "own";
  pressed();
  setScale((next / 100) * WHOLE);
  fit();
}

function pressed() {
  for (const id of ["fit-width", "fit-page"]) press(id, mode === id);
}

const press = (id, on) => find(id).setAttribute("aria-pressed", String(on));

const SURROUNDS = [
  ["", "跟随系统"],
  ["light", "浅色"],
  ["dark", "深色"],
];

function changeSurround(event) {
  const now = document.documentElement.dataset.theme ?? "";
  const index = SURROUNDS.findIndex(([name]) => name === now);
  const [name, label] = SURROUNDS[(index + 1) % SURROUNDS.length];
  if (name) document.documentElement.dataset.theme = name;
  else delete document.documentElement.dataset.theme;
  event.currentTarget.setAttribute("aria-label", `衬底：${label}`);
  event.currentTarget.title = `衬底：${label}`;
}

/** Ctrl and + - 0 change the size of the pages, not of the buttons. */
function keyed(event) {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
  if (event.key === "+" || event.key === "=") step(1);
  else if (event.key === "-") step(-1);
  else if (event.key === "0") fitBy("fit-width");
  else return;
  event.preventDefault();
}
