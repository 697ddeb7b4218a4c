// Tiles and entry bundles (c2sp.org/tlog-tiles): their paths, their bytes, and which of them a question needs.
import { Refused } from "./bytes.js";
import { SIZE_MAX } from "./note.js";
import { nodeHash } from "./tree.js";

const TILE_WIDTH = 256;
const TILE_HEIGHT = 8;
const TILE_LEVEL_MAX = 63;
const TILE_INDEX_MAX = SIZE_MAX >> 8n;
export const HASH_BYTES = 32;

// The place of a tile: `level` is a number, or "entries" for the entries themselves.
export function tileAt(level, index, size) {
  const full = level === "entries" ? size : size >> BigInt(level * TILE_HEIGHT);
  const rest = full - index * BigInt(TILE_WIDTH);
  if (rest <= 0n) return null;
  return { level, index, width: rest < BigInt(TILE_WIDTH) ? Number(rest) : TILE_WIDTH };
}

export function tilePath({ level, index, width }) {
  const groups = index
    .toString()
    .padStart(Math.ceil(index.toString().length / 3) * 3, "0")
    .match(/.../g);
  const path = groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join("/");
  return `tile/${level}/${path}${width < TILE_WIDTH ? `.p/${width}` : ""}`;
}

// Reads a path strictly; null for any other spelling.
export function parseTilePath(text) {
  const parts = /^tile\/(entries|0|[1-9][0-9]?)\/((?:x[0-9]{3}\/){0,5}[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/.exec(text);
  if (parts === null || parts[2].startsWith("x000")) return null;
  const level = parts[1] === "entries" ? "entries" : Number(parts[1]);
  const index = BigInt(parts[2].replaceAll(/[x/]/g, ""));
  const width = parts[3] === undefined ? TILE_WIDTH : Number(parts[3]);
  const good = (level === "entries" || level <= TILE_LEVEL_MAX) && index <= TILE_INDEX_MAX;
  if (!good || (parts[3] !== undefined && width >= TILE_WIDTH)) return null;
  return { level, index, width };
}

// The full tile at the same place, which may be asked for when a partial one is gone.
export function fullTile(tile) {
  return { ...tile, width: TILE_WIDTH };
}

// The hashes of a tile, of which a fuller tile may have more.
export function tileHashes(bytes, width) {
  if (bytes.length % HASH_BYTES !== 0 || bytes.length / HASH_BYTES < width || bytes.length > HASH_BYTES * TILE_WIDTH) {
    throw new Refused("tlog.tile.wrong_length");
  }
  return Array.from({ length: width }, (_, at) => bytes.slice(at * HASH_BYTES, (at + 1) * HASH_BYTES));
}

// The rows of a tile: its hashes, then the complete nodes above them.
export function tileRows(hashes) {
  const rows = [hashes];
  while (rows.at(-1).length > 1) {
    const below = rows.at(-1);
    const above = [];
    for (let at = 0; at + 1 < below.length; at += 2) above.push(nodeHash(below[at], below[at + 1]));
    rows.push(above);
  }
  return rows;
}

// Where a subtree's hash stands: tile level, tile index, row, and place in the row.
export function placeOf({ level, index }) {
  const row = level % TILE_HEIGHT;
  const shift = BigInt(TILE_HEIGHT - row);
  const tile = index >> shift;
  return { level: Math.floor(level / TILE_HEIGHT), tile, row, at: Number(index - (tile << shift)) };
}

// The entries of a bundle, which must hold exactly `width` of them and nothing after.
export function decodeBundle(bytes, width) {
  if (width < 1 || width > TILE_WIDTH) throw new Refused("tlog.bundle.wrong_count");
  const entries = [];
  let at = 0;
  while (entries.length < width) {
    if (at === bytes.length) throw new Refused("tlog.bundle.wrong_count");
    if (at + 2 > bytes.length) throw new Refused("tlog.bundle.truncated");
    const end = at + 2 + bytes[at] * 256 + bytes[at + 1];
    if (end > bytes.length) throw new Refused("tlog.bundle.truncated");
    entries.push(bytes.slice(at + 2, end));
    at = end;
  }
  if (at !== bytes.length) throw new Refused("tlog.bundle.wrong_count");
  return entries;
}
