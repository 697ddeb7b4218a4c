// Stories: what became of the fen that a statement brought in, followed along the tapes by what the statements on the way
// say. The page names the way; that each step fits on the one before it is found out here.
import { Refused, sameBytes } from "./bytes.js";
import { leafHash } from "./tree.js";

// How pages call the end that a statement makes, where it is not the word of its kind.
const ENDS = { "delivery/1": "delivered" };
// What fen may be called that are still on a tape; the fee of a channel waits on a tape of its own.
const RESTING = ["resting", "held", "advanced", "units", "fee"];

// Where the fen of a statement stand at first: `{ at, fund, start, length }`, `at` counted from the first of them. `into`
// is the one side meant, `fund start end`; without it all that came from outside.
export function beginnings(leaf, into) {
  const written = ({ fund, span }) => `${fund} ${span[0]} ${span[1]}`;
  const meant = leaf.moves.filter(
    ({ from, to }) => to.span !== undefined && (into === undefined ? from.fund === undefined : written(to) === into),
  );
  let at = 0;
  return meant.map(({ to }) => {
    const length = to.span[1] - to.span[0];
    const side = { at, fund: to.fund, start: to.span[0], length };
    at += length;
    return side;
  });
}

const covers = (start, length, place) => start <= place.start && place.start + place.length <= start + length;

// The run of `length` fen from the `at`-th on.
function placeAt(sides, at, length) {
  const side = sides.find((one) => one.at <= at && at + length <= one.at + one.length);
  if (side === undefined || !(length > 0)) throw new Refused("story.astray", at);
  return { fund: side.fund, start: side.start + at - side.at, length };
}

// A named outflow: `from` leaves through the place `to`, and what stood there stands where the other was.
function swapped(leaf, place) {
  const swaps = leaf.swaps.filter((swap) => swap.tape === place.fund);
  const own = swaps.find((swap) => covers(swap.from, swap.len, place));
  if (own !== undefined) return { leaves: true, start: own.to + place.start - own.from };
  const other = swaps.find((swap) => covers(swap.to, swap.len, place));
  return other === undefined ? null : { leaves: false, start: other.from + place.start - other.to };
}

// Fen that left come back only where the whole outflow was undone: what a part of it took is not stated.
function undone(place, { leaf }) {
  const { move, hash } = place.left;
  const back = leaf.moves.length === 1 && leaf.moves[0].n === move.n ? leaf.moves[0].to : undefined;
  const names = leaf.reference !== undefined && sameBytes(leaf.reference, hash);
  if (back?.span === undefined || !names) throw new Refused("story.untold", leaf.id);
  return { fund: back.fund, start: back.span[0] + place.start - move.from.span[0], length: place.length };
}

// One step: the statement `{ leaf, raw }` moves the fen on, or out.
function step(place, stated) {
  const { leaf } = stated;
  if (place.left !== undefined) return undone(place, stated);
  const swap = swapped(leaf, place);
  const here = swap === null ? place : { ...place, start: swap.start };
  if (swap !== null && !swap.leaves) return here;
  const out = ({ from }) => from.fund === here.fund && from.span !== undefined;
  const move = leaf.moves.find((one) => out(one) && covers(one.from.span[0], one.n, here));
  if (move === undefined) throw new Refused("story.astray", leaf.id);
  if (move.to.fund === undefined) return { ...here, left: { move, kind: leaf.kind, hash: leafHash(stated.bytes) } };
  // Boxes that became pieces are counted otherwise from here on.
  if (move.to.span === undefined || move.to.span[1] - move.to.span[0] !== move.n) {
    throw new Refused("story.untold", leaf.id);
  }
  return { fund: move.to.fund, start: move.to.span[0] + here.start - move.from.span[0], length: here.length };
}

// Where a run of fen is after the statements of `path`; refuses a way that does not fit ("story.astray"), and answers null
// for one that the statements alone do not tell.
export function follow(sides, { at, length }, path) {
  try {
    return path.reduce(step, placeAt(sides, at, length));
  } catch (error) {
    if (error instanceof Refused && error.code === "story.untold") return null;
    throw error;
  }
}

// The words that a page may use for this end.
export function endsOf(place) {
  if (place.left === undefined) return RESTING;
  return [ENDS[place.left.kind] ?? place.left.kind.split("/")[0]];
}

// Whether one of these statements let fen out from where they are said to rest.
export function takenBy(place, leaves) {
  if (place.left !== undefined) return undefined;
  const overlaps = ({ from }) =>
    from.fund === place.fund &&
    from.span !== undefined &&
    from.span[0] < place.start + place.length &&
    place.start < from.span[1];
  return leaves.find((leaf) => leaf.moves.some(overlaps));
}

// Whether runs lie end to end from the first on, and reach the end where they claim to be all.
export function tilesStory(sides, runs, whole) {
  const total = sides.reduce((sum, { length }) => sum + length, 0);
  let end = whole ? 0 : (runs[0]?.at ?? 0);
  for (const { at, length } of runs) {
    if (at !== end) return false;
    end += length;
  }
  return whole ? end === total : end <= total;
}
