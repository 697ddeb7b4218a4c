// Proofs of completeness: a page of a stream that nobody can shorten, or the proof that there is no such stream. They
// travel as the extra data of a proof file about the newest statement `idx/1` (crates/leaf/rules/index-1.txt).
import { Refused, fromBase64Url, sameBytes, toBase64Url, toUtf8 } from "./bytes.js";
import { checkContent } from "./content.js";
import { Reader } from "./json.js";
import { parseDigest, parseLeaf } from "./leaf.js";
import { verifyLookup, verifyPrefix } from "./map.js";
import { openCheckpoint } from "./note.js";
import { EMPTY_ROOT, leafHash, nodeHash, verifyInclusion } from "./tree.js";

// SHA-256 of the rules by which the index is computed; the vectors say it again.
export const INDEX_RULES = "xQCr9ngj1i9mN2mgcbPzP1zjYoBX7M8FsKM8QOXdbkA";
const INDEX_EXTRA_MAX = 262144;
const INDEX_PAGE = 256;

function refuseIndex(name, detail) {
  throw new Refused(`index.${name}`, detail);
}

const isText = (value) => (typeof value === "string" ? value : refuseIndex("malformed"));
const isCount = (value, least) => (Number.isInteger(value) && value >= least ? value : refuseIndex("malformed"));
const bytesIn = (value) => fromBase64Url(isText(value)) ?? refuseIndex("malformed");
const digestIn = (value) => parseDigest(isText(value)) ?? refuseIndex("malformed");

function listIn(value, most = INDEX_PAGE) {
  if (!Array.isArray(value) || value.length > most) refuseIndex("malformed");
  return value;
}

function pairIn(value) {
  if (listIn(value).length !== 2) refuseIndex("malformed");
  return value;
}

function headIn(value) {
  const [count, root] = pairIn(value);
  return { count: isCount(count, 1), root: digestIn(root) };
}

// Whether the extra data of a proof file has the words of a proof of completeness.
export function isCompleteness(extra) {
  try {
    const words = new Reader(extra, INDEX_EXTRA_MAX, true).value(0);
    return words instanceof Map && words.has("map");
  } catch {
    return false;
  }
}

// Reads the extra data; says nothing yet about whether it holds.
export function parseCompleteness(extra) {
  const reader = new Reader(extra, INDEX_EXTRA_MAX, true);
  const words = reader.value(0);
  reader.end();
  if (!(words instanceof Map)) refuseIndex("malformed");
  const shapes = ["leaf,map,key", "leaf,map,key,head,from,leaves,range", "leaf,map,prefix,streams"];
  const found = [...words.keys()].sort().join();
  const shape = shapes.findIndex((names) => names.split(",").sort().join() === found);
  if (shape < 0) refuseIndex("malformed");
  const proof = { statement: bytesIn(words.get("leaf")), map: bytesIn(words.get("map")) };
  if (shape === 2) {
    const streams = listIn(words.get("streams")).map((value) => {
      const [name, head] = pairIn(value);
      return { name: isText(name), ...headIn(head) };
    });
    return { ...proof, answer: "below", prefix: isText(words.get("prefix")), streams };
  }
  const name = isText(words.get("key"));
  if (shape === 0) return { ...proof, answer: "absent", name };
  const leaves = listIn(words.get("leaves")).map((value) => {
    const [index, bytes] = pairIn(value);
    return { index: isCount(index, 0), bytes: bytesIn(bytes) };
  });
  const range = listIn(words.get("range")).map(digestIn);
  const from = isCount(words.get("from"), Number.MIN_SAFE_INTEGER);
  return { ...proof, answer: "page", name, ...headIn(words.get("head")), from, leaves, range };
}

// The head of a stream as the index holds it.
function headBytes(count, root) {
  return toUtf8(`{"n":${count},"r":"${toBase64Url(root)}"}`);
}

// What the statement says, if it is one and stands where it says.
function statementAt(bytes, index) {
  const leaf = parseLeaf(bytes);
  if (leaf.kind !== "idx/1") refuseIndex("not_last");
  checkContent(leaf);
  const before = leaf.data.get("before");
  if (BigInt(before) !== index) refuseIndex("not_last");
  if (leaf.data.get("rules") !== INDEX_RULES) refuseIndex("rules");
  return { before, root: parseDigest(leaf.data.get("root")) };
}

// Each leaf says itself that it is the next one of the stream, and stands behind the one before it.
function checkPlaces({ name, from, leaves }, before) {
  let last = -1;
  leaves.forEach(({ index, bytes }, place) => {
    const leaf = parseLeaf(bytes);
    const isNext = leaf.streams.some(([stream, sequence]) => stream === name && sequence === from + place + 1);
    if (!(last < index && index < before && isNext)) refuseIndex("foreign", index);
    last = index;
  });
}

// Checks that `hashes` stand from `start` on in the stream of `size` leaves with this root.
export function verifyRange(start, hashes, size, proof, root) {
  const end = start + hashes.length;
  if (start < 0 || end > size || (hashes.length === 0 && size > 0)) throw new Refused("tlog.range.outside_stream");
  const left = [...hashes];
  const beside = [...proof];
  const rootOf = (low, high) => {
    if (high <= start || end <= low) return beside.shift();
    if (high - low === 1) return left.shift();
    let half = 1;
    while (half * 2 < high - low) half *= 2;
    const first = rootOf(low, low + half);
    const second = first && rootOf(low + half, high);
    return second && nodeHash(first, second);
  };
  const got = size === 0 ? EMPTY_ROOT : rootOf(0, size);
  if (got === undefined || beside.length > 0) throw new Refused("tlog.range.wrong_length");
  if (!sameBytes(got, root)) throw new Refused("tlog.range.root_differs");
}

// Checks that the answer follows from the statement, which stands at `index`. Answers how many leaves it covers.
function checkAnswer(proof, index) {
  const { before, root } = statementAt(proof.statement, index);
  if (proof.answer === "absent") {
    verifyLookup(root, toUtf8(proof.name), null, proof.map);
  } else if (proof.answer === "below") {
    const records = proof.streams.map((stream) => [toUtf8(stream.name), headBytes(stream.count, stream.root)]);
    verifyPrefix(root, toUtf8(proof.prefix), records, proof.map);
  } else {
    verifyLookup(root, toUtf8(proof.name), headBytes(proof.count, proof.root), proof.map);
    checkPlaces(proof, before);
    const hashes = proof.leaves.map((leaf) => leafHash(leaf.bytes));
    verifyRange(proof.from, hashes, proof.count, proof.range, proof.root);
  }
  return before;
}

// Whether a proof file (as `readReceipt` read it) proves its answer under a checkpoint that `origin` has signed: the
// statement is the checkpoint's last leaf, and the answer follows from it.
export function checkCompleteness(file, origin, keys) {
  const proof = parseCompleteness(file.extra ?? new Uint8Array(0));
  const checkpoint = openCheckpoint(file.note, origin, keys);
  verifyInclusion(leafHash(proof.statement), file.index, checkpoint.size, file.proof, checkpoint.root);
  const before = checkAnswer(proof, file.index);
  if (file.index + 1n !== checkpoint.size) refuseIndex("not_last");
  return { ...proof, before, checkpoint };
}
