// Wakes the GPU: whoever asks this page's process for a context first waits until the browser has a line to the GPU
// and knows what it can do.
try {
  new OffscreenCanvas(1, 1).getContext("webgl2");
} catch {}
postMessage(0);
