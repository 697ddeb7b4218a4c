// The vectors that Rust wrote, and published ones where they are to hand: the browser's verifier must answer alike,
// also in why it refuses.
import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fromBase64, fromHex, parseDecimal, toBase64, toBase64Url, toHex, toUtf8 } from "../bytes.js";
import { INDEX_RULES, checkCompleteness, isCompleteness } from "../completeness.js";
import { checkContent } from "../content.js";
import { verifyEd25519 } from "../ed25519.js";
import { dayOf, parseLeaf } from "../leaf.js";
import { mapRoot } from "../map.js";
import { openCheckpoint, parseKey, parseNote } from "../note.js";
import { checkReceipt, readReceipt } from "../receipt.js";
import { hmac256, sha256, sha512 } from "../sha2.js";
import { TrustedKeys, openTrusted, parseKeyHistory } from "../succession.js";
import { decodeBundle, parseTilePath, tilePath } from "../tile.js";
import { leafHash, verifyConsistency, verifyInclusion } from "../tree.js";

const read = (name) => JSON.parse(readFileSync(new URL(`../../vectors/${name}.json`, import.meta.url), "utf8"));
const key = parseKey(read("receipts").head.key);

// The code under which something is refused, or null. Anything else that is thrown is a fault of ours.
function codeOf(run) {
  try {
    run();
    return null;
  } catch (refused) {
    if (refused.code === undefined) throw refused;
    return refused.code;
  }
}

function checkFlips(text, flips, judge) {
  const bytes = toUtf8(text);
  for (const [at, flip, code] of flips ?? []) {
    const changed = bytes.slice();
    changed[at] ^= flip;
    assert.equal(codeOf(() => judge(changed)), code, `byte ${at} ^ ${flip}`);
  }
}

test("leaves", () => {
  const judge = (bytes) => checkContent(parseLeaf(bytes));
  for (const { what, leaf, code, day, flips } of read("leaves").cases) {
    assert.equal(codeOf(() => judge(toUtf8(leaf))), code, what);
    if (day) assert.equal(dayOf(parseLeaf(toUtf8(leaf)).time), day, what);
    checkFlips(leaf, flips, judge);
  }
});

test("receipts", () => {
  const { head, cases } = read("receipts");
  const judge = (bytes) => {
    const file = readReceipt(bytes);
    return checkReceipt(file, file.origin, [key]);
  };
  for (const { what, file, code, flips } of cases) {
    assert.equal(codeOf(() => judge(toUtf8(file))), code, what);
    checkFlips(file, flips, judge);
  }
  const proved = judge(toUtf8(cases[0].file));
  assert.equal(Number(proved.index), head.index);
  assert.equal(Number(proved.checkpoint.size), head.size);
  assert.equal(proved.leaf.id, head.id);
  assert.equal(dayOf(proved.leaf.time), head.day);
  assert.deepEqual(proved.opened, head.opened);
});

test("proofs of completeness", () => {
  const { head, cases } = read("completeness");
  assert.equal(INDEX_RULES, head.rules);
  const judge = (bytes) => {
    const file = readReceipt(bytes);
    return checkCompleteness(file, file.origin, [key]);
  };
  for (const { what, file, code, flips, answer } of cases) {
    assert.equal(codeOf(() => judge(toUtf8(file))), code, what);
    checkFlips(file, flips, judge);
    if (code !== null) continue;
    const proved = judge(toUtf8(file));
    assert.ok(isCompleteness(readReceipt(toUtf8(file)).extra));
    const { name = null, prefix = null, count = null } = proved;
    const leaves = proved.leaves?.map((leaf) => leaf.index) ?? null;
    const streams = proved.streams?.map((stream) => stream.name) ?? null;
    assert.deepEqual({ name, prefix, count, leaves, streams, before: proved.before }, answer);
  }
  const receipt = read("receipts").cases[0].file;
  assert.ok(!isCompleteness(readReceipt(toUtf8(receipt)).extra));
});

