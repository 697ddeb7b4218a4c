// Certificates in QR codes (record 0040): what the register of an organisation said on a day, signed by the log's key. The
// signature is judged without a network; what the register says now is computed here from the statements that the log
// proves to be all of that register.
import { Refused, fromBase64Url, fromUtf8, parseDecimal, sameBytes, toUtf8 } from "./bytes.js";
import { isUscc } from "./content.js";
import { provedPage } from "./latest.js";
import { checkOpening, dayOf, isDay, isPrinted, parseDigest, parseLeaf } from "./leaf.js";
import { SIZE_MAX, verifyNote } from "./note.js";
import { maySign } from "./succession.js";
import { leafHash } from "./tree.js";

const CERTIFICATE_HEADER = "shanji-certificate/1";
const CERTIFICATE = /SJ1\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+/;
// The longest text (640 bytes) and a signature, each in base64url.
const CERTIFICATE_CHARS_MAX = 952;
const CERTIFICATE_LINES = 13;
const REGISTER_PAGE = 256;
const REGISTER_PAGES_MAX = 40;
const BEIJING_MS = 8 * 3600 * 1000;
// Which item of a register each kind certifies, and which others it rests on.
const CERTIFIED = { registration: "legal", charity: "charity", fundraising: "fundraising", deduction: "deduction" };
const RESTS_ON = { registration: [], charity: ["legal"], fundraising: ["legal", "charity"], deduction: ["legal", "charity"] };
const GOOD = { legal: ["in_force"], charity: ["registered", "recognised"], fundraising: ["valid"], deduction: ["valid"] };
// What interrupts and gives way at its end, and what only a later entry ends.
const INTERRUPTS = ["suspended", "ordered_stop"];
const FINAL = ["terminating", "liquidating", "deregistered", "revoked", "ended", "surrendered", "lapsed"];

function noCertificate(detail) {
  throw new Refused("certificate.malformed", detail);
}

// The payload in what was pasted or scanned, which may be an address that ends with it; null if there is none.
export function certificateIn(text) {
  return CERTIFICATE.exec(text.replaceAll(/\s/g, ""))?.[0] ?? null;
}

const isWholeLine = (text) => text !== "" && !/^\p{White_Space}|\p{White_Space}$|[\p{Cc}\u2028\u2029]/u.test(text);
const dayIn = (text) => (isDay(text) ? text : noCertificate("day"));
const numberIn = (text) => parseDecimal(text, SIZE_MAX) ?? noCertificate("number");
const given = (text) => (text === "-" ? null : text);

// Reads the text of a certificate.
function parseCertificateText(text) {
  const lines = text.split("\n");
  if (lines.length !== CERTIFICATE_LINES + 1 || lines.pop() !== "" || !lines.every(isWholeLine)) noCertificate("lines");
  const [header, origin, size, kind, organisation, name, uscc, number, from, until, office, issued, leaf] = lines;
  if (header !== CERTIFICATE_HEADER || !Object.hasOwn(CERTIFIED, kind)) noCertificate("kind");
  const read = {
    origin, kind, organisation, name, size: numberIn(size), leaf: numberIn(leaf),
    uscc: given(uscc), number: given(number), office: given(office),
    from: dayIn(from), until: until === "-" ? null : dayIn(until), issued: dayIn(issued),
  };
  const inOrder = read.from <= read.issued && (read.until === null || read.from <= read.until) && read.leaf < read.size;
  const named = isPrinted(organisation, "org") && (read.uscc === null || isUscc(read.uscc));
  if (!inOrder || !named || /\p{White_Space}/u.test(origin)) noCertificate("values");
  return read;
}

// Reads a payload; says nothing yet about whether its signature is right.
export function readCertificate(payload) {
  if (payload.length > CERTIFICATE_CHARS_MAX) throw new Refused("certificate.too_large");
  const [prefix, encoded, signed, ...more] = payload.split(".");
  const bytes = fromBase64Url(encoded ?? "");
  const signature = fromBase64Url(signed ?? "");
  if (prefix !== "SJ1" || more.length > 0 || bytes === null || signature === null || signature.length !== 68) noCertificate("form");
  const text = fromUtf8(bytes) ?? noCertificate("text");
  const certificate = parseCertificateText(text);
  const line = { name: certificate.origin, id: signature.slice(0, 4), signature: signature.slice(4) };
  return { ...certificate, note: { text, signatures: [line] } };
}

