// The panel: what is wrong, where words come from, what has changed.

import { find, make } from "./dom.js";
import { lookAt, setDots, setMarks } from "./pages.js";

const TABS = ["findings", "origin", "changes"];
const SIGNS = { error: "✕", warning: "!", note: "i" };

export function start() {
  for (const name of TABS) {
    const tab = find(`tab-${name}`);
    tab.addEventListener("click", () => open(name));
    tab.addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!by) return;
      const next = TABS[(TABS.indexOf(name) + by + TABS.length) % TABS.length];
      open(next);
      find(`tab-${next}`).focus();
    });
  }
  find("panel-close").addEventListener("click", close);
  find("status").addEventListener("click", () => open("findings"));
  document.addEventListener("keydown", (event) => event.key === "Escape" && close());
  showOrigin(null);
  showChanges(null, "");
}

/** Shows a tab; on a narrow window the panel slides in. */
export function open(name) {
  document.body.classList.add("panel-open");
  for (const other of TABS) {
    const chosen = other === name;
    find(other).hidden = !chosen;
    find(`tab-${other}`).setAttribute("aria-selected", String(chosen));
    find(`tab-${other}`).tabIndex = chosen ? 0 : -1;
  }
}

function close() {
  document.body.classList.remove("panel-open");
  setMarks("picked", []);
  setMarks("found", []);
}

const hint = (text) => make("p", { class: "hint" }, text);

/** Lists what is wrong. */
export function showFindings({ groups, refusal, stale, draft }) {
  const all = groups.flatMap((group) => group.findings);
  const panel = find("findings");
  const weighty = all.length - (groups.find(({ kind }) => kind === "note")?.findings.length ?? 0);
  const parts = [];
  if (refusal) {
    parts.push(make("div", { class: "finding error" }, make("p", { class: "message" }, sign("error"), refusal)));
  }
  for (const { kind, title, findings } of groups) {
    const list = findings.map((finding) => make("li", { class: `finding ${kind}` }, ...entry(finding, kind, stale)));
    parts.push(
      make("h2", { class: kind }, `${title} `, make("span", { class: "count" }, String(findings.length))),
      make("ol", {}, ...list),
    );
  }
  if (!weighty && !refusal) parts.unshift(make("p", { class: "fine" }, "✓ 没有错误，也没有警告"));
  const kept = panel.scrollTop;
  panel.replaceChildren(...parts);
  panel.scrollTop = kept;
  find("tab-findings").querySelector(".count").textContent = weighty + (refusal ? 1 : 0) || "";
  setMarks("found", []);
  const pages = (kind) =>
    new Set(
      groups.filter((group) => group.kind === kind && draft !== null)
        .flatMap((group) => group.findings)
        .flatMap(({ shown }) => (shown ? [shown.page] : [])),
    );
  for (const kind of ["error", "warning"]) setDots(`has-${kind}`, pages(kind));
}

const sign = (kind) => make("span", { class: `sign ${kind}`, "aria-hidden": "true" }, SIGNS[kind]);

function entry({ about, message, hint: cure, place, related, shown, code }, kind, stale) {
  const parts = [make("p", { class: "message" }, sign(kind), make("span", { class: "about" }, about), message)];
  const name = make("code", { class: "code" }, code);
  if (place) parts.push(...placeOf(place, name));
  else parts.push(make("p", { class: "place" }, name));
  if (cure) parts.push(make("p", { class: "cure" }, make("b", {}, "建议　"), cure));
  for (const { at, word } of related) parts.push(make("p", { class: "place" }, `另见 ${at}：${word}`));
  if (shown) {
    const words = stale ? "看旧版上的位置" : "看版面上的位置";
    const go = make("button", { type: "button", class: "go" }, `${words}（第${shown.page + 1}页）`);
    go.addEventListener("click", () => {
      setMarks("found", [shown]);
      lookAt(shown);
    });
    parts.push(go);
  }
  return parts;
}

function placeOf({ at, line }, name = null) {
  const parts = [make("p", { class: "place" }, at, name)];
  if (line) {
    const [first = "", ...rest] = [...line.after];
    const here = first ? make("mark", {}, first) : make("mark", { class: "end" }, "\u00a0");
    parts.push(make("pre", { class: "excerpt" }, line.before, here, rest.join("")));
  }
  return parts;
}

