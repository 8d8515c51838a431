"""A second implementation of receipts, witness requests and the daily line, from their descriptions only.

The Rust example `proofs` makes honest ones; this file tampers with half of them, judges all, and asks the Rust
side and the script of the offline page to judge the same. All must agree, and nothing tampered may pass.
Shares no code with the product: hashlib, `cryptography` for Ed25519, and SM2 written out here.
"""

import argparse
import base64
import binascii
import datetime
import hashlib
import json
import os
import random
import re
import shutil
import subprocess
import sys
import unicodedata

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

HERE = os.path.dirname(os.path.abspath(__file__))
NOW = 1_764_032_400 + 3600
SM2_TYPE = b"\xffjuanzong/sm2-sm3/v1\n"
MOST = 1 << 62


class Refused(Exception):
    """The verdict is no."""


def need(condition, why):
    if not condition:
        raise Refused(why)


# --- spelling ---------------------------------------------------------------------------------------------------


def b64(text):
    try:
        raw = base64.b64decode(text.encode(), validate=True)
    except (binascii.Error, ValueError):
        raise Refused("base64") from None
    need(base64.b64encode(raw).decode() == text, "base64")
    return raw


def number(text):
    need(re.fullmatch(r"0|[1-9][0-9]{0,18}", text), "number")
    need(int(text) <= MOST, "number")
    return int(text)


def hash32(text):
    raw = b64(text)
    need(len(raw) == 32, "hash")
    return raw


def is_name(name):
    return name != "" and not any(c.isspace() or c == "+" or unicodedata.category(c) == "Cc" for c in name)


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


# --- signatures -------------------------------------------------------------------------------------------------

try:
    hashlib.new("sm3")
    SM3 = True
except ValueError:
    SM3 = False

# The curve of GB/T 32918.5.
P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
A, B = P - 3, 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
G = (
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)


def double(p):
    x, y, z = p
    if not z:
        return p
    s, m = 4 * x * y * y % P, (3 * x * x + A * z**4) % P
    nx = (m * m - 2 * s) % P
    return nx, (m * (s - nx) - 8 * y**4) % P, 2 * y * z % P


def add(p, q):
    if not p[2]:
        return q
    if not q[2]:
        return p
    u1, u2 = p[0] * q[2] ** 2 % P, q[0] * p[2] ** 2 % P
    s1, s2 = p[1] * q[2] ** 3 % P, q[1] * p[2] ** 3 % P
    if u1 == u2:
        return double(p) if s1 == s2 else (1, 1, 0)
    h, r = u2 - u1, s2 - s1
    x = (r * r - h**3 - 2 * u1 * h * h) % P
    return x, (r * (u1 * h * h - x) - s1 * h**3) % P, h * p[2] * q[2] % P


def times(k, point):
    out, step = (1, 1, 0), (*point, 1)
    while k:
        if k & 1:
            out = add(out, step)
        step, k = double(step), k >> 1
    return out


def sm2(public, message, signature):
    """GB/T 32918.2, 7.1, with the identifier 1234567812345678."""
    x, y = int.from_bytes(public[1:33], "big"), int.from_bytes(public[33:], "big")
    if (y * y - x**3 - A * x - B) % P or len(signature) != 64:
        return False
    who = b"1234567812345678"
    fields = b"".join(v.to_bytes(32, "big") for v in (A, B, *G, x, y))
    za = hashlib.new("sm3", (len(who) * 8).to_bytes(2, "big") + who + fields).digest()
    e = int.from_bytes(hashlib.new("sm3", za + message).digest(), "big")
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    t = (r + s) % N
    if not (0 < r < N and 0 < s < N and t):
        return False
    px, _, pz = add(times(s, G), times(t, (x, y)))
    return bool(pz % P) and (e + px * pow(pz, -2, P) % P) % N == r


def ed25519(public, message, signature):
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
        return True
    except (InvalidSignature, ValueError):
        return False


def read_keys(text):
    keys = {}
    for line in text.split("\n"):
        if not line.strip() or line.startswith("#"):
            continue
        name, key_id, coded = line.strip().split("+", 2)
        raw = b64(coded)
        need(is_name(name) and sha(name.encode(), b"\n", raw)[:4].hex() == key_id, "key")
        if raw[0] == 1 and len(raw) == 33:
            keys[name, key_id] = ("ed25519", raw[1:])
        elif raw[0] == 4 and len(raw) == 33:
            keys[name, key_id] = ("witness", raw[1:])
        else:
            need(raw.startswith(SM2_TYPE) and len(raw) == len(SM2_TYPE) + 65, "key")
            keys[name, key_id] = ("sm2", raw[len(SM2_TYPE) :])
    return keys


