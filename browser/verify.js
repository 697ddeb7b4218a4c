// The verify page: a proof file is dropped, chosen, pasted or fetched by its code, and judged here, in this browser.
// The same script runs on the page that is saved to disk; that one has no log to ask and says so.
import { Refused, toBase64Url, toUtf8 } from "./bytes.js";
import { LogReader, Unreachable, compareWithSeen, overHttp } from "./client.js";
import { KINDS, VOCABULARY } from "./kinds.js";
import { dayOf, isPrinted } from "./leaf.js";
import { Memory } from "./memory.js";
import { parseKey } from "./note.js";
import { judgeByPolicy, parsePolicy, witnessQuorum } from "./policy.js";
import { PROOF_FILE_BYTES_MAX, checkReceipt, readReceipt } from "./receipt.js";
import { leafHash } from "./tree.js";
import { Words, element } from "./words.js";

const CODE = /(?:^|[^A-Za-z0-9])(don_[0-9A-Za-z]{14})(?![0-9A-Za-z])/;
// How every proof file begins.
const MAGIC = "c2sp.org/tlog-proof";
const SCAN_EVERY_MS = 250;
const SHOWN_VALUE_MAX = 4000;

// What was pasted, typed or scanned: a proof file itself, or the code of a receipt with its token if it came along.
export function readPasted(text) {
  const trimmed = text.trim();
  if (trimmed.startsWith(MAGIC)) {
    // Copying loses the last line feed and may bring carriage returns; both are no part of the statement.
    return { proof: toUtf8(`${trimmed.replaceAll("\r\n", "\n")}\n`) };
  }
  const code = CODE.exec(trimmed);
  // People copy numbers in small letters, and O for 0, I and L for 1.
  const body = code?.[1].slice(4).toUpperCase().replaceAll("O", "0").replaceAll(/[IL]/g, "1");
  if (body === undefined || !isPrinted(`don_${body}`, "don")) throw new Unreachable("paste.unknown");
  const token = /[?&]token=([A-Za-z0-9_-]+)/.exec(trimmed);
  return { donation: `don_${body}`, token: token?.[1] };
}

const beginsAs = (bytes, text) => [...text].every((letter, at) => bytes[at] === letter.charCodeAt(0));

// Fen as `1,234.50`.
export function yuanText(fen) {
  const digits = String(fen).replace("-", "").padStart(3, "0");
  const whole = digits.slice(0, -2).replaceAll(/\B(?=([0-9]{3})+$)/g, ",");
  return `${fen < 0 ? "-" : ""}${whole}.${digits.slice(-2)}`;
}

class VerifyPage {
  constructor(section) {
    this.section = section;
    this.words = new Words(section.querySelector("template[data-texts]").content);
    this.result = section.querySelector("[data-result]");
    this.key = section.querySelector("[data-key-input]");
    this.policy = section.querySelector("[data-policy-input]");
    this.log = section.dataset.log;
  }

