// The pages of Rex: without scripts, accessible, on every screen size, and printed.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  accessible, becomes, CALM, chromiumOf, controls, DARK, DESKTOP, fits, FORCED_COLOURS, NARROW, NO_SCRIPTS, open, PHONE, site, unharmed, until, ZOOMED,
} from "./harness.mjs";
import { settled } from "./parts.mjs";

const SHIPPED = site("SHIPPED");
const MANY = site("MANY");
const browser = await chromiumOf();

/** Every kind and state of page. */
const PAGES = [
  ["the first page", `${SHIPPED}/`, 200],
  ["results", `${MANY}/recherche?q=communes&page=3`, 200],
  ["results under filters", `${SHIPPED}/recherche?q=insertion&reserve=SIAE&procedure=March%C3%A9+r%C3%A9serv%C3%A9&montant=100000..`, 200],
  ["words understood and corrected", `${SHIPPED}/recherche?q=insertoin+tolouse+MAPA`, 200],
  ["no result", `${SHIPPED}/recherche?q=zzzzqqq&nature=travaux`, 200],
  ["a case", `${SHIPPED}/cas/toulouse-ramassage-cartons?q=insertion`, 200],
  ["a contract", `${MANY}/cas/contrat-31`, 200],
  ["how to embed", `${SHIPPED}/integrer`, 200],
  ["the API", `${SHIPPED}/v1/docs`, 200],
  ["an address that leads nowhere", `${SHIPPED}/nulle-part`, 404],
  ["a search that is none", `${SHIPPED}/recherche?montant=beaucoup`, 400],
];

/** Opens a page and waits until it is complete. */
async function visit(page, address, status, hasScripts = true) {
  const answer = await page.goto(address);
  assert.equal(answer.status(), status, address);
  if (hasScripts) await settled(page);
}

/** Whether an element is rendered. */
const isRendered = (locator) => locator.evaluate((element) => element.checkVisibility({ visibilityProperty: true }));

/** The titles of the results of a page, once it is complete. */
async function titles(page) {
  await page.waitForLoadState("domcontentloaded");
  return page.locator(".hit h3").allInnerTexts();
}
const numbers = async (page) => (await titles(page)).map((title) => Number(title.match(/^Contrat (\d+)/)[1]));

test("without scripts: search, filter, sort, page, open a case and go back", async (t) => {
  const page = await open(t, browser, NO_SCRIPTS);
  await page.goto(`${MANY}/`);
  await page.locator("form[role=search] input[name=q]").fill("communes");
  await page.locator("form[role=search] button").first().click();
  await page.locator("h2", { hasText: "1 000 cas" }).waitFor();
  assert.equal((await titles(page)).length, 10);

  await page.locator("input[name=procedure][value='Procédure adaptée']").check();
  await page.locator(".apply button").click();
  await page.locator("h2", { hasText: /^500\scas/ }).waitFor();

  await page.locator("select[name=tri]").selectOption("-montant");
  await page.getByRole("button", { name: "Trier" }).click();
  await page.waitForURL(/tri=-montant/);
  // Even contracts have this procedure, and every tenth has no amount.
  assert.deepEqual(await numbers(page), [998, 996, 994, 992, 988, 986, 984, 982, 978, 976]);

  await page.locator(".pager a[rel=next]").click();
  await page.waitForURL(/page=2/);
  assert.equal((await numbers(page))[0], 974);

  await page.locator(".hit h3 a").first().click();
  await page.locator("h1", { hasText: /^Contrat 974/ }).waitFor();
  await page.locator(".back a").click();
  await page.waitForURL(/page=2/);
  assert.equal((await numbers(page))[0], 974);

  await page.locator(".active a", { hasText: "Procédure adaptée" }).click();
  await page.locator("h2", { hasText: /^1\s000\scas/ }).waitFor();
  unharmed(page, MANY);
});

test("without scripts, searching and filtering work with the keyboard alone", async (t) => {
  const page = await open(t, browser, NO_SCRIPTS);
  const { keyboard } = page;
  const titled = (title) => becomes(() => page.title(), `${title} · Rex`);
  await page.goto(`${SHIPPED}/`);

  // From the top: the skip link, the name of the site, the search field.
  await keyboard.press("Tab");
  assert.equal(await page.locator(":focus").innerText(), "Aller au contenu");
  await keyboard.press("Tab");
  await keyboard.press("Tab");
  assert.equal(await page.locator(":focus").getAttribute("name"), "q");
  await keyboard.type("insertion dechets");
  await keyboard.press("Enter");
  await page.locator("#resultats").waitFor();
  await titled("insertion dechets : 2\u00a0cas");
  assert.match((await titles(page))[0], /^Ramassage des cartons/);

  // A check box, then its form.
  const choice = page.locator("input[name=procedure][value='Marché réservé']");
  await choice.press("Space");
  assert.ok(await choice.isChecked());
  await page.locator(".apply button").first().press("Enter");
  await titled("insertion dechets : 1\u00a0cas");

  // The filter is removed by its link.
  const filter = page.locator(".active a").first();
  assert.match(await filter.innerText(), /Marché réservé/);
  await filter.press("Enter");
  await titled("insertion dechets : 2\u00a0cas");

  // Into the case, and back to the results.
  await page.locator(".hit h3 a").first().press("Enter");
  const figures = page.locator(".figures").first();
  assert.match((await figures.innerText()).replace(/[\u202f\u00a0]/g, " "), /350 000 € HT/);
  await page.locator(".back a").press("Enter");
  await titled("insertion dechets : 2\u00a0cas");
  unharmed(page, SHIPPED);
});

