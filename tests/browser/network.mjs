// Slow, failing, malformed and stale answers; requests, events and the address bar.

import assert from "node:assert/strict";
import { test } from "node:test";
import { becomes, chromiumOf, open, site, unharmed, until } from "./harness.mjs";
import { Widget } from "./parts.mjs";
import { Between, embedding, fallback, Host, widget } from "./servers.mjs";

const MANY = site("MANY");
const SHIPPED = site("SHIPPED");
const browser = await chromiumOf();
const host = await Host.start();

/** A widget on a proxy that can misbehave. */
async function shown(t, attributes = "", { rex = MANY, within = "", script = "" } = {}) {
  const between = await Between.start(rex);
  const page = await open(t, browser);
  if (script) await page.addInitScript(script);
  await page.goto(host.put(embedding(between.origin, widget(between.origin, attributes, within))));
  return { between, page, search: new Widget(page) };
}

const searches = (between) => between.of("/v1/search").length;

test("a pause in typing sends one search and one request for completions", async (t) => {
  const { between, search, page } = await shown(t);
  await search.ready();
  between.reset();
  await search.field.click();
  // The clock of the page is stopped, so that a slow machine adds no pause in typing.
  await page.clock.install();
  await page.clock.pauseAt(Date.now() + 60_000);
  await page.keyboard.type("collec");
  assert.deepEqual(between.asked, []);
  await page.clock.runFor(1000);
  await search.options.first().waitFor();
  await until("results for it", async () => (await search.heading.innerText()).includes("collec"));
  assert.deepEqual(between.of("/v1/search").map(({ parameters }) => parameters.get("q")), ["collec"]);
  assert.deepEqual(between.of("/v1/suggest").map(({ parameters }) => parameters.get("q")), ["collec"]);
});

test("the answer to an older search is never shown, whenever it comes", async (t) => {
  const { between, search } = await shown(t);
  await search.ready();
  let release;
  const late = new Promise((done) => (release = done));
  between.take("/v1/search", async ({ parameters }, reply) => {
    if (parameters.get("q") === "travaux") await late;
    reply.pass();
  });
  await search.field.fill("travaux");
  await until("the first search", () => between.of("/v1/search").some(({ parameters }) => parameters.get("q") === "travaux"));
  await search.field.fill("zzzzqqq");
  await search.empty.waitFor();
  release();
  await until("that the older one was given up", () => between.of("/v1/search").some(({ parameters, isGone }) => parameters.get("q") === "travaux" && isGone));
  assert.ok(await search.empty.isVisible());
  assert.equal(await search.field.inputValue(), "zzzzqqq");
});

test("a slow answer shows an indicator, a quick one does not, and the results stay meanwhile", async (t) => {
  const { between, search, page } = await shown(t);
  await search.ready();
  await search.results.evaluate((element) => {
    window.waited = 0;
    new MutationObserver(() => (window.waited += element.getAttribute("aria-busy") === "true")).observe(element, { attributes: true });
  });
  await search.choice("procedure", "Procédure adaptée").check();
  await search.totals(500);
  // A busy machine may really be slow: only check that no indicator precedes a quick answer.
  const quick = await page.evaluate(() => window.waited);
  assert.ok(quick <= 1, `${quick} signs of waiting`);
  let release;
  const late = new Promise((done) => (release = done));
  between.take("/v1/search", async (_, reply) => {
    await late;
    reply.pass();
  });
  await search.choice("procedure", "Procédure adaptée").uncheck();
  await becomes(() => search.results.getAttribute("aria-busy"), "true");
  assert.equal(await search.hits.count(), 10);
  release();
  await search.totals(1000);
  await becomes(() => search.results.getAttribute("aria-busy"), "false");
});

const FAILURES = {
  "an error of the server": (_, reply) => reply.send(500, '{"detail":"boom"}'),
  "an overloaded server": (_, reply) => reply.send(503, "{}", { "retry-after": "1" }),
  "a broken connection": (_, reply) => reply.reset(),
  "no JSON": (_, reply) => reply.send(200, "<html>proxy</html>", { "content-type": "text/html" }),
  "JSON of something else": (_, reply) => reply.send(200, '{"hits": 3}'),
  "null": (_, reply) => reply.send(200, "null"),
  "hits that are none": (_, reply) => reply.pass((answer) => ({ ...answer, hits: [null, 1, "x"] })),
  "facets that are none": (_, reply) => reply.pass((answer) => ({ ...answer, facets: { procedure: { kind: "terms", values: 7, missing: 0 }, montant: { kind: "range", histogram: "x" } } })),
};

