// The JavaScript SDK against the shipped cases (REX_SHIPPED) and the generated contracts (REX_MADE).
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { Meilisearch, MeilisearchApiError } from "meilisearch";

const shipped = new Meilisearch({ host: process.env.REX_SHIPPED, apiKey: "une-cle-que-rex-ignore" });
const cases = shipped.index("rex");
const contracts = new Meilisearch({ host: process.env.REX_MADE }).index("rex");

const CARDBOARD = "toulouse-ramassage-cartons";
const ids = (answer) => answer.hits.map((hit) => hit.id);
// The first part of the id identifies a shipped case.
const places = (answer) => ids(answer).map((id) => id.match(/^(maine-et-loire|[a-z]+)/)[0]).sort();
const contract = (number) => `contrat-${String(number).padStart(2, "0")}`;

test("the server says what it is", async () => {
  assert.equal((await shipped.health()).status, "available");
  assert.equal(await shipped.isHealthy(), true);
  const { pkgVersion } = await shipped.getVersion();
  assert.match(pkgVersion, /^\d+\.\d+\.\d+/);
});

test("there is one index", async () => {
  const { results, total, limit, offset } = await shipped.getIndexes();
  assert.deepEqual([results.length, total, limit, offset], [1, 1, 20, 0]);
  assert.deepEqual([results[0].uid, results[0].primaryKey], ["rex", "id"]);
  // Fetched by name it has dates, which the SDK parses.
  const index = await shipped.getIndex("rex");
  assert.equal(await index.fetchPrimaryKey(), "id");
  assert.ok(index.createdAt.getTime() > 0 && index.updatedAt.getTime() > 0);
});

test("a hit is a flat document", async () => {
  const answer = await cases.search("insertion dechets");
  assert.equal(answer.query, "insertion dechets");
  assert.deepEqual([answer.limit, answer.offset], [20, 0]);
  assert.equal(answer.estimatedTotalHits, answer.hits.length);
  assert.ok(answer.processingTimeMs >= 0);

  const hit = answer.hits[0];
  const expected = {
    id: CARDBOARD,
    titre: "Ramassage des cartons du centre-ville de Toulouse\u00a0: une action d'insertion",
    type: "retour-d-experience",
    nature: "services",
    procedure: "Procédure adaptée",
    acheteur: "Toulouse Métropole",
    titulaire: ["Greenburo"],
    structure: ["Coopérative"],
    theme: ["déchets", "insertion", "collecte des cartons"],
    montant: 350000,
    duree: 12,
    territoire: {
      lvl0: "Occitanie",
      lvl1: "Occitanie > Haute-Garonne",
      lvl2: "Occitanie > Haute-Garonne > Toulouse Métropole",
    },
  };
  for (const [name, value] of Object.entries(expected)) {
    assert.deepEqual(hit[name], value, name);
  }
  // Attributes without a value are left out.
  assert.ok(!("reserve" in hit) && !("annee" in hit));
  const { cpv, url, resume } = hit;
  assert.equal(cpv.lvl0, "75000000");
  assert.ok(Object.values(cpv).every((path) => "75000000 > 75200000 > 75230000 > 75231000 > 75231200 > 75231240".startsWith(path)));
  assert.ok(url.endsWith(`/cas/${CARDBOARD}`));
  assert.match(resume, /Dans le centre-ville, commerces/);
});

test("filters of every kind", async () => {
  const filters = JSON.parse(await readFile(new URL("filters.json", import.meta.url)));
  for (const [filter, expected] of filters) {
    assert.deepEqual(places(await cases.search("", { filter })), expected, JSON.stringify(filter));
  }
});

test("facets are counted under the filters, with the bounds of numbers", async () => {
  const facets = ["procedure", "territoire.lvl0", "montant", "duree"];
  const all = await cases.search("", { facets });
  assert.deepEqual(Object.keys(all.facetDistribution).sort(), [...facets].sort());
  assert.deepEqual({ ...all.facetDistribution.procedure }, { "Marché réservé": 2, "Procédure adaptée": 3 });
  assert.deepEqual(all.facetStats, { montant: { min: 127721, max: 1590000 }, duree: { min: 3, max: 36 } });

  const some = await cases.search("", { facets, filter: "nature = services AND montant < 1000000" });
  assert.deepEqual({ ...some.facetDistribution.procedure }, { "Marché réservé": 1, "Procédure adaptée": 2 });
  assert.deepEqual(some.facetStats.montant, { min: 170000, max: 350000 });
});

