// How the log of this site stands with its witnesses, by the policy that the site publishes: up to which leaf it is
// final, and who says so.
import { Refused, toHex } from "./bytes.js";
import { parseNote } from "./note.js";
import { areOfOneHand, judgeByPolicy, parsePolicy } from "./policy.js";
import { sha256 } from "./sha2.js";

// The policy of the site: its bytes' digest and what it says; null for a copy of the log that has none.
export async function sitePolicy(get) {
  const bytes = await get("policy", false);
  return bytes === null ? null : { ...parsePolicy(bytes), digest: toHex(sha256(bytes)) };
}

// Whether the policy is the one that asked for witnesses when this browser was here last: "first", "same", "changed",
// or "gone" if none is asked for now, which is remembered until a person says otherwise.
export function comparePolicy(memory, policy) {
  const seen = memory.recallPolicy();
  if ((policy?.quorum ?? null) === null) return seen === null ? "first" : "gone";
  if (seen === policy.digest) return "same";
  memory.rememberPolicy(policy.digest);
  return seen === null ? "first" : "changed";
}

// Judges the checkpoint; while it waits, the newest one that is final, which must be of the same log. Answers the
// standing, who counts, `size`: how many leaves are final, and `ofOneHand`: whether only the operator's own witnesses say so.
export async function witnessesOf(reader, policy, checkpoint) {
  if (policy === null) return { standing: "operator_only", signed: [], size: 0n };
  const judged = judgeByPolicy(policy, checkpoint.note);
  if (judged.standing === "operator_only") return { ...judged, size: 0n };
  if (judged.standing === "final") return { ...judged, size: checkpoint.size, ofOneHand: areOfOneHand(policy, judged.signed) };
  const bytes = await reader.get("final-checkpoint", true);
  if (bytes === null) return { ...judged, size: 0n };
  const last = judgeByPolicy(policy, parseNote(bytes));
  if (last.standing !== "final") throw new Refused("witness.not_final");
  // It may have become final, and grown, since the checkpoint was read.
  const [old, young] = [last.checkpoint, checkpoint].sort((a, b) => Number(a.size - b.size));
  await reader.consistency(old, young);
  const size = last.checkpoint.size < checkpoint.size ? last.checkpoint.size : checkpoint.size;
  return { ...judged, signed: last.signed, size, ofOneHand: areOfOneHand(policy, last.signed) };
}
