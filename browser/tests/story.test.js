// Stories along the tapes: fen are followed by what statements say, and a way that does not fit is refused.
import assert from "node:assert/strict";
import { test } from "node:test";
import { toBase64Url, toUtf8 } from "../bytes.js";
import { parseLeaf } from "../leaf.js";
import { beginnings, endsOf, follow, takenBy, tilesStory } from "../story.js";
import { leafHash } from "../tree.js";

const FUND = "fnd_AAAAAAAAAAAAAA";
const FEES = "fnd_BBBBBBBBBBBBBB";
const PARTNER = "fnd_CCCCCCCCCCCCCC";
const PLACE = "plc_AAAAAAAAAAAAAA";

/** A statement as the badge holds it. */
function stated(id, kind, moves, rest = {}) {
  const leaf = { id, k: kind, mv: moves, ...rest, t: "2026-11-20" };
  const ordered = Object.fromEntries(Object.entries(leaf).sort(([a], [b]) => (a < b ? -1 : 1)));
  const bytes = toUtf8(JSON.stringify(ordered));
  return { leaf: parseLeaf(bytes), bytes };
}

const into = (t, start, end) => ({ in: [start, end], n: end - start, pi: PLACE, t });
const outOf = (f, start, end) => ({ f, n: end - start, out: [start, end], po: PLACE });
const between = (f, out, t, start) => ({
  f,
  in: [start, start + out[1] - out[0]],
  n: out[1] - out[0],
  out,
  pi: PLACE,
  po: PLACE,
  t,
});

// 50 yuan: 49.95 for the fund behind 100 fen of others, 5 fen for the channel.
const GIFT = stated("don_00000000000001", "gift/1", [into(FUND, 100, 5095), into(FEES, 0, 5)]);
const ADVANCE = stated("dsb_00000000000001", "allotment/1", [between(FUND, [0, 3000], PARTNER, 500)]);
const DELIVERY = stated("dlv_00000000000001", "delivery/1", [outOf(PARTNER, 0, 2000)]);
const SIDES = beginnings(GIFT.leaf);

const run = (at, length) => ({ at, length });
const refused = (code, todo) => assert.throws(todo, (error) => error.code === code);

test("a gift begins on each tape that it reached, in the order of its sides", () => {
  assert.deepEqual(SIDES, [
    { at: 0, fund: FUND, start: 100, length: 4995 },
    { at: 4995, fund: FEES, start: 0, length: 5 },
  ]);
  assert.deepEqual(beginnings(GIFT.leaf, `${FEES} 0 5`), [{ at: 0, fund: FEES, start: 0, length: 5 }]);
  assert.deepEqual(beginnings(DELIVERY.leaf), []);
});

test("fen are followed through an advance to a delivery", () => {
  // Of the gift, 2,900 fen were advanced; they stand behind 600 fen on the partner's tape, and 1,400 of them left it.
  const place = follow(SIDES, run(0, 1400), [ADVANCE, DELIVERY]);
  assert.deepEqual(endsOf(place), ["delivered"]);
  const waiting = follow(SIDES, run(1400, 1500), [ADVANCE]);
  assert.deepEqual([waiting.fund, waiting.start, waiting.left], [PARTNER, 2000, undefined]);
  assert.ok(endsOf(waiting).includes("advanced"));
  assert.equal(takenBy(waiting, [GIFT.leaf, ADVANCE.leaf, DELIVERY.leaf]), undefined);
});

test("a share that was made larger does not fit", () => {
  refused("story.astray", () => follow(SIDES, run(0, 1401), [ADVANCE, DELIVERY]));
  refused("story.astray", () => follow(SIDES, run(0, 2901), [ADVANCE]));
  refused("story.astray", () => follow(SIDES, run(4990, 10), []));
  refused("story.astray", () => follow(SIDES, run(0, 0), []));
  refused("story.astray", () => follow(SIDES, run(0, 10), [DELIVERY]));
});

test("a share that is said to rest where a statement took it is found", () => {
  const said = follow(SIDES, run(0, 4995), []);
  assert.equal(takenBy(said, [GIFT.leaf, ADVANCE.leaf])?.id, ADVANCE.leaf.id);
});

test("a named refund takes the fen of its gift, and those whose place it took stand where they were", () => {
  // Another gift behind ours goes back: it leaves through the head of the tape.
  const refund = stated("mov_00000000000001", "refund/1", [outOf(FUND, 0, 300)], {
    ref: toBase64Url(leafHash(GIFT.bytes)),
    sub: [[5095, 0, 300, FUND]],
  });
  const other = stated("don_00000000000002", "gift/1", [into(FUND, 5095, 5395)]);
  const back = follow(beginnings(other.leaf), run(0, 300), [refund]);
  assert.deepEqual(endsOf(back), ["refund"]);
  // Our first 200 fen stood at 100 to 300, and stand at 5,195 now.
  const moved = follow(SIDES, run(0, 200), [refund]);
  assert.deepEqual([moved.fund, moved.start, moved.left], [FUND, 5195, undefined]);
});

test("an outflow that was undone as a whole brings its fen back, a part of it is not told", () => {
  const reference = toBase64Url(leafHash(DELIVERY.bytes));
  const whole = stated("mov_00000000000002", "reversal/1", [into(PARTNER, 3500, 5500)], { ref: reference });
  const back = follow(SIDES, run(0, 1400), [ADVANCE, DELIVERY, whole]);
  assert.deepEqual([back.fund, back.start, back.left], [PARTNER, 4100, undefined]);
  const part = stated("mov_00000000000003", "reversal/1", [into(PARTNER, 3500, 3600)], { ref: reference });
  assert.equal(follow(SIDES, run(0, 1400), [ADVANCE, DELIVERY, part]), null);
  const another = stated("mov_00000000000004", "reversal/1", [into(PARTNER, 3500, 5500)], {
    ref: toBase64Url(leafHash(GIFT.bytes)),
  });
  assert.equal(follow(SIDES, run(0, 1400), [ADVANCE, DELIVERY, another]), null);
});

test("boxes that became pieces are not followed further", () => {
  const conversion = stated("mov_00000000000005", "conversion/1", [
    { ...between(FUND, [0, 300], PARTNER, 0), in: [0, 7200] },
  ]);
  assert.equal(follow(SIDES, run(0, 100), [conversion]), null);
});

test("the runs of a story lie end to end and are all", () => {
  const tiles = (runs, whole) => tilesStory(SIDES, runs, whole);
  assert.ok(tiles([run(0, 1400), run(1400, 3595), run(4995, 5)], true));
  assert.ok(!tiles([run(0, 1400), run(1400, 3595)], true));
  assert.ok(!tiles([run(0, 1400), run(1500, 3500)], true));
  assert.ok(!tiles([run(10, 4990)], true));
  assert.ok(tiles([run(10, 20), run(30, 5)], false));
  assert.ok(!tiles([run(10, 5000)], false));
});
