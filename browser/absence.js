// Proofs that nobody was ever called so, and that a register holds no penalty: whole streams are read, and none of the
// statements in them says otherwise.
//
//   data-unknown, data-sealed="120"     the text is no name and no code of an organisation; so many leaves when it was said
//   data-clean="org_…", data-sealed     no penalty and no measure stands in the register of this organisation
import { Refused } from "./bytes.js";
import { Unreachable } from "./client.js";
import { DIRECTORY_RULES, directoryStream, directoryText, directoryTexts } from "./directory.js";
import { provedPage } from "./latest.js";
import { parseLeaf } from "./leaf.js";

// Statements of a stream that are read at once, and answers that are asked for at most.
const STREAM_PAGE = 256;
const STREAM_PAGES_MAX = 64;
// Standings that somebody is given against his will.
const PENALTIES = ["ordered_stop", "suspended", "revoked"];

// All leaves of a stream, proved to be all: `{ covers, leaves }`. What comes while it is read is read too.
export async function wholeStream(reader, checkpoint, name) {
  const leaves = [];
  for (let left = STREAM_PAGES_MAX; left > 0; left -= 1) {
    const proof = await provedPage(reader, checkpoint, name, leaves.length, STREAM_PAGE);
    if (proof === null) break;
    const covers = BigInt(proof.before);
    // The page speaks of a checkpoint that the answer does not cover (yet).
    if (proof.answer === "absent") return { covers, leaves };
    if (proof.answer !== "page") throw new Refused("index.other_stream", name);
    // A stream that was read to its end answers with its last leaf again.
    leaves.push(...proof.leaves.slice(Math.max(0, leaves.length - proof.from)));
    if (leaves.length >= proof.count) return { covers, leaves };
  }
  throw new Unreachable("log.missing_file");
}

function newerThan(index, sealed) {
  return BigInt(index) >= sealed;
}

// Proves that the text is nobody's name and nobody's code. Refuses if the log knows it since before the page was made.
export async function nobodyIs(reader, checkpoint, { text, sealed }) {
  const name = directoryStream(text);
  if (name === null) throw new Refused("directory.empty");
  const first = parseLeaf(await reader.leaf(0n, checkpoint));
  if (first.data.get("directory") !== DIRECTORY_RULES) throw new Unreachable("log.no_directory");
  const { covers, leaves } = await wholeStream(reader, checkpoint, name);
  if (covers < sealed - 1n) throw new Unreachable("log.not_sealed");
  const wanted = directoryText(text);
  const known = leaves.filter(({ bytes }) => directoryTexts(parseLeaf(bytes)).some((said) => directoryText(said) === wanted));
  if (known.some(({ index }) => newerThan(index, sealed))) throw new Unreachable("log.known_since");
  if (known.length > 0) throw new Refused("directory.known", known[0].index);
  return { step: "unknown", text, covers, count: leaves.length };
}

// Proves that the register of an organisation holds no penalty, not even one that was corrected afterwards.
export async function noPenalty(reader, checkpoint, { organisation, sealed }) {
  const { covers, leaves } = await wholeStream(reader, checkpoint, `register/${organisation.slice("org_".length)}`);
  if (covers < sealed - 1n) throw new Unreachable("log.not_sealed");
  const found = leaves.filter(({ bytes }) => PENALTIES.includes(parseLeaf(bytes).data.get("state")));
  if (found.some(({ index }) => newerThan(index, sealed))) throw new Unreachable("log.known_since");
  if (found.length > 0) throw new Refused("directory.penalty", found[0].index);
  return { step: "clean", covers, count: leaves.length };
}

// What the page says is not there.
export function absencesOf(page) {
  const sealed = (mark) => BigInt(mark.dataset.sealed ?? "0");
  const unknown = Array.from(page.querySelectorAll("[data-unknown]"), (mark) => {
    const said = { text: mark.textContent, sealed: sealed(mark) };
    return { mark, prove: (...where) => nobodyIs(...where, said) };
  });
  const clean = Array.from(page.querySelectorAll("[data-clean]"), (mark) => {
    const said = { organisation: mark.dataset.clean, sealed: sealed(mark) };
    return { mark, prove: (...where) => noPenalty(...where, said) };
  });
  return [...unknown, ...clean];
}
