// InstantSearch with both release lines of `@meilisearch/instant-meilisearch`, on a page of another origin.

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { becomes, chromiumOf, open, site, until } from "./harness.mjs";
import { files } from "./servers.mjs";

/** 1.0.0 is the older line despite its number: `latest` on npm is 0.31.3. Both are in use. */
const CLIENTS = ["0.31.3", "1.0.0"];
const CARDBOARD = "Ramassage des cartons du centre-ville de Toulouse\u00a0: une action d'insertion";
/** Number of generated contracts. */
const MADE = 60;

const browser = await chromiumOf();
const folder = (name) => fileURLToPath(new URL(name, import.meta.url));
const host = await files({ "/node_modules": folder("node_modules"), "/": folder("instantsearch") });

/** The content of the widgets, by part; list values with their counts. Runs in the page. */
function readPage() {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const texts = (selector, within) => all(selector, within).map((element) => element.textContent.trim());
  const counts = (list, label) => Object.fromEntries(all(list).map((item) => [texts(label, item)[0], Number(texts("[class$=-count]", item)[0])]));
  return {
    stats: texts("#stats .ais-Stats-text")[0],
    ids: all("#hits article").map((hit) => hit.dataset.id),
    years: [...new Set(all("#hits article").map((hit) => hit.dataset.annee))],
    first: texts("#hits h3")[0],
    marks: [...new Set(texts("#hits li:first-child mark"))].sort(),
    buyers: texts("#hits .acheteur"),
    procedure: counts("#procedure li", ".ais-RefinementList-labelText"),
    theme: counts("#theme li", ".ais-RefinementList-labelText"),
    chosen: texts("li.ais-RefinementList-item--selected .ais-RefinementList-labelText"),
    territoire: counts("#territoire li", ".ais-HierarchicalMenu-label"),
    bounds: all("#montant input").map((input) => input.placeholder),
    pages: texts("#pagination .ais-Pagination-item--page"),
    current: texts("#current .ais-CurrentRefinements-item").map((text) => text.replace(/\s+/g, " ")),
  };
}

/** The page of InstantSearch, as a user sees and uses it. */
class SearchPage {
  constructor(page) {
    this.page = page;
  }

  /** Waits until a part of the page is as expected. */
  shows(part, expected) {
    return becomes(async () => (await this.page.evaluate(readPage))[part], expected);
  }

  /** Replaces the query, key by key. */
  async type(query) {
    const { keyboard } = this.page;
    await this.page.locator("#searchbox input").click();
    await keyboard.press("ControlOrMeta+a");
    await keyboard.press("Delete");
    await keyboard.type(query);
  }

  /**
   * Pastes a text into a field, replacing its content. A refinement list sends a request for each key and shows the answer that arrives
   * last, which may not be that of the last key.
   */
  paste(selector, text) {
    return this.page.locator(selector).evaluate((field, text) => {
      field.value = text;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }, text);
  }

  /** The first element of a selector with exactly this text. */
  #saying(selector, text) {
    const whole = text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return this.page.locator(selector).filter({ hasText: new RegExp(`^\\s*${whole}\\s*$`) }).first();
  }

  click(selector, text) {
    return this.#saying(selector, text).click();
  }

  /** Removes a refinement with the button beside it. */
  takeOff(choice) {
    return this.#saying("#current .ais-CurrentRefinements-category", `${choice}✕`).locator("button").click();
  }

  /** Selects an option by its text. */
  choose(selector, label) {
    return this.page.locator(selector).selectOption({ label });
  }
}

/**
 * Opens the page on a server, with a version of instant-meilisearch, whether or not the server answers.
 * @param {boolean} isFinite Whether the page needs the number of pages.
 */
async function load(t, rex, client, isFinite) {
  const page = await open(t, browser);
  await page.goto(`${host}/?${new URLSearchParams({ rex: site(rex), client, ...(isFinite ? { finite: "" } : {}) })}`);
  return new SearchPage(page);
}

