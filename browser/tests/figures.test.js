// Figures of pages in the three languages, and what leaves state.
import assert from "node:assert/strict";
import { test } from "node:test";
import { toUtf8 } from "../bytes.js";
import { inFormOf, momentInBeijing, moveOf, shownFigure, statedFigures } from "../figures.js";
import { parseLeaf } from "../leaf.js";

const LEAF = parseLeaf(
  toUtf8(
    '{"d":{"admin_share":850,"name":"善迹  演示"},"id":"don_00000000000001","k":"gift/1","mv":[{"in":[100,100100],"n":100000,"pi":"plc_AAAAAAAAAAAAAA","t":"fnd_AAAAAAAAAAAAAA"},{"in":[0,250],"n":250,"pi":"plc_AAAAAAAAAAAAAA","t":"fnd_BBBBBBBBBBBBBB"}],"t":"2026-11-22T16:00:00Z"}',
  ),
);

test("what a page shows", () => {
  for (const [form, text, unit, want] of [
    ["amount", "1,234.50元", "fen", "123450"],
    ["amount", "¥1,234.50", "fen", "123450"],
    ["amount", "−0.05元", "fen", "-5"],
    ["amount", "-0.00元", "fen", "0"],
    ["amount", "-¥1,000.05", "fen", "-100005"],
    ["amount", "−¥0.05", "fen", "-5"],
    ["amount", "1,200 箱", "箱", "1200"],
    ["amount", "1.2万元", "fen", "120"],
    ["amount", "1.234元", "fen", null],
    ["amount", "1元 2元", "fen", null],
    ["amount", "没有", "fen", null],
    ["count", "12,345 笔", "fen", "12345"],
    ["percent", "8.5%", "fen", "850"],
    ["span", "第1至第5,000分", "fen", "0-5000"],
    ["span", "第8件", "件", "7-8"],
    ["span", "一二三", "件", null],
    ["day", "2026年1月2日", "fen", "2026-01-02"],
    ["day", "2 January 2026", "fen", "2026-01-02"],
    ["day", "Jan 2, 2026", "fen", "2026-01-02"],
    ["day", "昨天", "fen", null],
    ["text", " 善迹\n 演示 ", "fen", "善迹 演示"],
  ]) {
    assert.equal(shownFigure(form, text, unit), want, text);
  }
});

test("what a leaf states", () => {
  const move = moveOf(LEAF, undefined, "fnd_AAAAAAAAAAAAAA 100 100100");
  for (const [source, want] of [
    ["n", "100000"],
    ["sum", "100250"],
    ["in", "100-100100"],
    ["out", undefined],
    ["t", "2026-11-23"],
    ["reached", "2026-11-23"],
    ["id", "don_00000000000001"],
    ["index", "7"],
    ["d.admin_share", "850"],
    ["d.name", "善迹 演示"],
    ["d.target", undefined],
  ]) {
    assert.deepEqual(statedFigures(source, { leaf: LEAF, index: 7n, move }), want === undefined ? [] : [want], source);
  }
});

test("what was entered later reached its people on the day in the books", () => {
  const text =
    '{"d":{"acc":"2026-03-03","class":"direct"},"id":"dsb_00000000000001","k":"delivery/1","mv":[{"f":"fnd_AAAAAAAAAAAAAA","n":5,"out":[0,5],"po":"plc_AAAAAAAAAAAAAA"}],"t":"2026-11-28T06:00:00Z"}';
  const about = { leaf: parseLeaf(toUtf8(text)), index: 7n };
  assert.deepEqual(statedFigures("reached", about), ["2026-03-03"]);
  assert.deepEqual(statedFigures("t", about), ["2026-11-28"]);
});

test("a row of a fund shows one of the lengths on its tape", () => {
  const fund = "fnd_BBBBBBBBBBBBBB";
  assert.deepEqual(statedFigures("into", { leaf: LEAF, fund }), ["250"]);
  assert.deepEqual(statedFigures("out_of", { leaf: LEAF, fund }), []);
  assert.deepEqual(statedFigures("into", { leaf: LEAF, fund: "fnd_CCCCCCCCCCCCCC" }), []);
});

test("a row is about one movement of its leaf", () => {
  assert.equal(moveOf(LEAF, undefined, undefined), undefined);
  assert.equal(moveOf(LEAF, undefined, "fnd_AAAAAAAAAAAAAA 100 100101"), undefined);
  assert.equal(moveOf(LEAF, "fnd_AAAAAAAAAAAAAA 0 5", "fnd_AAAAAAAAAAAAAA 100 100100"), undefined);
});

test("what a leaf states is said in the form of the page", () => {
  for (const [form, text, stated, unit, want] of [
    ["amount", "900.00元", "120000000", "fen", "1,200,000.00元"],
    ["amount", "已筹 ¥900.00", "120000000", "fen", "已筹 ¥1,200,000.00"],
    ["amount", "1,200 箱", "1300", "箱", "1,300 箱"],
    ["amount", "没有", "5", "fen", "0.05"],
    ["count", "第37条", "1038", "fen", "第1,038条"],
    ["percent", "77.63%", "1763", "fen", "17.63%"],
    ["percent", "9%", "850", "fen", "8.5%"],
    ["percent", "9%", "1000", "fen", "10%"],
    ["span", "第1至第5分", "100-100100", "fen", "101–100,100"],
    ["day", "2026年1月2日", "2026-11-09", "fen", "2026年11月9日"],
    ["day", "2 January 2026", "2026-11-09", "fen", "9 November 2026"],
    ["day", "2026-01-02", "2026-11-09", "fen", "2026-11-09"],
    ["text", "甲", "乙", "fen", "乙"],
  ]) {
    assert.equal(inFormOf(form, text, stated, unit), want, text);
  }
});

test("moments are by the clocks of Beijing", () => {
  assert.equal(momentInBeijing("2026-11-28T23:05:53Z"), "2026-11-29 07:05");
  assert.equal(momentInBeijing(undefined), undefined);
  for (const text of ["2026年11月29日 07:05", "29 November 2026 07:05"]) assert.equal(shownFigure("moment", text), "2026-11-29 07:05", text);
  assert.equal(shownFigure("moment", "2026年11月29日"), null);
});
