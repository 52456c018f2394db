// Passkeys: a form with data-passkey asks the portal for a challenge, has the browser sign it, and is
// sent with the answer. Without this file, or in a browser without passkeys, one-time codes remain.
const forms = [...document.querySelectorAll("form[data-passkey]")];
const isAble = Boolean(window.PublicKeyCredential?.parseRequestOptionsFromJSON);

const ask = async (form) => {
  const body = new FormData();
  body.set("purpose", form.dataset.passkey);
  body.set("csrf_token", form.elements.csrf_token.value);
  const answer = await fetch(form.dataset.options, { method: "POST", body });
  if (!answer.ok) throw new Error(`challenge: ${answer.status}`);
  return answer.json();
};

const sign = async (form) => {
  const options = await ask(form);
  const credential =
    form.dataset.passkey === "register"
      ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
      : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
  form.elements.credential.value = JSON.stringify(credential.toJSON());
};

for (const form of forms) {
  form.hidden = !isAble;
  // The click, and not the submit event: a form that was sent once is not sent again for a while.
  form.querySelector("button[type=submit]").addEventListener("click", async (event) => {
    event.preventDefault();
    const status = form.querySelector("[data-passkey-told]");
    status.textContent = "";
    try {
      await sign(form);
      form.submit();
    } catch {
      status.textContent = form.dataset.failed;
    }
  });
}
