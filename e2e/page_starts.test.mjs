// The built page as a static host serves it: it starts, logs no error, and loads only its own build.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";
import { PATIENCE } from "./lib/app.mjs";

const url = process.env.MAPPOSTER_URL;
let browser;

before(async () => {
  assert.ok(url, "run me by `cargo xtask test --only e2e`");
  browser = await chromium.launch({
    executablePath: process.env.MAPPOSTER_CHROMIUM,
    args: ["--no-sandbox", "--enable-unsafe-swiftshader"],
  });
});

after(() => browser?.close());

test("the page starts without an error and names MapPoster", async () => {
  const page = await browser.newPage({ serviceWorkers: "block" });
  page.setDefaultTimeout(PATIENCE);
  const errors = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("response", (reply) => reply.status() >= 400 && errors.push(`${reply.status()} ${reply.url()}`));
  await page.goto(url, { waitUntil: "networkidle" });
  await page.waitForFunction(() => document.body.children.length > 0);
  assert.match(await page.title(), /MapPoster/);
  assert.deepEqual(errors, []);
});

test("all code comes from the build's own folder, wasm with its type", async () => {
  const page = await browser.newPage({ serviceWorkers: "block" });
  page.setDefaultTimeout(PATIENCE);
  const code = [];
  page.on("response", (reply) => {
    if (/\.(js|wasm)$/.test(new URL(reply.url()).pathname)) code.push(reply);
  });
  await page.goto(url, { waitUntil: "networkidle" });
  const build = await page.getAttribute('meta[name="mapposter-build"]', "content");
  assert.match(build, /^build-simd-[0-9a-f]{16}\/$/);
  assert.ok(code.length >= 2, "a script and a module");
  for (const reply of code) {
    assert.ok(reply.url().startsWith(`${url}/${build}`), reply.url());
    if (reply.url().endsWith(".wasm")) assert.equal(reply.headers()["content-type"], "application/wasm");
  }
});

test("each build has its workers' loaders where the page looks for them", async () => {
  const builds = [...(await (await fetch(url)).text()).matchAll(/name="mapposter-build" content="([^"]+)"/g)];
  assert.equal(builds.length, 2, "with SIMD and without");
  for (const [, build] of builds) {
    for (const file of ["render_worker_loader.js", "print_worker_loader.js", "print_worker.js", "print_worker_bg.wasm"]) {
      assert.equal((await fetch(`${url}/${build}${file}`)).status, 200, `${build}${file}`);
    }
  }
});
