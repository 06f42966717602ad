// The search as URL parameters, the same as in the HTTP API.

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Filters} Filters */

/** The facets in display order. */
export const FACETS = [
  "territoire", "montant", "procedure", "reserve", "duree", "theme", "nature", "structure", "cpv", "acheteur", "titulaire",
  "considerations", "annee", "type",
];
export const MISSING = "non-renseigne";
/** The default sort order of the API. */
export const RELEVANCE = "pertinence";

/**
 * Whether one territory contains the other: as alternatives, the smaller one would be redundant.
 * @param {string} one
 * @param {string} other
 */
const isAround = (one, other) => one.startsWith(`${other} > `) || other.startsWith(`${one} > `);

/**
 * The filters with a value toggled.
 * @param {Filters} filters
 * @param {string} facet
 * @param {string} value
 * @returns {Filters}
 */
export function toggled(filters, facet, value) {
  const values = filters[facet] ?? [];
  return {
    ...filters,
    [facet]: values.includes(value) ? values.filter((known) => known !== value) : [...values.filter((known) => !isAround(known, value)), value],
  };
}

/**
 * The parameters of a search.
 * @param {State} state
 * @param {string} [prefix]
 * @param {string} [usual] The order that need not be said.
 * @returns {URLSearchParams}
 */
export function written(state, prefix = "", usual = RELEVANCE) {
  const parameters = new URLSearchParams();
  const add = (/** @type {string} */ name, /** @type {string} */ value) => parameters.append(prefix + name, value);
  if (state.q.trim()) add("q", state.q.trim());
  for (const facet of FACETS) for (const value of state.filters[facet] ?? []) add(facet, value);
  if (state.matching) add("matching", state.matching);
  if (state.sort !== usual) add("tri", state.sort);
  if (state.page > 1) add("page", String(state.page));
  return parameters;
}

/**
 * Parses a search; unknown parameters are ignored.
 * @param {URLSearchParams} parameters
 * @param {string} prefix
 * @param {string} usual The order where none is said.
 * @returns {State}
 */
export function read(parameters, prefix, usual) {
  /** @type {Filters} */
  const filters = {};
  for (const facet of FACETS) {
    const values = [...new Set(parameters.getAll(prefix + facet))].filter(Boolean);
    if (values.length) filters[facet] = values;
  }
  return {
    q: parameters.get(`${prefix}q`) ?? "",
    filters,
    matching: parameters.get(`${prefix}matching`) ?? "",
    sort: parameters.get(`${prefix}tri`) || usual,
    page: Math.max(1, Number.parseInt(parameters.get(`${prefix}page`) ?? "1", 10) || 1),
  };
}

/**
 * The address of this window with a search; unrelated parameters are kept.
 * @param {State} state
 * @param {import("./types.js").Options} options
 * @returns {string}
 */
export function windowAddress(state, options) {
  const prefix = options.prefix ?? "";
  const parameters = new URLSearchParams(location.search);
  for (const name of ["q", "matching", "tri", "page", ...FACETS]) parameters.delete(prefix + name);
  for (const [name, value] of written(state, prefix, options.sort)) parameters.append(name, value);
  const query = parameters.toString();
  return location.pathname + (query && `?${query}`) + location.hash;
}
