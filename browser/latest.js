// Whether a page shows what is newest: the log's index proves how many statements a fund's stream has, and which are
// the last ones.
import { Refused, sameBytes } from "./bytes.js";
import { checkCompleteness } from "./completeness.js";
import { parseLeaf } from "./leaf.js";
import { readReceipt } from "./receipt.js";

// Statements that are looked at from the end for one that moves the fund.
const LOOKED_AT = 8;

// The two checkpoints are of one history, whichever is the later one.
async function sameHistory(reader, one, other) {
  if (one.size !== other.size) {
    const [earlier, later] = one.size < other.size ? [one, other] : [other, one];
    await reader.consistency(earlier, later);
  } else if (!sameBytes(one.root, other.root)) {
    throw new Refused("memory.fork", one.size);
  }
}

// Answers `{ count, covers, index }`: the statements of the fund's stream among the first `covers`, and the newest one
// that moves the fund. Answers null where nothing can be claimed: an older log without an index, or none among the last.
export async function newestMove(reader, checkpoint, fund) {
  const name = `fund/${fund.slice("fnd_".length)}`;
  const bytes = await reader.get(`index/stream?name=${name}&from=-${LOOKED_AT}&count=${LOOKED_AT}`, true);
  if (bytes === null) return null;
  const proof = checkCompleteness(readReceipt(bytes), reader.origin, reader.keys);
  if (proof.name !== name) throw new Refused("index.other_stream", proof.name);
  await sameHistory(reader, checkpoint, proof.checkpoint);
  if (proof.answer !== "page" || proof.from + proof.leaves.length !== proof.count) return null;
  const moves = ({ from, to }) => from.fund === fund || to.fund === fund;
  const newest = proof.leaves.findLast(({ bytes: leaf }) => parseLeaf(leaf).moves.some(moves));
  return newest === undefined ? null : { count: proof.count, covers: BigInt(proof.before), index: BigInt(newest.index) };
}
