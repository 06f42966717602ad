// Hostile cases and answers are shown as text: no code runs and no layout breaks.

import assert from "node:assert/strict";
import { test } from "node:test";
import { chromiumOf, fits, NO_SCRIPTS, open, PHONE, site, unharmed } from "./harness.mjs";
import { settled, Widget } from "./parts.mjs";
import { Between, embedding, Host, widget } from "./servers.mjs";

const HOSTILE = site("HOSTILE");
const SHIPPED = site("SHIPPED");
const browser = await chromiumOf();
const host = await Host.start();

/** Checks that no code of a case has run, and no markup of a case is markup of the page. */
async function nothingRan(page) {
  // Lists every element with an event handler, and every one that could only come from a case.
  const found = await page.evaluate(() => {
    const all = (root) => [...root.querySelectorAll("*")].flatMap((element) => [element, ...(element.shadowRoot ? all(element.shadowRoot) : [])]);
    return {
      pris: window.pris ?? null,
      handlers: all(document).filter((element) => [...element.attributes].some(({ name }) => name.startsWith("on"))).map((element) => element.outerHTML.slice(0, 200)),
      foreign: all(document.body).filter((element) => element.matches("img, iframe, object, embed, [style*=fixed], [href^='javascript:' i], [href^='data:' i]")).map((element) => element.outerHTML.slice(0, 200)),
    };
  });
  assert.deepEqual(found, { pris: null, handlers: [], foreign: [] });
}

const ids = (await (await fetch(`${HOSTILE}/v1/search?facettes=`)).json()).hits.map((hit) => hit.url);
const PATHS = ["/", "/recherche?q=script", "/recherche?q=interminable", `/recherche?q=${encodeURIComponent("<img src=x onerror=window.pris=1>")}`, "/integrer", ...ids];

test("there are hostile cases", () => assert.equal(ids.length, 4));

for (const [what, screen] of [["on a desktop", {}], ["on a phone", PHONE], ["without scripts, on a phone", { ...PHONE, ...NO_SCRIPTS }]]) {
  test(`pages show them as text ${what}`, async (t) => {
    for (const path of PATHS) {
      const page = await open(t, browser, screen);
      await page.goto(HOSTILE + path);
      if (!screen.javaScriptEnabled && !("javaScriptEnabled" in screen)) await settled(page);
      await nothingRan(page);
      await fits(page, `${path} ${what}`);
      unharmed(page, HOSTILE);
      await page.close();
    }
  });
}

test("the widget shows them as text, everything unfolded and chosen, on a phone", async (t) => {
  const page = await open(t, browser, PHONE);
  await page.goto(host.put(embedding(HOSTILE, widget(HOSTILE, "map sync-url"))));
  const search = await new Widget(page).ready();
  const text = await search.results.innerText();
  assert.ok(text.includes("<script>window.pris='script'</script>"), text.slice(0, 2000));
  await search.drawer.click();
  const folded = search.part(".filters fieldset details:not([open]) > summary");
  while (await folded.count()) await folded.first().click();
  await nothingRan(page);
  await fits(page, "unfolded");
  await search.facet("theme").locator("input[type=checkbox]").first().check();
  await search.active.first().waitFor();
  await search.active.first().click();
  await search.totals(4);
  await search.field.fill("</scr");
  await nothingRan(page);
  await fits(page, "chosen");
  await search.field.fill("script");
  await search.field.press("Enter");
  await search.marks.first().waitFor();
  await nothingRan(page);
  unharmed(page, HOSTILE, host.origin);
});

test("markup in place of text in an answer is shown as text", async (t) => {
  const between = await Between.start(SHIPPED);
  const markup = "<img src=x onerror=\"window.pris='img'\"><mark onclick=\"window.pris=1\">a</mark><mark>b<svg onload=\"window.pris='svg'\"></mark>";
  const worse = (value) => {
    if (typeof value === "string") return value.includes("/cas/") ? value : `${markup}${value}`;
    if (Array.isArray(value)) return value.map(worse);
    return value && typeof value === "object" ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, ["kind", "generation", "id"].includes(name) ? one : worse(one)])) : value;
  };
  between.take("/v1/search", (_, reply) => reply.pass(worse));
  between.take("/v1/suggest", (_, reply) => reply.pass(worse));
  const page = await open(t, browser);
  await page.goto(host.put(embedding(between.origin, widget(between.origin, "map"))));
  const search = await new Widget(page).ready();
  await search.field.fill("insertion");
  await search.options.first().waitFor();
  assert.ok((await search.options.first().innerText()).includes("<img src=x"));
  assert.ok((await search.titles.first().innerText()).includes("<svg onload"));
  await nothingRan(page);
  await fits(page, "markup");
  assert.deepEqual(page.errors, []);
});

test("a javascript: URL is not followed", async (t) => {
  const between = await Between.start(SHIPPED);
  between.take("/v1/search", (_, reply) => reply.pass((answer) => ({ ...answer, hits: answer.hits.map((hit) => ({ ...hit, url: "javascript:window.pris='lien'" })) })));
  const page = await open(t, browser);
  await page.goto(host.put(embedding(between.origin, widget(between.origin))));
  const search = await new Widget(page).ready();
  // The origin of Rex is put before it, so it is a URL of Rex.
  assert.ok((await search.titles.first().getAttribute("href")).startsWith(`${between.origin}`));
  await nothingRan(page);
});
