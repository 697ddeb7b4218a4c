// The keys of a log follow one another by its own leaves: a file leads from a key that is believed to the next one, by
// proofs. A key that no believed key has announced is not believed, nor is one for trees that are longer than its end.
import { Refused, fromBase64Url, sameBytes, toUtf8 } from "./bytes.js";
import { checkContent } from "./content.js";
import { verifyEd25519 } from "./ed25519.js";
import { parseLeaf } from "./leaf.js";
import { openCheckpoint, parseCheckpoint, parseKey } from "./note.js";
import { parseExtra, parseProofFile, proofFileText } from "./receipt.js";
import { leafHash, verifyInclusion } from "./tree.js";

const KEY_STREAM = "log/keys";
const KEY_STATEMENT = "shanji/key-succession/1";
const KEY_PROOF_LINE = "#:";
const KEY_PROOF_HEADER = "#: c2sp.org/tlog-proof@";
const KEY_HISTORY_BYTES_MAX = 1048576;
const LOG_KEYS_MAX = 64;

function keyFault() {
  throw new Refused("key.malformed");
}

function keyOrFault(text) {
  try {
    return parseKey(text);
  } catch {
    return keyFault();
  }
}

const isKey = (one) => (other) => one.text === other.text;

// What a leaf says about a key, its signature checked: `{ key, old, … }` or `{ key, before }`; null for other kinds.
function parseKeyLeaf(bytes) {
  let leaf;
  try {
    leaf = parseLeaf(bytes);
  } catch {
    return keyFault();
  }
  if (leaf.kind !== "key/1" && leaf.kind !== "key_end/1") return null;
  try {
    checkContent(leaf);
  } catch {
    return keyFault();
  }
  const text = (word) => leaf.data.get(word);
  if (!leaf.streams.some(([name]) => name === KEY_STREAM)) return keyFault();
  if (leaf.kind === "key_end/1") return { key: keyOrFault(text("key")), before: BigInt(text("before")) };
  const plan = { key: keyOrFault(text("key")), old: keyOrFault(text("old")), from: text("from"), until: text("until") };
  const { key, old, from, until } = plan;
  if (key.name !== old.name || sameBytes(key.key, old.key) || from > until) return keyFault();
  const lines = [KEY_STATEMENT, key.name, old.text, key.text, from, until];
  const statement = toUtf8(`${lines.join("\n")}\n`);
  if (!verifyEd25519(key.key, statement, fromBase64Url(text("proof")))) throw new Refused("key.not_agreed");
  return plan;
}

// Reads a file of keys: a key on each line, the oldest first, and proof files behind `#:`; other lines with `#` are
// for people. Nothing in it is believed yet.
export function parseKeyHistory(text) {
  if (toUtf8(text).length > KEY_HISTORY_BYTES_MAX) throw new Refused("key_history.too_large");
  const malformed = () => new Refused("key_history.malformed");
  const keys = [];
  const proofs = [];
  for (const line of text.split("\n").map((whole) => whole.trim())) {
    if (line.startsWith(KEY_PROOF_LINE)) {
      if (line.startsWith(KEY_PROOF_HEADER)) proofs.push("");
      if (proofs.length === 0) throw malformed();
      const part = line.slice(KEY_PROOF_LINE.length);
      proofs[proofs.length - 1] += `${part.startsWith(" ") ? part.slice(1) : part}\n`;
    } else if (line !== "" && !line.startsWith("#")) {
      let key;
      try {
        key = parseKey(line);
      } catch {
        throw malformed();
      }
      if (!keys.some(isKey(key))) keys.push(key);
    }
  }
  if (keys.length > LOG_KEYS_MAX || proofs.length > 2 * LOG_KEYS_MAX) throw new Refused("key_history.too_large");
  try {
    return { keys, proofs: proofs.map(parseProofFile) };
  } catch {
    throw malformed();
  }
}

// The same file again: whoever reads it believes what is believed now.
function keyHistoryText({ keys, proofs }) {
  const lines = keys.map(({ text }) => text);
  if (proofs.length > 0) lines.unshift("# keys");
  const parts = proofs.flatMap((file) => proofFileText(file).slice(0, -1).split("\n"));
  const shown = parts.map((line) => (line === "" ? KEY_PROOF_LINE : `${KEY_PROOF_LINE} ${line}`));
  return `${[...lines, ...shown].join("\n")}\n`;
}

// Whether a key may sign a tree of this size: it holds the leaf that announced it, and is not longer than its end.
export function maySign({ announced, before }, size) {
  const begun = announced === undefined || announced === null || size > announced;
  return begun && (before === undefined || before === null || size <= before);
}

// The believed keys that may sign the tree which a note is about.
export function keysForNote(note, keys) {
  const { size } = parseCheckpoint(note.text);
  return keys.filter((key) => maySign(key, size));
}

const hasLineOf = (note) => (key) =>
  note.signatures.some(({ name, id }) => name === key.name && sameBytes(id, key.id));

