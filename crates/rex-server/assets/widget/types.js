// Types shared by the widget modules. Not part of the script.

/**
 * A search.
 * @typedef {object} State
 * @property {string} q The words.
 * @property {Filters} filters
 * @property {string} matching A value of `matching`; empty for the default.
 * @property {string} sort A value of `tri`.
 * @property {number} page From 1.
 */

/** @typedef {Record<string, string[]>} Filters By facet, the values selected, as the API takes them. */

/**
 * A value of a facet. Hierarchies select by `path`, others by `value`.
 * @typedef {{value: string, path?: string, label?: string, code?: string, count: number, selected: boolean, children?: Value[]}} Value
 */

/** @typedef {{from: number, to: number | null, count: number}} Bar */

/**
 * @typedef {object} Facet
 * @property {string} kind `terms`, `hierarchy` or `range`.
 * @property {Value[]} [values]
 * @property {number} [total_values]
 * @property {number} [max]
 * @property {Bar[]} [histogram]
 * @property {number} missing
 */

/** @typedef {{id: string, url: string, title: string}} Case */

/** @typedef {Case & {reasons: string[], record: {acheteur?: {nom: string}, territoire?: string[]}}} Near A case near in meaning. */

/**
 * @typedef {object} Hit
 * @property {string} id
 * @property {string} url
 * @property {string} title
 * @property {{montant_ht?: number, duree_mois?: number, procedure?: string, territoire?: string[]}} record
 * @property {{title: string, acheteur?: string, titulaires?: string[]}} highlights
 * @property {{section: string, html: string}[]} snippets
 * @property {string} [extract]
 */

/**
 * @typedef {object} Answer
 * @property {number} total
 * @property {number} page
 * @property {number} pages
 * @property {number} took_ms
 * @property {Hit[]} hits
 * @property {Record<string, Facet>} facets
 * @property {Near[]} [near_by_meaning]
 * @property {{filters: Filters}} [query] What was asked, as the server writes it.
 * @property {{did_you_mean?: string | null, corrections?: {from: string, to: string}[], relaxed: boolean, lacking_words?: number, missing?: string[], optional?: string[],
 *   derived?: string[], chips: {text: string, facet: string, value: string}[]}} suggestions
 */

/** @typedef {{text: string, kind: string, count: number, html: string, value?: string, other_name?: string}} Completion */

/**
 * The settings from the attributes of an element.
 * @typedef {object} Options
 * @property {string} base Where Rex is, without a `/` at the end.
 * @property {"fr" | "en"} lang
 * @property {string} look Classes of the theme and of the colour scheme.
 * @property {string[]} facets Those shown, in order.
 * @property {number} perPage
 * @property {string} sort The order to begin with.
 * @property {boolean} more Whether pages follow each other in one list.
 * @property {string} caseUrl Where the page of a case is, `{id}` for its id; empty for the pages of Rex.
 * @property {string | null} prefix Of the parameters in the address bar; null where the address is left alone.
 * @property {boolean} map
 * @property {Filters} presets Filters that always apply.
 */

export {};
