// axe finds no violation in any state of the widget, in any theme.

import assert from "node:assert/strict";
import { test } from "node:test";
import { accessible, chromiumOf, DARK, open, PHONE, site, until } from "./harness.mjs";
import { Widget } from "./parts.mjs";
import { Between, embedding, fallback, Host, widget } from "./servers.mjs";

const SHIPPED = site("SHIPPED");
const MANY = site("MANY");
const browser = await chromiumOf();
const host = await Host.start();

/** A widget on a page of another origin. */
async function shown(t, { rex = MANY, attributes = "", within = "", screen = {}, lang = "fr" }) {
  const page = await open(t, browser, screen);
  await page.goto(host.put(embedding(rex, widget(rex, attributes, within), { lang })));
  return { page, search: new Widget(page) };
}

/** States of the widget: the URL to open, and the actions there. */
const STATES = {
  results: [{}, async () => {}],
  "no result": [{ attributes: "q=zzzzqqq" }, (search) => search.empty.waitFor()],
  "a single case": [{ rex: SHIPPED, attributes: "q=bambou" }, (search) => search.totals(1)],
  "words corrected, filters proposed": [{ rex: SHIPPED, attributes: "q='insertoin tolouse MAPA'" }, (search) => search.notices.first().waitFor()],
  "suggestions, the second pointed at": [{}, async (search) => {
    await search.field.fill("collec");
    await search.options.nth(1).waitFor();
    await search.field.press("ArrowDown");
    await search.field.press("ArrowDown");
    await until("an option", async () => (await search.options.nth(1).getAttribute("aria-selected")) === "true");
  }],
  "everything unfolded": [{ attributes: "map" }, async (search) => {
    const folded = search.part(".filters fieldset details:not([open]) > summary");
    // Unfolding reveals more to unfold.
    while (await folded.count()) await folded.first().click();
  }],
  "filters chosen": [{}, async (search) => {
    await search.choice("procedure", "Procédure adaptée").check();
    await search.totals(500);
    await search.sliders("montant").first().press("ArrowRight");
    await until("two filters", async () => (await search.active.count()) >= 2);
  }],
  "a tile of the map chosen": [{ attributes: "map" }, async (search) => {
    await search.part(".tiles a").first().click();
    await search.active.first().waitFor();
  }],
  "a search inside a facet": [{}, async (search) => {
    await search.facet("titulaire").locator("input.within").fill("39");
    await search.choice("titulaire", "Coopérative 39").waitFor();
  }],
  "the last page": [{ attributes: "per-page=100" }, async (search) => {
    await search.pageLink("Page 10").or(search.pager.locator("a", { hasText: /10$/ })).first().click();
    await until("no next page", async () => (await search.pageLink("Suivante").count()) === 0);
  }],
  "more results below": [{ attributes: "paging=more" }, async (search) => {
    await search.more.click();
    await until("twenty results", async () => (await search.hits.count()) === 20);
  }],
  "a link to copy by hand": [{}, async (search, page) => {
    await page.evaluate(() => Object.defineProperty(navigator, "clipboard", { value: { writeText: () => Promise.reject(new Error("no")) } }));
    await search.copy.click();
    await search.part(".share input").waitFor();
  }],
  "a header and an empty state of the site": [{ attributes: "q=zzzzqqq", within: "<p slot=header>Chercher un marché</p><p slot=empty>Rien du tout.</p>" }, (search) => search.page.getByText("Rien du tout.").waitFor()],
};

/** States in which an element has its own colour. */
const COLOURED = [
  "results", "words corrected, filters proposed", "suggestions, the second pointed at", "everything unfolded", "filters chosen", "a tile of the map chosen",
  "a link to copy by hand",
];

const LOOKS = [
  ["the default", {}, Object.keys(STATES)],
  ["dark", { screen: DARK, attributes: "color-scheme=auto" }, COLOURED],
  ["the look of the State", { attributes: "look=dsfr color-scheme=light" }, COLOURED],
  ["the look of the State, dark", { attributes: "look=dsfr color-scheme=dark" }, COLOURED],
  ["in English", { attributes: "lang=en", lang: "en" }, ["results", "no result", "filters chosen"]],
];

for (const [look, options, names] of LOOKS) {
  test(`no state has a violation of axe: ${look}`, async (t) => {
    for (const name of names) {
      await t.test(name, async (t) => {
        const [state, act] = STATES[name];
        const { page, search } = await shown(t, { ...options, ...state, attributes: `${options.attributes ?? ""} ${state.attributes ?? ""}` });
        await search.ready();
        await act(search, page);
        await accessible(page, `${name}, ${look}`);
      });
    }
  });
}

test("in English the widget speaks English", async (t) => {
  const { search } = await shown(t, { rex: SHIPPED, lang: "en" });
  await search.ready();
  assert.match(await search.heading.innerText(), /^5 cases$/);
  assert.equal(await search.submit.innerText(), "Search");
  assert.equal(await search.view.evaluate((element) => element.closest("[lang]").lang), "en");
});

test("the drawer of a phone has no violation of axe, closed or open", async (t) => {
  const { page, search } = await shown(t, { screen: PHONE, attributes: "map" });
  await search.ready();
  await accessible(page, "closed");
  await search.drawer.click();
  await accessible(page, "open");
});

for (const [look, attributes] of [["the default", ""], ["dark", "color-scheme=dark"], ["the look of the State", "look=dsfr color-scheme=light"]]) {
  test(`cases near in meaning have no violation of axe: ${look}`, async (t) => {
    const between = await Between.start(SHIPPED);
    const near = [{ id: "a", url: "/cas/a", title: "Tri", record: { territoire: ["Bretagne"] }, reasons: ["même sujet : tri"] }];
    between.take("/v1/search", (_, reply) => reply.pass((answer) => ({ ...answer, near_by_meaning: near })));
    for (const words of ["zzzzqqq", "bambou"]) {
      const { page, search } = await shown(t, { rex: between.origin, attributes: `${attributes} q=${words}` });
      await search.near.waitFor();
      await accessible(page, `${words}, ${look}`);
    }
  });
}

test("waiting and failing have no violation of axe", async (t) => {
  const between = await Between.start(MANY);
  const never = () => {};

  await t.test("waiting for the first answer", async (t) => {
    between.take("/v1/search", never);
    const { page, search } = await shown(t, { rex: between.origin });
    await until("that one waits", async () => (await search.results.getAttribute("aria-busy")) === "true");
    await accessible(page, "awaited");
  });

  await t.test("waiting for an answer while another is shown", async (t) => {
    between.reset();
    const { page, search } = await shown(t, { rex: between.origin });
    await search.ready();
    between.take("/v1/search", never);
    await search.choice("procedure", "Procédure adaptée").check();
    await until("that one waits", async () => (await search.results.getAttribute("aria-busy")) === "true");
    await accessible(page, "awaited again");
  });

  await t.test("the first search fails", async (t) => {
    between.take("/v1/search", (_, reply) => reply.send(500, "{}"));
    const { page, search } = await shown(t, { rex: between.origin, within: fallback(MANY) });
    await search.retry.waitFor();
    await accessible(page, "failed at first");
  });

  await t.test("a later search fails", async (t) => {
    between.reset();
    const { page, search } = await shown(t, { rex: between.origin });
    await search.ready();
    between.take("/v1/search", (_, reply) => reply.send(503, "{}", { "retry-after": "1" }));
    await search.choice("procedure", "Procédure adaptée").check();
    await search.retry.waitFor();
    await accessible(page, "failed later");
  });
});
