import { h } from "./dom.js";
import { marked } from "./marked.js";

// The search field with completions: the combobox pattern of the ARIA Authoring Practices, without automatic selection.

/**
 * The search form.
 * @param {import("./session.js").Session} session
 */
export function field(session) {
  const { texts, state, completions, active } = session;
  const isOpen = completions.length > 0;
  const choose = (/** @type {number} */ rank) => session.go({ q: completions[rank].text });
  const point = (/** @type {number} */ rank) => {
    session.active = rank;
    session.changed();
  };
  const close = () => {
    session.close();
    session.changed();
  };
  const keys = (/** @type {KeyboardEvent} */ event) => {
    // Keys belong to the input method during composition.
    if (event.isComposing || !isOpen) return;
    const count = completions.length;
    if (event.key === "ArrowDown") point(active + 1 < count ? active + 1 : -1);
    else if (event.key === "ArrowUp") point(active < 0 ? count - 1 : active - 1);
    else if (event.key === "Enter" && active >= 0) choose(active);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  };
  return h("form", {
    class: "search", role: "search", part: "search",
    onsubmit: (/** @type {Event} */ event) => {
      event.preventDefault();
      session.go({});
    },
  },
  h("label", { for: "q" }, texts.label),
  h("div", { class: "field" },
    h("input", {
      id: "q", name: "q", type: "search", part: "input", maxlength: 512, value: state.q, autocomplete: "off", spellcheck: "false",
      role: "combobox", "aria-autocomplete": "list", "aria-controls": "options", "aria-expanded": String(isOpen),
      "aria-activedescendant": active < 0 ? null : `option-${active}`,
      oninput: (/** @type {any} */ event) => session.type(event.target.value), onkeydown: keys, onblur: () => isOpen && close(),
    }),
    h("ul", {
      class: "options", id: "options", role: "listbox", part: "options", hidden: !isOpen, "aria-label": texts.options,
      // The focus stays in the field.
      onmousedown: (/** @type {Event} */ event) => event.preventDefault(),
    }, completions.map((completion, rank) => h("li", {
      key: rank, id: `option-${rank}`, role: "option", part: "option", "aria-selected": String(rank === active), onclick: () => choose(rank),
    }, h("span", null, marked(completion.html)), h("span", { class: "kind" },
      texts.kinds[completion.kind] ?? texts.facets[completion.kind], completion.other_name && " · " + completion.other_name)))),
    h("button", { part: "button" }, texts.search)));
}
