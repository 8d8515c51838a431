"""Strings planted in everything the product promises to encrypt; then every byte it wrote is searched for them.

A new installation takes numbers, page images, corrected text, names of scans, purposes, search words, wrong rows
and whole workbooks through its own doors. What it shows must have been seen again, or it does not count. Then the
data folder (database, write-ahead log, objects, cache, temporary files), the folder for temporary files of the
machine and what the server said are searched in every spelling a leak could have: with the server running, and
after its end. What `docs/security.md` says is plain (names, titles, dates) is not planted; it proves that the
search can find.
"""

import base64
import contextlib
import glob
import io
import json
import os
import random
import re
import shutil
import sqlite3
import sys
import tempfile
import time
import zlib

import openpyxl
from PIL import Image, ImageDraw, ImageFont, PngImagePlugin, TiffImagePlugin

import handover
import school

ADMIN = {"login": "first.admin", "password": "a first light for the archive"}
ARCHIVIST = {"login": "archive.one", "password": "keeper of forty thousand pages"}
AUDITOR = {"login": "audit.one", "password": "who looked and when and why"}

# Everyday characters that a recogniser reads well; eight of them together stand nowhere else.
SIGNS = ("山水田石林木花草江河湖海春夏秋冬东西南北红黄蓝白青大小多少长高早晚古今风云雨雪星光天地日月金银铜铁松竹梅兰"
         "牛羊马鱼鸟虎龙门窗桌书笔画歌舞文字数学史政法农工商医药米面茶酒衣帽桥路车船城市村镇国家")


class Spellings:
    """All spellings of all strings, found in one pass: a piece of every spelling stands at every sixth byte."""

    STEP = 6

    def __init__(self, strings):
        self.spelt, self.pieces = {}, {}
        for text in strings:
            for how, form in spellings(text):
                self.spelt[form] = (how, text)
        for form in self.spelt:
            for at in range(self.STEP):
                self.pieces.setdefault(form[at:at + self.STEP], []).append(form)

    def found(self, content):
        step = self.STEP
        seen = {content[at:at + step] for at in range(0, len(content), step)} & self.pieces.keys()
        return {self.spelt[form] for piece in seen for form in self.pieces[piece] if form in content}


