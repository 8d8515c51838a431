"""What leaves a real installation holds outside it, and only that.

A served demo school: receipts over HTTP, the export of the ledger, a witness with its files, the
daily line. Everything is judged by the second implementation in proofs.py, by the script of the
offline page, and by the commands; then a copy that was put back is offered to the witness.
JZ_BIN is the binary.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

import proofs
from school import BIN, Client, Refused, Server, account, make


def run(*words):
    done = subprocess.run([BIN, *words], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def subtree(leaves):
    """RFC 6962, 2.1, by its definition."""
    if len(leaves) < 2:
        return proofs.sha(b"\0", leaves[0]) if leaves else proofs.sha()
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return proofs.sha(b"\1", subtree(leaves[:half]), subtree(leaves[half:]))


def exported(folder):
    """All entries of an export, from its bundles alone."""
    paths = []
    for here, _, files in os.walk(os.path.join(folder, "tile", "entries")):
        paths += [os.path.join(here, f) for f in files]
    leaves = []
    for path in sorted(paths):
        with open(path, "rb") as file:
            raw = file.read()
        while raw:
            length = int.from_bytes(raw[:2], "big")
            leaves.append(raw[2 : 2 + length])
            raw = raw[2 + length :]
    return leaves


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def status(client, method, path, body=None):
    try:
        client.call(method, path, body, raw=True)
        return 200
    except Refused as refused:
        return refused.status


def main():
    passed = failed = 0

    def hold(condition, what):
        nonlocal passed, failed
        passed, failed = passed + bool(condition), failed + (not condition)
        if not condition:
            print(f"FAILED {what}")

    # The second implementation judges times of witnesses against its own clock.
    proofs.NOW = int(time.time())
    with tempfile.TemporaryDirectory() as place:
        data, out = os.path.join(place, "data"), lambda name: os.path.join(place, name)
        demo = make(data)
        state, keys, witness_key = out("witness"), out("keys.txt"), out("witness.txt")
        hold(run("export", "ledger", out("first"), "--data", data)[0] == 0, "export")
        shutil.copy(out("first/keys.txt"), keys)
        code, said = run("witness", "--state", state, "--log-key", keys, "--name", "unit-b/witness")
        hold(code == 0, said)
        write(witness_key, said)
        trust = read(keys) + read(witness_key)
        write(out("trust.txt"), trust)

        def witnessed():
            kept = out("kept")
            code, said = run("export", "witness-request", out("request"), "--data", data)
            hold(code == 0, said)
            case = {"kind": "request", "keys": read(keys), "text": read(out("request")), "kept": None}
            case["kept"] = read(kept) if os.path.exists(kept) else None
            hold(proofs.verdict(case) == "ok", f"request: {proofs.verdict(case)}")
            code, said = run("witness", "--state", state, "--log-key", keys, out("request"), out("answer"))
            hold(code == 0, said)
            code, said = run("import", "cosignature", out("answer"), "--witness-key", witness_key, "--data", data)
            hold(code == 0, said)
            write(kept, case["text"].split("\n\n", 1)[1])

        witnessed()
        old = out("old")
        shutil.copytree(data, old)
        shutil.copy2(data + ".key", old + ".key")

        with Server(data) as server:
            archivist = Client(server).login(account(demo, "archivist"))
            auditor = Client(server).login(account(demo, "auditor"))
            member = Client(server).login(account(demo, "member"))
            me = member.get("/api/v1/me")["person"]
            me = me["id"] if isinstance(me, dict) else me
            others = [p["id"] for p in archivist.post("/api/v1/persons/search", {"limit": 50})["rows"] if p["id"] != me]
            for _ in range(40):
                archivist.get(f"/api/v1/persons/{me}")
                archivist.post(f"/api/v1/persons/{me}/reveal", {"reason": "核对转正材料"})
            archivist.get(f"/api/v1/persons/{others[0]}")
            witnessed()

            looks = member.get(f"/api/v1/persons/{me}/looks")["looks"]
            hold(len(looks) >= 80, f"{len(looks)} looks")
            cases = []
            for look in looks[:60]:
                url = f"/api/v1/persons/{me}/looks/{look['seq']}/receipt"
                text = member.get(url, raw=True).decode()
                cases.append({"kind": "receipt", "keys": trust, "text": text})
                hold(proofs.verdict(cases[-1]) == "ok", f"receipt {look['seq']}: {proofs.verdict(cases[-1])}")
            shown = proofs.page(cases)
            if shown is None:
                print("未检测：离线核对页（没有 Node）")
            else:
                for line in shown:
                    hold(line == "ok", f"page: {line}")
            for n, case in enumerate(cases[:5]):
                write(out("receipt"), case["text"])
                words = ["verify-proof", out("receipt"), "--trust", out("trust.txt"), "--witnesses", "1", "--json"]
                code, said = run(*words)
                hold(code == 0 and json.loads(said)["seq"] == looks[n]["seq"], said)
                changed = case["text"].replace("index ", "index 1", 1)
                write(out("receipt"), changed)
                code, said = run(*words)
                hold(code == 1 and not json.loads(said)["ok"], f"changed: {code} {said}")
            purpose = [json.loads(proofs.b64(c["text"].split("\n")[1][6:]))["detail"] for c in cases if "核对" in
                       proofs.b64(c["text"].split("\n")[1][6:]).decode()]
            hold(purpose, "the stated purpose is in the receipt")

            # Only who may see the looks, only looks, only of that person.
            theirs = archivist.get(f"/api/v1/persons/{others[0]}/looks")["looks"][0]["seq"]
            hold(status(member, "GET", f"/api/v1/persons/{others[0]}/looks/{theirs}/receipt") in (403, 404), "another person")
            hold(status(member, "GET", f"/api/v1/persons/{me}/looks/{theirs}/receipt") == 422, "a line about another")
            hold(status(member, "GET", f"/api/v1/persons/{me}/looks/0/receipt") == 422, "a line that is no look")
            hold(status(auditor, "GET", f"/api/v1/persons/{me}/looks/{looks[0]['seq']}/receipt") in (403, 404), "the auditor's way")
            hold(status(member, "GET", f"/api/v1/ledger/entries/{theirs}/receipt") == 403, "the ledger is the auditor's")
            text = auditor.get(f"/api/v1/ledger/entries/{looks[0]['seq']}/receipt", raw=True).decode()
            hold(proofs.verdict({"kind": "receipt", "keys": trust, "text": text}) == "ok", "the auditor's receipt")
            opening = json.loads(proofs.b64(text.split("\n")[1][6:]))
            hold(set(opening) == {"v", "leaf"}, "the auditor's receipt has no detail")
            offline = member.get("/api/v1/ledger/offline", raw=True).decode()
            hold(all(k in offline for k in read(keys).split("\n")[1:-1]), "keys in the offline page")

            line = archivist.get("/api/v1/ledger/daily")
            plain = line["code"].split(":")
            case = {"kind": "daily", "text": line["line"], "keys": ":".join(plain[:4]).lower().replace("jz1", "JZ1")}
            hold(proofs.verdict(case) == "ok", f"daily line: {proofs.verdict(case)}")
            archivist.get(f"/api/v1/persons/{me}")
            for typed in (line["line"], line["line"].replace(" ", "").replace("-", ""), line["code"]):
                answer = archivist.post("/api/v1/ledger/daily/check", {"text": typed})
                hold(answer["ok"] and answer["size"] == line["size"], f"typed back: {answer}")
            wrong = str((int(line["groups"][3][0]) + 1) % 10) + line["groups"][3][1:]
            typed = line["line"].replace(line["groups"][3], wrong)
            hold(status(archivist, "POST", "/api/v1/ledger/daily/check", {"text": typed}) == 422, "a wrong digit")
            note = auditor.get("/api/v1/ledger/checkpoint", raw=True).decode()
            write(out("outside"), note)

        # The export, recomputed from its entries by definition.
        hold(run("export", "ledger", out("tiles"), "--data", data)[0] == 0, "export")
        leaves = exported(out("tiles"))
        origin, size, root = proofs.read_checkpoint(proofs.read_note(read(out("tiles/checkpoint")))[0])
        hold(len(leaves) == size and subtree(leaves) == root, "root of the export")
        code, said = run("verify", "--against", out("outside"), "--data", data)
        hold(code == 0, said)

        # Put back by somebody who has folder and key: the machine itself is content, the witness and the
        # checkpoint that left are not.
        code, said = run("export", "witness-request", out("forged"), "--data", old)
        hold(code == 0, said)
        code, said = run("witness", "--state", state, "--log-key", keys, out("forged"), out("answer"), "--json")
        hold(code == 1 and json.loads(said)["code"] == "rollback", said)
        hold(read(out("answer")).startswith("refused rollback"), read(out("answer")))
        hold(run("verify", "--data", old)[0] == 0, "the old copy by itself")
        hold(run("verify", "--against", out("outside"), "--data", old)[0] == 1, "the old copy against the checkpoint")

        # A changed entry: no receipt is given out for a tree that is not the signed one.
        database = sqlite3.connect(os.path.join(data, "juanzong.db"))
        (leaf,) = database.execute("select leaf from ledger where seq = ?", (looks[-1]["seq"],)).fetchone()
        leaf = leaf.replace(b'"result":"ok"', b'"result":"no"')
        database.execute("update ledger set leaf = ? where seq = ?", (leaf, looks[-1]["seq"]))
        database.commit()
        database.close()
        with Server(data) as server:
            member = Client(server).login(account(demo, "member"))
            url = f"/api/v1/persons/{me}/looks/{looks[-1]['seq']}/receipt"
            hold(status(member, "GET", url) == 422, "a receipt over a changed entry")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
