// Sends requests to the API. A new request of a kind aborts the one before.

/** Request timeout in milliseconds. */
const PATIENCE = 15000;

/** A failed request or an invalid answer. */
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

/** One kind of request. */
export class Question {
  /** @type {AbortController | null} */
  #asked = null;

  /** Aborts the request. */
  drop() {
    this.#asked?.abort();
    this.#asked = null;
  }

  /**
   * The JSON at an address; undefined where the request was aborted.
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
 * Whether a JSON value is a search answer.
 * @param {any} answer
 */
export function isSearch(answer) {
  return Number.isFinite(answer.total) && Number.isFinite(answer.pages) && Array.isArray(answer.hits)
    && answer.hits.every((/** @type {any} */ hit) => typeof hit?.id === "string" && typeof hit.url === "string" && hit.record && typeof hit.highlights?.title === "string" && Array.isArray(hit.snippets))
    && typeof answer.facets === "object" && answer.facets !== null && Array.isArray(answer.suggestions?.chips);
}
