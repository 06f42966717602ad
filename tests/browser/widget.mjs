// A whole search with the keyboard only: on a page of Rex, on a page of another origin, with a hostile style sheet, and under a strict
// CSP. Also two widgets on one page.

import assert from "node:assert/strict";
import { test } from "node:test";
import { atRest, becomes, chromiumOf, fits, NARROW, open, PHONE, site, unharmed, until } from "./harness.mjs";
import { settled, Widget } from "./parts.mjs";
import { embedding, fallback, Host, widget } from "./servers.mjs";

const SHIPPED = site("SHIPPED");
const MANY = site("MANY");
const HOSTILE_STYLE = "<style>* { all: unset; color: red !important; }</style>";
/** A strict CSP: allows only what the documentation of the widget requires. */
const STRICT_POLICY = `default-src 'self'; script-src 'self' ${MANY}; connect-src ${MANY}; style-src 'self'`;
const browser = await chromiumOf();
const host = await Host.start();

/** From the field to a case, with the keyboard. */
async function journey(page) {
  const { keyboard } = page;
  const search = new Widget(page);
  await search.ready();

  // Words and completions: no option is selected at first.
  await search.tabTo(search.field);
  await keyboard.type("collec");
  await search.options.first().waitFor();
  assert.equal(await search.field.getAttribute("aria-expanded"), "true");
  assert.equal(await search.field.getAttribute("aria-activedescendant"), null);
  await keyboard.press("Escape");
  await search.list.waitFor({ state: "hidden" });
  assert.equal(await search.field.inputValue(), "collec");
  await keyboard.type("t");
  await search.options.first().waitFor();
  await keyboard.press("ArrowDown");
  await until("an option", async () => (await search.options.first().getAttribute("aria-selected")) === "true");
  const chosen = (await search.options.first().locator("span").first().innerText()).trim();
  await keyboard.press("Enter");
  await search.list.waitFor({ state: "hidden" });
  await becomes(() => search.field.inputValue(), chosen);
  await until("results for it", async () => (await search.heading.innerText()).includes(chosen));

  await keyboard.press("ControlOrMeta+a");
  await keyboard.type("communes");
  await keyboard.press("Enter");
  await search.totals(1000);

  // Both ends of an amount.
  const [low, high] = [search.sliders("montant").first(), search.sliders("montant").last()];
  await search.tabTo(low);
  await keyboard.press("ArrowRight");
  await until("fewer cases", async () => (await search.total()) < 1000);
  const above = await search.total();
  await becomes(() => low.evaluate((element) => element.getRootNode().activeElement === element), true);
  await keyboard.press("Tab");
  await becomes(() => high.evaluate((element) => element.getRootNode().activeElement === element), true);
  await keyboard.press("ArrowLeft");
  await until("fewer still", async () => (await search.total()) < above);
  assert.match(await search.facet("montant").locator(".between").innerText(), /^de .+ à .+|^\d.+ – .+/);

  // A check box keeps the focus.
  const choice = search.choice("procedure", "Procédure adaptée");
  await search.tabTo(choice);
  const narrowed = await search.total();
  await keyboard.press("Space");
  await until("half of them", async () => (await search.total()) < narrowed);
  assert.ok(await choice.isChecked());
  assert.equal(await search.focused(), "Procédure adaptée");

  // Another order, and a removed filter.
  await search.tabTo(search.sort);
  await keyboard.press("ArrowDown");
  await until("the dearest first", async () => {
    const [first, second] = (await search.titleTexts()).map((title) => Number(title.match(/\d+/)));
    return first - second === 2 && (await search.sort.inputValue()) === "-montant";
  });
  await search.tabTo(search.active.filter({ hasText: "Montant" }));
  await keyboard.press("Enter");
  await search.totals(500);
  assert.equal(await search.active.count(), 1);
  await becomes(() => search.focused(), (await search.heading.getAttribute("id")) ?? "");

  // The next page, from its heading; then a case.
  await search.tabTo(search.pageLink("Suivante"));
  await keyboard.press("Enter");
  await becomes(() => search.pager.locator("[aria-current=page]").innerText().then((text) => text.trim().split(/\s/).at(-1)), "2");
  await until("its heading", async () => search.heading.evaluate((element) => element.getRootNode().activeElement === element));
  await becomes(async () => (await search.titleTexts())[0].match(/^Contrat (\d+)/)[1], "974");
  await search.tabTo(search.titles.first());
  const address = page.url();
  await keyboard.press("Enter");
  await page.waitForURL(/\/cas\/contrat-974/);
  await page.locator("h1", { hasText: /^Contrat 974/ }).waitFor();
  await page.goBack();
  assert.equal(page.url(), address);
}

