// The envelope of a leaf 〔叶〕: who says what, which movements, which commitments. Stable for ever, whatever its kind
// says inside; what a kind demands is in content.js.
import { Refused, fromBase64Url, joined, sameBytes, toUtf8 } from "./bytes.js";
import { Reader, isKeyWord } from "./json.js";
import { hmac256 } from "./sha2.js";

const LEAF_BYTES_MAX = 60000;
const STREAM_BYTES_MAX = 96;
const STREAMS_MAX = 1024;
const MOVES_MAX = 1000;
const SWAPS_MAX = 2000;
export const COMMITMENTS_MAX = 64;
const INT_MAX = Number.MAX_SAFE_INTEGER;
const BEIJING_AHEAD = 8 * 3600;

function envelope(part) {
  throw new Refused("leaf.envelope", part);
}

// A printed id: three lower-case letters, `_`, fourteen characters of Crockford's base 32.
export function isPrinted(text, prefix = "") {
  return /^[a-z]{3}_[0-9A-HJKMNP-TV-Z]{14}$/.test(text) && text.startsWith(prefix);
}

// 32 bytes as base64url, in the one spelling.
export function parseDigest(text) {
  const bytes = text.length === 43 ? fromBase64Url(text) : null;
  return bytes !== null && bytes.length === 32 ? bytes : null;
}

