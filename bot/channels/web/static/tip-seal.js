// Receipts and sealing in the page, byte for byte as tips/receipts.py and tips/sealing.py do it.
// What is sealed here is opened by a unit's private key and by nothing on the way.
(function () {
  "use strict";
  const subtle = window.crypto ? window.crypto.subtle : undefined;
  const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; // Crockford's
  const DATA = 16;
  const SUITE = 2; // X25519, HKDF-SHA256, AES-256-GCM
  const CARD_BYTES = 512;
  const MEBI = 1048576;
  const BUCKETS = [4096, 16384, 65536, 262144, MEBI, 4 * MEBI, 8 * MEBI, 16 * MEBI, 32 * MEBI, 64 * MEBI];
  const PKCS8 = [48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 110, 4, 34, 4, 32]; // before a raw X25519 private key
  const NONE = new Uint8Array();

  const utf8 = (words) => new TextEncoder().encode(words);
  const join = (...parts) => {
    const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    parts.forEach((part) => { whole.set(part, at); at += part.length; });
    return whole;
  };
  const number = (value, bytes) => {
    const written = new Uint8Array(bytes);
    for (let at = bytes - 1, rest = value; at >= 0; at -= 1) {
      written[at] = rest % 256;
      rest = Math.floor(rest / 256);
    }
    return written;
  };
  const readNumber = (bytes) => bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  const random = (bytes) => window.crypto.getRandomValues(new Uint8Array(bytes));
  const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const unhex = (text) => Uint8Array.from(text.match(/../g) || [], (pair) => parseInt(pair, 16));

  function base64(bytes) {
    const parts = [];
    for (let at = 0; at < bytes.length; at += 32766) {
      parts.push(btoa(String.fromCharCode.apply(null, bytes.subarray(at, at + 32766))));
    }
    return parts.join("");
  }

  function unbase64(text) {
    return Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (each) => each.charCodeAt(0));
  }

  // Receipts

  function checkCharacter(data) {
    let sum = 0;
    for (let at = data.length - 1, factor = 2; at >= 0; at -= 1, factor = 3 - factor) {
      const addend = factor * ALPHABET.indexOf(data[at]);
      sum += Math.floor(addend / 32) + (addend % 32);
    }
    return ALPHABET[(32 - (sum % 32)) % 32];
  }

  function shown(data) {
    return data.match(/.{4}/g).join("-") + checkCharacter(data);
  }

  const newReceipt = () => shown(Array.from(random(DATA), (byte) => ALPHABET[byte % 32]).join(""));

  // The sixteen characters that *typed* spells, or "" if it spells no receipt.
  function readReceipt(typed) {
    const plain = plainly(typed);
    const data = plain.slice(0, DATA);
    if (plain.length !== DATA + 1 || Array.from(plain).some((each) => !ALPHABET.includes(each))) return "";
    return checkCharacter(data) === plain[DATA] ? data : "";
  }

  function plainly(typed) {
    const between = /[\s\u00ad\u200b-\u200d\u2060\ufeff\-\u2010-\u2015\u2212_.]+/g;
    const symbols = typed.slice(0, 80).normalize("NFKC").replace(between, "").toUpperCase();
    return symbols.replace(/O/g, "0").replace(/[IL]/g, "1");
  }

  async function derive(key, salt, info) {
    const how = { name: "HKDF", hash: "SHA-256", salt: salt, info: utf8(info) };
    return new Uint8Array(await subtle.deriveBits(how, key, 256));
  }

  const digest = async (...parts) => new Uint8Array(await subtle.digest("SHA-256", join(...parts)));

  // What a receipt's sixteen characters give: tag, tip id and reply key pair.
  async function receiptKeys(data) {
    const typed = await subtle.importKey("raw", utf8(data), "PBKDF2", false, ["deriveBits"]);
    const slow = { name: "PBKDF2", hash: "SHA-256", salt: utf8("binhan-receipt-v1"), iterations: 100000 };
    const bits = await subtle.deriveBits(slow, typed, 256);
    const master = await subtle.importKey("raw", bits, "HKDF", false, ["deriveBits"]);
    const tag = await derive(master, NONE, "lookup");
    const pair = await pairOf(await derive(master, NONE, "reply"));
    const id = (await digest(utf8("binhan-tip-id-v1"), tag)).slice(0, 16);
    return { tag: tag, tipId: hex(id), replyPublic: pair.publicRaw, replyKey: pair.key };
  }

  async function pairOf(raw) {
    const bytes = join(Uint8Array.from(PKCS8), raw);
    const key = await subtle.importKey("pkcs8", bytes, { name: "X25519" }, true, ["deriveBits"]);
    return { key: key, publicRaw: unbase64((await subtle.exportKey("jwk", key)).x) };
  }

  // HPKE, base mode (RFC 9180)

  const KEM = join(utf8("KEM"), [0, 0x20]);
  const HPKE = join(utf8("HPKE"), [0, 0x20, 0, 1, 0, 2]);

  async function hmac(key, ...parts) {
    // An empty key and one of zeros are the same to HMAC; browsers refuse the empty one.
    const raw = key.length ? key : new Uint8Array(32);
    const how = { name: "HMAC", hash: "SHA-256" };
    const imported = await subtle.importKey("raw", raw, how, false, ["sign"]);
    return new Uint8Array(await subtle.sign("HMAC", imported, join(...parts)));
  }

  const extract = (suite, salt, label, material) => hmac(salt, utf8("HPKE-v1"), suite, utf8(label), material);

  async function expand(suite, secret, label, info, length) {
    const all = await hmac(secret, number(length, 2), utf8("HPKE-v1"), suite, utf8(label), info, [1]);
    return all.slice(0, length);
  }

  const publicKey = (raw) => subtle.importKey("raw", raw, { name: "X25519" }, true, []);

  async function agree(key, otherRaw, context, info) {
    const other = await publicKey(otherRaw);
    const dh = new Uint8Array(await subtle.deriveBits({ name: "X25519", public: other }, key, 256));
    const early = await extract(KEM, NONE, "eae_prk", dh);
    const shared = await expand(KEM, early, "shared_secret", context, 32);
    const named = await extract(HPKE, NONE, "psk_id_hash", NONE);
    const schedule = join([0], named, await extract(HPKE, NONE, "info_hash", info));
    const secret = await extract(HPKE, shared, "secret", NONE);
    const raw = await expand(HPKE, secret, "key", schedule, 32);
    return {
      key: await subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]),
      nonce: await expand(HPKE, secret, "base_nonce", schedule, 12),
    };
  }

  async function hpkeSeal(toRaw, info, plain) {
    const own = await subtle.generateKey({ name: "X25519" }, true, ["deriveBits"]);
    const enc = new Uint8Array(await subtle.exportKey("raw", own.publicKey));
    const context = await agree(own.privateKey, toRaw, join(enc, toRaw), info);
    const how = { name: "AES-GCM", iv: context.nonce };
    return join(enc, new Uint8Array(await subtle.encrypt(how, context.key, plain)));
  }

  async function hpkeOpen(key, ownRaw, info, sealed) {
    const enc = sealed.slice(0, 32);
    const context = await agree(key, enc, join(enc, ownRaw), info);
    const how = { name: "AES-GCM", iv: context.nonce };
    return new Uint8Array(await subtle.decrypt(how, context.key, sealed.slice(32)));
  }

  // Parcels and replies

  function pad(content, size) {
    const padded = new Uint8Array(size);
    padded.set(number(content.length, 8));
    padded.set(content, 8);
    return padded;
  }

  function unpad(padded) {
    const length = readNumber(padded.slice(0, 8));
    if (length > padded.length - 8) throw new Error("padding");
    return padded.slice(8, 8 + length);
  }

  function bucketOf(length) {
    const size = BUCKETS.find((bucket) => bucket >= length + 8);
    if (!size) throw new RangeError("too_large");
    return size;
  }

  // `type` as ParcelType; `files` are {name, type, content}; `units` are {id, key: {key_id, x25519}}.
  async function sealParcel(parcel) {
    const { type, words, files, tipId, seq, units, card } = parcel;
    const listed = files.map((file) => ({ name: file.name, type: file.type, size: file.content.length }));
    const head = utf8(JSON.stringify({ v: 1, type: type, words: words, files: listed }));
    const whole = join(number(head.length, 4), head, ...files.map((file) => file.content));
    const id = unhex(tipId);
    const raw = random(32);
    const key = await subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt"]);
    const seal = async (part, plain) => {
      const nonce = random(12);
      const bound = join(utf8("binhan-parcel-v1"), [SUITE], id, [part], number(seq, 4));
      const how = { name: "AES-GCM", iv: nonce, additionalData: bound };
      return base64(join(nonce, new Uint8Array(await subtle.encrypt(how, key, plain))));
    };
    const keys = [];
    for (const unit of units) {
      const info = join(utf8("binhan-key-v1"), [SUITE], id, number(seq, 4), utf8(unit.id));
      const wrapped = await hpkeSeal(unbase64(unit.key.x25519), info, raw);
      keys.push({ unit: unit.id, key_id: unit.key.key_id, suite: SUITE, wrapped: base64(wrapped) });
    }
    return {
      tip_id: tipId,
      seq: seq,
      suite: SUITE,
      card: card ? await seal(1, pad(utf8(JSON.stringify(card)), CARD_BYTES)) : "",
      body: await seal(2, pad(whole, bucketOf(whole.length))),
      keys: keys,
    };
  }

  // A reply as the tipster reads it; throws if it was not sealed to this receipt.
  async function openReply(sealed, seq, keys) {
    const info = join(utf8("binhan-reply-v1"), unhex(keys.tipId), number(seq, 4));
    const plain = await hpkeOpen(keys.replyKey, keys.replyPublic, info, unbase64(sealed));
    return Object.assign({ seq: seq }, JSON.parse(new TextDecoder().decode(unpad(plain))));
  }

  // What finds the same story sent twice, however it was typed: letters and digits only.
  async function storyDigest(story) {
    const letters = story.toLowerCase().normalize("NFD").replace(/đ/g, "d").replace(/[^\p{L}\p{N}]/gu, "");
    return letters ? hex(await digest(utf8("binhan-story-v1"), utf8(letters))).slice(0, 16) : "";
  }

  // Whether this browser can do all of it: old ones know no X25519, and none will without a secure context.
  async function canSeal() {
    if (!window.isSecureContext || !subtle) return false;
    try {
      const keys = await receiptKeys("0".repeat(DATA));
      const sealed = await hpkeSeal(keys.replyPublic, NONE, utf8("?"));
      return (await hpkeOpen(keys.replyKey, keys.replyPublic, NONE, sealed)).length === 1;
    } catch (error) {
      return false;
    }
  }

  window.binhanSeal = {
    base64, unbase64, hex, digest, utf8, newReceipt, readReceipt, plainly, shown, receiptKeys, pairOf,
    hpkeSeal, hpkeOpen, sealParcel, openReply, storyDigest, canSeal,
  };
})();
