// Names and codes that nobody has, and registers without a penalty: what proves them, and what refuses to.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { DIRECTORY_RULES, checkDirectory, directoryStream, directoryText } from "../directory.js";

const rules = readFileSync(new URL("../../crates/leaf/rules/directory-1.txt", import.meta.url));

test("the rules are those that the log states", () => {
  assert.equal(DIRECTORY_RULES, createHash("sha256").update(rules).digest("base64url"));
});

test("spellings of a name stand in one stream", () => {
  assert.equal(directoryText(" 云山县（慈善会）ＡＢＣ-１２ "), "云山县慈善会abc12");
  assert.equal(directoryText("財團法人\ufffdİ𠀀"), "財團法人i\u0307𠀀");
  const digest = createHash("sha256").update("云山县慈善会abc12").digest("hex");
  assert.equal(directoryStream("云山县慈善会 ABC12"), `known/${digest.slice(0, 4)}`);
  assert.equal(directoryStream("（）"), null);
});

test("a stream of the directory stands on no leaf without its text", () => {
  const name = "云山县慈善会";
  const leaf = (kind, streams) => ({ kind, data: new Map([["name", name]]), streams: streams.map((stream) => [stream, 1]) });
  checkDirectory(leaf("organisation/1", ["org/0123456789ABCD", directoryStream(name)]));
  checkDirectory(leaf("register/1", [directoryStream(name)]));
  checkDirectory(leaf("fund/1", ["fund/0123456789ABCD"]));
  for (const [kind, stream] of [["fund/1", directoryStream(name)], ["organisation/1", directoryStream(`${name}x`)]]) {
    assert.throws(() => checkDirectory(leaf(kind, [stream])), { code: "leaf.content" });
  }
});
