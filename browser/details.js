// For engineers: everything that was judged, and how to judge it again without this page.
import { Refused, fromUtf8, joined, toBase64 } from "./bytes.js";
import { isCompleteness } from "./completeness.js";
import { noteText } from "./note.js";
import { parseExtra, proofFileText } from "./receipt.js";
import { sm2Standing } from "./sm2.js";
import { element } from "./words.js";

const INDENT = "  ";

// Canonical JSON with line breaks. Done on the text, because reading it as numbers would change large ones.
export function laidOut(json) {
  let depth = 0;
  let out = "";
  let quoted = false;
  for (let at = 0; at < json.length; at += 1) {
    const letter = json[at];
    const line = () => `\n${INDENT.repeat(depth)}`;
    if (quoted) {
      out += letter;
      // What is escaped is taken along, so that an escaped quotation mark ends nothing.
      if (letter === "\\") out += json[(at += 1)] ?? "";
      else if (letter === '"') quoted = false;
    } else if (letter === '"') {
      quoted = true;
      out += letter;
    } else if ("{[".includes(letter)) {
      const isEmpty = "}]".includes(json[at + 1]);
      if (!isEmpty) depth += 1;
      out += isEmpty ? letter + json[(at += 1)] : letter + line();
    } else if ("}]".includes(letter)) {
      depth -= 1;
      out += line() + letter;
    } else if (letter === ",") out += letter + line();
    else out += letter === ":" ? ": " : letter;
  }
  return out;
}

// What stands behind a verdict, folded up. `at` says where the log and its receipts are; null on the page saved to disk.
export function engineersDetails(words, file, proved, at) {
  const details = element("details", "", "engineers");
  details.append(element("summary", words.text("engineers")));
  const part = (name, text, values = {}) => {
    details.append(element("h3", words.text(`engineers.${name}`, values)));
    const shown = element("pre", text, "wrap");
    shown.tabIndex = 0;
    details.append(shown);
  };
  for (const [name, text] of statementTexts(file)) part(name, text);
  const hashes = file.proof.map(toBase64);
  const place = { index: proved.index, size: proved.checkpoint.size, n: hashes.length };
  // An answer about many has many paths inside of its own text.
  if (!isAnswer(file)) part("path", hashes.length === 0 ? "—" : hashes.join("\n"), place);
  part("note", noteText(file.note));
  const name = `${proved.leaf?.id ?? "answer"}.tlog-proof`;
  const sm2 = sm2OfProof(file, proved);
  if (sm2.standing !== "not_signed") {
    const shown = sm2.lines.map(({ name: of, id, signature }) => `— ${of} ${toBase64(joined(id, signature))}`);
    part("sm2", shown.length === 0 ? "—" : shown.join("\n"));
    const said = element("p", words.text(`sm2.${sm2.standing}`));
    said.dataset.sm2 = sm2.standing;
    details.lastChild.before(said);
  }
  part("command", commands(name, proved, at, sm2.standing));
  const link = element("a", words.text("engineers.file"), "button quiet");
  link.href = `data:text/plain;base64,${toBase64(new TextEncoder().encode(proofFileText(file)))}`;
  link.download = name;
  const line = document.createElement("p");
  line.append(link);
  details.append(line);
  return details;
}

// The line of the log's SM2 key, if it has one. Whatever is wrong with it changes nothing but these words.
function sm2OfProof({ note }, { checkpoint, trusted, sm2Key }) {
  try {
    return sm2Standing(note, checkpoint.origin, trusted.keys, sm2Key ?? null);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { standing: "unreadable", lines: [] };
  }
}

const isAnswer = (file) => file.extra !== null && isCompleteness(file.extra);

function statementTexts(file) {
  if (isAnswer(file)) return [["answer", laidOut(fromUtf8(file.extra) ?? "")]];
  const extra = parseExtra(file.extra);
  const opened = [...extra.open].map(([field, { salt, value }]) => `${field}\n${INDENT}salt ${toBase64(salt)}\n${INDENT}${value}`);
  const texts = [["statement", laidOut(fromUtf8(extra.leaf) ?? "")]];
  return opened.length === 0 ? texts : [...texts, ["opened", opened.join("\n")]];
}

function commands(name, proved, at, sm2) {
  const fetched = at === null ? [] : [`curl -f -o log.vkey ${at}/vkey`, `curl -f -o log.vkeys ${at}/vkeys`, `curl -f -o log.policy ${at}/policy`];
  const history = at === null || proved.trusted.keys.length < 2 ? "" : " --history log.vkeys";
  const policy = proved.standing === "not_asked" ? "" : " --policy log.policy";
  const needed = fetched.filter((line) => (history || !line.endsWith("/vkeys")) && (policy || !line.endsWith("/policy")));
  const lines = [...needed, `shanji verify ${name} --vkey log.vkey${history}${policy}`];
  if (at !== null && sm2 !== "not_signed") lines.push(`shanji audit ${at}/ --vkey "$(cat log.vkey)" --sm2-vkey "$(curl -f ${at}/vkey-sm2 | head -n 1)"`);
  return lines.join("\n");
}