/** Tells where the words that were picked come from. */
export function showOrigin(told, changed = false) {
  const panel = find("origin");
  if (!told) {
    panel.replaceChildren(hint(changed ? "那里的文字已经更新，请再点一次。" : "点击版面上的任何文字，这里就显示它写在哪个文件的哪一行，或者由台账的哪些格算出。"));
    setMarks("picked", []);
    return;
  }
  const { part, text, place, expression, tables, values, more, boxes } = told;
  const computed = expression !== null || tables.length + values.length > 0;
  const parts = [make("p", { class: "part" }, part), make("blockquote", {}, shorten(text))];
  if (expression !== null) {
    parts.push(make("h2", {}, "由这个表达式算出"), make("pre", { class: "expression" }, `{{ ${expression} }}`));
    if (place) parts.push(make("p", { class: "place" }, place.at));
  } else if (!computed && place) {
    parts.push(make("h2", {}, "写在这里"), ...placeOf(place));
  } else if (!place) parts.push(hint("这些字由程序按标准加上。"));
  for (const table of tables) parts.push(...tableOf(table));
  if (values.length > 0) {
    const items = values.map(({ at, name, text }) =>
      make("li", {}, name ? make("b", {}, name) : null, name ? `：${text} ` : text, make("span", { class: "place" }, at)));
    parts.push(make("h2", {}, tables.length ? "还用到" : "用到的值"), make("ul", { class: "values" }, ...items));
  }
  if (more > 0) parts.push(hint(`还有${more}行没有列出。`));
  panel.replaceChildren(...parts);
  panel.scrollTop = 0;
  setMarks("picked", boxes);
}

function shorten(text) {
  const letters = [...text];
  return letters.length > 160 ? `${letters.slice(0, 160).join("")}……` : text;
}

function tableOf({ name, columns, rows }) {
  const head = make("tr", {}, make("th", { scope: "col" }, "位置"), ...columns.map((column) => make("th", { scope: "col" }, column)));
  const body = rows.map(({ at, cells }) =>
    make("tr", {}, make("th", { scope: "row", title: at }, shortPlace(at)), ...cells.map(({ text, at, read }) =>
      read
        ? make("td", { class: "read", title: at, "aria-label": `用到的格：${text}` }, text)
        : make("td", { title: at }, text))));
  const place = rows[0].at;
  return [
    make("h2", {}, `${name} `, make("span", { class: "count" }, `${rows.length}行`)),
    make("p", { class: "place" }, rows.length === 1 ? place : `${place} 起`),
    make("div", { class: "scroll", tabIndex: 0, role: "region", "aria-label": `${name}中用到的行` },
      make("table", {}, make("thead", {}, head), make("tbody", {}, ...body))),
  ];
}

/** 台账.xlsx:问题清单!C7 → C7; 通报.yaml:23:9 → 23行. */
function shortPlace(at) {
  const cell = at.includes("!") && at.split("!").pop();
  if (cell) return cell;
  const [line] = at.split(":").slice(-2);
  return `${line}行`;
}

/** Lists what has changed since `since`; null where nothing is compared. */
export function showChanges(changes, since) {
  const panel = find("changes");
  const count = find("tab-changes").querySelector(".count");
  count.textContent = changes?.length || "";
  if (!changes) {
    panel.replaceChildren(hint("在上方“标出改动”里选一个版本，这里就列出与它不同的地方，版面上也标出来。"));
    setMarks("changed", []);
    setDots("has-change", new Set());
    return;
  }
  const boxes = changes.flatMap((change) => change.boxes);
  setMarks("changed", boxes);
  setDots("has-change", new Set(boxes.map((box) => box.page)));
  const items = changes.map((change) => {
    const { part, before, old, new: fresh, boxes } = change;
    const words = make("button", { type: "button", class: "change" },
      make("span", { class: "part" }, `${part}${boxes[0] ? ` · 第${boxes[0].page + 1}页` : ""}`),
      make("span", { class: "said" }, make("span", { class: "context" }, before && `……${before}`),
        old ? make("del", { "aria-label": `删去“${old}”` }, shorten(old)) : null,
        fresh ? make("ins", { "aria-label": `写成“${fresh}”` }, shorten(fresh)) : null));
    words.addEventListener("click", () => boxes[0] && lookAt(boxes[0]));
    return make("li", {}, words);
  });
  panel.replaceChildren(
    make("h2", {}, `与${since}相比 `, make("span", { class: "count" }, `${changes.length}处`)),
    changes.length ? make("ol", {}, ...items) : make("p", { class: "fine" }, "文字没有改动"),
  );
}
