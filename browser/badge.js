// The badge: is this page what the log says? Computed here, from the log's own files, never from a verdict of the
// server. It is not green before everything that it claims was checked, and a changed figure turns it red.
//
// The page marks what it shows:
//   data-leaf="12"            the leaf that this part of the page speaks of
//   data-id="don_…"           its leaf must have this id
//   data-out / data-in        the side of the movement meant, `fund start end` (or `fund`)
//   data-unit="fen"           the unit of amounts
//   data-says="word story"    the text opens a commitment of the leaf with data-salt
//   data-says="amount n"      how the text reads (figures.js), and where the leaf states it
//   data-tape="fnd_…"         rows inside are a run of this fund's movements, which must lie end to end
//   data-newest               on such a run: nothing newer moves the fund
//   data-stream, data-part    this leaf (index) is the newest of a stream of so many (count), when the log had so many (sealed)
//   data-tape-of, data-says="amount in|out|rest"   totals, which must be where that run ends
//   data-story="12"           inside is what became of the fen that this leaf brought in (data-into: by this side)
//   data-at, data-length, data-walk="14 20"   a run of them, and the leaves that moved it on (told.js)
//   data-unknown, data-clean, data-sealed   what is not there: no such name, no penalty (absence.js)
//   data-total, data-addend, data-among, data-ratio   figures that must fit together (sums.js)
import { Refused, fromBase64, fromUtf8 } from "./bytes.js";
import { LogReader, Unreachable, compareWithSeen, overHttp } from "./client.js";
import { checkContent } from "./content.js";
import { absencesOf } from "./absence.js";
import { inFormOf, moveOf, shownFigure, statedFigures } from "./figures.js";
import { checkOpening, parseDigest, parseLeaf } from "./leaf.js";
import { newestMove, streamEnd } from "./latest.js";
import { Memory } from "./memory.js";
import { TrustedKeys, parseKeyHistory } from "./succession.js";
import { judgeSums } from "./sums.js";
import { tileTape } from "./tape.js";
import { judgeStory } from "./told.js";
import { comparePolicy, sitePolicy, witnessesOf } from "./witnesses.js";
import { Words, element } from "./words.js";

// Leaves whose files are fetched without being asked, with which a page stays below 150 kB; a full file has 256. One that
// comes alone with its proof weighs as much as so many of a file, and so many come in one answer.
const LEAVES_UNASKED = 650;
const LEAVES_OF_FILE = 256;
const LEAF_ALONE = 7;
const LEAVES_AT_ONCE = 64;
const RECHECK_MS = 150;
// How often, and after how long, a checkpoint that covers the page is looked for again.
const SEAL_TRIES = 4;
const SEAL_WAIT_MS = 1000;
// Letters of a word that differs, for the list of differences.
const WORD_SHOWN = 40;

// Marks whose change is a change of what the page claims.
const MARKS = [
  ...["leaf", "says", "salt", "in", "out", "id", "unit", "tape"],
  ...["unknown", "clean", "sealed"],
  ...["story", "at", "length", "walk", "total", "addend", "among", "ratio"],
];

class Badge {
  constructor(section) {
    this.section = section;
    this.words = new Words(section.querySelector("template[data-texts]").content);
    this.state = section.querySelector("[data-state]");
    this.steps = section.querySelector("[data-steps]");
    this.again = section.querySelector("[data-again]");
    this.anew = section.querySelector("[data-anew]");
    this.whole = section.querySelector("[data-whole]");
    this.memory = new Memory(storageOrNone());
    this.leaves = new Map();
    this.budget = LEAVES_UNASKED;
  }

  begin() {
    this.again?.addEventListener("click", () => this.run());
    this.anew?.addEventListener("click", () => {
      this.memory.forget();
      this.run();
    });
    this.whole?.addEventListener("click", () => {
      this.budget = Infinity;
      this.run();
    });
    this.watch();
    // Who saves data is asked first.
    if (navigator.connection?.saveData !== true) this.run();
  }

