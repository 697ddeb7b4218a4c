// What the pages' scripts read from people, and that the modules can be joined into one script.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { fromUtf8, toBase64, toHex, toUtf8 } from "../bytes.js";
import { capitals } from "../capitals.js";
import { parseLeaf } from "../leaf.js";
import { SAVED_STYLES } from "../page.js";
import { sha256 } from "../sha2.js";
import { leafHash } from "../tree.js";
import { yuanText } from "../words.js";
import { PROOF_FILE_BYTES_MAX } from "../receipt.js";
import { comparePage, proofOfFile } from "../saved.js";
import { readPasted } from "../verify.js";

test("codes and links in any shape", () => {
  const code = "don_6E1P7SD4BQ8JTW";
  for (const [text, token, host] of [
    [code],
    [` ${code}\n`],
    [`https://example.org/donations/${code}`, undefined, "example.org"],
    [`http://Example.org:8090/donations/${code}?token=ab_C-9#trace`, "ab_C-9", "example.org:8090"],
    ["don_6e1p7sd4bq8jtw"],
    ["编号：don_6EIP7sd4bq8jtw。"],
    ["6E1P7SD4BQ8JTW"],
    ["don 6e1p 7sd4 bq8j tw"],
    ["DON-6E1P-7SD4-BQ8J-TW"],
    ["６Ｅ１Ｐ７ＳＤ４ＢＱ８ＪＴＷ"],
    [`${code} is my receipt`],
  ]) {
    assert.deepEqual(readPasted(text), { donation: code, token, host }, text);
  }
  for (const [text, want] of [
    ["", "paste.unknown"],
    ["don", "paste.unknown"],
    ["org_6E1P7SD4BQ8JTW", "paste.unknown"],
    [`x${code}`, "paste.unknown"],
    ["12345", "paste.unknown"],
    [`${code}A`, "none.length"],
    ["don_6E1P7SD4BQ8JT", "none.length"],
    ["don_6E1P7SD4BQ8JTU", "none.letter"],
    ["don_6E1Q7SD4BQ8JTW", "none.check"],
    ["don_6E1P7SD4B8QJTW", "none.check"],
    ["mov_A3BWXBV92NQKC5", "paste.movement"],
    ["int_A3BWXBV92NQKC5", "paste.order"],
    ["8f".repeat(32), "paste.fingerprint"],
  ]) {
    assert.throws(() => readPasted(text), { code: want }, text);
  }
});

test("a pasted proof file is taken as it was written", () => {
  const pasted = "c2sp.org/tlog-proof@v1\r\nindex 0\r\n\r\na\r\n1\r\nb";
  assert.equal(fromUtf8(readPasted(pasted).proof), "c2sp.org/tlog-proof@v1\nindex 0\n\na\n1\nb\n");
});

