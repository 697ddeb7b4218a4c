// 通行密钥：没有脚本时，填验证码照样办得成。
// Passkeys: asks the browser's own function and puts its answer into the form. All texts come from the page.

const bytesOf = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));

function textOf(buffer) {
  const signs = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(signs).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

const isHere = (domain) => globalThis.isSecureContext && location.hostname === domain && navigator.credentials !== undefined && globalThis.PublicKeyCredential !== undefined;

const withBytes = (list) => (list ?? []).map((key) => ({ ...key, id: bytesOf(key.id) }));

/** What every answer carries. */
const common = (made) => ({
  id: made.id,
  rawId: textOf(made.rawId),
  type: made.type,
  authenticatorAttachment: made.authenticatorAttachment ?? undefined,
  clientExtensionResults: {},
});

/** Makes a key; the answer as text. */
async function create(options) {
  const asked = JSON.parse(options);
  const question = asked.publicKey ?? asked;
  const made = await navigator.credentials.create({
    publicKey: {
      ...question,
      challenge: bytesOf(question.challenge),
      user: { ...question.user, id: bytesOf(question.user.id) },
      excludeCredentials: withBytes(question.excludeCredentials),
    },
  });
  const response = {
    clientDataJSON: textOf(made.response.clientDataJSON),
    attestationObject: textOf(made.response.attestationObject),
    transports: made.response.getTransports?.() ?? [],
  };
  return JSON.stringify({ ...common(made), response });
}

/** Proves with a key who is there; the answer as text. */
async function prove(options) {
  const asked = JSON.parse(options);
  const question = asked.publicKey ?? asked;
  const made = await navigator.credentials.get({
    publicKey: { ...question, challenge: bytesOf(question.challenge), allowCredentials: withBytes(question.allowCredentials) },
  });
  const { clientDataJSON, authenticatorData, signature, userHandle } = made.response;
  const response = { clientDataJSON: textOf(clientDataJSON), authenticatorData: textOf(authenticatorData), signature: textOf(signature) };
  if (userHandle !== null && userHandle.byteLength > 0) response.userHandle = textOf(userHandle);
  return JSON.stringify({ ...common(made), response });
}

/** Sends the form with the answer in place of a code. */
function send(form, answer) {
  let field = form.elements.namedItem("passkey");
  if (field === null) {
    field = document.createElement("input");
    field.type = "hidden";
    field.name = "passkey";
    form.append(field);
  }
  field.value = answer;
  form.noValidate = true;
  form.requestSubmit();
}

/** Does the work of a button once at a time and says how it went. */
function works(button, status, words, work) {
  button.addEventListener("click", async () => {
    button.disabled = true;
    status.textContent = words.waiting;
    try {
      await work();
      status.textContent = "";
    } catch {
      status.textContent = words.failed;
    }
    button.disabled = false;
  });
}

/** Offers a key beside every field for a code but the one that switches an authenticator on. */
function offerBeside(way) {
  const { ask, domain } = way.dataset;
  for (const code of document.querySelectorAll('input[autocomplete="one-time-code"]')) {
    const { form } = code;
    if (form === null || form.getAttribute("action") === "/desk/security/on") continue;
    const part = way.content.cloneNode(true);
    const button = part.querySelector("button");
    const status = part.querySelector('[role="status"]');
    if (isHere(domain)) {
      works(button, status, way.dataset, async () => {
        const ticket = form.elements.namedItem("ticket");
        const body = new URLSearchParams(ticket === null ? {} : { ticket: ticket.value });
        const answer = await fetch(ask, { method: "POST", body, headers: { accept: "application/json" } });
        if (!answer.ok) throw new Error(String(answer.status));
        send(form, await prove(await answer.text()));
      });
    } else {
      button.remove();
      status.textContent = way.dataset.elsewhere;
    }
    code.closest(".field").append(part);
  }
}

/** The page on which a key is made. */
function offerMaking(form) {
  const { options, domain } = form.dataset;
  const button = form.querySelector("button");
  const status = form.querySelector('[role="status"]');
  form.hidden = false;
  if (isHere(domain)) {
    works(button, status, form.dataset, async () => send(form, await create(options)));
  } else {
    button.remove();
    status.textContent = form.dataset.elsewhere;
  }
}

const way = document.querySelector("template#passkey-way");
if (way !== null) offerBeside(way);
const making = document.querySelector("form#passkey-make");
if (making !== null) offerMaking(making);
