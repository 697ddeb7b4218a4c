// Whether a page shows what is newest: the log's index proves how many statements a stream has, and which are the last
// ones.
import { Refused, sameBytes } from "./bytes.js";
import { Unreachable } from "./client.js";
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

// Statements of a stream from the `from`-th on (counted from the end if it is negative), proved; null where nothing can
// be claimed: an older log without an index.
export async function provedPage(reader, checkpoint, name, from, count = LOOKED_AT) {
  const bytes = await reader.get(`index/stream?name=${name}&from=${from}&count=${count}`, true);
  if (bytes === null) return null;
  const proof = checkCompleteness(readReceipt(bytes), reader.origin, reader.keys);
  if (proof.name !== name) throw new Refused("index.other_stream", proof.name);
  await sameHistory(reader, checkpoint, proof.checkpoint);
  return proof;
}

// Answers `{ count, covers, index, moves }`: how many statements the fund's stream has among the first `covers`, the newest
// one that moves the fund, and those of the last ones that do; null where nothing can be claimed, also if none does.
export async function newestMove(reader, checkpoint, fund) {
  const proof = await provedPage(reader, checkpoint, `fund/${fund.slice("fnd_".length)}`, -LOOKED_AT);
  if (proof === null || proof.answer !== "page" || proof.from + proof.leaves.length !== proof.count) return null;
  // What only changes its place inside the fund takes up nothing of the tape.
  const on = (side) => side.fund === fund && side.span !== undefined;
  const moves = ({ from, to }) => on(from) || on(to);
  const moving = proof.leaves.filter(({ bytes: leaf }) => parseLeaf(leaf).moves.some(moves));
  const indices = moving.map(({ index }) => BigInt(index));
  if (indices.length === 0) return null;
  return { count: proof.count, covers: BigInt(proof.before), index: indices.at(-1), moves: indices };
}

// What a page says of a stream: it had `count` statements when the log had `sealed`, and the last of them is `index`.
// Answers `{ name, count, covers, later }`: the same as proved, and how many statements came after; null where nothing can be
// claimed. Refuses what the index proves to be otherwise.
export async function streamEnd(reader, checkpoint, { name, count, index, sealed }) {
  const proof = await provedPage(reader, checkpoint, name, count - 1);
  if (proof === null) return null;
  // The page speaks of a checkpoint that the log does not show (yet): nothing can be said of it, and nothing may be green.
  if (BigInt(proof.before) < sealed - 1n) throw new Unreachable("log.not_sealed");
  if (proof.answer !== "page" || proof.count < count || proof.from !== count - 1) throw new Refused("index.foreign", index);
  const [newest, next] = proof.leaves.map((leaf) => BigInt(leaf.index));
  if (newest !== index) throw new Refused("index.foreign", index);
  // Whatever follows in the stream came after the checkpoint that the page speaks of.
  if (next !== undefined && next < sealed) throw new Refused("index.left_out", next);
  return { name, count, covers: sealed, later: proof.count - count };
}
