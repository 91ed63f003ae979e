// What the page hands to the GPU and what the GPU makes of it, watched from inside the page.

import { decodePng } from "./png.mjs";

/** Ahead of the page's own code: counts what is handed over, and has each picture kept so that it can be read. */
export const watchGpu = (page) => page.addInitScript(() => {
  globalThis.handedOver = { times: 0, bytes: 0 };
  const { getContext } = HTMLCanvasElement.prototype;
  HTMLCanvasElement.prototype.getContext = function (kind, options) {
    return getContext.call(this, kind, kind === "webgl2" ? { ...options, preserveDrawingBuffer: true } : options);
  };
  const gl = WebGL2RenderingContext.prototype;
  for (const name of ["bufferData", "bufferSubData"]) {
    const handOver = gl[name];
    gl[name] = function (target, ...rest) {
      if (target === gl.ARRAY_BUFFER || target === gl.ELEMENT_ARRAY_BUFFER) {
        globalThis.handedOver.times++;
        globalThis.handedOver.bytes += rest.find((part) => part?.byteLength !== undefined)?.byteLength ?? 0;
      }
      return handOver.call(this, target, ...rest);
    };
  }
});

/** Buffers of geometry the GPU was given so far: {times, bytes}. */
export const handedOver = (visitor) => visitor.page.evaluate(() => globalThis.handedOver);

/** The canvas's own pixels, as they are before the page scales them to the screen. */
export async function canvasPixels(visitor) {
  const url = await visitor.page.locator("#poster").evaluate((canvas) => {
    const copy = document.createElement("canvas");
    [copy.width, copy.height] = [canvas.width, canvas.height];
    copy.getContext("2d").drawImage(canvas, 0, 0);
    return copy.toDataURL("image/png");
  });
  return decodePng(Buffer.from(url.slice(url.indexOf(",") + 1), "base64"));
}
