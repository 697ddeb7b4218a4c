// Receipts: one `.tlog-proof` file (c2sp.org/tlog-proof) whose extra data carries the leaf and the donor's openings.
import { Refused, fromBase64, fromBase64Url, fromUtf8, parseDecimal, toBase64, toUtf8 } from "./bytes.js";
import { checkContent } from "./content.js";
import { Reader } from "./json.js";
import { COMMITMENTS_MAX, checkOpening, parseDigest, parseLeaf } from "./leaf.js";
import { NOTE_BYTES_MAX, SIZE_MAX, noteText, openCheckpoint, parseCheckpoint, parseHash, parseNote } from "./note.js";
import { leafHash, verifyInclusion } from "./tree.js";

const PROOF_HEADER = "c2sp.org/tlog-proof@v1";
const PROOF_HASHES_MAX = 64;
const EXTRA_BYTES_MAX = 262144;
const OPENING_BYTES_MAX = 100000;
export const PROOF_FILE_BYTES_MAX = 64 + Math.ceil(EXTRA_BYTES_MAX / 3) * 4 + PROOF_HASHES_MAX * 45 + NOTE_BYTES_MAX;

function malformed() {
  throw new Refused("tlog.proof_file.malformed");
}

// Reads a proof file from its text; says nothing yet about whether it holds.
export function parseProofFile(text) {
  if (toUtf8(text).length > PROOF_FILE_BYTES_MAX) throw new Refused("tlog.proof_file.too_large");
  // The first empty line ends the proof; the checkpoint has another one of its own.
  const end = text.indexOf("\n\n");
  if (end < 0) malformed();
  const lines = text.slice(0, end).split("\n");
  if (lines.shift() !== PROOF_HEADER) malformed();
  let extra = null;
  if (lines[0]?.startsWith("extra ")) {
    extra = fromBase64(lines.shift().slice("extra ".length));
    if (extra === null || extra.length === 0) malformed();
  }
  const number = lines.shift() ?? "";
  const index = number.startsWith("index ") ? parseDecimal(number.slice("index ".length), SIZE_MAX) : null;
  if (index === null) malformed();
  const proof = lines.slice(0, PROOF_HASHES_MAX + 1).map((line) => parseHash(line) ?? malformed());
  const note = parseNote(toUtf8(text.slice(end + 2)));
  if (proof.length > PROOF_HASHES_MAX) throw new Refused("tlog.proof_file.too_large");
  const checkpoint = parseCheckpoint(note.text);
  if (extra !== null && extra.length > EXTRA_BYTES_MAX) throw new Refused("tlog.proof_file.too_large");
  return { extra, index, proof, note, origin: checkpoint.origin };
}

// The file as it is written.
export function proofFileText({ extra, index, proof, note }) {
  const head = [PROOF_HEADER, ...(extra === null ? [] : [`extra ${toBase64(extra)}`]), `index ${index}`];
  return `${[...head, ...proof.map(toBase64)].join("\n")}\n\n${noteText(note)}`;
}

// The leaf's bytes and the openings by field; what they open is for checkReceipt to say.
export function parseExtra(bytes) {
  const reader = new Reader(bytes, EXTRA_BYTES_MAX, false);
  reader.letter("{");
  if (reader.nextKey(null) !== "leaf") reader.fault("member");
  const leaf = fromBase64Url(reader.plain()) ?? reader.fault("form");
  if (reader.nextKey("leaf") !== "open") reader.fault("member");
  const open = reader.object(() => {
    reader.letter("[");
    const salt = parseDigest(reader.plain()) ?? reader.fault("form");
    reader.letter(",");
    const value = reader.string();
    reader.letter("]");
    if (toUtf8(value).length > OPENING_BYTES_MAX) reader.fault("size");
    return { salt, value };
  }, COMMITMENTS_MAX);
  reader.letter("}");
  reader.end();
  return { leaf, open };
}

// Reads a receipt as far as the name of its log, which says whose key is needed.
export function readReceipt(bytes) {
  const text = fromUtf8(bytes);
  if (text === null) throw new Refused("receipt.text");
  const file = parseProofFile(text);
  // What reads in two ways could be shown to two people as two receipts.
  if (proofFileText(file) !== text) throw new Refused("receipt.spelling");
  return file;
}

// Whether a receipt holds: the openings open the statement's commitments, the statement's hash leads to the
// checkpoint's root, and the log has signed the checkpoint with one of the keys. Answers what was proved.
export function checkReceipt(file, origin, keys) {
  if (file.extra === null) throw new Refused("receipt.no_leaf");
  const extra = parseExtra(file.extra);
  const leaf = parseLeaf(extra.leaf);
  for (const [field, { salt, value }] of extra.open) checkOpening(leaf, field, salt, value);
  const understood = checkContent(leaf);
  const checkpoint = openCheckpoint(file.note, origin, keys);
  verifyInclusion(leafHash(extra.leaf), file.index, checkpoint.size, file.proof, checkpoint.root);
  const opened = [...extra.open].map(([field, { value }]) => [field, value]);
  return { index: file.index, leaf, bytes: extra.leaf, opened, checkpoint, understood };
}