# --- notes and checkpoints --------------------------------------------------------------------------------------


def read_note(text):
    at = text.rfind("\n\n")
    need(at >= 0 and text.endswith("\n"), "note")
    body, rest = text[: at + 1], text[at + 2 :]
    need(rest and not any(c < " " and c != "\n" for c in body), "note")
    signatures = []
    for line in rest[:-1].split("\n"):
        need(line.startswith("— ") and line.count(" ") == 2, "signature")
        _, name, coded = line.split(" ")
        raw = b64(coded)
        need(is_name(name) and len(raw) > 4, "signature")
        signatures.append((name, raw[:4].hex(), raw[4:]))
    need(len(signatures) <= 64, "note")
    return body, signatures


def read_checkpoint(body):
    lines = body[:-1].split("\n")
    need(len(lines) >= 3 and all(lines), "checkpoint")
    stage = 0
    for line in lines[3:]:
        if line.startswith("sm3 "):
            need(stage < 1, "checkpoint")
            hash32(line[4:])
            stage = 1
        elif line.startswith("at "):
            need(stage < 2, "checkpoint")
            number(line[3:])
            stage = 2
        else:
            stage = 3
    return lines[0], number(lines[1]), hash32(lines[2])


def signed(body, signatures, keys, now=None):
    """Kinds of the trusted keys that signed; one that did not although it is named is a refusal."""
    held = set()
    for name, key_id, raw in signatures:
        kind, public = keys.get((name, key_id), (None, None))
        if kind == "ed25519":
            need(ed25519(public, body.encode(), raw), "signature")
        elif kind == "sm2":
            need(not SM3 or sm2(public, body.encode(), raw), "signature")
        elif kind == "witness":
            need(len(raw) == 72 and raw[0] < 128, "signature")
            at = int.from_bytes(raw[:8], "big")
            need(ed25519(public, f"cosignature/v1\ntime {at}\n{body}".encode(), raw[8:]), "signature")
            need(now is None or at <= now + 600, "future")
        else:
            continue
        held.add(kind)
    return held


# --- trees: RFC 9162, 2.1.3.2 and 2.1.4.2 -----------------------------------------------------------------------


def included(leaf, index, size, root, path):
    if index >= size:
        return False
    fn, sn, r = index, size - 1, sha(b"\0", leaf)
    for p in path:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            r = sha(b"\1", p, r)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = sha(b"\1", r, p)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and r == root


def consistent(first, old_root, second, new_root, path):
    if first > second:
        return False
    if first == 0:
        return not path and old_root == sha()
    if first == second:
        return not path and old_root == new_root
    if not path:
        return False
    path = list(path)
    if first & (first - 1) == 0:
        path.insert(0, old_root)
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for c in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = sha(b"\1", c, fr), sha(b"\1", c, sr)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = sha(b"\1", sr, c)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and fr == old_root and sr == new_root


# --- the three kinds of file ------------------------------------------------------------------------------------


def once(pairs):
    need(len({k for k, _ in pairs}) == len(pairs), "JSON")
    return dict(pairs)


def parse_json(raw):
    try:
        return json.loads(raw.decode() if isinstance(raw, bytes) else raw, object_pairs_hook=once)
    except ValueError:
        raise Refused("JSON") from None


