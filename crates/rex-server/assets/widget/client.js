// Asks Rex, one question of a kind at a time: a new one takes back the one before.

/** How long an answer may take, in milliseconds. */
const PATIENCE = 15000;

/** An answer that did not come, or is none. */
export class Failure extends Error {
  /**
   * @param {number} status 0 where there was no answer at all.
   * @param {string} message
   */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** One kind of question. */
export class Question {
  /** @type {AbortController | null} */
  #asked = null;

  /** Takes the question back: its answer is never heard. */
  drop() {
    this.#asked?.abort();
    this.#asked = null;
  }

  /**
   * The JSON of an address; undefined where the question was taken back before its answer came.
   * @param {string} url
   * @param {(answer: any) => boolean} isAnswer Whether the JSON is what it should be.
   * @returns {Promise<any>}
   * @throws {Failure}
   */
  async ask(url, isAnswer) {
    this.drop();
    const asked = new AbortController();
    this.#asked = asked;
    const late = setTimeout(() => asked.abort(), PATIENCE);
    try {
      const response = await fetch(url, { signal: asked.signal, credentials: "omit" });
      const answer = await response.json().catch(() => null);
      if (this.#asked !== asked) return undefined;
      if (!response.ok) throw new Failure(response.status, String(answer?.detail ?? response.statusText));
      if (!answer || !isAnswer(answer)) throw new Failure(response.status, "not an answer of Rex");
      return answer;
    } catch (error) {
      if (this.#asked !== asked) return undefined;
      throw error instanceof Failure ? error : new Failure(0, String(/** @type {Error} */ (error).message));
    } finally {
      clearTimeout(late);
    }
  }
}

/**
 * Whether JSON has what a list of results is made from.
 * @param {any} answer
 */
export function isSearch(answer) {
  return Number.isFinite(answer.total) && Number.isFinite(answer.pages) && Array.isArray(answer.hits)
    && answer.hits.every((/** @type {any} */ hit) => typeof hit?.id === "string" && typeof hit.url === "string" && hit.record && typeof hit.highlights?.title === "string" && Array.isArray(hit.snippets))
    && typeof answer.facets === "object" && answer.facets !== null && Array.isArray(answer.suggestions?.chips);
}

/**
 * Whether JSON is a list of completions.
 * @param {any} answer
 */
export function isSuggest(answer) {
  return Array.isArray(answer.suggestions);
}

/**
 * Whether JSON is a list of values of a facet.
 * @param {any} answer
 */
export function isFacet(answer) {
  return Array.isArray(answer.values);
}
