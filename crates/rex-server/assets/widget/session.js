import { Failure, Question, isFacet, isSearch, isSuggest } from "./client.js";
import { MISSING, RELEVANCE, windowAddress, written } from "./state.js";

// One search as it goes on: what is asked, what was answered, what is open. It knows no element.

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Answer} Answer */
/** @typedef {import("./types.js").Value} Value */

/** A pause in typing, in milliseconds. */
const PAUSE = 200;
/** How long a search may take before it is said that one waits: shorter ones would only flicker. */
const SLOW = 400;
/** Letters from which completions are asked for. */
const ENOUGH = 2;

export class Session {
  /** @type {Answer | null} */
  answer = null;
  /** @type {import("./types.js").Hit[]} */
  hits = [];
  /** @type {Failure | null} */
  failure = null;
  /** Whether an answer is awaited, and whether for so long that it is said. */
  isPending = false;
  isBusy = false;
  /** @type {import("./types.js").Completion[]} */
  completions = [];
  /** Which completion is pointed at; -1 for none. */
  active = -1;
  /** @type {Record<string, string | null>} Ranges being slid, by facet. */
  sliding = {};
  /** @type {Record<string, {text: string, values: Value[] | null}>} Searches inside facets. */
  within = {};
  /** @type {Set<string>} What is unfolded, by name. */
  unfolded = new Set();
  /** @type {Set<string>} Facets shown for these words: they stay, so that none moves under the pointer. */
  seen = new Set();
  /** What a screen reader is told. */
  said = "";
  /** The link to copy by hand, where the browser does not. */
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
  /** Whether completions are of use: they come while words are typed, and not after. */
  #isTyping = false;
  /** The last page that was to stay above what was asked for last. */
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

  /** Ends everything under way. */
  stop() {
    for (const timer of Object.values(this.#timers)) clearTimeout(timer);
    for (const question of [this.#searching, this.#completing, ...Object.values(this.#looking)]) question.drop();
  }

  /**
   * The words as they are being typed: asked for at the next pause.
   * @param {string} q
   */
  type(q) {
    this.#isTyping = true;
    this.state = { ...this.state, q, page: 1 };
    this.#later("search", PAUSE, () => {
      this.#complete();
      this.#search(false);
    });
    this.changed();
  }

  /**
   * Another search, now or after a pause.
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

  /** The page after those shown, below them. */
  more() {
    const before = this.state.page;
    this.state = { ...this.state, page: before + 1 };
    this.#search(false, before);
  }

  /** What failed, again. */
  retry() {
    this.focus = "heading";
    if (this.#shown) this.more();
    else this.#search(false);
  }

  /**
   * The search of another address of this window, which is there already.
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
   * A range being slid: asked for once it is left alone.
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
   * The values of a facet that hold a text.
   * @param {string} facet
   * @param {string} text
   */
  look(facet, text) {
    this.within[facet] = { text, values: this.within[facet]?.values ?? null };
    this.#later(facet, PAUSE, () => this.#look(facet));
    this.changed();
  }

  /**
   * Unfolds or folds.
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
   * Values in the order in which they were first shown for these words, so that none moves under the pointer.
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
   * The address of a search: in this window where it is kept there, else on the pages of Rex.
   * @param {Partial<State>} change
   */
  address(change) {
    const state = { ...this.state, page: 1, ...change };
    const { prefix, base } = this.options;
    return prefix === null ? `${base}/recherche?${written(this.#whole(state))}` : windowAddress(state, this.options);
  }

  /**
   * The address of what else Rex makes of this search.
   * @param {string} path
   */
  export(path) {
    return `${this.options.base}${path}?${written({ ...this.#whole(this.state), page: 1 })}`;
  }

  /**
   * The page of a case.
   * @param {import("./types.js").Hit} hit
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

  /** Searches as soon as it can; the first search of a session. */
  start() {
    this.#search(false);
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
      // A page past the last one: the last one.
      if (!answer.hits.length && answer.total && this.state.page > answer.pages) {
        this.state = { ...this.state, page: Math.max(answer.pages, 1) };
        return this.#search(isStep);
      }
      // Values as cases write them, whatever an address called them: check boxes and links are of those.
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

  /** No longer waiting. */
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
   * The same words twice would not be read out: a space makes them others.
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
      const answer = await this.#completing.ask(`${this.options.base}/v1/suggest?${new URLSearchParams({ q })}`, isSuggest);
      if (!answer) return;
      this.completions = answer.suggestions.filter((/** @type {any} */ one) => typeof one?.text === "string" && typeof one.html === "string");
      if (this.completions.length) this.#say(this.texts.optionCount(this.texts.number(this.completions.length)));
    } catch {
      // One can search without completions.
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
      const answer = await question.ask(`${this.options.base}/v1/facets/${facet}?${parameters}`, isFacet);
      if (!answer) return;
      this.within[facet] = { text, values: answer.values };
      this.#say(this.texts.optionCount(this.texts.number(answer.values.length)));
    } catch {
      this.within[facet] = { text, values: [] };
    }
    this.changed();
  }
}