function daysOfMonth(year, month) {
  if (month < 1 || month > 12) return 0;
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

// Whether a text is a day of the calendar, `2026-11-22`.
export function isDay(text) {
  const parts = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(text);
  if (parts === null) return false;
  const [year, month, day] = parts.slice(1).map(Number);
  return day >= 1 && day <= daysOfMonth(year, month);
}

// The Beijing day of a leaf's time, `2026-11-22`.
export function dayOf(time) {
  if (time.length === 10) return time;
  const moment = new Date(Date.parse(time) + BEIJING_AHEAD * 1000);
  return moment.toISOString().slice(0, 10);
}

// The day under which a statement is in the books: what was entered later names it.
export function bookedOn(leaf) {
  return leaf.data.get("acc") ?? dayOf(leaf.time);
}

function readTime(text) {
  if (text.length === 10 && isDay(text)) return text;
  const parts = /^(.{10})T([0-9]{2}):([0-9]{2}):([0-9]{2})Z$/.exec(text);
  const there = parts !== null && isDay(parts[1]) && parts[2] < "24" && parts[3] < "60" && parts[4] < "60";
  return there ? text : envelope("t");
}

function readDigest(reader, part) {
  return parseDigest(reader.plain()) ?? envelope(part);
}

function some(list, reader) {
  if ((list.length ?? list.size) === 0) reader.fault("form");
  return list;
}

function readSpan(reader) {
  reader.letter("[");
  const start = reader.int();
  reader.letter(",");
  const end = reader.int();
  reader.letter("]");
  return [start, end];
}

function readStream(reader) {
  reader.letter("[");
  const name = reader.plain();
  reader.letter(",");
  const sequence = reader.int();
  reader.letter("]");
  return [name, sequence];
}

function readSwap(reader) {
  reader.letter("[");
  const numbers = ["from", "to", "len"].map((name) => {
    const number = reader.int();
    reader.letter(",");
    return [name, number];
  });
  const tape = reader.plain();
  reader.letter("]");
  return { ...Object.fromEntries(numbers), tape };
}

const MOVE_PARTS = {
  f: (reader) => reader.plain(),
  in: readSpan,
  n: (reader) => reader.int(),
  out: readSpan,
  pi: (reader) => reader.plain(),
  po: (reader) => reader.plain(),
  t: (reader) => reader.plain(),
};

function readMove(reader) {
  const parts = reader.object((key) => {
    if (!Object.hasOwn(MOVE_PARTS, key)) reader.fault("member");
    return MOVE_PARTS[key](reader);
  });
  // A span belongs to a fund.
  if ((parts.has("out") && !parts.has("f")) || (parts.has("in") && !parts.has("t"))) envelope("mv");
  const side = (fund, span, place) => ({ fund: parts.get(fund), span: parts.get(span), place: parts.get(place) });
  return { n: parts.get("n") ?? 0, from: side("f", "out", "po"), to: side("t", "in", "pi") };
}

const LEAF_PARTS = {
  d: (reader) => some(reader.object(() => reader.value(2)), reader),
  id: (reader) => reader.plain(),
  k: (reader) => reader.plain(),
  mv: (reader) => some(reader.list(() => readMove(reader), MOVES_MAX), reader),
  o: (reader) => reader.plain(),
  p: (reader) => some(reader.object(() => readDigest(reader, "p"), COMMITMENTS_MAX), reader),
  ref: (reader) => readDigest(reader, "ref"),
  st: (reader) => some(reader.list(() => readStream(reader), STREAMS_MAX), reader),
  sub: (reader) => some(reader.list(() => readSwap(reader), SWAPS_MAX), reader),
  t: (reader) => readTime(reader.plain()),
};

function isSideOk({ fund, span, place }) {
  if ((fund === undefined) !== (place === undefined)) return false;
  if (fund === undefined) return true;
  const spanOk = span === undefined || (0 <= span[0] && span[0] < span[1]);
  return isPrinted(fund, "fnd") && isPrinted(place, "plc") && spanOk;
}

// Both sides have spans, or the movement only changes the place inside one fund.
function isMoveOk({ n, from, to }) {
  if (n < 1 || !isSideOk(from) || !isSideOk(to)) return false;
  const length = (span) => span !== undefined && span[1] - span[0] === n;
  if (from.fund === undefined) return to.fund !== undefined && length(to.span);
  if (to.fund === undefined) return length(from.span);
  if (from.span === undefined && to.span === undefined) return from.fund === to.fund && from.place !== to.place;
  // The in span of a conversion counts other units than the out span.
  return to.span !== undefined && length(from.span);
}

function isSwapOk({ from, to, len, tape }) {
  const run = (start) => start >= 0 && start <= INT_MAX - len;
  return isPrinted(tape, "fnd") && len >= 1 && run(from) && run(to) && from !== to;
}

function areStreamsOk(streams) {
  const name = /^[a-z]+(\/[A-Za-z0-9._-]+)+$/;
  return streams.every(
    ([stream, sequence], at) =>
      stream.length <= STREAM_BYTES_MAX &&
      name.test(stream) &&
      sequence >= 1 &&
      (at === 0 || streams[at - 1][0] < stream),
  );
}

// `word/version`.
const isKindCode = (text) => /^[a-z0-9_]{1,24}\/[1-9][0-9]{0,2}$/.test(text);

// Reads the bytes of a leaf; a kind that is not known is kept by its name.
export function parseLeaf(bytes) {
  const reader = new Reader(bytes, LEAF_BYTES_MAX, true);
  const parts = reader.object((key) => {
    if (!Object.hasOwn(LEAF_PARTS, key)) reader.fault("member");
    return LEAF_PARTS[key](reader);
  });
  reader.end();
  for (const part of ["id", "k", "t"]) {
    if (!parts.has(part)) envelope(part);
  }
  const leaf = {
    id: parts.get("id"),
    kind: parts.get("k"),
    organisation: parts.get("o"),
    time: parts.get("t"),
    streams: parts.get("st") ?? [],
    moves: parts.get("mv") ?? [],
    swaps: parts.get("sub") ?? [],
    reference: parts.get("ref"),
    commitments: parts.get("p") ?? new Map(),
    data: parts.get("d") ?? new Map(),
  };
  checkForm(leaf);
  return leaf;
}

// What is true of every envelope, whatever its kind.
function checkForm(leaf) {
  if (!isPrinted(leaf.id)) envelope("id");
  if (!isKindCode(leaf.kind)) envelope("k");
  if (leaf.organisation !== undefined && !isPrinted(leaf.organisation, "org")) envelope("o");
  if (!areStreamsOk(leaf.streams)) envelope("st");
  if (!leaf.moves.every(isMoveOk)) envelope("mv");
  if (!leaf.swaps.every(isSwapOk)) envelope("sub");
  if (![...leaf.commitments.keys()].every(isKeyWord)) envelope("p");
}

// Whether salt and value open the commitment of a field.
export function checkOpening(leaf, field, salt, value) {
  const commitment = leaf.commitments.get(field);
  if (commitment === undefined) throw new Refused("opening.no_field", field);
  const parts = ["shanji/commit/1", leaf.id, field, value].map(toUtf8);
  const message = joined(parts[0], ...parts.slice(1).flatMap((part) => [Uint8Array.of(0), part]));
  if (!sameBytes(hmac256(salt, message), commitment)) throw new Refused("opening.differs", field);
}
