// Starts the build that boot.js has chosen; does nothing where it chose none.
const [script, wasm] = ["modulepreload", "preload"].map((rel) => document.querySelector(`link[rel=${rel}]`)?.href);
// How compiled code imports a module that is loaded when it is first needed.
mapposter.load = (url) => import(url);
// Has app/sw.js keep the app once the first poster is drawn, or no more. A browser may refuse it, as in a frame of
// another site: then the app opens with a network alone.
mapposter.stay = async (isWanted, hasPlaces) => {
  try {
    const version = document.querySelector("meta[name=mapposter-version]")?.content;
    const { serviceWorker } = navigator;
    if (!version || !serviceWorker || navigator.connection?.saveData) return;
    await new Promise((go) => (globalThis.requestIdleCallback ?? setTimeout)(go));
    const here = new URL("./", document.baseURI).href;
    const known = await serviceWorker.getRegistration(here);
    const isOurs = known?.scope === here;
    if (!isWanted) return isOurs && known.active?.postMessage("leave");
    if (isOurs) {
      await known.update().catch(() => {});
      // An older build's worker that is spoken to while a new one comes may never make way, and what the page then asks
      // of it is lost (seen in Chromium 156 on a busy machine). The next visit tells the new one.
      if (known.installing || known.waiting) return;
    }
    const build = document.querySelector("meta[name=mapposter-build]").content.split("-")[1];
    await serviceWorker.register(`sw.js?${build}`, { scope: "./" });
    (await serviceWorker.ready).active.postMessage({ version, hasPlaces });
  } catch {}
};
// Has a worker wait for the GPU, as the page would have to: for a context it waited 160 to 800 ms where the GPU is
// software and the machine busy, and 50 to 180 after this. Without workers' canvases, or after a second, it asks itself.
const woken = script && new Promise((go) => {
  setTimeout(go, 1000);
  const worker = new Worker(new URL("gpu_worker.js", script));
  worker.onmessage = worker.onerror = () => go(worker.terminate());
}).catch(() => {});
mapposter.gpu = () => woken;
if (script) {
  try {
    const { default: start } = await import(script);
    const response = await fetch(wasm);
    if (!response.ok) throw new Error(`${response.status} ${wasm}`);
    const isTyped = response.headers.get("Content-Type") === "application/wasm";
    const module = await (isTyped ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer()));
    // With the end of compiling the start would be a task of 60 to 90 ms.
    await new Promise((go) => setTimeout(go));
    await start({ module_or_path: module });
  } catch (error) {
    mapposter.failed(error);
    throw error;
  }
}
