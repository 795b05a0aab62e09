// The pages: canvas, words above it, marks between. Only pages near the reader are drawn.

import { ask, find, make, put } from "./dom.js";
import { clear, draw, loadGlyphs, loadPictures } from "./canvas.js";

const area = find("pages");
const thumbs = find("thumbs").querySelector("ol");

/** Everything of the pages that are shown, by their looks. */
const loaded = new Map();
const views = [];
const MOST_PAGES_OF_WORDS = 200;
let scale = 1;
let round = 0;
let pick = () => {};
let onCurrent = () => {};

export const currentPage = () => current;
export const pageCount = () => views.length;
let current = 0;

/** `picked(page, line, segment, letter)` is called for words that are clicked. */
export function start(picked, currentChanged) {
  pick = picked;
  onCurrent = currentChanged;
  area.addEventListener("click", clicked);
  area.addEventListener("keydown", keyed);
  area.addEventListener("scroll", () => requestAnimationFrame(findCurrent), { passive: true });
}

const near = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      target.view.near = isIntersecting;
      refresh(target.view);
    }
  },
  { root: area, rootMargin: "60% 0px" },
);
const nearThumbs = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      target.view.thumbNear = isIntersecting;
      refreshThumb(target.view);
    }
  },
  { root: find("thumbs"), rootMargin: "50% 0px" },
);

/** Shows the pages of a state, asked for with `suffix`; resolves when those in sight are drawn. */
export async function show(state, suffix = "") {
  const own = ++round;
  fitCount(state.pages);
  const glyphs = loadGlyphs(state.glyphs);
  const changed = views.filter((view) => view.look !== view.wanted);
  const seen = changed.filter((view) => isSeen(view));
  const rest = changed.filter((view) => !seen.includes(view));
  await Promise.all([glyphs, ...seen.map((view) => load(view, suffix))]);
  if (own !== round) return;
  for (const view of seen) apply(view);
  find("empty").hidden = views.length > 0;
  findCurrent();
  loadRest(own, rest, suffix);
  const wanted = new Set(views.map((view) => view.wanted));
  for (const look of loaded.keys()) if (!wanted.has(look)) loaded.delete(look);
}

async function loadRest(own, rest, suffix) {
  const order = [...rest].sort((a, b) => Math.abs(a.index - current) - Math.abs(b.index - current));
  for (const view of order) {
    await load(view, suffix);
    if (own !== round) return;
    apply(view);
  }
  // The browser's own search finds words on every page.
  for (const view of views.slice(0, MOST_PAGES_OF_WORDS)) {
    await new Promise((done) => requestIdleCallback(done));
    if (own !== round) return;
    if (view.page && !view.hasWords) setWords(view);
  }
}

async function load(view, suffix) {
  const look = view.wanted;
  if (loaded.has(look)) return;
  const page = await ask(`page?look=${look}${suffix}`);
  if (!page) return;
  await loadPictures(page);
  loaded.set(look, { ...page, address: `svg?look=${look}${suffix}` });
}

function apply(view) {
  const page = loaded.get(view.wanted);
  if (!page || view.look === view.wanted) return;
  view.page = page;
  view.look = view.wanted;
  view.drawnAt = view.thumbAt = 0;
  view.hasWords = false;
  refresh(view);
  refreshThumb(view);
}

function fitCount(pages) {
  while (views.length > pages.length) {
    const view = views.pop();
    near.unobserve(view.element);
    nearThumbs.unobserve(view.thumb);
    view.element.remove();
    view.thumb.remove();
  }
  while (views.length < pages.length) views.push(newView(views.length));
  pages.forEach(({ look, width, height }, index) => {
    const view = views[index];
    view.wanted = look;
    for (const element of [view.element, view.thumb]) {
      element.style.setProperty("--width", width);
      element.style.setProperty("--height", height);
    }
    view.element.setAttribute("aria-label", `第${index + 1}页，共${pages.length}页`);
  });
}

