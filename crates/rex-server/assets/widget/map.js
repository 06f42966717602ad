import { h } from "./dom.js";
import { TILES } from "./tiles.js";

// The tile map of régions and départements. Each tile is a filter; a table has the same content.

/** @typedef {import("./types.js").Value} Value */
/** @typedef {import("./texts.js").Texts} Texts */

const [REGIONS, DEPARTEMENTS] = TILES.trim().split(/\n\s*\n/).map((grid) => grid.split("\n").map((row) => row.trim().split(/\s+/)));

/**
 * The map of the territory counts.
 * @param {Texts} texts
 * @param {Value[]} values
 * @param {(value: Value) => Record<string, any>} link What makes a link of the filter: its address and what it does.
 */
export function map(texts, values, link) {
  const below = values.flatMap((value) => value.children ?? []);
  const row = (/** @type {Value} */ value, /** @type {boolean} */ isBelow) =>
    h("tr", { key: value.path, class: isBelow ? "below" : null },
      h("th", { scope: "row" }, h("a", { ...link(value), "aria-current": value.selected ? "true" : null }, value.value)),
      h("td", null, texts.number(value.count)));
  return h("div", { class: "map", part: "map" },
    tiles(texts, REGIONS, values, link, "regions"),
    h("details", { key: "departements" }, h("summary", null, texts.byDepartement), tiles(texts, DEPARTEMENTS, below, link, "departements")),
    h("details", { key: "table" }, h("summary", null, texts.table),
      h("table", null,
        h("thead", null, h("tr", null, h("th", { scope: "col" }, texts.territory), h("th", { scope: "col" }, texts.count))),
        h("tbody", null, values.map((value) => [
          row(value, false), (value.children ?? []).filter((child) => child.code).map((child) => row(child, true)),
        ])))));
}

/**
 * @param {Texts} texts
 * @param {string[][]} grid
 * @param {Value[]} values
 * @param {(value: Value) => Record<string, any>} link
 * @param {"regions" | "departements"} name
 */
function tiles(texts, grid, values, link, name) {
  const known = new Map(values.map((value) => [value.code, value]));
  const most = Math.max(...values.map((value) => value.count), 1);
  const width = Math.max(...grid.map((row) => row.length)) * 10;
  return h("svg", { class: `tiles ${name}`, viewBox: `0 0 ${width} ${grid.length * 10}`, role: "group", "aria-label": texts[name] },
    grid.flatMap((row, y) => row.map((cell, x) => {
      if (cell === ".") return null;
      const [code, label = code] = cell.split("/");
      const value = known.get(code);
      const level = value?.count ? `l${Math.ceil(4 * Math.sqrt(value.count / most))}` : null;
      const square = h("rect", { class: level, x: x * 10 + 0.3, y: y * 10 + 0.3, width: 9.4, height: 9.4, rx: 1 });
      const text = (/** @type {string} */ shown, /** @type {number} */ at) => h("text", { key: at, x: x * 10 + 5, y: y * 10 + at }, shown);
      const isRegion = name === "regions";
      if (!value?.count && !value?.selected) return h("g", { key: code }, square, text(label, isRegion ? 6 : 6.2));
      const said = `${value.value}${texts.colon}${texts.cases(texts.number(value.count))}`;
      return h("a", { key: code, ...link(value), "aria-current": value.selected ? "true" : null },
        h("title", null, said), square,
        isRegion ? [text(label, 4.4), text(short(texts, value.count), 8.2)] : text(label, 6.2));
    })));
}

/**
 * A count short enough for a tile: `12 k`.
 * @param {Texts} texts
 * @param {number} count
 */
function short(texts, count) {
  return count < 10000 ? texts.number(count) : `${texts.number(Math.floor(count / 1000))}\u00a0k`;
}
