import { h } from "./dom.js";
import { map } from "./map.js";
import { range, rangeLabel } from "./range.js";
import { MISSING, toggled } from "./state.js";

// The filters: a fieldset per facet.

/** @typedef {import("./types.js").Value} Value */
/** @typedef {import("./types.js").Facet} Facet */
/** @typedef {import("./session.js").Session} Session */

/** Values shown before "show more". */
const SHOWN = 8;
/** Number of values from which a search field is shown. */
const LONG = 15;

/** @param {Value} value */
const idOf = (value) => value.path ?? value.value;

/**
 * The label of a value: that of the CPV code, the last level of a territory, or its own.
 * @param {import("./texts.js").Texts} texts
 * @param {string} facet
 * @param {string} value
 * @param {string} [label]
 */
export function valueLabel(texts, facet, value, label) {
  if (value === MISSING) return texts.missing;
  if (value.includes("..") && (facet === "montant" || facet === "duree")) return rangeLabel(texts, facet, value);
  if (facet === "cpv") return `${/^\d\d0{6}$/.test(value) ? value.slice(0, 2) : value} ${label ?? ""}`.trim();
  if (facet === "territoire") return value.split(" > ").at(-1) ?? value;
  return ["type", "nature", "reserve"].includes(facet) ? (texts.values[value] ?? value) : value;
}

/**
 * The label of a value, searched among values and their descendants.
 * @param {Value[]} values
 * @param {string} id
 * @returns {string | undefined}
 */
export function labelOf(values, id) {
  for (const value of values) {
    const label = idOf(value) === id ? value.label : labelOf(value.children ?? [], id);
    if (label) return label;
  }
  return undefined;
}

/**
 * The facets that can narrow the results.
 * @param {Session} session
 */
export function facets(session) {
  const { options, answer } = session;
  return options.facets.map((name) => {
    const facet = answer?.facets[name];
    if (!facet || !(session.seen.has(name) || narrows(session, name, facet))) return null;
    session.seen.add(name);
    return fieldset(session, name, facet);
  });
}

/**
 * Whether a facet can narrow the results, or is selected.
 * @param {Session} session
 * @param {string} name
 * @param {Facet} facet
 */
function narrows(session, name, facet) {
  if (session.state.filters[name]?.length || session.within[name]) return true;
  if (facet.kind === "range") return (facet.histogram?.length ?? 0) > 1 || (facet.missing > 0 && facet.max != null);
  return facet.missing > 0 ? facet.values?.length !== 0 : tellsApart(facet.values ?? [], session.answer?.total ?? 0);
}

/**
 * Whether there are several values, cases without the only one, or several values below it.
 * @param {Value[]} values
 * @param {number} total
 * @returns {boolean}
 */
function tellsApart(values, total) {
  const [only, ...others] = values;
  return others.length > 0 || (only !== undefined && (only.count !== total || tellsApart(only.children ?? [], total)));
}

/**
 * @param {Session} session
 * @param {string} name
 * @param {Facet} facet
 */
function fieldset(session, name, facet) {
  const { texts, state } = session;
  const selected = state.filters[name] ?? [];
  const missing = (facet.missing > 0 || selected.includes(MISSING))
    && h("ul", { key: "missing" }, item(session, name, { value: MISSING, count: facet.missing, selected: selected.includes(MISSING) }));
  return h("fieldset", { key: name, class: "facet", "data-facet": name, part: "facet" },
    h("legend", null, texts.facets[name]),
    facet.kind === "range"
      ? range(texts, name, facet, name in session.sliding ? [session.sliding[name] ?? ""].filter(Boolean) : selected, (value, isSettled) => session.slide(name, value, isSettled))
      : values(session, name, facet),
    missing);
}

/**
 * @param {Session} session
 * @param {string} name
 * @param {Facet} facet
 */
function values(session, name, facet) {
  const { texts, options, state } = session;
  const all = session.inOrder(name, facet.values ?? []);
  const found = session.within[name]?.values;
  const isLong = (facet.total_values ?? 0) > LONG;
  const first = all.length > SHOWN + 2 ? all.filter((value, rank) => rank < SHOWN || isUsed(value)) : all;
  const others = all.filter((value) => !first.includes(value));
  return [
    name === "territoire" && options.map && all.some((value) => value.code) && map(texts, all, (value) => linkTo(session, { filters: toggled(state.filters, name, idOf(value)) }, "")),
    isLong && h("input", {
      class: "within", part: "input", type: "search", value: session.within[name]?.text ?? "", maxlength: 200, autocomplete: "off",
      "aria-label": texts.within + texts.facets[name], placeholder: texts.within + texts.facets[name],
      oninput: (/** @type {any} */ event) => session.look(name, event.target.value),
    }),
    h("ul", null, (found ?? first).map((value) => item(session, name, value))),
    !found && others.length > 0 && fold(session, `${name}+`, false,
      [texts.others(others.length), h("span", { class: "unseen" }, texts.colon + texts.facets[name])],
      () => h("ul", null, others.map((value) => item(session, name, value)))),
  ];
}

/**
 * The address of another search; a plain click runs it in place.
 * @param {Session} session
 * @param {Partial<import("./types.js").State>} change
 * @param {"" | "heading"} [focus] Where it goes then.
 */
export function linkTo(session, change, focus = "heading") {
  return {
    href: session.address(change),
    onclick: (/** @type {MouseEvent} */ event) => {
      if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      session.focus = focus;
      session.go(change);
    },
  };
}

/**
 * @param {Value} value
 * @returns {boolean}
 */
function isUsed(value) {
  return value.selected || (value.children ?? []).some(isUsed);
}

/**
 * Collapses chains of single children in the CPV tree: only the last one is shown.
 * @param {string} name
 * @param {Value} value
 * @returns {Value}
 */
function shortcut(name, value) {
  const [only, ...others] = value.children ?? [];
  return name === "cpv" && only && !others.length && only.count === value.count && !value.selected ? shortcut(name, only) : value;
}

/**
 * A check box and its children.
 * @param {Session} session
 * @param {string} name
 * @param {Value} value
 * @returns {import("./dom.js").Description}
 */
function item(session, name, value) {
  const { texts, state } = session;
  const id = idOf(value);
  const label = valueLabel(texts, name, value.value, value.label);
  const children = value.children ?? [];
  return h("li", { key: id },
    h("label", { class: "choice" },
      h("input", {
        type: "checkbox", name, value: id, checked: (state.filters[name] ?? []).includes(id),
        onchange: () => session.go({ filters: toggled(session.state.filters, name, id) }),
      }),
      h("span", { class: "name" }, label), h("span", { class: "count" }, texts.number(value.count))),
    children.length > 0 && fold(session, `${name} ${id}`, isUsed(value),
      [texts.refine, h("span", { class: "unseen" }, ` ${label}`)],
      () => h("ul", null, session.inOrder(`${name} ${id}`, children).map((child) => item(session, name, shortcut(name, child))))));
}

/**
 * A disclosure; its content is rendered once it is open.
 * @param {Session} session
 * @param {string} name
 * @param {boolean} isUsedWithin Whether it is open from the start.
 * @param {import("./dom.js").Offered} summary
 * @param {() => import("./dom.js").Description} content
 */
function fold(session, name, isUsedWithin, summary, content) {
  const isOpen = session.unfolded.has(name) !== isUsedWithin;
  return h("details", {
    key: name, open: isOpen,
    ontoggle: (/** @type {any} */ event) => session.unfold(name, event.target.open !== isUsedWithin),
  }, h("summary", null, summary), isOpen && content());
}
