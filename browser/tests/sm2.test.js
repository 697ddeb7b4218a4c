// SM2 and SM3 against the examples of the standards, and the line of a checkpoint in every standing.
import assert from "node:assert/strict";
import test from "node:test";
import { fromHex, joined, toBase64, toHex, toUtf8 } from "../bytes.js";
import { sha256 } from "../sha2.js";
import { parseSm2Key, sm2Standing, sm3, verifySm2 } from "../sm2.js";

const ORIGIN = "log.example/sm";
// GB/T 32918.5, annex A: key, message and signature.
const POINT =
  "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13";
// The base point is a key like any other; its secret is 1.
const BASE =
  "0432c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7bc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0";
const SIGNATURE =
  "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa";
const MESSAGE = toUtf8("message digest");

function keyText(name, point, use = "shanji.sm2sm3/1") {
  const material = joined(Uint8Array.of(0xff), toUtf8(use), point);
  const id = toHex(sha256(joined(toUtf8(`${name}\n`), material)).slice(0, 4));
  return `${name}+${id}+${toBase64(material)}`;
}

const known = parseSm2Key(keyText(ORIGIN, fromHex(POINT)));

test("digests are those of the standard, at every length of a block", () => {
  const examples = [
    ["abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"],
    ["abcd".repeat(16), "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"],
  ];
  for (const [text, digest] of examples) assert.equal(toHex(sm3(toUtf8(text))), digest);
  const seen = new Set(Array.from({ length: 130 }, (_, length) => toHex(sm3(new Uint8Array(length)))));
  assert.equal(seen.size, 130);
});

test("the signature of the standard verifies, and no changed one does", () => {
  const signature = fromHex(SIGNATURE);
  assert.equal(verifySm2(known, MESSAGE, signature), true);
  assert.equal(verifySm2(known, toUtf8("message digesu"), signature), false);
  for (let at = 0; at < 64; at += 7) {
    const changed = Uint8Array.from(signature);
    changed[at] ^= 1;
    assert.equal(verifySm2(known, MESSAGE, changed), false, String(at));
  }
  for (const length of [0, 63, 65]) assert.equal(verifySm2(known, MESSAGE, new Uint8Array(length).fill(1)), false);
  for (const odd of ["00".repeat(64), "ff".repeat(64)]) assert.equal(verifySm2(known, MESSAGE, fromHex(odd)), false);
});

test("keys are read strictly", () => {
  const refused = (text, code) => assert.throws(() => parseSm2Key(text), { code });
  const beside = fromHex(POINT);
  beside[64] ^= 1;
  refused(keyText(ORIGIN, beside), "tlog.key.bad_key");
  refused(keyText(ORIGIN, fromHex(POINT).slice(0, 64)), "tlog.key.bad_key");
  refused(keyText(ORIGIN, fromHex(POINT), "shanji.sm2cosig/1"), "tlog.key.unknown_algorithm");
  refused(known.text.replace(ORIGIN, "log.example/sn"), "tlog.key.wrong_id");
  assert.equal(known.text, keyText(ORIGIN, fromHex(POINT)));
});

test("a checkpoint's line is right, wrong, missing, unread or not asked for, and never more than that", () => {
  // The message of the example stands for the text of a note.
  const line = (signature, id = known.id) => ({ name: ORIGIN, id, signature });
  const note = (...signatures) => ({ text: "message digest", signatures });
  const standing = (of, key) => sm2Standing(of, ORIGIN, [{ name: ORIGIN, id: Uint8Array.of(1, 2, 3, 4) }], key).standing;
  const own = line(fromHex(SIGNATURE), Uint8Array.of(1, 2, 3, 4));
  const right = note(own, line(fromHex(SIGNATURE)));
  const broken = fromHex(SIGNATURE);
  broken[5] ^= 1;
  assert.equal(standing(right, known.text), "right");
  assert.equal(standing(note(own, line(broken)), known.text), "wrong");
  assert.equal(standing(note(own, line(fromHex(SIGNATURE)), line(broken)), known.text), "wrong");
  assert.equal(standing(note(own), known.text), "missing");
  // While two sign, a line of either is looked at, and none of them may be wrong.
  const other = keyText(ORIGIN, fromHex(BASE));
  assert.equal(standing(right, `${other}\n${known.text}\n`), "right");
  assert.equal(standing(note(own, line(broken)), `${other}\n${known.text}\n`), "wrong");
  assert.equal(standing(right, other), "missing");
  assert.equal(standing(right, null), "no_key");
  assert.equal(standing(note(own), null), "not_signed");
  // A witness's line is nobody's SM2 line.
  assert.equal(standing(note(own, { ...line(broken), name: "witness.example" }), null), "not_signed");
});
