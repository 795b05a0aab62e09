// The preview: waits for news of the program and shows them.

import { ask, clock, find, make } from "./dom.js";
import * as overview from "./overview.js";
import * as pages from "./pages.js";
import * as panel from "./panel.js";
import * as view from "./view.js";

let state = null;
/** The unit whose notice is shown; null for the circular itself. */
let unit = null;
let suffix = "";
/** What was told of the words that were picked. */
let told = null;

pages.start(picked, () => state && setUsable(find("save-png"), !state.stale));
panel.start();
view.start();
overview.start((index) => openNotice(overview.unitAt(index)));
find("overview-switch").addEventListener("click", () => {
  const shown = find("overview").hidden;
  if (unit !== null) openCircular();
  overview.setShown(shown);
});
find("crumb-back").addEventListener("click", () => {
  openCircular();
  overview.setShown(true);
});
find("crumb-before").addEventListener("click", () => stepNotice(-1));
find("crumb-next").addEventListener("click", () => stepNotice(1));
find("base").addEventListener("change", compare);
find("print").addEventListener("click", () => window.open(`pdf?show${suffix}`, "_blank", "noopener"));
follow();

/** Waits for news, again and again. */
async function follow() {
  let number = 0;
  for (;;) {
    try {
      const news = await ask(`state?after=${number}`);
      if (!news) throw new Error("refused");
      const fresh = news.number !== number || document.body.classList.contains("offline");
      number = news.number;
      document.body.classList.remove("offline");
      if (fresh) show(news);
    } catch {
      setOffline();
      await new Promise((done) => setTimeout(done, 1500));
    }
  }
}

async function show(news) {
  state = news;
  setStatus(news);
  setVersions(news);
  find("overview-switch").hidden = !news.batch;
  if (!news.batch) overview.setShown(false);
  const listed = news.batch ? overview.refresh() : null;
  if (unit === null) return showPages(news, news);
  await listed;
  if (state !== news) return;
  if (news.batch && overview.indexOf(unit) >= 0) showNotice();
  else openCircular();
}

/** Shows pages and what is wrong with them: the circular's, or those of a notice. */
async function showPages(news, made) {
  const shown = pages.show(made, suffix).then(() => {
    view.fit();
    if (state === news) setShown(news);
  });
  panel.showFindings(made);
  await shown;
  if (state !== news) return;
  compare();
  followOrigin();
}

function openCircular() {
  unit = null;
  suffix = "";
  told = null;
  panel.showOrigin(null);
  find("crumb").hidden = true;
  find("base").disabled = false;
  showPages(state, state);
}

function openNotice(name) {
  unit = name;
  told = null;
  panel.showOrigin(null);
  overview.setShown(false);
  showNotice();
  find("pages").focus();
}

function stepNotice(by) {
  const next = overview.unitAt(overview.indexOf(unit) + by);
  if (next) openNotice(next);
}

async function showNotice() {
  const [news, own, index] = [state, unit, overview.indexOf(unit)];
  find("crumb").hidden = false;
  find("crumb-name").textContent = `${own}（第${index + 1}份，共${overview.count()}份）`;
  find("crumb-before").disabled = index === 0;
  find("crumb-next").disabled = index + 1 === overview.count();
  find("base").disabled = true;
  const made = await ask(`notice?index=${index}`);
  if (!made || state !== news || unit !== own) return;
  suffix = `&notice=${index}`;
  const faulty = made.pages.length === 0;
  await showPages(news, { ...made, refusal: null, stale: news.stale, draft: news.draft });
  find("empty").textContent = faulty ? "这一份有错误，没有排成。错误列在右边。" : "";
  for (const id of ["print", "save-pdf", "save-png"]) setUsable(find(id), !news.stale && !faulty);
}

/** Tells which run the pages show, once they are painted. */
function setShown({ number }) {
  requestAnimationFrame(() => setTimeout(() => (document.documentElement.dataset.shown = number)));
}

function setStatus({ name, stale, draft, draft_at, at, pages: all, groups, refusal }) {
  const count = (kind) => groups.find((group) => group.kind === kind)?.findings.length ?? 0;
  const [errors, warnings] = [count("error"), count("warning")];
  const fault = errors ? `有${errors}个错误` : refusal ? "无法排印" : "";
  const old = draft === null ? "" : `，下面是${clock(draft_at)}的旧版`;
  const fine = warnings ? `已更新，有${warnings}个警告` : "已更新，没有错误";
  const text = stale ? `${fault}${old}` : `${fine}　共${all.length}页　${clock(at)}`;
  const kind = stale ? "bad" : warnings ? "warn" : "good";
  find("status").className = `status ${kind}`;
  find("status-text").textContent = text;
  find("news").textContent = text;
  find("name").textContent = name;
  document.title = `${stale ? "✕ " : ""}${name} - 红头预览`;
  document.body.classList.toggle("stale", stale && draft !== null);
  find("empty").textContent = "还没有版面。改正右边列出的错误并保存，版面就会出现。";
  find("banner").hidden = true;
  for (const id of ["print", "save-pdf", "save-png"]) setUsable(find(id), !stale);
}

/** What is not up to date must not be given out. */
function setUsable(element, usable) {
  if (element instanceof HTMLButtonElement) element.disabled = !usable;
  else if (usable) element.href = element.id === "save-pdf" ? `pdf?save${suffix}` : `png?page=${pages.currentPage()}${suffix}`;
  else element.removeAttribute("href");
  element.setAttribute("aria-disabled", String(!usable));
  element.title = usable ? "" : "改正错误后才能输出";
}

function setOffline() {
  if (document.body.classList.contains("offline")) return;
  document.body.classList.add("offline");
  find("status").className = "status off";
  find("status-text").textContent = "程序已停止，这里不再更新";
  find("banner").hidden = false;
  find("banner").textContent = "程序已停止。要继续，请在终端里重新运行 hongtou watch，再打开新的网址。";
}

/** The versions to compare with: the first, then the others from the last. */
function setVersions({ versions, draft }) {
  const select = find("base");
  const chosen = select.value;
  const option = ({ number, at }, first) =>
    make("option", { value: String(number) }, first ? `从打开时起（${clock(at)}）` : `从${clock(at)}起`);
  const [start, ...later] = versions.filter(({ number }) => number !== draft || versions.length === 1);
  const options = start ? [option(start, versions[0] === start), ...later.reverse().map((version) => option(version, false))] : [];
  select.replaceChildren(make("option", { value: "" }, "不标"), ...options);
  select.value = options.some(({ value }) => value === chosen) ? chosen : "";
}

async function compare() {
  const select = find("base");
  const base = select.value;
  if (!base || !state || state.draft === null || unit !== null) return panel.showChanges(null, "");
  const changes = await ask(`changes?base=${base}`);
  const version = state.versions.find(({ number }) => String(number) === base);
  if (changes && version && select.value === base) panel.showChanges(changes, clock(version.at));
}

async function picked(...spot) {
  told = await origin(spot);
  if (!told) return;
  panel.showOrigin(told);
  panel.open("origin");
}

async function origin(spot) {
  const [page, line, segment, letter] = spot;
  const query = `draft=${state.draft}&page=${page}&line=${line}&segment=${segment}&letter=${letter}`;
  const answer = await ask(`origin?${query}${suffix}`);
  return answer && { ...answer, spot };
}

/** The words that were picked may stand elsewhere in a new draft, or come from elsewhere. */
async function followOrigin() {
  if (!told) return;
  const { part, text } = told;
  const fresh = await origin(told.spot);
  told = fresh && fresh.part === part && fresh.text === text ? fresh : null;
  panel.showOrigin(told, true);
}
