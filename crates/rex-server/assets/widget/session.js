import { Failure, Question, isSearch } from "./client.js";
import { MISSING, RELEVANCE, windowAddress, written } from "./state.js";

// The state of a search: request, answer, open disclosures. Independent of the DOM.

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Answer} Answer */
/** @typedef {import("./types.js").Value} Value */

/** Debounce delay of typing in milliseconds. */
const PAUSE = 200;
/** Delay in milliseconds before a busy indicator is shown, to avoid flicker. */
const SLOW = 400;
/** Minimum number of characters for completions. */
const ENOUGH = 2;

export class Session {
  /** @type {Answer | null} */
  answer = null;
  /** @type {import("./types.js").Hit[]} */
  hits = [];
  /** @type {Failure | null} */
  failure = null;
  /** Whether a request is pending, and whether the busy indicator is shown. */
  isPending = false;
  isBusy = false;
  /** @type {import("./types.js").Completion[]} */
  completions = [];
  /** Index of the active completion; -1 for none. */
  active = -1;
  /** @type {Record<string, string | null>} Ranges being slid, by facet. */
  sliding = {};
  /** @type {Record<string, {text: string, values: Value[] | null}>} Searches inside facets. */
  within = {};
  /** @type {Set<string>} What is unfolded, by name. */
  unfolded = new Set();
  /** @type {Set<string>} Facets shown for these words: they stay, so that none moves under the pointer. */
  seen = new Set();
  /** The text of the live region. */
  said = "";
  /** The link to copy by hand, where the clipboard is not available. */
  link = "";
  /** @type {"" | "heading" | number} Where the focus goes next: to the heading of the results, or to the hit of a rank. */
  focus = "";
  #searching = new Question();
  #completing = new Question();
  /** @type {Record<string, Question>} */
  #looking = {};
  /** @type {Record<string, ReturnType<typeof setTimeout>>} */
  #timers = {};
  /** @type {Record<string, Map<string, number>>} The ranks that the values of each facet had when first shown for these words. */
  #orders = {};
  #words = "";
  /** Whether completions are wanted: while typing, not after a search. */
  #isTyping = false;
  /** The last page kept above the page requested last. */
  #shown = 0;

  /**
   * @param {import("./types.js").Options} options
   * @param {import("./texts.js").Texts} texts
   * @param {State} state
   * @param {() => void} changed Called when something else is to be shown; what it throws is taken for a malformed answer.
   * @param {(name: string, detail: object) => boolean} tell Tells the site; false where it takes over.
   */
  constructor(options, texts, state, changed, tell) {
    this.options = options;
    this.texts = texts;
    this.state = state;
    this.changed = changed;
    this.tell = tell;
  }