for (const [what, answer] of Object.entries(FAILURES)) {
  test(`${what}: said, the results stay, and trying again works`, async (t) => {
    const { between, search, page } = await shown(t);
    await search.ready();
    await page.evaluate(() => document.addEventListener("rex-error", (event) => (window.told = event.detail)));
    const titles = await search.titleTexts();
    between.take("/v1/search", answer);
    await search.choice("procedure", "Procédure adaptée").check();
    await search.retry.waitFor();
    assert.deepEqual(await search.titleTexts(), titles);
    const told = await page.evaluate(() => window.told);
    assert.equal(typeof told.status, "number");
    assert.ok(told.message);
    between.reset();
    await search.retry.click();
    await search.totals(500);
    await becomes(() => search.error.count(), 0);
    assert.ok(await search.choice("procedure", "Procédure adaptée").isChecked());
    assert.deepEqual(page.errors.filter((error) => error.startsWith("exception")), []);
  });
}

test("if the first search fails, the form of the site stays, and a retry brings the widget", async (t) => {
  const between = await Between.start(MANY);
  between.take("/v1/search", (_, reply) => reply.reset());
  const page = await open(t, browser);
  await page.goto(host.put(embedding(between.origin, widget(between.origin, "", fallback(MANY)))));
  const search = new Widget(page);
  await search.retry.waitFor();
  assert.ok(await page.getByLabel("Rechercher un cas").isVisible());
  between.reset();
  await search.retry.click();
  await search.totals(1000);
  assert.ok(!(await page.getByLabel("Rechercher un cas").isVisible()));
});

test("failed or malformed completions leave the search as it is", async (t) => {
  for (const answer of [(_, reply) => reply.send(500, "{}"), (_, reply) => reply.send(200, '{"suggestions":[null,3,{"text":1}]}'), (_, reply) => reply.reset()]) {
    const { between, search, page } = await shown(t);
    await search.ready();
    between.take("/v1/suggest", answer);
    await search.field.fill("travaux");
    await search.totals(501);
    assert.equal(await search.options.count(), 0);
    assert.deepEqual(page.errors.filter((error) => error.startsWith("exception")), []);
  }
});

test("preset filters are in every request and every link", async (t) => {
  const { between, search } = await shown(t, 'nature="travaux" facets="procedure,titulaire"');
  await search.totals(334);
  await search.field.fill("communes");
  await search.field.press("Enter");
  await until("results for it", async () => (await search.heading.innerText()).includes("communes"));
  await search.facet("titulaire").locator("input.within").fill("10");
  await search.choice("titulaire", "Coopérative 10").waitFor();
  for (const { path, parameters } of between.asked.filter(({ path }) => /search|facets/.test(path) && path.startsWith("/v1/"))) {
    assert.equal(parameters.get("nature"), "travaux", path);
  }
  assert.equal(between.of("/v1/search").at(-1).parameters.get("facettes"), "procedure,titulaire");
  const looked = between.of("/v1/facets/titulaire").at(-1).parameters;
  assert.deepEqual([looked.get("q"), looked.get("recherche")], ["10", "communes"]);
  for (const link of ["a[download]", "a[type='application/atom+xml']", "li.hit h3 a"]) {
    assert.equal(new URL(await search.part(link).first().getAttribute("href")).searchParams.get("nature"), "travaux", link);
  }
});

test("the site gets events for searches and opened cases, and may open cases itself", async (t) => {
  const { search, page } = await shown(t, "", { rex: SHIPPED });
  await search.ready();
  await page.evaluate(() => {
    window.told = [];
    for (const name of ["rex-search", "rex-select"]) document.addEventListener(name, (event) => window.told.push([name, event.detail]));
    document.addEventListener("rex-select", (event) => event.preventDefault());
  });
  await search.send("bambou");
  await search.totals(1);
  await search.titles.first().click();
  await until("two events", () => page.evaluate(() => window.told.length >= 2));
  const [[, searched], [, selected]] = await page.evaluate(() => window.told);
  assert.deepEqual({ ...searched, took_ms: 0 }, { q: "bambou", filters: {}, sort: "pertinence", page: 1, total: 1, took_ms: 0 });
  assert.equal(selected.id, "mtsamboro-guichet-bancaire-bambou");
  assert.equal(selected.position, 1);
  assert.match(selected.url, /\/cas\/mtsamboro-guichet-bancaire-bambou\?q=bambou$/);
  assert.equal(new URL(page.url()).origin, host.origin, "the site kept it");
});

test("cases open in the target that the site sets", async (t) => {
  const { search } = await shown(t, 'case-url="/nos-cas/{id}.html" q="bambou"', { rex: SHIPPED });
  await search.totals(1);
  assert.equal(await search.titles.first().getAttribute("href"), "/nos-cas/mtsamboro-guichet-bancaire-bambou.html");
});