  // A figure that is changed later is compared again.
  watch() {
    let timer = 0;
    const changed = (records) => {
      if (this.checkpoint === undefined || records.every(({ target }) => this.section.contains(target))) return;
      clearTimeout(timer);
      timer = setTimeout(() => this.judge(), RECHECK_MS);
    };
    const attributeFilter = MARKS.map((name) => `data-${name}`);
    new MutationObserver(changed).observe(document.body, {
      characterData: true,
      childList: true,
      subtree: true,
      attributes: true,
      attributeFilter,
    });
  }

  async run() {
    this.show("checking", "checking");
    try {
      await this.readSealed();
      this.judge();
    } catch (error) {
      this.doubt(error);
    }
  }

  // What the page shows may be younger than the newest checkpoint, which follows within a second or two: on a busy fund
  // the badge would be grey more often than not.
  async readSealed() {
    for (let left = SEAL_TRIES; left > 0; left -= 1) {
      try {
        return await this.read();
      } catch (error) {
        if (error.code !== "log.not_sealed") throw error;
      }
      await new Promise((go) => setTimeout(go, SEAL_WAIT_MS));
    }
    return this.read();
  }

  // Fetches and proves all that the page needs.
  async read() {
    const get = overHttp(this.section.dataset.log);
    const [trusted, policy] = await Promise.all([siteKeys(get, this.memory), sitePolicy(get)]);
    const reader = new LogReader(get, trusted.origin, trusted.keys, trusted.text());
    const checkpoint = await this.freshCheckpoint(reader);
    const seen = this.memory.recall();
    const compared = await compareWithSeen(reader, this.memory, checkpoint);
    const witnesses = await witnessesOf(reader, policy, checkpoint);
    this.policySeen = comparePolicy(this.memory, policy);
    const wanted = this.wanted(checkpoint);
    const leaves = new Map();
    const newest = new Map();
    const runs = Array.from(document.querySelectorAll("[data-tape][data-newest]"), (run) => run.dataset.tape);
    await Promise.all(runs.map(async (fund) => newest.set(fund, await newestMove(reader, checkpoint, fund))));
    const ends = await Promise.all(streamsOf(document).map((said) => streamEnd(reader, checkpoint, said)));
    const absences = await Promise.all(absencesOf(document).map(async ({ mark, prove }) => ({ mark, ...(await prove(reader, checkpoint)) })));
    const read = async (index, bytes) => {
      const leaf = { ...parseLeaf(bytes), raw: fromUtf8(bytes), bytes };
      checkContent(leaf);
      leaves.set(index, leaf);
    };
    const whole = async (index) => read(index, await reader.leaf(index, checkpoint));
    const some = async (indices) => {
      const found = await reader.few(indices, checkpoint);
      await Promise.all(found === null ? indices.map(whole) : Array.from(found, ([index, bytes]) => read(index, bytes)));
    };
    await Promise.all([...wanted.whole.map(whole), ...inParts(wanted.alone, LEAVES_AT_ONCE).map(some)]);
    Object.assign(this, { checkpoint, compared, seen, leaves, newest, ends, absences, witnesses, far: wanted.far });
  }

  // A cached checkpoint may be a second older than the one this browser saw in another tab.
  async freshCheckpoint(reader) {
    const checkpoint = await reader.checkpoint();
    const seen = this.memory.recall();
    return seen !== null && seen.size > checkpoint.size ? reader.checkpoint() : checkpoint;
  }

