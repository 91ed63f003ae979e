// Runs the page's own module a second time, as the render worker: the page sends its script's
// address and the module, compiled already.
onmessage = async ({ data: [script, module] }) => {
  onmessage = null;
  try {
    (await import(script)).initSync({ module });
  } catch (error) {
    // Without this the page would not hear of it.
    reportError(error);
  }
};