function newView(index) {
  const canvas = make("canvas", { "aria-hidden": "true" });
  const marks = make("div", { class: "marks", "aria-hidden": "true" });
  const words = make("div", { class: "words" });
  const element = make("div", { class: "page", role: "group" }, canvas, marks, words);
  const small = make("canvas", { "aria-hidden": "true" });
  const link = make(
    "button",
    { type: "button", "aria-label": `第${index + 1}页` },
    make("span", { class: "sheet" }, small),
    make("span", { class: "number" }, String(index + 1)),
  );
  link.addEventListener("click", () => goTo(index));
  const thumb = make("li", {}, link);
  const view = { index, element, canvas, marks, words, thumb, small, link, wanted: "", look: "" };
  element.view = thumb.view = view;
  area.append(element);
  thumbs.append(thumb);
  near.observe(element);
  nearThumbs.observe(thumb);
  return view;
}

/** Draws what is near and not drawn at this scale; frees what is far. */
function refresh(view) {
  if (!view.page) return;
  if (!view.near && !isSeen(view)) {
    clear(view.canvas);
    view.drawnAt = 0;
    return;
  }
  const pixels = scale * devicePixelRatio;
  if (view.drawnAt !== pixels) draw(view.canvas, view.page, pixels);
  view.drawnAt = pixels;
  setWordsSoon(view);
}

/** What is seen comes first: the words follow once the picture is painted. */
function setWordsSoon(view) {
  if (view.hasWords || view.waits) return;
  view.waits = true;
  requestAnimationFrame(() => setTimeout(() => {
    view.waits = false;
    if (!view.hasWords && view.page) setWords(view);
  }));
}

function refreshThumb(view) {
  if (!view.page || !view.thumbNear) return;
  const pixels = (104 / view.page.width) * devicePixelRatio;
  if (view.thumbAt === pixels) return;
  view.thumbAt = pixels;
  // What the reader looks at comes first.
  setTimeout(() => view.page && draw(view.small, view.page, pixels), 30);
}

/** The words above the picture: to select, to search, to hear, to click. */
function setWords(view) {
  view.hasWords = true;
  const had = view.words.contains(document.activeElement) ? position(document.activeElement) : null;
  const lines = view.page.lines.map((line, number) => {
    const element = make("div", { class: "line" });
    line.words.forEach(([left, right, text, isValue], segment) => {
      const word = make("span", { class: isValue ? "word value" : "word", tabIndex: -1 }, text);
      if (isValue) word.setAttribute("role", "button");
      put(word, { left, top: line.top, width: right - left, height: line.height });
      word.style.setProperty("font-size", `calc(var(--k) * ${line.height}px)`);
      const count = [...text].length;
      const natural = [...text].reduce((sum, c) => sum + (c < "\u0100" ? 0.5 : 1), 0);
      const gap = (right - left - natural * line.height) / Math.max(1, count);
      word.style.setProperty("letter-spacing", `calc(var(--k) * ${gap.toFixed(3)}px)`);
      word.place = [view.index, number, segment];
      element.append(word);
    });
    return element;
  });
  view.words.replaceChildren(...lines);
  const first = view.words.querySelector(".word");
  if (first) first.tabIndex = 0;
  if (had) wordAt(had)?.focus({ preventScroll: true });
}

const position = (word) => word.place;
const wordAt = ([page, line, segment]) =>
  views[page]?.words.children[line]?.children[segment] ?? null;

function clicked(event) {
  const word = event.target.closest(".word");
  if (!word || String(getSelection())) return;
  const box = word.getBoundingClientRect();
  const count = [...word.textContent].length;
  const at = Math.floor(((event.clientX - box.left) / box.width) * count);
  choose(word, Math.min(Math.max(at, 0), count - 1));
}

function choose(word, letter) {
  focusWord(word);
  pick(...word.place, letter);
}

function focusWord(word) {
  const words = word.closest(".words");
  words.querySelectorAll('.word[tabindex="0"]').forEach((other) => (other.tabIndex = -1));
  word.tabIndex = 0;
  word.focus({ preventScroll: true });
  const box = word.getBoundingClientRect();
  const outer = area.getBoundingClientRect();
  if (box.top < outer.top || box.bottom > outer.bottom) word.scrollIntoView({ block: "center" });
}

