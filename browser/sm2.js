// SM2 signatures with SM3 (GB/T 32918.2, GB/T 32905): a further line of a checkpoint, for inspections that ask for the
// algorithms of the state. No verdict of ours rests on it (decisions 0034 and 0039); engineers see whether it holds.
import { Refused, fromUtf8, joined, sameBytes, toUtf8 } from "./bytes.js";
import { parseKeyParts } from "./note.js";

const NAMED_TYPE = 0xff;
const SM2_LOG_USE = "shanji.sm2sm3/1";
const SM2_KEYS_MAX = 2;
const SM2_POINT_BYTES = 65;
// The user id of whoever has none of his own, behind its length in bits.
const SM2_USER = joined(Uint8Array.of(0, 128), toUtf8("1234567812345678"));

const SM2_PRIME = 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn;
const SM2_ORDER = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n;
const SM2_A = SM2_PRIME - 3n;
const SM2_B = 0x28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93n;
const SM2_BASE = [
  0x32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7n,
  0xbc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0n,
  1n,
];

const rolled = (word, by) => (word << (by & 31)) | (word >>> ((32 - by) & 31));
const mixed0 = (word) => word ^ rolled(word, 9) ^ rolled(word, 17);
const mixed1 = (word) => word ^ rolled(word, 15) ^ rolled(word, 23);

// The digest of bytes.
export function sm3(bytes) {
  const blocks = Math.ceil((bytes.length + 9) / 64);
  const padded = new Uint8Array(blocks * 64);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(padded.length - 8, BigInt(bytes.length) * 8n);
  let state = [0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e];
  for (let at = 0; at < padded.length; at += 64) state = compressed(state, view, at);
  const digest = new DataView(new ArrayBuffer(32));
  state.forEach((word, place) => digest.setUint32(place * 4, word >>> 0));
  return new Uint8Array(digest.buffer);
}

function compressed(state, view, start) {
  const words = [];
  for (let j = 0; j < 16; j += 1) words.push(view.getInt32(start + j * 4));
  for (let j = 16; j < 68; j += 1) {
    const mixed = mixed1(words[j - 16] ^ words[j - 9] ^ rolled(words[j - 3], 15));
    words.push(mixed ^ rolled(words[j - 13], 7) ^ words[j - 6]);
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let j = 0; j < 64; j += 1) {
    const early = j < 16;
    const first = rolled((rolled(a, 12) + e + rolled(early ? 0x79cc4519 : 0x7a879d8a, j)) | 0, 7);
    const second = first ^ rolled(a, 12);
    const ff = early ? a ^ b ^ c : (a & b) | (a & c) | (b & c);
    const gg = early ? e ^ f ^ g : (e & f) | (~e & g);
    const one = (ff + d + second + (words[j] ^ words[j + 4])) | 0;
    const two = (gg + h + first + words[j]) | 0;
    [a, b, c, d, e, f, g, h] = [one, a, rolled(b, 9), c, mixed0(two), e, rolled(f, 19), g];
  }
  return [a, b, c, d, e, f, g, h].map((word, place) => word ^ state[place]);
}

function within(number, modulus) {
  const rest = number % modulus;
  return rest < 0n ? rest + modulus : rest;
}

// The inverse modulo the prime, by Euclid's algorithm.
function inverted(number) {
  let [low, high] = [within(number, SM2_PRIME), SM2_PRIME];
  let [one, two] = [1n, 0n];
  while (low > 1n) {
    const times = high / low;
    [low, high] = [high - times * low, low];
    [one, two] = [two - times * one, one];
  }
  return within(one, SM2_PRIME);
}

// Points are [X, Y, Z] with x = X/Z², y = Y/Z³; Z is 0 for the point at infinity.
function doubledPoint([x, y, z]) {
  const square = within(y * y, SM2_PRIME);
  const s = within(4n * x * square, SM2_PRIME);
  const z2 = within(z * z, SM2_PRIME);
  const m = within(3n * (x - z2) * (x + z2), SM2_PRIME);
  const x3 = within(m * m - 2n * s, SM2_PRIME);
  return [x3, within(m * (s - x3) - 8n * square * square, SM2_PRIME), within(2n * y * z, SM2_PRIME)];
}

