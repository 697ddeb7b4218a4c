// Merkle trees of RFC 6962 and RFC 9162: hashes, proofs made from known subtrees, and proofs checked.
// Sizes and indices are BigInt, because a log may count beyond what a Number holds exactly.
import { Refused, joined, sameBytes } from "./bytes.js";
import { sha256 } from "./sha2.js";

export const EMPTY_ROOT = sha256(new Uint8Array(0));

export function leafHash(entry) {
  return sha256(joined(Uint8Array.of(0), entry));
}

export function nodeHash(left, right) {
  return sha256(joined(Uint8Array.of(1), left, right));
}

// One step up; a node without a right sibling is carried up unchanged until it has a left one.
function climbed(at, last) {
  while ((at & 1n) === 0n && at !== 0n) {
    at >>= 1n;
    last >>= 1n;
  }
  return [at, last];
}

// Walks a proof upwards and tells each sibling's side; refuses one hash too many or too few.
function walk(at, last, proof, step) {
  for (const sibling of proof) {
    if (last === 0n) throw new Refused("tlog.proof.wrong_length");
    if ((at & 1n) === 1n || at === last) {
      step(sibling, "left");
      [at, last] = climbed(at, last);
    } else {
      step(sibling, "right");
    }
    at >>= 1n;
    last >>= 1n;
  }
  if (last !== 0n) throw new Refused("tlog.proof.wrong_length");
}

// Whether `leaf` stands at `index` (from zero) in the tree of `size` leaves with `root`.
export function verifyInclusion(leaf, index, size, proof, root) {
  if (index >= size) throw new Refused("tlog.proof.index_beyond_size");
  let hash = leaf;
  walk(index, size - 1n, proof, (sibling, side) => {
    hash = side === "left" ? nodeHash(sibling, hash) : nodeHash(hash, sibling);
  });
  if (!sameBytes(hash, root)) throw new Refused("tlog.proof.root_differs");
}

// Whether the tree of `newSize` leaves begins with the tree of `oldSize` leaves.
export function verifyConsistency(oldSize, newSize, proof, oldRoot, newRoot) {
  if (oldSize > newSize) throw new Refused("tlog.proof.old_beyond_new");
  if (oldSize === 0n) throw new Refused("tlog.proof.old_is_empty");
  if (oldSize === newSize) {
    if (proof.length > 0) throw new Refused("tlog.proof.wrong_length");
    if (!sameBytes(oldRoot, newRoot)) throw new Refused("tlog.proof.root_differs");
    return;
  }
  // A complete old tree is itself the first node; the proof does not repeat its root.
  const complete = (oldSize & (oldSize - 1n)) === 0n;
  const [first, ...rest] = complete ? [oldRoot, ...proof] : proof;
  if (first === undefined) throw new Refused("tlog.proof.wrong_length");
  let [at, last] = [oldSize - 1n, newSize - 1n];
  while ((at & 1n) === 1n) [at, last] = [at >> 1n, last >> 1n];
  let [oldHash, newHash] = [first, first];
  walk(at, last, rest, (sibling, side) => {
    oldHash = side === "left" ? nodeHash(sibling, oldHash) : oldHash;
    newHash = side === "left" ? nodeHash(sibling, newHash) : nodeHash(newHash, sibling);
  });
  if (!sameBytes(oldHash, oldRoot)) throw new Refused("tlog.proof.old_root_differs");
  if (!sameBytes(newHash, newRoot)) throw new Refused("tlog.proof.root_differs");
}

// The largest power of two below `count`, which is above 1.
function splitPoint(count) {
  let point = 1n;
  while (point * 2n < count) point *= 2n;
  return point;
}

// The ranges of leaves whose hashes an inclusion proof holds, the leaf's sibling first.
export function inclusionRanges(index, size) {
  const ranges = [];
  let [low, high] = [0n, size];
  while (high - low > 1n) {
    const middle = low + splitPoint(high - low);
    if (index < middle) {
      ranges.unshift([middle, high]);
      high = middle;
    } else {
      ranges.unshift([low, middle]);
      low = middle;
    }
  }
  return ranges;
}

// The ranges of a consistency proof, from below (RFC 6962 2.1.2, the function SUBPROOF).
export function consistencyRanges(oldSize, newSize) {
  const ranges = [];
  let [low, high] = [0n, newSize];
  while (oldSize !== high) {
    const middle = low + splitPoint(high - low);
    if (oldSize <= middle) {
      ranges.unshift([middle, high]);
      high = middle;
    } else {
      ranges.unshift([low, middle]);
      low = middle;
    }
  }
  if (low !== 0n) ranges.unshift([low, high]);
  return ranges;
}

// The complete subtrees of a range, the largest first.
export function rangeNodes([start, end]) {
  const nodes = [];
  let at = start;
  while (at < end) {
    let level = 0n;
    while (2n << level <= end - at) level += 1n;
    nodes.push({ level: Number(level), index: at >> level });
    at += 1n << level;
  }
  return nodes;
}

// The hash of a range, its subtrees joined from the right; `hashOf` tells the hash of a complete subtree.
export function rangeHash(range, hashOf) {
  return rangeNodes(range)
    .reverse()
    .map(hashOf)
    .reduce((right, left) => nodeHash(left, right));
}