test("on a page of Rex, a search goes from the field to a case by the keyboard alone", async (t) => {
  const page = await open(t, browser);
  await page.goto(`${MANY}/recherche`);
  await settled(page);
  await journey(page);
  // Going back restores the page.
  const search = new Widget(page);
  await search.totals(500);
  await becomes(async () => (await search.titleTexts())[0].match(/^Contrat (\d+)/)[1], "974");
  unharmed(page, MANY);
});

test("the same on a page of another origin", async (t) => {
  const page = await open(t, browser);
  await page.goto(host.put(embedding(MANY, widget(MANY, "", fallback(MANY)))));
  await journey(page);
  unharmed(page, MANY, host.origin);
});

test("the same on a page with a hostile style sheet", async (t) => {
  const page = await open(t, browser);
  await page.goto(host.put(embedding(MANY, widget(MANY, "", fallback(MANY)), { head: HOSTILE_STYLE })));
  await journey(page);
  unharmed(page, MANY, host.origin);
});

test("the same under a strict CSP, without a violation", async (t) => {
  const page = await open(t, browser);
  await page.goto(host.put(embedding(MANY, widget(MANY, "map", fallback(MANY))), { "content-security-policy": STRICT_POLICY }));
  await journey(page);
  unharmed(page, MANY, host.origin);
});

test("a CSP violation would be noticed", async (t) => {
  const page = await open(t, browser);
  const nothing = { "content-security-policy": "default-src 'none'" };
  await page.goto(host.put(embedding(MANY, widget(MANY)), nothing));
  await until("a violation", () => page.errors.some((error) => error.startsWith("policy: script-src")));
});

for (const [what, attributes] of [["light, with the map", "map color-scheme=light"], ["the dark look of the State", "look=dsfr color-scheme=dark"]]) {
  test(`a style that undoes everything changes nothing within the widget: ${what}`, async (t) => {
    const looks = [];
    for (const head of ["<style>body { margin: 0; }</style>", HOSTILE_STYLE]) {
      const page = await open(t, browser);
      await page.goto(host.put(embedding(SHIPPED, widget(SHIPPED, `${attributes} q="insertion"`), { head })));
      await new Widget(page).ready();
      await atRest(page);
      looks.push(await page.evaluate(drawn));
    }
    const [usual, hostile] = looks;
    assert.ok(usual.length > 150, `${usual.length} elements are too few to be all`);
    assert.deepEqual(hostile.map((one) => one.what), usual.map((one) => one.what));
    const changed = usual.flatMap(({ what, style }, rank) => {
      const others = hostile[rank].style.split("\n");
      return style.split("\n").map((line, at) => [line, others[at]]).filter(([line, other]) => line !== other).map((both) => `${what}: ${both.join(" → ")}`);
    });
    assert.deepEqual(changed, []);
  });
}

/** The computed style and size of each element of the first widget of a page. Runs in the page. */
function drawn() {
  // Positions depend on the content above; other properties must not.
  const isPlace = (name) => /^(inset|top$|bottom$|left$|right$|.*-origin$|--)/.test(name);
  return [...document.querySelector("rex-search").shadowRoot.querySelectorAll("*")].map((element) => {
    const style = getComputedStyle(element);
    const { width, height } = element.getBoundingClientRect();
    const lines = [...style].filter((name) => !isPlace(name)).map((name) => `${name}: ${style.getPropertyValue(name)}`);
    return { what: `${element.tagName}.${element.getAttribute("class") ?? ""}`, style: [`size: ${Math.round(width)}×${Math.round(height)}`, ...lines].join("\n") };
  });
}

test("the styles of the widget do not leak into the page", async (t) => {
  const page = await open(t, browser);
  const body = "<p class='hit unseen'>Un <a class='active' href='/'>lien</a></p><ul class='options'><li>x</li></ul><fieldset><legend>y</legend></fieldset>";
  const style = () => page.evaluate(() => [...document.querySelectorAll("main, main > :not(rex-search), main > :not(rex-search) *")]
    .map((element) => JSON.stringify([...getComputedStyle(element)].filter((name) => !/size|width|height|origin/.test(name)).map((name) => getComputedStyle(element).getPropertyValue(name)))));
  await page.goto(host.put(embedding("", body)));
  const without = await style();
  await page.goto(host.put(embedding(SHIPPED, body + widget(SHIPPED))));
  await new Widget(page).ready();
  assert.deepEqual(await style(), without);
});