test("orders", async () => {
  const least = await cases.search("", { sort: ["montant:asc"], attributesToRetrieve: ["montant"] });
  assert.deepEqual(least.hits, [127721, 170000, 200000, 350000, 1590000].map((montant) => ({ montant })));
  const most = await cases.search("", { sort: ["duree:desc"], limit: 2 });
  assert.deepEqual(most.hits.map((hit) => hit.duree), [36, 24]);
  const named = await cases.search("", { sort: ["titre:asc"] });
  assert.deepEqual(ids(named).slice(0, 2), ["paris-precarite-energetique", "mtsamboro-guichet-bancaire-bambou"]);
  // Cases without an amount come last in both directions.
  for (const sort of ["montant:asc", "montant:desc"]) {
    const { hits } = await contracts.search("", { sort: [sort], limit: 60 });
    assert.deepEqual(hits.slice(54).map((hit) => hit.montant), Array(6).fill(undefined), sort);
  }
});

test("attributes are retrieved, marked and cropped as asked", async () => {
  const { hits } = await cases.search("cartons", {
    limit: 1,
    attributesToRetrieve: ["id", "titre", "resume"],
    attributesToHighlight: ["titre"],
    highlightPreTag: "<b>",
    highlightPostTag: "</b>",
    attributesToCrop: ["resume:8"],
    cropMarker: "[…]",
  });
  assert.deepEqual(Object.keys(hits[0]).sort(), ["_formatted", "id", "resume", "titre"]);
  const { titre, resume } = hits[0]._formatted;
  assert.ok(titre.startsWith("Ramassage des <b>cartons</b> du centre-ville"), titre);
  assert.match(resume, /cartons/);
  assert.match(resume, /\[…\]/);
  assert.ok(resume.split(/\s+/).length <= 12, resume);

  const plain = await cases.search("cartons", { limit: 1, attributesToHighlight: ["*"] });
  assert.match(plain.hits[0]._formatted.titre, /<em>cartons<\/em>/);
  assert.match(plain.hits[0]._formatted.resume, /<em>cartons<\/em>/);
  const unmarked = await cases.search("cartons", { limit: 1 });
  assert.equal(unmarked.hits[0]._formatted, undefined);
});

test("scores", async () => {
  const scored = await cases.search("insertion dechets", { showRankingScore: true });
  const scores = scored.hits.map((hit) => hit._rankingScore);
  assert.ok(scores.every((score) => score >= 0 && score <= 1), String(scores));
  assert.deepEqual(scores, [...scores].sort((one, other) => other - one));
  assert.equal((await cases.search("insertion")).hits[0]._rankingScore, undefined);
});

test("all words, or as many as find something", async () => {
  const all = await cases.search("bambou cartons", { matchingStrategy: "all" });
  assert.deepEqual(ids(all), []);
  const last = await cases.search("bambou cartons", { matchingStrategy: "last" });
  assert.ok(ids(last).includes("mtsamboro-guichet-bancaire-bambou"));
});

test("pages by offset", async () => {
  const page = await contracts.search("", { sort: ["montant:asc"], limit: 7, offset: 50 });
  assert.deepEqual([page.limit, page.offset, page.estimatedTotalHits], [7, 50, 60]);
  assert.deepEqual(ids(page).slice(0, 4), [contract(56), contract(57), contract(58), contract(59)]);
  assert.equal(page.hits.length, 7);
  const none = await contracts.search("", { limit: 0 });
  assert.deepEqual([none.hits, none.estimatedTotalHits], [[], 60]);
  assert.deepEqual((await contracts.search("", { offset: 60 })).hits, []);
});

test("pages by number", async () => {
  const page = await contracts.search("", { sort: ["montant:asc"], hitsPerPage: 25, page: 2 });
  assert.deepEqual([page.hitsPerPage, page.page, page.totalPages, page.totalHits], [25, 2, 3, 60]);
  // The first 25 are numbers 1 to 27 without 10 and 20.
  assert.equal(ids(page)[0], contract(28));
  assert.equal(page.estimatedTotalHits, undefined);
  const last = await contracts.search("", { hitsPerPage: 25, page: 3 });
  assert.equal(last.hits.length, 10);
  const past = await contracts.search("", { hitsPerPage: 25, page: 4 });
  assert.deepEqual([past.hits, past.totalHits], [[], 60]);
  const count = await contracts.search("", { hitsPerPage: 0, filter: "theme = insertion" });
  assert.deepEqual([count.hits, count.totalHits], [[], 5]);

  const seen = new Set();
  for (let number = 1; number <= 8; number++) {
    ids(await contracts.search("", { hitsPerPage: 8, page: number })).forEach((id) => seen.add(id));
  }
  assert.equal(seen.size, 60);
});

