// Signed notes, verifier keys and checkpoints (c2sp.org/signed-note, c2sp.org/tlog-checkpoint).
import { Refused, fromBase64, fromUtf8, joined, parseDecimal, sameBytes, toBase64, toHex, toUtf8 } from "./bytes.js";
import { isEd25519Key, verifyEd25519 } from "./ed25519.js";
import { sha256 } from "./sha2.js";

export const SIZE_MAX = (1n << 63n) - 1n;
export const NOTE_BYTES_MAX = 1048576;
const NAME_BYTES_MAX = 255;
const SIGNATURES_MAX = 64;
const SIGNATURE_BYTES_MAX = 8192;
const KEY_BYTES_MAX = 4096;
const VERIFIER_KEY_BYTES_MAX = NAME_BYTES_MAX + 10 + Math.ceil(KEY_BYTES_MAX / 3) * 4;
const ED25519 = 1;
const LINE_START = "— ";

// A name of a key or a log: not empty, no space of any script, no plus sign, no control character.
function isName(text) {
  return text !== "" && toUtf8(text).length <= NAME_BYTES_MAX && !/[\p{White_Space}\p{Cc}+]/u.test(text);
}

function keyId(name, material) {
  return sha256(joined(toUtf8(`${name}\n`), material)).slice(0, 4);
}

// The parts of a key `name+id+base64`; the id is checked, the key is for its algorithm to judge.
export function parseKeyParts(text) {
  if (toUtf8(text).length > VERIFIER_KEY_BYTES_MAX) throw new Refused("tlog.key.malformed");
  const parts = /^([^+]*)\+([^+]*)\+(.*)$/s.exec(text);
  if (parts === null) throw new Refused("tlog.key.malformed");
  const [, name, id, encodedKey] = parts;
  if (!isName(name)) throw new Refused("tlog.key.bad_name");
  const material = fromBase64(encodedKey);
  if (!/^[0-9a-f]{8}$/.test(id) || material === null || material.length > KEY_BYTES_MAX) {
    throw new Refused("tlog.key.malformed");
  }
  if (toHex(keyId(name, material)) !== id) throw new Refused("tlog.key.wrong_id");
  if (material.length === 0) throw new Refused("tlog.key.malformed");
  return { name, id: keyId(name, material), number: material[0], key: material.slice(1) };
}

// The verifier key of a log.
export function parseKey(text) {
  const { name, id, number, key } = parseKeyParts(text);
  if (number !== ED25519) throw new Refused("tlog.key.unknown_algorithm");
  if (!isEd25519Key(key)) throw new Refused("tlog.key.bad_key");
  return { name, id, key, text };
}

function checkText(text) {
  // The one control character of a note is the line feed.
  if (!text.endsWith("\n") || /[\x00-\x09\x0b-\x1f]/.test(text)) throw new Refused("tlog.note.malformed_text");
}

function parseSignature(line) {
  const parts = /^— ([^ ]*) (.*)$/s.exec(line);
  const bytes = parts === null ? null : fromBase64(parts[2]);
  if (bytes === null || bytes.length < 5 || !isName(parts[1])) throw new Refused("tlog.note.malformed_signature");
  if (bytes.length > SIGNATURE_BYTES_MAX) throw new Refused("tlog.note.too_large");
  return { name: parts[1], id: bytes.slice(0, 4), signature: bytes.slice(4), line };
}

// Reads a note from its bytes; says nothing yet about who signed it.
export function parseNote(bytes) {
  if (bytes.length > NOTE_BYTES_MAX) throw new Refused("tlog.note.too_large");
  const whole = fromUtf8(bytes);
  if (whole === null) throw new Refused("tlog.note.malformed_text");
  // The text may have empty lines itself: the last empty line parts it from the signatures.
  const at = whole.lastIndexOf("\n\n") + 1;
  if (at === 0) throw new Refused("tlog.note.malformed_signature");
  const text = whole.slice(0, at);
  checkText(text);
  const rest = whole.slice(at);
  if (rest.length < 2 || !rest.endsWith("\n")) throw new Refused("tlog.note.malformed_signature");
  const lines = rest.slice(1, -1).split("\n");
  if (lines.length > SIGNATURES_MAX) throw new Refused("tlog.note.too_large");
  return { text, signatures: lines.map(parseSignature), whole };
}

// The note as it is written; what was read differently is no note of ours.
export function noteText(note) {
  const lines = note.signatures.map(
    ({ name, id, signature }) => `${LINE_START}${name} ${toBase64(joined(id, signature))}\n`,
  );
  return `${note.text}\n${lines.join("")}`;
}

const isOfKey = (key) => (line) => line.name === key.name && sameBytes(line.id, key.id);

// The known keys that signed; every line of a known key must verify, lines of strangers are ignored.
export function verifyNote(note, keys) {
  const signed = [];
  keys.forEach((key, place) => {
    const earlier = keys.slice(0, place).find((other) => other.name === key.name && sameBytes(other.id, key.id));
    if (earlier !== undefined && !sameBytes(earlier.key, key.key)) throw new Refused("tlog.note.ambiguous_keys");
    if (earlier !== undefined) return;
    const lines = note.signatures.filter(isOfKey(key));
    if (lines.length === 0) return;
    const message = toUtf8(note.text);
    if (!lines.every((line) => verifyEd25519(key.key, message, line.signature))) {
      throw new Refused("tlog.note.bad_signature");
    }
    signed.push(key);
  });
  if (signed.length === 0) throw new Refused("tlog.note.unverified");
  return signed;
}

// Origin, size and root from the text of a note: exactly three lines.
export function parseCheckpoint(text) {
  const lines = text.endsWith("\n") ? text.slice(0, -1).split("\n") : [];
  if (lines.length !== 3) throw new Refused("tlog.checkpoint.malformed");
  const [origin, sizeText, rootText] = lines;
  const size = parseDecimal(sizeText, (1n << 64n) - 1n);
  const root = parseHash(rootText);
  if (size === null || root === null) throw new Refused("tlog.checkpoint.malformed");
  if (!isName(origin)) throw new Refused("tlog.checkpoint.bad_origin");
  if (size > SIZE_MAX) throw new Refused("tlog.checkpoint.too_large");
  return { origin, size, root };
}

// A hash in base64: exactly 44 characters.
export function parseHash(text) {
  const bytes = text.length === 44 ? fromBase64(text) : null;
  return bytes !== null && bytes.length === 32 ? bytes : null;
}

// The checkpoint of a note, believed only if it is of the log `origin` and that log has signed it with a known key.
export function openCheckpoint(note, origin, keys) {
  const signed = verifyNote(note, keys);
  const checkpoint = parseCheckpoint(note.text);
  if (checkpoint.origin !== origin) throw new Refused("tlog.checkpoint.wrong_origin");
  if (signed.every((key) => key.name !== origin)) throw new Refused("tlog.checkpoint.not_signed_by_log");
  return { ...checkpoint, signed };
}