  // The leaves of the page: those of its words and those in the newest files that the budget allows, and how many were
  // left for later.
  wanted({ size }) {
    const all = leavesNamed(document);
    const indices = [...new Set(all.filter((text) => /^[0-9]{1,16}$/.test(text)))].map(BigInt);
    // What was promised counts most, and was said long ago; so does what a story begins with.
    const first = document.querySelectorAll('[data-leaf][data-says^="word "], [data-story]');
    const named = new Set(Array.from(first, ({ dataset }) => dataset.story ?? dataset.leaf));
    const isFirst = (file) => Number(indices.some((index) => index >> 8n === file && named.has(String(index))));
    const files = [...new Set(indices.map((index) => index >> 8n))];
    files.sort((a, b) => isFirst(b) - isFirst(a) || Number(b - a));
    const leavesOf = (file) => Math.min(LEAVES_OF_FILE, Number(BigInt(size) - (file << 8n)));
    let left = this.budget;
    const wanted = { whole: [], alone: [], far: 0 };
    for (const file of files) {
      const here = indices.filter((index) => index >> 8n === file && index < size);
      const alone = here.length * LEAF_ALONE < leavesOf(file);
      const weight = alone ? here.length * LEAF_ALONE : leavesOf(file);
      const part = weight > left ? null : alone ? wanted.alone : wanted.whole;
      if (part === null) wanted.far += here.length;
      else left -= weight;
      part?.push(...here);
    }
    // What is not sealed yet is asked for all the same, and waited for.
    wanted.whole.push(...indices.filter((index) => index >= size));
    wanted.alone.sort((a, b) => Number(a - b));
    return wanted;
  }

  // Compares the page with the leaves that were read; needs no network.
  judge() {
    document.querySelectorAll(".proof-differs, .proof-same").forEach((mark) => mark.classList.remove("proof-differs", "proof-same"));
    try {
      const found = { figures: 0, differs: [], tapes: 0, rows: 0, latest: [], newer: [], told: 0, untold: 0 };
      for (const mark of document.querySelectorAll("[data-leaf] [data-says], [data-leaf][data-says]")) {
        this.compare(mark, found);
      }
      document.querySelectorAll("[data-tape]").forEach((run) => this.lay(run, found));
      document.querySelectorAll("[data-story]").forEach((story) => this.tell(story, found));
      this.add(found);
      this.take({ same: this.absences.map(({ mark }) => mark), wrong: [] }, found);
      this.conclude(found);
    } catch (error) {
      this.doubt(error);
    }
  }

  compare(mark, found) {
    if (mark.dataset.tapeOf !== undefined) return;
    const scope = mark.closest("[data-leaf]");
    const index = BigInt(scope.dataset.leaf);
    const leaf = this.leaves.get(index);
    if (leaf === undefined) return;
    const [form, source] = mark.dataset.says.split(" ");
    if (form === "word") return this.compareWord(mark, found, { leaf, index, field: source });
    const move = moveOf(leaf, scope.dataset.out, scope.dataset.in);
    const fund = mark.closest("[data-tape]")?.dataset.tape;
    const stated = statedFigures(source, { leaf, index, move, fund });
    const shown = shownFigure(form, mark.textContent, scope.dataset.unit ?? "fen");
    const rightLeaf = scope.dataset.id === undefined || scope.dataset.id === leaf.id;
    // What only some statements of a kind say is compared where it is said.
    if (mark.dataset.may !== undefined && stated.length === 0) return;
    found.figures += 1;
    if (rightLeaf && stated.includes(shown)) return this.same(mark);
    const unit = scope.dataset.unit ?? "fen";
    const inForm = (value) => inFormOf(form, mark.textContent, value, unit);
    const instead = rightLeaf ? stated.map(inForm).join(" / ") || "–" : leaf.id;
    this.differs(mark, found, { shown: mark.textContent.trim(), index, stated: instead });
  }

  // A word that the leaf only commits to: the salt beside it and what is shown must open the commitment.
  compareWord(mark, found, { leaf, index, field }) {
    found.figures += 1;
    const shown = mark.textContent;
    // A page has line feeds where a form may have sent its own line ends.
    const spellings = [shown, shown.replaceAll("\n", "\r\n")];
    if (spellings.some((value) => opensWith(leaf, mark.dataset.salt, field, value))) return this.same(mark);
    this.differs(mark, found, { shown: shown.slice(0, WORD_SHOWN), index, field }, "differs.word");
  }

