// A story on a page, compared with the statements that it names.
//
//   data-story="12" data-unit     the leaf that the story begins with; data-into: only with this side of it, `fund start end`
//   data-whole                    nothing of it is told on another page
//   data-at, data-length, data-unit, data-walk="14 20"   a run of it, and the leaves that moved it on, in their order
//   data-ends                     a template with what the ends are called
//   data-part="share|end|day"     what the page says of the run: how much it is, what became of it, when
import { inFormOf, shownFigure } from "./figures.js";
import { bookedOn } from "./leaf.js";
import { beginnings, endsOf, follow, takenBy, tilesStory } from "./story.js";
import { Words } from "./words.js";

function runsOf(story) {
  return Array.from(story.querySelectorAll("[data-walk]"), (item) => ({
    item,
    at: Number(item.dataset.at),
    length: Number(item.dataset.length),
    path: item.dataset.walk.split(" ").filter((text) => text !== "").map(BigInt),
  }));
}

// What a run shows, where its way led: `[part, whether a text says so, what the statements say in the form of a text]`.
function saidOf(run, place, { unit, words }) {
  const said = [];
  const { item, length, leaves } = run;
  const like = (form, stated) => (text) => inFormOf(form, text, String(stated), unit);
  if (item.dataset.unit === unit) said.push(["share", (text) => shownFigure("amount", text, unit) === String(length), like("amount", length)]);
  if (place === null) return said;
  const ends = endsOf(place).map((end) => words.text(end));
  said.push(["end", (text) => ends.includes(text), () => ends.join(" / ")]);
  if (place.left === undefined) return said;
  const day = bookedOn(leaves.at(-1));
  return [...said, ["day", (text) => shownFigure("day", text) === day, like("day", day)]];
}

function judgeRun(run, context, found) {
  const { sides, known } = context;
  const index = run.path.at(-1) ?? context.start;
  const mark = (part) => run.item.querySelector(`[data-part="${part}"]`);
  const place = follow(sides, run, run.leaves.map((leaf) => ({ leaf, bytes: leaf.bytes })));
  found[place === null ? "untold" : "told"] += 1;
  const taken = place === null ? undefined : takenBy(place, known);
  if (taken !== undefined) found.wrong.push({ mark: mark("end"), shown: mark("end").textContent.trim(), index, stated: taken.id });
  for (const [part, says, stated] of saidOf(run, place, context)) {
    const shown = mark(part)?.textContent.trim();
    if (shown === undefined || (taken !== undefined && part === "end")) continue;
    if (says(shown)) found.same.push(mark(part));
    else found.wrong.push({ mark: mark(part), shown, index, stated: stated(shown) });
  }
}

// `leaves` are those that were read, by index. Answers the marks that are the `same`, what is `wrong`, and how many runs
// could be `told` or not. A run whose leaves were not read is left out. Refuses a way that leads nowhere ("story.astray").
export function judgeStory(story, leaves) {
  const found = { same: [], wrong: [], told: 0, untold: 0 };
  const start = BigInt(story.dataset.story);
  const begun = leaves.get(start);
  if (begun === undefined) return found;
  const sides = beginnings(begun, story.dataset.into);
  const words = new Words(story.querySelector("template[data-ends]").content);
  const unit = story.dataset.unit;
  const context = { start, sides, unit, words, known: [...leaves.values()] };
  const runs = runsOf(story);
  for (const run of runs) {
    const read = run.path.map((index) => leaves.get(index));
    if (!read.includes(undefined)) judgeRun({ ...run, leaves: read }, context, found);
  }
  // Small units of goods share what they were bought with.
  const counted = runs.every(({ item }) => item.dataset.unit === unit);
  if (counted && !tilesStory(sides, runs, story.dataset.whole !== undefined)) {
    found.wrong.push({ mark: story, words: "differs.story", shown: "", index: start, stated: "–" });
  }
  return found;
}
