// The script: its size, that it is one file, its integrity digest, and its types.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { becomes, chromiumOf, open, site, unharmed } from "./harness.mjs";
import { Widget } from "./parts.mjs";
import { embedding, fallback, Host, widget } from "./servers.mjs";

/** Maximum size of the compressed script in bytes, styles and texts included. */
const BUDGET = 15_000;
const SHIPPED = site("SHIPPED");
const folder = dirname(fileURLToPath(import.meta.url));
const browser = await chromiumOf();
const host = await Host.start();
const script = Buffer.from(await (await fetch(`${SHIPPED}/rex-search.js`)).arrayBuffer());

test("script, styles and texts together are at most 15 kB", async () => {
  const least = gzipSync(script, { level: 9 }).length;
  assert.ok(least <= BUDGET, `${least} bytes, at most ${BUDGET}`);
  // Also as sent to a browser: the server uses its own compression level.
  const sent = await promisify(execFile)("curl", ["--silent", "--header", "Accept-Encoding: gzip", "--output", "-", "--write-out", "%{stderr}%{size_download}", `${SHIPPED}/rex-search.js`], { encoding: "buffer" });
  const size = Number(sent.stderr.toString());
  assert.ok(size > 0 && size <= BUDGET, `${size} bytes are sent, at most ${BUDGET}`);
});

test("the script is the only file that is loaded", async (t) => {
  const page = await open(t, browser);
  await page.goto(host.put(embedding(SHIPPED, widget(SHIPPED, "map lang=en"))));
  await new Widget(page).ready();
  const loaded = page.asked.filter((address) => address.startsWith(SHIPPED) && !address.startsWith(`${SHIPPED}/v1/`));
  assert.deepEqual(loaded, [`${SHIPPED}/rex-search.js`]);
  unharmed(page, SHIPPED, host.origin);
});

/** A page that requires the script to have a digest. */
function guarded(digest) {
  const page = embedding("", widget(SHIPPED, "", fallback(SHIPPED)));
  const tag = `<script type="module" src="${SHIPPED}/rex-search.js" crossorigin="anonymous" integrity="sha384-${digest}"></script>`;
  return host.put(page.replace(/<script.*<\/script>/, tag));
}

test("with its digest the script runs on a page of another origin", async (t) => {
  const page = await open(t, browser);
  await page.goto(guarded(createHash("sha384").update(script).digest("base64")));
  await (await new Widget(page).ready()).totals(5);
  unharmed(page, SHIPPED, host.origin);
});

test("with another digest it does not run, and the form is shown", async (t) => {
  const page = await open(t, browser);
  await page.goto(guarded(createHash("sha384").update("other").digest("base64")));
  await becomes(() => page.errors.some((error) => error.includes("integrity")), true);
  assert.ok(await page.getByLabel("Rechercher un cas").isVisible());
  assert.equal(await page.evaluate(() => customElements.get("rex-search")), undefined);
});

test("the script passes the type checker", async () => {
  const compiler = join(folder, "node_modules/typescript/bin/tsc");
  const checked = await promisify(execFile)(process.execPath, [compiler, "--project", join(folder, "tsconfig.json")]).catch((error) => error);
  assert.equal(checked.stdout, "");
  assert.equal(checked.stderr, "");
});
