// What a proof file has proved, as titles and texts: a statement of the log, or the answer to a question about all.
import { toHex } from "./bytes.js";
import { dayInWords, grouped, momentInBeijing } from "./figures.js";
import { KINDS, VOCABULARY } from "./kinds.js";
import { dayOf, parseLeaf } from "./leaf.js";
import { leafHash } from "./tree.js";
import { yuanText } from "./words.js";

const inWords = (day) => dayInWords(day, document.documentElement.lang);

const SHOWN_VALUE_MAX = 4000;

// A statement of the log, and what the donor's file opens of it.
export function statementRows(words, { index, leaf, bytes, opened, checkpoint, names = new Map() }) {
  const named = (id) => (names.has(id) ? words.text("named", { name: names.get(id), id }) : id);
  const rows = [
    ["kind", kindText(words, leaf)],
    ["id", leaf.id],
    ["organisation", leaf.organisation === undefined ? undefined : named(leaf.organisation)],
    ["day", inWords(dayOf(leaf.time))],
    ...leaf.moves.map((move) => ["move", moveText(words, leaf, move, named)]),
  ].map(([name, value]) => [words.text(`part.${name}`), value]);
  for (const [key, value] of leaf.data) {
    // The words of leaves have Chinese titles only; to others they are shown as they stand.
    const title = document.documentElement.lang.startsWith("zh") ? (VOCABULARY[key]?.title ?? key) : key;
    rows.push([title, key === "ch" && words.has(`value.${value}`) ? words.text(`value.${value}`) : valueText(value)]);
  }
  for (const [field, value] of opened) rows.push(...openedRows(words, field, value));
  rows.push([words.text("part.place"), words.text("place", { origin: checkpoint.origin, size: checkpoint.size, index })]);
  rows.push([words.text("part.hash"), toHex(leafHash(bytes))]);
  return rows.filter(([, text]) => text !== undefined);
}

// What a donor wants to hear first; nothing for statements of other kinds.
export function giftSentence(words, leaf) {
  if (leaf?.kind !== "gift/1") return undefined;
  const sum = leaf.moves.reduce((all, { n }) => all + BigInt(n), 0n);
  return words.text("lead.gift", { id: leaf.id, day: inWords(dayOf(leaf.time)), amount: words.text("yuan", { n: yuanText(sum) }) });
}

// "These are all", "this is the last one", "there is none".
export function answerRows(words, proved) {
  const { answer, name, prefix, before, checkpoint } = proved;
  const covers = words.text("answer.covers", { origin: checkpoint.origin, size: checkpoint.size, before });
  const rows = [[words.text("part.question"), answer === "below" ? `${prefix}…` : name]];
  if (answer === "absent") rows.push([words.text("part.answer"), words.text("answer.absent")]);
  if (answer === "below") {
    rows.push([words.text("part.answer"), words.text("answer.below", { n: proved.streams.length })]);
    rows.push(...proved.streams.map((stream) => [stream.name, words.text("answer.count", { n: stream.count })]));
  }
  if (answer === "page") {
    const { count, from, leaves } = proved;
    rows.push([words.text("part.answer"), words.text("answer.page", { n: count, from: from + 1, to: from + leaves.length })]);
    rows.push(...leaves.map((one, at) => [words.text("answer.place", { n: from + at + 1, index: one.index }), oneLine(words, one.bytes)]));
  }
  return [...rows, [words.text("part.place"), covers]];
}

// What a certificate says.
export function certificateRows(words, read) {
  const { name, uscc, organisation, number, office, from, until, issued, leaf } = read;
  const rows = [
    ["certificate", words.text(`certificate.${read.kind}`)],
    ["organisation", name],
    ["uscc", uscc],
    ["id", organisation],
    ["number", number],
    ["office", office],
    ["valid", until === null ? words.text("certificate.since", { from }) : words.text("certificate.between", { from, until })],
    ["issued", issued],
    ["entry", words.text("certificate.entry", { leaf })],
  ];
  return rows.filter(([, value]) => value !== null).map(([title, value]) => [words.text(`part.${title}`), value]);
}

// What the register says of it now.
export function standingRows(words, { entry, reason }) {
  const rows = [
    ["reason", reason],
    ["office", entry.office],
    ["number", entry.document],
    ["recorded", words.text("certificate.recorded", { day: entry.recorded, leaf: entry.index })],
  ];
  return rows.filter(([, value]) => value !== null).map(([title, value]) => [words.text(`part.${title}`), value]);
}

// A statement of a page of a stream in one line.
function oneLine(words, bytes) {
  const leaf = parseLeaf(bytes);
  const moves = leaf.moves.map((move) => moveText(words, leaf, move));
  return [kindText(words, leaf), leaf.id, dayOf(leaf.time), ...moves].filter((text) => text !== undefined).join(" · ");
}

function kindText(words, leaf) {
  return words.has(`kind.${leaf.kind}`) ? words.text(`kind.${leaf.kind}`) : (KINDS[leaf.kind]?.title ?? leaf.kind);
}

function moveText(words, leaf, { n, from, to }, named = (id) => id) {
  const amount = leaf.kind === "goods/1" ? words.text("units", { n }) : words.text("yuan", { n: yuanText(n) });
  // As pages count: the first fen of a tape is number 1, and the last one is included.
  const unit = words.text(leaf.kind === "goods/1" ? "span.units" : "span.fen");
  const side = ({ fund, span }) => (span === undefined ? named(fund) : words.text("span", { fund: named(fund), from: grouped(span[0] + 1), to: grouped(span[1]), unit }));
  if (from.fund === undefined) return words.text("move.in", { amount, to: side(to) });
  if (to.fund === undefined) return words.text("move.out", { amount, from: side(from) });
  return words.text("move.between", { amount, from: side(from), to: side(to) });
}

// A value of several words is canonical JSON of them; any other value is one text.
function openedRows(words, field, value) {
  let parts = null;
  try {
    parts = JSON.parse(value);
  } catch {
    parts = null;
  }
  const title = (name) => (words.has(`opened.${name}`) ? words.text(`opened.${name}`) : name);
  if (parts === null || typeof parts !== "object" || Array.isArray(parts)) return [[title(field), cut(value)]];
  return Object.entries(parts).map(([name, text]) => [title(name), openedText(words, name, text)]);
}

function openedText(words, name, text) {
  const moment = name === "at" ? momentInBeijing(text) : undefined;
  if (moment !== undefined) return words.text("moment", { day: inWords(moment.slice(0, 10)), clock: moment.slice(11) });
  if (name === "payment" && words.has(`value.${text}`)) return words.text(`value.${text}`);
  return cut(typeof text === "string" ? text : JSON.stringify(text));
}

function cut(text) {
  return text.length > SHOWN_VALUE_MAX ? `${text.slice(0, SHOWN_VALUE_MAX)}…` : text;
}

function valueText(value) {
  if (value instanceof Map) return JSON.stringify(Object.fromEntries(value));
  if (Array.isArray(value)) return value.map(valueText).join(" ");
  return String(value);
}
