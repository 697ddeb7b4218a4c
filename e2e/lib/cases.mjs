// Runs cases two at a time, tells each as it ends, and counts.
import { performance } from 'node:perf_hooks';

/** No case takes longer on a busy machine. */
const CASE_MS = 120_000;

/**
 * @param {{name: string, run: () => Promise<void>}[]} cases
 * @param {{sideBySide: number, only?: RegExp}} how
 */
export async function runCases(cases, { sideBySide, only, known = [] }) {
  const chosen = only ? cases.filter((one) => only.test(one.name)) : cases;
  const waiting = [...chosen];
  const failures = [];
  let done = 0;
  const worker = async () => {
    for (let one = waiting.shift(); one; one = waiting.shift()) {
      const began = performance.now();
      let clock;
      const late = new Promise((_, reject) => (clock = setTimeout(() => reject(new Error(`not done after ${CASE_MS / 1000} s`)), CASE_MS)));
      try {
        await Promise.race([one.run(), late]);
      } catch (error) {
        failures.push({ name: one.name, error });
      }
      clearTimeout(clock);
      done += 1;
      const last = failures.at(-1);
      const failed = last?.name === one.name ? excuse(last, known) : null;
      if (failed === EXCUSED) failures.pop();
      if (last?.name === one.name) for (const line of last.excused ?? []) console.log(`KNOWN  ${one.name}\n${indent(line)}`);
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      console.log(`${isReal(failed) ? 'FAILED' : 'ok    '} ${String(done).padStart(4)}/${chosen.length} ${seconds.padStart(5)} s  ${one.name}`);
      if (isReal(failed)) console.log(indent(failed instanceof Wrong ? failed.message : shortly(failed)));
    }
  };
  await Promise.all(Array.from({ length: sideBySide }, worker));
  return { passed: chosen.length - failures.length, failed: failures.length, failures };
}

/** All that was wrong is known. */
const EXCUSED = Symbol('excused');
const isReal = (failed) => Boolean(failed) && failed !== EXCUSED;

/** Takes what is known out of a failure; says what is left of it. */
function excuse(failure, known) {
  const lines = failure.error instanceof Wrong ? failure.error.message.split('\n') : shortly(failure.error).split('\n').slice(0, 1);
  const isKnown = (line) => {
    const entry = known.find((one) => failure.name.includes(one.where) && line.includes(one.what));
    if (entry) entry.needed = true;
    return Boolean(entry);
  };
  failure.excused = lines.filter(isKnown);
  const left = lines.filter((line) => !failure.excused.includes(line));
  if (left.length === 0) return EXCUSED;
  if (failure.excused.length) failure.error = new Wrong(left.join('\n'));
  return failure.error;
}

/** The list of what is known to be wrong. */
export function readKnown(text) {
  return text
    .split('\n')
    .filter((line) => line.includes('::') && !line.startsWith('#'))
    .map((line) => {
      const [where, what] = line.split('::').map((part) => part.trim());
      return { where, what, needed: false };
    });
}

/** Something is wrong with the house, said in sentences. */
export class Wrong extends Error {}

/** Throws what is wrong, if anything is. */
export function expectNothing(sentences) {
  if (sentences.length) throw new Wrong(sentences.join('\n'));
}

/** Throws the sentence unless it holds. */
export function expect(holds, sentence) {
  if (!holds) throw new Wrong(sentence);
}

/** The browser's own words run to pages; what happened and where is enough. */
const shortly = (error) => {
  const lines = String(error?.stack ?? error).split('\n');
  return [...lines.filter((line) => line.trim() && !/^\s+at |\[pid=|<launch/.test(line)).slice(0, 5), ...lines.filter((line) => /^\s+at .*e2e\/(lib|journeys)/.test(line)).slice(0, 2)].join('\n');
};

const indent = (text) => text.split('\n').map((line) => `         ${line}`).join('\n');
