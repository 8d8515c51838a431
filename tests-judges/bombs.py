"""Files made to exhaust or to mislead whoever reads them, sent through the real doors.

Every one is made here, in memory. Each must end in a refusal with a code and a Chinese sentence, or,
where the file is odd but not wrong, without any effect outside of what it says. The server goes on, its
processes stay below a bound of memory, nothing is left over and nothing is added. Honest large files
must pass, so that the limits are known not to hurt.
"""

import contextlib
import http.client
import io
import json
import os
import random
import re
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
import zlib

import school
from disk import family

MB = 1 << 20
# The worker process may use 1 GiB of addresses by its own limit; the server gets half of that.
MOST_MEMORY = 1536 * MB
# The server waits 60 s for the worker process; the rest is what a busy machine may take.
MOST_SECONDS = 90


# Compressed data that repeats: each piece begins with an empty window, so its bytes can be copied.

def swollen(unit, times, head=b"", tail=b""):
    """Raw deflate of head, `unit` repeated, tail; with its size and CRC."""
    def piece(data):
        one = zlib.compressobj(9, zlib.DEFLATED, -15)
        return one.compress(data) + one.flush(zlib.Z_FULL_FLUSH)
    crc = zlib.crc32(head)
    for _ in range(times):
        crc = zlib.crc32(unit, crc)
    crc = zlib.crc32(tail, crc)
    raw = piece(head) + piece(unit) * times + piece(tail) + b"\x03\x00"
    return raw, len(head) + len(unit) * times + len(tail), crc


def zlib_zeros(mb):
    unit = bytes(MB)
    raw, _, _ = swollen(unit, mb)
    total = 1
    for _ in range(mb):
        total = zlib.adler32(unit, total)
    return b"\x78\xda" + raw + struct.pack(">I", total)


def zip_of(parts):
    """A zip of (name, content) where content is bytes, or what `swollen` returned."""
    body, folder = io.BytesIO(), io.BytesIO()
    for name, content in parts:
        if isinstance(content, tuple):
            (raw, size, crc), method = content, 8
        else:
            raw, size, crc, method = content, len(content), zlib.crc32(content), 0
        name = name.encode() if isinstance(name, str) else name
        common = struct.pack("<HHHHHIIIHH", 20, 0x800, method, 0, 0x21, crc, len(raw), size, len(name), 0)
        folder.write(b"PK\x01\x02\x14\x00" + common + struct.pack("<HHHII", 0, 0, 0, 0, body.tell()) + name)
        body.write(b"PK\x03\x04" + common + name + raw)
    at, count = body.tell(), len(parts)
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, count, count, folder.tell(), at, 0)
    return body.getvalue() + folder.getvalue() + end


# Workbooks.

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
XML = '<?xml version="1.0" encoding="UTF-8"?>'
SHEET = (f'{XML}<worksheet xmlns="{MAIN}"><sheetData>'.encode(), b"</sheetData></worksheet>")
HEADER = ["姓名", "学号/工号", "性别", "民族", "出生日期", "公民身份号码", "人员类别", "所在党支部", "申请入党日期"]


def row(*cells):
    return "<row>" + "".join(f'<c t="inlineStr"><is><t>{c}</t></is></c>' for c in cells) + "</row>"


