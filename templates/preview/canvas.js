// Draws pages on canvases. The outlines of letters come once, each page refers to them by number.

import { ask } from "./dom.js";

/** As many pixels as a canvas may have. */
const MOST_PIXELS = 16_000_000;

const glyphs = [];
let loading = Promise.resolve();

/** Fetches outlines until there are `count`. */
export function loadGlyphs(count) {
  loading = loading.then(async () => {
    if (glyphs.length >= count) return;
    const outlines = await ask(`glyphs?from=${glyphs.length}`);
    for (const [units, path] of outlines ?? []) glyphs.push({ units, path: new Path2D(path) });
  });
  return loading;
}

const pictures = new Map();

/** Fetches the pictures that a page shows; one that cannot be shown is left out. */
export async function loadPictures(page) {
  const numbers = page.items.filter((item) => item.length === 6).map((item) => item[3]);
  await Promise.all(numbers.map(async (number) => {
    if (pictures.has(number)) return;
    const picture = new Image();
    picture.src = `picture?number=${number}`;
    await picture.decode().then(() => pictures.set(number, picture), () => {});
  }));
}

/** Draws `page` on `canvas` with `scale` pixels a point. */
export function draw(canvas, page, scale) {
  const most = Math.sqrt(MOST_PIXELS / (page.width * page.height));
  const used = Math.min(scale, most);
  canvas.width = Math.max(1, Math.round(page.width * used));
  canvas.height = Math.max(1, Math.round(page.height * used));
  const context = canvas.getContext("2d", { alpha: false });
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  if (!page.complete) return drawPicture(canvas, page);
  for (const item of page.items) drawItem(context, item, used);
}

/** Gives the memory of a canvas back. */
export function clear(canvas) {
  canvas.width = 0;
  canvas.height = 0;
}

function drawItem(context, item, scale) {
  const [[a, b, c, d, e, f], fill, stroke] = item;
  const set = (k, flip, x, y) =>
    context.setTransform(
      scale * a * k, scale * b * k, scale * c * k * flip, scale * d * k * flip,
      scale * (a * x + c * y + e), scale * (b * x + d * y + f),
    );
  if (fill) context.fillStyle = fill;
  if (stroke) context.strokeStyle = stroke[0];
  const paint = (path, k) => {
    if (fill) context.fill(path);
    if (!stroke) return;
    context.lineWidth = stroke[1] / k;
    context.stroke(path);
  };
  if (item.length === 4) {
    set(1, 1, 0, 0);
    paint(new Path2D(item[3]), 1);
    return;
  }
  if (item.length === 6) {
    const [, , , number, width, height] = item;
    set(1, 1, 0, 0);
    if (pictures.has(number)) context.drawImage(pictures.get(number), 0, 0, width, height);
    return;
  }
  const size = item[3];
  for (const [number, x, y] of item[4]) {
    const glyph = glyphs[number];
    if (!glyph) continue;
    const k = size / glyph.units;
    set(k, -1, x, y);
    paint(glyph.path, k);
  }
}

/** Draws a page that has more than letters and rules from its SVG, once that is there. */
function drawPicture(canvas, page) {
  const { width, height } = canvas;
  const picture = new Image(width, height);
  picture.onload = () => {
    const stale = canvas.width !== width || canvas.height !== height;
    if (!stale) canvas.getContext("2d").drawImage(picture, 0, 0, width, height);
  };
  picture.src = page.address;
}
