// Figures of a page that belong together. Whether they are true only their records tell; but if one of them was changed,
// they do not fit any more.
//
//   data-total="raised"           what the parts of this name add up to; alone, only a figure with a name
//   data-addend="raised"          one of the parts
//   data-among="raised"           every amount in this text is one of the figures of this name
//   data-ratio="delivered raised" this percentage is the first figure as a share of the second
//   data-sums                     names within mean something else than the same names elsewhere: a row
import { inFormOf, shownFigure } from "./figures.js";

const AMOUNT = /[-−]?¥?[0-9][0-9,]*\.[0-9]{2}(?![0-9%])/g;
const WHOLE = 10000n;

const unitOf = (mark) => mark.closest("[data-unit]")?.dataset.unit ?? "fen";

function amountOf(mark) {
  const text = shownFigure("amount", mark.textContent, unitOf(mark));
  return text === null ? null : BigInt(text);
}

// The figures of each name.
function groupsOf(page) {
  const groups = new Map();
  const scopes = [...page.querySelectorAll("[data-sums]")];
  const add = (names, part, mark) => {
    const scope = scopes.indexOf(mark.closest("[data-sums]"));
    for (const plain of names.split(" ")) {
      const name = scope < 0 ? plain : `${scope} ${plain}`;
      if (!groups.has(name)) groups.set(name, { totals: [], addends: [] });
      groups.get(name)[part].push(mark);
    }
  };
  page.querySelectorAll("[data-total]").forEach((mark) => add(mark.dataset.total, "totals", mark));
  page.querySelectorAll("[data-addend]").forEach((mark) => add(mark.dataset.addend, "addends", mark));
  return groups;
}

const isNumber = (amount) => amount !== null;

// What is `wrong`, because it does not fit: `{ mark, shown, stated }`. `count` is how many figures were looked at.
export function judgeSums(page) {
  const groups = groupsOf(page);
  const wrong = [];
  let count = 0;
  const differs = (mark, stated) => wrong.push({ mark, words: "differs.sum", shown: mark.textContent.trim(), stated });
  for (const { totals, addends } of groups.values()) {
    if (totals.length === 0 || addends.length === 0) continue;
    const parts = addends.map(amountOf);
    const sum = parts.every(isNumber) ? parts.reduce((all, part) => all + part, 0n) : null;
    count += totals.length;
    for (const total of totals) if (sum === null || amountOf(total) !== sum) differs(total, inYuan(sum, total));
  }
  for (const mark of page.querySelectorAll("[data-among]")) {
    const group = groups.get(mark.dataset.among);
    const known = group === undefined ? [] : [...group.totals, ...group.addends].map(amountOf).filter(isNumber);
    const said = (mark.textContent.match(AMOUNT) ?? []).map((text) => BigInt(shownFigure("amount", text, "fen")));
    count += said.length;
    const odd = said.some((amount) => !known.includes(amount));
    if (odd) differs(mark, [...new Set(known)].map((amount) => inFormOf("amount", (mark.textContent.match(AMOUNT) ?? ["0"])[0], String(amount), "fen")).join(" / ") || "–");
  }
  for (const mark of page.querySelectorAll("[data-ratio]")) {
    const [part, whole] = mark.dataset.ratio.split(" ").map((name) => groups.get(name)?.totals[0]);
    const share = shownFigure("percent", mark.textContent);
    count += 1;
    if (share === null || !isShare(BigInt(share), amountOf(part), amountOf(whole))) differs(mark, shareOf(mark, amountOf(part), amountOf(whole)));
  }
  return { count, wrong };
}

// Pages round to hundredths of a per cent, one way or the other.
function isShare(share, part, whole) {
  if (!isNumber(part) || !isNumber(whole) || whole <= 0n) return false;
  const off = share * whole - part * WHOLE;
  return off < whole && -off < whole;
}

// The share in the form of the text that is wrong; hundredths of a per cent are cut off, as pages do.
function shareOf(mark, part, whole) {
  if (!isNumber(part) || !isNumber(whole) || whole <= 0n) return "–";
  const [said] = mark.textContent.match(/[0-9.,]+%/) ?? ["0%"];
  return inFormOf("percent", said, String((part * WHOLE) / whole), "");
}

function inYuan(sum, mark) {
  return sum === null ? "–" : inFormOf("amount", mark.textContent, String(sum), unitOf(mark));
}
