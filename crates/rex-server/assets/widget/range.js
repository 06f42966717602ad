import { h } from "./dom.js";
import { MISSING } from "./state.js";

// Amounts and durations: a histogram with two sliders.

/** @typedef {import("./texts.js").Texts} Texts */
/** @typedef {import("./types.js").Facet} Facet */

/**
 * A number with the unit of its facet.
 * @param {Texts} texts
 * @param {string} facet
 * @param {number} number
 */
function amount(texts, facet, number) {
  return facet === "montant" ? texts.euros(number) : texts.months(number);
}

/**
 * The label of a range such as `40000..89999.99`.
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
 * The bars and sliders of a facet; null for fewer than two bars.
 * @param {Texts} texts
 * @param {string} name
 * @param {Facet} facet
 * @param {string[]} selected
 * @param {(value: string | null, isSettled: boolean) => void} choose Called with a range or null for all; settled when released.
 */
export function range(texts, name, facet, selected, choose) {
  const bars = facet.histogram ?? [];
  const top = bars.at(-1);
  if (!top) return null;
  // The bounds that can be selected: the starts of the bars and the end of the last one.
  const bounds = [...bars.map((bar) => bar.from), top.to ?? facet.max ?? top.from];
  const value = selected.find((known) => known !== MISSING);
  // A bound whose slider is not moved keeps its exact value.
  const [begin = "", end = ""] = value?.split("..") ?? [];
  const last = bounds.length - 1;
  // The sliders enclose the selected bars, at least one.
  const low = Math.max(Math.min(bounds.filter((bound) => bound <= +begin).length, last) - 1, 0);
  const high = end ? Math.min(Math.max(bounds.filter((bound) => bound < +end).length, low + 1), last) : last;
  const most = Math.max(...bars.map((bar) => bar.count), 1);
  const title = texts.facets[name];
  const label = value ? rangeLabel(texts, name, value) : texts.every;

  const thumb = (/** @type {boolean} */ isLow) => {
    const rank = isLow ? low : high;
    const sent = isLow ? begin && begin + ".." : end && ".." + end;
    const moved = (/** @type {boolean} */ isSettled) => (/** @type {any} */ event) => {
      // At least one bar stays between the sliders.
      const at = isLow ? Math.min(event.target.value, high - 1) : Math.max(event.target.value, low + 1);
      const from = isLow ? (at ? bounds[at] : "") : begin;
      // The upper bound is exclusive: one month or one cent below it.
      const to = isLow ? end : at < last ? +(bounds[at] - (name === "duree" ? 1 : 0.01)).toFixed(2) : "";
      choose(from || to ? `${from}..${to}` : null, isSettled);
    };
    return h("input", {
      key: isLow ? "low" : "high", type: "range", min: 0, max: last, value: String(rank), part: "slider",
      "aria-label": `${title}${texts.colon}${isLow ? texts.least : texts.most}`,
      "aria-valuetext": sent ? rangeLabel(texts, name, sent) : amount(texts, name, bounds[rank]), oninput: moved(false), onchange: moved(true),
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
