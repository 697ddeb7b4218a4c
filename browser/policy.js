// Policies (c2sp.org/tlog-policy) and the cosignatures of witnesses (c2sp.org/tlog-cosignature, Ed25519): does anybody
// but the operator stand behind a checkpoint?
import { Refused, fromUtf8, parseDecimal, sameBytes, toHex, toUtf8 } from "./bytes.js";
import { isEd25519Key, verifyEd25519 } from "./ed25519.js";
import { SIZE_MAX, openCheckpoint, parseCheckpoint, parseKey, parseKeyParts } from "./note.js";

const COSIGNATURE_V1 = 4;
const POLICY_BYTES_MAX = 262144;
const POLICY_ENTRIES_MAX = 64;
const TIME_BYTES = 8;

// The verifier key of a witness.
export function parseWitnessKey(text) {
  const { name, id, number, key } = parseKeyParts(text);
  if (number !== COSIGNATURE_V1) throw new Refused("tlog.key.unknown_algorithm");
  if (!isEd25519Key(key)) throw new Refused("tlog.key.bad_key");
  return { name, id, key, text };
}

function refusePolicy(fault) {
  throw new Refused(`tlog.policy.${fault}`);
}

// A policy is bytes, and those above 127 have no meaning in it: each is one character here until somebody must read it.
function binaryText(bytes) {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}

function readText(binary) {
  return fromUtf8(Uint8Array.from(binary, (character) => character.charCodeAt(0)));
}

function keyWord(word, parse) {
  const text = readText(word);
  if (text === null) throw new Refused("tlog.key.malformed");
  return parse(text);
}

class PolicyReader {
  constructor() {
    this.logs = [];
    this.witnesses = [];
    this.groups = [];
    this.quorum = undefined;
    this.names = new Map();
  }

  line(content) {
    if (/[\x00-\x08\x0a-\x1f\x7f]/.test(content)) refusePolicy("control_character");
    const words = content.split(/[ \t]/).filter((word) => word !== "");
    if (words.length === 0 || words[0].startsWith("#")) return;
    const [keyword, ...rest] = words;
    if (keyword === "log") this.log(rest);
    else if (keyword === "witness") this.witness(rest);
    else if (keyword === "group") this.group(rest);
    else if (keyword === "quorum") this.quorumOf(rest);
    else refusePolicy("unknown_keyword");
  }

  log(words) {
    if (words.length < 1 || words.length > 2) refusePolicy("wrong_words");
    this.room(this.logs);
    const key = keyWord(words[0], parseKey);
    this.address(words[1]);
    this.fresh(this.logs, key);
    this.logs.push({ key });
  }

  witness(words) {
    if (words.length < 2 || words.length > 3) refusePolicy("wrong_words");
    this.room(this.witnesses);
    const key = keyWord(words[1], parseWitnessKey);
    this.address(words[2]);
    this.fresh(this.witnesses, key);
    this.define(words[0], { witness: this.witnesses.length });
    this.witnesses.push({ name: readText(words[0]) ?? words[0], key });
  }

  group(words) {
    if (words.length < 2) refusePolicy("wrong_words");
    const [name, threshold, ...members] = words;
    this.room(this.groups);
    const needed = this.threshold(threshold, members.length);
    const found = members.map((member) => {
      const named = this.names.get(member) ?? refusePolicy("unknown_name");
      if (named.taken) refusePolicy("member_twice");
      named.taken = true;
      return named;
    });
    this.define(name, { group: this.groups.length });
    this.groups.push({ needed, members: found });
  }

  quorumOf(words) {
    if (words.length !== 1) refusePolicy("wrong_words");
    if (this.quorum !== undefined) refusePolicy("quorum_twice");
    this.quorum = words[0] === "none" ? null : (this.names.get(words[0]) ?? refusePolicy("unknown_name"));
  }

  room(list) {
    if (list.length >= POLICY_ENTRIES_MAX) refusePolicy("too_many");
  }

  address(word) {
    if (word !== undefined && readText(word) === null) refusePolicy("bad_url");
  }

  // Two names with one key are one log, or one witness.
  fresh(list, key) {
    if (list.some((other) => sameBytes(other.key.key, key.key))) refusePolicy("duplicate_key");
  }