  // So that a reader sees what was compared, and what was not.
  same(mark) {
    mark.classList.add("proof-same");
  }

  differs(mark, found, what, words = "differs") {
    mark.classList.add("proof-differs");
    mark.classList.remove("proof-same");
    found.differs.push({ ...what, words });
  }

  // A run of movements lies end to end, and the totals beside it are where it ends.
  lay(run, found) {
    const fund = run.dataset.tape;
    const indices = new Set(Array.from(run.querySelectorAll("[data-leaf]"), (row) => BigInt(row.dataset.leaf)));
    const leaves = [...indices].map((index) => this.leaves.get(index));
    if (leaves.length === 0 || leaves.includes(undefined)) return;
    const laid = tileTape(leaves, fund);
    found.tapes += 1;
    found.rows += leaves.length;
    if (run.dataset.newest === undefined) return;
    this.compareNewest(fund, [...indices], found);
    // Seen from its beginning, a tape without a movement out has had none.
    const whole = laid.in === null || laid.in.start === 0;
    const ends = { in: laid.in?.end, out: laid.out?.end ?? (whole ? 0 : undefined) };
    if (ends.in !== undefined && ends.out !== undefined) ends.rest = ends.in - ends.out;
    for (const mark of document.querySelectorAll(`[data-tape-of="${fund}"][data-says]`)) {
      const [form, side] = mark.dataset.says.split(" ");
      if (ends[side] === undefined) continue;
      found.figures += 1;
      const shown = shownFigure(form, mark.textContent, mark.dataset.unit ?? "fen");
      if (shown === String(ends[side])) continue;
      const stated = inFormOf(form, mark.textContent, String(ends[side]), mark.dataset.unit ?? "fen");
      this.differs(mark, found, { shown: mark.textContent.trim(), index: [...indices][0], stated });
    }
  }

  // Takes over what a part of the page was found to be.
  take({ same = [], wrong }, found) {
    found.figures += same.length;
    same.forEach((mark) => this.same(mark));
    for (const { mark, words, ...what } of wrong) this.differs(mark, found, what, words);
  }

  // What became of the fen of a statement, followed along the tapes by the leaves that the page names.
  tell(story, found) {
    const judged = judgeStory(story, this.leaves);
    found.told += judged.told;
    found.untold += judged.untold;
    this.take(judged, found);
  }

  // Figures that belong together fit together.
  add(found) {
    const { count, wrong } = judgeSums(document);
    found.sums = count;
    this.take({ wrong }, found);
  }

  // Proved is only what the index covers: a statement that came after it is newer than the proof, not than the page.
  compareNewest(fund, indices, found) {
    const newest = this.newest.get(fund);
    if (!newest) return;
    const shown = indices.reduce((most, index) => (index > most ? index : most));
    // What came after the checkpoint that the page speaks of is counted with its stream.
    const stream = `fund/${fund.slice("fnd_".length)}`;
    const sealed = this.ends.find((end) => end?.name === stream)?.covers ?? newest.covers;
    if (newest.moves.some((index) => index > shown && index < sealed)) found.newer.push(newest);
    else if (newest.index > shown) return;
    else if (shown < newest.covers && newest.index === shown) found.latest.push(newest);
    else if (shown < newest.covers) throw new Refused("index.foreign", shown);
  }