test("two widgets on a page have separate filters", async (t) => {
  const page = await open(t, browser);
  const two = widget(MANY, "procedure='Procédure adaptée' sync-url='a-' per-page=5") + widget(MANY, "nature='travaux|services' sync-url='b-'");
  await page.goto(host.put(embedding(MANY, two)));
  const [one, other] = [await new Widget(page, 0).ready(), await new Widget(page, 1).ready()];
  await one.totals(500);
  await other.totals(667);
  assert.equal(await one.hits.count(), 5);
  assert.equal(await other.hits.count(), 10);
  // Preset values cannot be selected.
  assert.equal(await one.facet("procedure").count(), 0);
  assert.equal(await one.facet("nature").count(), 1);
  assert.equal(await other.facet("nature").count(), 0);

  const untouched = await other.titleTexts();
  await one.choice("nature", "travaux").check();
  await one.totals(167);
  await other.totals(667);
  assert.deepEqual(await other.titleTexts(), untouched);
  await other.field.fill("bâtiment");
  await other.field.press("Enter");
  await other.totals(84);
  await one.totals(167);
  assert.equal(await one.field.inputValue(), "");

  // Both are in the URL, and are restored from it.
  const parameters = new URL(page.url()).searchParams;
  assert.deepEqual([...parameters], [["a-nature", "travaux"], ["b-q", "bâtiment"]]);
  await page.reload();
  await one.totals(167);
  await other.totals(84);
  unharmed(page, MANY, host.origin);
});

for (const [what, screen] of [["320 pixels", NARROW], ["a phone", PHONE]]) {
  test(`at ${what} the widget fits, and its filters are behind a button`, async (t) => {
    const page = await open(t, browser, screen);
    await page.goto(host.put(embedding(MANY, widget(MANY, "map q=communes"))));
    const search = await new Widget(page).ready();
    await fits(page, "results");
    assert.ok(!(await search.choice("procedure", "Procédure adaptée").isVisible()));
    await search.drawer.click();
    await search.choice("procedure", "Procédure adaptée").check();
    await search.totals(500);
    assert.match(await search.drawer.innerText(), /\(1\)/);
    assert.ok(await search.choice("procedure", "Procédure adaptée").isVisible(), "the drawer stays open");
    await fits(page, "the drawer");
    await search.field.fill("collec");
    await search.options.first().waitFor();
    await fits(page, "suggestions");
  });
}

test("in a narrow column of a wide page, the widget has the layout of a phone", async (t) => {
  const page = await open(t, browser);
  await page.goto(host.put(embedding(MANY, `<div style="width: 340px">${widget(MANY)}</div>`)));
  const search = await new Widget(page).ready();
  assert.ok(await search.drawer.isVisible());
  assert.ok((await search.results.boundingBox()).width <= 340);
});

test("moving one end of a range keeps the typed value of the other", async (t) => {
  const page = await open(t, browser);
  await page.goto(host.put(embedding(SHIPPED, widget(SHIPPED, "sync-url=''"))) + "?montant=123456.50..345678");
  const search = await new Widget(page).ready();
  const amount = () => new URL(page.url()).searchParams.get("montant");
  const said = async (slider) => (await slider.getAttribute("aria-valuetext")).replace(/[\s\u00a0\u202f]/g, " ");
  const [low, high] = [search.sliders("montant").first(), search.sliders("montant").last()];
  assert.equal(await said(low), "à partir de 123 456,50 €");
  assert.equal(await said(high), "jusqu’à 345 678 €");

  await low.press("ArrowRight");
  await until("the lower end moved", () => amount().endsWith("..345678") && !amount().startsWith("123456"));
  const from = amount().split("..")[0];
  assert.equal(await said(low), `à partir de ${Number(from).toLocaleString("fr-FR").replace(/[\s\u00a0\u202f]/g, " ")} €`);
  assert.equal(await said(high), "jusqu’à 345 678 €");

  await high.press("ArrowLeft");
  await until("the upper end moved", () => amount().startsWith(`${from}..`) && !amount().endsWith("..345678"));
  const to = Number(amount().split("..")[1]);
  // The range ends one cent below the edge of a bar.
  assert.equal(await said(high), `moins de ${Math.round(to + 0.01).toLocaleString("fr-FR").replace(/[\s\u00a0\u202f]/g, " ")} €`);
  assert.ok(Number(from) < to);
});

test("both ends of a range typed within one bar never cross", async (t) => {
  const page = await open(t, browser);
  await page.goto(host.put(embedding(SHIPPED, widget(SHIPPED, "sync-url=''"))) + "?montant=210000..220000");
  const search = await new Widget(page).ready();
  const amount = () => new URL(page.url()).searchParams.get("montant") ?? "";
  await search.sliders("montant").first().press("ArrowRight");
  await until("a search", () => amount() !== "210000..220000");
  const [from, to] = amount().split("..").map(Number);
  assert.ok(from <= to && to === 220000, amount());
  assert.equal(await search.error.count(), 0);
});

test("a filter value in another spelling in the URL is shown in canonical form", async (t) => {
  const page = await open(t, browser);
  await page.goto(host.put(embedding(SHIPPED, widget(SHIPPED, "sync-url=''"))) + "?procedure=MAPA");
  const search = await new Widget(page).ready();
  await search.totals(3);
  assert.ok(await search.choice("procedure", "Procédure adaptée").isChecked());
  assert.match(await search.active.first().innerText(), /Procédure adaptée/);
  assert.equal(new URL(page.url()).searchParams.get("procedure"), "Procédure adaptée");
});
