// Bytes and their spellings: strict readers, because what can be written in two ways can be shown to two people
// as two things. Each reader answers null for what it does not accept.

// Why something is not believed: a stable code, the same one that the command line prints.
export class Refused extends Error {
  constructor(code, about) {
    super(code);
    this.code = code;
    this.about = about;
  }
}

const STANDARD = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL_SAFE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// The bytes of a text without padding; left-over bits must be zero, so that each value has one spelling.
function unpadded(text, alphabet) {
  if (text.length % 4 === 1) return null;
  const bytes = new Uint8Array(Math.floor((text.length * 6) / 8));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const letter of text) {
    const value = alphabet.indexOf(letter);
    if (value < 0) return null;
    held = (held << 6) | value;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at] = (held >> bits) & 255;
      at += 1;
      held &= (1 << bits) - 1;
    }
  }
  return held === 0 ? bytes : null;
}

// Standard base64 with its padding, as signed notes and proofs write it.
export function fromBase64(text) {
  if (text.length % 4 !== 0) return null;
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  return unpadded(text.slice(0, text.length - padding), STANDARD);
}

// Base64url without padding, as leaves write digests.
export function fromBase64Url(text) {
  return unpadded(text, URL_SAFE);
}

function spell(bytes, alphabet) {
  let text = "";
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 6) {
      bits -= 6;
      text += alphabet[(held >> bits) & 63];
    }
    held &= (1 << bits) - 1;
  }
  if (bits > 0) text += alphabet[(held << (6 - bits)) & 63];
  return text;
}

export function toBase64(bytes) {
  const text = spell(bytes, STANDARD);
  return text + "=".repeat((4 - (text.length % 4)) % 4);
}

export function toBase64Url(bytes) {
  return spell(bytes, URL_SAFE);
}

export function toHex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function fromHex(text) {
  if (!/^([0-9a-f]{2})*$/.test(text)) return null;
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

export function toUtf8(text) {
  return new TextEncoder().encode(text);
}

// The text of bytes that are UTF-8 to the last one; a mark at the beginning stays a character.
export function fromUtf8(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

export function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function sameBytes(a, b) {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

// A number as all C2SP texts write it: digits only, no leading zero, at most `max`.
export function parseDecimal(text, max) {
  if (!/^(0|[1-9][0-9]{0,19})$/.test(text)) return null;
  const number = BigInt(text);
  return number <= max ? number : null;
}