  begin() {
    const form = this.section.querySelector("form");
    const file = this.section.querySelector("input[type=file]");
    const drop = this.section.querySelector("[data-drop]");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.judge(() => this.pasted(form.elements.namedItem("q").value));
    });
    file.addEventListener("change", () => this.takeFile(file.files[0]));
    drop.addEventListener("dragover", (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
    drop.addEventListener("dragleave", () => drop.classList.remove("over"));
    // Anywhere on the page, so that a file that misses the field does not open in its place.
    document.addEventListener("dragover", (event) => event.preventDefault());
    document.addEventListener("drop", (event) => {
      event.preventDefault();
      drop.classList.remove("over");
      this.takeFile(event.dataTransfer.files[0]);
    });
    this.prepareCamera();
    this.section.querySelectorAll("[data-needs-script]").forEach((part) => {
      part.hidden = false;
    });
  }

  takeFile(file) {
    if (file === undefined) return;
    this.judge(async () => {
      if (file.type.startsWith("image/")) return this.pasted(await this.codeOfPicture(file));
      if (file.size > PROOF_FILE_BYTES_MAX) throw new Refused("tlog.proof_file.too_large");
      const bytes = new Uint8Array(await file.arrayBuffer());
      // Some other file was taken by mistake: nothing is wrong with anybody's receipt.
      if (!beginsAs(bytes, MAGIC)) throw new Unreachable("file.other");
      return bytes;
    });
  }

  // The bytes of the proof file that was meant.
  async pasted(text) {
    const meant = readPasted(text);
    if (meant.proof !== undefined) return meant.proof;
    if (this.log === undefined) throw new Unreachable("paste.offline");
    const token = meant.token === undefined ? "" : `?token=${meant.token}`;
    const bytes = await overHttp("/donations/")(`${meant.donation}/proof${token}`, true);
    if (bytes === null) throw new Unreachable("paste.not_found");
    const proof = readReceipt(bytes);
    // Another gift's true receipt is not an answer.
    const { leaf } = this.check(proof);
    if (leaf.id !== meant.donation) throw new Refused("paste.other_receipt", leaf.id);
    return bytes;
  }

  check(proof) {
    const keys = this.key.value
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "")
      .map(parseKey)
      .filter(({ name }) => name === proof.origin);
    if (keys.length === 0) throw new Unreachable("key.missing");
    return { ...checkReceipt(proof, proof.origin, keys), keys, ...witnessesByPolicy(this.policy.value, proof) };
  }

  async judge(read) {
    this.say("checking", []);
    try {
      const proved = this.check(readReceipt(await read()));
      // The proof stands by itself; that it belongs to the log of today is asked where there is a network.
      this.sayProved(proved, "offline");
      if (this.log !== undefined) await this.askLog(proved);
    } catch (error) {
      if (error instanceof Refused) this.say("mismatch", [this.paragraph(this.words.reason(error.code)), this.folded(error.code)]);
      else if (error instanceof Unreachable) this.say("cannot", [this.paragraph(this.words.reason(error.code))]);
      else {
        console.error(error);
        this.say("cannot", [this.paragraph(String(error))]);
      }
    }
  }

  // Whether today's log begins with the log of the receipt.
  async askLog(proved) {
    if (proved.checkpoint.origin !== this.section.dataset.origin) return;
    const reader = new LogReader(overHttp(this.log), proved.checkpoint.origin, proved.keys);
    try {
      const newest = await reader.checkpoint();
      if (proved.checkpoint.size > newest.size) throw new Refused("memory.rollback", proved.checkpoint.size);
      await reader.consistency(proved.checkpoint, newest);
      await compareWithSeen(reader, new Memory(globalThis.localStorage), newest);
      this.sayProved(proved, "online");
    } catch (error) {
      if (error instanceof Refused) throw error;
      this.sayProved(proved, "unreachable");
    }
  }

  shown({ index, leaf, bytes, opened, checkpoint, understood, standing, signed }, log) {
    const { words } = this;
    const rows = [
      ["kind", words.has(`kind.${leaf.kind}`) ? words.text(`kind.${leaf.kind}`) : (KINDS[leaf.kind]?.title ?? leaf.kind)],
      ["id", leaf.id],
      ["organisation", leaf.organisation],
      ["day", dayOf(leaf.time)],
      ...leaf.moves.map((move) => ["move", this.moveText(leaf, move)]),
    ].map(([name, value]) => [words.text(`part.${name}`), value]);
    for (const [key, value] of leaf.data) {
      // The words of leaves have Chinese titles only; to others they are shown as they stand.
      const title = document.documentElement.lang.startsWith("zh") ? (VOCABULARY[key]?.title ?? key) : key;
      rows.push([title, valueText(value)]);
    }
    for (const [field, value] of opened) rows.push(...this.openedRows(field, value));
    rows.push([words.text("part.place"), words.text("place", { origin: checkpoint.origin, size: checkpoint.size, index })]);
    rows.push([words.text("part.hash"), toBase64Url(leafHash(bytes))]);
    const facts = document.createElement("dl");
    facts.className = "facts";
    for (const [title, value] of rows.filter(([, text]) => text !== undefined)) {
      const row = document.createElement("div");
      row.append(element("dt", title), element("dd", value));
      facts.append(row);
    }
    const names = signed.map(({ name }) => name).join(", ");
    const witnesses = `witnesses.${standing}`;
    const notes = ["proved", witnesses, `log.${log}`, "unproved", ...(understood ? [] : ["unknown_kind"])];
    return [facts, ...notes.map((name) => this.paragraph(words.text(`note.${name}`, { names })))];
  }

  moveText(leaf, { n, from, to }) {
    const amount = leaf.kind === "goods/1" ? this.words.text("units", { n }) : this.words.text("yuan", { n: yuanText(n) });
    const side = ({ fund, span }) => (span === undefined ? fund : `${fund} [${span[0]}, ${span[1]})`);
    if (from.fund === undefined) return this.words.text("move.in", { amount, to: side(to) });
    if (to.fund === undefined) return this.words.text("move.out", { amount, from: side(from) });
    return this.words.text("move.between", { amount, from: side(from), to: side(to) });
  }

  // A value of several words is canonical JSON of them; any other value is one text.
  openedRows(field, value) {
    let words = null;
    try {
      words = JSON.parse(value);
    } catch {
      words = null;
    }
    const title = (name) => (this.words.has(`opened.${name}`) ? this.words.text(`opened.${name}`) : name);
    if (words === null || typeof words !== "object" || Array.isArray(words)) return [[title(field), cut(value)]];
    return Object.entries(words).map(([name, text]) => [title(name), cut(typeof text === "string" ? text : JSON.stringify(text))]);
  }

  // The code of a reason is for those who look it up.
  folded(code) {
    const details = element("details", "");
    details.append(element("summary", this.words.text("detail")), element("code", code));
    return details;
  }

  paragraph(text) {
    return element("p", text);
  }

  // What still waits for witnesses is not shown as what is final.
  sayProved(proved, log) {
    this.say("verified", this.shown(proved, log));
    this.result.dataset.witnesses = proved.standing;
    if (proved.standing === "waiting") this.result.querySelector("b").textContent = this.words.text("label.waiting");
  }

  say(state, parts) {
    this.result.dataset.proof = state;
    delete this.result.dataset.witnesses;
    const head = element("p", "");
    head.append(element("b", this.words.text(`label.${state}`)), " ", element("span", this.words.text(`say.${state}`)));
    this.result.replaceChildren(head, ...parts);
    this.result.hidden = false;
    if (state !== "checking") this.result.scrollIntoView({ block: "nearest" });
  }

  // Only some browsers can read a QR code by themselves; the others say what to do.
  async prepareCamera() {
    const button = this.section.querySelector("[data-scan]");
    const without = this.section.querySelector("[data-no-scan]");
    const formats = (await globalThis.BarcodeDetector?.getSupportedFormats().catch(() => [])) ?? [];
    const able = formats.includes("qr_code");
    this.detector = able ? new globalThis.BarcodeDetector({ formats: ["qr_code"] }) : null;
    const camera = able && navigator.mediaDevices !== undefined && this.log !== undefined;
    if (button !== null) button.hidden = !camera;
    if (without !== null) without.hidden = camera;
    if (camera) button.addEventListener("click", () => this.judge(() => this.scan()));
  }

  async codeOfPicture(file) {
    if (!this.detector) throw new Unreachable("scan.unable");
    const found = await this.detector.detect(await createImageBitmap(file)).catch(() => []);
    if (found.length === 0) throw new Unreachable("scan.nothing");
    return found[0].rawValue;
  }

  async scan() {
    const video = this.section.querySelector("video");
    const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } }).catch(() => null);
    if (stream === null) throw new Unreachable("scan.forbidden");
    video.srcObject = stream;
    video.hidden = false;
    try {
      await video.play();
      for (;;) {
        const found = await this.detector.detect(video);
        if (found.length > 0) return await this.pasted(found[0].rawValue);
        await new Promise((done) => setTimeout(done, SCAN_EVERY_MS));
        if (!stream.active) throw new Unreachable("scan.nothing");
      }
    } finally {
      stream.getTracks().forEach((track) => track.stop());
      video.hidden = true;
    }
  }
}

// Who stands behind a receipt besides the operator, by the policy in the field; nobody is asked for if it is empty.
export function witnessesByPolicy(text, { note }) {
  if (text.trim() === "") return { standing: "not_asked", signed: [] };
  let policy = null;
  try {
    // A field of a page writes line ends in its own way.
    policy = parsePolicy(toUtf8(text.replaceAll("\r\n", "\n")));
  } catch (error) {
    // A policy that cannot be read says nothing about the receipt.
    throw error instanceof Refused ? new Unreachable("policy.unreadable") : error;
  }
  const { standing, signed } = policy.logs.length === 0 ? witnessQuorum(policy, note) : judgeByPolicy(policy, note);
  return { standing, signed };
}

function cut(text) {
  return text.length > SHOWN_VALUE_MAX ? `${text.slice(0, SHOWN_VALUE_MAX)}…` : text;
}

function valueText(value) {
  if (value instanceof Map) return JSON.stringify(Object.fromEntries(value));
  if (Array.isArray(value)) return value.map(valueText).join(" ");
  return String(value);
}

export function beginVerifyPage() {
  document.querySelectorAll("section[data-verify]").forEach((section) => new VerifyPage(section).begin());
}
