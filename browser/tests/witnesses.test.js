// Policies and cosignatures against the vectors that Rust wrote; and a log that shows two people two histories.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fromHex, toUtf8 } from "../bytes.js";
import { Unreachable, compareWithSeen } from "../client.js";
import { Memory } from "../memory.js";
import { parseKey, parseNote } from "../note.js";
import { areOfOneHand, judgeByPolicy, parsePolicy } from "../policy.js";
import { believedKeys, openBelieved, witnessesByPolicy } from "../verify.js";
import { comparePolicy, sitePolicy, witnessesOf } from "../witnesses.js";
import { readerOfFiles, storage } from "./fixtures.js";

const read = (name) => JSON.parse(readFileSync(new URL(`../../vectors/${name}.json`, import.meta.url), "utf8"));
const { head, cases: logs } = read("split");
const key = parseKey(head.key);
const policy = parsePolicy(toUtf8(head.policy));

function filesOf(name) {
  return new Map(logs.find(({ log }) => log === name).files.map(({ file, bytes }) => [file, fromHex(bytes)]));
}

const readerOf = (files) => readerOfFiles(files, key.name, key);

test("policies", () => {
  for (const { what, policy: text, note, code, says } of read("policies").cases) {
    let found = null;
    try {
      const { standing, signed } = judgeByPolicy(parsePolicy(toUtf8(text)), parseNote(toUtf8(note)));
      found = [standing, signed.map(({ name, time }) => [name, Number(time)])];
    } catch (refused) {
      assert.equal(refused.code, code, `${what}: ${refused}`);
      continue;
    }
    assert.equal(code, null, what);
    assert.deepEqual(found, says, what);
  }
});

test("one changed byte of a witness's line is noticed or makes it a stranger's", () => {
  const note = filesOf("shown").get("checkpoint");
  const text = new TextDecoder().decode(note);
  const start = toUtf8(text.slice(0, text.indexOf("— witness"))).length;
  for (let at = start; at < note.length; at += 7) {
    const changed = note.slice();
    changed[at] ^= 1;
    let standing = "refused";
    try {
      standing = judgeByPolicy(policy, parseNote(changed)).standing;
    } catch (refused) {
      assert.ok(refused.code, String(refused));
    }
    assert.notEqual(standing, "final", `byte ${at}`);
  }
});

test("the shown history is final", async () => {
  const reader = readerOf(filesOf("shown"));
  const checkpoint = await reader.checkpoint();
  const found = await witnessesOf(reader, policy, checkpoint);
  assert.equal(found.standing, "final");
  assert.equal(found.size, checkpoint.size);
  assert.deepEqual(found.signed.map(({ name }) => name), ["w1", "w2", "w5"]);
  assert.equal((await witnessesOf(reader, null, checkpoint)).standing, "operator_only");
});

test("what waits is final up to an older checkpoint, if that is of the same log", async () => {
  const files = filesOf("shown, not witnessed yet");
  const waiting = await witnessesOf(readerOf(files), policy, await readerOf(files).checkpoint());
  assert.deepEqual([waiting.standing, waiting.size], ["waiting", 0n]);
  files.set("final-checkpoint", filesOf("shown").get("checkpoint"));
  const partly = await witnessesOf(readerOf(files), policy, await readerOf(files).checkpoint());
  assert.deepEqual([partly.standing, partly.size], ["waiting", 270n]);
  // A site that calls final what is not.
  files.set("final-checkpoint", files.get("checkpoint"));
  await assert.rejects(witnessesOf(readerOf(files), policy, await readerOf(files).checkpoint()), { code: "witness.not_final" });
});

test("a split view turns red", async () => {
  const fork = readerOf(filesOf("hidden"));
  const checkpoint = await fork.checkpoint();
  // Alone it is a log that nobody but the operator has signed.
  const alone = await witnessesOf(fork, policy, checkpoint);
  assert.deepEqual([alone.standing, alone.size], ["waiting", 0n]);
  // To a browser that was here before it is another history.
  const memory = new Memory(storage());
  memory.remember({ origin: key.name, key: head.key, ...head.seen });
  assert.equal(await compareWithSeen(readerOf(filesOf("shown")), memory, await readerOf(filesOf("shown")).checkpoint()), "grown");
  memory.remember({ origin: key.name, key: head.key, ...head.seen });
  await assert.rejects(compareWithSeen(fork, memory, checkpoint), { code: "tlog.proof.old_root_differs" });
  // The witnesses' own lines do not fit it, and their final checkpoint beside it proves nothing.
  const pasted = readerOf(filesOf("hidden, with the lines of the shown one"));
  await assert.rejects(witnessesOf(pasted, policy, await pasted.checkpoint()), { code: "tlog.note.bad_signature" });
  const beside = filesOf("hidden").set("final-checkpoint", filesOf("shown").get("checkpoint"));
  await assert.rejects(witnessesOf(readerOf(beside), policy, checkpoint), { code: "log.missing_file" });
});

