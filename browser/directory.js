// Where a name or a unified code stands in the log if anybody has it (crates/leaf/rules/directory-1.txt).
import { Refused, toHex, toUtf8 } from "./bytes.js";
import { sha256 } from "./sha2.js";

// SHA-256 of the rules of the directory; the vectors say it again.
export const DIRECTORY_RULES = "XtyXFdmludnqve1pKXUaVHpdpVYB8lZ0E075fZK8QXY";

// A text as the directory compares it (rule 3).
export function directoryText(text) {
  const narrow = (c) => (c >= "\uff01" && c <= "\uff5e" ? String.fromCharCode(c.charCodeAt(0) - 0xfee0) : c);
  const kept = [...text].map(narrow).filter((c) => /^[\p{Alphabetic}\p{N}]$/u.test(c));
  return kept.map((c) => c.toLowerCase()).join("");
}

// The stream in which a name or a code would stand (rule 4); null for a text that folds to nothing.
export function directoryStream(text) {
  const folded = directoryText(text);
  return folded === "" ? null : `known/${toHex(sha256(toUtf8(folded)).slice(0, 2))}`;
}

// The names and codes that a leaf gives somebody (rule 2).
export function directoryTexts({ kind, data }) {
  const words = { "organisation/1": ["name", "uscc"], "register/1": ["name"] }[kind] ?? [];
  return words.map((word) => data.get(word)).filter((text) => typeof text === "string");
}

// A stream of the directory stands on no leaf without a text of it (rule 5).
export function checkDirectory(leaf) {
  const said = leaf.streams.map(([name]) => name).filter((name) => name.startsWith("known/"));
  if (said.length === 0) return;
  const own = directoryTexts(leaf).map(directoryStream);
  if (said.some((name) => !own.includes(name))) throw new Refused("leaf.content", "st");
}
