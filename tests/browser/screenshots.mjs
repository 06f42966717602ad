// Not a test: takes screenshots of a running server. `node tests/browser/screenshots.mjs http://127.0.0.1:7373 FOLDER`

import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";
import { until } from "./harness.mjs";
import { embedding, Host, widget } from "./servers.mjs";

const [rex, folder] = process.argv.slice(2);
if (!rex || !folder) throw new Error("expected the address of a Rex and a folder");
const paths = (process.env.PATH ?? "").split(delimiter).map((path) => join(path, "chromium"));
const browser = await chromium.launch({ executablePath: paths.find((path) => existsSync(path)), args: ["--no-sandbox"] });
const host = await Host.start();
const SITE = "<style>body { margin: 0 } header { padding: 0 2rem; background: #f3e9dc; font: 1.25rem Georgia } main { max-width: 60rem; margin: auto; padding: 0 1rem } rex-search { --rex-accent: #7a1f5c; --rex-font: Georgia, serif }</style>";

/** Takes one screenshot, once there are results. */
async function picture(name, address, { screen = {}, act = async () => {} } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "fr-FR", ...screen });
  const page = await context.newPage();
  await page.goto(address);
  await until("results", () => page.evaluate(() => document.querySelector("rex-search").shadowRoot.querySelector(".hit")));
  await act(page);
  await page.screenshot({ path: join(folder, `${name}.png`) });
  await context.close();
}

const search = `${rex}/recherche?q=insertion`;
await picture("desktop", search);
await picture("phone", search, { screen: { viewport: { width: 360, height: 740 } } });
await picture("dark", search, { screen: { colorScheme: "dark" } });
await picture("dsfr", host.put(embedding(rex, widget(rex, "map look=dsfr q=insertion"))));
await picture("embedded", host.put(embedding(rex, widget(rex, "map facets=territoire,montant,procedure"), { head: SITE })), {
  act: async (page) => {
    await page.locator("#q").fill("inser");
    await page.locator("[role=option]").first().waitFor();
    await page.keyboard.press("ArrowDown");
  },
});
await browser.close();
process.exit();
