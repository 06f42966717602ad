// The element is added, removed and changed: no leaks, and no typed text is lost.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { becomes, chromiumOf, open, site, unharmed, until } from "./harness.mjs";
import { Widget } from "./parts.mjs";
import { embedding, fallback, Host, widget } from "./servers.mjs";

const SHIPPED = site("SHIPPED");
const TIMES = 100;
/** Milliseconds. */
const LOOK_AGAIN = 250;
const browser = await chromiumOf("--js-flags=--expose-gc");
const host = await Host.start();

/** Counts of objects of a page after garbage collection. */
async function held(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  await session.send("HeapProfiler.collectGarbage");
  const counts = await session.send("Memory.getDOMCounters");
  await session.detach();
  return counts;
}

/** The minimum of several counts: an answer shown between collection and count leaves a view of handlers until the next collection. */
async function least(page) {
  const looks = [];
  for (let look = 0; look < 4; look++) {
    looks.push(await held(page));
    await wait(LOOK_AGAIN);
  }
  const of = (name) => Math.min(...looks.map((counts) => counts[name]));
  return { jsEventListeners: of("jsEventListeners"), nodes: of("nodes") };
}

test(`removed and put back ${TIMES} times, it holds no more listeners and no more nodes`, async (t) => {
  const page = await open(t, browser);
  await page.goto(host.put(embedding(SHIPPED, widget(SHIPPED, "map sync-url", fallback(SHIPPED)))));
  const search = await new Widget(page).ready();
  const again = (times) => page.evaluate(async (times) => {
    const element = document.querySelector("rex-search");
    const main = element.parentNode;
    for (let time = 0; time < times; time++) {
      element.remove();
      await new Promise((done) => setTimeout(done));
      main.append(element);
      await new Promise((done) => setTimeout(done));
    }
  }, times);
  await again(3);
  await search.totals(5);
  const before = await least(page);
  await again(TIMES);
  await search.totals(5);
  await until("that no search is under way", async () => (await search.results.getAttribute("aria-busy")) === "false");
  const after = await least(page);
  // One leak per element would add up to a hundred.
  assert.ok(after.jsEventListeners - before.jsEventListeners < TIMES / 4, `${before.jsEventListeners} listeners became ${after.jsEventListeners}`);
  assert.ok(after.nodes - before.nodes < TIMES, `${before.nodes} nodes became ${after.nodes}`);

  // It still works: one search, one answer, one history entry.
  const asked = () => page.asked.filter((address) => address.includes("/v1/search")).length;
  const count = asked();
  await search.send("bambou");
  await search.totals(1);
  assert.equal(asked() - count, 1);
  await page.goBack();
  await search.totals(5);
  unharmed(page, SHIPPED, host.origin);
});

test("a hundred elements added and removed leave nothing behind", async (t) => {
  const page = await open(t, browser);
  await page.goto(host.put(embedding(SHIPPED, "<div id=place></div>")));
  await until("the element", () => page.evaluate(() => Boolean(customElements.get("rex-search"))));
  const come = (times) => page.evaluate(async ({ times, rex }) => {
    const place = document.querySelector("#place");
    for (let time = 0; time < times; time++) {
      const element = document.createElement("rex-search");
      element.setAttribute("src", rex);
      element.setAttribute("sync-url", "");
      place.append(element);
      if (time % 10 === 0) await new Promise((done) => element.addEventListener("rex-search", done, { once: true }));
      else await new Promise((done) => setTimeout(done));
      element.remove();
    }
  }, { times, rex: SHIPPED });
  await come(11);
  const before = await least(page);
  await come(TIMES);
  const after = await least(page);
  assert.ok(after.jsEventListeners - before.jsEventListeners < TIMES / 4, `${before.jsEventListeners} listeners became ${after.jsEventListeners}`);
  assert.ok(after.nodes - before.nodes < 10 * TIMES, `${before.nodes} nodes became ${after.nodes}`);
});

