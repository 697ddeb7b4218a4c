// What the pages' scripts read from people, and that the modules can be joined into one script.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { fromUtf8, toBase64, toUtf8 } from "../bytes.js";
import { yuanText } from "../words.js";
import { PROOF_FILE_BYTES_MAX } from "../receipt.js";
import { comparePage, proofOfFile } from "../saved.js";
import { readPasted } from "../verify.js";

test("codes and links in any shape", () => {
  const code = "don_5RZ8B3GKQ7N2VJ";
  for (const [text, donation, token] of [
    [code, code],
    [` ${code}\n`, code],
    [`https://example.org/donations/${code}`, code],
    [`https://example.org/donations/${code}?token=ab_C-9#trace`, code, "ab_C-9"],
    ["don_5rz8b3gkq7n2vj", code],
    ["编号：don_O5rz8b3gkq7n2i。", "don_05RZ8B3GKQ7N21"],
  ]) {
    assert.deepEqual(readPasted(text), { donation, token }, text);
  }
  for (const text of ["5RZ8B3GKQ7N2VJ", "don 5rz8 b3gk q7n2 vj", "DON-5RZ8-B3GK-Q7N2-VJ"]) assert.equal(readPasted(text).donation, code, text);
  for (const text of ["", "don_", "org_5RZ8B3GKQ7N2VJ", `x${code}`, `${code}A`, "don_5RZ8B3GKQ7N2VU"]) {
    assert.throws(() => readPasted(text), { code: "paste.unknown" }, text);
  }
});

test("a pasted proof file is taken as it was written", () => {
  const pasted = "c2sp.org/tlog-proof@v1\r\nindex 0\r\n\r\na\r\n1\r\nb";
  assert.equal(fromUtf8(readPasted(pasted).proof), "c2sp.org/tlog-proof@v1\nindex 0\n\na\n1\nb\n");
});

test("a chosen file is a proof, a page that carries one, or nothing that can be judged", async () => {
  const proof = "c2sp.org/tlog-proof@v1\nindex 0\n";
  const link = (data) => `<a class="button" href="data:text/plain;base64,${data}" download="don_5RZ8B3GKQ7N2VJ.tlog-proof">`;
  const whole = link(toBase64(toUtf8(proof)));
  const taken = async (content) => {
    const { bytes, page } = await proofOfFile(new Blob([content]));
    return [fromUtf8(bytes), page === content];
  };
  assert.deepEqual(await taken(proof), [proof, false]);
  assert.deepEqual(await taken(`<!doctype html>\n<p>给您</p>${whole}`), [proof, true]);
  assert.deepEqual(await taken(`<!DOCTYPE html>${whole}<pre>${proof}</pre>`), [proof, true]);
  for (const [content, code] of [
    ["", "file.other"],
    ["hello", "file.other"],
    [`hello ${whole}`, "file.other"],
    [`<!doctype html>${whole}${" ".repeat(8 * PROOF_FILE_BYTES_MAX)}`, "file.other"],
    ["%PDF-1.7\n", "file.paper"],
    ["<!doctype html><p>c2sp.org/tlog-proof@v1</p>", "file.page_without_proof"],
    [`<!doctype html>${whole}${whole}`, "receipt.spelling"],
    [`<!doctype html>${whole.slice(0, 60)}`, "receipt.spelling"],
    [`<!doctype html>${link("YQ")}`, "receipt.text"],
    [`<!doctype html>${link("Y Q==")}`, "receipt.text"],
    [new Uint8Array([...toUtf8(`<!doctype html>${whole}`), 0xff]), "receipt.text"],
    [`${proof}${" ".repeat(PROOF_FILE_BYTES_MAX)}`, "tlog.proof_file.too_large"],
  ]) {
    await assert.rejects(taken(content), { code }, String(content).slice(0, 80));
  }
});

test("a saved page says what its proof says, or is refused", () => {
  const leaf = { kind: "gift/1", id: "don_5RZ8B3GKQ7N2VJ", time: "2026-11-22", moves: [{ n: 19000 }, { n: 1000 }], data: new Map() };
  const page = (sum, part, id) => `<tr><td class="num">${part}</td><td class="num"><b data-says="amount sum" data-unit="fen">${sum}</b></td></tr><td data-says="code id">${id}</td><td data-says="day t">2026年11月22日</td>`;
  comparePage(page("200.00元", "190.00元", leaf.id), leaf);
  comparePage(page("¥200.00", "¥10.00", leaf.id), leaf);
  for (const changed of [page("900.00元", "190.00元", leaf.id), page("200.00元", "200.01元", leaf.id), page("200.00元", "190.00元", "don_5RZ8B3GKQ7N2VK"), page("", "", leaf.id), page("200.00元", "190.00元", leaf.id).replace("22日", "23日"), '<td class="num">900.00元</td>']) {
    assert.throws(() => comparePage(changed, leaf), { code: "page.figure" }, changed);
  }
});

test("yuan are grouped", () => {
  assert.deepEqual([0, 5, 123450, 100000000, -5].map(yuanText), ["0.00", "0.05", "1,234.50", "1,000,000.00", "-0.05"]);
});

// The server leaves out the lines of imports and the word export; see crates/web/src/assets.rs.
test("modules have imports that can be left out, and names that do not meet", () => {
  const folder = new URL("..", import.meta.url);
  const names = readdirSync(folder).filter((name) => name.endsWith(".js"));
  let whole = "";
  for (const name of names) {
    const lines = readFileSync(new URL(name, folder), "utf8").split("\n");
    for (const line of lines) {
      if (/^\s*import\b/.test(line)) assert.match(line, /^import \{ [^{}]+ \} from "\.\/[a-z0-9_]+\.js";$/, name);
      if (/\bexport\b/.test(line) && !line.startsWith("//")) assert.match(line, /^export (async )?(const|class|function) /, name);
    }
    whole += lines.filter((line) => !line.startsWith("import ")).join("\n").replaceAll(/^export /gm, "");
  }
  const path = join(mkdtempSync(join(tmpdir(), "joined-")), "joined.mjs");
  writeFileSync(path, whole);
  execFileSync(process.execPath, ["--check", path]);
});
