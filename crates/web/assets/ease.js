// 小帮手：没有它，每一页照样能用。
// Small helps: an amount is one amount, a number can be copied, and what was typed outlives a cut line.

// A preset amount and another amount are never both chosen.
function oneAmount(form) {
  const own = form.elements.namedItem("amount");
  const presets = [...form.querySelectorAll('input[type="radio"][name="preset"]')];
  const other = presets.find((one) => one.value === "");
  if (!own || other === undefined) return;
  for (const preset of presets) {
    preset.addEventListener("change", () => {
      if (preset !== other) own.value = "";
    });
  }
  own.addEventListener("input", () => {
    if (own.value.trim() !== "") other.checked = true;
  });
}

// Only where the browser lets a page write to the clipboard.
function copies(button) {
  if (navigator.clipboard === undefined) return;
  const before = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const copied = await navigator.clipboard.writeText(button.dataset.copy).then(
      () => true,
      () => false,
    );
    button.textContent = copied ? button.dataset.done : before;
  });
}

// A form that is sent into a cut line is gone: the browser shows its own page, and Back brings an empty form, because
// pages with personal data are never kept (no-store), or the page before. What was typed waits in this tab until a page
// of ours answers; with it waits the key of the form, so that what did arrive is not done a second time.
const DRAFT = "shanji.draft";
const DRAFT_FIELDS_MAX = 200;
const DRAFT_MS = 10 * 60_000;

/** Fields that a person fills in, and the key; nothing of forms with passwords or codes of a second factor. */
function typedFields(form) {
  if (form.querySelector('input[type="password"], input[autocomplete="one-time-code"]') !== null) return [];
  const isTyped = (field) => /^(INPUT|TEXTAREA|SELECT)$/.test(field.nodeName) && !/^(hidden|file|submit|button)$/.test(field.type);
  const kept = [...form.elements].filter((field) => field.name !== "" && (isTyped(field) || field.name === "command_key"));
  return kept.slice(0, DRAFT_FIELDS_MAX);
}

/** The forms of this page that are sent, in their order. */
const sentForms = () => [...document.querySelectorAll('form[method="post"]')];

const storeDraft = (draft) => sessionStorage.setItem(DRAFT, JSON.stringify(draft));

function keepDraft(form) {
  const fields = typedFields(form).map(({ name, value, checked }) => [name, value, checked === true]);
  if (fields.length === 0) return;
  storeDraft({ path: location.pathname, form: sentForms().indexOf(form), fields, at: Date.now(), isLost: false });
}

function fillIn(draft) {
  const form = sentForms()[draft.form];
  const fields = form === undefined ? [] : typedFields(form);
  const isSame = fields.length === draft.fields.length && fields.every((field, at) => field.name === draft.fields[at][0]);
  if (!isSame) return;
  fields.forEach((field, at) => {
    [, field.value, field.checked] = draft.fields[at];
  });
}

/** A page that came by Back was no answer; any other first page is one, and the draft is done with. */
function takeUpDraft() {
  const kept = sessionStorage.getItem(DRAFT);
  if (kept === null) return;
  const draft = JSON.parse(kept);
  const isBack = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
  const isLost = (draft.isLost || isBack) && Date.now() - draft.at < DRAFT_MS;
  if (!isLost) sessionStorage.removeItem(DRAFT);
  else if (draft.path === location.pathname) fillIn(draft);
  else storeDraft({ ...draft, isLost });
}

function draftsOutliveTheLine() {
  takeUpDraft();
  document.addEventListener("submit", (event) => {
    if (event.target.method === "post") keepDraft(event.target);
  });
}

try {
  draftsOutliveTheLine();
} catch {
  // A browser without storage has no drafts, and everything else still works.
}

document.querySelectorAll("form").forEach(oneAmount);
document.querySelectorAll("button[data-copy]").forEach(copies);
