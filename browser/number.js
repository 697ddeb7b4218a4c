// Numbers of receipts as people type them, and what is wrong with one that nobody can have (crates/kernel/src/id_cipher.rs).

const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const BODY_LETTERS = 14;
const BEGINS = /(?:^|[^A-Za-z0-9])(don|mov|dsb|dlv|int)[_ -]/i;
// Letters that people put between those of a number.
const BETWEEN = /[\s_‐–—-]/g;
// What ends a number: the rest of an address, or of a sentence.
const NO_NUMBER = /[^0-9A-Za-z\uff10-\uff5a\s_‐–—-]/;
const SAID_MAX = 60;

// The check letter: a sum in the field of 32 with x^5 = x^2 + 1. No key is needed for it.
export function isChecked(body) {
  let check = 0;
  [...body].forEach((letter, at) => {
    check ^= LETTERS.indexOf(letter);
    if (at === body.length - 1) return;
    check <<= 1;
    if ((check & 32) !== 0) check ^= 0b100101;
  });
  return check === 0;
}

// What stands behind the beginning of a number, as it would be printed: full width, small letters, O for 0, I and L for 1.
export function bodyOf(text) {
  const narrow = [...text].map((c) => (c >= "\uff01" && c <= "\uff5e" ? String.fromCharCode(c.charCodeAt(0) - 0xfee0) : c)).join("");
  return narrow.replaceAll(BETWEEN, "").toUpperCase().replaceAll("O", "0").replaceAll(/[IL]/g, "1");
}

// Reads a number of a receipt. Answers `{ kind, body }`, or `{ wrong }`: "length", "letter" or "check"; null where no number was
// meant.
export function readNumber(text) {
  const trimmed = text.trim();
  const begun = BEGINS.exec(trimmed);
  const kind = begun?.[1].toLowerCase() ?? "don";
  const behind = begun === null ? trimmed.replace(/^don/i, "") : trimmed.slice(begun.index + begun[0].length);
  const [first] = behind.split(NO_NUMBER);
  if (first.length > SAID_MAX) return null;
  // Words may follow a number that is written in one piece.
  const [piece] = first.trim().split(/\s/);
  const body = bodyOf(bodyOf(piece).length === BODY_LETTERS ? piece : first);
  const isFormed = [...body].every((letter) => LETTERS.includes(letter));
  if (begun === null && (body.length !== BODY_LETTERS || !isFormed)) return null;
  if (body.length !== BODY_LETTERS) return { kind, wrong: "length" };
  if (!isFormed) return { kind, wrong: "letter" };
  return isChecked(body) ? { kind, body } : { kind, wrong: "check" };
}
