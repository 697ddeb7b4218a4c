// What a kind demands of its leaf, beyond the envelope. The tables are in kinds.js, which a test of the Rust side writes.
import { Refused, fromBase64Url } from "./bytes.js";
import { checkDirectory } from "./directory.js";
import { isDay, isPrinted, parseDigest } from "./leaf.js";
import { KINDS, KIND_WORDS_EVERYWHERE, VOCABULARY } from "./kinds.js";

const CODE_BYTES_MAX = 64;
const NAME_CHARS_MAX = 200;
const UNIT_CHARS_MAX = 32;
const FILES_LISTED_MAX = 100;
const USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const USCC_WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

// One line of text without control characters, not empty, without blanks at its ends.
function isLine(text, chars) {
  const blank = /^\p{White_Space}|\p{White_Space}$|\p{Cc}/u;
  return text !== "" && [...text].length <= chars && !blank.test(text);
}

export function isUscc(text) {
  if (text.length !== 18 || [...text].some((letter) => !USCC_ALPHABET.includes(letter))) return false;
  if (!/^..[0-9]{6}/.test(text)) return false;
  const sum = USCC_WEIGHTS.reduce((total, weight, at) => total + weight * USCC_ALPHABET.indexOf(text[at]), 0);
  return USCC_ALPHABET[(31 - (sum % 31)) % 31] === text[17];
}

// A region in its shortest form: every level on the way is there; only the county may be 00 above townships.
function isRegion(text) {
  if (!/^[1-8][0-9]*$/.test(text) || ![2, 4, 6, 9, 12].includes(text.length)) return false;
  const groups = [text.slice(0, 2), text.slice(2, 4), text.slice(4, 6), text.slice(6, 9), text.slice(9, 12)].filter(
    (group) => group !== "",
  );
  return groups.every((group, at) => !/^0+$/.test(group) || (at === 2 && at < groups.length - 1));
}

function isOrigin(text) {
  return /^[!-~]{1,255}$/.test(text) && !/[+"\\]/.test(text);
}

function isKeyForm(text) {
  const [name, hash, ...key] = text.split("+");
  const rest = key.join("+");
  return isOrigin(name) && /^[0-9a-fA-F]{8}$/.test(hash ?? "") && /^[A-Za-z0-9+/=]{40,2800}$/.test(rest);
}

function isMime(text) {
  return typeof text === "string" && text.length <= 100 && /^[a-z0-9.+-]+\/[a-z0-9/.+-]+$/.test(text);
}

function isFile(value) {
  if (!(value instanceof Map)) return false;
  const digest = (key) => FORMS.digest(value.get(key));
  const words = value.has("sm3") ? 4 : 3;
  const counted = value.size === words && FORMS.count(value.get("len"));
  return counted && isMime(value.get("mime")) && digest("sha256") && (!value.has("sm3") || digest("sm3"));
}

const ofText = (accepts) => (value) => typeof value === "string" && accepts(value);
const listOf = (accepts) => (value) => Array.isArray(value) && value.length <= FILES_LISTED_MAX && value.every(accepts);

const FORMS = {
  truth: (value) => typeof value === "boolean",
  count: (value) => typeof value === "number" && value >= 0,
  code: ofText((text) => text.length <= CODE_BYTES_MAX && /^[A-Za-z0-9_.:/-]+$/.test(text)),
  name: ofText((text) => isLine(text, NAME_CHARS_MAX)),
  unit: ofText((text) => isLine(text, UNIT_CHARS_MAX)),
  day: ofText(isDay),
  month: ofText((text) => isDay(`${text}-01`)),
  region: ofText(isRegion),
  uscc: ofText(isUscc),
  decimal: ofText((text) => text.length <= 20 && /^[0-9]+(\.[0-9]+)?$/.test(text)),
  filing: ofText((text) => isUscc(text.slice(0, 18)) && /^[A-Z0-9]{1,12}$/.test(text.slice(18))),
  digest: ofText((text) => parseDigest(text) !== null),
  digests: listOf((value) => FORMS.digest(value)),
  files: listOf(isFile),
  ratio: (value) =>
    Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === "number" && part > 0),
  origin: ofText(isOrigin),
  key: ofText(isKeyForm),
  signature: ofText((text) => text.length === 86 && fromBase64Url(text) !== null),
};

