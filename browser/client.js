// Reads a log's own files (c2sp.org/tlog-tiles) and believes nothing that does not lead to the signed checkpoint.
import { Refused, fromBase64, fromUtf8, sameBytes, toBase64, toUtf8 } from "./bytes.js";
import { parseNote } from "./note.js";
import { openTrusted } from "./succession.js";
import { decodeBundle, fullTile, placeOf, tileAt, tileHashes, tilePath, tileRows } from "./tile.js";
import { consistencyRanges, inclusionRanges, leafHash, rangeHash, rangeNodes } from "./tree.js";
import { verifyConsistency, verifyInclusion } from "./tree.js";

const WAIT_MS = 20000;
const FILE_BYTES_MAX = 256 * (65535 + 2);

// The log cannot be read now: nothing is known to be wrong, and nothing was checked.
export class Unreachable extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

// Files over HTTP below `base`; null for a file that is not there.
export function overHttp(base) {
  return async (path, fresh) => {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), WAIT_MS);
    try {
      const cache = fresh ? "no-store" : "default";
      const answer = await fetch(base + path, { cache, credentials: "omit", signal: stop.signal });
      if (answer.status === 404) return null;
      // A page in place of a file comes from a network that asks to sign in, not from the log.
      const page = (answer.headers.get("content-type") ?? "").startsWith("text/html");
      if (!answer.ok || page) throw new Unreachable("log.unavailable");
      const bytes = new Uint8Array(await answer.arrayBuffer());
      if (bytes.length > FILE_BYTES_MAX) throw new Refused("log.too_large", path);
      return bytes;
    } catch (error) {
      if (error instanceof Unreachable || error instanceof Refused) throw error;
      throw new Unreachable("log.unreachable");
    } finally {
      clearTimeout(timer);
    }
  };
}

export class LogReader {
  // `get(path, fresh)` reads a file; `keys` are verifier keys of the log `origin`, and `remembered` is the file from
  // which they are believed the next time.
  constructor(get, origin, keys, remembered = keys.map(({ text }) => text).join("\n")) {
    this.get = get;
    this.origin = origin;
    this.keys = keys;
    this.remembered = remembered;
    this.files = new Map();
    this.turn = Promise.resolve();
  }

  // Resolves when it is this caller's turn, each in a task of its own: between two proofs a slow phone draws and scrolls.
  itsTurn() {
    this.turn = this.turn.then(() => new Promise((go) => setTimeout(go)));
    return this.turn;
  }

  // The newest signed checkpoint.
  async checkpoint() {
    const bytes = await this.get("checkpoint", true);
    if (bytes === null) throw new Unreachable("log.no_checkpoint");
    const note = parseNote(bytes);
    return { ...openTrusted(note, this.origin, this.keys), note };
  }

  // What stands in a tile or bundle, read once. A partial file that is gone is asked for in full.
  file(tile, read) {
    const path = tilePath(tile);
    if (!this.files.has(path)) this.files.set(path, this.fetched(tile, read));
    return this.files.get(path);
  }

  async fetched(tile, read) {
    const partial = await this.get(tilePath(tile), false);
    if (partial !== null) return read(partial, tile.width);
    const full = fullTile(tile);
    const bytes = tile.width === full.width ? null : await this.get(tilePath(full), false);
    if (bytes === null) throw new Unreachable("log.missing_file");
    return read(bytes, full.width);
  }

  // The hashes of complete subtrees that the ranges fall into, from tiles.
  async rangeHashes(ranges, size) {
    const places = ranges.flatMap(rangeNodes).map(placeOf);
    const rows = new Map();
    await Promise.all(
      places.map(async ({ level, tile }) => {
        const at = tileAt(level, tile, size);
        rows.set(`${level}/${tile}`, await this.file(at, (bytes, width) => tileRows(tileHashes(bytes, width))));
      }),
    );
    const hashOf = (node) => {
      const { level, tile, row, at } = placeOf(node);
      return rows.get(`${level}/${tile}`)[row][at];
    };
    return ranges.map((range) => rangeHash(range, hashOf));
  }

  // The bytes of leaf `index`, proved to stand there under the checkpoint.
  async leaf(index, checkpoint) {
    const { size, root } = checkpoint;
    if (index >= size) throw new Unreachable("log.not_sealed");
    const bundle = index >> 8n;
    const [entries, proof] = await Promise.all([
      this.file(tileAt("entries", bundle, size), decodeBundle),
      this.rangeHashes(inclusionRanges(index, size), size),
    ]);
    await this.itsTurn();
    const entry = entries[Number(index - (bundle << 8n))];
    verifyInclusion(leafHash(entry), index, size, proof, root);
    return entry;
  }

  // Some leaves with their proofs in one answer: where few of a file are wanted, that is much less than the file. By index;
  // null where the log, such as a copy of its files, does not answer such questions.
  async few(indices, checkpoint) {
    const { size, root } = checkpoint;
    const bytes = await this.get(`proof/leaves?size=${size}&index=${indices.join(",")}`, false);
    if (bytes === null) return null;
    const blocks = fromUtf8(bytes).split("\n\n");
    if (blocks.length !== indices.length + 1 || blocks.at(-1) !== "") throw new Refused("tlog.proof", "leaves");
    const found = new Map();
    for (const [at, index] of indices.entries()) {
      await this.itsTurn();
      const [number, text, ...hashes] = blocks[at].split("\n");
      if (number !== String(index) || text === undefined) throw new Refused("tlog.proof", "leaves");
      const entry = toUtf8(text);
      const proof = hashes.map((hash) => fromBase64(hash) ?? new Uint8Array(0));
      verifyInclusion(leafHash(entry), index, size, proof, root);
      found.set(index, entry);
    }
    return found;
  }

  // Proves that the log behind `checkpoint` begins with the one behind `seen`, which is not larger.
  async consistency(seen, checkpoint) {
    const grown = seen.size > 0n && seen.size < checkpoint.size;
    const ranges = grown ? consistencyRanges(seen.size, checkpoint.size) : [];
    const proof = await this.rangeHashes(ranges, checkpoint.size);
    verifyConsistency(seen.size, checkpoint.size, proof, seen.root, checkpoint.root);
  }
}

// Compares a checkpoint with the last one that this browser saw, and remembers it if it extends that one.
// Answers "first", "same" or "grown"; everything else is an alarm.
export async function compareWithSeen(reader, memory, checkpoint) {
  const seen = memory.recall();
  // The keys of the last visit are among those that are believed now, or this is another log.
  const known = seen !== null && reader.keys.some(({ text }) => seen.key.split("\n").includes(text));
  if (seen !== null && (seen.origin !== checkpoint.origin || !known)) {
    throw new Refused("memory.other_log", seen.origin);
  }
  if (seen !== null && seen.size > checkpoint.size) throw new Refused("memory.rollback", seen.size);
  if (seen !== null && seen.size === checkpoint.size) {
    if (!sameBytes(seen.root, checkpoint.root)) throw new Refused("memory.fork", seen.size);
    return "same";
  }
  if (seen !== null) await reader.consistency(seen, checkpoint);
  const { origin, size, root, note } = checkpoint;
  memory.remember({ origin, key: reader.remembered, size: String(size), root: toBase64(root), note: note.whole });
  return seen === null ? "first" : "grown";
}