  conclude(found) {
    const { words, checkpoint, compared, seen } = this;
    const steps = [
      words.text("step.checkpoint", { origin: checkpoint.origin, size: checkpoint.size }),
      words.text(this.memory.works === false ? "step.forbidden" : `step.${compared}`, { size: seen?.size }),
      words.text("step.leaves", { count: this.leaves.size }),
      words.text("step.figures", { count: found.figures }),
    ];
    const witnessed = this.witnessed();
    steps.push(this.witnessStep(witnessed));
    if (this.policySeen === "changed") steps.push(words.text("step.policy.changed"));
    if (found.tapes > 0) steps.push(words.text("step.tape", { count: found.rows }));
    if (found.told > 0) steps.push(words.text("step.story", { count: found.told }));
    if (found.untold > 0) steps.push(words.text("step.untold", { count: found.untold }));
    if (found.sums > 0) steps.push(words.text("step.sums", { count: found.sums }));
    for (const what of found.latest) steps.push(words.text("step.latest", what));
    for (const what of found.newer) steps.push(words.text("step.newer", what));
    const ends = this.ends.filter((end) => end !== null);
    for (const end of ends) steps.push(words.text("step.stream", end));
    for (const { step, ...what } of this.absences) steps.push(words.text(`step.${step}`, what));
    const later = ends.reduce((sum, end) => sum + end.later, 0);
    if (this.far > 0) steps.push(words.text("step.far", { count: this.far }));
    if (this.whole !== null) this.whole.hidden = this.far === 0;
    if (found.differs.length > 0) {
      const lines = found.differs.map((what) => words.text(what.words, what));
      this.show("mismatch", "mismatch.figures", lines);
      this.quote(found.differs);
    } else if (found.newer.length > 0) {
      this.show("cannot", "cannot.newer", steps);
    } else if (found.figures === 0) {
      this.show("cannot", "cannot.nothing", steps);
    } else {
      const sentence = later > 0 ? "verified.later" : this.far > 0 ? "verified.far" : "verified";
      this.show("verified", sentence, steps, { count: found.figures, later, far: this.far });
      this.standing(witnessed);
    }
  }

  // A statement only commits to words. What it committed to is fetched for whoever reads that they were changed, and shown if
  // it opens the commitment; nothing hangs on it.
  async quote(differs) {
    for (const [at, { words, index, field }] of differs.entries()) {
      if (words !== "differs.word") continue;
      const line = this.steps.children[at];
      const value = await publishedWord(index, this.leaves.get(index), field);
      if (value === null || line?.parentNode !== this.steps) continue;
      line.append(" ", this.words.text("differs.right", { value: value.length > WORD_SHOWN ? `${value.slice(0, WORD_SHOWN)}…` : value }));
    }
  }

  // How the leaves that this page shows stand with the witnesses: "final" only if all of them do. A site that had a
  // policy and has none now is not believed to need none.
  witnessed() {
    const { standing, size } = this.witnesses;
    if (standing === "operator_only") return this.policySeen === "gone" ? "gone" : standing;
    return [...this.leaves.keys()].every((index) => index < size) ? "final" : "waiting";
  }

  witnessStep(witnessed) {
    const { signed, size, ofOneHand } = this.witnesses;
    const names = signed.map(({ name }) => name).join(", ");
    return this.words.text(`step.witnesses.${witnessed === "final" && ofOneHand ? "own" : witnessed}`, { names, size });
  }

  // What is verified and waits for witnesses is not shown as what is final.
  standing(witnessed) {
    this.section.dataset.witnesses = witnessed;
    if (this.anew !== null) this.anew.hidden = witnessed !== "gone";
    if (!this.words.has(`label.${witnessed}`)) return;
    this.state.querySelector("b").textContent = this.words.text(`label.${witnessed}`);
  }

  doubt(error) {
    if (error instanceof Unreachable) {
      this.show("cannot", "cannot", [this.words.reason(error.code)]);
      return;
    }
    // A fault of this script is no proof of anything either.
    if (!(error instanceof Refused)) {
      console.error(error);
      this.show("cannot", "cannot.fault", [String(error)]);
      return;
    }
    if (this.anew !== null) this.anew.hidden = !/^(memory|key)\./.test(error.code);
    this.show("mismatch", "mismatch", [`${this.words.reason(error.code)} [${error.code}]`]);
  }