/** A test with each client, on an open page with a first answer; fails if the page has errors. */
function testEach(what, rex, isFinite, act) {
  for (const client of CLIENTS) {
    test(`${what}, with ${client}`, async (t) => {
      const search = await load(t, rex, client, isFinite);
      await until("a first answer", () => search.page.evaluate(() => document.querySelector("#stats .ais-Stats-text")?.textContent));
      await act(search);
      assert.deepEqual(search.page.errors, []);
    });
  }
}

const contract = (number) => `contrat-${String(number).padStart(2, "0")}`;
/** The contracts by ascending amount; those without amount come last. */
const WITH_AMOUNT = Array.from({ length: MADE }, (_, rank) => rank + 1).filter((number) => number % 10 !== 0).map(contract);

testEach("words find the right case first and are marked", "SHIPPED", true, async (search) => {
  await search.shows("stats", "5 cas");
  await search.type("insertion metropole toulouse");
  await search.shows("first", CARDBOARD);
  await search.shows("marks", ["Métropole", "Toulouse", "insertion"]);

  await search.type("zzzz");
  await search.shows("stats", "0 cas");
  await search.shows("ids", []);

  // A typing error, then the whole list again.
  await search.type("bambuo");
  await search.shows("ids", ["mtsamboro-guichet-bancaire-bambou"]);
  await search.shows("marks", ["bambou"]);
  await search.type("");
  await search.shows("stats", "5 cas");
});

testEach("refining narrows the hits and keeps what else could be chosen", "SHIPPED", false, async (search) => {
  const all = { "Procédure adaptée": 3, "Marché réservé": 2 };
  await search.shows("procedure", all);

  await search.click("#procedure .ais-RefinementList-labelText", "Marché réservé");
  await search.shows("stats", "2 cas");
  await search.shows("chosen", ["Marché réservé"]);
  // Counts of the refined list ignore its own filter; counts of other lists apply it.
  await search.shows("procedure", all);
  await search.shows("territoire", { "Auvergne-Rhône-Alpes": 1, "Île-de-France": 1 });

  await search.click("#procedure .ais-RefinementList-labelText", "Procédure adaptée");
  await search.shows("stats", "5 cas");
  await search.shows("current", ["Procedure: Marché réservé✕Procédure adaptée✕"]);
  await search.takeOff("Marché réservé");
  await search.shows("stats", "3 cas");
  await search.shows("chosen", ["Procédure adaptée"]);

  // With a query, while a refinement stays.
  await search.type("insertion");
  await search.shows("procedure", { "Procédure adaptée": 3, "Marché réservé": 1 });
});

testEach("a hierarchy opens level by level", "MADE", true, async (search) => {
  await search.shows("territoire", { Bretagne: 40, Occitanie: 20 });

  await search.click("#territoire .ais-HierarchicalMenu-label", "Bretagne");
  await search.shows("stats", "40 cas");
  await search.shows("territoire", { Bretagne: 40, Finistère: 20, Morbihan: 20, Occitanie: 20 });

  await search.click("#territoire .ais-HierarchicalMenu-label", "Finistère");
  await search.shows("stats", "20 cas");
  await search.shows("territoire", { Bretagne: 40, Finistère: 20, "Brest Métropole": 20, Morbihan: 20, Occitanie: 20 });

  await search.click("#territoire .ais-HierarchicalMenu-label", "Brest Métropole");
  await search.shows("current", ["Territoire.lvl0: Bretagne > Finistère > Brest Métropole✕"]);
  await search.shows("buyers", Array(20).fill("Brest Métropole"));
});

