// Other origins than that of Rex: a site that embeds the widget, and a Rex of bad conduct.

import { readFile } from "node:fs/promises";
import { createServer, request as ask } from "node:http";
import { extname, join } from "node:path";
import { after } from "node:test";

/**
 * A web server on a free port, closed after the tests of a file.
 * @param {(request: import("node:http").IncomingMessage, response: import("node:http").ServerResponse) => void} answer
 * @returns {Promise<string>} Its origin.
 */
async function serve(answer) {
  const server = createServer(answer);
  // What is still open when the tests are over keeps nobody waiting.
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
 * A web server of folders, each below a path; the first whose path begins an address is asked.
 * @param {Record<string, string>} folders
 * @returns {Promise<string>} Its origin.
 */
export function files(folders) {
  return serve(async (request, response) => {
    // What leads out of a folder is resolved before it is looked up.
    const { pathname } = new URL(request.url, "http://files");
    const [path, folder] = Object.entries(folders).find(([path]) => pathname.startsWith(path));
    const name = join(folder, pathname.slice(path.length), pathname.endsWith("/") ? "index.html" : "");
    const content = await readFile(name).catch(() => null);
    if (content === null) return response.writeHead(404).end();
    response.writeHead(200, { "content-type": TYPES[extname(name)] ?? "application/octet-stream" }).end(content);
  });
}

/** Somebody's site. */
export class Host {
  #pages = new Map();

  static async start() {
    const host = new Host();
    host.origin = await serve((request, response) => host.#answer(request, response));
    return host;
  }

  /**
   * Puts a page, or any other file, at an address of its own.
   * @param {string} content
   * @param {Record<string, string>} [headers]
   * @returns {string} The whole address.
   */
  put(content, headers = {}) {
    const path = `/${this.#pages.size + 1}`;
    this.#pages.set(path, { content, headers: { "content-type": "text/html; charset=utf-8", ...headers } });
    return this.origin + path;
  }

  #answer(request, response) {
    const page = this.#pages.get(new URL(request.url, "http://host").pathname);
    // Browsers ask for an icon, and log that there is none.
    if (!page) return response.writeHead(request.url === "/favicon.ico" ? 204 : 404).end();
    response.writeHead(200, page.headers).end(page.content);
  }
}

/**
 * A page that embeds widgets.
 * @param {string} rex Where the script comes from.
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
 * @param {string} rex Where it asks.
 * @param {string} [attributes]
 * @param {string} [within]
 */
export function widget(rex, attributes = "", within = "") {
  return `<rex-search src="${rex}" ${attributes}>${within}</rex-search>`;
}

/** What one puts into the element, for those without scripts. */
export function fallback(rex) {
  return `<form action="${rex}/recherche"><label>Rechercher un cas <input name="q" type="search"></label> <button>Rechercher</button></form>`;
}

/**
 * A server that passes everything on to a Rex, but for what a test takes over.
 *
 * `asked` are the requests that came, in order: `path`, `parameters`, and `isGone`, whether their asker went away before the answer.
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

  /** Answers a path in its own way, from now on; `rank` counts from 0. */
  take(path, answer) {
    let rank = 0;
    this.#taken.set(path, (asked, reply) => answer({ ...asked, rank: rank++ }, reply));
  }

  /** Passes everything on again, and forgets what was asked. */
  reset() {
    this.#taken.clear();
    this.asked = [];
  }

  /** What was asked of a path, in order. */
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

/** How a request is answered. */
class Reply {
  #request;
  #response;
  #rex;

  constructor(request, response, rex) {
    this.#request = request;
    this.#response = response;
    this.#rex = rex;
  }

  /** As Rex does; `change` makes other JSON of its JSON. */
  pass(change) {
    // Whoever asked has gone: an answer that nobody reads would keep its connection open for good.
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

  /** Not at all: the connection breaks. */
  reset() {
    this.#request.socket.destroy();
  }
}