  show(state, sentence, lines = [], values = {}) {
    this.section.dataset.proof = state;
    delete this.section.dataset.witnesses;
    this.state.replaceChildren(
      element("b", this.words.text(`label.${state}`)),
      document.createTextNode(" "),
      element("span", this.words.text(`say.${sentence}`, values)),
    );
    this.steps.replaceChildren(...lines.map((line) => element("li", line)));
    if (this.again !== null) this.again.hidden = state === "checking";
    if (state === "mismatch") this.section.querySelector("details").open = true;
  }
}

// The public word beside a statement, if the house publishes it and it opens what the statement committed to; or null.
async function publishedWord(index, leaf, field) {
  try {
    const bytes = await overHttp("/api/v1/log/")(`leaves/${index}`, true);
    const { salt, value } = JSON.parse(fromUtf8(bytes)).openings.find((one) => one.field === field);
    checkOpening(leaf, field, parseDigest(salt), value);
    return value;
  } catch {
    return null;
  }
}

function opensWith(leaf, written, field, value) {
  const salt = fromBase64(written ?? "");
  if (salt === null) return false;
  try {
    checkOpening(leaf, field, salt, value);
    return true;
  } catch (error) {
    if (error instanceof Refused) return false;
    throw error;
  }
}

// All leaves that a page names: those of its parts, and those on the way of its stories.
function leavesNamed(page) {
  const scopes = Array.from(page.querySelectorAll("[data-leaf]"), (scope) => scope.dataset.leaf);
  const stories = Array.from(page.querySelectorAll("[data-story]"), (story) => story.dataset.story);
  const ways = Array.from(page.querySelectorAll("[data-story] [data-walk]"), (item) => item.dataset.walk.split(" "));
  return [...scopes, ...stories, ...ways.flat()];
}

function inParts(list, length) {
  return Array.from({ length: Math.ceil(list.length / length) }, (_, at) => list.slice(at * length, (at + 1) * length));
}

// What the page says of whole streams.
function streamsOf(page) {
  const read = (line, part) => shownFigure("count", line.querySelector(`[data-part="${part}"]`)?.textContent ?? "");
  const all = Array.from(page.querySelectorAll("[data-stream]"), (line) => ({
    name: line.dataset.stream,
    count: Number(read(line, "count")),
    // What the reader sees of it is compared with this leaf like every other figure.
    index: BigInt(line.dataset.leaf),
    sealed: BigInt(read(line, "sealed") ?? 0),
  }));
  const unread = all.find(({ count, sealed }) => !(count > 0) || sealed === 0n);
  if (unread !== undefined) throw new Refused("index.foreign", unread.name);
  return all;
}

// The keys of the site's log. On the first visit they come from the site like everything else; later ones must have been
// announced by those that this browser believed.
async function siteKeys(get, memory) {
  const bytes = (await get("vkeys", false)) ?? (await get("vkey", false));
  const text = bytes === null ? null : fromUtf8(bytes);
  if (text === null) throw new Unreachable("log.missing_file");
  const served = parseKeyHistory(text);
  if (served.keys.length === 0) throw new Unreachable("log.missing_file");
  const seen = memory.recall();
  const kept = seen === null ? served : parseKeyHistory(seen.key);
  const roots = kept.keys.length === 0 ? served.keys : kept.keys;
  if (roots[0].name !== served.keys[0].name) throw new Refused("memory.other_log", roots[0].name);
  const trusted = new TrustedKeys(roots[0].name, roots);
  trusted.recall(kept);
  trusted.follow(served);
  return trusted;
}

// Reading localStorage itself may be forbidden.
function storageOrNone() {
  try {
    return globalThis.localStorage;
  } catch {
    return null;
  }
}

export function beginBadges() {
  document.querySelectorAll("section[data-proof]").forEach((section) => new Badge(section).begin());
}
