// What a screen reader gets: an accessibility tree as in the ARIA Authoring Practices, announcements, and a focus that is never lost.

import assert from "node:assert/strict";
import { test } from "node:test";
import { becomes, chromiumOf, only, open, site, told, tree, until } from "./harness.mjs";
import { Widget } from "./parts.mjs";
import { Between, embedding, fallback, Host, widget } from "./servers.mjs";

const SHIPPED = site("SHIPPED");
const MANY = site("MANY");
const browser = await chromiumOf();
const host = await Host.start();

async function shown(t, attributes = "", rex = MANY) {
  const page = await open(t, browser);
  await page.goto(host.put(embedding(rex, widget(rex, attributes, fallback(rex)))));
  return { page, search: await new Widget(page).ready() };
}

test("the field is a combobox that controls a listbox, and points at an option once one moves there", async (t) => {
  const { page, search } = await shown(t);
  let root = await tree(page);
  let box = only(root, "combobox", "Mots, acheteur, titulaire, territoire");
  assert.equal(box.states.expanded, false);
  assert.equal(box.states.autocomplete, "list");
  assert.equal(told(root, "listbox").filter((one) => one.name === "Suggestions").length, 0, "closed, it is not there");

  await search.field.fill("collec");
  await search.options.nth(1).waitFor();
  root = await tree(page);
  box = only(root, "combobox", "Mots, acheteur, titulaire, territoire");
  const list = only(root, "listbox", "Suggestions");
  assert.equal(box.states.expanded, true);
  assert.deepEqual(box.points.controls, [list]);
  assert.equal(box.points.activedescendant, undefined);
  const options = told(list, "option");
  assert.equal(options.length, await search.options.count());
  assert.ok(options.every((option) => option.name && option.states.selected === false));

  await search.field.press("ArrowDown");
  await search.field.press("ArrowDown");
  root = await tree(page);
  const pointed = told(only(root, "listbox", "Suggestions"), "option");
  assert.deepEqual(pointed.map((option) => option.states.selected === true), pointed.map((_, rank) => rank === 1));
  assert.deepEqual(only(root, "combobox", "Mots, acheteur, titulaire, territoire").points.activedescendant, [pointed[1]]);
  // The focus stays in the field.
  assert.equal(await search.focused(), "q");
  // Up from the first option returns to the typed text.
  await search.field.press("ArrowUp");
  await search.field.press("ArrowUp");
  assert.equal(await search.field.getAttribute("aria-activedescendant"), null);
  await search.field.press("ArrowUp");
  assert.equal(await search.field.getAttribute("aria-activedescendant"), `option-${(await search.options.count()) - 1}`);
  await search.field.press("Escape");
  await becomes(() => search.field.getAttribute("aria-expanded"), "false");
});

test("results are a list under a heading, in a region it names; facets are groups by name", async (t) => {
  const { page, search } = await shown(t, "map");
  const root = await tree(page);
  const heading = only(root, "heading", await search.heading.innerText());
  assert.equal(heading.states.level, 2);
  const region = only(root, "region", heading.name);
  const lists = told(region, "list").filter((list) => told(list, "heading").length);
  assert.equal(lists.length, 1);
  const titles = told(lists[0], "heading");
  assert.equal(titles.length, 10);
  assert.ok(titles.every((title) => title.states.level === 3 && told(title, "link").length === 1));
  only(root, "search");
  only(root, "complementary", "Filtrer");
  const filters = only(root, "complementary", "Filtrer");
  for (const name of ["Territoire", "Procédure", "Montant HT"]) only(filters, "group", name);
  const boxes = told(only(filters, "group", "Procédure"), "checkbox");
  assert.ok(boxes.length >= 2 && boxes.every((box) => /\d/.test(box.name)), "each says how many cases it has");
  const sliders = told(only(filters, "group", "Montant HT"), "slider");
  assert.deepEqual(sliders.map((slider) => slider.name), ["Montant HT\u00a0: Minimum", "Montant HT\u00a0: Maximum"]);
  for (const slider of await search.sliders("montant").all()) assert.match(await slider.getAttribute("aria-valuetext"), /€/);
  only(root, "navigation", "Pages de résultats");
});

test("the number of cases is announced, even if it is unchanged", async (t) => {
  const { page, search } = await shown(t);
  await becomes(async () => (await search.status.textContent()).trim(), "1\u202f000\u00a0cas");
  assert.equal(only(await tree(page), "status").states.live, "polite");
  await search.choice("procedure", "Procédure adaptée").check();
  await becomes(async () => (await search.status.textContent()).trim(), "500\u00a0cas");
  const before = await search.status.textContent();
  await search.sort.selectOption("titre");
  await until("other words, or the same again", async () => (await search.status.textContent()) !== before);
  await becomes(async () => (await search.status.textContent()).trim(), "500\u00a0cas");
  await search.field.fill("collec");
  await search.options.first().waitFor();
  await until("suggestions are announced", async () => /suggestion/.test(await search.status.textContent()) || /cas/.test(await search.status.textContent()));
});

test("the focus stays on a facet, moves to the heading if its element is gone, and to the first new result", async (t) => {
  const { search } = await shown(t);
  const choice = search.choice("procedure", "Procédure adaptée");
  await choice.focus();
  await choice.press("Space");
  await search.totals(500);
  assert.equal(await search.focused(), "Procédure adaptée");
  await search.active.first().focus();
  await search.active.first().press("Enter");
  await search.totals(1000);
  await becomes(() => search.focused(), "heading");
  await search.pageLink("Suivante").focus();
  await search.pageLink("Suivante").press("Enter");
  await until("the second page", async () => (await search.pager.locator("[aria-current]").innerText()).includes("2"));
  await becomes(() => search.focused(), "heading");

  const { search: more } = await shown(t, "paging=more");
  await more.more.focus();
  await more.more.press("Enter");
  await becomes(() => more.hits.count(), 20);
  const eleventh = await more.titles.nth(10).innerText();
  await becomes(() => more.focused(), eleventh);
});

test("the focus is not lost when a search fails and is tried again", async (t) => {
  const between = await Between.start(MANY);
  const page = await open(t, browser);
  await page.goto(host.put(embedding(between.origin, widget(between.origin))));
  const search = await new Widget(page).ready();
  between.take("/v1/search", (_, reply) => reply.send(503, "{}"));
  const choice = search.choice("procedure", "Procédure adaptée");
  await choice.focus();
  await choice.press("Space");
  await search.retry.waitFor();
  assert.equal(await search.focused(), "Procédure adaptée");
  only(await tree(page), "alert");
  between.reset();
  await search.retry.focus();
  await search.retry.press("Enter");
  await search.totals(500);
  await becomes(() => search.focused(), "heading");
});

test("a tile of the map has its place, its number, and whether it is selected", async (t) => {
  const { page, search } = await shown(t, "map", SHIPPED);
  only(only(await tree(page), "group", "Régions"), "link", "Occitanie\u00a0: 1\u00a0cas");
  await search.part(".tiles.regions a:has(title:text('Occitanie'))").click();
  await search.totals(1);
  await until("that it is current", async () => (await search.part(".tiles.regions a:has(title:text('Occitanie'))").getAttribute("aria-current")) === "true");
  // The same in the table.
  await search.part(".map details").nth(1).locator("summary").click();
  const table = only(await tree(page), "table");
  assert.ok(told(table, "rowheader").some((header) => header.name === "Haute-Garonne"));
});
