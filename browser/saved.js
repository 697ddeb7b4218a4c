// Files as people have them: a proof file, the receipt that they saved as a page (which carries its proof), or something
// else, which says nothing about anybody's receipt.
import { Refused, fromBase64, fromUtf8, toHex } from "./bytes.js";
import { capitals } from "./capitals.js";
import { Unreachable } from "./client.js";
import { inFormOf, momentInBeijing, shownFigure, statedFigures } from "./figures.js";
import { savedParts } from "./page.js";
import { PROOF_FILE_BYTES_MAX, proofFileText } from "./receipt.js";
import { leafHash } from "./tree.js";

// How every proof file begins.
const MAGIC = "c2sp.org/tlog-proof";
const PAGE_BEGINS = "<!doctype html";
const PAPER_BEGINS = "%PDF-";
// A saved page holds the proof twice, as a link and to read, and a long story.
const SAVED_BYTES_MAX = 8 * PROOF_FILE_BYTES_MAX;
// Written so that the page which holds this script has no address in it.
const SAVED_PROOF_BEGINS = ['<a class="button" href', '"data:text/plain;base64,'].join("=");
const SAVED_PROOF_ENDS = '" download="don_';

// Letters of a text that nothing was compared with, and how many of them are shown.
const SHOWN_MAX = 80;
const UNPROVED_MAX = 40;
// What every receipt of ours has marked; without one of them the page is not judged.
const NEEDED = ["code id", "amount sum", "words sum", "place log", "hash leaf"];
// Amounts in a sentence.
const SAID_AMOUNT = /[-−]?¥?[0-9][0-9,]*(?:\.[0-9]{2})?(?![0-9%])/g;
const NUMBER_OF_GIFT = /don_[0-9A-Za-z]+/g;

const beginsAs = (bytes, text) => [...text].every((letter, at) => String.fromCharCode(bytes[at] ?? 0).toLowerCase() === letter.toLowerCase());

export function isProofText(text) {
  return text.startsWith(MAGIC);
}

// The proof inside of a saved receipt. The page is only searched as text, never read as a page: nothing in it runs. Words
// of people stand in it with their quotation marks escaped, so no name or message can look like the link.
export function proofInSavedPage(bytes) {
  const text = fromUtf8(bytes);
  if (text === null) throw new Refused("receipt.text");
  const [, found, ...more] = text.split(SAVED_PROOF_BEGINS);
  if (found === undefined) throw new Unreachable("file.page_without_proof");
  // Two proofs could be shown to two people as two receipts.
  const end = found.indexOf(SAVED_PROOF_ENDS);
  if (more.length > 0 || end < 0) throw new Refused("receipt.spelling");
  const proof = fromBase64(found.slice(0, end));
  if (proof === null) throw new Refused("receipt.text");
  return proof;
}

// What the proof says of a mark, in the spelling of figures.js; undefined where it says nothing of the kind.
function provedFigure(says, unit, { leaf, index, bytes, opened, checkpoint, file }) {
  const [form, source] = says.split(" ");
  const own = openedWords(opened);
  const found = {
    log: () => `${checkpoint.origin} ${index}`,
    leaf: () => toHex(leafHash(bytes)),
    at: () => own.get("at"),
    donor: () => own.get("donor"),
    message: () => own.get("message"),
    proof: () => proofFileText(file),
  };
  if (Object.hasOwn(found, source)) return form === "moment" ? momentInBeijing(found.at()) : found[source]();
  const [stated] = statedFigures(source, { leaf, index });
  if (form !== "words" || stated === undefined) return stated;
  return unit === "fen" ? capitals(stated) : `${stated}${unit}`;
}

// The words that the donor's file opens: the members of its values that are JSON.
function openedWords(opened) {
  const words = new Map();
  for (const [field, value] of opened) {
    try {
      for (const [name, text] of Object.entries(JSON.parse(value))) words.set(name, String(text));
    } catch {
      words.set(field, value);
    }
  }
  return words;
}

// Whether a marked text says what is proved. A name stands before what else is said of it, words behind what they are called.
function saysSo(form, text, unit, stated) {
  const shown = text.trim().replaceAll(/\s+/g, " ");
  const wanted = stated.trim().replaceAll(/\s+/g, " ");
  if (form === "name") return shown === wanted || [`${wanted}（`, `${wanted} (`].some((begin) => shown.startsWith(begin));
  if (form === "words") return /[：:] ?([^：:]*)$/.exec(shown)?.[1] === wanted;
  if (form === "hash") return /(?:^|[^0-9A-Za-z])([0-9A-Za-z]{64})$/.exec(shown)?.[1] === wanted;
  if (form === "text") return shown === wanted;
  if (form === "whole") return text.trim() === stated.trim();
  if (form === "place") {
    const [origin, index] = stated.split(" ");
    return shown.includes(origin) && shownFigure("count", shown.replace(origin, "")) === index;
  }
  return shownFigure(form, withoutUnit(text, unit), unit) === stated;
}

// A unit of goods may have figures of its own: 500ml.
const withoutUnit = (text, unit) => (unit === "" ? text : text.replaceAll(unit, ""));