test("a chosen file is a proof, a page that carries one, or nothing that can be judged", async () => {
  const proof = "c2sp.org/tlog-proof@v1\nindex 0\n";
  const link = (data) => `<a class="button" href="data:text/plain;base64,${data}" download="don_6E1P7SD4BQ8JTW.tlog-proof">`;
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

const TEMPLATE = readFileSync(new URL("../../crates/web/templates/fundraising/donation/keepsake.html", import.meta.url), "utf8");
const LEAF_TEXT =
  '{"d":{"ch":"demo"},"id":"don_6E1P7SD4BQ8JTW","k":"gift/1","mv":[{"in":[0,8444],"n":8444,"pi":"plc_AAAAAAAAAAAAAA","t":"fnd_AAAAAAAAAAAAAA"},{"in":[0,444],"n":444,"pi":"plc_AAAAAAAAAAAAAA","t":"fnd_BBBBBBBBBBBBBB"}],"t":"2026-11-28T23:05:53Z"}';
const LEAF_BYTES = toUtf8(LEAF_TEXT);
const HASH = toHex(leafHash(LEAF_BYTES));
const OPENED = JSON.stringify({ at: "2026-11-28T23:05:53Z", donor: "王秀英", message: "加油", payment: "p1" });
const PROVED = { leaf: parseLeaf(LEAF_BYTES), bytes: LEAF_BYTES, index: 3299n, opened: [["gift", OPENED]], checkpoint: { origin: "log.example/1" } };
const [STYLE] = /<style>[^<]*<[/]style>/.exec(TEMPLATE);

/** A saved receipt, written as the template does. */
const SAVED = `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<title>捐赠凭据 don_6E1P7SD4BQ8JTW</title>
${STYLE}
</head>
<body>
<main>
<p class="quiet">捐赠凭据 · <span data-says="code id">编号 <code>don_6E1P7SD4BQ8JTW</code></span></p>
<h1 data-among="gift">这88.88元还没有用出去。</h1>
<p class="quiet">这个文件是 2026年11月29日 07:39 保存的，请看<a href="https://example.org/donations/don_6E1P7SD4BQ8JTW">公开页</a>。</p>
<table><tbody><tr><th scope="row">尚未使用</th><td class="num" data-addend="gift">88.88元</td></tr></tbody>
<tfoot><tr><th scope="row">合计</th><td class="num"><b data-says="amount sum" data-unit="fen">88.88元</b></td></tr></tfoot></table>
<table><tbody><tr><td class="num" data-addend="steps">84.44元</td><td>尚未使用，存于“甲”。</td></tr>
<tr><td class="num" data-addend="steps">4.44元</td><td>尚未使用，存于“乙”。</td></tr></tbody></table>
<p class="quiet">先到的捐款先用。</p>
<table><tbody>
<tr><th scope="row">捐赠人</th><td data-says="name donor">王秀英（公开显示为 王**）</td></tr>
<tr><th scope="row">编号</th><td data-says="code id">don_6E1P7SD4BQ8JTW</td></tr>
<tr><th scope="row">金额</th><td><span data-says="amount sum" data-unit="fen">88.88元</span><br><span data-says="words sum" data-unit="fen">大写：捌拾捌元捌角捌分</span></td></tr>
<tr><th scope="row">日期</th><td data-says="moment at">2026年11月29日 07:05</td></tr>
<tr><th scope="row">受赠组织</th><td>云山省慈善总会<br><code>51880000MJ00001145</code></td></tr>
<tr><th scope="row">状态</th><td>已入账</td></tr>
<tr><th scope="row">您的留言</th><td data-says="text message">加油</td></tr>
</tbody></table>
<svg class="qr" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 53 53" width="53" role="img"><title>don_6E1P7SD4BQ8JTW</title><path fill="#fff" d="M0 0h53"/></svg>
<p><span data-says="place log">公开日志：log.example/1，第3,299条。</span><br><span data-says="hash leaf">记录的指纹（SHA-256）：<code>${HASH}</code></span></p>
</main>
</body>
</html>
`;

test("a saved page says what its proof says, and the rest is named", () => {
  const unproved = comparePage(SAVED, PROVED);
  const said = unproved.map(([title, text]) => `${title}|${text}`);
  for (const want of ["|这88.88元还没有用出去。", "受赠组织|云山省慈善总会 51880000MJ00001145", "状态|已入账", "捐赠人|公开显示为 王**", "|84.44元 尚未使用，存于“甲”。"]) {
    assert.ok(said.includes(want), `${want} in ${said.join("; ")}`);
  }
  assert.ok(said.some((line) => line.includes("07:39")), "the time of saving is not known to the proof");
  assert.ok(!said.some((line) => /^(编号|金额|日期|您的留言)[|]/.test(line)), said.join("; "));
});

test("the fee, the way of payment and where links lead are named as not compared", () => {
  const row = (title, text) => `<tr><th scope="row">${title}</th>${text}</tr>`;
  const more = row("方式", "<td>微信支付</td>") + row("渠道手续费", '<td data-says="amount d.fee" data-unit="fen">0.53元</td>');
  const links = '<p><a href="https://shanji.example/verify">核验页</a><a href="https://shanji.example/log">日志</a><a href="https://evil.example/pay">公开页</a></p>' + row("电话", '<td><a href="tel:+8602712345678">027-12345678</a></td>') + row("电话", '<td><a href="tel:+861">027-12345678</a></td>');
  const last = SAVED.lastIndexOf("</tbody>");
  const page = `${SAVED.slice(0, last)}${more}${SAVED.slice(last)}`.replace("</main>", `${links}</main>`);
  const said = comparePage(page, PROVED).map(([title, text]) => `${title}|${text}`);
  for (const want of ["方式|微信支付", "渠道手续费|0.53元", "|https://shanji.example", "|https://evil.example", "|tel:+861"]) assert.ok(said.includes(want), `${want} in ${said.join("; ")}`);
  assert.equal(said.filter((line) => line.endsWith("shanji.example")).length, 1);
  assert.ok(!said.includes("|tel:+8602712345678"));
  const foreign = page.replace("https://evil.example/pay", "https://shanji.example/donations/don_ABCDEFGHJKMNPQ");
  assert.throws(() => comparePage(foreign, PROVED), { code: "page.figure" });
});

test("what is true is not called false, whatever people wrote", () => {
  const opened = (message) => [["gift", JSON.stringify({ at: "2026-11-28T23:05:53Z", donor: "王秀英", message })]];
  const message = "另一笔是 don_6E1P7SD4BQ8JTV，500元：<b>";
  const saved = SAVED.replace(">加油<", `>${message.replaceAll("<", "&#60;").replaceAll(">", "&#62;")}<`);
  assert.notEqual(comparePage(saved, { ...PROVED, opened: opened(message) }), null);
  // Goods whose unit has figures of its own.
  const unit = "500ml瓶";
  const goods = SAVED.replaceAll('data-unit="fen"', `data-unit="${unit}"`).replaceAll("88.88元", `8,888 ${unit}`).replace("84.44元", `8,444 ${unit}`).replace("4.44元", `444 ${unit}`).replace("捌拾捌元捌角捌分", `8888${unit}`);
  assert.notEqual(comparePage(goods, PROVED), null);
});

test("whatever the proof knows is compared on a saved page", () => {
  for (const [from, to] of [
    ["这88.88元", "这98.88元"],
    ["这88.88元", "这88.88元，其中50元"],
    ["捌拾捌元捌角捌分", "玖拾捌元捌角捌分"],
    ["11月29日 07:05", "11月29日 08:05"],
    ["2026年11月29日 07:05", "2025年11月29日 07:05"],
    ["王秀英（", "王秀兰（"],
    ["第3,299条", "第3,298条"],
    ["log.example/1", "log.example/2"],
    [HASH, HASH.replace(/^./, (digit) => (digit === "0" ? "1" : "0"))],
    [">84.44元", ">94.44元"],
    [">加油<", ">加油！<"],
    ["<code>don_6E1P7SD4BQ8JTW", "<code>don_6E1P7SD4BQ8JTV"],
    ["尚未使用，存于“甲”", "见 don_6E1P7SD4BQ8JTV"],
    [/88[.]88/g, "98.88"],
    [/(data-addend="gift">)88[.]88/, "$198.88"],
  ]) {
    const changed = SAVED.replace(from, to);
    assert.notEqual(changed, SAVED, String(from));
    assert.throws(() => comparePage(changed, PROVED), { code: "page.figure" }, `${from} → ${to}`);
  }
  assert.throws(() => comparePage(SAVED.replace("这88.88元", "这98.88元"), PROVED), ({ about }) => about.shown === "98.88" && about.stated === "88.88");
});

test("a page that is not written like our receipts is not judged", () => {
  for (const [from, to] of [
    [' data-says="words sum"', ""],
    [' data-says="hash leaf"', ""],
    [' data-says="moment at"', ""],
    [/ data-says="[a-z ]+"/g, ""],
    ["<td data-says", '<td hidden data-says'],
    ["<td data-says", '<td style="display:none" data-says'],
    ["<table>", '<img src="x">'],
    ["<table>", "<script>1</script><table>"],
    ["<table>", "<!-- --><table>"],
    ["<style>", "<style>[data-says]{display:none}"],
    ["</head>", "<style>b{}</style></head>"],
    ["<main>", "另一句话<main>"],
    ['<path fill="#fff" d="M0 0h53"/>', "<text>98.88</text>"],
  ]) {
    const changed = SAVED.replace(from, to);
    assert.notEqual(changed, SAVED, String(from));
    assert.equal(comparePage(changed, PROVED), null, `${from} → ${to}`);
  }
});

test("the template of saved receipts has the style and the marks that are looked for", () => {
  const style = STYLE.slice("<style>".length, -"</style>".length);
  assert.equal(SAVED_STYLES.at(-1), toHex(sha256(toUtf8(style))), "add the new style's digest to SAVED_STYLES");
  for (const [says] of SAVED.matchAll(/data-[a-z]+="[a-z ]+"/g)) assert.ok(says.startsWith("data-unit") || TEMPLATE.includes(says), says);
});

test("sums in capital numerals", () => {
  for (const [fen, want] of [
    [0, "零元整"],
    [1, "壹分"],
    [10, "壹角"],
    [8888, "捌拾捌元捌角捌分"],
    [140950, "壹仟肆佰零玖元伍角"],
    [168032, "壹仟陆佰捌拾元零叁角贰分"],
    [10700053, "壹拾万柒仟元零伍角叁分"],
    [1640902, "壹万陆仟肆佰零玖元零贰分"],
    [101010, "壹仟零壹拾元零壹角"],
    [1000000100, "壹仟万零壹元整"],
    [1000100000, "壹仟万壹仟元整"],
    [10001000000, "壹亿零壹万元整"],
    [102003040506, "壹拾亿贰仟零叁万零肆佰零伍元零陆分"],
  ]) {
    assert.equal(capitals(fen), want, String(fen));
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