function keyed(event) {
  const word = event.target.closest?.(".word");
  if (!word || event.ctrlKey || event.metaKey || event.altKey) return;
  const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 1, ArrowUp: -1 };
  if (event.key === "Enter" || event.key === " ") choose(word, 0);
  else if (event.key in steps) {
    const lines = event.key === "ArrowDown" || event.key === "ArrowUp";
    const next = lines ? lineBeside(word, steps[event.key]) : wordBeside(word, steps[event.key]);
    if (next) focusWord(next);
  } else return;
  event.preventDefault();
}

const allWords = () => [...area.querySelectorAll(".word")];

function wordBeside(word, step) {
  const all = allWords();
  return all[all.indexOf(word) + step];
}

function lineBeside(word, step) {
  const lines = [...area.querySelectorAll(".line")];
  const line = lines[lines.indexOf(word.parentElement) + step];
  const left = word.getBoundingClientRect().left;
  const far = (other) => Math.abs(other.getBoundingClientRect().left - left);
  return line && [...line.children].sort((a, b) => far(a) - far(b))[0];
}

/** Puts marks of one kind on the pages and takes away the former ones. */
export function setMarks(kind, boxes) {
  area.querySelectorAll(`.mark.${kind}`).forEach((mark) => mark.remove());
  for (const box of boxes) {
    const view = views[box.page];
    if (!view) continue;
    const gone = box.width === 0 ? " gone" : "";
    view.marks.append(put(make("div", { class: `mark ${kind}${gone}` }), box));
  }
}

/** Tells in the thumbnails which pages have something of a kind. */
export function setDots(kind, pages) {
  for (const view of views) view.link.classList.toggle(kind, pages.has(view.index));
}

/** Brings a place into sight. */
export function lookAt({ page, top, height, left, width }) {
  const view = views[page];
  if (!view) return;
  const offset = view.element.offsetTop + (top + height / 2) * scale - area.clientHeight / 2;
  const middle = view.element.offsetLeft + (left + width / 2) * scale - area.clientWidth / 2;
  area.scrollTo({ top: offset, left: middle, behavior: gentle() });
}

const calm = matchMedia("(prefers-reduced-motion: reduce)");
const gentle = () => (calm.matches ? "auto" : "smooth");

/** Brings a page into sight. */
export function goTo(index) {
  const view = views[index];
  if (view) area.scrollTo({ top: view.element.offsetTop - 16, behavior: gentle() });
}

/** Sets how many pixels a point has; the middle of the view stays. */
export function setScale(next) {
  if (next === scale) return;
  const view = views[current];
  const middle = area.scrollTop + area.clientHeight / 2;
  const inside = view ? (middle - view.element.offsetTop) / scale : 0;
  scale = next;
  area.style.setProperty("--k", scale);
  if (view) area.scrollTop = view.element.offsetTop + inside * scale - area.clientHeight / 2;
  views.forEach(refresh);
}

export const scaleNow = () => scale;
export const sizeOf = (index) => {
  const style = views[index]?.element.style;
  const number = (name) => Number(style?.getPropertyValue(name)) || 0;
  return { width: number("--width") || 595.28, height: number("--height") || 841.89 };
};

function isSeen(view) {
  const { offsetTop: top, offsetHeight: height } = view.element;
  return top + height > area.scrollTop && top < area.scrollTop + area.clientHeight;
}

function findCurrent() {
  const middle = area.scrollTop + area.clientHeight / 2;
  const past = views.filter((view) => view.element.offsetTop <= middle);
  const index = Math.max(0, past.length - 1);
  if (views[current] && index !== current) views[current].link.removeAttribute("aria-current");
  current = index;
  const link = views[current]?.link;
  if (link && link.getAttribute("aria-current") !== "page") {
    link.setAttribute("aria-current", "page");
    link.scrollIntoView({ block: "nearest" });
  }
  onCurrent(current);
}

// On paper every page is drawn, fine enough for reading.
addEventListener("beforeprint", () => {
  for (const view of views) if (view.page) draw(view.canvas, view.page, 200 / 72);
});
addEventListener("afterprint", () => {
  for (const view of views) {
    view.drawnAt = 0;
    refresh(view);
  }
});