test("notes and keys", () => {
  const { head, cases } = read("notes");
  for (const { what, note, keys, key: text, code } of cases) {
    const run = note === undefined ? () => parseKey(text) : () => openCheckpoint(parseNote(toUtf8(note)), head.origin, keys.map(parseKey));
    assert.equal(codeOf(run), code, `${what}: ${text ?? note}`);
  }
});

test("paths", () => {
  for (const { path, good, index, width } of read("paths").cases) {
    const found = parseTilePath(path);
    assert.equal(found !== null, good, path);
    if (good) assert.deepEqual([String(found.index), found.width, tilePath(found)], [index, width, path]);
  }
});

test("a small log", () => {
  const { cases } = read("log");
  const files = new Map(cases.filter((row) => row.file).map((row) => [row.file, fromHex(row.bytes)]));
  const { size, root } = openCheckpoint(parseNote(files.get("checkpoint")), key.name, [key]);
  const entries = [...decodeBundle(files.get("tile/entries/000"), 256), ...decodeBundle(files.get("tile/entries/001.p/14"), 14)];
  assert.equal(BigInt(entries.length), size);
  for (const row of cases.filter(({ proof }) => proof)) {
    const proof = row.proof.map(fromBase64);
    const judge = (hashes) =>
      row.index === undefined
        ? verifyConsistency(BigInt(row.old), size, hashes, fromBase64(row.root), root)
        : verifyInclusion(leafHash(entries[row.index]), BigInt(row.index), size, hashes, root);
    judge(proof);
    proof.forEach((hash, at) => {
      const changed = proof.map((other) => other.slice());
      changed[at][0] ^= 1;
      assert.notEqual(codeOf(() => judge(changed)), null);
      assert.notEqual(codeOf(() => judge(proof.filter((other) => other !== hash))), null);
    });
  }
});

// Published vectors are not part of this repository.
function published(name, run, parse = JSON.parse) {
  const url = new URL(`../../../shared/vectors/${name}`, import.meta.url);
  test(name, { skip: existsSync(url) ? false : "VECTORS ABSENT, NOTHING CHECKED" }, () => {
    // Numbers beyond 2^53 must keep their digits.
    const text = readFileSync(url, "utf8").replaceAll(/("(?:leafIdx|treeSize|size1|size2)": )([0-9]+)/g, '$1"$2"');
    run(parse(text));
  });
}

// Cases about sizes alone put words in place of hashes; they get hashes that are equal where the words are.
function hashOf(text) {
  const bytes = fromBase64(text);
  if (Buffer.from(bytes).toString().startsWith("don't care")) return sha256(bytes);
  return bytes.length === 32 ? bytes : null;
}

function refused(run, hashes) {
  return hashes.includes(null) || codeOf(run) !== null;
}

published("merkle/inclusion.json", (cases) => {
  for (const { leafIdx, treeSize, root, leafHash: leaf, proof, wantErr, desc } of cases) {
    const hashes = [leaf, root, ...(proof ?? [])].map(hashOf);
    const [leafBytes, rootBytes, ...path] = hashes;
    const run = () => verifyInclusion(leafBytes, BigInt(leafIdx), BigInt(treeSize), path, rootBytes);
    assert.equal(refused(run, hashes), wantErr, desc);
  }
  assert.equal(cases.length, 98);
});

published("merkle/consistency.json", (cases) => {
  for (const { size1, size2, root1, root2, proof, wantErr, desc } of cases) {
    const hashes = [root1, root2, ...(proof ?? [])].map(hashOf);
    const [oldRoot, newRoot, ...path] = hashes;
    const run = () => verifyConsistency(BigInt(size1), BigInt(size2), path, oldRoot, newRoot);
    assert.equal(refused(run, hashes), wantErr, desc);
  }
  assert.equal(cases.length, 98);
});

