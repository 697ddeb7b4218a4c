// Proofs about a Merkle map: what a key's value is, that a key is absent, and all records with a prefix. Believes nothing
// but the root; what is not exactly as it must be is refused, also where it would change no answer.
import { Refused, joined, sameBytes } from "./bytes.js";
import { sha256 } from "./sha2.js";
import { EMPTY_ROOT } from "./tree.js";

const MAP_KEY_BYTES_MAX = 255;
const MAP_VALUE_BYTES_MAX = 4096;
const MAP_BITS_MAX = (MAP_KEY_BYTES_MAX + 1) * 8;
const MAP_PROOF_BYTES_MAX = 4 + MAP_KEY_BYTES_MAX + MAP_VALUE_BYTES_MAX + MAP_BITS_MAX * 34;
const UVARINT_BYTES_MAX = 4;

function refuseMap(name) {
  throw new Refused(`tlog.map.${name}`);
}

// Seven bits a byte, the least significant first.
function uvarint(number) {
  const bytes = [];
  for (; number >= 128; number = Math.floor(number / 128)) bytes.push((number % 128) | 128);
  return Uint8Array.of(...bytes, number);
}

// A number written in the shortest way, and where it ends.
function readUvarint(bytes, at) {
  let number = 0;
  for (let place = 0; place < UVARINT_BYTES_MAX && at + place < bytes.length; place += 1) {
    const byte = bytes[at + place];
    number += (byte & 127) * 128 ** place;
    if (byte < 128) return byte === 0 && place > 0 ? refuseMap("malformed") : [number, at + place + 1];
  }
  return refuseMap("malformed");
}

function recordHash(key, value) {
  return sha256(joined(Uint8Array.of(0), uvarint(key.length), key, uvarint(value.length), value));
}

function branchHash(bit, left, right) {
  return sha256(joined(Uint8Array.of(1), uvarint(bit), left, right));
}

// Keys are padded with 00 and then FF without end.
function paddedByte(key, place) {
  return place < key.length ? key[place] : place === key.length ? 0 : 255;
}

function bitOf(key, index) {
  return (paddedByte(key, Math.floor(index / 8)) & (128 >> index % 8)) !== 0;
}

// The first bit in which two keys differ; null if they are the same key.
function firstDifference(a, b) {
  for (let place = 0; place <= Math.max(a.length, b.length); place += 1) {
    const differs = paddedByte(a, place) ^ paddedByte(b, place);
    if (differs !== 0) return place * 8 + Math.clz32(differs) - 24;
  }
  return null;
}

function hasPrefix(key, prefix) {
  return prefix.every((byte, place) => paddedByte(key, place) === byte);
}

function checkMapSizes(key, value, proof) {
  const large =
    key.length > MAP_KEY_BYTES_MAX || value.length > MAP_VALUE_BYTES_MAX || proof.length > MAP_PROOF_BYTES_MAX;
  if (large) refuseMap("too_large");
}

// The way up: at which bit, and the hash of the other side. Each step stands at a smaller bit than the one before.
function parseSteps(bytes, at, end) {
  const steps = [];
  let below = end;
  while (at < bytes.length) {
    const [index, next] = readUvarint(bytes, at);
    if (next + 32 > bytes.length) refuseMap("malformed");
    if (index >= below) refuseMap("wrong_path");
    steps.push([index, bytes.slice(next, next + 32)]);
    below = index;
    at = next + 32;
  }
  return steps;
}

// Goes up from `hash`, on the side that the bits of `key` say, and compares with the root.
function climbTo(root, steps, key, hash) {
  const top = steps.reduce(
    (below, [index, sibling]) =>
      bitOf(key, index) ? branchHash(index, sibling, below) : branchHash(index, below, sibling),
    hash,
  );
  if (!sameBytes(top, root)) refuseMap("root_differs");
}

function readPart(bytes, at, most) {
  const [length, start] = readUvarint(bytes, at);
  if (length > most) refuseMap("too_large");
  if (start + length > bytes.length) refuseMap("malformed");
  return [bytes.slice(start, start + length), start + length];
}

// Another record is shown in place of what is absent: one that can speak for it (`isOther`), and that lies on the way
// to it at each step's bit (`isOnTheWay`).
function verifyAbsence(root, proof, isOther, isOnTheWay) {
  const empty = sameBytes(root, EMPTY_ROOT);
  if (proof.length === 0) {
    if (!empty) refuseMap("root_differs");
    return;
  }
  if (empty) refuseMap("malformed");
  const [key, afterKey] = readPart(proof, 0, MAP_KEY_BYTES_MAX);
  const [value, afterValue] = readPart(proof, afterKey, MAP_VALUE_BYTES_MAX);
  const steps = parseSteps(proof, afterValue, MAP_BITS_MAX);
  if (!isOther(key) || !steps.every(([index]) => isOnTheWay(key, index))) refuseMap("wrong_witness");
  climbTo(root, steps, key, recordHash(key, value));
}

// In the map with `root` the key has this value, or (null) is absent.
export function verifyLookup(root, key, value, proof) {
  checkMapSizes(key, value ?? new Uint8Array(0), proof);
  if (value !== null) {
    climbTo(root, parseSteps(proof, 0, MAP_BITS_MAX), key, recordHash(key, value));
    return;
  }
  verifyAbsence(
    root,
    proof,
    (other) => firstDifference(key, other) !== null,
    (other, index) => bitOf(key, index) === bitOf(other, index),
  );
}

// The root of the map that holds exactly these records `[key, value]`, sorted as the map sorts them.
export function mapRoot(records) {
  records.forEach(([key, value]) => checkMapSizes(key, value, new Uint8Array(0)));
  records.slice(1).forEach(([key], at) => {
    const before = records[at][0];
    const parted = firstDifference(before, key);
    if (parted === null || bitOf(before, parted)) refuseMap("wrong_records");
  });
  return sortedRoot(records);
}

// The first and the last of sorted keys differ earlier than any other two; that bit parts them.
function sortedRoot(records) {
  if (records.length === 0) return EMPTY_ROOT;
  const [first, value] = records[0];
  const index = firstDifference(first, records.at(-1)[0]);
  if (index === null) return recordHash(first, value);
  const parting = records.findIndex(([key]) => bitOf(key, index));
  return branchHash(index, sortedRoot(records.slice(0, parting)), sortedRoot(records.slice(parting)));
}

// `records` are all records whose key has this prefix; none: that there are none.
export function verifyPrefix(root, prefix, records, proof) {
  if (!records.every(([key]) => hasPrefix(key, prefix))) refuseMap("wrong_records");
  const part = mapRoot(records);
  checkMapSizes(prefix, new Uint8Array(0), proof);
  const end = prefix.length * 8;
  if (sameBytes(part, EMPTY_ROOT)) {
    // Below the prefix's last bit all keys of a subtree agree on the whole prefix, so one without it speaks for all.
    verifyAbsence(
      root,
      proof,
      (other) => !hasPrefix(other, prefix),
      (other, index) => index >= end || bitOf(prefix, index) === bitOf(other, index),
    );
    return;
  }
  // A step at a bit beyond the prefix would leave out keys that have it.
  climbTo(root, parseSteps(proof, 0, end), prefix, part);
}