  /** Aborts all requests and timers. */
  stop() {
    for (const timer of Object.values(this.#timers)) clearTimeout(timer);
    for (const question of [this.#searching, this.#completing, ...Object.values(this.#looking)]) question.drop();
  }

  /**
   * Text being typed: completed after the debounce delay.
   * @param {string} q
   */
  type(q) {
    this.#isTyping = true;
    this.state = { ...this.state, q, matching: "", page: 1 };
    this.#later("search", PAUSE, () => {
      this.#complete();
      this.#search(false);
    });
    this.changed();
  }

  /**
   * Runs another search, now or after the debounce delay.
   * @param {Partial<State>} change
   * @param {number} [pause] In milliseconds.
   */
  go(change, pause = 0) {
    this.close();
    this.state = { ...this.state, page: 1, ...change };
    this.isPending = true;
    this.#later("search", pause, () => this.#search(true));
    this.changed();
  }

  /** Loads the next page below the current ones. */
  more() {
    const before = this.state.page;
    this.state = { ...this.state, page: before + 1 };
    this.#search(false, before);
  }

  /** Retries the failed request. */
  retry() {
    this.focus = "heading";
    if (this.#shown) this.more();
    else this.#search(false);
  }

  /**
   * Runs the first search, or that of an address that the window already has.
   * @param {State} state
   */
  restore(state) {
    this.close();
    this.state = state;
    this.#search(false);
  }

  /** Closes the completions. */
  close() {
    this.#isTyping = false;
    this.#completing.drop();
    this.completions = [];
    this.active = -1;
  }

  /**
   * A slider being moved: searched after the debounce delay.
   * @param {string} facet
   * @param {string | null} value
   * @param {boolean} isSettled
   */
  slide(facet, value, isSettled) {
    this.sliding[facet] = value;
    if (!isSettled) return this.changed();
    const others = (this.state.filters[facet] ?? []).filter((known) => known === MISSING);
    this.go({ filters: { ...this.state.filters, [facet]: value ? [value, ...others] : others } }, PAUSE);
  }

  /**
   * Searches the values of a facet.
   * @param {string} facet
   * @param {string} text
   */
  look(facet, text) {
    this.within[facet] = { text, values: this.within[facet]?.values ?? null };
    this.#later(facet, PAUSE, () => this.#look(facet));
    this.changed();
  }

  /**
   * Opens or closes a disclosure.
   * @param {string} name
   * @param {boolean} isOpen
   */
  unfold(name, isOpen) {
    if (isOpen === this.unfolded.has(name)) return;
    if (isOpen) this.unfolded.add(name);
    else this.unfolded.delete(name);
    this.changed();
  }

  /**
   * Keeps values in the order first shown for a query, so that none moves under the pointer.
   * @param {string} name
   * @param {Value[]} values
   * @returns {Value[]}
   */
  inOrder(name, values) {
    const ranks = (this.#orders[name] ??= new Map());
    const rank = (/** @type {Value} */ value) => {
      const id = value.path ?? value.value;
      return ranks.get(id) ?? (ranks.set(id, ranks.size), ranks.size - 1);
    };
    return values.map((value) => ({ value, rank: rank(value) })).sort((one, other) => one.rank - other.rank).map(({ value }) => value);
  }

  /**
   * The address of a search: of this window with `sync-url`, else of the Rex pages.
   * @param {Partial<State>} change
   */
  address(change) {
    const state = { ...this.state, page: 1, ...change };
    const { prefix, base } = this.options;
    return prefix === null ? `${base}/recherche?${written(this.#whole(state))}` : windowAddress(state, this.options);
  }

  /**
   * The address of the CSV export or the feed of this search.
   * @param {string} path
   */
  export(path) {
    return `${this.options.base}${path}?${written({ ...this.#whole(this.state), page: 1 })}`;
  }

  /**
   * The page of a case.
   * @param {import("./types.js").Case} hit
   */
  caseAddress(hit) {
    const { caseUrl, base } = this.options;
    if (caseUrl) return caseUrl.replaceAll("{id}", encodeURIComponent(hit.id));
    const search = written(this.#whole(this.state)).toString();
    return base + hit.url + (search && `?${search}`);
  }

  /** @param {State} state */
  #whole(state) {
    return { ...state, filters: { ...state.filters, ...this.options.presets } };
  }

  /**
   * @param {string} name
   * @param {number} pause
   * @param {() => void} then
   */
  #later(name, pause, then) {
    clearTimeout(this.#timers[name]);
    this.#timers[name] = setTimeout(then, pause);
  }

  /**
   * @param {boolean} isStep Whether one can come back to where one was by the buttons of the browser.
   * @param {number} [shown] The last page that stays above.
   * @returns {Promise<void>}
   */
  async #search(isStep, shown = 0) {
    const { base, perPage, facets, prefix, more } = this.options;
    const parameters = written(this.#whole(this.state));
    parameters.append("par_page", String(perPage));
    parameters.append("facettes", facets.join());
    const { filters } = this.state;
    clearTimeout(this.#timers.search);
    this.#shown = shown;
    this.isPending = true;
    this.#later("slow", SLOW, () => {
      this.isBusy = true;
      this.changed();
    });
    try {
      const answer = await this.#searching.ask(`${base}/v1/search?${parameters}`, isSearch);
      if (!answer) return;
      this.#settle();
      // Beyond the last page: show the last one.
      if (!answer.hits.length && answer.total && this.state.page > answer.pages) {
        this.state = { ...this.state, page: Math.max(answer.pages, 1) };
        return this.#search(isStep);
      }
      // The API returns canonical filter values: check boxes and links use those.
      for (const facet in filters) filters[facet] = answer.query?.filters[facet] ?? filters[facet];
      this.#take(answer, shown);
    } catch (error) {
      this.#fail(error, shown);
      return;
    }
    if (prefix !== null) {
      const address = windowAddress(more ? { ...this.state, page: 1 } : this.state, this.options);
      if (isStep && address !== location.pathname + location.search + location.hash) history.pushState(null, "", address);
      else history.replaceState(history.state, "", address);
    }
    for (const facet of Object.keys(this.within)) if (this.within[facet].text) this.#look(facet);
  }

  /** Clears the busy state. */
  #settle() {
    clearTimeout(this.#timers.slow);
    this.isPending = false;
    this.isBusy = false;
    this.failure = null;
    this.link = "";
  }

  /**
   * @param {Answer} answer
   * @param {number} shown
   */
  #take(answer, shown) {
    const before = { answer: this.answer, hits: this.hits };
    if (this.#words !== this.state.q.trim()) {
      this.#orders = {};
      this.seen.clear();
    }
    this.#words = this.state.q.trim();
    this.sliding = {};
    if (shown) this.focus = this.hits.length;
    this.hits = shown ? [...this.hits, ...answer.hits] : answer.hits;
    this.answer = answer;
    this.#say(this.texts.cases(this.texts.number(answer.total)));
    try {
      this.changed();
    } catch (error) {
      Object.assign(this, before);
      throw new Failure(200, String(error));
    }
    const { q, filters, sort, page } = this.#whole(this.state);
    this.tell("rex-search", { q, filters, sort, page, total: answer.total, took_ms: answer.took_ms });
  }

  /**
   * @param {unknown} error
   * @param {number} shown
   */
  #fail(error, shown) {
    this.#settle();
    this.failure = error instanceof Failure ? error : new Failure(0, String(error));
    if (shown) this.state = { ...this.state, page: shown };
    this.changed();
    this.tell("rex-error", { status: this.failure.status, message: this.failure.message });
  }

  /**
   * Screen readers skip an unchanged text: an added space makes it differ.
   * @param {string} text
   */
  #say(text) {
    this.said = this.said === text ? `${text}\u00a0` : text;
  }