  threshold(word, members) {
    if (members === 0) refusePolicy("wrong_words");
    if (word === "any") return 1;
    if (word === "all") return members;
    const number = parseDecimal(word, BigInt(members));
    return number === null || number < 1n ? refusePolicy("bad_threshold") : Number(number);
  }

  define(name, member) {
    if (name === "none") refusePolicy("reserved_name");
    if (this.names.has(name)) refusePolicy("duplicate_name");
    this.names.set(name, { ...member, taken: false });
  }
}

// Reads a policy file from its bytes.
export function parsePolicy(bytes) {
  if (bytes.length > POLICY_BYTES_MAX) refusePolicy("too_large");
  const reader = new PolicyReader();
  for (const line of binaryText(bytes).split("\n")) reader.line(line);
  if (reader.quorum === undefined) refusePolicy("no_quorum");
  const { logs, witnesses, groups, quorum } = reader;
  return { logs, witnesses, groups, quorum };
}

// The time that a witness gave a text, or null if the line's signature is not its own over both.
function cosignedAt({ key }, text, { signature }) {
  if (signature.length <= TIME_BYTES) return null;
  const time = BigInt(`0x${toHex(signature.slice(0, TIME_BYTES))}`);
  if (time > SIZE_MAX) return null;
  const message = toUtf8(`cosignature/v1\ntime ${time}\n${text}`);
  return verifyEd25519(key, message, signature.slice(TIME_BYTES)) ? time : null;
}

// The witnesses of the policy that have signed the note, each with its latest time. One line of a known witness that
// does not verify spoils the note; lines of strangers are ignored.
function cosigners(policy, note) {
  const signed = [];
  policy.witnesses.forEach((witness, place) => {
    const { name, id } = witness.key;
    const same = ({ key }) => key.name === name && sameBytes(key.id, id);
    if (policy.witnesses.slice(0, place).some(same)) throw new Refused("tlog.note.ambiguous_keys");
    const lines = note.signatures.filter((line) => line.name === name && sameBytes(line.id, id));
    const times = lines.map((line) => cosignedAt(witness.key, note.text, line));
    if (times.includes(null)) throw new Refused("tlog.note.bad_signature");
    if (times.length > 0) signed.push({ place, name: witness.name, time: times.reduce((a, b) => (a > b ? a : b)) });
  });
  return signed;
}

// What the policy says of the witnesses of a checkpoint that is known to be its log's own: "final", "waiting", or
// "operator_only" if it asks for none; and who counts. Times are shown and not judged.
export function witnessQuorum(policy, note) {
  const signed = cosigners(policy, note);
  if (policy.quorum === null) return { standing: "operator_only", signed: [] };
  const reached = [];
  const named = { witnesses: new Set(), groups: new Set() };
  const mark = ({ witness, group }) => (witness === undefined ? named.groups.add(group) : named.witnesses.add(witness));
  mark(policy.quorum);
  for (let place = policy.groups.length - 1; place >= 0; place -= 1) {
    if (named.groups.has(place)) policy.groups[place].members.forEach(mark);
  }
  const counting = signed.filter(({ place }) => named.witnesses.has(place));
  const holds = ({ witness, group }) =>
    witness === undefined ? reached[group] : counting.some(({ place }) => place === witness);
  // Each group's members stand before it, so one pass is enough.
  for (const { needed, members } of policy.groups) reached.push(members.filter(holds).length >= needed);
  return { standing: holds(policy.quorum) ? "final" : "waiting", signed: counting };
}

// How the key of a witness is called that says itself that the hand of the log's operator runs it.
const OF_ONE_HAND = /(?:^|[^a-z])same-operator$/;

// Whether none of those who signed is anybody but the operator: their lines add no trust then, and nobody may say they do.
export function areOfOneHand(policy, signed) {
  return signed.length > 0 && signed.every(({ place }) => OF_ONE_HAND.test(policy.witnesses[place].key.name));
}

// The same for any note: it must be a checkpoint of one of the policy's logs.
export function judgeByPolicy(policy, note) {
  const { origin } = parseCheckpoint(note.text);
  const keys = policy.logs.map(({ key }) => key).filter(({ name }) => name === origin);
  if (keys.length === 0) throw new Refused("tlog.checkpoint.wrong_origin");
  const checkpoint = openCheckpoint(note, origin, keys);
  return { checkpoint, ...witnessQuorum(policy, note) };
}
