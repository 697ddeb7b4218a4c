// The verify page: a proof file is dropped, chosen, pasted or fetched by its code, and judged here, in this browser.
// The same script runs on the page that is saved to disk; that one has no log to ask and says so.
import { Refused, fromUtf8, toUtf8 } from "./bytes.js";
import { LogReader, Unreachable, compareWithSeen, overHttp } from "./client.js";
import { certificateIn, checkCertificate, readCertificate } from "./certificate.js";
import { provedRegister, reasonOf, standingOf, todayInBeijing } from "./certificate.js";
import { checkCompleteness, isCompleteness } from "./completeness.js";
import { engineersDetails } from "./details.js";
import { Memory } from "./memory.js";
import { parseKey } from "./note.js";
import { readNumber } from "./number.js";
import { CodeReader } from "./picture.js";
import { areOfOneHand, judgeByPolicy, parsePolicy, witnessQuorum } from "./policy.js";
import { answerRows, certificateRows, giftSentence, standingRows, statementRows } from "./proved.js";
import { checkReceipt, readReceipt } from "./receipt.js";
import { comparePage, isProofText, proofOfFile } from "./saved.js";
import { sm2Standing } from "./sm2.js";
import { TrustedKeys, keysForNote, openTrusted, parseKeyHistory } from "./succession.js";
import { Words, element } from "./words.js";