test("attributes can be changed at any time, and the search stays", async (t) => {
  const page = await open(t, browser);
  await page.goto(host.put(embedding(SHIPPED, widget(SHIPPED))));
  const search = await new Widget(page).ready();
  await search.field.fill("insertion");
  await search.field.press("Enter");
  await until("results", async () => (await search.heading.innerText()).includes("insertion"));
  const set = (name, value) => search.element.evaluate((element, [name, value]) => element.setAttribute(name, value), [name, value]);
  await set("lang", "en");
  await becomes(async () => (await search.submit.innerText()).trim(), "Search");
  assert.equal(await search.field.inputValue(), "insertion");
  await set("look", "dsfr");
  await set("color-scheme", "dark");
  await becomes(() => search.element.evaluate((element) => element.shadowRoot.querySelector(".rex").className), "rex dsfr dark");
  await set("territoire", "Occitanie");
  await search.totals(1);
  await set("facets", "theme");
  await becomes(() => search.facets.evaluateAll((facets) => facets.map((facet) => facet.dataset.facet)), ["theme"]);
  // All at once: one search.
  const asked = () => page.asked.filter((address) => address.includes("/v1/search")).length;
  const count = asked();
  await search.element.evaluate((element) => {
    element.removeAttribute("territoire");
    element.setAttribute("per-page", "2");
    element.setAttribute("nature", "services");
  });
  await becomes(() => search.hits.count(), 2);
  assert.equal(asked() - count, 1);
  unharmed(page, SHIPPED, host.origin);
});

test("an element works the same before and after its script is loaded", async (t) => {
  const page = await open(t, browser);
  await page.goto(host.put(embedding(SHIPPED, widget(SHIPPED, "q=bambou"))));
  await new Widget(page, 0).totals(1);
  await page.evaluate((rex) => {
    const element = document.createElement("rex-search");
    element.setAttribute("src", rex);
    element.setAttribute("q", "bambou");
    document.querySelector("main").append(element);
  }, SHIPPED);
  await new Widget(page, 1).totals(1);
  // Loading the script again defines nothing twice.
  await page.evaluate((rex) => import(`${rex}/rex-search.js?again`), SHIPPED);
  unharmed(page, SHIPPED, host.origin);
});

test("text typed before the script loads is kept, with focus and selection", async (t) => {
  const page = await open(t, browser);
  let release;
  const held = new Promise((done) => (release = done));
  await page.route("**/rex-search.js", async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(host.put(embedding(SHIPPED, widget(SHIPPED, "", fallback(SHIPPED)))), { waitUntil: "commit" });
  const form = page.getByLabel("Rechercher un cas");
  await form.click();
  await page.keyboard.type("bambou");
  await page.keyboard.press("Shift+Home");
  release();
  const search = new Widget(page);
  await search.totals(1);
  assert.equal(await search.field.inputValue(), "bambou");
  assert.equal(await search.focused(), "q");
  assert.deepEqual(await search.field.evaluate((field) => [field.selectionStart, field.selectionEnd]), [0, 6]);
  unharmed(page, SHIPPED, host.origin);
});

test("slots of the site are shown where they belong", async (t) => {
  const page = await open(t, browser);
  const within = `${fallback(SHIPPED)}<p slot="header">Bienvenue</p><p slot="empty">Rien chez nous.</p>`;
  await page.goto(host.put(embedding(SHIPPED, widget(SHIPPED, "", within))));
  const search = await new Widget(page).ready();
  assert.ok(await page.getByText("Bienvenue").isVisible());
  assert.ok(!(await page.getByText("Rien chez nous.").isVisible()));
  assert.ok(!(await page.getByLabel("Rechercher un cas").isVisible()), "the form has been taken over");
  await search.field.fill("zzzzqqq");
  await search.field.press("Enter");
  await page.getByText("Rien chez nous.").waitFor();
});
