// What pictures say: whether two agree, which colours are in one, how alike two are at different sizes.

/**
 * Compares two pictures of one size. They agree, by the project's word, when the mean absolute difference is
 * at most 2/255 and at most 0.5 % of the pixels are off by more than 32/255 in a channel.
 */
export function compare(a, b) {
  if (a.width !== b.width || a.height !== b.height) {
    throw new Error(`sizes differ: ${a.width}×${a.height} and ${b.width}×${b.height}`);
  }
  let sum = 0;
  let far = 0;
  let different = 0;
  let largest = 0;
  for (let i = 0; i < a.rgb.length; i += 3) {
    let worst = 0;
    for (let c = 0; c < 3; c++) {
      const off = Math.abs(a.rgb[i + c] - b.rgb[i + c]);
      sum += off;
      if (off > worst) worst = off;
    }
    if (worst > 0) different++;
    if (worst > 32) far++;
    if (worst > largest) largest = worst;
  }
  const n = a.width * a.height;
  const mean = sum / (n * 3);
  return { mean, farShare: far / n, differentShare: different / n, largest, agree: mean <= 2 && far / n <= 0.005 };
}

/** The picture at another size: each new pixel is the mean of the area it covers. */
export function resample(image, width, height) {
  if (image.width === width && image.height === height) return image;
  // Columns first, then rows; each in floats so that nothing is rounded twice.
  const columns = weights(image.width, width);
  const wide = new Float32Array(width * image.height * 3);
  for (let y = 0; y < image.height; y++) {
    for (let x = 0; x < width; x++) {
      const { first, shares } = columns[x];
      for (let c = 0; c < 3; c++) {
        let sum = 0;
        for (let k = 0; k < shares.length; k++) sum += image.rgb[(y * image.width + first + k) * 3 + c] * shares[k];
        wide[(y * width + x) * 3 + c] = sum;
      }
    }
  }
  const rows = weights(image.height, height);
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const { first, shares } = rows[y];
    for (let i = 0; i < width * 3; i++) {
      let sum = 0;
      for (let k = 0; k < shares.length; k++) sum += wide[(first + k) * width * 3 + i] * shares[k];
      rgb[y * width * 3 + i] = Math.round(sum);
    }
  }
  return { width, height, rgb };
}

/** For each new pixel of a line the old pixels it covers and their shares, which add up to 1. */
function weights(from, to) {
  const scale = from / to;
  return Array.from({ length: to }, (_, i) => {
    const [start, end] = [i * scale, (i + 1) * scale];
    const first = Math.floor(start);
    const last = Math.min(Math.ceil(end - 1e-9), from);
    const shares = [];
    for (let k = first; k < Math.max(last, first + 1); k++) {
      shares.push((Math.min(end, k + 1) - Math.max(start, k)) / scale);
    }
    return { first, shares };
  });
}

/** A part of a picture; the box is given in shares of its size, 0,0 being top left. */
export function crop(image, { left = 0, top = 0, right = 1, bottom = 1 }) {
  const [x0, x1] = [Math.round(left * image.width), Math.round(right * image.width)];
  const [y0, y1] = [Math.round(top * image.height), Math.round(bottom * image.height)];
  const rgb = new Uint8Array((x1 - x0) * (y1 - y0) * 3);
  for (let y = y0; y < y1; y++) {
    const start = (y * image.width + x0) * 3;
    rgb.set(image.rgb.subarray(start, start + (x1 - x0) * 3), (y - y0) * (x1 - x0) * 3);
  }
  return { width: x1 - x0, height: y1 - y0, rgb };
}

/** "#A8C4C4" → [168, 196, 196]. */
export function parseColor(hex) {
  const digits = /^#([0-9a-f]{6})$/i.exec(hex)?.[1];
  if (!digits) throw new Error(`${hex} is no #RRGGBB`);
  return [0, 2, 4].map((i) => Number.parseInt(digits.slice(i, i + 2), 16));
}

/** Share of the pixels within `tolerance` of a colour in every channel. */
export function shareOf(image, hex, tolerance = 3) {
  const [r, g, b] = parseColor(hex);
  let n = 0;
  for (let i = 0; i < image.rgb.length; i += 3) {
    if (
      Math.abs(image.rgb[i] - r) <= tolerance
      && Math.abs(image.rgb[i + 1] - g) <= tolerance
      && Math.abs(image.rgb[i + 2] - b) <= tolerance
    ) n++;
  }
  return n / (image.rgb.length / 3);
}

/** The picture's commonest colours, most common first: [{hex, share}]. */
export function commonColors(image, count = 12) {
  const seen = new Map();
  for (let i = 0; i < image.rgb.length; i += 3) {
    const key = (image.rgb[i] << 16) | (image.rgb[i + 1] << 8) | image.rgb[i + 2];
    seen.set(key, (seen.get(key) ?? 0) + 1);
  }
  return [...seen]
    .sort((a, b) => b[1] - a[1])
    .slice(0, count)
    .map(([key, n]) => ({ hex: `#${key.toString(16).padStart(6, "0")}`, share: n / (image.rgb.length / 3) }));
}
