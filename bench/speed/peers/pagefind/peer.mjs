// Pagefind: `build DOCUMENTS FOLDER` writes its files, `serve FOLDER QUERIES` searches them as a page would, in Node: the same script
// and WebAssembly, its files read from disk instead of fetched. Sessions are those of `engines/src/session.rs`.

import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const HITS = 10;
const FACETS = ["type", "nature", "procedure", "reserve", "considerations", "territoire", "cpv", "acheteur", "titulaire", "structure", "theme", "annee"];

const lines = (file) => readFileSync(file, "utf8").trim().split("\n").map((line) => JSON.parse(line));

async function build(texts, folder) {
  const { createIndex, close } = await import("pagefind");
  const { index } = await createIndex({ forceLanguage: "fr" });
  for (const document of lines(texts)) {
    const filters = Object.fromEntries(FACETS.map((facet) => [facet, document.facettes[facet]]).filter(([, values]) => values.length));
    const { errors } = await index.addCustomRecord({
      url: `/cas/${document.id}`,
      content: `${document.texte}\n${document.libelle}`,
      language: "fr",
      meta: { title: document.titre },
      filters,
      sort: { date: String(document.date ?? 0), montant: String(document.nombres.montant ?? 0).padStart(15, "0") },
    });
    if (errors.length) throw new Error(errors.join("; "));
  }
  await index.writeFiles({ outputPath: folder });
  await close();
}

// A page asks for files by their address.
globalThis.fetch = async (address) => new Response(await readFile(fileURLToPath(String(address).split("?")[0])));

async function open(folder) {
  const script = pathToFileURL(path.resolve(folder, "pagefind.js")).href;
  const pagefind = await import(script);
  await pagefind.options({ basePath: script.replace("pagefind.js", ""), baseUrl: "/" });
  await pagefind.init("fr");
  await pagefind.filters();
  return pagefind;
}

// Bounds of numbers are beyond Pagefind: they are left out, and `run.py` asks for no such query.
const options = ({ filters, tri }) => ({
  filters: Object.fromEntries(Object.entries(filters).map(([facet, values]) => [facet, { any: values }])),
  sort: { "-date": { date: "desc" }, "-montant": { montant: "desc" } }[tri] ?? {},
});

async function answer(pagefind, query) {
  const found = await pagefind.search(query.q || null, options(query));
  await Promise.all(found.results.slice(0, HITS).map((result) => result.data()));
  return found.results.length;
}

async function serve(folder, file) {
  const pagefind = await open(folder);
  const queries = lines(file);
  console.log(JSON.stringify({ ready: true }));
  for await (const line of createInterface({ input: process.stdin })) {
    const [, , ...ranks] = line.split(" ");
    const figures = [];
    for (const rank of ranks) {
      const started = process.hrtime.bigint();
      const total = await answer(pagefind, queries[Number(rank)]);
      figures.push([Number(process.hrtime.bigint() - started), total]);
    }
    console.log(JSON.stringify(figures));
  }
}

const [command, ...files] = process.argv.slice(2);
await { build, serve }[command](...files);
