// The log client against the small log that Rust wrote: honest, growing, rolled back, forked, altered and unreachable.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Refused, fromHex, fromUtf8, toBase64, toUtf8 } from "../bytes.js";
import { Unreachable, compareWithSeen } from "../client.js";
import { parseLeaf } from "../leaf.js";
import { Memory } from "../memory.js";
import { parseCheckpoint, parseKey } from "../note.js";
import { tileTape } from "../tape.js";
import { inclusionRanges } from "../tree.js";
import { readerOfFiles, storage } from "./fixtures.js";

const { head, cases } = JSON.parse(readFileSync(new URL("../../vectors/log.json", import.meta.url), "utf8"));
const FILES = new Map(cases.filter((row) => row.file).map((row) => [row.file, fromHex(row.bytes)]));
const key = parseKey(head.key);

const readerOf = (files) => readerOfFiles(files, head.origin, key);

test("every leaf is proved from tiles and bundles", async () => {
  const reader = readerOf(FILES);
  const checkpoint = await reader.checkpoint();
  const leaves = [];
  for (let index = 0n; index < checkpoint.size; index += 1n) leaves.push(parseLeaf(await reader.leaf(index, checkpoint)));
  const tape = tileTape(leaves, "fnd_AAAAAAAAAAAAAA");
  assert.equal(tape.in.start, 0);
  assert.equal(tape.in.count, Number(checkpoint.size) - 6);
  assert.deepEqual(tape.out, { start: 0, end: 50, count: 1 });
  // A movement that was left out, or that comes twice, is seen.
  assert.throws(() => tileTape(leaves.filter((_, at) => at !== 9), "fnd_AAAAAAAAAAAAAA"), { code: "tape.gap" });
  assert.throws(() => tileTape([...leaves, leaves[9]], "fnd_AAAAAAAAAAAAAA"), { code: "tape.overlap" });
  await assert.rejects(reader.leaf(checkpoint.size, checkpoint), { code: "log.not_sealed" });
});

/** What a log answers that proves some of its leaves. */
async function proofOf(reader, checkpoint, indices) {
  const { size } = checkpoint;
  const block = async (index) => {
    const hashes = await reader.rangeHashes(inclusionRanges(index, size), size);
    const leaf = fromUtf8(await reader.leaf(index, checkpoint));
    return `${index}\n${leaf}\n${hashes.map((hash) => `${toBase64(hash)}\n`).join("")}\n`;
  };
  return (await Promise.all(indices.map(block))).join("");
}

test("some leaves are proved in one answer, and no byte of it may be another one", async () => {
  const plain = readerOf(FILES);
  const checkpoint = await plain.checkpoint();
  const indices = [0n, 9n, checkpoint.size - 1n];
  const path = `proof/leaves?size=${checkpoint.size}&index=${indices.join(",")}`;
  const text = await proofOf(plain, checkpoint, indices);
  const few = (answer) => readerOf(new Map(FILES).set(path, toUtf8(answer))).few(indices, checkpoint);
  const found = await few(text);
  assert.deepEqual([...found.keys()], indices);
  for (const index of indices) assert.deepEqual(found.get(index), await plain.leaf(index, checkpoint));
  assert.equal(await plain.few(indices, checkpoint), null);
  const blocks = text.split("\n\n");
  const wrong = [blocks.slice(1).join("\n\n"), `${text}x`, text.slice(0, -1), [blocks[1], blocks[0], blocks[2], ""].join("\n\n"), ""];
  for (let at = 0; at < text.length; at += 7) wrong.push(text.slice(0, at) + (text[at] === "A" ? "B" : "A") + text.slice(at + 1));
  for (const answer of wrong) await assert.rejects(few(answer), (error) => error instanceof Refused, answer.slice(0, 40));
});

test("one changed byte of any file that was needed is noticed", async () => {
  for (const [path, bytes] of FILES) {
    for (const at of [0, bytes.length >> 1, bytes.length - 1]) {
      const changed = bytes.slice();
      changed[at] ^= 1;
      const reader = readerOf(new Map(FILES).set(path, changed));
      const all = async () => {
        const checkpoint = await reader.checkpoint();
        for (let index = 0n; index < checkpoint.size; index += 1n) await reader.leaf(index, checkpoint);
      };
      await assert.rejects(all(), (error) => error.code !== undefined && !(error instanceof Unreachable), `${path} ${at}`);
    }
  }
});

test("a partial tile that is gone is asked for in full", async () => {
  const files = new Map(FILES);
  const partial = files.get("tile/0/001.p/14");
  files.delete("tile/0/001.p/14");
  const full = new Uint8Array(8192).fill(7);
  full.set(partial);
  const reader = readerOf(files.set("tile/0/001", full));
  await reader.leaf(260n, await reader.checkpoint());
});

test("a browser remembers what it saw", async () => {
  const reader = readerOf(FILES);
  const checkpoint = await reader.checkpoint();
  const memory = new Memory(storage());
  assert.equal(await compareWithSeen(reader, memory, checkpoint), "first");
  assert.equal(await compareWithSeen(reader, memory, checkpoint), "same");
  for (const row of cases.filter(({ old }) => old)) {
    memory.remember({ origin: head.origin, key: head.key, size: String(row.old), root: row.root });
    assert.equal(await compareWithSeen(reader, memory, checkpoint), "grown", String(row.old));
    memory.remember({ origin: head.origin, key: head.key, size: String(row.old + 1), root: row.root });
    await assert.rejects(compareWithSeen(reader, memory, checkpoint), Error, `${row.old} forked`);
  }
});

test("rollback, fork and another log are alarms", async () => {
  const reader = readerOf(FILES);
  const checkpoint = await reader.checkpoint();
  const root = parseCheckpoint(checkpoint.note.text).root;
  const seen = { origin: head.origin, key: head.key, size: "270", root: Buffer.from(root).toString("base64") };
  const alarms = [
    [{ size: "271" }, "memory.rollback"],
    [{ root: Buffer.alloc(32).toString("base64") }, "memory.fork"],
    [{ key: "another" }, "memory.other_log"],
    [{ origin: "log.example/b" }, "memory.other_log"],
  ];
  for (const [change, code] of alarms) {
    const memory = new Memory(storage());
    memory.remember({ ...seen, ...change });
    await assert.rejects(compareWithSeen(reader, memory, checkpoint), { code });
    memory.forget();
    assert.equal(await compareWithSeen(reader, memory, checkpoint), "first");
  }
});

test("what is not there says nothing", async () => {
  const reader = readerOf(new Map());
  await assert.rejects(reader.checkpoint(), Unreachable);
  const without = readerOf(new Map([["checkpoint", FILES.get("checkpoint")]]));
  await assert.rejects(without.leaf(0n, await without.checkpoint()), Unreachable);
  const torn = readerOf(new Map([["checkpoint", toUtf8("<!doctype html>")]]));
  await assert.rejects(torn.checkpoint(), { code: "tlog.note.malformed_signature" });
});

test("a browser that forbids remembering still verifies", async () => {
  const reader = readerOf(FILES);
  const forbidden = new Proxy({}, { get: () => () => assert.fail("forbidden") });
  const memory = new Memory(forbidden);
  assert.equal(await compareWithSeen(reader, memory, await reader.checkpoint()), "first");
  assert.equal(memory.works, false);
});