function addedPoints(p, q) {
  if (p[2] === 0n) return q;
  if (q[2] === 0n) return p;
  const [z1, z2] = [within(p[2] * p[2], SM2_PRIME), within(q[2] * q[2], SM2_PRIME)];
  const [u1, u2] = [within(p[0] * z2, SM2_PRIME), within(q[0] * z1, SM2_PRIME)];
  const s1 = within(p[1] * z2 * q[2], SM2_PRIME);
  const r = within(q[1] * z1 * p[2] - s1, SM2_PRIME);
  const h = within(u2 - u1, SM2_PRIME);
  if (h === 0n) return r === 0n ? doubledPoint(p) : [1n, 1n, 0n];
  const h2 = within(h * h, SM2_PRIME);
  const h3 = within(h2 * h, SM2_PRIME);
  const v = within(u1 * h2, SM2_PRIME);
  const x = within(r * r - h3 - 2n * v, SM2_PRIME);
  return [x, within(r * (v - x) - s1 * h3, SM2_PRIME), within(h * p[2] * q[2], SM2_PRIME)];
}

// Public numbers only: nothing here is secret, so it may take as long as it takes.
function timesPoint(number, point) {
  let sum = [1n, 1n, 0n];
  for (let bit = 255n; bit >= 0n; bit -= 1n) {
    sum = doubledPoint(sum);
    if ((number >> bit) & 1n) sum = addedPoints(sum, point);
  }
  return sum;
}

function numberOf(bytes) {
  let number = 0n;
  for (const byte of bytes) number = (number << 8n) | BigInt(byte);
  return number;
}

function bytesOf(number) {
  return Uint8Array.from({ length: 32 }, (_, place) => Number((number >> BigInt(8 * (31 - place))) & 255n));
}

// The SM2 key of a log, `name+id+base64`; keys of other uses are none.
export function parseSm2Key(text) {
  const { name, id, number, key } = parseKeyParts(text);
  const point = key.slice(SM2_LOG_USE.length);
  if (number !== NAMED_TYPE || fromUtf8(key.slice(0, SM2_LOG_USE.length)) !== SM2_LOG_USE) throw new Refused("tlog.key.unknown_algorithm");
  const [x, y] = [numberOf(point.slice(1, 33)), numberOf(point.slice(33))];
  const isOnCurve = within(y * y - (x * x * x + SM2_A * x + SM2_B), SM2_PRIME) === 0n;
  if (point.length !== SM2_POINT_BYTES || point[0] !== 4 || x >= SM2_PRIME || y >= SM2_PRIME || !isOnCurve) throw new Refused("tlog.key.bad_key");
  return { name, id, point: [x, y, 1n], text };
}

// Whether `signature`, r and s of 32 bytes each, is that of a key over a message.
export function verifySm2(key, message, signature) {
  if (signature.length !== 64) return false;
  const [r, s] = [numberOf(signature.slice(0, 32)), numberOf(signature.slice(32))];
  if (r === 0n || s === 0n || r >= SM2_ORDER || s >= SM2_ORDER) return false;
  const t = (r + s) % SM2_ORDER;
  if (t === 0n) return false;
  const known = [SM2_A, SM2_B, SM2_BASE[0], SM2_BASE[1], key.point[0], key.point[1]];
  const identity = sm3(joined(SM2_USER, ...known.map(bytesOf)));
  const digest = numberOf(sm3(joined(identity, message)));
  const [x, , z] = addedPoints(timesPoint(s, SM2_BASE), timesPoint(t, key.point));
  if (z === 0n) return false;
  const back = inverted(z);
  return (digest + within(x * back * back, SM2_PRIME)) % SM2_ORDER === r;
}

// How the SM2 line of a note stands: "right", "wrong", "missing", or "no_key" where no key is known and a line of the log
// stands there that no other key made.
export function sm2Standing(note, origin, known, keyText) {
  const isKnown = (line) => known.some((key) => line.name === key.name && sameBytes(line.id, key.id));
  const strange = note.signatures.filter((line) => line.name === origin && !isKnown(line));
  if (keyText === null) return { standing: strange.length === 0 ? "not_signed" : "no_key", lines: strange };
  // While one key follows another both sign, and both are named, a line each.
  const keys = keyText.trim().split("\n").slice(0, SM2_KEYS_MAX).map(parseSm2Key);
  if (keys.some((key) => key.name !== origin)) throw new Refused("tlog.key.bad_name");
  const message = toUtf8(note.text);
  const keyOf = (line) => keys.find((key) => line.name === key.name && sameBytes(line.id, key.id));
  const lines = note.signatures.filter((line) => keyOf(line) !== undefined);
  const holds = lines.every((line) => verifySm2(keyOf(line), message, line.signature));
  return { standing: lines.length === 0 ? "missing" : holds ? "right" : "wrong", lines };
}
