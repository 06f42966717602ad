// Chromium for these tests: screens, errors of a page, axe, the accessibility tree, waiting.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";
import { after } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { chromium } from "playwright-core";

/** Timeout of every wait in milliseconds, far longer than needed. */
export const PATIENCE = 60_000;
const PAUSE = 25;

/** Options of a page: screens and preferences, which can be combined. */
export const DESKTOP = { viewport: { width: 1280, height: 900 } };
export const PHONE = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };
export const NARROW = { viewport: { width: 320, height: 640 } };
/** A desktop at 200 % zoom: half the CSS pixels, each twice as large. */
export const ZOOMED = { viewport: { width: 640, height: 450 }, deviceScaleFactor: 2 };
export const DARK = { colorScheme: "dark" };
export const FORCED_COLOURS = { forcedColors: "active" };
export const CALM = { reducedMotion: "reduce" };
export const NO_SCRIPTS = { javaScriptEnabled: false };

/**
 * The URL of a site, from the environment.
 * @param {"SHIPPED" | "MANY" | "HOSTILE" | "MADE" | "MARKUP" | "CLOSED"} name
 */
export function site(name) {
  const address = process.env[`REX_${name}`];
  assert.ok(address, `REX_${name} has to be the address of a Rex: \`cargo test --package rex-tests --test browser\` sets it`);
  return address.replace(/\/$/, "");
}

/** Launches Chromium for all tests of a file, and closes it after them. */
export async function chromiumOf(...flags) {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const candidates = ["chromium", "google-chrome", "chrome"].flatMap((name) => folders.map((folder) => join(folder, name)));
  const executablePath = candidates.find((path) => existsSync(path));
  assert.ok(executablePath, "no Chromium or Chrome on the PATH: `cargo xtask test` installs it");
  const browser = await chromium.launch({
    executablePath,
    timeout: PATIENCE,
    // No sandbox, as tests may run as root in a container; no requests to the vendor.
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking", "--disable-component-update", ...flags],
  });
  after(() => browser.close());
  return browser;
}

/**
 * Opens a page for a test, and records its errors.
 * @param {import("node:test").TestContext} test
 * @param {import("playwright-core").Browser} browser
 * @param {...object} screens
 */
export async function open(test, browser, ...screens) {
  const context = await browser.newContext({ locale: "fr-FR", ...DESKTOP, ...Object.assign({}, ...screens) });
  test.after(() => context.close());
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  return watched(page);
}

/**
 * Records on a page its errors and requests: `page.errors` are exceptions, console errors and CSP violations, `page.asked` the URLs of
 * all requests.
 * @param {import("playwright-core").Page} page
 */
async function watched(page) {
  const errors = [];
  const asked = [];
  page.on("pageerror", (error) => errors.push(`exception: ${error.stack ?? error}`));
  page.on("console", (message) => message.type() === "error" && errors.push(`console: ${message.text()}`));
  page.on("dialog", (dialog) => {
    errors.push(`dialog: ${dialog.message()}`);
    dialog.dismiss().catch(() => {});
  });
  page.on("request", (request) => asked.push(request.url()));
  await page.exposeFunction("noteViolation", (violation) => errors.push(`policy: ${violation}`));
  await page.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => window.noteViolation(`${event.violatedDirective} ${event.blockedURI}`));
  });
  return Object.assign(page, { errors, asked });
}

/** Checks that a page has no errors, and sent requests only to the given hosts. */
export function unharmed(page, ...origins) {
  assert.deepEqual(page.errors, []);
  const others = page.asked.filter((url) => /^https?:/.test(url) && !origins.includes(new URL(url).origin));
  assert.deepEqual(others, [], "a request to another host");
}

/**
 * Waits until a condition holds, and returns its value.
 * @template T
 * @param {string} what
 * @param {() => T | Promise<T>} check
 * @returns {Promise<T>}
 */
export async function until(what, check) {
  const end = Date.now() + PATIENCE;
  let last;
  while (Date.now() < end) {
    try {
      last = await check();
      if (last) return last;
    } catch (error) {
      // Fails during a navigation.
      last = error;
    }
    await wait(PAUSE);
  }
  assert.fail(`${what}: not in ${PATIENCE} ms; at last: ${last instanceof Error ? last.stack : JSON.stringify(last)}`);
}

/**
 * Waits until a value is as expected.
 * @param {() => unknown} read
 * @param {unknown} expected
 */
export async function becomes(read, expected) {
  let seen;
  const isThere = async () => isDeepStrictEqual((seen = await read()), expected);
  await until(`${JSON.stringify(expected)}`, isThere).catch((error) => {
    assert.deepEqual(seen, expected);
    throw error;
  });
}

