import { h } from "./dom.js";

/** @type {Record<string, string>} */
const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };

/**
 * The HTML of a highlight or a passage, as text and `mark` elements: of all markup there is no other, and what looks like it is text.
 * @param {string} html
 * @returns {import("./dom.js").Child[]}
 */
export function marked(html) {
  const parts = String(html).split(/<mark>(.*?)<\/mark>/s);
  const text = (/** @type {string} */ part) => part.replace(/&(amp|lt|gt|quot|#39);/g, (_, name) => ENTITIES[name]);
  return parts.map((part, rank) => (rank % 2 ? h("mark", { part: "mark" }, text(part)) : text(part)));
}
