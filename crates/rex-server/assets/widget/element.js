import { patch, h } from "./dom.js";
import { LOOK } from "./look.js";
import { failed, view } from "./results.js";
import { Session } from "./session.js";
import { FACETS, read, RELEVANCE, written } from "./state.js";
import { EN, FR } from "./texts.js";

// The custom element: attributes in, events out. Its light DOM content is shown until the first answer.

/** The origin of this script: the default server. */
const HOME = new URL(".", import.meta.url).href;
/** Separates the values of a preset filter. */
const BETWEEN = "|";
const LOOKS = ["default", "dsfr"];

const sheet = new CSSStyleSheet();
sheet.replaceSync(`:host { display: block !important; } ${LOOK}`);

class RexSearch extends HTMLElement {
  static observedAttributes = [
    "src", "lang", "look", "color-scheme", "facets", "per-page", "sort", "paging", "case-url", "sync-url", "map", "q", ...FACETS,
  ];

  #root = this.attachShadow({ mode: "open" });
  /** @type {Session | null} */
  #session = null;
  #isDue = false;

  constructor() {
    super();
    this.#root.adoptedStyleSheets = [sheet];
  }

  connectedCallback() {
    this.#begin();
  }

  disconnectedCallback() {
    this.#session?.stop();
    removeEventListener("popstate", this.#moved);
  }

  /** Batches attribute changes into one search. */
  attributeChangedCallback() {
    if (!this.#session || this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      if (this.isConnected) this.#begin();
    });
  }

  /** Starts, or restarts with the last search. */
  #begin() {
    const options = this.#options();
    const before = this.#session;
    before?.stop();
    const session = new Session(options, options.lang === "en" ? EN : FR, this.#state(options, before), () => this.#show(), (name, detail) =>
      this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true, cancelable: name === "rex-select" })));
    if (before) Object.assign(session, { answer: before.answer, hits: before.hits });
    this.#session = session;
    removeEventListener("popstate", this.#moved);
    if (options.prefix !== null) addEventListener("popstate", this.#moved);
    this.#show();
    session.restore(session.state);
  }

  /** Back or forward navigation. */
  #moved = () => this.#session?.restore(this.#said(this.#session.options));

  /** @returns {import("./types.js").Options} */
  #options() {
    const get = (/** @type {string} */ name) => this.getAttribute(name)?.trim() ?? "";
    /** @type {import("./types.js").Filters} */
    const presets = {};
    for (const facet of FACETS) {
      const values = get(facet).split(BETWEEN).map((value) => value.trim()).filter(Boolean);
      if (values.length) presets[facet] = values;
    }
    // `theme` is accepted as an alias of `look`: no case has a theme with these names.
    const isLook = LOOKS.includes(get("theme"));
    if (isLook) delete presets.theme;
    const wanted = this.hasAttribute("facets") ? get("facets").split(",").map((name) => name.trim()) : FACETS;
    const perPage = Number.parseInt(get("per-page"), 10);
    return {
      base: new URL(get("src") || HOME, document.baseURI).href.replace(/[?#].*$/s, "").replace(/\/+$/, ""),
      lang: /^en/i.test(this.closest("[lang]")?.getAttribute("lang") ?? "") ? "en" : "fr",
      look: [(isLook ? get("theme") : get("look")) === "dsfr" && "dsfr", ["light", "dark", "auto"].includes(get("color-scheme")) && get("color-scheme")].filter(Boolean).join(" "),
      facets: wanted.filter((name) => FACETS.includes(name) && !(name in presets)),
      sort: get("sort") || RELEVANCE,
      perPage: Math.min(Math.max(perPage || 10, 1), 100),
      more: get("paging") === "more",
      caseUrl: get("case-url"),
      prefix: this.getAttribute("sync-url"),
      map: this.hasAttribute("map"),
      presets,
    };
  }

  /**
   * The first search: the previous one, that of the address bar, or that of the attributes, with the text typed into the
   * fallback form.
   * @param {import("./types.js").Options} options
   * @param {Session | null} before
   * @returns {import("./types.js").State}
   */
  #state(options, before) {
    if (before) return options.more ? { ...before.state, page: 1 } : before.state;
    const state = this.#said(options);
    if (written(state, "", options.sort).toString() === "") state.q = this.getAttribute("q") ?? "";
    const typed = /** @type {HTMLInputElement | null} */ (this.querySelector("input[name=q]"));
    if (typed && typed.value !== typed.defaultValue) state.q = typed.value;
    return state;
  }

  /**
   * The search in the address bar, with `sync-url`.
   * @param {import("./types.js").Options} options
   */
  #said({ prefix, sort }) {
    return read(new URLSearchParams(prefix === null ? "" : location.search), prefix ?? "", sort);
  }

  #show() {
    const session = this.#session;
    if (!session) return;
    const focused = this.#root.activeElement;
    const outside = this.contains(document.activeElement) && document.activeElement !== this ? document.activeElement : null;
    const isFallback = !session.answer && this.#hasContent();
    patch(this.#root, [
      h("div", { class: `rex ${session.options.look}`, lang: session.options.lang, part: "rex" },
        isFallback ? [failed(session), h("slot", null)] : view(session)),
    ]);
    if (!isFallback) this.#keepFocus(session, focused, outside);
  }

  /** Whether there is fallback content. */
  #hasContent() {
    return [...this.children].some((child) => !child.slot);
  }

  /**
   * Keeps the keyboard focus in place.
   * @param {Session} session
   * @param {Element | null} focused What had the focus within the widget.
   * @param {Element | null} outside What had it in the content that the widget took the place of.
   */
  #keepFocus(session, focused, outside) {
    const find = (/** @type {string} */ selector) => /** @type {HTMLElement | null} */ (this.#root.querySelector(selector));
    const heading = find("#heading");
    if (outside && !outside.closest("[slot]")) {
      const { name, value, selectionStart, selectionEnd } = /** @type {HTMLInputElement} */ (outside);
      const same = name === "q" ? find("#q") : find(`input[name="${CSS.escape(name ?? "")}"][value="${CSS.escape(value ?? "")}"]`);
      (same ?? heading)?.focus({ preventScroll: true });
      if (name === "q") /** @type {HTMLInputElement} */ (same).setSelectionRange(selectionStart, selectionEnd);
      return;
    }
    if (session.focus !== "" && !session.isPending && focused !== find("#q")) {
      const target = session.focus === "heading" ? heading : find(`.hit:nth-child(${session.focus + 1}) a`);
      if (session.focus === "heading" && this.getBoundingClientRect().top < 0) this.scrollIntoView();
      target?.focus({ preventScroll: session.focus === "heading" });
      session.focus = "";
    } else if (focused && !focused.isConnected) heading?.focus({ preventScroll: true });
  }
}

if (!customElements.get("rex-search")) customElements.define("rex-search", RexSearch);
