import { h } from "./dom.js";
import { facets, labelOf, linkTo, valueLabel } from "./facets.js";
import { field } from "./field.js";
import { marked } from "./marked.js";
import { toggled } from "./state.js";

// The view of a search: notices, results and pagination.

/** @typedef {import("./session.js").Session} Session */
/** @typedef {import("./types.js").Hit} Hit */

/** Page numbers on either side of the current one. */
const NEIGHBOURS = 2;

/**
 * The whole widget.
 * @param {Session} session
 */
export function view(session) {
  const filters = facets(session);
  const count = selections(session).length;
  return h("div", { class: "view" },
    h("slot", { name: "header" }),
    field(session),
    h("div", { class: "columns" },
      filters.some(Boolean) && h("aside", { class: "filters", part: "filters", "aria-label": session.texts.filter },
        h("details", { class: "drawer" },
          h("summary", null, session.texts.filter + (count ? ` (${count})` : "")),
          h("h2", null, session.texts.filter), filters)),
      results(session)),
    h("p", { class: "unseen", role: "status", part: "status" }, session.said));
}

/**
 * The active filters.
 * @param {Session} session
 */
function selections(session) {
  return Object.entries(session.state.filters).flatMap(([facet, values]) => values.map((value) => ({ facet, value })));
}

/** @param {Session} session */
function results(session) {
  const { texts, answer, hits, state, options, isBusy } = session;
  const heading = answer ? texts.found(texts.cases(texts.number(answer.total)), state.q.trim()) : isBusy ? texts.loading : "";
  return h("section", { class: "results", part: "results", "aria-labelledby": "heading", "aria-busy": String(isBusy) },
    h("div", { class: "results-head" },
      h("h2", { id: "heading", tabindex: -1, part: "heading" }, heading || texts.search),
      answer && h("p", { class: "sort" }, h("label", { for: "sort" }, texts.sort), " ",
        h("select", { id: "sort", value: state.sort, onchange: (/** @type {any} */ event) => session.go({ sort: event.target.value }) },
          texts.sorts.map(([value, label]) => h("option", { key: value, value }, label))))),
    failed(session), active(session), notices(session),
    answer && !hits.length && nothing(session),
    h("ol", { class: "hits" }, hits.map((hit, rank) => result(session, hit, rank))),
    answer && (options.more ? more(session, answer.pages) : pager(session, answer.pages)),
    answer?.near_by_meaning && near(session, answer.near_by_meaning),
    answer && share(session));
}

/** @param {Session} session */
export function failed(session) {
  const { texts, failure } = session;
  if (!failure) return null;
  const reason = failure.status === 400 ? texts.refused : [429, 503].includes(failure.status) ? texts.busy : texts.failed;
  return h("p", { key: "failure", class: "notice", role: "alert", part: "error" }, `${reason} `,
    h("button", { type: "button", class: "quiet", part: "button", onclick: () => session.retry() }, texts.retry));
}

/**
 * A link that adds a filter or removes it.
 * @param {Session} session
 * @param {{facet: string, value: string}} filter
 * @param {Partial<import("./types.js").State>} change What else changes.
 * @param {import("./dom.js").Offered} before
 * @param {import("./dom.js").Offered} [after]
 */
function chip(session, { facet, value }, change, before, after) {
  const { texts, state, answer } = session;
  return h("li", { key: `${facet} ${value}` },
    h("a", { part: "chip", ...linkTo(session, { ...change, filters: toggled(state.filters, facet, value) }) },
      before, h("span", { class: "facet" }, texts.facets[facet] + texts.colon),
      valueLabel(texts, facet, value, labelOf(answer?.facets[facet]?.values ?? [], value)), after));
}

/** @param {Session} session */
function active(session) {
  const { texts } = session;
  const selected = selections(session);
  return selected.length > 0 && h("ul", { class: "active", "aria-label": texts.active },
    selected.map((filter) => chip(session, filter, {}, h("span", { class: "unseen" }, texts.remove), h("span", { "aria-hidden": "true" }, " ×"))),
    selected.length > 1 && h("li", { key: "clear" }, h("a", { class: "clear", ...linkTo(session, { filters: {} }) }, texts.clear)));
}

/** @param {Session} session */
function notices(session) {
  const { texts, state, answer } = session;
  if (!answer) return null;
  const { chips, corrections = [], did_you_mean: offer, missing, optional, derived, lacking_words: lacking } = answer.suggestions;
  const proposed = chips.filter(({ facet, value }) => !(facet in session.options.presets) && !state.filters[facet]?.includes(value));
  /** @param {string} text @param {import("./dom.js").Offered} more */
  const said = (text, more) => more && h("p", { class: "notice" }, text, more);
  const quoted = (/** @type {string[] | undefined} */ words) => words?.map(texts.quoted).join(", ");
  return [
    proposed.length > 0 && h("ul", { class: "chips", "aria-label": texts.chips }, proposed.map((filter) =>
      chip(session, filter, { q: state.q.replace(filter.text, " ").replace(/\s+/g, " ").trim() }, texts.chip))),
    corrections.map(({ from, to }) => said(texts.corrected(from, to), " ")),
    said(texts.missingWords, quoted(missing)),
    said(texts.offer, !corrections[0] && offer && [h("a", linkTo(session, { q: offer }), texts.quoted(offer)), "\u00a0?"]),
    said(texts.optional, quoted(optional)),
    said(texts.derived, quoted(derived)),
    said(texts.lacking, lacking && [texts.number(lacking), " ", lacking < answer.total && h("a", linkTo(session, { matching: "all" }), texts.leaveOut)]),
  ];
}

