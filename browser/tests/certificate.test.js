// Certificates: the payloads that Rust judged, and what has become of a certificate by the entries of its register.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { certificateIn, checkCertificate, entryOn, readCertificate, standingOf, todayInBeijing } from "../certificate.js";
import { parseKey } from "../note.js";
import { Unreachable } from "../client.js";
import { openCertificate, readPasted } from "../verify.js";

const { head, cases } = JSON.parse(readFileSync(new URL("../../vectors/certificates.json", import.meta.url), "utf8"));
const key = parseKey(head.key);

function codeOf(run) {
  try {
    run();
    return null;
  } catch (refused) {
    if (refused.code === undefined) throw refused;
    return refused.code;
  }
}

test("payloads are judged as Rust judges them", () => {
  assert.ok(cases.length > 350 && cases.some(({ code }) => code === null));
  for (const { what, payload, code } of cases) {
    assert.equal(codeOf(() => checkCertificate(readCertificate(payload), [key])), code, `${what} ${payload}`);
  }
});

test("a certificate of a key that nobody gave is not judged, and refused by who knows all keys", () => {
  const { payload } = cases.find(({ what }) => what === "of another key");
  const judged = (hasHistory) => {
    try {
      openCertificate(readCertificate(payload), { keys: [key], hasHistory });
      return null;
    } catch (error) {
      return [error instanceof Unreachable, error.code];
    }
  };
  assert.deepEqual(judged(false), [true, "key.not_given"]);
  assert.deepEqual(judged(true), [false, "certificate.unknown_key"]);
});

test("a key that had ended when it is said to have signed is not believed", () => {
  const read = readCertificate(cases[0].payload);
  assert.equal(codeOf(() => checkCertificate(read, [{ ...key, before: read.size - 1n }])), "key.ended");
  assert.equal(codeOf(() => checkCertificate(read, [{ ...key, before: read.size }])), null);
});

test("a certificate is found in an address and in broken lines", () => {
  const { payload } = cases[2];
  for (const text of [payload, ` ${payload}\n`, `https://a.example/verify#${payload}`, payload.replace(/(.{60})/g, "$1\n")]) {
    assert.equal(certificateIn(text), payload);
    assert.deepEqual(readPasted(text), { certificate: payload });
  }
  assert.equal(certificateIn("don_5RZ8B3GKQ7N2VJ"), null);
});

let count = 0;
function entry(item, state, from, until = null, corrects = null) {
  count += 1;
  return { index: BigInt(count), hash: new Uint8Array(32).fill(count), corrects, item, state, from, until, document: "1号", office: "民政厅" };
}

// What has become of a certificate of the first entry by 1 February 2026.
function standing(kind, entries, more = {}) {
  const [own] = entries;
  const certificate = { kind, leaf: own.index, from: own.from, until: own.until, number: own.document, ...more };
  return standingOf(certificate, entries, "2026-02-01").state;
}

test("what has become of a certificate", () => {
  const right = (state, from, until) => entry("fundraising", state, from, until);
  const valid = () => right("valid", "2024-01-01", "2026-12-31");
  assert.equal(standing("fundraising", [valid()]), "valid");
  assert.equal(standing("fundraising", [right("valid", "2022-01-01", "2025-12-31")]), "expired");
  for (const state of ["suspended", "revoked", "surrendered", "lapsed"]) {
    assert.equal(standing("fundraising", [valid(), right(state, "2026-01-15", null)]), state);
  }
  assert.equal(standing("fundraising", [valid(), right("suspended", "2025-01-01", "2025-06-30")]), "valid");
  assert.equal(standing("fundraising", [valid(), right("revoked", "2025-01-01", "2025-06-30")]), "revoked");
  assert.equal(standing("fundraising", [valid(), right("valid", "2025-06-01", null)]), "replaced");
  assert.equal(standing("fundraising", [right("valid", "2020-01-01", null), right("valid", "2022-01-01", "2025-12-31")]), "expired");
  assert.equal(standing("fundraising", [valid(), entry("legal", "deregistered", "2026-01-01")]), "legal_deregistered");
  assert.equal(standing("registration", [entry("legal", "in_force", "2020-01-01"), entry("legal", "terminating", "2026-01-01", "2026-01-02")]), "legal_terminating");
  assert.equal(standing("fundraising", [valid(), entry("charity", "ended", "2026-01-01")]), "charity_ended");
  assert.equal(standing("deduction", [entry("deduction", "valid", "2024-01-01"), entry("deduction", "ended", "2026-01-01")]), "deduction_ended");
  assert.equal(standing("registration", [entry("legal", "in_force", "2020-01-01")]), "valid");
  const wrong = valid();
  assert.equal(standing("fundraising", [wrong, entry("fundraising", "valid", "2024-02-01", null, wrong.hash)]), "corrected");
});

test("a certificate of what no register said is refused", () => {
  const own = entry("fundraising", "valid", "2024-01-01", null);
  for (const more of [{ leaf: 999n }, { from: "2023-01-01" }, { until: "2030-01-01" }, { number: "2号" }]) {
    assert.equal(codeOf(() => standing("fundraising", [own], more)), "certificate.other_entry");
  }
  assert.equal(codeOf(() => standing("charity", [own])), "certificate.other_entry");
  assert.equal(codeOf(() => standing("fundraising", [{ ...own, state: "suspended" }])), "certificate.other_entry");
});

test("of several entries of one day the one that was recorded last counts", () => {
  const entries = [entry("fundraising", "valid", "2026-01-01"), entry("fundraising", "suspended", "2026-01-01", "2026-01-31")];
  assert.equal(entryOn(entries, "fundraising", "2026-01-31"), entries[1]);
  assert.equal(entryOn(entries, "fundraising", "2026-02-01"), entries[0]);
  assert.equal(entryOn(entries, "fundraising", "2025-12-31"), null);
});

test("days are Beijing days", () => {
  assert.equal(todayInBeijing(Date.parse("2026-11-27T16:00:00Z")), "2026-11-28");
  assert.equal(todayInBeijing(Date.parse("2026-11-27T15:59:59Z")), "2026-11-27");
});
