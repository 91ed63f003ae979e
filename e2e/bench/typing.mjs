// The search field: what each key press costs the page, from the first letter of a name to its last.

import { cpu, passed, processOf, rest } from "./clock.mjs";
import { median, show, table } from "./figures.mjs";

/** By what they are called in the figures: found at once, with an accent, mistyped, and of many cities. */
const TYPED = { monaco: "monaco", munich: "münchen", typo: "san fransicso", springfield: "springfield" };

/** Until the list of a letter is on screen and the page is at rest, ms: on a busy machine its frame may come late. */
const SETTLED = 150;

/** Types each name on fresh visits; the lines for scripts. */
export async function benchTyping(stage, runs) {
  const found = Object.fromEntries(Object.keys(TYPED).map((name) => [name, []]));
  for (let run = 0; run < runs; run++) {
    stage.reset();
    const visitor = await stage.visit();
    try {
      const id = await processOf(visitor.page, stage.chromium.browser);
      await visitor.page.locator("#place-search").focus();
      await visitor.page.keyboard.type("oslo");
      // The cities are here.
      await visitor.page.locator("#place-choices").getByText("Norway").first().waitFor();
      for (const [name, text] of Object.entries(TYPED)) found[name].push(await presses(visitor.page, id, text));
    } finally {
      await visitor.leave();
    }
  }
  const means = (name) => found[name].map((all) => all.reduce((sum, one) => sum + one, 0) / all.length);
  const worst = (name) => Math.max(...found[name].flat());
  console.log("Typing into the search field, CPU ms of a key press");
  table([["", "a key press", "the worst"], ...Object.entries(TYPED).map(([name, text]) => [text, show(means(name)), worst(name).toPrecision(3)])]);
  return Object.keys(TYPED).flatMap((name) => [
    `ratio key-press-ms ${name} ${median(means(name)).toFixed(3)}`,
    `ratio key-press-worst-ms ${name} ${worst(name).toFixed(3)}`,
  ]);
}

/** CPU ms of the page's own threads for each letter of a text in the empty field. */
async function presses(page, id, text) {
  await page.locator("#place-search").fill("");
  await rest(SETTLED);
  const spent = [];
  for (const letter of text) {
    const from = cpu(id);
    await page.keyboard.type(letter);
    await rest(SETTLED);
    spent.push(passed(from, cpu(id)).own);
  }
  return spent;
}
