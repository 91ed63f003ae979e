// A ZIP's files; strict, since a reader that forgives hides faults.

import { crc32 } from "./png.mjs";

/** {name, bytes} of each file, in the directory's order; checks each header, size and checksum. */
export function readZip(zip) {
  const end = zip.length - 22;
  if (zip.readUInt32LE(end) !== 0x06054b50) throw new Error("no end of a directory");
  const [n, size, start] = [zip.readUInt16LE(end + 10), zip.readUInt32LE(end + 12), zip.readUInt32LE(end + 16)];
  if (start + size !== end) throw new Error("the directory is not before its end");
  const files = [];
  let at = start;
  for (let i = 0; i < n; i++) {
    if (zip.readUInt32LE(at) !== 0x02014b50) throw new Error("no line of the directory");
    const [flags, method, checksum, packed, whole, length] =
      [zip.readUInt16LE(at + 8), zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 16), zip.readUInt32LE(at + 20), zip.readUInt32LE(at + 24), zip.readUInt16LE(at + 28)];
    const name = zip.toString("utf8", at + 46, at + 46 + length);
    const from = zip.readUInt32LE(at + 42);
    if (zip.readUInt32LE(from) !== 0x04034b50) throw new Error(`${name}: no header`);
    if (zip.readUInt16LE(from + 26) !== length) throw new Error(`${name}: another name in its header`);
    if (method !== 0 || packed !== whole || (flags & 0x808) !== 0x808) throw new Error(`${name}: not stored`);
    const bytes = zip.subarray(from + 30 + length, from + 30 + length + whole);
    if (crc32(bytes) !== checksum) throw new Error(`${name}: wrong checksum`);
    const tail = from + 30 + length + whole;
    if (zip.readUInt32LE(tail) !== 0x08074b50 || zip.readUInt32LE(tail + 4) !== checksum || zip.readUInt32LE(tail + 8) !== whole) {
      throw new Error(`${name}: another size or checksum behind it`);
    }
    files.push({ name, bytes });
    at += 46 + length;
  }
  return files;
}