def spellings(text):
    """(how, bytes) of a text or of bytes; none shorter than eleven bytes."""
    if isinstance(text, bytes):
        codes = [("原样", text)]
    else:
        codes = [(code, text.encode(code)) for code in ("utf-8", "utf-16-le", "utf-16-be", "gbk")]
        if not text.isascii():
            codes.append(("\\u", json.dumps(text)[1:-1].encode()))
            codes.append(("%", "".join(f"%{b:02X}" for b in text.encode()).encode()))
    out = list(codes)
    for code, raw in codes[:4]:
        out += [(f"{code} hex", raw.hex().encode()), (f"{code} HEX", raw.hex().upper().encode())]
        for shift in range(3):
            # Without the characters that depend on what stands before and behind.
            line = base64.b64encode(bytes(shift) + raw)[-(-shift * 4 // 3):]
            line = line[:(len(raw) + shift) * 8 // 6 - -(-shift * 4 // 3)]
            out += [(f"{code} base64+{shift}", line), (f"{code} base64url+{shift}", line.translate(bytes.maketrans(b"+/", b"-_")))]
    return [(how, form) for how, form in out if len(form) >= 11]


class School:
    """A new installation with its doors, and what was planted: string to kind."""

    def __init__(self, folder):
        self.folder, self.data = folder, os.path.join(folder, "data")
        self.rng = random.Random(20)
        self.planted, self.proved, self.unproved = {}, 0, []
        school.cli(self.data, "init")
        self.server = school.Server(self.data)
        code = re.search(r"[0-9a-f]{4}(-[0-9a-f]{4}){7}", self.server.said()).group()
        client = school.Client(self.server)
        client.post("/api/v1/setup", {"code": code, "school": handover.SCHOOL, **ADMIN})
        self.admin = school.Client(self.server).login(ADMIN)
        top = self.admin.get("/api/v1/orgs")["orgs"][0]["id"]
        for who, name, role in ((ARCHIVIST, "档案室", "archivist"), (AUDITOR, "审计室", "auditor")):
            made = self.admin.post("/api/v1/accounts", {**who, "name": name})
            self.admin.post(f"/api/v1/accounts/{made['id']}/roles", {"role": role, "org": top})
        self.client = school.Client(self.server).login(ARCHIVIST)
        self.auditor = school.Client(self.server).login(AUDITOR)

    def words(self, kind, n=8):
        text = "".join(self.rng.sample(SIGNS, n))
        return self.plant(kind, text)

    def plant(self, kind, text):
        self.planted[text] = kind
        return text

    def number(self):
        return self.plant("身份证号", school.id_number(self.rng))

    def phone(self):
        return self.plant("手机号码", f"1{self.rng.choice('3578')}{self.rng.randrange(10**9):09d}")

    def prove(self, text, shown):
        """A string that should be shown and is not is not held by the product, and does not count."""
        self.proved += 1
        if text not in shown:
            self.unproved.append(text)

    def upload(self, kind, name, content):
        return self.client.post("/api/v1/imports", parts=[("kind", kind), ("file", (name, school.XLSX, content))])

    def commit(self, batch):
        done = self.client.post(f"/api/v1/imports/{batch['id']}/commit")
        if done["state"] != "committed":
            raise SystemExit(f"没有写入：{done}")


def saved(book):
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


HEAD = ["姓名", "学号/工号", "性别", "民族", "出生日期", "公民身份号码", "手机号码", "人员类别", "所在党支部", "申请入党日期", "补充说明"]


def people(s, count, mark, note):
    """A workbook of new people; returns it and who is in it."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "人员"
    sheet.append(HEAD)
    book.properties.creator = s.words("表格的作者")
    all_ = []
    for n in range(count):
        one = {"name": s.rng.choice("赵钱孙李周吴郑王") + s.rng.choice("示例样本") + s.rng.choice("甲乙丙丁戊己"),
               "number": f"{mark}{n:07d}", "id": s.number(), "phone": s.phone()}
        one["born"] = one["id"][6:14]
        sex = one["sex"] = "男" if int(one["id"][16]) % 2 else "女"
        birth = f"{one['born'][:4]}-{one['born'][4:6]}-{one['born'][6:]}"
        sheet.append([one["name"], one["number"], sex, "汉族", birth, one["id"], one["phone"], "入党申请人", handover.STUDENTS,
                      "2024-03-05", s.words("表格的其他列") if note else None])
        all_.append(one)
    return saved(book), all_


def members(s):
    """People by workbook, by hand, changed, and taken in and out again."""
    folder = os.path.join(s.folder, "given")
    os.makedirs(folder, exist_ok=True)
    handover.orgs(folder)
    with open(os.path.join(folder, "orgs.xlsx"), "rb") as file:
        s.commit(s.upload("orgs", "orgs.xlsx", file.read()))
    content, known = people(s, 30, "P", True)
    name = s.words("表格的文件名")
    batch = s.upload("members", f"{name}.xlsx", content)
    s.prove(name, batch["file_name"])
    s.commit(batch)
    content_out, gone = people(s, 5, "Q", False)
    batch = s.upload("members", "名册.xlsx", content_out)
    s.commit(batch)
    s.client.post(f"/api/v1/imports/{batch['id']}/undo")
    org = next(o["id"] for o in s.client.get("/api/v1/orgs")["orgs"] if handover.STUDENTS in o["full_name"])
    for n in range(4):
        one = {"name": "钱示甲", "number": f"H{n}", "id": s.number(), "phone": s.phone()}
        sex = "1" if int(one["id"][16]) % 2 else "2"
        made = s.client.post("/api/v1/persons", {"org": org, "name": one["name"], "number": one["number"], "sex": sex, "ethnicity": "汉族",
                             "birth": f"{one['id'][6:10]}-{one['id'][10:12]}-{one['id'][12:14]}", "id_no": one["id"], "phone": one["phone"],
                             "stage": "入党申请人", "applied": "2024-03-05"})
        one["phone"] = s.phone()
        basis = s.words("变更依据")
        change = {"version": made["version"], "phone": one["phone"], "basis": basis}
        s.client.call("PATCH", f"/api/v1/persons/{made['id']}", change)
        s.prove(basis, s.client.get(f"/api/v1/persons/{made['id']}/history", raw=True).decode())
        known.append(one)
    for n, one in enumerate(known):
        one["person"] = s.client.post("/api/v1/persons/search", {"q": one["number"]})["rows"][0]["id"]
        why = s.words("查看事由") if n % 3 == 0 else "核对"
        shown = s.client.post(f"/api/v1/persons/{one['person']}/reveal", {"reason": why})
        s.prove(one["id"], shown["id_no"])
        s.prove(one["phone"], shown["phone"])
        if why != "核对":
            looks = s.client.get(f"/api/v1/persons/{one['person']}/looks")
            s.prove(why, json.dumps(looks, ensure_ascii=False))
        s.client.get(f"/api/v1/persons/{one['person']}/history")
    return content, known


def wrong_rows(s):
    """Rows that must be refused: seen in the findings, kept in the upload, never a person."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "人员"
    sheet.append(HEAD)
    said = []
    for n in range(16):
        right = school.id_number(s.rng)
        wrong = s.plant("被拒绝的行", right[:-1] + ("1" if right[-1] != "1" else "2"))
        phone, day = s.words("被拒绝的行"), s.words("被拒绝的行")
        said += [wrong, phone, day]
        sheet.append(["孙样乙", f"W{n:07d}", "男", "汉族", "2001-01-01", wrong, phone, "入党申请人", handover.STUDENTS, day, None])
    content = saved(book)
    batch = s.upload("members", s.words("表格的文件名") + ".xlsx", content)
    shown = s.client.get(f"/api/v1/imports/{batch['id']}/findings?limit=500", raw=True).decode()
    # The workbook with marks is made from the kept upload.
    marked = openpyxl.load_workbook(io.BytesIO(s.client.get(f"/api/v1/imports/{batch['id']}/annotated", raw=True)))
    cells = {str(value) for sheet in marked for row in sheet.iter_rows(values_only=True) for value in row}
    for text in said:
        s.prove(text, "\n".join([shown, *cells]))
    return content


def font(size):
    file = next((f for f in handover.FONTS if os.path.exists(f)), None)
    if not file:
        raise SystemExit("没有 Noto CJK 字体：apt-get install fonts-noto-cjk")
    return ImageFont.truetype(file, size)


def drawn(lines):
    image = Image.new("RGB", (1240, 1754), (250, 249, 244))
    draw = ImageDraw.Draw(image)
    for i, line in enumerate(lines):
        draw.text((150, 160 + i * 72), line, font=font(38), fill=(24, 24, 28))
    return image


def encoded(image, kind, **more):
    out = io.BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def scans(s):
    """(file name, bytes, lines) of pages in every format, each with a mark inside the file."""
    def lines(n):
        return [s.words("图像上的文字") for _ in range(n)]

    def mark():
        return s.words("图像文件内的标记")
    for kind in ("jpg", "exif", "png", "tif", "pdf", "jpg", "png"):
        text = lines(18)
        image, name = drawn(text), s.words("扫描件的文件名")
        if kind == "jpg":
            content = encoded(image, "JPEG", quality=88, dpi=(150, 150), comment=mark().encode())
        elif kind == "exif":
            exif = Image.Exif()
            exif[0x010E], exif[0x9C9C] = mark(), mark().encode("utf-16-le")
            content = encoded(image, "JPEG", quality=88, dpi=(150, 150), exif=exif)
        elif kind == "png":
            info = PngImagePlugin.PngInfo()
            info.add_itxt("Comment", mark())
            content = encoded(image, "PNG", pnginfo=info, dpi=(150, 150))
        elif kind == "tif":
            info = TiffImagePlugin.ImageFileDirectory_v2()
            info[270] = mark()
            content = encoded(image, "TIFF", compression="tiff_lzw", dpi=(150, 150), tiffinfo=info)
        else:
            content = encoded(image, "PDF", resolution=150, title=mark()) + f"%{mark()}\n".encode()
        yield f"{name}.{'jpg' if kind == 'exif' else kind}", content, text


def volumes(s, known):
    """Folders of scans, pages added by hand, recognition, corrections. Returns the uploaded bytes."""
    sent = []
    for n in range(2):
        one = known[n]
        root = os.path.join(s.folder, "given", f"c{n}")
        os.makedirs(root)
        handover.catalogue(root, one, [("6", 1, "入党申请书", (2020, 9, 12), 1)])
        with open(os.path.join(root, "干部基本信息和档案目录.xlsx"), "rb") as file:
            book = file.read()
        top, lost = s.words("文件夹名"), [s.words("对不上的文件名") for _ in range(5)]
        inside = f"{top}/{one['name']}{one['id']}"
        page = school.picture(s.rng)
        parts = [("layout", "c")] + [("files", (path, "application/octet-stream", content)) for path, content in (
            [(f"{inside}/干部基本信息和档案目录.xlsx", book), (f"{inside}/01入党申请书/001.jpg", page)]
            + [(f"{inside}/{name}.txt", s.words("对不上的文件内容").encode()) for name in lost])]
        sent += [book, page]
        batch = s.client.post("/api/v1/volume-imports", parts=parts)
        shown = json.dumps(batch, ensure_ascii=False)
        for text in [top, *lost]:
            s.prove(text, shown)
        s.client.post(f"/api/v1/volume-imports/{batch['id']}/commit")
        idle(s)
    rows = s.client.post("/api/v1/volumes/search", {"limit": 10})["rows"]
    if len(rows) != 2:
        raise SystemExit(f"应有 2 卷，实有 {len(rows)} 卷")
    volume = rows[0]["id"]
    material = s.client.get(f"/api/v1/volumes/{volume}")["classes"]
    material = next(m["id"] for c in material for m in c["materials"])
    drawn = {}
    for name, content, lines in scans(s):
        s.client.post(f"/api/v1/materials/{material}/pages", parts=[("files", (name, "application/octet-stream", content))])
        drawn[name] = lines
        sent.append(content)
    idle(s)
    pages = sorted(school.material_pages(s.client, material))
    read = {}
    for page in pages:
        read[page] = s.client.get(f"/api/v1/pages/{page}")
        for path in (f"/api/v1/pages/{page}/thumb", f"/iiif/3/{page}/full/600,/0/default.jpg", f"/iiif/3/{page}/0,0,512,512/512,/0/default.jpg"):
            with contextlib.suppress(school.Refused):
                s.client.get(path, raw=True)
    for page in pages[-4:]:
        many = min(4, len(read[page]["lines"]))
        new = [{"index": i, "text": s.words("校对的文字")} for i in range(many)]
        s.client.call("PUT", f"/api/v1/pages/{page}/text", {"rev": read[page]["rev"], "lines": new})
        shown = s.client.get(f"/api/v1/pages/{page}", raw=True).decode()
        for line in new:
            s.prove(line["text"], shown)
    for n in range(4):
        why, rev = s.words("修改目录的理由"), s.client.get(f"/api/v1/volumes/{volume}")["rev"]
        edit = {"op": "edit", "material": material, "field": "copies", "value": str(n + 2)}
        s.client.post(f"/api/v1/volumes/{volume}/catalogue", {"rev": rev, "reason": why, "ops": [edit]})
        s.prove(why, s.client.get(f"/api/v1/volumes/{volume}/revisions", raw=True).decode())
    for path in ("catalogue.pdf", "catalogue.xlsx"):
        s.client.get(f"/api/v1/volumes/{volume}/{path}", raw=True)
    return sent, drawn


def idle(s):
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        jobs = s.client.get("/api/v1/jobs", raw=True).decode()
        if not re.search(r'"(queued|running)":\s*[1-9]', jobs) and '"state":"queued"' not in jobs and '"state":"running"' not in jobs:
            return
        time.sleep(0.3)
    raise SystemExit(f"任务 180 秒没有办完：{jobs[:300]}")


def searches(s, drawn):
    """Words typed into a search; lines that recognition has really read are found by them."""
    unread = set()
    for text in (line for lines in drawn.values() for line in lines):
        if not s.client.post("/api/v1/search", {"q": text, "kind": "page"})["hits"]:
            unread.add(text)
    for name, lines in drawn.items():
        line = next((line for line in lines if line not in unread), "没有识别出的一行")
        s.prove(name.rsplit(".", 1)[0], school.cli(s.data, "search", line, "--as", ARCHIVIST["login"], "--json")[1])
    for text in unread:
        s.planted.pop(text)
    for n in range(24):
        words = s.words("检索词")
        if n % 4 == 3:
            school.cli(s.data, "search", words, "--as", ARCHIVIST["login"])
        elif n % 4 == 2:
            s.client.post("/api/v1/persons/search", {"q": words})
        else:
            s.client.post("/api/v1/search", {"q": words})


def secrets(s):
    """Passwords, sessions, and what people type into the wrong field."""
    for who in (ADMIN, ARCHIVIST, AUDITOR):
        s.plant("密码", who["password"])
    for _ in range(3):
        with contextlib.suppress(school.Refused):
            school.Client(s.server).login({"login": ARCHIVIST["login"], "password": s.plant("密码", f"wrong guess {s.rng.randrange(10**12)}")})
        with contextlib.suppress(school.Refused):
            school.Client(s.server).login({"login": s.plant("填错位置的密码", f"typed-in-wrong-field-{s.rng.randrange(10**9)}"), "password": "a long password"})
    for client in (s.admin, s.client, s.auditor):
        s.plant("会话", client.cookie.split("=", 1)[1])
    s.auditor.post("/api/v1/ledger/search", {"limit": 200})
    with open(s.data + ".key", encoding="utf-8") as file:
        for word in re.findall(r"[A-Za-z0-9+/=_-]{32,}", file.read()):
            s.plant("主密钥", word)


def files_below(*folders):
    for folder in folders:
        for path, _, names in os.walk(folder):
            for name in names:
                with contextlib.suppress(FileNotFoundError), open(os.path.join(path, name), "rb") as file:
                    yield os.path.relpath(os.path.join(path, name), os.path.dirname(folder)), file.read()


def unpacked(content):
    """What compressed data begins in the first bytes, if any: a field may be packed and then not sealed."""
    for at in range(min(33, len(content))):
        for how in (-15, 15, 31):
            with contextlib.suppress(zlib.error):
                out = zlib.decompressobj(how).decompress(content[at:], 1 << 20)
                if len(out) > 16:
                    yield out


def values(path):
    """Every value of every table of a copy of the database."""
    base = sqlite3.connect(path)
    base.text_factory = bytes
    for (table,) in base.execute("select name from sqlite_master where type = 'table' and name not like '%_fts%'").fetchall():
        for row in base.execute(f'select * from "{table.decode()}"'):
            yield from (v for v in row if isinstance(v, bytes))
    base.close()


# Beginnings of files that are kept encrypted only.
STARTS = {"JPEG": rb"\xff\xd8\xff[\xe0\xe1\xfe\xdb]..(JFIF|Exif)", "PNG": rb"\x89PNG\r\n\x1a\n", "PDF": rb"%PDF-1\.", "XLSX": rb"PK\x03\x04\x14\x00",
          "WebP": rb"RIFF....WEBPVP8", "TIFF": rb"^(II\*\0\x08\0|MM\0\*\0\0)"}


class Verdict:
    def __init__(self):
        self.passed = self.failed = 0

    def say(self, name, wrong, told=""):
        text = "" if not wrong else "；" + "；".join(str(w) for w in list(wrong)[:8])
        print(f"{'不符' if wrong else '符合'}：{name}{'：' + told if told else ''}{text}", flush=True)
        self.passed, self.failed = self.passed + (not wrong), self.failed + bool(wrong)


def look(verdict, when, s, wanted, folders, log):
    """Every file and everything said, in every spelling."""
    hits, starts, size, count, plain = [], [], 0, 0, set()
    control = Spellings([handover.COLLEGE, handover.STUDENTS])
    for path, content in [*files_below(*folders), ("输出", log)]:
        size, count = size + len(content), count + 1
        hits += [f"{path} {how} {s.planted.get(text, '文件内容')}" for how, text in wanted.found(content)]
        starts += [f"{path} 含未加密的 {kind}" for kind, mark in STARTS.items() if re.search(mark, content, re.S)]
        plain |= {text for _, text in control.found(content)}
        hits += [f"文件名 {path}" for how, text in wanted.found(path.encode()) if text]
    verdict.say(f"{when}：{count} 个文件、{size >> 10} KB 中没有任何植入的内容", hits)
    verdict.say(f"{when}：没有未加密的图像、PDF 或表格", starts)
    verdict.say(f"{when}：对照，明文保存的组织名称能找到", [] if plain else ["没有找到"], f"找到 {len(plain)} 个")


def controls(verdict, s, wanted):
    """A search that cannot find proves nothing: each spelling of each string lies hidden in noise, and must be found."""
    noise, missed = random.Random(9), []
    out = bytearray()
    for form in wanted.spelt:
        out += noise.randbytes(noise.randrange(1, 40)) + form
    found = wanted.found(bytes(out))
    missed = set(wanted.spelt.values()) - found
    verdict.say("对照：每种写法都能找到", [f"{how} {text}" for how, text in missed], f"{len(wanted.spelt)} 种写法")
    missed = [text for text in s.planted for shift in range(3) for raw in (text.encode(), text.encode("gbk"))
              if not wanted.found(base64.b64encode(noise.randbytes(noise.randrange(9) * 3 + shift) + raw + noise.randbytes(7)))]
    verdict.say("对照：夹在其他内容中间的 base64 能找到", missed)
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    text = next(iter(s.planted))
    content = b"12345" + packed.compress((text * 20).encode()) + packed.flush()
    verdict.say("对照：压缩后未加密的内容能找到", [] if any(wanted.found(out) for out in unpacked(content)) else ["没有找到"])


def main():
    verdict = Verdict()
    with tempfile.TemporaryDirectory(prefix="juanzong-planted-") as folder:
        tmp = os.path.join(folder, "tmp")
        os.makedirs(tmp)
        # Everything is logged that can be, and temporary files of the machine are seen.
        os.environ.update(RUST_LOG="debug", TMPDIR=tmp)
        s = School(folder)
        try:
            content, known = members(s)
            wrong = wrong_rows(s)
            sent, drawn = volumes(s, known)
            searches(s, drawn)
            secrets(s)
            others = [f"{s.planted.pop(text, '')} {text}" for text in s.unproved]
            # Pieces of the uploads themselves: what is compressed in them shows no string.
            pieces = [c[at:at + 48] for c in [content, wrong, *sent] for at in range(0, len(c) - 48, max(48, len(c) // 8))]
            wanted = Spellings([*s.planted, *pieces])
            kinds = {}
            for kind in s.planted.values():
                kinds[kind] = kinds.get(kind, 0) + 1
            told = "，".join(f"{kind} {n}" for kind, n in sorted(kinds.items()))
            verdict.say(f"植入 {len(s.planted)} 个字符串（不少于 200）", [] if len(s.planted) >= 200 else ["太少"], told)
            read = kinds.get("图像上的文字", 0)
            verdict.say(f"图像上的文字：画 {sum(map(len, drawn.values()))} 行，识别并检索到 {read} 行（不少于 60）", [] if read >= 60 else ["太少"])
            verdict.say(f"另有 {s.proved} 个由系统原样显示过；其余（如文件内的标记、检索词、密码）只送入，不显示", others)
            controls(verdict, s, wanted)
            folders = [s.data, tmp]
            log = whole_log(s)
            look(verdict, "服务运行时", s, wanted, folders, log)
        finally:
            s.server.stop()
        look(verdict, "服务结束后", s, wanted, folders, whole_log(s))
        copy = os.path.join(folder, "copy.db")
        for path in glob.glob(os.path.join(s.data, "juanzong.db*")):
            shutil.copy2(path, copy + path.rsplit("juanzong.db", 1)[1])
        hits, count = [], 0
        for value in values(copy):
            count += 1
            hits += [f"{how} {s.planted.get(text, '文件内容')}" for out in unpacked(value) for how, text in wanted.found(out)]
        for path, stored in files_below(s.data):
            if "objects" in path or "cache" in path:
                count += 1
                hits += [f"{path} {how}" for out in unpacked(stored[:1 << 16]) for how, text in wanted.found(out)]
        verdict.say(f"数据库的值和文件解压后也没有（{count} 个）", hits)
        code, text = school.cli(s.data, "verify", check=False)
        verdict.say("最后全面核验", [] if code == 0 else [text[-300:]])
    print(f"{verdict.passed} passed, {verdict.failed} failed")
    return 1 if verdict.failed else 0


def whole_log(s):
    s.server.log.seek(0)
    return s.server.log.read()


if __name__ == "__main__":
    sys.exit(main())
