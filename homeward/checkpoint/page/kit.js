// The checker of passes, as homeward/signer/verify.py and its neighbours say it in Python; both are held to the same vectors.
// No network, no code of others: base45, strict CBOR, COSE_Sign1 with ES256 by WebCrypto.
"use strict";
const HomewardKit = (() => {
  const LARGEST = Number.MAX_SAFE_INTEGER, DEEPEST = 8;
  const LONGEST = 1200, TRAVEL = -70001, LONGEST_VALIDITY = 7 * 86400;
  const LIST_AGES_AFTER = 24 * 3600, LIST_IS_GONE_AFTER = 72 * 3600, CLOCK_MAY_DIFFER = 15 * 60;
  const PASS = 1, REVOCATION = 3, MANIFEST = 4;
  const GREEN = 0, AMBER = 1, RED = 2;

  class NotStrict extends Error {}
  class NotBase45 extends Error {}
  class Untrusted extends Error {}
  class NotOpened extends Error {}
  class Red extends Error {}

  const hex = (data) => Array.from(data, (each) => each.toString(16).padStart(2, "0")).join("");
  const fromHex = (text) => Uint8Array.from(text.match(/../g) || [], (pair) => parseInt(pair, 16));
  const fromBase64 = (text) => {
    if (typeof text !== "string" || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw new Untrusted("base64");
    return Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
  };
  const same = (one, two) => one.length === two.length && one.every((each, place) => each === two[place]);
  const joined = (...parts) => {
    const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) { all.set(part, at); at += part.length; }
    return all;
  };

  // --- base45 (RFC 9285) -------------------------------------------------------------------------------------------
  const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
  const VALUE = new Map(Array.from(ALPHABET, (character, value) => [character, value]));

  function base45(text) {
    const characters = Array.from(text);
    if (characters.length % 3 === 1) throw new NotBase45("length");
    const values = characters.map((character) => {
      const value = VALUE.get(character);
      if (value === undefined) throw new NotBase45("alphabet");
      return value;
    });
    const data = [];
    let place = 0;
    for (; place + 2 < values.length; place += 3) {
      const number = values[place] + values[place + 1] * 45 + values[place + 2] * 2025;
      if (number > 0xffff) throw new NotBase45("overflow");
      data.push(number >> 8, number & 255);
    }
    if (place < values.length) {
      const number = values[place] + values[place + 1] * 45;
      if (number > 0xff) throw new NotBase45("overflow");
      data.push(number);
    }
    return Uint8Array.from(data);
  }

  // --- CBOR (RFC 8949), one value in one form ----------------------------------------------------------------------
  class Reader {
    constructor(data) { this.data = data; this.at = 0; }
    take(count) {
      if (count > this.data.length - this.at) throw new NotStrict("cut short");
      this.at += count;
      return this.data.subarray(this.at - count, this.at);
    }
    head() {
      const first = this.take(1)[0];
      const major = first >> 5, low = first & 31;
      if (low < 24) return [major, low];
      if (low > 27) throw new NotStrict("indefinite or reserved");
      const argument = this.take(1 << (low - 24)).reduce((sum, each) => sum * 256 + each, 0);
      if (argument < [24, 2 ** 8, 2 ** 16, 2 ** 32][low - 24]) throw new NotStrict("not shortest");
      if (argument > LARGEST) throw new NotStrict("too large");
      return [major, argument];
    }
    value(depth) {
      if (depth > DEEPEST) throw new NotStrict("too deep");
      const [major, argument] = this.head();
      if (major === 0) return argument;
      if (major === 1) return -1 - argument;
      if (major === 2) return this.take(argument);
      if (major === 3) {
        const written = this.take(argument);
        try {
          return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(written);
        } catch { throw new NotStrict("text"); }
      }
      if (major === 4) {
        const list = [];
        for (let left = this.count(argument, 1); left > 0; left--) list.push(this.value(depth + 1));
        return list;
      }
      if (major === 5) return this.map(this.count(argument, 2), depth);
      if (major === 7 && argument >= 20 && argument <= 22) return [false, true, null][argument - 20];
      throw new NotStrict("type");
    }
    count(items, least) {
      if (items * least > this.data.length - this.at) throw new NotStrict("cut short");
      return items;
    }
    map(items, depth) {
      const held = new Map();
      let before = "";
      for (; items > 0; items--) {
        const start = this.at;
        const key = this.value(depth + 1);
        if (typeof key !== "number" && typeof key !== "string") throw new NotStrict("key");
        const raw = hex(this.data.subarray(start, this.at));
        if (raw <= before) throw new NotStrict("keys");
        before = raw;
        held.set(key, this.value(depth + 1));
      }
      return held;
    }
  }

  function cbor(data, tag) {
    const reader = new Reader(data);
    if (tag !== undefined) {
      const [major, argument] = reader.head();
      if (major !== 6 || argument !== tag) throw new NotStrict("tag");
    }
    const value = reader.value(0);
    if (reader.at !== data.length) throw new NotStrict("left over");
    return value;
  }

  function byteString(data) {
    const length = data.length;
    if (length < 24) return joined([0x40 | length], data);
    if (length < 256) return joined([0x58, length], data);
    if (length < 65536) return joined([0x59, length >> 8, length & 255], data);
    return joined([0x5a, length >>> 24, (length >> 16) & 255, (length >> 8) & 255, length & 255], data);
  }

  // --- COSE_Sign1 (RFC 9052), ES256 only ---------------------------------------------------------------------------
  function read(data) {
    const parts = cbor(data, 18);
    if (!Array.isArray(parts) || parts.length !== 4) throw new NotStrict("shape");
    const [protectedHeader, unprotected, payload, signature] = parts;
    if (!(protectedHeader instanceof Uint8Array && unprotected instanceof Map && payload instanceof Uint8Array && signature instanceof Uint8Array)) throw new NotStrict("shape");
    const headers = protectedHeader.length ? cbor(protectedHeader) : new Map();
    if (!(headers instanceof Map)) throw new NotStrict("shape");
    return { protectedHeader, headers, unprotected, payload, signature };
  }

  const TITLE = joined([0x84, 0x6a], new TextEncoder().encode("Signature1"));
  const opened = new Map();

  async function verifies(point, signature, data) {
    if (signature.length !== 64) return false;
    const name = hex(point);
    try {
      if (!opened.has(name)) {
        if (opened.size > 64) opened.clear();
        opened.set(name, await crypto.subtle.importKey("raw", point, { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]));
      }
      return await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, opened.get(name), signature, data);
    } catch { return false; }
  }

  async function isSignedBy(message, key, external = new Uint8Array()) {
    const header = message.headers.size ? message.protectedHeader : new Uint8Array();
    const said = joined(TITLE, byteString(header), byteString(external), byteString(message.payload));
    return verifies(joined([4], key.x, key.y), message.signature, said);
  }

  const kidOf = async (key) => new Uint8Array(await crypto.subtle.digest("SHA-256", joined([4], key.x, key.y))).slice(0, 8);

  // --- what is trusted ---------------------------------------------------------------------------------------------
  const isNumber = (value) => typeof value === "number" && value >= 0;
  const isTime = (value) => typeof value === "number" && value > 0;
  const isBytes = (value, length) => value instanceof Uint8Array && value.length === length;
  const isText = (value, shape) => typeof value === "string" && shape.test(value);
  const NAME = /^[A-Z][A-Z '\-]{0,38}$/, NUMBER = /^[0-9]{9}$/, DOCUMENT = /^[A-Z0-9]{4,14}$/, POINT = /^[a-z0-9][a-z0-9.\-]{1,19}$/;
  const DAY = /^[12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$/, ISSUER = /^[A-Z0-9]{2,8}$/;
  const documentKey = (number) => number.toUpperCase().replace(/[^0-9A-Z]/g, "");

  function readTraveller(passId, held) {
    if (!(held instanceof Map)) return null;
    for (let claim = 1; claim <= 8; claim++) if (!held.has(claim)) return null;
    if (held.size > (held.has(9) ? 9 : 8)) return null;
    const document = held.get(5), window = held.get(7);
    const good =
      isBytes(passId, 16) && held.get(1) === 1 && isText(held.get(2), NUMBER) && isText(held.get(3), NAME) && isText(held.get(4), DAY) &&
      Array.isArray(document) && document.length === 2 && (document[0] === "P" || document[0] === "I") && isText(document[1], DOCUMENT) &&
      isText(held.get(6), POINT) && Array.isArray(window) && window.length === 2 && isNumber(window[0]) && isNumber(window[1]) &&
      window[0] < window[1] && isNumber(held.get(8)) && held.get(8) <= 9 && (!held.has(9) || isBytes(held.get(9), 16));
    if (!good) return null;
    return {
      pass: hex(passId), number: held.get(2), name: held.get(3), born: held.get(4), document, point: held.get(6), window,
      companions: held.get(8), portrait: held.has(9) ? hex(held.get(9)) : null,
    };
  }

  const isProfile = (message, kid) =>
    message.headers.size === 2 && message.headers.get(1) === -7 && isBytes(message.headers.get(4), 8) && same(message.headers.get(4), kid) && message.unprotected.size === 0;

  function document(message, name) {
    const held = cbor(message.payload);
    if (!(held instanceof Map) || held.size !== (name === "manifest" ? 6 : 4) || held.get(0) !== name || !isNumber(held.get(1)) || !isNumber(held.get(2)) || !Array.isArray(held.get(3))) throw new Untrusted(name);
    return held;
  }

  async function readKeySet(data, root) {
    try {
      const message = read(data);
      if (!isProfile(message, await kidOf(root)) || !(await isSignedBy(message, root))) throw new Untrusted("root");
      const held = document(message, "keys");
      const keys = [];
      for (const row of held.get(3)) {
        if (!Array.isArray(row) || row.length !== 6) throw new Untrusted("key");
        const [kid, x, y, purpose, notBefore, notAfter] = row;
        if (!isBytes(x, 32) || !isBytes(y, 32) || ![1, 2, 3, 4].includes(purpose) || !isNumber(notBefore) || !isNumber(notAfter)) throw new Untrusted("key");
        if (!isBytes(kid, 8) || !same(kid, await kidOf({ x, y }))) throw new Untrusted("key");
        keys.push({ kid, x, y, purpose, notBefore, notAfter });
      }
      return { number: held.get(1), madeAt: held.get(2), keys };
    } catch (fault) { throw fault instanceof Untrusted ? fault : new Untrusted("keys"); }
  }

  const byKid = (keys, kid) => keys.keys.find((key) => kid instanceof Uint8Array && same(key.kid, kid));

  async function signedDocument(data, keys, purpose, name) {
    try {
      const message = read(data);
      const key = byKid(keys, message.headers.get(4));
      if (!key || key.purpose !== purpose || !isProfile(message, key.kid) || !(await isSignedBy(message, key))) throw new Untrusted(name);
      const held = document(message, name);
      if (held.get(2) < key.notBefore || held.get(2) > key.notAfter) throw new Untrusted(name);
      return held;
    } catch (fault) { throw fault instanceof Untrusted ? fault : new Untrusted(name); }
  }

  async function readRevocations(data, keys) {
    const held = await signedDocument(data, keys, REVOCATION, "revoked");
    if (!held.get(3).every((each) => isBytes(each, 16))) throw new Untrusted("revoked");
    return { number: held.get(1), madeAt: held.get(2), passes: new Set(held.get(3).map(hex)) };
  }

  async function readManifest(data, keys) {
    const held = await signedDocument(data, keys, MANIFEST, "manifest");
    if (!isText(held.get(4), DAY) || !isText(held.get(5), POINT)) throw new Untrusted("manifest");
    const travellers = held.get(3).map((row) => {
      const known = Array.isArray(row) && row.length === 2 ? readTraveller(row[0], row[1]) : null;
      if (!known) throw new Untrusted("manifest");
      return known;
    });
    return { number: held.get(1), madeAt: held.get(2), day: held.get(4), point: held.get(5), travellers };
  }

  // --- the verdict -------------------------------------------------------------------------------------------------
  // known: {keys, now, floor, clockOffBy, revocations, manifest, used: Map(pass id in hex -> time)}
  async function caught(check) {
    try {
      return await check();
    } catch (fault) {
      return { colour: RED, reason: fault instanceof Red ? fault.message : "unforeseen", doubts: [], traveller: null, floor: 0 };
    }
  }

  const isTooLong = (text) => typeof text !== "string" || (text.length > LONGEST && Array.from(text).length > LONGEST);

  async function openedPass(text, prefix, keys, purpose) {
    if (isTooLong(text)) throw new Red("too_long");
    text = text.replace(/^[\r\n\t]+|[\r\n\t]+$/g, "");
    if (!text.startsWith(prefix)) throw new Red("no_pass");
    let data, message, claims;
    try { data = base45(text.slice(prefix.length)); } catch (fault) { throw fault instanceof NotBase45 ? new Red("unreadable") : fault; }
    try { message = read(data); } catch (fault) { throw fault instanceof NotStrict ? new Red("shape") : fault; }
    if (message.headers.size !== 2 || !message.headers.has(1) || !message.headers.has(4) || message.unprotected.size) throw new Red("shape");
    const kid = message.headers.get(4);
    if (!isBytes(kid, 8)) throw new Red("shape");
    const key = byKid(keys, kid);
    if (!key) throw new Red("unknown_key");
    if (message.headers.get(1) !== -7 || key.purpose !== purpose) throw new Red("wrong_key");
    if (!(await isSignedBy(message, key))) throw new Red("forged");
    try { claims = cbor(message.payload); } catch (fault) { throw fault instanceof NotStrict ? new Red("claims") : fault; }
    if (!(claims instanceof Map)) throw new Red("claims");
    return [claims, key];
  }

  const checkPass = (text, known, typed = "") => caught(async () => {
    const [claims, key] = await openedPass(text, "TP1:", known.keys, PASS);
    if (claims.size !== 6 || ![1, 4, 5, 6, 7, TRAVEL].every((claim) => claims.has(claim))) throw new Red("claims");
    const issuer = claims.get(1), expires = claims.get(4), begins = claims.get(5), issued = claims.get(6);
    const traveller = readTraveller(claims.get(7), claims.get(TRAVEL));
    if (!traveller || !isText(issuer, ISSUER) || !isTime(expires) || !isTime(begins) || !isTime(issued) ||
        !(begins < expires && expires <= begins + LONGEST_VALIDITY) || !(begins <= traveller.window[0] && traveller.window[1] <= expires)) throw new Red("claims");
    if (!(key.notBefore <= issued && expires <= key.notAfter)) throw new Red("wrong_key");
    const floor = Math.max(known.floor, issued);
    const moment = Math.max(known.now, floor);
    if (moment > expires) throw new Red("expired");
    if (moment < begins) throw new Red("too_early");
    return { ...knownTraveller(traveller, { ...known, floor }, typed, moment), issuer };
  });

  const checkDocument = (number, known) => caught(async () => {
    if (isTooLong(number)) throw new Red("too_long");
    const wanted = documentKey(number);
    if (wanted.length < 4 || wanted.length > 14) throw new Red("no_number");
    const moment = Math.max(known.now, known.floor);
    const traveller = known.manifest ? known.manifest.travellers.find((each) => documentKey(each.document[1]) === wanted) : undefined;
    if (!traveller) {
      const reason = known.manifest ? "not_on_list" : "no_list";
      return { colour: AMBER, reason, doubts: doubtsOf(known, null, moment).filter((each) => each !== reason), traveller: null, floor: known.floor };
    }
    return knownTraveller(traveller, known, number, moment);
  });

  function knownTraveller(traveller, known, typed, moment) {
    const red = (reason, more = {}) => ({ colour: RED, reason, doubts: [], traveller, floor: known.floor, ...more });
    if (known.revocations && known.revocations.passes.has(traveller.pass)) return red("revoked");
    const listed = known.manifest ? known.manifest.travellers.find((each) => each.pass === traveller.pass) : undefined;
    if (listed && JSON.stringify(listed) !== JSON.stringify(traveller)) return red("differs_from_list");
    if (typed && documentKey(typed) !== documentKey(traveller.document[1])) return red("other_document");
    if (known.used.has(traveller.pass)) return red("used", { usedAt: known.used.get(traveller.pass) });
    const doubts = doubtsOf(known, traveller, moment);
    if (doubts.length) return { colour: AMBER, reason: doubts[0], doubts: doubts.slice(1), traveller, floor: known.floor };
    return { colour: GREEN, reason: "good", doubts: [], traveller, floor: known.floor };
  }

  function doubtsOf(known, traveller, moment) {
    const found = [];
    if (known.now < known.floor) found.push("clock_behind");
    else if (Math.abs(known.clockOffBy) > CLOCK_MAY_DIFFER) found.push("clock_off");
    const age = known.revocations ? moment - known.revocations.madeAt : LIST_IS_GONE_AFTER + 1;
    if (age > LIST_IS_GONE_AFTER) found.push("revocations_gone");
    else if (age > LIST_AGES_AFTER) found.push("revocations_old");
    if (!known.manifest) found.push("no_list");
    else if (moment - known.manifest.madeAt > LIST_AGES_AFTER) found.push("list_old");
    if (traveller) {
      if (known.manifest && !known.manifest.travellers.some((each) => each.pass === traveller.pass)) found.push("not_on_list");
      if (known.manifest && known.manifest.point !== traveller.point) found.push("other_point");
      if (moment < traveller.window[0] || moment > traveller.window[1]) found.push("other_hour");
    }
    return found;
  }

  // --- the kit file ------------------------------------------------------------------------------------------------
  const MOST_ROUNDS = 5000000, FEWEST_ROUNDS = 1000, LONGEST_FILE = 8000000;
  const isCount = (value) => Number.isInteger(value);

  async function readBundle(text, pinned) {
    try {
      if (text.length > LONGEST_FILE) throw new Untrusted("file");
      const said = JSON.parse(text);
      if (said.homeward_kit !== 1 || !isCount(said.made_at)) throw new Untrusted("file");
      if (!/^[0-9a-f]{64}$/.test(said.root.x) || !/^[0-9a-f]{64}$/.test(said.root.y)) throw new Untrusted("root");
      if (pinned && (said.root.x !== pinned.x || said.root.y !== pinned.y)) throw new Untrusted("root");
      const root = { x: fromHex(said.root.x), y: fromHex(said.root.y) };
      const keys = await readKeySet(fromBase64(said.keys), root);
      const revocations = await readRevocations(fromBase64(said.revocations), keys);
      sealedList(said.list);
      return { said, root: said.root, keys, revocations };
    } catch (fault) { throw fault instanceof Untrusted ? fault : new Untrusted("file"); }
  }

  function sealedList(said) {
    const found = { salt: fromBase64(said.salt), nonce: fromBase64(said.nonce), sealed: fromBase64(said.sealed), rounds: said.rounds };
    if (!isCount(found.rounds) || found.rounds < FEWEST_ROUNDS || found.rounds > MOST_ROUNDS || found.salt.length !== 16 || found.nonce.length !== 12) throw new Untrusted("list");
    return found;
  }

  async function openList(said, pin, keys) {
    const list = sealedList(said);
    const typed = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin.replace(/[^0-9]/g, "")), "PBKDF2", false, ["deriveKey"]);
    const key = await crypto.subtle.deriveKey({ name: "PBKDF2", hash: "SHA-256", salt: list.salt, iterations: list.rounds }, typed, { name: "AES-GCM", length: 256 }, false, ["decrypt"]);
    let padded;
    try {
      padded = new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv: list.nonce, additionalData: new TextEncoder().encode("homeward kit list 1") }, key, list.sealed));
    } catch { throw new NotOpened(); }
    const length = padded.slice(0, 4).reduce((sum, each) => sum * 256 + each, 0);
    return readManifest(padded.slice(4, 4 + length), keys);
  }

  // --- the log -----------------------------------------------------------------------------------------------------
  const FIRST = "0".repeat(64);
  const NAMES = ["at", "before", "colour", "kind", "kit", "number", "pass", "reason", "through"];

  async function hashOf(entry) {
    const canonical = JSON.stringify(Object.fromEntries(NAMES.map((name) => [name, entry[name]])));
    return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(canonical))));
  }
  const lineOf = (entry) => JSON.stringify(Object.fromEntries(["at", "before", "colour", "hash", "kind", "kit", "number", "pass", "reason", "through"].map((name) => [name, entry[name]])));

  async function readLine(line) {
    const said = JSON.parse(line);
    const good = /^[0-9a-f]{16}$/.test(said.kit) && isCount(said.number) && isCount(said.at) && [0, 1, 2].includes(said.colour) && ["pass", "document", "phone"].includes(said.kind) &&
      /^([0-9a-f]{32})?$/.test(said.pass) && /^[a-z_]{1,24}$/.test(said.reason) && typeof said.through === "boolean" && /^[0-9a-f]{64}$/.test(said.before);
    if (!good || said.hash !== (await hashOf(said)) || lineOf(said) !== line) throw new Error("line");
    return said;
  }

  return {
    GREEN, AMBER, RED, FIRST, Untrusted, NotOpened, hex, fromHex, fromBase64, base45, cbor, read, verifies, isSignedBy, readKeySet, readRevocations, readManifest,
    checkPass, checkDocument, readBundle, openList, hashOf, lineOf, readLine,
  };
})();
if (typeof globalThis !== "undefined") globalThis.HomewardKit = HomewardKit;