test("without scripts, a page without results links to searches with results", async (t) => {
  const page = await open(t, browser, NO_SCRIPTS);
  await page.goto(`${SHIPPED}/recherche?q=bambou&procedure=March%C3%A9+r%C3%A9serv%C3%A9`);
  await page.locator(".empty").waitFor();
  await page.locator(".empty a").first().click();
  await page.locator(".hit").first().waitFor();
  assert.equal(await page.locator("input[name=q]").inputValue(), "bambou");
  assert.match((await titles(page))[0], /Mtsamboro/);
});

test("without scripts, every link and form of the pages leads somewhere", async (t) => {
  const page = await open(t, browser, NO_SCRIPTS);
  const addresses = new Set();
  for (const [, address] of PAGES) {
    await page.goto(address);
    const found = await page.locator("a[href], form[action], link[href]").evaluateAll((all) => all.map((one) => new URL(one.getAttribute("href") ?? one.getAttribute("action"), location.href).href));
    // There are many links to filters: a few of each page are enough.
    const others = found.map((one) => one.replace(/#.*/, "")).filter((one) => one.startsWith(SHIPPED) && one !== address);
    others.slice(0, 40).forEach((one) => addresses.add(one));
  }
  assert.ok(addresses.size > 30, `${addresses.size} links are too few to be all`);
  for (const address of addresses) {
    const answer = await fetch(address);
    await answer.text();
    assert.equal(answer.status, 200, address);
  }
});

for (const [screen, options] of [["a desktop", DESKTOP], ["a phone", PHONE]]) {
  for (const [light, scheme] of [["light", {}], ["dark", DARK]]) {
    test(`no page has a violation of axe, on ${screen}, ${light}`, async (t) => {
      for (const [what, address, status] of PAGES) {
        await t.test(what, async (t) => {
          const page = await open(t, browser, options, scheme);
          await visit(page, address, status);
          await accessible(page, what);
          const own = new URL(address).origin;
          // Chromium also logs a failed request as an error.
          page.errors = page.errors.filter((error) => status === 200 || !error.includes(`status of ${status}`));
          unharmed(page, own);
        });
      }
    });
  }
}

for (const [screen, options, size] of [
  ["320 pixels", NARROW], ["200 % zoom", ZOOMED], ["a phone", PHONE], ["a phone without scripts", { ...PHONE, ...NO_SCRIPTS }], ["text twice as large", DESKTOP, "200%"],
]) {
  test(`no page scrolls sideways at ${screen}`, async (t) => {
    const page = await open(t, browser, options);
    for (const [what, address, status] of PAGES) {
      await visit(page, address, status, options.javaScriptEnabled);
      if (size) await page.evaluate((size) => document.documentElement.style.setProperty("font-size", size), size);
      await fits(page, what);
    }
  });
}

test("at 320 pixels field, filters, results and pagination can be used", async (t) => {
  const page = await open(t, browser, NARROW, NO_SCRIPTS);
  await page.goto(`${MANY}/recherche?q=communes`);
  await page.locator(".drawer > summary").click();
  await page.locator("input[name=nature][value=travaux]").check();
  await page.locator(".apply button").click();
  await page.waitForURL(/nature=travaux/);
  await page.locator(".pager a[rel=next]").click();
  await page.waitForURL(/page=2/);
  assert.equal((await titles(page)).length, 10);
});

test("without scripts, filters are behind a button on a phone and beside the results on a desktop", async (t) => {
  const address = `${SHIPPED}/recherche?q=insertion`;
  const choice = (page) => page.locator("input[name=procedure]").first();
  const phone = await open(t, browser, PHONE, NO_SCRIPTS);
  await phone.goto(address);
  assert.equal(await isRendered(choice(phone)), false);
  await phone.locator(".drawer > summary").press("Space");
  await becomes(() => isRendered(choice(phone)), true);

  const desktop = await open(t, browser, NO_SCRIPTS);
  await desktop.goto(address);
  assert.equal(await isRendered(choice(desktop)), true);
  assert.equal(await isRendered(desktop.locator(".drawer > summary")), false);
  const left = async (part) => (await desktop.locator(part).first().boundingBox()).x;
  assert.ok((await left(".filters")) < (await left(".results")));
});

test("without scripts, every control has a name and every page its landmarks", async (t) => {
  const page = await open(t, browser, NO_SCRIPTS);
  const others = [
    ["results under a filter, several pages of them", `${SHIPPED}/recherche?q=insertion&reserve=SIAE&par_page=1`, 200],
    ["a case of another buyer", `${SHIPPED}/cas/paris-precarite-energetique`, 200],
  ];
  for (const [what, address, status] of [...PAGES, ...others]) {
    await visit(page, address, status, false);
    assert.equal(await page.locator("main").count(), 1, what);
    assert.equal(await page.locator("h1").count(), 1, what);
    assert.equal(await page.locator("html").getAttribute("lang"), "fr", what);
    const found = await controls(page);
    assert.ok(found.length > 0, what);
    assert.deepEqual(found.filter(({ name }) => !name.trim()), [], what);
  }
});

test("examples of the API are sent from its page, and without scripts they are links", async (t) => {
  const page = await open(t, browser);
  await page.goto(`${SHIPPED}/v1/docs`);
  await page.locator("#facet .try input").fill("/v1/facets/acheteur?q=tolouse");
  await page.locator("#facet .try button").click();
  await until("its answer", async () => (await page.locator("#facet pre code").innerText()).includes('"path": "Toulouse Métropole"'));
  unharmed(page, SHIPPED);

  const without = await open(t, browser, NO_SCRIPTS);
  await without.goto(`${SHIPPED}/v1/docs`);
  assert.equal(await isRendered(without.locator("#search .try")), false);
  await without.locator("#search .open a").first().click();
  await until("its answer", async () => (await without.content()).includes("toulouse-ramassage-cartons"));
});

test("the generated tag has the selected options and nothing else", async (t) => {
  const text = (page) => page.locator("#snippet").evaluate((element) => element.textContent);
  const without = await open(t, browser, NO_SCRIPTS);
  await without.goto(`${SHIPPED}/integrer`);
  const plain = await without.locator("#snippet").innerText();

  const page = await open(t, browser);
  await page.goto(`${SHIPPED}/integrer`);
  await page.locator("#reglages:not([hidden])").waitFor();
  assert.equal(await text(page), plain);

  const territory = page.locator("#preset-territoire");
  await territory.fill('"><b>&|Occitanie');
  await page.locator("#map").click();
  await page.locator("#preview[map]").waitFor({ state: "attached" });
  const chosen = await text(page);
  const value = "&quot;&gt;&lt;b&gt;&amp;";
  assert.ok(chosen.includes(` map territoire="${value}|Occitanie">\n`), chosen);
  assert.ok(chosen.includes(`<input type="hidden" name="territoire" value="${value}">`), chosen);

  // Reset, the attribute is gone.
  await territory.fill("");
  await page.locator("#map").click();
  await page.locator("#preview:not([map], [territoire])").waitFor({ state: "attached" });
  assert.equal(await text(page), plain);
  unharmed(page, SHIPPED);
});

test("printed pages have the results and the case, and no controls", async (t) => {
  const page = await open(t, browser);
  await page.emulateMedia({ media: "print" });
  await visit(page, `${SHIPPED}/recherche?q=insertion`, 200);
  // The form replaced by the widget is still in the page, but hidden.
  assert.ok(await page.locator(".hit h3:visible").count());
  for (const gone of [".filters", "form[role=search]", ".skip", ".sort"]) {
    assert.equal(await page.locator(`${gone}:visible`).count(), 0, gone);
  }
  await visit(page, `${SHIPPED}/cas/toulouse-ramassage-cartons`, 200);
  for (const kept of ["h1", ".figures", ".text section h2", ".source"]) {
    assert.ok(await page.locator(kept).first().isVisible(), kept);
  }
  for (const gone of [".banner", ".back", ".skip"]) assert.equal(await page.locator(`${gone}:visible`).count(), 0, gone);
  const pdf = await page.pdf({ format: "A4" });
  assert.ok(pdf.length > 10_000, `a page of ${pdf.length} bytes has no text`);
});

test("with forced colours, highlights and the current page differ by more than colour", async (t) => {
  const page = await open(t, browser, FORCED_COLOURS);
  await visit(page, `${MANY}/recherche?q=communes`, 200);
  const drawn = (locator, name) => locator.first().evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), name);
  assert.equal(await drawn(page.locator(".hit mark:visible"), "border-bottom-style"), "solid");
  assert.equal(await drawn(page.locator(".pager [aria-current]:visible"), "outline-style"), "solid");
  assert.equal(await page.locator(".pager [aria-current]:visible").count(), 1);
});

test("with reduced motion nothing is animated", async (t) => {
  const page = await open(t, browser, CALM);
  await visit(page, `${SHIPPED}/recherche?q=insertion`, 200);
  const moving = await page.evaluate(() => {
    const all = (root) => [...root.querySelectorAll("*")].flatMap((element) => [element, ...(element.shadowRoot ? all(element.shadowRoot) : [])]);
    const lasts = (style) => [...style.transitionDuration.split(","), ...style.animationDuration.split(",")].some((time) => Number.parseFloat(time) > 0);
    return all(document).filter((element) => lasts(getComputedStyle(element))).map((element) => element.outerHTML.slice(0, 80));
  });
  assert.deepEqual(moving, []);
});
