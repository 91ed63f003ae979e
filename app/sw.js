// The service worker: keeps the app in the browser, so that it opens without a network. `cargo xtask` puts in what the
// build is made of; app/start.mjs registers it once the first poster is drawn.
//
// A build is kept whole or not at all: every file is taken only if its bytes are the build's, and every address but the
// page's holds the name of its build, so that an older page that is still open gets its own files from its own cache.
// Of other origins, and of whatever else is beside the page, it knows nothing.

const VERSION = "";
/** Paths and the SHA-256 of what is there, in base64; the page itself, which a host may change, has to name VERSION. */
const FILES = {};
/** What else the first poster takes. */
const FIRST = [];

const SCOPE = new URL("./", location).href;
/** Caches are the origin's; sites below other paths have their own. */
const OURS = `mapposter ${SCOPE} `;
/** Not by its name, from which some hosts redirect. */
const PAGE = "";
/** What a site's owner may change without a build: fetched anew as long as there is a network. */
const NEWEST = ["config.json", "places/index.json"];
/** The page registers us under the name of the build that its browser runs: `simd` or `plain`. */
const BUILD = `build-${location.search.slice(1)}-`;
/** A kept place is lettered with the fonts, and chosen on the world; the cities on that are four times as many bytes. */
const isForPlaces = (path) => path.startsWith("fonts/") || path === "places/world.bin";

/** Where the page asks for a file: code and styles have a name of their own content, all else its build's. */
const address = (path) => SCOPE + (path === PAGE || isNamed(path) ? path : `${path}?${VERSION}`);
const isNamed = (path) => /^(build|style)-/.test(path);
const isAtOnce = (path) => path === PAGE || path.startsWith("style-") || path.startsWith(BUILD) || FIRST.includes(path);

/** Our caches, this build's first. */
async function ours() {
  const names = (await caches.keys()).filter((name) => name.startsWith(OURS) && name !== OURS + VERSION);
  return Promise.all([OURS + VERSION, ...names].map((name) => caches.open(name)));
}

/** The first of our caches' answers for an address. */
async function kept(url, options) {
  for (const cache of await ours()) {
    // A host's `Vary` is about encodings, which a cache has done with.
    const answer = await cache.match(url, { ignoreVary: true, ...options });
    if (answer) return answer;
  }
}

/** Keeps a file; false where it is not the build's. */
async function put(path, response) {
  if (!response.ok || response.redirected) return false;
  const copy = response.clone();
  const bytes = await response.arrayBuffer();
  const isRight = path === PAGE
    ? new TextDecoder().decode(bytes).includes(VERSION)
    : btoa(String.fromCharCode(...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)))) === FILES[path];
  if (isRight) await (await caches.open(OURS + VERSION)).put(address(path), copy);
  return isRight;
}

/** Has a file kept: as an older build left it, or from the site. */
async function keep(path) {
  const old = await kept(SCOPE + path, { ignoreSearch: true });
  if (old && (await put(path, old))) return;
  const asked = new Request(address(path), { cache: path === PAGE ? "no-cache" : "default" });
  if (!(await put(path, await fetch(asked)))) throw new Error(`${path} is not of build ${VERSION}`);
}

async function install() {
  // Open pages go on with their own build's files.
  skipWaiting();
  await Promise.all(Object.keys(FILES).map(async (path) => {
    // What was of use in an older build will be so in this one.
    const isWanted = isAtOnce(path) || (!isNamed(path) && (await kept(SCOPE + path, { ignoreSearch: true })));
    if (isWanted) await keep(path);
  }));
  const cache = await caches.open(OURS + VERSION);
  // A site may do without them.
  await Promise.all(NEWEST.map((path) => cache.add(SCOPE + path).catch(() => {})));
}

/** The page of this build; from the site where the browser has cleared it. */
async function page(request) {
  const cache = await caches.open(OURS + VERSION);
  return (await cache.match(address(PAGE), { ignoreVary: true })) ?? fetch(request);
}

async function newest(event) {
  try {
    const response = await fetch(event.request);
    const copy = response.clone();
    if (response.ok) event.waitUntil(caches.open(OURS + VERSION).then((cache) => cache.put(event.request, copy)).catch(() => {}));
    return response;
  } catch (error) {
    return (await kept(event.request.url)) ?? Response.error();
  }
}

async function file(event, url, path) {
  const known = await kept(url);
  if (known) return known;
  const response = await fetch(event.request);
  if (path in FILES && address(path) === url) {
    const copy = response.clone();
    if (response.ok) event.waitUntil(put(path, copy).catch(() => {}));
    // What is missing here and there would be missing for ever: the next visit begins with the site's page.
    else if (isNamed(path)) event.waitUntil(caches.delete(OURS + VERSION));
  }
  return response;
}

/** A page says that it has drawn its first poster. */
async function heed({ version, hasPlaces }) {
  if (version !== VERSION) return;
  if (hasPlaces) {
    const cache = await caches.open(OURS + VERSION);
    const files = Object.keys(FILES).filter(isForPlaces);
    await Promise.all(files.map(async (path) => (await cache.match(address(path), { ignoreVary: true })) ?? keep(path)));
  }
  const pages = await clients.matchAll({ type: "window", includeUncontrolled: true });
  // Another page of the site may be an older build's.
  if (pages.filter(({ url }) => url.startsWith(SCOPE)).length === 1) await clear(OURS + VERSION);
}

/** Deletes our caches: all, or those older than one. A later one is a newer build's, which may be coming just now. */
async function clear(than) {
  const names = (await caches.keys()).filter((name) => name.startsWith(OURS));
  const older = than ? names.slice(0, Math.max(names.indexOf(than), 0)) : names;
  await Promise.all(older.map((name) => caches.delete(name)));
}

addEventListener("install", (event) => event.waitUntil(install()));
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("message", (event) => {
  if (event.data === "leave") event.waitUntil(Promise.all([clear(), registration.unregister()]));
  else event.waitUntil(heed(event.data).catch(() => {}));
});
addEventListener("fetch", (event) => {
  const { request } = event;
  // The app's fetching library ends a query with `&`.
  const url = request.url.replace(/#.*|&$/g, "");
  if (request.method !== "GET" || !url.startsWith(SCOPE)) return;
  const whole = url.slice(SCOPE.length);
  const [path] = whole.split("?");
  if (request.mode === "navigate") {
    if (path === PAGE || path === "index.html") event.respondWith(page(request));
  } else if (NEWEST.includes(whole)) {
    event.respondWith(newest(event));
  } else if (isNamed(whole) || /\?[0-9a-f]{16}$/.test(whole)) {
    event.respondWith(file(event, url, path));
  }
});
