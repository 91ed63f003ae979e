// Starts the build that boot.js has chosen; does nothing where it chose none.
const [script, wasm] = ["modulepreload", "preload"].map((rel) => document.querySelector(`link[rel=${rel}]`)?.href);
// How compiled code imports a module that is loaded when it is first needed.
mapposter.load = (url) => import(url);
if (script) {
  try {
    const { default: start } = await import(script);
    const response = await fetch(wasm);
    if (!response.ok) throw new Error(`${response.status} ${wasm}`);
    await start({ module_or_path: response });
  } catch (error) {
    mapposter.failed(error);
    throw error;
  }
}
