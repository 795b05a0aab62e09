// Elements from plain values. Text is always set as text: nothing that comes from a file can become
// markup.

export const find = (id) => document.getElementById(id);

/** Makes an element; `properties` are set on it, `children` are elements or text. */
export function make(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key === "class") element.className = value;
    else if (key.startsWith("aria-") || key === "role") element.setAttribute(key, value);
    else element[key] = value;
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Places an element on a page by points. */
export function put(element, { left, top, width, height }) {
  const set = (name, value) => element.style.setProperty(name, `calc(var(--k) * ${value}px)`);
  set("left", left);
  set("top", top);
  set("width", width);
  set("height", height);
  return element;
}

/** 14:03:22, from milliseconds since 1970. */
export function clock(milliseconds) {
  return new Date(milliseconds).toLocaleTimeString("zh-CN", { hour12: false });
}

/** Asks the program; null where it refuses. */
export async function ask(address) {
  const answer = await fetch(address);
  return answer.ok ? answer.json() : null;
}
