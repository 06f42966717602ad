import { h } from "./dom.js";

/** @type {Record<string, string>} */
const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };

/**
 * Converts highlighted HTML to text and `mark` elements. It contains no other markup; anything else is shown as text.
 * @param {string} html
 * @returns {import("./dom.js").Child[]}
 */
export function marked(html) {
  const parts = String(html).split(/<mark>(.*?)<\/mark>/s);
  const text = (/** @type {string} */ part) => part.replace(/&(amp|lt|gt|quot|#39);/g, (_, name) => ENTITIES[name]);
  return parts.map((part, rank) => (rank % 2 ? h("mark", { part: "mark" }, text(part)) : text(part)));
}