def book(sheet, strings=None, more=()):
    """An xlsx workbook of one sheet."""
    has = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{TYPES}.sharedStrings+xml"/>' if strings else ""
    points = f'<Relationship Id="r2" Type="{DOCUMENT}/sharedStrings" Target="sharedStrings.xml"/>' if strings else ""
    parts = [
        ("[Content_Types].xml", f'{XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
         '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
         f'<Override PartName="/xl/workbook.xml" ContentType="{TYPES}.sheet.main+xml"/>'
         f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{TYPES}.worksheet+xml"/>{has}</Types>'),
        ("_rels/.rels", f'{XML}<Relationships xmlns="{RELS}"><Relationship Id="r1" Type="{DOCUMENT}/officeDocument" '
         'Target="xl/workbook.xml"/></Relationships>'),
        ("xl/workbook.xml", f'{XML}<workbook xmlns="{MAIN}" xmlns:r="{DOCUMENT}"><sheets>'
         '<sheet name="人员" sheetId="1" r:id="r1"/></sheets></workbook>'),
        ("xl/_rels/workbook.xml.rels", f'{XML}<Relationships xmlns="{RELS}"><Relationship Id="r1" '
         f'Type="{DOCUMENT}/worksheet" Target="worksheets/sheet1.xml"/>{points}</Relationships>'),
    ]
    parts = [(name, text.encode()) for name, text in parts] + [("xl/worksheets/sheet1.xml", sheet)]
    if strings:
        parts.append(("xl/sharedStrings.xml", strings))
    return zip_of(parts + list(more))


def far_cell():
    return book(SHEET[0] + b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
                + SHEET[1])


def blanks():
    return book(swollen(b" " * MB, 1024, SHEET[0], SHEET[1]))


def many_cells(rng, cells):
    """Different numbers, so that it is no bomb by its ratio; 200 columns."""
    rows = []
    for _ in range(200):
        rows.append("<row>" + "".join(f"<c><v>{rng.randrange(10**6)}</v></c>" for _ in range(200)) + "</row>")
    return book(swollen("".join(rows).encode(), -(-cells // 40_000), SHEET[0], SHEET[1]))


def many_texts(length, cells):
    """One long text that every cell points to: the file stays small, what it says does not."""
    one = b'<row>' + b'<c t="s"><v>0</v></c>' * 200 + b"</row>"
    # Blanks of changing width keep the ratio honest.
    rng = random.Random(5)
    unit = b"".join(one + b"<!--%s-->" % rng.randbytes(60).hex().encode() for _ in range(100))
    text = f'{XML}<sst xmlns="{MAIN}"><si><t>{"档" * (length // 3)}</t></si></sst>'.encode()
    head = SHEET[0] + row(*HEADER).encode()
    return book(swollen(unit, -(-cells // 20_000), head, SHEET[1]), strings=text)


def entities():
    """Ten layers of ten: ten thousand million letters when expanded."""
    layers = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 11))
    text = f'<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY e0 "爆">{layers}]><sst xmlns="{MAIN}"><si><t>&e10;</t></si></sst>'
    cells = '<row><c t="s"><v>0</v></c></row>'
    return book(SHEET[0] + (row(*HEADER) + cells).encode() + SHEET[1], strings=text.encode())


def outside(path, port):
    """Entities that stand for a file of this machine and for an address."""
    doctype = f'<!DOCTYPE worksheet [<!ENTITY f SYSTEM "file://{path}"><!ENTITY h SYSTEM "http://127.0.0.1:{port}/x">]>'
    rows = row(*HEADER) + row("赵示例", "K1", "男", "汉族", "2000-01-01", "&f;", "&h;", "&f;", "&f;")
    return book(SHEET[0].replace(b"?>", b"?>" + doctype.encode(), 1) + rows.encode() + SHEET[1])


def honest_rows(rng, people):
    rows = [row(*HEADER)]
    for n in range(people):
        identity = school.id_number(rng)
        birth = f"{identity[6:10]}-{identity[10:12]}-{identity[12:14]}"
        rows.append(row("赵示例", f"B{n:06d}", "男" if int(identity[16]) % 2 else "女", "汉族", birth, identity, "入党申请人", "没有这个支部", "2024-03-05"))
    return SHEET[0] + "".join(rows).encode() + SHEET[1]


WICKED = "jz-wicked"


def wicked_names(folder):
    deep = "../" * 12
    names = [f"../{WICKED}", f"..\\{WICKED}", f"a/../../{WICKED}", f"{deep}tmp/{WICKED}", f"/{WICKED}", f"{folder}/{WICKED}",
             f"C:\\{WICKED}", "con", "nul.jpg", f"x/{'长' * 100}.jpg", f"a\0/../{WICKED}", "卷/\u202egpj.exe", "./", "//"]
    return [(name, b"x") for name in names]


def many_entries(extra=()):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in extra:
            archive.writestr(name, content)
        for n in range(70_000):
            archive.writestr(f"n/{n}.jpg", b"")
    return out.getvalue()


def with_link():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("卷/001.jpg")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return out.getvalue()


# Pages.

def png(w, h, bits, colour, data, more=b""):
    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", w, h, bits, colour, 0, 0, 0)) + more + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def png_text_bomb():
    packed = zlib_zeros(1024)
    content = b"c\0\0" + packed
    chunk = struct.pack(">I", len(content)) + b"zTXt" + content + struct.pack(">I", zlib.crc32(b"zTXt" + content))
    return png(8, 8, 8, 0, zlib.compress(bytes(72)), chunk)


def tiff(w, h, next_at=0):
    tags = [(256, 4, w), (257, 4, h), (258, 3, 8), (259, 3, 1), (262, 3, 1), (273, 4, 8), (277, 3, 1), (278, 4, h), (279, 4, 16)]
    out = b"II*\0" + struct.pack("<I", 24) + bytes(16) + struct.pack("<H", len(tags))
    out += b"".join(struct.pack("<HHI", tag, kind, 1) + struct.pack("<I", value) for tag, kind, value in tags)
    return out + struct.pack("<I", next_at)


def jpeg(w, h):
    """A real small JPEG whose header claims more."""
    from PIL import Image
    out = io.BytesIO()
    Image.new("L", (16, 16), 200).save(out, "JPEG")
    data = bytearray(out.getvalue())
    at = data.index(b"\xff\xc0")
    data[at + 5:at + 9] = struct.pack(">HH", h, w)
    return bytes(data)


def many_scans():
    """A progressive JPEG of 120 million pixels with one scan after the other."""
    w, h = 10_900, 11_000
    out = b"\xff\xd8" + b"\xff\xdb\0\x43\0" + b"\x01" * 64
    out += b"\xff\xc2\0\x0b\x08" + struct.pack(">HH", h, w) + b"\x01\x01\x11\0"
    # One code each, the bit 0: for DC no difference, for AC the end of 16,384 blocks.
    for table, code in ((b"\0", b"\0"), (b"\x10", b"\xe0")):
        out += b"\xff\xc4\0\x14" + table + b"\x01" + bytes(15) + code
    blocks = -(-w // 8) * -(-h // 8)
    out += b"\xff\xda\0\x08\x01\x01\0\0\0\0" + bytes(blocks // 8 + 8)
    return out + (b"\xff\xda\0\x08\x01\x01\0\x01\x3f\0" + bytes(blocks * 15 // 16_384 // 8 + 8)) * 20_000 + b"\xff\xd9"


def pdf(objects):
    out, places = b"%PDF-1.7\n", []
    for n, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % n + content + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % p for p in places)
    tail = b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1) + table
    return out + tail + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, len(out))


def stream(head, data):
    return b"<<%s/Length %d>>stream\n" % (head, len(data)) + data + b"\nendstream"


def page_pdf(contents, resources=b"<<>>", box=b"[0 0 595 842]", more=()):
    page = b"<</Type/Page/Parent 2 0 R/MediaBox %s/Resources %s/Contents 4 0 R>>" % (box, resources)
    return pdf([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", page, contents, *more])


def triple_flate():
    data = zlib.compress(zlib.compress(zlib_zeros(1024), 9), 9)
    return page_pdf(stream(b"/Filter[/FlateDecode/FlateDecode/FlateDecode]", data))


def single_flate():
    return page_pdf(stream(b"/Filter/FlateDecode", zlib_zeros(1024)))


def packed_objects():
    """An object stream of 1 GB, which is expanded when the file is opened."""
    good = page_pdf(stream(b"", b"q Q"))
    return good.replace(b"xref\n0", b"5 0 obj\n" + stream(b"/Type/ObjStm/N 1/First 4/Filter/FlateDecode", zlib_zeros(1024)) + b"\nendobj\nxref\n0", 1)


def nested():
    return pdf([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids " + b"[" * 20_000 + b"]" * 20_000 + b"/Count 1>>"])


def circle():
    return pdf([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>"])


def picture_pdf(filter_, w, h, data):
    head = b"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 1%s" % (w, h, filter_)
    return page_pdf(stream(b"", b"q 595 0 0 842 0 0 cm /I Do Q"), b"<</XObject<</I 5 0 R>>>>", more=[stream(head, data)])


def many_pages():
    kids = b" ".join(b"%d 0 R" % n for n in range(3, 5003))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 10 10]>>"
    return pdf([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[%s]/Count 5000>>" % kids] + [page] * 5000)


def forms_in_forms():
    """A drawing that draws the next one ten times, ten layers deep."""
    forms = []
    for n in range(5, 15):
        inside = b"/F Do " * 10 if n < 14 else b"0 0 500 800 re f"
        forms.append(stream(b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</F %d 0 R>>>>" % (n + 1), inside))
    return page_pdf(stream(b"", b"/F Do"), b"<</XObject<</F 5 0 R>>>>", more=forms)


def honest_scan():
    from PIL import Image, ImageDraw
    image = Image.new("RGB", (4960, 7016), (250, 249, 244))
    draw = ImageDraw.Draw(image)
    for y in range(600, 6600, 240):
        draw.line((500, y, 4400, y + 3), fill=(40, 40, 44), width=9)
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=1, dpi=(600, 600))
    return out.getvalue()


class Watch:
    """The most memory that all processes below this one held together."""

    def __init__(self):
        self.most, self.highest, self.over = 0, 0, threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while not self.over.wait(0.02):
            self.sample()

    def sample(self):
        me, page, total = os.getpid(), os.sysconf("SC_PAGE_SIZE"), 0
        for pid in family(me):
            if pid != me:
                with contextlib.suppress(OSError, IndexError, ValueError), open(f"/proc/{pid}/statm") as file:
                    total += int(file.read().split()[1]) * page
        self.most, self.highest = max(self.most, total), max(self.highest, total)

    def take(self):
        self.sample()
        most, self.most = self.most, 0
        return most


def problem(why):
    """What a refusal says, and what is wrong with how it says it."""
    wrong = []
    try:
        said = json.loads(why.body)
    except ValueError:
        return f"HTTP {why.status}", ["应答不是 JSON"]
    if not 400 <= why.status < 500:
        wrong.append(f"HTTP {why.status}")
    if not said.get("code") or not re.search(r"[\u4e00-\u9fff]{4,}", said.get("detail", "")):
        wrong.append(f"没有代码或中文说明：{said}")
    return f"HTTP {why.status} {said.get('code')} {said.get('detail', '')[:46]}", wrong


class Judge:
    def __init__(self, folder):
        self.folder, self.data = folder, os.path.join(folder, "data")
        self.passed = self.failed = 0
        demo = school.make(self.data)
        self.server = school.Server(self.data)
        self.client = school.Client(self.server).login(school.account(demo, "archivist"))
        self.client.patience = 2 * MOST_SECONDS
        volume = self.client.post("/api/v1/volumes/search", {"limit": 1})["rows"][0]["id"]
        classes = self.client.get(f"/api/v1/volumes/{volume}")["classes"]
        self.material = next(m["id"] for c in classes for m in c["materials"])
        self.watch = Watch()

    def state(self):
        """What a refused file must not change. Read over the network: the server answers."""
        volumes = self.client.post("/api/v1/volumes/search", {"limit": 50})["rows"]
        files = sum(len(f) for top in ("objects", "cache") for _, _, f in os.walk(os.path.join(self.data, top)))
        return {"人员": self.client.post("/api/v1/persons/search", {"limit": 1})["total"],
                "页面": sum(v["pages"] for v in volumes), "批次": len(self.client.get("/api/v1/imports")["batches"]),
                "案卷批次": len(self.client.get("/api/v1/volume-imports")["batches"]), "文件": files,
                "tmp": sorted(os.listdir(os.path.join(self.data, "tmp")))}

    def say(self, name, wrong, seconds, most, told):
        if most > MOST_MEMORY:
            wrong.append(f"内存 {most // MB} MB，超过 {MOST_MEMORY // MB} MB")
        if seconds > MOST_SECONDS:
            wrong.append(f"用时 {seconds:.0f} 秒")
        mark = "符合" if not wrong else "不符"
        print(f"{mark}：{name}：{seconds:.1f} 秒，内存 {most // MB} MB，{told}{'；' + '；'.join(wrong[:4]) if wrong else ''}", flush=True)
        self.passed, self.failed = self.passed + (not wrong), self.failed + bool(wrong)

    def send(self, name, path, parts, refused=True, adds=(), look=None):
        """One upload; `adds` names what it may change, `look` judges a success."""
        wrong, before = [], self.state()
        self.watch.take()
        start = time.monotonic()
        try:
            answer = self.client.post(path, parts=parts)
            told = "已接收"
            if refused:
                wrong.append(f"没有被拒绝：{json.dumps(answer, ensure_ascii=False)[:300]}")
            elif look:
                wrong += look(answer)
        except school.Refused as why:
            told, faults = problem(why)
            wrong += faults
            if not refused and adds:
                wrong.append("应当接收")
        except (OSError, http.client.HTTPException) as why:
            told = "没有应答"
            wrong.append(repr(why))
        seconds, most = time.monotonic() - start, self.watch.take()
        wrong += self.changed(before, adds)
        self.say(name, wrong, seconds, most, told)

    def changed(self, before, adds):
        try:
            after = self.state()
        except (OSError, http.client.HTTPException, school.Refused) as why:
            return [f"之后服务不应答：{why!r}"]
        return [f"{key}由 {before[key]} 变为 {after[key]}" for key in before if key not in adds and before[key] != after[key]]

    def workbook(self, name, content, **more):
        self.send(name, "/api/v1/imports", [("kind", "members"), ("file", ("人员.xlsx", school.XLSX, content))], **more)

    def page(self, name, file, content, **more):
        self.send(name, f"/api/v1/materials/{self.material}/pages", [("files", (file, "application/octet-stream", content))], **more)

    def folder_of(self, name, files, **more):
        parts = [("layout", "a")] + [("files", (file, "application/octet-stream", content)) for file, content in files]
        self.send(name, "/api/v1/volume-imports", parts, **more)

    def command(self, name, content, refused=True):
        """The same workbook by the command line, beside the running server."""
        path = os.path.join(self.folder, "人员.xlsx")
        with open(path, "wb") as file:
            file.write(content)
        wrong, before = [], self.state()
        self.watch.take()
        start = time.monotonic()
        done = subprocess.run([school.BIN, "import", "members", path, "--dry-run", "--data", self.data],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True)
        seconds, most = time.monotonic() - start, self.watch.take()
        last = ((done.stdout if done.returncode < 2 else done.stderr).strip().splitlines() or [""])[-1]
        if refused and done.returncode not in (1, 2):
            wrong.append(f"退出码 {done.returncode}")
        if refused and not re.search(r"[\u4e00-\u9fff]{4,}", last):
            wrong.append("没有中文说明")
        if "panicked" in done.stderr:
            wrong.append("程序崩溃")
        wrong += self.changed(before, () if refused else ("批次", "文件"))
        self.say(f"命令行 {name}", wrong, seconds, most, f"退出码 {done.returncode}，{last[:46]}")
        os.unlink(path)

    def both(self, name, content):
        self.workbook(name, content)
        self.command(name, content)


class Ear:
    """A port that nobody may call."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.socket.settimeout(0.3)
        self.port = self.socket.getsockname()[1]

    def called(self):
        with self.socket:
            try:
                self.socket.accept()[0].close()
                return True
            except TimeoutError:
                return False


def escaped(folder):
    """Files of wicked names anywhere they could have gone."""
    found = [p for p in ("/", "/tmp", tempfile.gettempdir(), os.getcwd(), os.path.dirname(folder)) if os.path.exists(os.path.join(p, WICKED))]
    return found + [os.path.join(p, f) for p, _, files in os.walk(folder) for f in files if WICKED in f]


def workbooks(j):
    rng = random.Random(3)
    j.both("表格：两个单元格相距 XFD1048576", far_cell())
    j.both("表格：一张表展开为 1 GB 空格", blanks())
    j.both("表格：600 多万个单元格", many_cells(rng, 6_040_000))
    j.both("表格：几百万个单元格指向同一段长文字", many_texts(3000, 2_000_000))
    j.both("表格：一万个单元格指向同一段 900 KB 的文字", many_texts(900_000, 20_000))
    plain = [(n, d) for n, d in zip_parts(book(honest_rows(rng, 1)))]
    j.both("表格：内有 70,000 个部件", many_entries(plain))
    j.both("表格：实体层层展开", entities())
    secret, ear = os.path.join(j.folder, "secret.txt"), Ear()
    with open(secret, "w", encoding="utf-8") as file:
        file.write("赵示例")
    j.workbook("表格：外部实体", outside(secret, ear.port))
    wrong = ["连接了外部地址"] if ear.called() else []
    j.say("外部实体没有引出连接", wrong, 0, 0, "已监听")
    j.workbook("表格：部件名称指向别处", book(honest_rows(rng, 1), more=wicked_names(j.folder)), refused=False, adds=("批次", "文件"))
    j.command("表格：部件名称指向别处", book(honest_rows(rng, 1), more=wicked_names(j.folder)), refused=False)
    j.both("表格：实为 1 GB 的压缩包", zip_of([("a.bin", swollen(bytes(MB), 1024))]))
    j.both("表格：实为图像", png(50_000, 50_000, 1, 0, b"x"))
    j.workbook("正常的大表：3,000 人", book(honest_rows(rng, 3000)), refused=False, adds=("批次", "文件"),
               look=lambda b: [] if b["rows"] == 3000 else [f"只读出 {b['rows']} 行"])


def zip_parts(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


def folders(j):
    told = ("案卷批次", "文件")

    def nothing(batch):
        return [] if not batch["volumes"] and batch["unmatched"] else ["有案卷，或没有说明"]
    each = swollen(bytes(MB), 40)
    j.folder_of("文件夹：压缩包展开为 1 GB", [("卷.zip", zip_of([(f"卷/{n}.jpg", each) for n in range(26)]))])
    # One file above the limit of a file is named and left out.
    j.folder_of("文件夹：压缩包内一个文件 1 GB", [("卷.zip", zip_of([("卷/001.jpg", swollen(bytes(MB), 1024))]))], refused=False,
                adds=told, look=nothing)
    j.folder_of("文件夹：压缩包内 70,000 个文件", [("卷.zip", many_entries())])
    inner = zip_of([("卷/001.jpg", swollen(bytes(MB), 1024))])
    j.folder_of("文件夹：压缩包中还有压缩包", [("卷.zip", zip_of([("卷/里.zip", inner)]))], refused=False, adds=told, look=nothing)
    j.folder_of("文件夹：压缩包内的名称指向别处", [("卷.zip", zip_of(wicked_names(j.folder)))], refused=False, adds=told, look=nothing)
    j.folder_of("文件夹：上传的名称指向别处", [(n.replace("\0", ""), c) for n, c in wicked_names(j.folder)], refused=False, adds=told, look=nothing)
    j.folder_of("文件夹：压缩包内有符号链接", [("卷.zip", with_link())], refused=False, adds=told, look=nothing)
    j.folder_of("文件夹：压缩包已损坏", [("卷.zip", b"PK\x03\x04" + bytes(200))])
    j.say("没有文件逃出数据目录", escaped(j.folder), 0, 0, "已查看")

    def unreadable(batch):
        said = json.dumps(batch, ensure_ascii=False)
        return [] if "CATALOGUE_UNREADABLE" in said else [f"没有说明目录读不出：{said[:200]}"]
    for name, content in (("相距 XFD1048576", far_cell()), ("指向同一段长文字", many_texts(3000, 2_000_000))):
        j.folder_of(f"文件夹：目录表格{name}", [("卷/{7A11C0DE-0000-4000-8000-000000000009}/干部基本信息和档案目录.xlsx", content),
                                       ("卷/{7A11C0DE-0000-4000-8000-000000000009}/1/1/001.JPG", school.picture(random.Random(1)))],
                    refused=False, adds=told, look=unreadable)


def pages(j):
    row_of_ones = zlib.compress(bytes(6251) * 500, 9)
    j.page("图像：PNG 50,000×50,000", "a.png", png(50_000, 50_000, 1, 0, row_of_ones))
    j.page("图像：PNG 15,000×13,000 只有一行数据", "a.png", png(15_000, 13_000, 8, 2, zlib_zeros(1)))
    j.page("图像：PNG 内的说明展开为 1 GB", "a.png", png_text_bomb(), refused=False, adds=("页面", "文件"))
    j.page("图像：TIFF 60,000×60,000", "a.tif", tiff(60_000, 60_000))
    j.page("图像：TIFF 页面首尾相接", "a.tif", tiff(4, 4, 24))
    j.page("图像：JPEG 65,500×65,500", "a.jpg", jpeg(65_500, 65_500))
    j.page("图像：JPEG 两万次扫描", "a.jpg", many_scans())
    j.page("图像：实为压缩包", "a.jpg", zip_of([("a", swollen(bytes(MB), 1024))]))
    j.page("PDF：三层压缩展开为 1 GB", "a.pdf", triple_flate())
    j.page("PDF：一层压缩展开为 1 GB", "a.pdf", single_flate())
    j.page("PDF：对象流展开为 1 GB", "a.pdf", packed_objects())
    j.page("PDF：两万层数组", "a.pdf", nested())
    j.page("PDF：页面树首尾相接", "a.pdf", circle())
    j.page("PDF：图像 60,000×60,000", "a.pdf", picture_pdf(b"/Filter/FlateDecode", 60_000, 60_000, zlib_zeros(430)))
    j.page("PDF：传真图像 60,000×60,000", "a.pdf", picture_pdf(b"/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns 60000/Rows 60000>>", 60_000, 60_000, b"\0\x10\x01" * 8))
    j.page("PDF：5,000 页", "a.pdf", many_pages())
    j.page("PDF：页面边长一百万", "a.pdf", page_pdf(stream(b"", b"0 0 9 9 re f"), box=b"[0 0 1000000 1000000]"))
    j.page("正常的扫描件：A4 600 dpi PNG", "a.png", honest_scan(), refused=False, adds=("页面", "文件"))


def main():
    with tempfile.TemporaryDirectory(prefix="juanzong-bombs-") as folder:
        j = Judge(folder)
        try:
            # This one takes as long as the server has patience; the others do not wait for it.
            slow = threading.Thread(target=j.page, args=("PDF：图形层层相套", "a.pdf", forms_in_forms()),
                                    kwargs={"adds": ("批次", "案卷批次", "文件", "tmp")})
            slow.start()
            workbooks(j)
            folders(j)
            slow.join()
            pages(j)
        finally:
            j.server.stop()
        code, text = school.cli(j.data, "verify", check=False)
        j.say("最后全面核验", [] if code == 0 else [text[-300:]], 0, 0, f"退出码 {code}")
        j.watch.over.set()
        most = j.watch.highest
        j.say("全部进程的内存合计", [], 0, most, f"最高 {most // MB} MB，上限 {MOST_MEMORY // MB} MB")
    if j.failed:
        print(f"服务最后的话：\n{j.server.said()}")
    print(f"{j.passed} passed, {j.failed} failed")
    return 1 if j.failed else 0


if __name__ == "__main__":
    sys.exit(main())
