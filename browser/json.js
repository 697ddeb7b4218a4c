// Canonical JSON as leaves speak it (RFC 8785 without floats and null), read character by character.
// Each value has one spelling, so reading strictly is the proof that the bytes are canonical.
import { Refused, fromUtf8 } from "./bytes.js";

const DEPTH_MAX = 8;
const KEY_BYTES_MAX_JSON = 40;
const INT_DIGITS = 16;
// Characters up to the next quote, backslash or control character.
const PLAIN_RUN = /[^"\\\x00-\x1f]*/y;
const SHORT_ESCAPES = { '"': '"', "\\": "\\", b: "\b", t: "\t", n: "\n", f: "\f", r: "\r" };

export function isKeyWord(text) {
  return text.length <= KEY_BYTES_MAX_JSON && /^[a-z0-9_]+$/.test(text);
}

// Characters whose meaning only their writer knows.
function hasPrivateUse(text) {
  return /[\u{e000}-\u{f8ff}\u{f0000}-\u{ffffd}\u{100000}-\u{10fffd}]/u.test(text);
}

// A place in a text that is being read. `isPublic` refuses characters for private use, which openings may have.
export class Reader {
  constructor(bytes, limit, isPublic) {
    if (bytes.length > limit) throw new Refused("json.size");
    const text = fromUtf8(bytes);
    if (text === null) throw new Refused("json.utf8");
    this.text = text;
    this.at = 0;
    this.isPublic = isPublic;
  }

  fault(name) {
    throw new Refused(`json.${name}`, this.at);
  }

  end() {
    if (this.at !== this.text.length) this.fault("form");
  }

  peek() {
    return this.text[this.at];
  }

  take(letter) {
    const here = this.peek() === letter;
    if (here) this.at += 1;
    return here;
  }

  letter(letter) {
    if (!this.take(letter)) this.fault("form");
  }

  // The next key of an object whose `{` was read, with its colon; null at its end. Keys ascend.
  nextKey(last) {
    if (this.take("}")) return null;
    if (last !== null) this.letter(",");
    const key = this.plain();
    if (!isKeyWord(key)) this.fault("key");
    if (last !== null && last >= key) this.fault("order");
    this.letter(":");
    return key;
  }

  // Whether another item of a list follows, whose `[` was read; `count` came before.
  nextItem(count) {
    if (this.take("]")) return false;
    if (count > 0) this.letter(",");
    return true;
  }

  // A text without escapes.
  plain() {
    const start = this.at;
    const text = this.string();
    if (this.text.slice(start, this.at).includes("\\")) this.fault("form");
    return text;
  }

  string() {
    this.letter('"');
    let text = "";
    for (;;) {
      PLAIN_RUN.lastIndex = this.at;
      const run = PLAIN_RUN.exec(this.text)[0];
      this.at += run.length;
      text += run;
      if (this.take('"')) break;
      if (this.peek() !== "\\") this.fault("form");
      text += this.escape();
    }
    if (this.isPublic && hasPrivateUse(text)) this.fault("private_use");
    return text;
  }

  // The one escape that the canonical form allows for a character.
  escape() {
    const short = SHORT_ESCAPES[this.text[this.at + 1]];
    if (short !== undefined) {
      this.at += 2;
      return short;
    }
    const long = /^\\u00([01][0-9a-f])/.exec(this.text.slice(this.at, this.at + 6));
    const letter = long === null ? "" : String.fromCharCode(parseInt(long[1], 16));
    if (letter === "" || "\b\t\n\f\r".includes(letter)) this.fault("form");
    this.at += 6;
    return letter;
  }

  int() {
    const negative = this.take("-");
    const digits = /^[0-9]*/.exec(this.text.slice(this.at, this.at + INT_DIGITS + 1))[0];
    if (digits.length > INT_DIGITS) this.fault("int");
    this.at += digits.length;
    if (digits === "" || (digits[0] === "0" && (digits.length > 1 || negative))) this.fault("form");
    if (this.at < this.text.length && ".eE".includes(this.peek())) this.fault("float");
    const value = Number(digits);
    if (value > Number.MAX_SAFE_INTEGER) this.fault("int");
    return negative ? -value : value;
  }

  // Any value that stands in `depth` lists and objects. Objects are Maps, so that no key is special.
  value(depth) {
    const next = this.peek() ?? "";
    if (next === '"') return this.string();
    if (next !== "" && "-0123456789".includes(next)) return this.int();
    if ((next === "[" || next === "{") && depth >= DEPTH_MAX) this.fault("depth");
    if (next === "[") return this.list(() => this.value(depth + 1));
    if (next === "{") return this.object(() => this.value(depth + 1));
    if (next === "n") this.fault("null");
    for (const [word, value] of [
      ["true", true],
      ["false", false],
    ]) {
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length;
        return value;
      }
    }
    return this.fault("form");
  }

  list(item, limit = Infinity) {
    this.letter("[");
    const list = [];
    while (this.nextItem(list.length)) {
      if (list.length === limit) this.fault("size");
      list.push(item());
    }
    return list;
  }

  object(member, limit = Infinity) {
    this.letter("{");
    const map = new Map();
    let last = null;
    for (;;) {
      const key = this.nextKey(last);
      if (key === null) return map;
      if (map.size === limit) this.fault("size");
      map.set(key, member(key));
      last = key;
    }
  }
}

// Reads canonical bytes of at most `limit`.
export function parseJson(bytes, limit) {
  const reader = new Reader(bytes, limit, true);
  const value = reader.value(0);
  reader.end();
  return value;
}
