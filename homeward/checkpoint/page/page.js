// The kit's page: what is on the screen, what is kept on the device. The checking is in kit.js.
"use strict";
(() => {
  const Kit = HomewardKit;
  const KEPT = 72 * 3600, LONGEST_NUMBER = 20;
  const $ = (id) => document.getElementById(id);
  let words = {}, language = "en", state = null, manifest = null, trusted = null, stream = null;

  // --- the clock: the device's own, and one that nobody can set ------------------------------------------------------
  const session = Kit.hex(crypto.getRandomValues(new Uint8Array(8)));
  const clock = { now: () => Math.floor(Date.now() / 1000), steady: () => performance.now() / 1000 };
  const atOpening = { wall: clock.now(), steady: clock.steady() };

  function clockOffBy(now) {
    const sync = state.sync;
    if (!sync) return 0;
    // Since the file came, or, where the page was opened later, since then.
    const since = sync.session === session ? sync : atOpening;
    const wall = sync.session === session ? sync.at : atOpening.wall;
    const drift = Math.trunc(now - wall - (clock.steady() - since.steady)) - sync.behind;
    const back = now - (state.seen || 0);
    return back < 0 ? Math.min(drift, back) : drift;
  }

  // --- what is kept (IndexedDB): the state, the log, other kits' logs --------------------------------------------------
  const database = new Promise((resolve, reject) => {
    const asked = indexedDB.open("homeward-kit", 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("state");
      asked.result.createObjectStore("log", { keyPath: "number" });
      asked.result.createObjectStore("others", { keyPath: "hash" });
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  const done = (request) => new Promise((resolve, reject) => { request.onsuccess = () => resolve(request.result); request.onerror = () => reject(request.error); });
  const all = async (store) => done((await database).transaction(store).objectStore(store).getAll());
  async function write(store, act) {
    // Strict: on the disk before the promise is kept.
    const transaction = (await database).transaction(store, "readwrite", { durability: "strict" });
    act(transaction.objectStore(store));
    await new Promise((resolve, reject) => { transaction.oncomplete = resolve; transaction.onabort = () => reject(transaction.error); });
  }
  const save = () => write("state", (store) => store.put(state, "kit"));

  async function restore() {
    state = (await done((await database).transaction("state").objectStore("state").get("kit"))) ||
      { kit: Kit.hex(crypto.getRandomValues(new Uint8Array(8))), floor: 0, language: document.documentElement.lang };
    if (state.root) {
      const root = { x: Kit.fromHex(state.root.x), y: Kit.fromHex(state.root.y) };
      const keys = await Kit.readKeySet(Kit.fromBase64(state.keys), root);
      trusted = { keys, revocations: await Kit.readRevocations(Kit.fromBase64(state.revocations), keys) };
    }
    await save();
    await wipeIfDue();
  }

  async function wipe() {
    manifest = null;
    delete state.list; delete state.listFrom; delete state.amber;
    await save();
  }
  async function wipeIfDue() {
    if (state.list && Math.max(clock.now(), state.floor) - state.listFrom > KEPT) { await wipe(); return true; }
    return false;
  }

  // --- loading -----------------------------------------------------------------------------------------------------------
  async function load(text) {
    const given = await Kit.readBundle(text, state.root);
    if (trusted && (given.keys.number < trusted.keys.number || given.revocations.number < trusted.revocations.number)) throw new Kit.Untrusted("older");
    const now = clock.now(), newest = Math.max(given.keys.madeAt, given.revocations.madeAt);
    trusted = { keys: given.keys, revocations: given.revocations };
    manifest = null;
    Object.assign(state, {
      root: given.root, keys: given.said.keys, revocations: given.said.revocations, list: given.said.list, listFrom: given.revocations.madeAt,
      floor: Math.max(state.floor, newest), sync: { at: now, session, steady: clock.steady(), behind: Math.max(0, newest - now) }, seen: now,
    });
    await save();
    await wipeIfDue();
  }
  async function openList(pin) {
    manifest = await Kit.openList(state.list, pin, trusted.keys);
    state.floor = Math.max(state.floor, manifest.madeAt);
    await save();
  }

  // --- checking: one at a time, also across windows; the line is on the disk before the colour is on the screen ----------
  async function known() {
    const used = new Map();
    for (const entry of [...(await all("log")), ...(await all("others"))]) {
      if (entry.through && entry.pass && !(used.get(entry.pass) <= entry.at)) used.set(entry.pass, entry.at);
    }
    const now = clock.now();
    return { keys: trusted.keys, now, floor: state.floor, clockOffBy: clockOffBy(now), revocations: trusted.revocations, manifest, used };
  }
  async function add(said) {
    const last = await new Promise((resolve, reject) => database.then((db) => {
      const asked = db.transaction("log").objectStore("log").openCursor(null, "prev");
      asked.onsuccess = () => resolve(asked.result ? asked.result.value : null);
      asked.onerror = () => reject(asked.error);
    }));
    const entry = { ...said, kit: state.kit, number: last ? last.number + 1 : 1, before: last ? last.hash : Kit.FIRST };
    entry.hash = await Kit.hashOf(entry);
    await write("log", (store) => store.add(entry));
    return entry;
  }
  const check = (text, document = "") => navigator.locks.request("homeward-kit", async () => {
    await wipeIfDue();
    const isPass = text.startsWith("TP1:") || text.length > LONGEST_NUMBER;
    const now = await known();
    const verdict = isPass ? await Kit.checkPass(text, now, document) : await Kit.checkDocument(text, now);
    const person = verdict.traveller;
    await add({ at: now.now, kind: isPass ? "pass" : "document", pass: person ? person.pass : "", colour: verdict.colour, reason: verdict.reason, through: verdict.colour === Kit.GREEN });
    state.floor = Math.max(state.floor, verdict.floor || 0);
    state.seen = Math.max(state.seen || 0, now.now);
    if (verdict.colour === Kit.AMBER && person) state.amber = { pass: person.pass, reason: verdict.reason }; else delete state.amber;
    await save();
    return verdict;
  });
  const letThrough = () => navigator.locks.request("homeward-kit", async () => {
    if (!state.amber) return;
    await add({ at: clock.now(), kind: "phone", pass: state.amber.pass, colour: Kit.AMBER, reason: state.amber.reason, through: true });
    delete state.amber;
    await save();
  });

  // --- the screen ----------------------------------------------------------------------------------------------------------
  const word = (name) => (words[name] || {})[language] || name;
  const two = (number) => String(number).padStart(2, "0");
  const hourText = (moment) => { const at = new Date(moment * 1000); return `${two(at.getHours())}:${two(at.getMinutes())}`; };
  const dayText = (moment) => { const at = new Date(moment * 1000); return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`; };
  const today = () => dayText(clock.now());
  const clockText = (moment) => (dayText(moment) === today() ? hourText(moment) : `${dayText(moment)} ${hourText(moment)}`);
  function speak() {
    document.documentElement.lang = language;
    document.title = word("title");
    for (const each of document.querySelectorAll("[data-word]")) each.textContent = word(each.dataset.word);
    show();
  }
  function show() {
    $("state").textContent = !trusted ? word("nothing") : manifest ? `${word("expects")} ${manifest.travellers.length} · ${manifest.point} · ${manifest.day}` : word("closed");
    $("opening").hidden = !(state.list && !manifest);
    $("wipe").parentElement.hidden = !state.list;
    if (!trusted || (state.list && !manifest)) $("office").open = true;
    if (stream) $("scan").textContent = word("stop_scan");
  }
  async function showLog() {
    const entries = (await all("log")).slice(-50).reverse();
    $("log").replaceChildren(...entries.map((entry) => {
      const item = document.createElement("li");
      item.value = entry.number;
      item.textContent = `${clockText(entry.at)} · ${word(["green", "amber", "red"][entry.colour])} · ${word(`reason.${entry.reason}`)}`;
      return item;
    }));
  }
  function showVerdict(verdict) {
    const name = ["green", "amber", "red"][verdict.colour];
    $("verdict").className = `c${verdict.colour}`;
    $("mark").textContent = ["✓", "…", "✕"][verdict.colour];
    $("colour").textContent = word(name);
    $("reason").textContent = word(`reason.${verdict.reason}`) + (verdict.usedAt ? ` ${word("used_at")}: ${clockText(verdict.usedAt)}` : "");
    $("doubts").replaceChildren(...verdict.doubts.map((doubt) => { const item = document.createElement("li"); item.textContent = word(`reason.${doubt}`); return item; }));
    const person = verdict.traveller;
    const facts = person ? [
      ["name", person.name], ["born", person.born], ["document", person.document.join(" ")], ["companions", person.companions],
      ["number", `${person.number.slice(0, 4)}-${person.number.slice(4, 8)}-${person.number.slice(8)}`],
      ["expected", `${person.point}, ${clockText(person.window[0])} – ${clockText(person.window[1])}`],
    ] : [];
    $("person").replaceChildren(...facts.flatMap(([label, value]) => {
      const term = document.createElement("dt"), said = document.createElement("dd");
      term.textContent = word(label); said.textContent = value;
      return [term, said];
    }));
    $("do").textContent = word(`${name}_do`);
    $("phoned").hidden = !(verdict.colour === Kit.AMBER && person);
    if (verdict.issuer === "TRAINING") $("training").hidden = false;
    $("desk").inert = true;
    $("verdict").hidden = false;
    $("next").focus();
    if (navigator.vibrate) navigator.vibrate([[80], [80, 80, 80], [400]][verdict.colour]);
  }
  function next() {
    $("verdict").hidden = true;
    $("desk").inert = false;
    $("person").replaceChildren();
    $("text").value = "";
    $("text").focus();
    showLog();
  }
  async function checked(text) {
    if (!text || !$("verdict").hidden) return;
    if (!trusted) { say("nothing"); return; }
    showVerdict(await check(text));
    show();
  }
  function say(name) { $("said").textContent = name ? word(name) : ""; if (name) $("office").open = true; }

  // --- the camera, where the browser reads codes itself --------------------------------------------------------------------
  async function scan() {
    if (stream) { stopCamera(); return; }
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    const video = $("camera");
    video.srcObject = stream; video.hidden = false;
    await video.play();
    $("scan").textContent = word("stop_scan");
    while (stream) {
      if ($("verdict").hidden) {
        const [found] = await detector.detect(video).catch(() => []);
        if (found) await checked(found.rawValue);
      }
      await new Promise((resolve) => setTimeout(resolve, 120));
    }
  }
  function stopCamera() {
    for (const track of stream.getTracks()) track.stop();
    stream = null;
    $("camera").hidden = true;
    $("scan").textContent = word("scan");
  }
  async function canScan() {
    if (!("BarcodeDetector" in window) || !navigator.mediaDevices) return false;
    return (await BarcodeDetector.getSupportedFormats().catch(() => [])).includes("qr_code");
  }

  // --- doors -----------------------------------------------------------------------------------------------------------------
  $("typed").addEventListener("submit", (event) => { event.preventDefault(); checked($("text").value.replace(/^[\r\n\t]+|[\r\n\t]+$/g, "")); });
  $("next").addEventListener("click", next);
  $("phoned").addEventListener("click", async () => { await letThrough(); $("phoned").hidden = true; $("do").textContent = word("noted"); });
  $("file").addEventListener("change", async (event) => {
    try { await load(await event.target.files[0].text()); say(""); } catch { say("bad_file"); }
    event.target.value = "";
    show();
    if (state.list && !manifest) $("pin").focus();
  });
  $("opening").addEventListener("submit", async (event) => {
    event.preventDefault();
    try { await openList($("pin").value); say(""); $("office").open = false; $("text").focus(); } catch (fault) { say(fault instanceof Kit.NotOpened ? "wrong_pin" : "bad_file"); }
    $("pin").value = "";
    show();
  });
  $("save").addEventListener("click", async () => {
    const lines = (await all("log")).map((entry) => Kit.lineOf(entry) + "\n");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(lines, { type: "text/plain" }));
    link.download = `kit-${state.kit}.jsonl`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  });
  $("other").addEventListener("change", async (event) => {
    try {
      const lines = (await event.target.files[0].text()).split("\n").filter((line) => line.trim());
      const entries = [];
      for (const line of lines) { const entry = await Kit.readLine(line); if (entry.kit !== state.kit) entries.push(entry); }
      await write("others", (store) => entries.forEach((entry) => store.put(entry)));
      say("");
    } catch { say("bad_file"); }
    event.target.value = "";
  });
  $("wipe").addEventListener("click", async () => { await wipe(); say("wiped"); show(); });
  $("scan").addEventListener("click", () => scan().catch(() => { if (stream) stopCamera(); $("scan").hidden = true; }));
  // A hand scanner types wherever the eye is: what is typed outside a field goes into the field.
  document.addEventListener("keydown", (event) => {
    if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey && $("verdict").hidden && !["INPUT", "BUTTON", "SUMMARY"].includes(document.activeElement.tagName)) $("text").focus();
  });
  setInterval(async () => { if (state && (await wipeIfDue())) show(); }, 60000);

  async function start() {
    words = await (await fetch("words.json")).json();
    await restore();
    language = words.title[state.language] ? state.language : "en";
    $("languages").replaceChildren(...Object.keys(words.language).map((each) => {
      const button = document.createElement("button");
      button.type = "button"; button.className = "quiet"; button.lang = each; button.textContent = words.language[each];
      button.addEventListener("click", async () => { language = state.language = each; await save(); speak(); });
      return button;
    }));
    speak();
    await showLog();
    $("scan").hidden = !(await canScan());
    $("ready").textContent = word("not_ready");
    if (trusted && !state.list) $("office").open = true;
    document.body.dataset.started = "yes";
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist();
    const policy = window.trustedTypes ? trustedTypes.createPolicy("kit", { createScriptURL: () => "worker.js" }) : null;
    if (navigator.serviceWorker) {
      const register = () => navigator.serviceWorker.register(policy ? policy.createScriptURL("") : "worker.js").catch(() => {});
      await register();
      // Where a file could not be fetched the worker gives up; it is tried again until all is kept.
      const again = setInterval(register, 5000);
      await navigator.serviceWorker.ready;
      clearInterval(again);
      $("ready").textContent = word("ready");
      document.body.dataset.ready = "yes";
    }
  }
  // For the tests, which ask the page for the verdict on every vector.
  globalThis.HomewardPage = { check, load, openList, wipe, clock, state: () => state, log: () => all("log") };
  start();
})();
