// SHA-256, SHA-512 and HMAC, for pages that came without TLS, where browsers offer no cryptography, and because a Merkle tree
// asks for hundreds of small hashes, each of which would be a promise of its own.
// Constants are computed from their definition (FIPS 180-4): the fractions of the roots of the first primes.
import { joined } from "./bytes.js";

const PRIMES = [];
for (let number = 2; PRIMES.length < 80; number += 1) {
  if (PRIMES.every((prime) => number % prime !== 0)) PRIMES.push(number);
}

// The largest integer whose `power` is at most `value`, by Newton's method from above.
function integerRoot(value, power) {
  let root = 1n << BigInt(Math.ceil(value.toString(2).length / Number(power)));
  for (;;) {
    const next = ((power - 1n) * root + value / root ** (power - 1n)) / power;
    if (next >= root) return root;
    root = next;
  }
}

const WORD = (1n << 64n) - 1n;
const rootFraction = (prime, power) => integerRoot(BigInt(prime) << (64n * power), power) & WORD;
const ROUNDS_512 = PRIMES.map((prime) => rootFraction(prime, 3n));
const START_512 = PRIMES.slice(0, 8).map((prime) => rootFraction(prime, 2n));
const ROUNDS_256 = Int32Array.from(ROUNDS_512.slice(0, 64), (word) => Number(word >> 32n) | 0);
const START_256 = Int32Array.from(START_512, (word) => Number(word >> 32n) | 0);

// The message with its end mark, zeros and length in bits, cut into blocks of `size` bytes.
function padded(message, size) {
  const tail = size / 8;
  const whole = new Uint8Array(Math.ceil((message.length + 1 + tail) / size) * size);
  whole.set(message);
  whole[message.length] = 0x80;
  const view = new DataView(whole.buffer);
  view.setUint32(whole.length - 8, Math.floor(message.length / 0x20000000));
  view.setUint32(whole.length - 4, (message.length << 3) >>> 0);
  return view;
}

const turn = (word, by) => (word >>> by) | (word << (32 - by));

function compress256(state, words, view, start) {
  for (let i = 0; i < 16; i += 1) words[i] = view.getInt32(start + i * 4);
  for (let i = 16; i < 64; i += 1) {
    const near = words[i - 15];
    const far = words[i - 2];
    const s0 = turn(near, 7) ^ turn(near, 18) ^ (near >>> 3);
    const s1 = turn(far, 17) ^ turn(far, 19) ^ (far >>> 10);
    words[i] = words[i - 16] + s0 + words[i - 7] + s1;
  }
  // Words are taken out one by one: taking a list apart costs more than the rounds.
  let a = state[0];
  let b = state[1];
  let c = state[2];
  let d = state[3];
  let e = state[4];
  let f = state[5];
  let g = state[6];
  let h = state[7];
  for (let i = 0; i < 64; i += 1) {
    const s1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
    const one = (h + s1 + ((e & f) ^ (~e & g)) + ROUNDS_256[i] + words[i]) | 0;
    const s0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
    const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + two) | 0;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
  state[5] += f;
  state[6] += g;
  state[7] += h;
}

export function sha256(message) {
  const view = padded(message, 64);
  const state = START_256.slice();
  const words = new Int32Array(64);
  for (let start = 0; start < view.byteLength; start += 64) compress256(state, words, view, start);
  const digest = new DataView(new ArrayBuffer(32));
  state.forEach((word, i) => digest.setInt32(i * 4, word));
  return new Uint8Array(digest.buffer);
}

const turnLong = (word, by) => ((word >> by) | (word << (64n - by))) & WORD;

function compress512(state, view, start) {
  const words = [];
  for (let i = 0; i < 16; i += 1) words.push(view.getBigUint64(start + i * 8));
  for (let i = 16; i < 80; i += 1) {
    const a = words[i - 15];
    const b = words[i - 2];
    const s0 = turnLong(a, 1n) ^ turnLong(a, 8n) ^ (a >> 7n);
    const s1 = turnLong(b, 19n) ^ turnLong(b, 61n) ^ (b >> 6n);
    words.push((words[i - 16] + s0 + words[i - 7] + s1) & WORD);
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 80; i += 1) {
    const s1 = turnLong(e, 14n) ^ turnLong(e, 18n) ^ turnLong(e, 41n);
    const one = h + s1 + ((e & f) ^ (~e & WORD & g)) + ROUNDS_512[i] + words[i];
    const s0 = turnLong(a, 28n) ^ turnLong(a, 34n) ^ turnLong(a, 39n);
    const two = s0 + ((a & b) ^ (a & c) ^ (b & c));
    h = g;
    g = f;
    f = e;
    e = (d + one) & WORD;
    d = c;
    c = b;
    b = a;
    a = (one + two) & WORD;
  }
  return [a, b, c, d, e, f, g, h].map((word, i) => (state[i] + word) & WORD);
}

export function sha512(message) {
  const view = padded(message, 128);
  let state = START_512;
  for (let start = 0; start < view.byteLength; start += 128) state = compress512(state, view, start);
  const digest = new DataView(new ArrayBuffer(64));
  state.forEach((word, i) => digest.setBigUint64(i * 8, word));
  return new Uint8Array(digest.buffer);
}

// HMAC-SHA-256 (RFC 2104).
export function hmac256(key, message) {
  const block = new Uint8Array(64);
  block.set(key.length > 64 ? sha256(key) : key);
  const inner = sha256(joined(block.map((byte) => byte ^ 0x36), message));
  return sha256(joined(block.map((byte) => byte ^ 0x5c), inner));
}