// Whether one of the believed keys has signed it, and might when the log was so long.
export function checkCertificate(read, keys) {
  const { note, size } = read;
  const isSigner = (key) => key.name === read.origin && sameBytes(key.id, note.signatures[0].id);
  const known = keys.filter(isSigner);
  const able = known.filter((key) => maySign(key, size));
  if (known.length > 0 && able.length === 0) throw new Refused("key.ended");
  if (known.length === 0) throw new Refused("certificate.unknown_key");
  try {
    verifyNote(note, able);
  } catch {
    throw new Refused("certificate.signature");
  }
  return read;
}

// What a leaf of a register says.
function entryOf({ index, bytes }) {
  const leaf = parseLeaf(bytes);
  const word = (name) => leaf.data.get(name) ?? null;
  return {
    index: BigInt(index), leaf, hash: leafHash(bytes), corrects: leaf.reference ?? null, recorded: dayOf(leaf.time),
    item: word("kind"), state: word("state"), from: word("from"), until: word("until"),
    office: word("office"), document: word("document"),
  };
}

// Every entry of an organisation's register, proved to be all, in the order in which they were recorded.
export async function provedRegister(reader, checkpoint, organisation) {
  const name = `register/${organisation.slice("org_".length)}`;
  const entries = [];
  for (let page = 0; page < REGISTER_PAGES_MAX; page += 1) {
    const proof = await provedPage(reader, checkpoint, name, entries.length, REGISTER_PAGE);
    if (proof === null) return null;
    if (proof.answer === "absent") return { entries: [], covers: proof.before };
    if (proof.answer !== "page" || proof.from !== entries.length) throw new Refused("index.foreign", name);
    entries.push(...proof.leaves.map(entryOf));
    if (entries.length === proof.count) return { entries, covers: proof.before };
    if (proof.leaves.length === 0) break;
  }
  return null;
}

// The entry of an item that counts on a day: the one that begins last took the place of all before it; what interrupts
// gives way at its end; what is final has no end.
export function entryOn(entries, item, day) {
  const corrected = entries.filter(({ corrects }) => corrects !== null).map(({ corrects }) => corrects);
  let counts = null;
  for (const entry of entries) {
    const gaveWay = INTERRUPTS.includes(entry.state) && entry.until !== null && entry.until < day;
    const isWrong = corrected.some((hash) => sameBytes(hash, entry.hash));
    if (entry.item !== item || entry.from > day || gaveWay || isWrong) continue;
    if (counts === null || counts.from <= entry.from) counts = entry;
  }
  const isOver = counts !== null && counts.until !== null && counts.until < day && !FINAL.includes(counts.state);
  return isOver ? null : counts;
}

// What has become of a certificate by a day, from all entries of its register: a code, and the entry that makes it so.
export function standingOf(certificate, entries, day) {
  const item = CERTIFIED[certificate.kind];
  const own = entries.find(({ index }) => index === certificate.leaf);
  const says = own !== undefined && own.item === item && GOOD[item].includes(own.state) && own.from === certificate.from;
  // The key signed what the register never said.
  if (!says || own.until !== certificate.until || own.document !== certificate.number) {
    throw new Refused("certificate.other_entry", certificate.leaf);
  }
  const correction = entries.find(({ corrects }) => corrects !== null && sameBytes(corrects, own.hash));
  if (correction !== undefined) return { state: "corrected", entry: correction };
  for (const below of RESTS_ON[certificate.kind]) {
    const entry = entryOn(entries, below, day);
    if (entry !== null && !GOOD[below].includes(entry.state)) return { state: `${below}_${entry.state}`, entry };
  }
  const now = entryOn(entries, item, day);
  if (now === null) return { state: "expired", entry: own };
  if (now === own) return { state: "valid", entry: own };
  if (GOOD[item].includes(now.state)) return { state: "replaced", entry: now };
  return { state: item === "fundraising" ? now.state : `${item}_${now.state}`, entry: now };
}

export function todayInBeijing(now = Date.now()) {
  return new Date(now + BEIJING_MS).toISOString().slice(0, 10);
}

// The reason that stands beside an entry, if the site gives it and it opens what the entry committed to.
export async function reasonOf(get, entry) {
  const bytes = await get(`leaves/${entry.index}`, true).catch(() => null);
  try {
    const { openings } = JSON.parse(fromUtf8(bytes));
    const { salt, value } = openings.find(({ field }) => field === "reason");
    checkOpening(entry.leaf, "reason", parseDigest(salt), value);
    return value;
  } catch {
    // Without a reason, or with another one, there is nothing to show.
    return null;
  }
}
