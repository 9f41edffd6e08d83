// The sheet of a handover: signatures are drawn, and what cannot be sent is kept on the device and sent once there is a network.
// Without this script the form is sent as it is, with pictures of the signatures.
"use strict";
(() => {
  const form = document.getElementById("sheet");
  if (!form) return;
  const words = form.dataset;
  const box = document.getElementById("kept");
  const NAME = "handover-sheets";

  // --- signatures
  for (const canvas of form.querySelectorAll("canvas")) {
    canvas.hidden = false;
    const pen = canvas.getContext("2d");
    const field = form.elements[canvas.dataset.field];
    pen.lineWidth = 3;
    pen.lineCap = pen.lineJoin = "round";
    let last = null;
    const at = (event) => {
      const frame = canvas.getBoundingClientRect();
      return [((event.clientX - frame.left) * canvas.width) / frame.width, ((event.clientY - frame.top) * canvas.height) / frame.height];
    };
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      last = at(event);
      event.preventDefault();
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!last) return;
      const here = at(event);
      pen.strokeStyle = "#111";
      pen.beginPath();
      pen.moveTo(...last);
      pen.lineTo(...here);
      pen.stroke();
      last = here;
    });
    for (const end of ["pointerup", "pointercancel"])
      canvas.addEventListener(end, () => {
        if (last) field.value = canvas.toDataURL("image/png");
        last = null;
      });
    const clear = canvas.parentElement.querySelector("button");
    clear.hidden = false;
    clear.addEventListener("click", () => {
      pen.clearRect(0, 0, canvas.width, canvas.height);
      field.value = "";
    });
  }

  // --- the store on this device
  const store = (mode, work) =>
    new Promise((done, failed) => {
      const opening = indexedDB.open(NAME, 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore("sheets", { keyPath: "id" });
      opening.onerror = () => failed(opening.error);
      opening.onsuccess = () => {
        const change = opening.result.transaction("sheets", mode);
        const asked = work(change.objectStore("sheets"));
        change.oncomplete = () => {
          opening.result.close();
          done(asked && asked.result);
        };
        change.onerror = change.onabort = () => failed(change.error);
      };
    });
  const kept = () => store("readonly", (sheets) => sheets.getAll());

  // A page from the store of the device may have been opened before: every opening has its own number, unless a sheet waits.
  const fresh = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  form.elements.receipt_id.value = fresh();

  const show = (text, kind) => {
    box.hidden = false;
    box.className = `note ${kind || ""}`;
    box.firstElementChild.textContent = text;
  };

  // --- sending
  let sending = false;
  async function sendOne(sheet) {
    let token;
    try {
      const asked = await fetch(words.token, { headers: { Accept: "application/json" }, cache: "no-store" });
      if (asked.redirected || !asked.ok) return "sign-in";
      token = (await asked.json()).token;
      const body = new FormData();
      for (const [name, value, file] of sheet.fields) file ? body.append(name, value, file) : body.append(name, value);
      const answer = await fetch(sheet.url, { method: "POST", body, headers: { Accept: "application/json", "X-CSRFToken": token } });
      if (answer.redirected) return "sign-in";
      if (answer.ok || answer.status === 409) return await answer.json();
      return "failed";
    } catch (error) {
      return "away";
    }
  }

  async function sendKept() {
    if (sending) return;
    sending = true;
    try {
      for (const sheet of (await kept()) || []) {
        const outcome = await sendOne(sheet);
        if (outcome === "away") show(words.kept, "amber");
        else if (outcome === "sign-in") show(words.signIn, "amber");
        else if (outcome === "failed") show(words.failed, "brick");
        else if (outcome.ok) {
          await store("readwrite", (sheets) => sheets.delete(sheet.id));
          await forget(sheet.url);
          if (sheet.url === location.pathname) location.href = outcome.url;
          else show(words.sent);
        } else {
          // The house said no: the sheet stays to be read, and is corrected here.
          await store("readwrite", (sheets) => sheets.delete(sheet.id));
          for (const part of form.querySelectorAll("button, fieldset")) part.disabled = false;
          show(outcome.refusal, "brick");
        }
      }
    } finally {
      sending = false;
    }
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    form.elements.happened_at.value = new Date().toISOString();
    const fields = [];
    for (const [name, value] of new FormData(form)) {
      if (name === "csrfmiddlewaretoken") continue;
      if (value instanceof File) {
        if (value.size) fields.push([name, value, value.name]);
      } else fields.push([name, value]);
    }
    // Written down before anything is sent: a battery that ends now loses nothing.
    await store("readwrite", (sheets) => sheets.put({ id: form.elements.receipt_id.value, url: location.pathname, fields }));
    for (const part of form.querySelectorAll("fieldset")) part.disabled = true;
    form.querySelector("button[type=submit]").disabled = true;
    show(words.sending);
    await sendKept();
  });

  addEventListener("online", sendKept);
  document.getElementById("send-kept").addEventListener("click", sendKept);
  setInterval(async () => {
    if (((await kept()) || []).length) sendKept();
  }, 15000);
  kept().then((sheets) => {
    if (!sheets || !sheets.length) return;
    if (sheets.some((sheet) => sheet.url === location.pathname)) {
      for (const part of form.querySelectorAll("fieldset")) part.disabled = true;
      form.querySelector("button[type=submit]").disabled = true;
    }
    show(words.kept, "amber");
    sendKept();
  });

  // --- at hand without a network: this page and what it is made of
  async function forget(path) {
    if (!self.caches) return;
    const cache = await caches.open(NAME);
    await cache.delete(path);
  }
  async function keep() {
    if (!navigator.serviceWorker) return;
    await navigator.serviceWorker.register(words.worker, { scope: words.scope });
    const cache = await caches.open(NAME);
    const parts = [...document.querySelectorAll("link[rel=stylesheet], script[src]")].map((part) => part.href || part.src);
    for (const sheet of document.styleSheets)
      for (const rule of sheet.cssRules) if (rule instanceof CSSImportRule && rule.styleSheet) parts.push(rule.styleSheet.href);
    for (const address of [location.pathname, ...parts]) {
      const answer = await fetch(address);
      if (!answer.ok || answer.redirected) continue;
      const headers = new Headers(answer.headers);
      headers.set("X-Kept-At", String(Date.now()));
      await cache.put(address, new Response(await answer.blob(), { status: 200, headers }));
    }
    document.documentElement.dataset.kept = "yes";
  }
  if (navigator.onLine) keep().catch(() => {});
})();
