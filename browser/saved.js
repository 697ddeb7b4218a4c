// Files as people have them: a proof file, the receipt that they saved as a page (which carries its proof), or something
// else, which says nothing about anybody's receipt.
import { Refused, fromBase64, fromUtf8 } from "./bytes.js";
import { Unreachable } from "./client.js";
import { shownFigure, statedFigures } from "./figures.js";
import { PROOF_FILE_BYTES_MAX } from "./receipt.js";

// How every proof file begins.
const MAGIC = "c2sp.org/tlog-proof";
const PAGE_BEGINS = "<!doctype html";
const PAPER_BEGINS = "%PDF-";
// A saved page holds the proof twice, as a link and to read, and a long story.
const SAVED_BYTES_MAX = 8 * PROOF_FILE_BYTES_MAX;
// Written so that the page which holds this script has no address in it.
const SAVED_PROOF_BEGINS = ['<a class="button" href', '"data:text/plain;base64,'].join("=");
const SAVED_PROOF_ENDS = '" download="don_';

// What the page shows of its gift: how it reads, where the statement has it, in which unit, and the words.
const PAGE_FIGURE = /<[a-z]+ [^<>]*data-says="(amount|day|code) (sum|t|id)"(?: data-unit="([^"<>]*)")?[^<>]*>([^<]*)</g;
// Cells of the tables in which the gift is divided: none holds more than the gift.
const PAGE_PART = /<td class="num">(?:<b[^<>]*>)?([^<]*)</g;

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

// Refuses a saved page whose own figures are not those of the statement that it carries. Its other words are only what
// somebody wrote on it.
export function comparePage(page, leaf) {
  const unit = leaf.kind === "goods/1" ? "" : "fen";
  for (const [, form, source, ownUnit, words] of page.matchAll(PAGE_FIGURE)) {
    const shown = shownFigure(form, words, ownUnit ?? unit);
    if (!statedFigures(source, { leaf }).includes(shown)) throw new Refused("page.figure", words.trim());
  }
  const [whole] = statedFigures("sum", { leaf });
  for (const [, words] of page.matchAll(PAGE_PART)) {
    const part = shownFigure("amount", words, unit);
    if (part !== null && BigInt(part) > BigInt(whole)) throw new Refused("page.figure", words.trim());
  }
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
