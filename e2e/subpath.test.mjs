// The app under a path of its host's choosing: every address in it is relative.

import assert from "node:assert/strict";
import { suite, themeFile } from "./lib/app.mjs";
import { shareOf } from "./lib/pixels.mjs";

const { visit } = suite({ prefix: "/some/where/" });

visit("everything is found below the sub-path", async (visitor, stage) => {
  assert.ok(shareOf(await visitor.picture(), themeFile("terracotta").bg) > 0.15);
  await visitor.chooseTheme("noir");
  await visitor.pictureWhen((p) => shareOf(p, themeFile("noir").bg) > 0.05, "noir's paper");
  await visitor.download("svg");
  const above = stage.site.requests.filter(({ path }) => !path.startsWith("/some/where/") && path !== "/favicon.ico");
  assert.deepEqual(above, []);
});
