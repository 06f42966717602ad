// Servers of other origins: a site that embeds the widget, and a proxy to Rex that can misbehave.

import { readFile } from "node:fs/promises";
import { createServer, request as ask } from "node:http";
import { extname, join } from "node:path";
import { after } from "node:test";

/**
 * Starts a web server on a free port, closed after the tests of a file.
 * @param {(request: import("node:http").IncomingMessage, response: import("node:http").ServerResponse) => void} answer
 * @returns {Promise<string>} Its origin.
 */
async function serve(answer) {
  const server = createServer(answer);
  // Open connections must not delay the exit.
  server.unref();
  server.on("connection", (socket) => socket.unref());
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${server.address().port}`;
}

const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".mjs": "text/javascript; charset=utf-8" };

/**
 * Starts a web server of folders, each below a path; the first matching path is used.
 * @param {Record<string, string>} folders
 * @returns {Promise<string>} Its origin.
 */
export function files(folders) {
  return serve(async (request, response) => {
    // `URL` resolves `..`, so no path leads out of the folder.
    const { pathname } = new URL(request.url, "http://files");
    const [path, folder] = Object.entries(folders).find(([path]) => pathname.startsWith(path));
    const name = join(folder, pathname.slice(path.length), pathname.endsWith("/") ? "index.html" : "");
    const content = await readFile(name).catch(() => null);
    if (content === null) return response.writeHead(404).end();
    response.writeHead(200, { "content-type": TYPES[extname(name)] ?? "application/octet-stream" }).end(content);
  });
}

/** The site of a publisher. */
export class Host {
  #pages = new Map();

  static async start() {
    const host = new Host();
    host.origin = await serve((request, response) => host.#answer(request, response));
    return host;
  }

  /**
   * Adds a page or another file at a new URL.
   * @param {string} content
   * @param {Record<string, string>} [headers]
   * @returns {string} Its full URL.
   */
  put(content, headers = {}) {
    const path = `/${this.#pages.size + 1}`;
    this.#pages.set(path, { content, headers: { "content-type": "text/html; charset=utf-8", ...headers } });
    return this.origin + path;
  }

  #answer(request, response) {
    const page = this.#pages.get(new URL(request.url, "http://host").pathname);
    // Browsers request an icon, and log an error if it is missing.
    if (!page) return response.writeHead(request.url === "/favicon.ico" ? 204 : 404).end();
    response.writeHead(200, page.headers).end(page.content);
  }
}

/**
 * A page that embeds widgets.
 * @param {string} rex Origin of the script.
 * @param {string} body
 * @param {{head?: string, lang?: string}} [rest]
 */
export function embedding(rex, body, { head = "", lang = "fr" } = {}) {
  return `<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Un site</title>${head}<script type="module" src="${rex}/rex-search.js"></script></head>
<body><header><p>En-tête du site</p></header><main><h1>Un site</h1>${body}</main></body></html>`;
}

/**
 * A widget as HTML.
 * @param {string} rex Origin of the API.
 * @param {string} [attributes]
 * @param {string} [within]
 */
export function widget(rex, attributes = "", within = "") {
  return `<rex-search src="${rex}" ${attributes}>${within}</rex-search>`;
}

/** Fallback content of the element, for browsers without scripts. */
export function fallback(rex) {
  return `<form action="${rex}/recherche"><label>Rechercher un cas <input name="q" type="search"></label> <button>Rechercher</button></form>`;
}

/**
 * A proxy to Rex, except for the paths that a test takes over.
 *
 * `asked` are the requests in order: `path`, `parameters`, and `isGone`, whether the client disconnected before the answer.
 */
export class Between {
  /** @type {{path: string, parameters: URLSearchParams, isGone: boolean}[]} */
  asked = [];
  #rex;
  /** @type {Map<string, (asked: {parameters: URLSearchParams, rank: number}, reply: Reply) => unknown>} */
  #taken = new Map();

  static async start(rex) {
    const between = new Between();
    between.#rex = new URL(rex);
    between.origin = await serve((request, response) => between.#answer(request, response));
    return between;
  }

  /** Takes over a path; `rank` is the number of its request, from 0. */
  take(path, answer) {
    let rank = 0;
    this.#taken.set(path, (asked, reply) => answer({ ...asked, rank: rank++ }, reply));
  }

  /** Stops taking over paths, and clears `asked`. */
  reset() {
    this.#taken.clear();
    this.asked = [];
  }

  /** The requests for a path, in order. */
  of(path) {
    return this.asked.filter((one) => one.path === path);
  }

  #answer(request, response) {
    const { pathname, searchParams } = new URL(request.url, "http://between");
    const asked = { path: pathname, parameters: searchParams, isGone: false };
    this.asked.push(asked);
    response.on("close", () => (asked.isGone = !response.writableFinished));
    const reply = new Reply(request, response, this.#rex);
    const taken = this.#taken.get(pathname);
    if (taken) Promise.resolve(taken({ parameters: searchParams }, reply)).catch((error) => reply.reset(error));
    else reply.pass();
  }
}

/** Answers a request. */
class Reply {
  #request;
  #response;
  #rex;

  constructor(request, response, rex) {
    this.#request = request;
    this.#response = response;
    this.#rex = rex;
  }

  /** With the answer of Rex, its JSON transformed by `change`. */
  pass(change) {
    // The client has disconnected: an unread answer would keep the connection to Rex open.
    if (this.#response.destroyed) return;
    const { url, method, headers } = this.#request;
    const options = { host: this.#rex.hostname, port: this.#rex.port, path: url, method, headers: { ...headers, host: this.#rex.host } };
    if (change) options.headers = { host: this.#rex.host, origin: headers.origin ?? "" };
    const passed = ask(options, (answer) => {
      if (!change) {
        this.#response.writeHead(answer.statusCode, answer.headers);
        return answer.pipe(this.#response);
      }
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("end", () => this.send(200, JSON.stringify(change(JSON.parse(Buffer.concat(parts).toString())))));
    });
    passed.on("error", () => this.reset());
    this.#response.on("close", () => passed.destroy());
    this.#request.pipe(passed);
  }

  /** With a status and a body. */
  send(status, body, headers = {}) {
    this.#response.writeHead(status, { "content-type": "application/json", "access-control-allow-origin": "*", ...headers }).end(body);
  }

  /** Breaks the connection. */
  reset() {
    this.#request.socket.destroy();
  }
}