/** @param {Session} session */
function nothing(session) {
  const { texts, state } = session;
  return h("div", { class: "empty", part: "empty" }, h("slot", { name: "empty" },
    h("p", { class: "empty-title" }, texts.empty),
    h("ul", null,
      selections(session).length > 0 && h("li", { key: "filters" }, h("a", linkTo(session, { filters: {} }), texts.emptyFilters)),
      state.q.trim() && h("li", { key: "words" }, texts.emptyWords),
      h("li", { key: "all" }, h("a", linkTo(session, { q: "", filters: {} }), texts.all)))));
}

/**
 * The link to a case.
 * @param {Session} session
 * @param {import("./types.js").Case} hit
 * @param {number} position Its place from 1; 0 where it is no hit.
 * @param {import("./dom.js").Offered} text
 */
function title(session, hit, position, text) {
  const url = session.caseAddress(hit);
  const select = (/** @type {Event} */ event) => {
    if (!session.tell("rex-select", { id: hit.id, title: hit.title, url, position })) event.preventDefault();
  };
  return h("a", { href: url, part: "title", onclick: select }, text);
}

/**
 * Cases near in meaning, which are no hits.
 * @param {Session} session
 * @param {import("./types.js").Near[]} cases
 */
function near(session, cases) {
  const { texts } = session;
  return h("section", { class: "near", part: "near", "aria-labelledby": "near" },
    h("h2", { id: "near", class: "empty-title" }, texts.near), h("p", null, texts.nearWhy),
    h("ul", null, cases.map((one) => h("li", { key: one.id }, title(session, one, 0, one.title),
      facts([...new Set([one.record.acheteur?.nom, one.record.territoire?.at(-1)]), ...one.reasons])))));
}

/** @param {any[]} list What there is of it is shown. */
function facts(list) {
  const stated = list.filter(Boolean);
  return stated.length > 0 && h("ul", { class: "facts" }, stated.map((fact) => h("li", null, fact)));
}

/**
 * @param {Session} session
 * @param {Hit} hit
 * @param {number} rank
 */
function result(session, hit, rank) {
  const { texts } = session;
  const { record, highlights } = hit;
  const holders = highlights.titulaires ?? [];
  return h("li", { key: hit.id, class: "hit", part: "hit" },
    h("h3", null, title(session, hit, rank + 1, marked(highlights.title))),
    (highlights.acheteur || holders.length > 0) && h("p", { class: "parties" }, highlights.acheteur && marked(highlights.acheteur),
      holders.length > 0 && [
        highlights.acheteur && [h("span", { "aria-hidden": "true" }, " → "), h("span", { class: "unseen" }, texts.awarded)],
        holders.map((holder, nth) => [nth ? ", " : "", marked(holder)]),
      ]),
    facts([
      record.montant_ht != null && texts.tax(texts.euros(record.montant_ht)), record.duree_mois != null && texts.months(record.duree_mois),
      record.procedure, record.territoire?.at(-1),
    ]),
    hit.extract && h("p", { class: "extract" }, hit.extract),
    hit.snippets.map((snippet) => h("p", { class: "snippet", part: "snippet" },
      snippet.section && [h("span", { class: "section" }, snippet.section), " "], marked(snippet.html))));
}

/**
 * @param {Session} session
 * @param {number} last
 */
function pager(session, last) {
  const { texts, state } = session;
  if (last < 2) return null;
  const to = (/** @type {number} */ page) => linkTo(session, { page });
  const numbers = [...new Set([1, ...Array.from({ length: 2 * NEIGHBOURS + 1 }, (_, rank) => state.page - NEIGHBOURS + rank), last])]
    .filter((page) => page >= 1 && page <= last);
  return h("nav", { class: "pager", part: "pager", "aria-label": texts.pages }, h("ul", null,
    state.page > 1 && h("li", { key: "previous" }, h("a", { rel: "prev", ...to(state.page - 1) }, texts.previous)),
    numbers.map((page, rank) => [
      rank > 0 && page > numbers[rank - 1] + 1 && h("li", { key: `before ${page}`, "aria-hidden": "true" }, "…"),
      h("li", { key: page }, h("a", { "aria-current": page === state.page ? "page" : null, ...to(page) },
        h("span", { class: "unseen" }, texts.page), texts.number(page))),
    ]),
    state.page < last && h("li", { key: "next" }, h("a", { rel: "next", ...to(state.page + 1) }, texts.next))));
}

/**
 * @param {Session} session
 * @param {number} last
 */
function more(session, last) {
  return session.state.page < last && h("p", { class: "pager", part: "pager" },
    h("button", { type: "button", part: "button", onclick: () => session.more() }, session.texts.more));
}

/** @param {Session} session */
function share(session) {
  const { texts, state } = session;
  const copy = async () => {
    const link = new URL(session.address({ page: state.page }), location.href).href;
    try {
      await navigator.clipboard.writeText(link);
      session.said = texts.shared;
    } catch {
      // Clipboard access may be denied, for example on an insecure page: show the link to copy by hand.
      session.link = link;
    }
    session.changed();
  };
  return h("p", { class: "share" },
    h("button", { type: "button", class: "quiet", part: "button", onclick: copy }, session.said === texts.shared ? texts.shared : texts.share),
    session.link && h("input", { type: "text", class: "link", readonly: true, value: session.link, "aria-label": texts.link, onfocus: (/** @type {any} */ event) => event.target.select() }),
    h("a", { href: session.export("/v1/export.csv"), download: "" }, texts.csv),
    h("a", { href: session.export("/v1/feed.atom"), type: "application/atom+xml" }, texts.feed));
}