test("a policy that goes away is said until a person knows why", async () => {
  const memory = new Memory(storage());
  const of = (text) => sitePolicy(async () => (text === null ? null : toUtf8(text)));
  const none = await of(`log ${head.key}\nquorum none\n`);
  const asked = await of(head.policy);
  const other = await of(`${head.policy}# changed\n`);
  const seen = [none, asked, asked, other, none, null, none, other].map((one) => comparePolicy(memory, one));
  assert.deepEqual(seen, ["first", "first", "same", "changed", "gone", "gone", "gone", "same"]);
  memory.forget();
  assert.equal(comparePolicy(memory, none), "first");
});

test("the field of the verify page", () => {
  const note = parseNote(filesOf("shown").get("checkpoint"));
  const standing = (text) => witnessesByPolicy(text, { note }).standing;
  assert.equal(standing(" \n"), "not_asked");
  assert.equal(standing(head.policy.replaceAll("\n", "\r\n")), "final");
  assert.equal(standing(head.policy.replace(`log ${head.key}\n`, "")), "final");
  assert.equal(standing("quorum none"), "operator_only");
  assert.throws(() => standing("quorum"), Unreachable);
});

test("whose signature is believed on the verify page", () => {
  const { head: own, cases } = read("keys");
  const { origin } = own;
  const [one, two] = ["a key alone", "the next key alone"].map((what) => cases.find((row) => row.what === what).roots[0]);
  const { history } = cases.find(({ what }) => what === "from the first key");
  const { notes } = cases.find(({ what }) => what === "a key alone");
  const signedBy = (code) => parseNote(toUtf8(notes.find((row) => row[1] === code)[0]));
  const [known, strange] = [signedBy(null), signedBy("key.not_given")];
  const judged = (note, said) => {
    const asked = { keys: "", policy: "", history: "", isNow: false, ...said };
    try {
      openBelieved({ note, origin }, believedKeys(origin, asked));
      return "believed";
    } catch (error) {
      return `${error instanceof Unreachable ? "cannot" : "mismatch"} ${error.code}`;
    }
  };
  assert.equal(judged(known, { keys: one }), "believed");
  // The policy's own line is enough, and so is one beside a later key.
  assert.equal(judged(known, { policy: `log ${one}\nquorum none\n` }), "believed");
  assert.equal(judged(known, { keys: two, policy: `log ${one}\nquorum none\n` }), "believed");
  // Nobody knows what was announced: nothing is wrong, and nothing is proved.
  assert.equal(judged(known, { keys: two }), "cannot key.not_given");
  assert.equal(judged(known, { keys: two, history: two }), "cannot key.not_given");
  assert.equal(judged(known, { keys: two, history }), "believed");
  // The log's site itself, and a pasted history, say what was announced.
  assert.equal(judged(strange, { keys: one, isNow: true }), "mismatch key.unannounced");
  const stranger = parseNote(toUtf8(notes.filter((row) => row[1] === "key.not_given").at(-1)[0]));
  assert.equal(judged(stranger, { keys: history }), "mismatch key.unannounced");
});

test("a policy without the key that signed says nothing", () => {
  const note = parseNote(filesOf("shown").get("checkpoint"));
  const { cases } = read("keys");
  const later = cases.find(({ what }) => what === "the next key alone").roots[0];
  const policy = head.policy.replace(`log ${head.key}`, `log ${later}`);
  assert.throws(() => witnessesByPolicy(policy, { note }), (error) => error instanceof Unreachable && error.code === "policy.log_key");
});

test("witnesses that are run by the operator's own hand say so by their names", () => {
  const policyOf = (...names) => ({ witnesses: names.map((name) => ({ key: { name } })) });
  const own = policyOf("witness.example/demo-same-operator", "witness.example/other", "witness.example/notsame-operator", "a/xsame-operator");
  const signedBy = (...places) => places.map((place) => ({ place }));
  assert.ok(areOfOneHand(own, signedBy(0)));
  for (const places of [[], [1], [0, 1], [3]]) assert.ok(!areOfOneHand(own, signedBy(...places)), String(places));
});