// The checkpoint of a note, believed only if a key has signed it that may sign a tree of this size. Only a history of the
// log's keys can say that a strange key was never announced; without one it is a key that was not given.
export function openTrusted(note, origin, keys, hasHistory = true) {
  const claimed = parseCheckpoint(note.text);
  const able = keysForNote(note, keys);
  if (!able.some(hasLineOf(note))) {
    const unable = keys.find(hasLineOf(note));
    if (unable !== undefined) throw new Refused(maySign({ before: unable.before }, claimed.size) ? "key.early" : "key.ended");
    const named = note.signatures.some(({ name }) => name === origin);
    if (claimed.origin === origin && named) throw new Refused(hasHistory ? "key.unannounced" : "key.not_given");
  }
  return openCheckpoint(note, origin, able);
}

function readTold(file) {
  const malformed = new Refused("key_history.malformed");
  if (file.extra === null) throw malformed;
  let leaf;
  try {
    ({ leaf } = parseExtra(file.extra));
  } catch {
    throw malformed;
  }
  const { size } = parseCheckpoint(file.note.text);
  const said = parseKeyLeaf(leaf);
  if (said === null) throw malformed;
  if (said.before !== undefined && said.before !== file.index) throw new Refused("key.wrong_before");
  return { file, size, hash: leafHash(leaf), said };
}

// What somebody believes about the keys of one log.
export class TrustedKeys {
  constructor(origin, roots) {
    this.origin = origin;
    this.keys = [];
    this.proofs = [];
    for (const key of roots) if (key.name === origin) this.entry(key);
    this.roots = this.keys.length;
    this.hasHistory = false;
  }

  entry(key) {
    const known = this.keys.find(isKey(key));
    if (known !== undefined) return known;
    this.keys.push({ ...key, announced: null, before: null });
    return this.keys.at(-1);
  }

  has(key) {
    return this.keys.some(isKey(key));
  }

  // Believes what a file proves from the keys that are believed: successors, predecessors, ends. A file that names this
  // log, or one without any key, is from then on what the log has announced.
  follow(history) {
    this.recall(history);
    const { keys } = history;
    this.hasHistory ||= keys.length === 0 || keys.some(({ name }) => name === this.origin);
  }

  // The same for what somebody remembers: that a key is not in it says nothing, the log may have announced it since.
  recall({ proofs }) {
    const known = this.proofs.map(proofFileText);
    const all = [...this.proofs, ...proofs.filter((file) => !known.includes(proofFileText(file)))].map(readTold);
    const grown = new TrustedKeys(this.origin, this.keys);
    grown.keys = this.keys.map((key) => ({ ...key }));
    let open = all;
    for (;;) {
      const left = open.filter((told) => !grown.take(told));
      if (left.length === open.length) break;
      open = left;
    }
    const followed = all.filter(({ file }) => grown.proofs.includes(file));
    followed.forEach((told) => grown.checkFollowed(told));
    const plans = followed.map(({ said }) => said).filter(({ old }) => old !== undefined);
    const forked = plans.some((plan) => plans.some((other) => isKey(plan.old)(other.old) && !isKey(plan.key)(other.key)));
    if (forked) throw new Refused("key_history.forked");
    Object.assign(this, { keys: grown.keys, proofs: grown.proofs });
  }

  take(told) {
    const { file, size, said } = told;
    const vouched = this.vouches(told);
    let done;
    if (said.old !== undefined) {
      const knowsNew = this.has(said.key);
      if (vouched) this.entry(said.key).announced = file.index;
      // Until its end is told, no further than this.
      if (knowsNew && !this.has(said.old)) this.entry(said.old).before = size;
      done = vouched || knowsNew;
    } else {
      done = vouched && this.has(said.key);
      if (done) this.entry(said.key).before = file.index;
    }
    if (done) this.proofs.push(file);
    return done;
  }

  // Whether a believed key has signed the checkpoint of this proof, which then must hold. A key does not speak of its
  // own end.
  vouches({ file, size, hash, said }) {
    const able = this.keys.filter((key) => maySign(key, size) && (said.old !== undefined || !isKey(said.key)(key)));
    if (!able.some(hasLineOf(file.note))) return false;
    try {
      const checkpoint = openCheckpoint(file.note, this.origin, able);
      verifyInclusion(hash, file.index, checkpoint.size, file.proof, checkpoint.root);
      return true;
    } catch {
      throw new Refused("key_history.broken");
    }
  }

  // What was followed must hold with all that is known now: a key that has ended announces nobody behind its end.
  checkFollowed(told) {
    const { file, said } = told;
    const backwards =
      said.old !== undefined && this.keys.some((key) => isKey(said.key)(key) && key.announced !== file.index);
    if (!backwards && !this.vouches(told)) throw new Refused("key_history.broken");
  }

  // The keys that were given and the proofs as a file, to be remembered: whoever reads it again believes the same.
  text() {
    return keyHistoryText({ keys: this.keys.slice(0, this.roots), proofs: this.proofs });
  }
}
