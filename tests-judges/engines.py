"""One hand-over in two installations: embedded database and folder, PostgreSQL and S3. The same questions
must get the same answers, in the same order.

JZ_TEST_PG is a PostgreSQL URL whose user may create databases; JZ_TEST_S3 is endpoint,bucket,key,secret.
Ids and moments differ by nature and are taken out before the answers are compared; everything else counts.
"""

import json
import os
import random
import re
import subprocess
import sys
import tempfile
import uuid

import handover
import school

PASSWORD = "same question same answer"
IDS = re.compile(r'"\d{15,19}"')
MOMENTS = re.compile(r'"(at|recorded|made|changed|since|updated|created|file)":("[^"]*"|\d+|null)')


def main():
    for name in ("JZ_TEST_PG", "JZ_TEST_S3"):
        if not os.environ.get(name):
            print(f"未检测：没有 {name}")
            print("0 passed, 0 failed, 1 skipped")
            return 0
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="juanzong-engines-") as folder:
        given = os.path.join(folder, "given")
        truth = hand_over(given)
        small = installation(os.path.join(folder, "small"), given, [])
        large = installation(os.path.join(folder, "large"), given, ["--database", database(), "--s3", os.environ["JZ_TEST_S3"]])
        with school.Server(small) as one, school.Server(large) as two:
            for login in ("archive.one", "secretary.one"):
                who = {"login": login, "password": PASSWORD}
                left, right = school.Client(one).login(who), school.Client(two).login(who)
                told = 0
                for path, body in questions(left, truth):
                    a, b = answers(left, path, body), answers(right, path, body)
                    told += len(a)
                    passed, failed = passed + (a == b), failed + (a != b)
                    if a != b:
                        print(f"{login} {path} {json.dumps(body, ensure_ascii=False)}\n  内嵌：{a[:600]}\n  PostgreSQL：{b[:600]}", flush=True)
                print(f"{login}：比较到此 {passed + failed} 次，答案共 {told} 字", flush=True)
        for data in (small, large):
            code, text = school.cli(data, "verify", check=False)
            passed, failed = passed + (code == 0), failed + (code != 0)
            if code:
                print(f"verify：{text[-600:]}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


def hand_over(folder):
    """The hand-over of the browser journeys and 300 more people in two branches."""
    said = subprocess.run([sys.executable, "-B", handover.__file__, folder], capture_output=True, text=True)
    if said.returncode:
        raise SystemExit(said.stderr)
    with open(os.path.join(folder, "truth.json"), encoding="utf-8") as file:
        truth = json.load(file)
    rng = random.Random(11)
    truth["numbers"] = []
    for n, branch in enumerate(truth["branches"]):
        content, numbers = school.workbook(rng, branch, 150)
        truth["numbers"] += numbers
        with open(os.path.join(folder, f"more-{n}.xlsx"), "wb") as file:
            file.write(content)
    return truth


def database():
    """A fresh database on the test server."""
    url = os.environ["JZ_TEST_PG"]
    name = f"jz_engines_{uuid.uuid4().hex[:12]}"
    made = f"create database {name} template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C.UTF-8'"
    subprocess.run(["psql", url, "-qc", made], check=True, stdin=subprocess.DEVNULL)
    base, _, query = url.partition("?")
    return f"{base.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")


def installation(data, given, more):
    def run(*words):
        school.cli(data, *words)

    run("init", *more)
    run("import", "orgs", os.path.join(given, "orgs.xlsx"))
    for book in ("members.xlsx", "more-0.xlsx", "more-1.xlsx"):
        run("import", "members", os.path.join(given, book))
    for layout in "ac":
        run("import", "volumes", os.path.join(given, f"layout-{layout}"), "--layout", layout)
    run("jobs", "run", "--until-idle")
    for login, role, org in (("archive.one", "archivist", handover.UNIT), ("secretary.one", "branch_secretary", f"中共{handover.SCHOOL}{handover.STUDENTS}")):
        subprocess.run([school.BIN, "user", "add", login, "--role", role, "--org", org, "--data", data],
                       input=PASSWORD + "\n", text=True, capture_output=True, check=True)
    return data


def questions(client, truth):
    """Requests as (path, body). Ids are asked of the one that is asked, so a body holds none."""
    rng = random.Random(5)
    people, search = "/api/v1/persons/search", "/api/v1/search"
    words = ["示", "甲乙", "王", "wang", "wsj", "ouyangshili", "oysl", "OuYang", "％", "%", "_", "'", '"', "*", "a b", "-", "  ", "入党", "党",
             "入党申请书", "干部履历表", "履历", "x" * 200, "黨組織", "ＡＢＣ", "12", "２０２０", "\u0000", "中国共产党", "二〇二〇年"]
    for one in truth["people"]:
        words += [one["name"], one["name"][1:], one["number"], one["number"][-4:], one["id"], one["id"][-6:], one["id"][-4:]]
    words += [n[-6:] for n in truth["numbers"][::10]]
    for line in ["我志愿加入中国共产党，拥护党的纲领，遵守党的章程。"] + [p["marker"] for p in truth["pages"]]:
        for _ in range(6):
            long = rng.randrange(2, 9)
            at = rng.randrange(max(1, len(line) - long))
            words.append(line[at:at + long])
    for word in words:
        yield people, {"q": word}
        yield search, {"q": word}
    for kind in ("person", "material", "page"):
        for word in ("入党", "示例", "申请书", "2020"):
            yield search, {"q": word, "kind": kind, "limit": 3}
    for stage in (None, "1", "2", "3", "4", "5"):
        yield people, {"stage": stage, "limit": 7}
    yield "/api/v1/volumes/search", {}
    for word in ("A", "欧阳", "A001", "oysl"):
        yield "/api/v1/volumes/search", {"q": word, "limit": 1}


def answers(client, path, body):
    """All slices of an answer as one text, without what differs by nature."""
    out, after = [], None
    for _ in range(60):
        try:
            found = client.post(path, {**body, "after": after} if after else body)
        except school.Refused as why:
            out.append(f"{why.status}")
            break
        after = found.get("next")
        out.append(MOMENTS.sub("", IDS.sub("#", json.dumps(found, ensure_ascii=False, sort_keys=True, separators=(",", ":")))))
        if not after:
            break
    return "\n".join(out)


if __name__ == "__main__":
    sys.exit(main())
