// Ed25519, strictly: keys and signatures have one form, none is of small order, and the equation is the one without
// cofactor. Browsers' own verifiers differ in just these corners, so that the same receipt could be good in one and
// bad in another; this one answers like the command line, everywhere.
import { joined, sameBytes } from "./bytes.js";
import { sha512 } from "./sha2.js";

const FIELD = (1n << 255n) - 19n;
const ORDER = (1n << 252n) + 27742317777372353535851937790883648493n;

function mod(number, modulus = FIELD) {
  const rest = number % modulus;
  return rest < 0n ? rest + modulus : rest;
}

function powerOf(base, exponent) {
  let result = 1n;
  let square = mod(base);
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % FIELD;
    square = (square * square) % FIELD;
  }
  return result;
}

const inverse = (number) => powerOf(number, FIELD - 2n);
const CURVE = mod(-121665n * inverse(121666n));
const TWICE_CURVE = mod(2n * CURVE);
const ROOT_OF_MINUS_ONE = powerOf(2n, (FIELD - 1n) / 4n);
// Points are [X, Y, Z, T] with x = X/Z, y = Y/Z, T = XY/Z (RFC 8032 5.1.4).
const IDENTITY = [0n, 1n, 1n, 0n];

function added([x1, y1, z1, t1], [x2, y2, z2, t2]) {
  const a = ((y1 - x1) * (y2 - x2)) % FIELD;
  const b = ((y1 + x1) * (y2 + x2)) % FIELD;
  const c = (((t1 * TWICE_CURVE) % FIELD) * t2) % FIELD;
  const d = (2n * z1 * z2) % FIELD;
  const [e, f, g, h] = [b - a, d - c, d + c, b + a];
  return [(e * f) % FIELD, (g * h) % FIELD, (f * g) % FIELD, (e * h) % FIELD];
}

function doubled([x, y, z]) {
  const a = (x * x) % FIELD;
  const b = (y * y) % FIELD;
  const c = (2n * z * z) % FIELD;
  const h = a + b;
  const e = h - (((x + y) * (x + y)) % FIELD);
  const g = a - b;
  const f = c + g;
  return [(e * f) % FIELD, (g * h) % FIELD, (f * g) % FIELD, (e * h) % FIELD];
}

const negated = ([x, y, z, t]) => [-x, y, z, -t];

function fromLittleEndian(bytes) {
  let number = 0n;
  for (let at = bytes.length - 1; at >= 0; at -= 1) number = (number << 8n) | BigInt(bytes[at]);
  return number;
}

// The 32 bytes of a point.
function encoded([x, y, z]) {
  const scale = inverse(z);
  let number = mod(y * scale) | ((mod(x * scale) & 1n) << 255n);
  return Uint8Array.from({ length: 32 }, () => {
    const byte = Number(number & 255n);
    number >>= 8n;
    return byte;
  });
}

// The point of 32 bytes; null if there is none, or if the bytes are a second form of it.
function decoded(bytes) {
  if (bytes.length !== 32) return null;
  const whole = fromLittleEndian(bytes);
  const y = whole & ((1n << 255n) - 1n);
  if (y >= FIELD) return null;
  const up = mod(y * y - 1n);
  const down = mod(CURVE * y * y + 1n);
  let x = mod(up * down ** 3n * powerOf(up * down ** 7n, (FIELD - 5n) / 8n));
  if (mod(down * x * x) !== up) x = mod(x * ROOT_OF_MINUS_ONE);
  if (mod(down * x * x) !== up) return null;
  const odd = whole >> 255n;
  if (x === 0n && odd === 1n) return null;
  if ((x & 1n) !== odd) x = FIELD - x;
  return [x, y, 1n, mod(x * y)];
}

function isSmall(point) {
  const [x, y, z] = doubled(doubled(doubled(point)));
  return mod(x) === 0n && mod(y - z) === 0n;
}

const BASE = decoded(Uint8Array.from({ length: 32 }, (_, at) => (at === 0 ? 0x58 : 0x66)));

// a·A + b·B in one pass over the bits of both.
function combined(a, pointA, b, pointB) {
  const both = added(pointA, pointB);
  let sum = IDENTITY;
  for (let bit = 255n; bit >= 0n; bit -= 1n) {
    sum = doubled(sum);
    const [inA, inB] = [(a >> bit) & 1n, (b >> bit) & 1n];
    if (inA && inB) sum = added(sum, both);
    else if (inA) sum = added(sum, pointA);
    else if (inB) sum = added(sum, pointB);
  }
  return sum;
}

// Whether 32 bytes are a sound public key: a point in its one form, not of small order.
export function isEd25519Key(key) {
  const point = decoded(key);
  return point !== null && !isSmall(point);
}

// Whether `signature` is that of `key` over `message`.
export function verifyEd25519(key, message, signature) {
  if (signature.length !== 64 || !isEd25519Key(key)) return false;
  const commitment = signature.slice(0, 32);
  const scalar = fromLittleEndian(signature.slice(32));
  if (scalar >= ORDER || !isEd25519Key(commitment)) return false;
  const challenge = mod(fromLittleEndian(sha512(joined(commitment, key, message))), ORDER);
  const found = combined(scalar, BASE, challenge, negated(decoded(key)));
  return sameBytes(encoded(found), commitment);
}
