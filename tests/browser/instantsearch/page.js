// A search page of a site. URL parameters: the origin of Rex (`rex`), the version of instant-meilisearch (`client`), and whether the
// number of pages is needed (`finite`).
const asked = new URLSearchParams(location.search);

// 0.31.3 is a module that imports the SDK; 1.0.0 is a bundled script that defines a global.
const { instantMeiliSearch } =
  asked.get("client") === "1.0.0" ? window : await import("/node_modules/instant-meilisearch-0/dist/index.js");

const { searchClient } = instantMeiliSearch(asked.get("rex"), "une-cle-que-rex-ignore", {
  primaryKey: "id",
  finitePagination: asked.has("finite"),
});
const search = window.instantsearch({ indexName: "rex", searchClient });
const widgets = window.instantsearch.widgets;

search.addWidgets([
  widgets.configure({ attributesToSnippet: ["resume:30"], snippetEllipsisText: "…" }),
  widgets.searchBox({ container: "#searchbox" }),
  widgets.stats({ container: "#stats", templates: { text: ({ nbHits }) => `${nbHits} cas` } }),
  widgets.currentRefinements({ container: "#current" }),
  widgets.refinementList({ container: "#procedure", attribute: "procedure" }),
  widgets.refinementList({ container: "#theme", attribute: "theme", limit: 5, searchable: true }),
  widgets.hierarchicalMenu({
    container: "#territoire",
    attributes: ["territoire.lvl0", "territoire.lvl1", "territoire.lvl2"],
    separator: " > ",
  }),
  widgets.rangeInput({ container: "#montant", attribute: "montant" }),
  widgets.sortBy({
    container: "#sort",
    items: [
      { label: "Pertinence", value: "rex" },
      { label: "Montant croissant", value: "rex:montant:asc" },
      { label: "Les plus récents", value: "rex:annee:desc" },
    ],
  }),
  widgets.hitsPerPage({
    container: "#per-page",
    items: [
      { label: "20 par page", value: 20, default: true },
      { label: "8 par page", value: 8 },
    ],
  }),
  widgets.hits({
    container: "#hits",
    templates: {
      item: (hit, { html, components }) => html`
        <article data-id="${hit.id}" data-annee="${hit.annee}">
          <h3>${components.Highlight({ hit, attribute: "titre", highlightedTagName: "mark" })}</h3>
          <p class="acheteur">${components.Highlight({ hit, attribute: "acheteur", highlightedTagName: "mark" })}</p>
          <p class="resume">${components.Snippet({ hit, attribute: "resume", highlightedTagName: "mark" })}</p>
        </article>
      `,
    },
  }),
  widgets.pagination({ container: "#pagination" }),
]);
search.start();
