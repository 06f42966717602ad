import { h } from "./dom.js";
import { MISSING } from "./state.js";

// Amounts and durations: how they spread, and between which ones to search.

/** @typedef {import("./texts.js").Texts} Texts */
/** @typedef {import("./types.js").Facet} Facet */

/** What lies between a bound that is left out and the one that is put in its place: a cent, a month. */
const STEP = /** @type {Record<string, number>} */ ({ montant: 0.01, duree: 1 });

/**
 * A number in the words of its facet.
 * @param {Texts} texts
 * @param {string} facet
 * @param {number} number
 */
function amount(texts, facet, number) {
  return facet === "montant" ? texts.euros(number) : texts.months(number);
}

/**
 * A range such as `40000..89999.99` in words.
 * @param {Texts} texts
 * @param {string} facet
 * @param {string} value
 */
export function rangeLabel(texts, facet, value) {
  const [from, to] = value.split("..").map((bound) => (bound ? Number(bound) : null));
  const isOpen = facet === "montant" && to != null && Math.round(to * 100) % 100 === 99;
  const end = to == null ? "" : amount(texts, facet, isOpen ? Math.round(to + 0.01) : to);
  if (from && to != null) return from === to ? end : texts.between(amount(texts, facet, from), end);
  if (from) return texts.from(amount(texts, facet, from));
  return isOpen ? texts.under(end) : texts.upTo(end);
}

/**
 * The bounds one can choose: where bars begin, and where the last one ends.
 * @param {Facet} facet
 * @returns {number[]}
 */
function edges(facet) {
  const bars = facet.histogram ?? [];
  const last = bars.at(-1);
  return last ? [...bars.map((bar) => bar.from), last.to ?? facet.max ?? last.from] : [];
}

/**
 * Where the two ends of a selection are among the bounds.
 * @param {number[]} bounds
 * @param {string | undefined} value
 * @returns {[number, number]}
 */
function ends(bounds, value) {
  const last = bounds.length - 1;
  const [from = "", to = ""] = value?.split("..") ?? [];
  const nearest = (/** @type {number} */ wanted) => bounds.reduce((best, bound, rank) => (Math.abs(bound - wanted) < Math.abs(bounds[best] - wanted) ? rank : best), 0);
  const low = from ? Math.min(nearest(Number(from)), last - 1) : 0;
  return [low, to ? Math.max(nearest(Number(to)), low + 1) : last];
}

/**
 * The bars and the two sliders of a facet; null where there is nothing to choose between.
 * @param {Texts} texts
 * @param {string} name
 * @param {Facet} facet
 * @param {string[]} selected
 * @param {(value: string | null, isSettled: boolean) => void} choose Called with a range or null for all; settled when released.
 */
export function range(texts, name, facet, selected, choose) {
  const bounds = edges(facet);
  const bars = facet.histogram ?? [];
  if (!bars.length) return null;
  const value = selected.find((known) => known !== MISSING);
  const [low, high] = ends(bounds, value);
  const last = bounds.length - 1;
  const most = Math.max(...bars.map((bar) => bar.count), 1);
  const title = texts.facets[name];
  const label = value ? rangeLabel(texts, name, value) : texts.every;

  /** @param {number} from @param {number} to @param {boolean} isSettled */
  const move = (from, to, isSettled) => {
    const begin = from > 0 ? String(bounds[from]) : "";
    const end = to < last ? String(Number((bounds[to] - STEP[name]).toFixed(2))) : "";
    choose(begin || end ? `${begin}..${end}` : null, isSettled);
  };
  const thumb = (/** @type {boolean} */ isLow) => {
    const moved = (/** @type {boolean} */ isSettled) => (/** @type {any} */ event) => {
      const at = Number(event.target.value);
      // The ends keep a bar between them.
      if (isLow) move(Math.min(at, high - 1), high, isSettled);
      else move(low, Math.max(at, low + 1), isSettled);
    };
    return h("input", {
      key: isLow ? "low" : "high", type: "range", min: 0, max: last, value: String(isLow ? low : high), part: "slider",
      "aria-label": `${title}${texts.colon}${isLow ? texts.least : texts.most}`,
      "aria-valuetext": amount(texts, name, bounds[isLow ? low : high]), oninput: moved(false), onchange: moved(true),
    });
  };
  return h("div", { class: "range" },
    h("svg", { class: "bars", viewBox: `0 0 ${bars.length} 100`, preserveAspectRatio: "none", role: "img", "aria-label": texts.spread + title },
      bars.map((bar, rank) => {
        const height = bar.count ? Math.max(100 * Math.sqrt(bar.count / most), 2) : 0;
        const isOn = value && rank >= low && rank < high;
        return h("rect", { key: rank, class: isOn ? "on" : null, x: rank + 0.05, y: 100 - height, width: 0.9, height });
      })),
    h("div", { class: "slider" }, thumb(true), thumb(false)),
    h("p", { class: "between" }, label));
}