def judge_receipt(case):
    keys, text = read_keys(case["keys"]), case["text"]
    need(text.startswith("c2sp.org/tlog-proof@v1\n") and "\n\n" in text, "receipt")
    head, note = text.split("\n\n", 1)
    lines = head.split("\n")[1:]
    need(len(lines) >= 2 and lines[0].startswith("extra ") and lines[1].startswith("index "), "receipt")
    opening = parse_json(b64(lines[0][6:]))
    need(isinstance(opening, dict) and set(opening) <= {"v", "leaf", "salt", "detail"}, "opening")
    need(type(opening.get("v")) is int and opening["v"] == 1 and isinstance(opening.get("leaf"), str), "opening")
    index, path = number(lines[1][6:]), [hash32(line) for line in lines[2:]]
    body, signatures = read_note(note)
    origin, size, root = read_checkpoint(body)
    own = {k: v for k, v in keys.items() if k[0] == origin or v[0] == "witness"}
    need(signed(body, signatures, own, NOW) >= {"ed25519", "sm2", "witness"}, "signatures")
    leaf = opening["leaf"].encode()
    need(included(leaf, index, size, root, path), "not included")
    line = parse_json(leaf)
    need(line["seq"] == index, "number")
    salt, detail = opening.get("salt"), opening.get("detail")
    if salt is None:
        need(detail is None, "detail")
    else:
        need(re.fullmatch("[0-9a-f]{64}", salt), "salt")
        need(sha(bytes.fromhex(salt), (detail or "").encode()).hex() == line["commit"], "detail")


def judge_request(case):
    keys, text = read_keys(case["keys"]), case["text"]
    need(text.startswith("old ") and "\n\n" in text, "request")
    head, note = text.split("\n\n", 1)
    first, *rest = head[4:].split("\n")
    old, path = number(first), [hash32(line) for line in rest]
    need(len(path) <= 63, "request")
    body, signatures = read_note(note)
    origin, size, root = read_checkpoint(body)
    own = {k: v for k, v in keys.items() if k[0] == origin and v[0] != "witness"}
    need(own and signed(body, signatures, own), "signature")
    seen, seen_root = 0, sha()
    if case["kept"]:
        _, seen, seen_root = read_checkpoint(read_note(case["kept"])[0])
    need(old == seen and size >= seen, "size")
    need(consistent(seen, seen_root, size, root, path), "fork")


DAMM = [
    [int(d) for d in row]
    for row in "0317598642 7092154863 4206871359 1750983426 6123045978 "
    "3674209581 5869720134 8945362017 9438617205 2581436790".split()
]


def damm(place, digits):
    state = DAMM[0][place]
    for d in digits:
        state = DAMM[state][int(d)]
    return state


def judge_daily(case):
    _, day, size, root = case["keys"].split(":")
    words = ["".join(c for c in unicodedata.normalize("NFKC", w) if c.isdigit()) for w in case["text"].split()]
    need(len(words) == 10, "parts")
    for n, word in enumerate(words):
        place = 9 if n == 0 else n - 1
        need(len(word) > 1 and damm(place, word[:-1]) == int(word[-1]), f"part {n}")
    date, count, *groups = (w[:-1] for w in words)
    need(all(len(g) == 5 and int(g) < 65536 for g in groups), "group")
    datetime.date.fromisoformat(f"{date[:4]}-{date[4:6]}-{date[6:]}")
    head = b"".join(int(g).to_bytes(2, "big") for g in groups)
    need((date, count) == (day, size) and bytes.fromhex(root).startswith(head), "another line")


JUDGES = {"receipt": judge_receipt, "request": judge_request, "daily": judge_daily}


def verdict(case):
    try:
        JUDGES[case["kind"]](case)
        return "ok"
    except Refused as e:
        return f"refused: {e}"


# --- tampering --------------------------------------------------------------------------------------------------


def other_char(dice, text, choice):
    at = dice.randrange(len(text))
    return text[:at] + dice.choice([c for c in choice if c != text[at]]) + text[at + 1 :]


def flipped(dice, line, head=""):
    """A line of base64 with one bit of its bytes changed."""
    raw = bytearray(base64.b64decode(line[len(head) :]))
    raw[dice.randrange(len(raw))] ^= 1 << dice.randrange(8)
    return head + base64.b64encode(raw).decode()


def reopened(line, change):
    opening = json.loads(base64.b64decode(line[6:]))
    change(opening)
    return "extra " + base64.b64encode(json.dumps(opening, ensure_ascii=False).encode()).decode()