/** Waits until all animations of a page have finished. */
export async function atRest(page) {
  await page.evaluate(async () => {
    const roots = [document, ...[...document.querySelectorAll("rex-search")].map((element) => element.shadowRoot).filter(Boolean)];
    await Promise.all(roots.flatMap((root) => root.getAnimations()).map((animation) => animation.finished.catch(() => {})));
  });
}

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Violations that axe finds on a page, by all its rules and target size, which is off by default. */
export async function violations(page) {
  await atRest(page);
  await page.evaluate(`if (!window.axe) { ${AXE} }`);
  const found = await page.evaluate(async () => {
    const { violations } = await window.axe.run(document, { resultTypes: ["violations"], rules: { "target-size": { enabled: true } } });
    return violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map((node) => `${node.target.join(" ")}: ${node.failureSummary}`) }));
  });
  return found.map(({ id, help, nodes }) => `${id} (${help}), ${nodes.length} times, as\n    ${nodes.slice(0, 3).join("\n    ")}`);
}

/** Checks that axe finds no violation on a page. */
export async function accessible(page, what) {
  const found = await violations(page);
  assert.equal(found.length, 0, `${what}:\n  ${found.join("\n  ")}`);
}

/**
 * Checks that a page does not scroll sideways. A phone zooms out of a page that is too wide, so the layout width is compared.
 * @param {import("playwright-core").Page} page
 * @param {string} what
 */
export async function fits(page, what) {
  const { width, window, widest } = await page.evaluate(() => {
    const all = (/** @type {ParentNode} */ root) => [...root.querySelectorAll("*")].flatMap((element) => [element, ...(element.shadowRoot ? all(element.shadowRoot) : [])]);
    const seen = all(document.body).map((element) => ({ element, right: Math.round(element.getBoundingClientRect().right) }));
    const last = seen.sort((one, other) => other.right - one.right).slice(0, 5);
    return {
      width: document.documentElement.scrollWidth,
      window: document.documentElement.clientWidth,
      widest: last.map(({ element, right }) => `${element.tagName.toLowerCase()}.${element.getAttribute("class")} up to ${right}`),
    };
  });
  assert.ok(width <= window, `${what}: ${width} pixels wide in a window of ${window}; ${widest.join(", ")}`);
}

/**
 * The accessibility tree of a page: nodes with `role`, `name`, `states`, `points` (targets of `controls`, `activedescendant` and
 * similar) and `children`.
 * @param {import("playwright-core").Page} page
 */
export async function tree(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("Accessibility.enable");
  const { nodes } = await session.send("Accessibility.getFullAXTree");
  await session.detach();
  const made = new Map(nodes.map((node) => [node.nodeId, {
    role: node.role?.value ?? "", name: node.name?.value ?? "", value: node.value?.value, isIgnored: node.ignored, backend: node.backendDOMNodeId,
    states: Object.fromEntries((node.properties ?? []).filter(({ value }) => !value.relatedNodes).map(({ name, value }) => [name, value.value])),
    points: {}, children: [],
  }]));
  const byBackend = new Map([...made.values()].map((node) => [node.backend, node]));
  for (const node of nodes) {
    const one = made.get(node.nodeId);
    one.children = (node.childIds ?? []).map((id) => made.get(id)).filter(Boolean);
    for (const { name, value } of node.properties ?? []) {
      if (value.relatedNodes) one.points[name] = value.relatedNodes.map(({ backendDOMNodeId }) => byBackend.get(backendDOMNodeId)).filter(Boolean);
    }
  }
  return made.get(nodes[0].nodeId);
}

const CONTROLS = "a, button, input:not([type=hidden]), select, summary, fieldset";

/**
 * The rendered controls of a page, each with its accessible name. Works on pages without scripts.
 * @param {import("playwright-core").Page} page
 * @returns {Promise<{name: string, html: string}[]>}
 */
export async function controls(page) {
  const session = await page.context().newCDPSession(page);
  const expression = `[...document.querySelectorAll("${CONTROLS}")].filter((element) => element.checkVisibility({ visibilityProperty: true }))`;
  const { result } = await session.send("Runtime.evaluate", { expression });
  const list = await session.send("Runtime.getProperties", { objectId: result.objectId, ownProperties: true });
  const found = [];
  for (const { value } of list.result.filter(({ name }) => /^\d+$/.test(name))) {
    const { objectId } = value;
    const { nodes } = await session.send("Accessibility.getPartialAXTree", { objectId, fetchRelatives: false });
    const html = await session.send("Runtime.callFunctionOn", { objectId, functionDeclaration: "function () { return this.outerHTML.slice(0, 200) }" });
    found.push({ name: nodes[0].name?.value ?? "", html: html.result.value });
  }
  await session.detach();
  return found;
}

/** All exposed nodes below a node, in order, optionally of one role. */
export function told(node, role) {
  const below = node.children.flatMap((child) => told(child, role));
  return !node.isIgnored && (!role || node.role === role) ? [node, ...below] : below;
}

/** The only node with a role and, if given, a name. */
export function only(node, role, name) {
  const found = told(node, role).filter((one) => name === undefined || one.name === name);
  assert.equal(found.length, 1, `${found.length} nodes are a ${role} ${name ?? ""}; there are: ${told(node, role).map((one) => one.name).join(" | ")}`);
  return found[0];
}