function accepts(form, value) {
  const [name, prefix] = form.split(":");
  if (name === "id") return typeof value === "string" && isPrinted(value, prefix);
  return FORMS[name](value);
}

const SHAPES = {
  none: () => false,
  in: ({ from, to }) => !from && to,
  out: ({ from, to }) => from && !to,
  between: ({ from, to, same }) => from && to && same,
  back: ({ to, same }) => to && same,
  convert: ({ from, to }) => from && to,
  places: ({ from, to }) => from && to,
};

function hasShape(move, shape) {
  const [from, to] = [move.from.fund !== undefined, move.to.fund !== undefined];
  const transfer = from && move.from.span === undefined;
  const [out, into] = [move.from.span, move.to.span];
  const same = out === undefined || into === undefined || out[1] - out[0] === into[1] - into[0];
  return SHAPES[shape]({ from, to, same }) && transfer === (shape === "places");
}

const STREAM_WORDS = { cam: "camp", fnd: "fund", plc: "place" };

// All movements of a fund, a place and an organisation are found in their streams.
function checkStreams(leaf) {
  const sides = leaf.moves.flatMap((move) => [move.from, move.to]);
  const ids = [leaf.organisation, ...sides.map((side) => side.fund), ...sides.map((side) => side.place)];
  for (const id of ids.filter((text) => text !== undefined)) {
    const [prefix, body] = id.split("_");
    const name = `${STREAM_WORDS[prefix] ?? prefix}/${body}`;
    if (!leaf.streams.some(([stream]) => stream === name)) throw new Refused("leaf.stream_missing", id);
  }
}

// The entries of an organisation's register stand in a stream of their own, and nothing else stands there.
function checkRegisterStream(leaf) {
  if (!Object.hasOwn(KINDS, leaf.kind)) return;
  const streams = leaf.streams.map(([name]) => name);
  if (leaf.kind !== "register/1") {
    if (streams.some((name) => name.startsWith("register/"))) throw new Refused("leaf.content", "st");
    return;
  }
  const [prefix, body] = (leaf.organisation ?? "").split("_");
  if (prefix !== "org" || !streams.includes(`register/${body}`)) throw new Refused("leaf.stream_missing", leaf.organisation);
}

const isNeeded = (need, there) => need === "may" || there === (need === "must");

// Whether the leaf has what its kind demands and nothing else. False if the kind is not known: then only the
// envelope and the streams were checked.
export function checkContent(leaf) {
  checkStreams(leaf);
  checkRegisterStream(leaf);
  if (Object.hasOwn(KINDS, leaf.kind)) checkDirectory(leaf);
  const rules = Object.hasOwn(KINDS, leaf.kind) ? KINDS[leaf.kind] : undefined;
  if (rules === undefined) return false;
  const shaped = leaf.moves.every((move) => hasShape(move, rules.shape));
  const parts = [
    ["mv", rules.shape === "none" ? leaf.moves.length === 0 : leaf.moves.length > 0 && shaped],
    ["ref", isNeeded(rules.reference, leaf.reference !== undefined)],
    ["sub", isNeeded(rules.swaps, leaf.swaps.length > 0)],
    ["o", isNeeded(rules.organisation ?? "must", leaf.organisation !== undefined)],
  ];
  const wrong = parts.find(([, ok]) => !ok);
  if (wrong !== undefined) throw new Refused("leaf.content", wrong[0]);
  const missing = rules.must.find((key) => !leaf.data.has(key));
  if (missing !== undefined) throw new Refused("leaf.word", missing);
  const listed = [...rules.must, ...rules.may, ...KIND_WORDS_EVERYWHERE];
  for (const [key, value] of leaf.data) {
    const known = listed.includes(key) && Object.hasOwn(VOCABULARY, key);
    if (!known || !accepts(VOCABULARY[key].form, value)) throw new Refused("leaf.word", key);
  }
  return true;
}