test("the address bar has the search: for reload, history and sharing", async (t) => {
  const { search, page } = await shown(t, "sync-url");
  await search.ready();
  await search.field.fill("travaux");
  await search.totals(501);
  await becomes(() => new URL(page.url()).search, "?q=travaux");
  await search.choice("procedure", "Procédure adaptée").check();
  await search.totals(167);
  await search.pageLink("Suivante").click();
  await becomes(() => new URL(page.url()).searchParams.get("page"), "2");
  await page.reload();
  await search.totals(167);
  assert.equal(await search.pager.locator("[aria-current]").innerText().then((text) => text.trim().split(/\s/).at(-1)), "2");
  await page.goBack();
  await becomes(() => new URL(page.url()).searchParams.get("page"), null);
  await page.goBack();
  await search.totals(501);
  assert.ok(!(await search.choice("procedure", "Procédure adaptée").isChecked()));
  await page.goForward();
  await search.totals(167);
  assert.ok(await search.choice("procedure", "Procédure adaptée").isChecked());
});

test("the order in the URL is selected, and the default of the site comes first", async (t) => {
  const page = await open(t, browser);
  // As the form without scripts writes it.
  await page.goto(`${MANY}/recherche?q=communes&tri=pertinence`);
  const search = await new Widget(page).ready();
  assert.equal(await search.sort.inputValue(), "pertinence");
  await search.sort.selectOption("-montant");
  await becomes(() => new URL(page.url()).search, "?q=communes&tri=-montant");

  await page.goto(host.put(embedding(MANY, widget(MANY, "sync-url sort=-montant"))));
  await search.ready();
  assert.equal(await search.sort.inputValue(), "-montant");
  await search.sort.selectOption("pertinence");
  await becomes(() => new URL(page.url()).search, "?tri=pertinence");
  await page.reload();
  await search.ready();
  assert.equal(await search.sort.inputValue(), "pertinence");
  unharmed(page, MANY, host.origin);
});

test("without sync-url the address bar is left alone", async (t) => {
  const { search, page } = await shown(t);
  await search.ready();
  const address = page.url();
  await search.field.fill("travaux");
  await search.field.press("Enter");
  await search.totals(501);
  assert.equal(page.url(), address);
});

test("more results can be loaded below, and retried if they fail", async (t) => {
  const { between, search } = await shown(t, "paging=more");
  await search.ready();
  await search.more.click();
  await becomes(() => search.hits.count(), 20);
  between.take("/v1/search", (_, reply) => reply.reset());
  await search.more.click();
  await search.retry.waitFor();
  assert.equal(await search.hits.count(), 20);
  between.reset();
  await search.retry.click();
  await becomes(() => search.hits.count(), 30);
  const titles = await search.titleTexts();
  assert.equal(new Set(titles).size, 30, "none twice");
});

test("a page past the last one is the last one", async (t) => {
  const page = await open(t, browser);
  await page.goto(`${host.put(embedding(MANY, widget(MANY, "sync-url per-page=100")))}?page=99`);
  const search = await new Widget(page).ready();
  assert.equal(await search.pager.locator("[aria-current]").innerText().then((text) => text.trim().split(/\s/).at(-1)), "10");
  unharmed(page, MANY, host.origin);
});

test("the order of facets and values stays while filters change", async (t) => {
  const { search } = await shown(t);
  await search.ready();
  const order = () => search.facets.evaluateAll((facets) => facets.map((facet) => [facet.dataset.facet, ...[...facet.querySelectorAll("fieldset > ul > li > label input")].map((input) => input.value)].join(" / ")));
  const before = await order();
  await search.choice("titulaire", "Coopérative 07").or(search.choice("titulaire", "Coopérative 00")).first().check();
  await until("fewer", async () => (await search.total()) < 1000);
  const after = await order();
  assert.deepEqual(after.map((line) => line.split(" / ")[0]), before.map((line) => line.split(" / ")[0]));
  // The remaining values keep their order.
  for (const [rank, line] of before.entries()) {
    const known = line.split(" / ");
    const kept = after[rank].split(" / ").filter((value) => known.includes(value));
    assert.deepEqual(kept, known.filter((value) => kept.includes(value)), known[0]);
  }
});