// Words and values line by line: `kv` adds a record, `hash` is the root of all since the last one.
published(
  "merkle-map/treehash.txt",
  (text) => {
    let records = [];
    let roots = 0;
    for (const [word, ...values] of text.split("\n").map((line) => line.split(" "))) {
      const bytes = values.map((value) => fromHex(value === "''" ? "" : value));
      if (word === "kv") records.push(bytes);
      if (word !== "hash") continue;
      // The file says in which order they were added, not how the map sorts them: padded with 00 FF FF ….
      const padded = ([key]) => Buffer.concat([key, Uint8Array.of(0), Buffer.alloc(300, 255)]);
      records.sort((a, b) => Buffer.compare(padded(a), padded(b)));
      assert.equal(toHex(mapRoot(records)), values[0]);
      records = [];
      roots += 1;
    }
    assert.ok(roots > 10);
  },
  (text) => text,
);

// The same answer set as the Rust side's: components of small order are tolerated, everything else is not.
published("ed25519/ed25519vectors.json", (cases) => {
  const tolerated = ["low_order_component_A", "low_order_component_R"];
  let accepted = 0;
  for (const { key: point, sig, msg, flags, number } of cases) {
    const want = (flags ?? []).every((flag) => tolerated.includes(flag));
    assert.equal(verifyEd25519(fromHex(point), toUtf8(msg), fromHex(sig)), want, `case ${number}`);
    accepted += want ? 1 : 0;
  }
  assert.ok(accepted > 0);
});

test("hashes are those of another implementation", () => {
  for (let length = 0; length < 300; length += 1) {
    const bytes = Uint8Array.from({ length }, (_, at) => (at * 7 + length) & 255);
    assert.equal(toHex(sha256(bytes)), createHash("sha256").update(bytes).digest("hex"));
    assert.equal(toHex(sha512(bytes)), createHash("sha512").update(bytes).digest("hex"));
    assert.equal(toHex(hmac256(bytes, bytes)), createHmac("sha256", bytes).update(bytes).digest("hex"));
    assert.equal(toBase64(bytes), Buffer.from(bytes).toString("base64"));
    assert.equal(toBase64Url(bytes), Buffer.from(bytes).toString("base64url"));
    assert.deepEqual(fromBase64(toBase64(bytes)), bytes);
  }
});

test("base64 and numbers have one spelling", () => {
  for (const text of ["A", "AA", "AA=", "AB==", "AAA", "AAB=", "A===", "AA==A", "A A=", "-A=="]) {
    assert.equal(fromBase64(text), null, text);
  }
  for (const text of ["", "00", "01", "+1", "-1", "1 ", "１", "99"]) assert.equal(parseDecimal(text, 50n), null, text);
});

test("keys follow one another", () => {
  const { head, cases } = read("keys");
  for (const { what, roots, history, code, trusted, notes } of cases) {
    if (roots === undefined) {
      assert.equal(codeOf(() => parseKeyHistory(history)), code, what);
      continue;
    }
    const believed = new TrustedKeys(head.origin, roots.map(parseKey));
    if (history !== null) assert.equal(codeOf(() => believed.follow(parseKeyHistory(history))), code, what);
    const found = believed.keys.map(({ text, announced, before }) => [text, announced, before]);
    const want = trusted.map(([text, announced, before]) => [text, big(announced), big(before)]);
    assert.deepEqual(found, want, what);
    for (const [note, refused] of notes) {
      const judge = () => openTrusted(parseNote(toUtf8(note)), head.origin, believed.keys, believed.hasHistory);
      assert.equal(codeOf(judge), refused, `${what}: ${note}`);
    }
    // What is remembered makes the next visit believe the same.
    const kept = parseKeyHistory(believed.text());
    const again = new TrustedKeys(head.origin, kept.keys);
    again.follow(kept);
    assert.deepEqual(new Set(again.keys.map(({ text, before }) => `${text} ${before}`)), new Set(found.map(([text, , before]) => `${text} ${before}`)), what);
  }
});

const big = (number) => (number === null ? null : BigInt(number));