// Holds a saved page against the proof that it carries. Refuses it if anything on it that the proof knows is otherwise there
// ("page.figure"). Answers `unproved`, what stands on it and no proof knows, `[title, text]`; null if the page is not written
// like our receipts, so that nothing can be said of it.
export function comparePage(page, proved) {
  const parts = savedParts(page);
  const { leaf } = proved;
  const differs = (shown, stated) => {
    throw new Refused("page.figure", { shown: shown.trim().slice(0, SHOWN_MAX), stated });
  };
  if (parts === null) return null;
  const marks = parts.flatMap(({ has }) => has);
  const said = new Set();
  const unproved = [];
  for (const { says, unit, text, title } of marks.filter((mark) => mark.says !== undefined)) {
    const [form] = says.split(" ");
    const stated = provedFigure(says, unit, proved);
    said.add(says);
    if (stated === undefined) unproved.push([title, text]);
    else if (!saysSo(form, text, unit ?? "fen", String(stated))) differs(text, inFormOf(form, text, String(stated), unit ?? "fen"));
    else if (form === "name" && text.trim() !== stated) unproved.push([title, text.trim().slice(stated.length).replaceAll(/^[（(\s]+|[）)\s]+$/g, "")]);
  }
  const dated = said.has("day t") || said.has("moment at");
  if (!dated || NEEDED.some((says) => !said.has(says))) return null;
  compareShares(marks, statedFigures("sum", { leaf })[0], differs);
  // Words of people may name another gift.
  const ours = parts.filter(({ isLong, has }) => !isLong && !has.some(({ says }) => says === "text message"));
  for (const { text } of ours) for (const [number] of text.matchAll(NUMBER_OF_GIFT)) if (number !== leaf.id) differs(number, leaf.id);
  const links = marks.filter(({ href }) => href !== undefined);
  for (const { href } of links) for (const [number] of (isProofLink(href) ? "" : href).matchAll(NUMBER_OF_GIFT)) if (number !== leaf.id) differs(number, leaf.id);
  const places = new Set(links.flatMap(siteOf));
  return [...parts.flatMap(unprovedOf(leaf)), ...unproved, ...[...places].map((place) => ["", place])].slice(0, UNPROVED_MAX).map(([title, text]) => [title, cutAt(text)]);
}

const isProofLink = (href) => href.startsWith("data:");
const digitsOf = (text) => text.replaceAll(/[^0-9]/g, "");

// Where a link leads, which no proof knows: the site alone, because ours all lead to the same one and a foreign one stands out.
// The proof itself was read and compared; a telephone or mail address that is the one which stands there is named with it.
function siteOf({ href, text }) {
  if (isProofLink(href)) return [];
  if (href.startsWith("tel:") && digitsOf(text) !== "" && digitsOf(href).endsWith(digitsOf(text).replace(/^0/, ""))) return [];
  if (href === `mailto:${text.trim()}`) return [];
  return [/^https?:\/\/[^/?#]+/i.exec(href)?.[0] ?? href];
}

const cutAt = (text) => (text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text);

// The parts of the gift add up to it, in each table by itself, and the headline speaks of no other amount.
function compareShares(marks, whole, differs) {
  const unitOf = marks.find(({ says }) => says === "amount sum").unit ?? "fen";
  const amount = (text) => shownFigure("amount", withoutUnit(text, unitOf), unitOf);
  const known = [whole];
  for (const name of ["gift", "steps"]) {
    const shares = marks.filter(({ addend }) => addend === name);
    const amounts = shares.map(({ text }) => amount(text) ?? differs(text, "–"));
    const sum = amounts.reduce((all, one) => all + BigInt(one), 0n);
    if (shares.length > 0 && String(sum) !== whole) differs(shares.map(({ text }) => text.trim()).join(" + "), inFormOf("amount", shares[0].text, whole, unitOf));
    known.push(...amounts);
  }
  for (const { text } of marks.filter(({ among }) => among !== undefined)) {
    for (const [said] of withoutUnit(text, unitOf).matchAll(SAID_AMOUNT)) if (!known.includes(amount(said))) differs(said, inFormOf("amount", said, whole, unitOf));
  }
}

// What of a part of the page no proof knows. Sentences of ours without a figure in them are not named one by one.
function unprovedOf(leaf) {
  return ({ tag, title, plain, isLong }) => {
    const rest = plain.replaceAll(leaf.id, "");
    if (rest === "" || tag === "pre") return [];
    const names = tag === "h1" || tag === "tr" || isLong || /[0-9０-９零〇一二三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟]元|[0-9０-９]/.test(rest);
    return names ? [[title, plain]] : [];
  };
}

// The proof that a chosen file is or carries, and the page that carried it, if one did.
export async function proofOfFile(file) {
  const bytesOf = async (part) => new Uint8Array(await part.arrayBuffer());
  const head = await bytesOf(file.slice(0, MAGIC.length));
  if (beginsAs(head, MAGIC)) {
    if (file.size > PROOF_FILE_BYTES_MAX) throw new Refused("tlog.proof_file.too_large");
    return { bytes: await bytesOf(file) };
  }
  if (beginsAs(head, PAPER_BEGINS)) throw new Unreachable("file.paper");
  if (!beginsAs(head, PAGE_BEGINS) || file.size > SAVED_BYTES_MAX) throw new Unreachable("file.other");
  const page = await bytesOf(file);
  return { bytes: proofInSavedPage(page), page: fromUtf8(page) };
}