  async #complete() {
    const q = this.state.q.trim();
    this.active = -1;
    if (q.length < ENOUGH || !this.#isTyping) {
      this.completions = [];
      return this.changed();
    }
    try {
      const answer = await this.#completing.ask(`${this.options.base}/v1/suggest?${new URLSearchParams({ q })}`, (found) => Array.isArray(found.suggestions));
      if (!answer) return;
      this.completions = answer.suggestions.filter((/** @type {any} */ one) => typeof one?.text === "string" && typeof one.html === "string");
      if (this.completions.length) this.#say(this.texts.optionCount(this.texts.number(this.completions.length)));
    } catch {
      // Completions are optional.
      this.completions = [];
    }
    this.changed();
  }

  /** @param {string} facet */
  async #look(facet) {
    const { text } = this.within[facet];
    const question = (this.#looking[facet] ??= new Question());
    if (!text.trim()) {
      question.drop();
      this.within[facet] = { text, values: null };
      return this.changed();
    }
    const parameters = written({ ...this.#whole(this.state), q: text, sort: RELEVANCE, page: 1 });
    if (this.state.q.trim()) parameters.append("recherche", this.state.q.trim());
    try {
      const answer = await question.ask(`${this.options.base}/v1/facets/${facet}?${parameters}`, (found) => Array.isArray(found.values));
      if (!answer) return;
      this.within[facet] = { text, values: answer.values };
      this.#say(this.texts.optionCount(this.texts.number(answer.values.length)));
    } catch {
      this.within[facet] = { text, values: [] };
    }
    this.changed();
  }
}
