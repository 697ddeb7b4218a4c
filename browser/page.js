// A saved receipt read as text: what stands on it, and what of that is marked for comparison. Nothing in it runs, and
// whatever our own receipts do not have (a hidden part, another tag, another style) makes it a page that is not judged.
import { toHex, toUtf8 } from "./bytes.js";
import { sha256 } from "./sha2.js";

// SHA-256 of the styles with which receipts were saved so far: another style could hide what is compared and show something
// else. A test holds the last one to the template.
export const SAVED_STYLES = ["03028222d0d7d0056f0cc93672ab21f6d0e90af6416cce7ccd2b7a4f48b525c6"];

const HEAD = /^<!doctype html>\s*<html lang="[A-Za-z-]+">\s*<head>([^]*?)<\/head>\s*<body>([^]*)<\/body>\s*<\/html>\s*$/i;
const STYLE = /<style>([^<]*)<\/style>/g;
const CODE_PICTURE = /<svg class="qr"(?: [A-Za-z-]+="[^"<>]*")*><title>[^<>]*<\/title>(?:<path [^<>]*\/>)*<\/svg>/g;
const TAG = /<(\/?)([a-z][a-z0-9]*)((?: [a-z-]+(?:="[^"<>]*")?)*)>/y;
const ATTRIBUTE = / ([a-z-]+)(?:="([^"<>]*)")?/g;
const TAGS = ["main", "p", "h1", "h2", "table", "tbody", "tfoot", "tr", "th", "td", "b", "a", "code", "pre", "details", "summary", "span", "br"];
const ATTRIBUTES = ["class", "scope", "href", "download", "data-says", "data-unit", "data-among", "data-addend"];
const CLASSES = ["quiet", "num", "text", "button"];
const BLOCKS = ["p", "h1", "h2", "tr", "pre"];
const NESTED_MAX = 32;
const NAMED = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

const unescaped = (text) =>
  text.replaceAll(/&(?:#([0-9]{1,7})|([a-z]+));/g, (whole, number, name) => {
    if (number === undefined) return NAMED[name] ?? whole;
    return Number(number) <= 0x10ffff ? String.fromCodePoint(Number(number)) : whole;
  });

const inOneLine = (text) => text.trim().replaceAll(/\s+/g, " ");

// The attributes of a tag; null if one of them is none of ours.
function attributesOf(text) {
  const found = new Map(Array.from(text.matchAll(ATTRIBUTE), ([, name, value]) => [name, unescaped(value ?? "")]));
  const known = [...found.keys()].every((name) => ATTRIBUTES.includes(name));
  return known && CLASSES.includes(found.get("class") ?? "quiet") ? found : null;
}

// What stands on the page in its order: `{ tag, title, text, plain, has }`. `plain` is what no mark covers, `has` are the marks
// within, `{ says, unit, among, addend, text, title }`, and the links, `{ href, text }`. Null if the page is not written like one of ours.
export function savedParts(page) {
  const [, head, body] = HEAD.exec(page) ?? [];
  if (body === undefined) return null;
  const styles = Array.from(head.matchAll(STYLE), ([, text]) => toHex(sha256(toUtf8(unescaped(text)))));
  const rest = head.replaceAll(STYLE, "").replaceAll(/<(?:meta [^<>]*|title|\/title)>/g, "");
  if (styles.length !== 1 || !SAVED_STYLES.includes(styles[0]) || rest.includes("<")) return null;
  return partsOf(body.replaceAll(CODE_PICTURE, ""));
}

function partsOf(body) {
  const parts = [];
  const open = [{ tag: "body", text: "", plain: "", title: "", has: [] }];
  for (let at = 0; at < body.length; ) {
    const top = open.at(-1);
    if (body[at] !== "<") {
      const end = body.indexOf("<", at) < 0 ? body.length : body.indexOf("<", at);
      const text = unescaped(body.slice(at, end));
      // Words outside of every block belong to no part that could be named.
      if (open.length <= 2 && text.trim() !== "") return null;
      top.text += text;
      top.plain += text;
      at = end;
      continue;
    }
    TAG.lastIndex = at;
    const [whole, closing, tag, written] = TAG.exec(body) ?? [];
    const attributes = whole === undefined ? null : attributesOf(written);
    if (attributes === null || !TAGS.includes(tag)) return null;
    at += whole.length;
    if (tag === "br") {
      top.text += "\n";
      top.plain += " ";
    } else if (!closing) open.push({ tag, attributes, text: "", plain: "", title: "", has: [] });
    else if (open.length < 2 || top.tag !== tag) return null;
    else close(open, parts);
    if (open.length > NESTED_MAX) return null;
  }
  return open.length === 1 ? parts : null;
}

// Gives what a tag held to the one around it.
function close(open, parts) {
  const part = open.pop();
  const around = open.at(-1);
  const mark = Object.fromEntries(["says", "unit", "among", "addend"].map((name) => [name, part.attributes.get(`data-${name}`)]));
  const isMarked = mark.says !== undefined || mark.among !== undefined || mark.addend !== undefined;
  if (isMarked) part.has.push({ ...mark, text: part.text });
  const href = part.attributes.get("href");
  if (href !== undefined) part.has.push({ href, text: part.text });
  if (BLOCKS.includes(part.tag)) {
    const [text, plain] = part.tag === "pre" ? [part.text, part.plain] : [part.text, part.plain].map(inOneLine);
    const isLong = part.attributes.get("class") === "text";
    // What a mark in a row is about stands at the head of the row.
    for (const one of part.has) one.title = inOneLine(part.title);
    parts.push({ tag: part.tag, title: inOneLine(part.title), text, plain: mark.says === undefined ? plain : "", has: part.has, isLong });
    around.has.push(...part.has);
    return;
  }
  if (part.tag === "th") around.title += part.text;
  else if (part.tag === "td") {
    around.text += `${part.text} `;
    around.plain += mark.says === undefined ? `${part.plain} ` : "";
  } else {
    around.text += part.text;
    around.plain += mark.says === undefined ? part.plain : "";
  }
  around.has.push(...part.has);
}