testEach("a range narrows between the bounds there are", "SHIPPED", true, async (search) => {
  await search.shows("bounds", ["127721", "1590000"]);
  await search.paste("#montant .ais-RangeInput-input--min", "150000");
  await search.paste("#montant .ais-RangeInput-input--max", "350000");
  await search.click("#montant button", "Go");
  await search.shows("stats", "3 cas");
  await search.shows("procedure", { "Procédure adaptée": 2, "Marché réservé": 1 });
  // The bounds of the range ignore its own filter.
  await search.shows("bounds", ["127721", "1590000"]);
  await search.shows("current", ["Montant: ≥ 150000✕≤ 350000✕"]);
  await search.takeOff("≤ 350000");
  await search.shows("stats", "4 cas");
});

testEach("a long list is searched without accents and with errors", "MADE", true, async (search) => {
  await search.shows("stats", "60 cas");
  for (const [typed, found] of [["dechets", "déchets"], ["energ", "énergie"], ["inserton", "insertion"], ["vert", "espaces verts"]]) {
    await search.paste("#theme .ais-SearchBox-input", typed);
    await search.shows("theme", { [found]: 5 });
  }
  await search.click("#theme .ais-RefinementList-labelText", "espaces verts");
  await search.shows("stats", "5 cas");
  await search.shows("chosen", ["espaces verts"]);
});

testEach("pages lead through all hits in the order chosen", "MADE", true, async (search) => {
  await search.shows("pages", ["1", "2", "3"]);
  await search.choose("#sort select", "Montant croissant");
  await search.shows("ids", WITH_AMOUNT.slice(0, 20));
  await search.click("#pagination a", "2");
  await search.shows("ids", WITH_AMOUNT.slice(20, 40));

  await search.choose("#per-page select", "8 par page");
  await search.shows("pages", ["1", "2", "3", "4", "5", "6", "7"]);
  await search.shows("ids", WITH_AMOUNT.slice(0, 8));
  await search.click("#pagination a", "›");
  await search.shows("ids", WITH_AMOUNT.slice(8, 16));

  await search.choose("#sort select", "Les plus récents");
  await search.shows("years", ["2023"]);
});

testEach("pages go on as long as there are more", "MADE", false, async (search) => {
  // Without the number of pages the client requests one more hit than fits, to know whether there is a next page.
  await search.shows("pages", ["1", "2"]);
  await search.choose("#sort select", "Montant croissant");
  await search.shows("ids", WITH_AMOUNT.slice(0, 20));
  await search.click("#pagination a", "2");
  await search.shows("ids", WITH_AMOUNT.slice(20, 40));
  await search.shows("pages", ["1", "2", "3"]);
  await search.click("#pagination a", "3");
  await search.shows("pages", ["1", "2", "3"]);
  await search.shows("stats", "60 cas");
});

testEach("what a case holds is shown as text", "MARKUP", true, async (search) => {
  // Rex escapes only `<`, which InstantSearch escapes again.
  const title = "&lt;img src=x onerror=\"document.title='pris'\"> L'été & \"la\" suite";
  const buyer = "&lt;script>document.title='pris'&lt;/script>";
  const theme = "<b onmouseover=alert(1)>";
  for (const [query, marks] of [["", []], ["img suite", ["img", "suite"]], ["script", ["script"]], ["bois", ["bois"]]]) {
    await search.type(query);
    await search.shows("marks", marks);
    await search.shows("ids", ["hostile"]);
    await search.shows("first", title);
    await search.shows("buyers", [buyer]);
    await search.shows("theme", { [theme]: 1 });
    await search.shows("territoire", { "<i Xanadu": 1 });
  }
  await search.click("#theme .ais-RefinementList-labelText", theme);
  await search.shows("chosen", [theme]);
  await search.shows("ids", ["hostile"]);
  assert.equal(await search.page.title(), "Rex par InstantSearch");
});

for (const client of CLIENTS) {
  test(`a browser lets no page read that Rex does not name, with ${client}`, async (t) => {
    const search = await load(t, "CLOSED", client, true);
    await until("an error of the browser", () => search.page.errors.some((error) => error.includes("blocked by CORS policy")));
    await search.shows("ids", []);
  });
}