test("notices say how each word was treated, and suggestions are links", async (t) => {
  for (const [lang, expected] of [
    ["fr", ["Aucun cas ne contient « clause », « <b> »", "Vouliez-vous dire « cause » ?", "Non exigé : « paris »", "Aussi la famille de « réhabiliter »"]],
    ["en", ["No case has “clause”, “<b>”", "Did you mean “cause” ?", "Not required: “paris”", "Family too: “réhabiliter”"]],
  ]) {
    const { between, search } = await shown(t, `lang=${lang}`);
    await search.ready();
    const suggestions = { did_you_mean: "cause", missing: ["clause", "<b>"], optional: ["paris"], derived: ["réhabiliter"], relaxed: false, chips: [] };
    between.take("/v1/search", (_, reply) => reply.pass((answer) => ({ ...answer, suggestions })));
    await search.send("clause");
    await becomes(async () => (await search.notices.allInnerTexts()).map((text) => text.replace(/[\s\u00a0\u202f]+/g, " ").trim()), expected);
    between.reset();
    await search.notices.getByRole("link").click();
    await becomes(() => search.field.inputValue(), "cause");
    await becomes(() => search.notices.filter({ hasText: "clause" }).count(), 0);
  }
});

/** An answer with one case near in meaning, which holds what could be markup. */
const withNear = (answer) => ({
  ...answer,
  near_by_meaning: [{
    id: "toulouse-ramassage-cartons", url: "/cas/toulouse-ramassage-cartons", title: "Tri <b>&amp;</b> collecte",
    record: { acheteur: { nom: "Ville" }, territoire: ["Occitanie", "Haute-Garonne"] }, reasons: ["même sujet : collecte, tri"],
  }],
});

test("cases near in meaning are a list apart, below the hits and below the advice where there are none", async (t) => {
  for (const [lang, words, title, why] of [
    ["fr", "insertion", "Proches par le sens", "Sans tous vos mots, mais sur un sujet proche."],
    ["en", "zzzzqqq", "Near in meaning", "Without all your words, but on a near subject."],
  ]) {
    const { between, page, search } = await shown(t, `lang=${lang} q=${words}`, { rex: SHIPPED });
    await search.ready();
    assert.equal(await search.near.count(), 0);
    between.take("/v1/search", (_, reply) => reply.pass(withNear));
    await search.send(`${words} `);
    await search.near.waitFor();
    assert.equal(await search.near.getByRole("heading", { level: 2 }).innerText(), title);
    assert.equal(await search.near.locator("p").innerText(), why);
    assert.deepEqual(await search.near.locator(".facts li").allInnerTexts(), ["Ville", "Haute-Garonne", "même sujet : collecte, tri"]);
    const link = search.near.getByRole("link");
    assert.equal(await link.innerText(), "Tri <b>&amp;</b> collecte");
    const last = words === "insertion" ? search.hits.last() : search.empty;
    assert.ok((await last.boundingBox()).y < (await search.near.boundingBox()).y);
    await link.click();
    await page.waitForURL(/\/cas\/toulouse-ramassage-cartons\?q=/);
  }
});

test("a site may open a case near in meaning itself", async (t) => {
  const { between, page, search } = await shown(t, 'q=insertion case-url="/mes-cas/{id}"', { rex: SHIPPED });
  between.take("/v1/search", (_, reply) => reply.pass(withNear));
  await search.ready();
  await search.send("insertion ");
  await page.evaluate(() => addEventListener("rex-select", (event) => {
    window.selected = event.detail;
    event.preventDefault();
  }));
  await search.near.getByRole("link").click();
  assert.deepEqual(await page.evaluate(() => window.selected), {
    id: "toulouse-ramassage-cartons", title: "Tri <b>&amp;</b> collecte", url: "/mes-cas/toulouse-ramassage-cartons", position: 0,
  });
});

test("cases that lack a word can be removed, by a link and in the address", async (t) => {
  const { between, search, page } = await shown(t, "sync-url", { rex: SHIPPED });
  const lacking = (answer) => ({ ...answer, total: 3, suggestions: { ...answer.suggestions, lacking_words: 2 } });
  between.take("/v1/search", ({ parameters }, reply) => reply.pass(parameters.has("matching") ? undefined : lacking));
  await search.ready();
  await search.send("insertion");
  const notice = search.notices.filter({ hasText: /^Cas sans tous les mots.: 2 Les retirer$/ });
  await notice.getByRole("link").click();
  await until("a search for all words", () => between.of("/v1/search").at(-1).parameters.get("matching") === "all");
  await until("the address", () => new URL(page.url()).searchParams.get("matching") === "all");
  await becomes(() => notice.count(), 0);
  assert.match(await search.part(".share a").first().getAttribute("href"), /matching=all/);
  await page.reload();
  await search.ready();
  assert.equal(between.of("/v1/search").at(-1).parameters.get("matching"), "all");
  // Other words are searched as usual.
  await search.send("cartons");
  await until("other words", () => between.of("/v1/search").at(-1).parameters.get("q") === "cartons");
  assert.equal(between.of("/v1/search").at(-1).parameters.has("matching"), false);
});
