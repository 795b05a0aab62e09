// The overview of a batch: every unit's notice as a card; only those in sight are made.

import { ask, find, make } from "./dom.js";
import { draw, loadGlyphs, loadPictures } from "./canvas.js";

const WORDS = { error: "有错误", warning: "有警告", fine: "没有错误", unknown: "还没有排" };
const WIDTH = 132;

const area = find("overview");
let cards = [];
let open = () => {};
let round = 0;
let queue = [];
let busy = false;

/** `opened(index)` is called for a card that is clicked. */
export function start(opened) {
  open = opened;
  find("filter").addEventListener("submit", (event) => event.preventDefault());
  find("filter-name").addEventListener("input", filter);
  find("filter-status").addEventListener("change", filter);
}

const seen = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      target.card.inSight = isIntersecting;
      if (isIntersecting) enqueue(target.card);
    }
  },
  { root: area, rootMargin: "40% 0px" },
);

/** Takes in the units of a new draft; what is shown stays until it is made anew. */
export async function refresh() {
  const own = ++round;
  const list = await ask("notices");
  if (!list || own !== round) return;
  const known = new Map(cards.map((card) => [card.unit, card]));
  for (const card of cards) seen.unobserve(card.element);
  cards = list.units.map((listed, index) => {
    const card = known.get(listed.unit) ?? newCard(listed);
    Object.assign(card, { index, made: null });
    card.number.textContent = listed.number;
    card.rows.textContent = `台账${listed.rows}行`;
    return card;
  });
  queue = [];
  find("cards").replaceChildren(...cards.map((card) => card.element));
  for (const card of cards) seen.observe(card.element);
  const faults = list.groups.flatMap(({ title, findings }) =>
    findings.map(({ message, hint }) => make("p", {}, `${title}：${message}${hint ? `（${hint}）` : ""}`)));
  find("plan-findings").replaceChildren(...faults);
  filter();
}

function newCard({ unit }) {
  const canvas = make("canvas", { "aria-hidden": "true" });
  const number = make("span", { class: "number" });
  const rows = make("span", { class: "rows" });
  const status = make("span", { class: "state" });
  const button = make("button", { type: "button", class: "card" },
    make("span", { class: "sheet" }, canvas), make("strong", {}, unit), number, rows, status);
  const element = make("li", {}, button);
  const card = { unit, element, button, canvas, number, rows, status, made: null, kind: "unknown" };
  element.card = card;
  button.addEventListener("click", () => open(card.index));
  setKind(card, "unknown");
  return card;
}

export const count = () => cards.length;
export const unitAt = (index) => cards[index]?.unit;
export const indexOf = (unit) => cards.findIndex((card) => card.unit === unit);

function enqueue(card) {
  if (card.made || queue.includes(card)) return;
  queue.push(card);
  work();
}

/** One notice after the other, those in sight first. */
async function work() {
  if (busy) return;
  busy = true;
  while (queue.length > 0) {
    const at = Math.max(0, queue.findIndex((card) => card.inSight));
    const [card] = queue.splice(at, 1);
    if (card.inSight && !area.hidden) await build(card, round).catch(() => {});
  }
  busy = false;
}

async function build(card, own) {
  const made = await ask(`notice?index=${card.index}`);
  if (!made || own !== round) return;
  card.made = made;
  const has = (kind) => made.groups.some((group) => group.kind === kind);
  setKind(card, has("error") ? "error" : has("warning") ? "warning" : "fine", made.pages.length);
  const [first] = made.pages;
  if (first) {
    const page = await ask(`page?look=${first.look}&notice=${card.index}`);
    await loadGlyphs(made.glyphs);
    if (page) {
      await loadPictures(page);
      draw(card.canvas, page, (WIDTH / page.width) * devicePixelRatio);
    }
  }
  filter();
}

function setKind(card, kind, pages = 0) {
  card.kind = kind;
  card.status.className = `state ${kind}`;
  card.status.textContent = pages ? `${WORDS[kind]}，${pages}页` : WORDS[kind];
}

function filter() {
  const name = find("filter-name").value.trim();
  const status = find("filter-status").value;
  const counts = {};
  let shown = 0;
  for (const card of cards) {
    counts[card.kind] = (counts[card.kind] ?? 0) + 1;
    const fits = card.unit.includes(name) && (!status || card.kind === status);
    card.element.hidden = !fits;
    shown += fits ? 1 : 0;
  }
  const told = Object.keys(WORDS).filter((kind) => counts[kind]).map((kind) => `${counts[kind]}份${WORDS[kind]}`);
  const text = `${shown === cards.length ? "" : `列出${shown}份；`}共${cards.length}份：${told.join("，")}`;
  if (find("filter-count").textContent !== text) find("filter-count").textContent = text;
}

/** Shows or hides the overview. */
export function setShown(shown) {
  area.hidden = !shown;
  document.body.classList.toggle("overview-open", shown);
  find("overview-switch").setAttribute("aria-pressed", String(shown));
  if (shown) for (const card of cards) if (card.inSight) enqueue(card);
}