// An address, and the fingerprint that is printed on receipts.
const ADDRESS = /https?:[/][/]([^/?#\s]+)/i;
const FINGERPRINT = /^[0-9a-f]{64}$/i;
const SCAN_EVERY_MS = 250;
// Names that are asked for: a gift has few.
const NAMES_MAX = 8;

// What was pasted, typed or scanned: a proof file itself, or the code of a receipt with its token if it came along.
export function readPasted(text) {
  const trimmed = text.trim();
  if (isProofText(trimmed)) {
    // Copying loses the last line feed and may bring carriage returns; both are no part of the statement.
    return { proof: toUtf8(`${trimmed.replaceAll("\r\n", "\n")}\n`) };
  }
  const certificate = certificateIn(trimmed);
  if (certificate !== null) return { certificate };
  if (FINGERPRINT.test(trimmed.replaceAll(/\s/g, ""))) throw new Unreachable("paste.fingerprint");
  const number = readNumber(trimmed);
  if (number === null) throw new Unreachable("paste.unknown");
  if (number.wrong !== undefined) throw new Unreachable(`none.${number.wrong}`);
  if (number.kind === "int") throw new Unreachable("paste.order");
  if (number.kind !== "don") throw new Unreachable("paste.movement");
  const token = /[?&]token=([A-Za-z0-9_-]+)/.exec(trimmed);
  return { donation: `don_${number.body}`, token: token?.[1], host: ADDRESS.exec(trimmed)?.[1].toLowerCase() };
}

class VerifyPage {
  constructor(section) {
    this.section = section;
    this.words = new Words(section.querySelector("template[data-texts]").content);
    this.result = section.querySelector("[data-result]");
    this.key = section.querySelector("[data-key-input]");
    this.policy = section.querySelector("[data-policy-input]");
    this.log = section.dataset.log;
    this.codes = new CodeReader(section.dataset.reader);
  }

  begin() {
    const form = this.section.querySelector("form");
    const file = this.section.querySelector("input[type=file]");
    const drop = this.section.querySelector("[data-drop]");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.judge(() => this.pasted(form.elements.namedItem("q").value));
    });
    for (const input of this.section.querySelectorAll("input[type=file]")) {
      input.addEventListener("change", () => {
        this.takeFile(input.files[0]);
        // So that the same picture can be chosen again.
        if (input !== file) input.value = "";
      });
    }
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
    // The code on a certificate leads here with everything behind the `#`, which no server sees.
    const asked = certificateIn(location.hash);
    if (asked !== null) this.judge(() => this.pasted(asked));
    this.section.querySelectorAll("[data-needs-script]").forEach((part) => {
      part.hidden = false;
    });
  }

  takeFile(file) {
    if (file === undefined) return;
    const isPicture = file.type.startsWith("image/");
    this.judge(async () => (isPicture ? this.pasted(await this.codeOfPicture(file)) : proofOfFile(file)));
  }

  // The bytes of the proof file that was meant.
  async pasted(text) {
    const meant = readPasted(text);
    if (meant.certificate !== undefined) return meant;
    if (meant.proof !== undefined) return { bytes: meant.proof };
    if (this.log === undefined) throw new Unreachable("paste.offline");
    const token = meant.token === undefined ? "" : `?token=${meant.token}`;
    const bytes = await overHttp("/donations/")(`${meant.donation}/proof${token}`, true);
    if (bytes === null) throw new Unreachable((await this.isThere(meant.donation)) ? "paste.not_sealed" : "none.unknown");
    const proof = readReceipt(bytes);
    // Another gift's true receipt is not an answer.
    const { leaf } = this.check(proof);
    if (leaf?.id !== meant.donation) throw new Refused("paste.other_receipt", leaf?.id);
    return { bytes, foreign: this.isForeign(meant.host) ? meant.host : undefined };
  }

  // Whether the house knows the gift, whose statement may still wait for its checkpoint.
  async isThere(donation) {
    return (await overHttp("/api/v1/donations/")(donation, true)) !== null;
  }

  // Whether an address leads to another site than this one and the one that the log is named after.
  isForeign(host) {
    const own = [location.host, location.hostname, (this.section.dataset.origin ?? "").split("/")[0]];
    return host !== undefined && !own.includes(host);
  }

  check(proof) {
    const trusted = this.trusted(proof.origin);
    if (trusted.keys.length === 0) throw new Unreachable("key.missing");
    openBelieved(proof, trusted);
    const keys = keysForNote(proof.note, trusted.keys);
    // A statement of the log, or the answer to a question about all of them.
    const check = isCompleteness(proof.extra ?? new Uint8Array(0)) ? checkCompleteness : checkReceipt;
    return { ...check(proof, proof.origin, keys), trusted, ...witnessesByPolicy(this.policy.value, proof) };
  }

  // The keys in the field and in the `log` lines of the reader's policy, and those to which the proofs there and in the
  // page lead from them.
  trusted(origin) {
    const history = this.section.querySelector("[data-history]")?.value ?? "";
    // The site of the log knows all that was announced; a page that was saved knows what it was then.
    const isNow = this.log !== undefined && origin === this.section.dataset.origin;
    // A policy that came with the page must not vouch for the page; one that the reader has put there is his own word.
    const isOwn = this.policy.value !== this.policy.defaultValue;
    return believedKeys(origin, { keys: this.key.value, policy: isOwn ? this.policy.value : "", history, isNow });
  }

  async judge(read) {
    this.say("checking", []);
    try {
      const { bytes, page, certificate, foreign } = await read();
      if (certificate !== undefined) return await this.judgeCertificate(certificate);
      const file = readReceipt(bytes);
      const proved = { ...this.check(file), file, foreign, fromPage: page !== undefined, sm2Key: null };
      if (proved.fromPage && proved.leaf !== undefined) proved.unproved = comparePage(page, proved);
      // The proof stands by itself; that it belongs to the log of today is asked where there is a network.
      this.sayProved(proved, "offline");
      if (this.log !== undefined) await this.askLog(proved);
    } catch (error) {
      if (error instanceof Refused) this.say("mismatch", [...this.differing(error), this.paragraph(this.words.reason(error.code)), this.folded(error.code)]);
      // A number that nobody has is no proof that could not be checked: whoever shows it has nothing.
      else if (error instanceof Unreachable && error.code.startsWith("none.")) this.say("mismatch", [this.paragraph(this.words.text("none.so"))], error.code, "none");
      else if (error instanceof Unreachable) this.say("cannot", [this.paragraph(this.words.reason(error.code))], error.code === "paste.not_sealed" ? error.code : "cannot");
      else {
        console.error(error);
        this.say("cannot", [this.paragraph(String(error))]);
      }
    }
  }

  // The signature needs no network; what the register says now is asked where there is one.
  async judgeCertificate(payload) {
    const read = readCertificate(payload);
    const trusted = this.trusted(read.origin);
    if (trusted.keys.length === 0) throw new Unreachable("key.missing");
    openCertificate(read, trusted);
    const facts = this.facts(certificateRows(this.words, read));
    this.say("signed", [facts, this.paragraph(this.words.text("note.certificate.offline"))], "signed.offline");
    if (this.log === undefined || read.origin !== this.section.dataset.origin) return;
    try {
      const said = await this.standingNow(read, trusted);
      const rows = this.facts(standingRows(this.words, said));
      const now = this.paragraph(this.words.text(`standing.${said.state}`, said.values));
      const notes = [this.paragraph(this.words.text("note.certificate.proved", { n: said.count, covers: said.covers }))];
      this.say(said.isGood ? "certified" : "lapsed", [now, rows, facts, ...notes], said.isGood ? "certified" : "lapsed");
    } catch (error) {
      if (error instanceof Refused) throw error;
      this.say("signed", [facts, this.paragraph(this.words.text("note.certificate.unreachable"))], "signed.offline");
    }
  }

  // What the register says of a certificate now, with the proof that it says nothing else.
  async standingNow(read, trusted) {
    const { origin, keys } = trusted;
    const reader = new LogReader(overHttp(this.log), origin, keys, trusted.text());
    const newest = await reader.checkpoint();
    await compareWithSeen(reader, new Memory(globalThis.localStorage), newest);
    const register = await provedRegister(reader, newest, read.organisation);
    if (register === null) throw new Unreachable("log.unavailable");
    const { state, entry } = standingOf(read, register.entries, todayInBeijing());
    const reason = await reasonOf(overHttp("/api/v1/log/"), entry);
    const day = state === "expired" ? (read.until ?? entry.from) : entry.from;
    return {
      state, entry, reason, count: register.entries.length, covers: register.covers,
      values: { day, until: entry.until ?? "" }, isGood: ["valid", "replaced"].includes(state),
    };
  }

  facts(rows) {
    const facts = document.createElement("dl");
    facts.className = "facts";
    for (const [title, value] of rows) {
      const row = document.createElement("div");
      row.append(element("dt", title), element("dd", value));
      facts.append(row);
    }
    return facts;
  }

  // Whether today's log begins with the log of the receipt.
  async askLog(proved) {
    if (proved.checkpoint.origin !== this.section.dataset.origin) return;
    const { origin, keys } = proved.trusted;
    const get = overHttp(this.log);
    const reader = new LogReader(get, origin, keys, proved.trusted.text());
    try {
      proved.sm2Key = await this.sm2Key(get, proved);
      proved.names = await namesOf(proved.leaf);
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

  // The log's SM2 key, for the line that engineers are shown; asked for only where a line stands that no other key made.
  async sm2Key(get, { file, checkpoint, trusted }) {
    if (sm2Standing(file.note, checkpoint.origin, trusted.keys, null).standing === "not_signed") return null;
    const bytes = await get("vkey-sm2", true).catch(() => null);
    return bytes === null ? null : (fromUtf8(bytes) ?? "").trim();
  }

  shown(proved, log) {
    const { words } = this;
    const isAnswer = proved.answer !== undefined;
    const facts = this.facts((isAnswer ? answerRows : statementRows)(words, proved));
    const names = proved.signed.map(({ name }) => name).join(", ");
    const notes = isAnswer ? ["complete"] : ["proved"];
    notes.push(`witnesses.${proved.ofOneHand ? "own" : proved.standing}`, `log.${log}`, isAnswer ? "unproved.later" : "unproved");
    if ((proved.names?.size ?? 0) > 0) notes.push("names");
    if (proved.understood === false) notes.push("unknown_kind");
    const at = this.log === undefined ? null : new URL(this.log, location.href).href.replace(/\/$/, "");
    const lead = isAnswer ? undefined : giftSentence(words, proved.leaf);
    const told = lead === undefined ? [] : [element("p", lead)];
    told.forEach((line) => line.classList.add("lead"));
    if (proved.foreign !== undefined) told.push(element("p", words.text("foreign", { host: proved.foreign }), "notice warn"));
    return [...told, ...this.unprovedOnPage(proved), facts, ...notes.map((name) => this.paragraph(words.text(`note.${name}`, { names }))), engineersDetails(words, proved.file, proved, at)];
  }

  // What stands on a saved page and no proof knows: right under the verdict, because whoever reads green believes all of it.
  unprovedOnPage({ fromPage, unproved }) {
    if (!fromPage) return [];
    const { words } = this;
    const box = element("div", "", "notice warn unproved");
    if (unproved === null || unproved === undefined) {
      box.append(element("p", words.text("page.unread")));
      return [box];
    }
    const list = element("ul", "");
    for (const [title, text] of unproved) list.append(element("li", title === "" ? words.text("page.quoted", { text }) : words.text("page.titled", { title, text })));
    box.append(element("p", words.text("page.unproved")), list, element("p", words.text("page.rest")));
    return [box];
  }

  // What the page says and what is proved.
  differing({ code, about }) {
    return code === "page.figure" ? [element("p", this.words.text("page.differs", about), "lead")] : [];
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
    // A page that cannot be held against its proof is not called true because of it.
    const isUnread = proved.fromPage && proved.unproved === null;
    const sentence = proved.answer !== undefined ? "complete" : isUnread ? "unread.page" : proved.fromPage ? "verified.page" : "verified";
    const label = isUnread ? "unread" : proved.fromPage ? "page" : "verified";
    this.say(isUnread ? "cannot" : "verified", this.shown(proved, log), sentence, label);
    if (isUnread) return;
    this.result.dataset.witnesses = proved.standing;
    if (proved.standing === "waiting" && !proved.fromPage) this.result.querySelector("b").textContent = this.words.text("label.waiting");
  }

  say(state, parts, sentence = state, label = state) {
    this.result.dataset.proof = state;
    delete this.result.dataset.witnesses;
    const head = element("p", "");
    head.append(element("b", this.words.text(`label.${label}`)), " ", element("span", this.words.text(`say.${sentence}`)));
    this.result.replaceChildren(head, ...parts);
    this.result.hidden = false;
    if (state !== "checking" && state !== "scanning") this.result.scrollIntoView({ block: "nearest" });
  }

  // A camera is there only on a safe address; a picture can be chosen everywhere.
  async prepareCamera() {
    const button = this.section.querySelector("[data-scan]");
    const able = await this.codes.isAble();
    this.section.querySelector("[data-no-scan]").hidden = able;
    // So that a photograph can be read when the network is gone.
    if (able) this.codes.prepare().catch(() => {});
    if (button === null) return;
    const camera = able && navigator.mediaDevices !== undefined;
    button.hidden = !camera;
    if (camera) button.addEventListener("click", () => this.toggleCamera());
    this.section.querySelector("[data-stop]").addEventListener("click", () => this.stopCamera());
  }

  async codeOfPicture(file) {
    const text = await this.codes.ofFile(file);
    if (text === null) throw new Unreachable("scan.nothing");
    return text;
  }

  toggleCamera() {
    if (this.stream === undefined) this.judge(() => this.scan());
  }

  stopCamera() {
    this.stream?.getTracks().forEach((track) => track.stop());
  }

  async scan() {
    const video = this.section.querySelector("video");
    const box = this.section.querySelector("[data-camera]");
    const wanted = { video: { facingMode: "environment", width: { ideal: 1280 } } };
    const [stream] = await Promise.all([navigator.mediaDevices.getUserMedia(wanted).catch(() => null), this.codes.prepare()]);
    if (stream === null) throw new Unreachable("scan.forbidden");
    this.stream = stream;
    video.srcObject = stream;
    box.hidden = false;
    this.say("scanning", []);
    try {
      await video.play();
      while (stream.active) {
        const text = await this.codes.ofVideo(video);
        if (text !== null) {
          this.say("checking", []);
          return await this.pasted(text);
        }
        await new Promise((done) => setTimeout(done, SCAN_EVERY_MS));
      }
      throw new Unreachable("scan.stopped");
    } finally {
      this.stopCamera();
      this.stream = undefined;
      video.srcObject = null;
      box.hidden = true;
    }
  }
}

// What the site calls the organisation and the funds of a statement: beside their numbers, and never in their place.
async function namesOf(leaf) {
  const names = new Map();
  const ids = new Set([leaf?.organisation, ...(leaf?.moves ?? []).flatMap(({ from, to }) => [from.fund, to.fund])]);
  ids.delete(undefined);
  const ask = async (id) => {
    const folder = id.startsWith("org_") ? "organisations" : "funds";
    const bytes = await overHttp(`/api/v1/${folder}/`)(id, true);
    const { line } = bytes === null ? {} : JSON.parse(fromUtf8(bytes));
    const name = line?.name ?? line?.title;
    if (typeof name === "string") names.set(id, name);
  };
  // A name that does not come is no reason to say less of the proof.
  await Promise.all([...ids].slice(0, NAMES_MAX).map((id) => ask(id).catch(() => undefined)));
  return names;
}

// Who stands behind a receipt besides the operator, by the policy in the field; nobody is asked for if it is empty.
export function witnessesByPolicy(text, { note }) {
  if (text.trim() === "") return { standing: "not_asked", signed: [] };
  const policy = readPolicy(text);
  const { standing, signed } = policy.logs.length === 0 ? witnessQuorum(policy, note) : judgedByPolicy(policy, note);
  return { standing, signed, ofOneHand: standing === "final" && areOfOneHand(policy, signed) };
}

function readPolicy(text) {
  try {
    // A field of a page writes line ends in its own way.
    return parsePolicy(toUtf8(text.replaceAll("\r\n", "\n")));
  } catch (error) {
    // A policy that cannot be read says nothing about the receipt.
    throw error instanceof Refused ? new Unreachable("policy.unreadable") : error;
  }
}

// The log's signature was verified before, so a policy that does not find it lacks the key.
function judgedByPolicy(policy, note) {
  try {
    return judgeByPolicy(policy, note);
  } catch (error) {
    throw error.code === "tlog.note.unverified" ? new Unreachable("policy.log_key") : error;
  }
}

// Whose signature is believed: keys that were given, those that the policy names for this log, and what the proofs lead
// to. A key alone is no history of keys; a file with proofs is one, and so is what the log's own site says now.
export function believedKeys(origin, { keys, policy, history, isNow }) {
  const lines = keys.split("\n").map((line) => line.trim());
  const given = lines.filter((line) => line !== "" && !line.startsWith("#")).map(parseKey);
  const named = policy.trim() === "" ? [] : readPolicy(policy).logs.map(({ key }) => key);
  const trusted = new TrustedKeys(origin, [...given, ...named]);
  if (trusted.keys.length === 0) return trusted;
  const pasted = parseKeyHistory(keys);
  if (pasted.proofs.length > 0) trusted.follow(pasted);
  const told = parseKeyHistory(history);
  if (isNow) trusted.follow(told);
  else trusted.recall(told);
  return trusted;
}

// The same for a certificate.
export function openCertificate(read, trusted) {
  try {
    checkCertificate(read, trusted.keys);
  } catch (error) {
    const isOpen = error.code === "certificate.unknown_key" && !trusted.hasHistory;
    throw isOpen ? new Unreachable("key.not_given") : error;
  }
}

// Whether a believed key has signed; what was signed by a key that nobody gave is not known to be wrong.
export function openBelieved({ note, origin }, trusted) {
  try {
    return openTrusted(note, origin, trusted.keys, trusted.hasHistory);
  } catch (error) {
    throw error.code === "key.not_given" ? new Unreachable("key.not_given") : error;
  }
}


export function beginVerifyPage() {
  document.querySelectorAll("section[data-verify]").forEach((section) => new VerifyPage(section).begin());
}
