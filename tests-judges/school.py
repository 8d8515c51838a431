"""A served school for the judges: the real binary on a folder, and a client that keeps acknowledgements.

JZ_BIN is the binary. JZ_TEMPLATE is a finished demo folder with its key beside it and `<folder>.json`,
what `juanzong demo --json` printed; without it a small school is made.
"""

import hashlib
import http.client
import io
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import uuid

BIN = os.environ.get("JZ_BIN") or os.path.expanduser("~/.cache/juanzong/target/debug/juanzong")


class Refused(Exception):
    """The server answered, but not with success."""

    def __init__(self, status, body):
        super().__init__(f"HTTP {status}: {body[:400]!r}")
        self.status, self.body = status, body


def cli(data, *words, check=True):
    """Runs a command on a folder; returns the exit code and what was printed."""
    done = subprocess.run([BIN, *words, "--data", data], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if check and done.returncode:
        raise SystemExit(f"juanzong {' '.join(words[:2])}: exit {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.returncode, done.stdout + done.stderr


def make(into):
    """A demo school at `into`; returns what `demo --json` said. The recognition jobs are done."""
    template = os.environ.get("JZ_TEMPLATE")
    if template:
        shutil.copytree(template, into, symlinks=True)
        shutil.copy2(template + ".key", into + ".key")
        with open(template + ".json", encoding="utf-8") as file:
            return json.load(file)
    words = ["demo", "--people", "60", "--volumes", "2", "--pages", "8", "--json"]
    done = subprocess.run([BIN, *words, "--data", into], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"juanzong demo: exit {done.returncode}\n{done.stdout}\n{done.stderr}")
    cli(into, "jobs", "run", "--until-idle")
    return json.loads(done.stdout)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """`juanzong serve` on a folder, until it is stopped or killed."""

    def __init__(self, data, port=None):
        self.data, self.port = data, port or free_port()
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [BIN, "serve", "--data", data, "--listen", f"127.0.0.1:{self.port}"],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=subprocess.STDOUT)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise OSError(f"the server ended with {self.process.returncode}:\n{self.said()}")
            try:
                Client(self).get("/api/v1/setup")
                return
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)
        self.kill()
        raise OSError(f"the server did not answer in 60 s:\n{self.said()}")

    def said(self):
        self.log.seek(0)
        return self.log.read().decode("utf-8", "replace")[-3000:]

    def kill(self):
        """The hard way, as the kernel does it when memory is short."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


class Client:
    """One person with one session. Every answer is read to its last byte before it counts."""

    patience = 60

    def __init__(self, server, cookie=None):
        self.port, self.cookie = server.port, cookie

    def login(self, account):
        body = {"login": account["login"], "password": account["password"]}
        self.call("POST", "/api/v1/session", body)
        return self

    def call(self, method, path, body=None, parts=None, raw=False):
        headers = {"X-Juanzong": "1", "Accept": "application/json", "Sec-Fetch-Site": "same-origin"}
        if self.cookie:
            headers["Cookie"] = self.cookie
        if parts is not None:
            data, headers["Content-Type"] = multipart(parts)
        elif body is not None:
            data, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
        else:
            data = None
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.patience)
        try:
            connection.request(method, path, data, headers)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        for value in answer.headers.get_all("Set-Cookie") or []:
            if "jz_session=" in value:
                self.cookie = value.split(";")[0]
        if not 200 <= answer.status < 300:
            raise Refused(answer.status, content)
        if raw:
            return content
        return json.loads(content) if content else None

    def get(self, path, **more):
        return self.call("GET", path, **more)

    def post(self, path, body=None, **more):
        return self.call("POST", path, body if body is not None or more.get("parts") else {}, **more)


def multipart(parts):
    """Parts are (name, value) or (name, (file name, type, bytes))."""
    line = uuid.uuid4().hex
    out = io.BytesIO()
    for name, value in parts:
        if isinstance(value, tuple):
            file, kind, content = value
            head = f'Content-Disposition: form-data; name="{name}"; filename="{file}"\r\nContent-Type: {kind}'
        else:
            head, content = f'Content-Disposition: form-data; name="{name}"', str(value).encode()
        out.write(f"--{line}\r\n{head}\r\n\r\n".encode() + content + b"\r\n")
    out.write(f"--{line}--\r\n".encode())
    return out.getvalue(), f"multipart/form-data; boundary={line}"


def account(demo, role):
    for one in demo["logins"]:
        if one["role"] == role:
            return one
    raise SystemExit(f"演示学校没有角色 {role} 的账号")


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def id_number(rng):
    """A number with a right check digit and an area code that does not exist."""
    body = f"99{rng.randrange(10000):04d}{rng.randrange(1998, 2006)}{rng.randrange(1, 13):02d}{rng.randrange(1, 29):02d}{rng.randrange(1000):03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights)) % 11]


def workbook(rng, branch, people):
    """A member workbook with new fictitious people; returns its bytes and their numbers."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "人员"
    sheet.append(["姓名", "学号/工号", "性别", "民族", "出生日期", "公民身份号码", "人员类别", "所在党支部", "申请入党日期"])
    numbers = []
    for _ in range(people):
        identity = id_number(rng)
        number = f"K{rng.randrange(10**12):012d}"
        numbers.append(number)
        name = rng.choice("赵钱孙李周吴郑王冯陈") + rng.choice("示例样本演试") + rng.choice("甲乙丙丁戊己庚辛")
        birth = f"{identity[6:10]}-{identity[10:12]}-{identity[12:14]}"
        sex = "男" if int(identity[16]) % 2 else "女"
        sheet.append([name, number, sex, "汉族", birth, identity, "入党申请人", branch, "2024-03-05"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue(), numbers


def picture(rng):
    """A small page that no other page equals."""
    from PIL import Image, ImageDraw

    image = Image.new("L", (620, 877), 255)
    draw = ImageDraw.Draw(image)
    for row in range(20):
        draw.line((60, 60 + row * 38, 60 + rng.randrange(100, 500), 60 + row * 38), fill=40, width=6)
    for _ in range(60):
        image.putpixel((rng.randrange(620), rng.randrange(877)), rng.randrange(256))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


class Load:
    """Imports people and adds pages, one after the other, and remembers what was acknowledged."""

    def __init__(self, client, seed):
        self.client, self.rng = client, random.Random(seed)
        self.acknowledged, self.refused = [], []
        # Cleared while somebody looks at what there is: work piles up no faster than it is judged.
        self.gate = threading.Event()
        self.gate.set()
        orgs = client.get("/api/v1/orgs")["orgs"]
        self.branch = next(o["full_name"] for o in orgs if "支部" in o["full_name"] and o["kind_label"].endswith("支部"))
        volume = client.post("/api/v1/volumes/search", {"limit": 1})["rows"][0]["id"]
        classes = client.get(f"/api/v1/volumes/{volume}")["classes"]
        self.material = next(m["id"] for c in classes for m in c["materials"])

    def step(self):
        """One piece of work. Raises when the server is gone; what was not answered does not count."""
        if self.rng.random() < 0.6:
            content, numbers = workbook(self.rng, self.branch, self.rng.randrange(1, 6))
            batch = self.client.post("/api/v1/imports", parts=[("kind", "members"), ("file", ("people.xlsx", XLSX, content))])
            batch = self.client.post(f"/api/v1/imports/{batch['id']}/commit")
            if batch["state"] != "committed":
                raise Refused(200, json.dumps(batch).encode())
            self.acknowledged.append(("batch", batch["id"], numbers))
        else:
            content = picture(self.rng)
            path = f"/api/v1/materials/{self.material}/pages"
            self.client.post(path, parts=[("files", ("page.jpg", "image/jpeg", content))])
            self.acknowledged.append(("page", self.material, hashlib.sha256(content).hexdigest()))

    def run(self, stop):
        """Works until told to stop or until the server is gone."""
        while not stop.is_set():
            try:
                if self.gate.wait(1):
                    self.step()
            except Refused as why:
                self.refused.append(str(why))
                if len(self.refused) > 20:
                    return
            except (OSError, http.client.HTTPException):
                return


def missing(client, acknowledged):
    """What was acknowledged and is not there: a list of sentences."""
    gone, digests = [], {}
    for kind, key, content in acknowledged:
        try:
            if kind == "batch":
                state = client.get(f"/api/v1/imports/{key}")["state"]
                if state != "committed":
                    gone.append(f"批次 {key} 的状态是 {state}")
                for number in content:
                    if client.post("/api/v1/persons/search", {"q": number, "limit": 1})["total"] != 1:
                        gone.append(f"批次 {key} 的人员 {number} 不在")
            else:
                if key not in digests:
                    digests[key] = material_digests(client, key)
                if content not in digests[key]:
                    gone.append(f"材料 {key} 的页面 {content[:12]} 不在")
        except Refused as why:
            gone.append(f"{kind} {key}：{why}")
    return gone


def material_pages(client, material):
    """Ids of the pages of a material, whichever volume it is in."""
    for volume in client.post("/api/v1/volumes/search", {"limit": 50})["rows"]:
        for group in client.get(f"/api/v1/volumes/{volume['id']}")["classes"]:
            for one in group["materials"]:
                if one["id"] == material:
                    return {page["id"] for page in one["pages"]}
    return set()


def material_digests(client, material):
    """SHA-256 of every page of a material."""
    return {client.get(f"/api/v1/pages/{page}")["sha256"] for page in material_pages(client, material)}
