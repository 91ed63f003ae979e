// Measured values in words and tables.

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The median, and the least and the most. */
export function show(values) {
  const short = (value) => (value < 1000 ? value.toPrecision(3) : value.toFixed(0));
  return `${short(median(values))} (${short(Math.min(...values))}–${short(Math.max(...values))})`;
}

export function table(rows) {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => row[i].length)));
  for (const row of rows) console.log(`  ${row.map((cell, i) => cell.padEnd(widths[i])).join("  ")}`.trimEnd());
  console.log();
}