def tamper(dice, case, others):
    """Changes the case so that it must be refused; answers what was done."""
    kind, lines = case["kind"], case["text"].split("\n")
    if kind == "daily":
        digits = [n for n, c in enumerate(case["text"]) if c.isdigit()]
        at = dice.choice(digits)
        digit = dice.choice([d for d in "0123456789" if d != case["text"][at]])
        case["text"] = case["text"][:at] + digit + case["text"][at + 1 :]
        return "digit"
    blank = lines.index("")
    first = 3 if kind == "receipt" else 1
    ways = ["size", "root", "extension", "resign", "truncate", "signature"]
    if blank > first:
        ways += ["hash", "drop", "swap"] if blank > first + 1 else ["hash", "drop"]
    if kind == "receipt":
        ways += ["leaf", "detail", "salt", "index", "other", "character", "unsign", "future"]
    else:
        ways += ["old", "rewrite"] if case["kept"] else ["old"]
    way = dice.choice(ways)
    if way == "size":
        lines[blank + 2] = str(int(lines[blank + 2]) + dice.choice([1, 2, 1000]))
    elif way == "root":
        lines[blank + 3] = flipped(dice, lines[blank + 3])
    elif way == "extension":
        lines[blank + 4] = flipped(dice, lines[blank + 4], "sm3 ")
    elif way == "signature":
        at = next(n for n in range(blank + 1, len(lines)) if lines[n].startswith("— "))
        name = lines[at].rsplit(" ", 1)[0] + " "
        raw = bytearray(base64.b64decode(lines[at][len(name) :]))
        raw[4 + dice.randrange(64)] ^= 1 << dice.randrange(8)
        lines[at] = name + base64.b64encode(raw).decode()
    elif way == "resign":
        # The log itself under another key: a private history, well formed in all else.
        at = next(n for n in range(blank + 1, len(lines)) if lines[n].startswith("— "))
        name, body = lines[at].split(" ")[1], "\n".join(lines[blank + 1 : at - 1]) + "\n"
        key = Ed25519PrivateKey.generate()
        key_id = sha(name.encode(), b"\n\1", key.public_key().public_bytes_raw())[:4]
        line = f"— {name} " + base64.b64encode(key_id + key.sign(body.encode())).decode()
        lines = lines[:at] + [line, ""]
    elif way == "truncate":
        # Before the end of the first signature: a request with one of two signatures is still good.
        case["text"] = case["text"][: dice.randrange(case["text"].index("— ") + 60)]
        return way
    elif way == "hash":
        at = dice.randrange(first, blank)
        lines[at] = flipped(dice, lines[at])
    elif way == "drop":
        del lines[dice.randrange(first, blank)]
    elif way == "swap":
        at = dice.randrange(first, blank - 1)
        lines[at], lines[at + 1] = lines[at + 1], lines[at]
    elif way == "leaf":
        def change(opening):
            leaf = json.loads(opening["leaf"])
            leaf[dice.choice(["actor", "action", "role", "addr", "result", "t"])] = "changed"
            opening["leaf"] = json.dumps(leaf, separators=(",", ":"))
        lines[1] = reopened(lines[1], change)
    elif way == "detail":
        lines[1] = reopened(lines[1], lambda o: o.update(detail=(o.get("detail") or "") + " "))
    elif way == "salt":
        lines[1] = reopened(lines[1], lambda o: o.update(salt=dice.randbytes(32).hex()))
    elif way == "index":
        lines[2] = f"index {max(0, int(lines[2][6:]) + dice.choice([-1, 1, 2])) or 1}"
        if lines[2] == case["text"].split("\n")[2]:
            lines[2] = "index 9999999"
    elif way == "other":
        # The opening of somebody else's line under this proof.
        strange = [o for o in others if o["kind"] == "receipt" and o["text"].split("\n")[2] != lines[2]]
        lines[1] = dice.choice(strange)["text"].split("\n")[1]
    elif way == "character":
        case["text"] = other_char(dice, case["text"], "A0+ =\n{é")
        return way
    elif way == "unsign":
        at = dice.choice([n for n in range(blank + 1, len(lines)) if lines[n].startswith("— ")])
        del lines[at]
    elif way == "future":
        at = [n for n in range(blank + 1, len(lines)) if lines[n].startswith("— ")][-1]
        name = lines[at].rsplit(" ", 1)[0] + " "
        raw = bytearray(base64.b64decode(lines[at][len(name) :]))
        raw[4:12] = (NOW + 10**6).to_bytes(8, "big")
        lines[at] = name + base64.b64encode(raw).decode()
    elif way == "old":
        lines[0] = f"old {int(lines[0][4:]) + 1}"
    elif way == "rewrite":
        # The witness saw another history of that size.
        kept = case["kept"].split("\n")
        kept[2] = flipped(dice, kept[2])
        case["kept"] = "\n".join(kept)
        return way
    case["text"] = "\n".join(lines)
    return way


