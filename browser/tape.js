// Tapes: a fund's in spans lie end to end, and so do its out spans. Whoever has the leaves of a run of a fund's
// movements can see that nothing was left out between them, and that no fen is counted twice.
import { Refused } from "./bytes.js";

// The spans that leaves lay on one side of a fund's tape, in the order of the tape.
function spansOn(leaves, fund, side) {
  return leaves
    .flatMap((leaf) => leaf.moves)
    .map((move) => move[side])
    .filter((end) => end.fund === fund && end.span !== undefined)
    .map((end) => end.span)
    .sort((a, b) => a[0] - b[0]);
}

function tileSide(leaves, fund, side) {
  const spans = spansOn(leaves, fund, side);
  spans.slice(1).forEach((span, at) => {
    if (span[0] < spans[at][1]) throw new Refused("tape.overlap", { fund, at: span[0] });
    if (span[0] > spans[at][1]) throw new Refused("tape.gap", { fund, at: spans[at][1] });
  });
  if (spans.length === 0) return null;
  return { start: spans[0][0], end: spans.at(-1)[1], count: spans.length };
}

// Whether a run of movements of one fund lies end to end on both sides; answers where each side begins and ends.
export function tileTape(leaves, fund) {
  return { in: tileSide(leaves, fund, "to"), out: tileSide(leaves, fund, "from") };
}