test("several searches at once", async () => {
  const { results } = await shipped.multiSearch({
    queries: [
      { indexUid: "rex", q: "bambou", limit: 1 },
      { indexUid: "rex", q: "", facets: ["nature"], hitsPerPage: 0 },
      { indexUid: "rex", filter: [["procedure = 'Marché réservé'"]], sort: ["montant:asc"] },
    ],
  });
  assert.deepEqual(results.map((result) => result.indexUid), ["rex", "rex", "rex"]);
  assert.deepEqual(ids(results[0]), ["mtsamboro-guichet-bancaire-bambou"]);
  assert.deepEqual({ ...results[1].facetDistribution.nature }, { services: 4, travaux: 1 });
  assert.deepEqual(results[2].hits.map((hit) => hit.montant), [200000, 1590000]);
});

test("values of a facet", async () => {
  const search = async (facetName, facetQuery, others) =>
    (await cases.searchForFacetValues({ facetName, facetQuery, ...others })).facetHits;
  assert.deepEqual(await search("theme", "dechet"), [{ value: "déchets", count: 1 }]);
  assert.deepEqual(await search("theme", "inserton"), [{ value: "insertion", count: 4 }]);
  assert.deepEqual(await search("theme", "insertion", { filter: "montant > 300000" }), [{ value: "insertion", count: 1 }]);
  assert.deepEqual(await search("theme", "insertion", { q: "bambou" }), [{ value: "insertion", count: 1 }]);
  assert.deepEqual(await search("titulaire", "zzzz"), []);
  const answer = await cases.searchForFacetValues({ facetName: "nature" });
  assert.deepEqual(answer.facetHits.map((hit) => [hit.value, hit.count]).sort(), [["services", 4], ["travaux", 1]]);
  assert.ok(answer.processingTimeMs >= 0);
});

test("a search by GET is the same search", async () => {
  const options = {
    filter: "montant >= 170000",
    facets: ["nature", "duree"],
    sort: ["montant:desc"],
    attributesToRetrieve: ["id", "montant"],
    attributesToHighlight: ["titre"],
    limit: 3,
  };
  const { processingTimeMs: one, ...got } = await cases.searchGet("insertion", options);
  const { processingTimeMs: other, ...posted } = await cases.search("insertion", options);
  assert.deepEqual(got, posted);
  assert.equal(got.hits.length, 3);
});

test("errors have the form of Meilisearch", async () => {
  const refused = async (asked, status, code) => {
    const error = await asked.then(() => assert.fail(`${code} expected`), (error) => error);
    assert.ok(error instanceof MeilisearchApiError, String(error));
    assert.equal(error.response.status, status, error.message);
    assert.deepEqual([error.cause.code, error.cause.type], [code, "invalid_request"], error.message);
    assert.equal(typeof error.cause.link, "string");
    assert.equal(error.message, error.cause.message);
    return error.message;
  };
  await refused(shipped.index("autre").search(""), 404, "index_not_found");
  await refused(shipped.multiSearch({ queries: [{ indexUid: "autre" }] }), 404, "index_not_found");
  for (const filter of ["montant >", "montant = ", "(nature = services", "couleur = rouge", "nature services", [["nature ="]]]) {
    await refused(cases.search("", { filter }), 400, "invalid_search_filter");
  }
  assert.match(await refused(cases.search("", { filter: "procedur = x" }), 400, "invalid_search_filter"), /procedure/);
  await refused(cases.search("", { sort: ["couleur:asc"] }), 400, "invalid_search_sort");
  await refused(cases.search("", { facets: ["couleur"] }), 400, "invalid_search_facets");
  await refused(cases.search("", { limit: -1 }), 400, "invalid_search_limit");
  await refused(cases.searchForFacetValues({ facetName: "couleur" }), 400, "invalid_facet_search_facet_name");
});