# --- the comparison ---------------------------------------------------------------------------------------------


def rust(program, *words, lines=None):
    said = subprocess.run(
        [program, *words], input=lines, capture_output=True, text=True, check=False, timeout=600
    )
    if said.returncode:
        sys.exit(f"{program} {' '.join(words)}: {said.stderr}")
    return said.stdout.splitlines()


def page(cases):
    """What the script of the offline page says; None where there is no Node to run it."""
    if not shutil.which("node"):
        return None
    driver = os.path.join(HERE, "proofs_page.mjs")
    html = os.path.join(HERE, "..", "crates", "jz-proof", "assets", "verify.html")
    lines = "\n".join(json.dumps({**c, "now": NOW}) for c in cases) + "\n"
    said = subprocess.run(["node", driver, html], input=lines, capture_output=True, text=True, check=False, timeout=600)
    if said.returncode:
        sys.exit(f"proofs_page.mjs: {said.stderr}")
    return said.stdout.splitlines()


def main():
    words = argparse.ArgumentParser()
    # Six of ten are receipts: a thousand of them.
    words.add_argument("--proofs", type=int, default=1700)
    words.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    words = words.parse_args()
    program = os.environ.get("JZ_PROOFS") or os.path.join(
        os.path.dirname(os.environ["JZ_BIN"]), "examples", "proofs"
    )
    print(f"seed {words.seed}")
    dice = random.Random(words.seed)
    passed = failed = 0

    def hold(condition, what):
        nonlocal passed, failed
        passed, failed = passed + bool(condition), failed + (not condition)
        if not condition:
            print(f"FAILED {what}")

    # GB/T 32918.5 A.2, so that the arithmetic here is not only ours.
    if SM3:
        public = "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
        given = "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"
        hold(sm2(bytes.fromhex(public), b"message digest", bytes.fromhex(given)), "SM2 of the standard")
    else:
        print("未检测：SM2 签名（OpenSSL 没有 SM3）")

    honest = [json.loads(line) for line in rust(program, "make", str(words.proofs), str(words.seed))]
    cases, ways = [], []
    for n, case in enumerate(honest):
        changed, way = dict(case), "honest"
        if n % 2:
            way = tamper(dice, changed, honest)
            while changed == case:
                way = tamper(dice, changed, honest)
        cases.append(changed)
        ways.append(way)
    theirs = rust(program, "check", lines="\n".join(map(json.dumps, cases)) + "\n")
    hold(len(theirs) == len(cases), "one verdict for each case")
    for case, way, said in zip(cases, ways, theirs):
        mine = verdict(case)
        # Only SM2 may have been tampered with where it cannot be checked here.
        agree = (mine == "ok") == (said == "ok")
        right = (said == "ok") == (way == "honest")
        hold(agree and right, f"{case['kind']} {way}: here {mine}, Rust {said}")

    receipts = [(c, w, s) for c, w, s in zip(cases, ways, theirs) if c["kind"] == "receipt"]
    shown = page([c for c, _, _ in receipts])
    if shown is None:
        print("未检测：离线核对页（没有 Node）")
    else:
        hold(len(shown) == len(receipts), "one verdict of the page for each receipt")
        for (case, way, said), line in zip(receipts, shown):
            # The page asks for no witness and cannot check SM2, so a missing line is no refusal for it.
            lenient = way in ("unsign", "character") and line in ("ok", "unknown")
            hold(lenient or (line == "ok") == (said == "ok"), f"page {way}: {line}, Rust {said}")
        # What the page cannot know it does not call true, and what it can refute it still does.
        good = next(c for c, way, _ in receipts if way == "honest")
        touched = next(c for c, way, _ in receipts if way == "root")
        doubts = [
            ({**good, "keys": ""}, "unknown"),
            ({**good, "keys": good["keys"].replace("+", "x+", 1)}, "unknown"),
            ({**good, "browser": "old"}, "unknown"),
            ({**good, "browser": "none"}, "unknown"),
            ({**touched, "browser": "old"}, "receipt.not-included"),
        ]
        for (case, want), line in zip(doubts, page([c for c, _ in doubts])):
            hold(line == want, f"page in doubt: {line}, expected {want}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
