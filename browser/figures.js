// Figures as a page shows them and as a leaf states them, brought to one spelling so that they can be compared.
// What a page shows is read from its visible text, never from an attribute.
import { bookedOn, dayOf } from "./leaf.js";

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const MONTH_NAMES = "January February March April May June July August September October November December".split(" ");
const BEIJING_AHEAD_MS = 8 * 3600 * 1000;
const NUMBER = /[-−]?¥?[0-9][0-9,]*(?:\.[0-9]+)?/g;

function numbersIn(text) {
  return (text.match(NUMBER) ?? []).map((number) => number.replaceAll(/[,¥]/g, "").replace("−", "-"));
}

// The one number of a text in steps of 10^-places; null if there is none, or another one beside it.
function scaled(text, places) {
  const found = numbersIn(text);
  const parts = found.length === 1 ? /^(-?)([0-9]+)(?:\.([0-9]+))?$/.exec(found[0]) : null;
  if (parts === null || (parts[3] ?? "").length > places) return null;
  const digits = BigInt(parts[2] + (parts[3] ?? "").padEnd(places, "0"));
  return `${parts[1] && digits > 0n ? "-" : ""}${digits}`;
}

// `2026年11月22日`, `22 November 2026`, `November 22, 2026` or `2026-11-22`.
function shownDay(text) {
  const two = (number) => String(number).padStart(2, "0");
  const ordered = /([0-9]{4})[^0-9]+([0-9]{1,2})[^0-9]+([0-9]{1,2})/.exec(text);
  if (ordered !== null) return `${ordered[1]}-${two(ordered[2])}-${two(ordered[3])}`;
  const month = MONTHS.findIndex((name) => new RegExp(`\\b${name}`, "i").test(text)) + 1;
  const numbers = numbersIn(text);
  const year = numbers.find((number) => number.length === 4);
  const day = numbers.find((number) => number.length <= 2);
  return month > 0 && year && day ? `${year}-${two(month)}-${two(day)}` : null;
}

// Positions as people count them: the first is number 1 and the last is included.
function shownSpan(text) {
  const numbers = numbersIn(text).map(BigInt);
  if (numbers.length < 1 || numbers.length > 2) return null;
  return `${numbers[0] - 1n}-${numbers.at(-1)}`;
}

// A moment by the clocks of Beijing to the minute, `2026-11-29 07:05`; undefined where there is none.
export function momentInBeijing(time) {
  const at = Date.parse(time ?? "");
  return Number.isNaN(at) ? undefined : new Date(at + BEIJING_AHEAD_MS).toISOString().slice(0, 16).replace("T", " ");
}

function shownMoment(text) {
  const clock = /([0-9]{2}):([0-9]{2})\s*$/.exec(text.trim());
  const day = clock === null ? null : shownDay(text.slice(0, text.lastIndexOf(clock[0].trim())));
  return day === null ? null : `${day} ${clock[1]}:${clock[2]}`;
}

const SHOWN = {
  code: (text) => /[a-z]{3}_[0-9A-HJKMNP-TV-Z]{14}/.exec(text)?.[0] ?? null,
  amount: (text, unit) => scaled(text, unit === "fen" ? 2 : 0),
  count: (text) => scaled(text, 0),
  percent: (text) => scaled(text, 2),
  span: shownSpan,
  day: shownDay,
  moment: shownMoment,
  text: (text) => text.trim().replaceAll(/\s+/g, " "),
};

// What a page shows, in the one spelling; null if it cannot be read as such a figure.
export function shownFigure(form, text, unit) {
  return SHOWN[form](text, unit);
}

export const grouped = (digits) => String(digits).replaceAll(/\B(?=([0-9]{3})+$)/g, ",");

// A whole number of steps of 10^-places as people write it.
function unscaled(stated, places) {
  const digits = stated.replace("-", "").padStart(places + 1, "0");
  const [whole, rest] = [digits.slice(0, digits.length - places), digits.slice(digits.length - places)];
  return `${stated.startsWith("-") ? "-" : ""}${grouped(whole)}${places > 0 ? `.${rest}` : ""}`;
}

function dayInFormOf(text, day) {
  const [year, month, date] = day.split("-").map(Number);
  const named = MONTHS.some((name) => new RegExp(`\\b${name}`, "i").test(text));
  if (named) return `${date} ${MONTH_NAMES[month - 1]} ${year}`;
  return text.includes("年") ? `${year}年${month}月${date}日` : day;
}

// A day as pages in this language write it.
export function dayInWords(day, language) {
  return dayInFormOf(language.startsWith("zh") ? "年" : MONTH_NAMES[0], day);
}

// What a leaf states, written like the text that differs from it: `1,200,000.00元` in place of `900.00元`.
export function inFormOf(form, text, stated, unit) {
  const like = (number) => (numbersIn(text).length === 1 ? text.trim().replace(NUMBER, (old) => `${/^[-−]?¥/.test(old) ? "¥" : ""}${number}`) : number);
  const written = {
    amount: () => like(unscaled(stated, unit === "fen" ? 2 : 0)),
    count: () => like(grouped(stated)),
    percent: () => like(unscaled(stated, 2).replace(/\.?0+$/, "")),
    span: () => stated.split("-").map((end, at) => grouped(String(BigInt(end) + (at === 0 ? 1n : 0n)))).join("–"),
    day: () => dayInFormOf(text, stated),
    moment: () => `${dayInFormOf(text, stated.slice(0, 10))} ${stated.slice(11)}`,
  };
  return Object.hasOwn(written, form) ? written[form]() : stated;
}

function stated(source, { leaf, index, move }) {
  const word = source.startsWith("d.") ? leaf.data.get(source.slice(2)) : undefined;
  const own = {
    n: () => move?.n,
    sum: () => leaf.moves.reduce((sum, { n }) => sum + BigInt(n), 0n),
    in: () => move?.to.span?.join("-"),
    out: () => move?.from.span?.join("-"),
    t: () => dayOf(leaf.time),
    // What is paid straight to those it is meant for has reached them on that day.
    reached: () => leaf.data.get("scheme_day") ?? bookedOn(leaf),
    id: () => leaf.id,
    index: () => index,
    raw: () => leaf.raw,
  };
  return Object.hasOwn(own, source) ? own[source]() : word;
}

// The lengths that a leaf lays on one side of a fund's tape: a row of a fund shows one of them.
function lengthsOn(leaf, side, fund) {
  const ends = leaf.moves.filter((move) => move[side].fund === fund);
  return ends.map(({ n, [side]: { span } }) => (span === undefined ? n : span[1] - span[0]));
}

// What a leaf states, in the same spelling: all values that a page may show. None if it states nothing of the kind.
export function statedFigures(source, about) {
  if (source === "into") return lengthsOn(about.leaf, "to", about.fund).map(String);
  if (source === "out_of") return lengthsOn(about.leaf, "from", about.fund).map(String);
  const value = stated(source, about);
  return value === undefined ? [] : [String(value).trim().replaceAll(/\s+/g, " ")];
}

// The movement of a leaf that a row of a page is about: the one with these spans. Sides are written as on the page,
// `fund start end`. The only movement of a leaf needs no sides.
export function moveOf(leaf, out, into) {
  const written = (side) => (side.span === undefined ? side.fund : `${side.fund} ${side.span[0]} ${side.span[1]}`);
  const fits = leaf.moves.filter(
    (move) => (out === undefined || written(move.from) === out) && (into === undefined || written(move.to) === into),
  );
  return fits.length === 1 ? fits[0] : undefined;
}
