// PNG bytes to pixels and the chunks a print shop reads; strict, since a reader that forgives hides faults.

import { inflateSync } from "node:zlib";

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const CHANNELS = { 2: 3, 6: 4 };

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

/** The checksum of a chunk. */
export function crc32(bytes) {
  let c = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) c = CRC_TABLE[(c ^ bytes[i]) & 0xff] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

/** The chunks in order, [{type, data}], each checksum checked; throws on anything after IEND. */
export function readChunks(bytes) {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!file.subarray(0, 8).equals(SIGNATURE)) throw new Error("not a PNG: its signature is wrong");
  const chunks = [];
  let at = 8;
  while (at < file.length) {
    if (at + 12 > file.length) throw new Error("PNG cut in a chunk's head");
    const length = file.readUInt32BE(at);
    const end = at + 8 + length;
    if (end + 4 > file.length) throw new Error("PNG cut in a chunk");
    const type = file.toString("latin1", at + 4, at + 8);
    if (crc32(file.subarray(at + 4, end)) !== file.readUInt32BE(end)) throw new Error(`PNG chunk ${type}: wrong checksum`);
    chunks.push({ type, data: file.subarray(at + 8, end) });
    at = end + 4;
    if (type === "IEND") break;
  }
  if (chunks.at(-1)?.type !== "IEND") throw new Error("PNG without its end");
  if (at !== file.length) throw new Error("PNG with bytes after its end");
  return chunks;
}

/** Size, kind and print facts: {width, height, bitDepth, colorType, interlace, pixelsPerMetre, hasSrgb}. */
export function readHeader(bytes) {
  const chunks = readChunks(bytes);
  const { data } = chunks[0];
  if (chunks[0].type !== "IHDR" || data.length !== 13) throw new Error("PNG without its header first");
  const phys = chunks.find((chunk) => chunk.type === "pHYs")?.data;
  return {
    width: data.readUInt32BE(0),
    height: data.readUInt32BE(4),
    bitDepth: data[8],
    colorType: data[9],
    interlace: data[12],
    // [x, y], only when the unit is the metre.
    pixelsPerMetre: phys && phys[8] === 1 ? [phys.readUInt32BE(0), phys.readUInt32BE(4)] : null,
    hasSrgb: chunks.some((chunk) => chunk.type === "sRGB"),
  };
}

/** Pixels of an 8-bit RGB or RGBA, not interlaced: {width, height, rgb}; transparency shows white. */
export function decodePng(bytes) {
  const { width, height, bitDepth, colorType, interlace } = readHeader(bytes);
  const channels = CHANNELS[colorType];
  if (bitDepth !== 8 || !channels || interlace !== 0) {
    throw new Error(`PNG of depth ${bitDepth}, colour type ${colorType}, interlace ${interlace} is not 8-bit RGB or RGBA`);
  }
  const packed = readChunks(bytes).filter((chunk) => chunk.type === "IDAT").map((chunk) => chunk.data);
  const raw = inflateSync(Buffer.concat(packed));
  const stride = width * channels;
  if (raw.length !== (stride + 1) * height) throw new Error(`PNG holds ${raw.length} bytes of rows, not ${(stride + 1) * height}`);
  const pixels = new Uint8Array(stride * height);
  for (let y = 0; y < height; y++) {
    const row = raw.subarray(y * (stride + 1) + 1, (y + 1) * (stride + 1));
    unfilter(raw[y * (stride + 1)], row, pixels, y * stride, stride, channels);
  }
  return { width, height, rgb: channels === 3 ? pixels : overWhite(pixels) };
}

function unfilter(filter, row, out, start, stride, channels) {
  const up = (i) => (start >= stride ? out[start - stride + i] : 0);
  switch (filter) {
    case 0:
      out.set(row, start);
      break;
    case 1:
      for (let i = 0; i < stride; i++) out[start + i] = row[i] + (i >= channels ? out[start + i - channels] : 0);
      break;
    case 2:
      for (let i = 0; i < stride; i++) out[start + i] = row[i] + up(i);
      break;
    case 3:
      for (let i = 0; i < stride; i++) {
        const left = i >= channels ? out[start + i - channels] : 0;
        out[start + i] = row[i] + ((left + up(i)) >> 1);
      }
      break;
    case 4:
      for (let i = 0; i < stride; i++) {
        const a = i >= channels ? out[start + i - channels] : 0;
        const b = up(i);
        const c = i >= channels && start >= stride ? out[start - stride + i - channels] : 0;
        const [pa, pb, pc] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
        out[start + i] = row[i] + (pa <= pb && pa <= pc ? a : pb <= pc ? b : c);
      }
      break;
    default:
      throw new Error(`PNG row filter ${filter} does not exist`);
  }
}

/** RGBA (not premultiplied) over white paper. */
export function overWhite(rgba) {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let i = 0, o = 0; i < rgba.length; i += 4, o += 3) {
    const a = rgba[i + 3];
    for (let c = 0; c < 3; c++) rgb[o + c] = a === 255 ? rgba[i + c] : Math.round((rgba[i + c] * a + 255 * (255 - a)) / 255);
  }
  return rgb;
}
