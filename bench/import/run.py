"""20,000 members from one workbook: CPU time and memory of preview, commit, a second upload, undo and verify.

    python3 bench/import/run.py [PEOPLE]        # JZ_BIN names another program

The workbook is written here with the standard library only: one sheet, 25 columns, shared strings,
the way Excel writes it. CPU time is that of the program and of its worker process, from the kernel's
accounting; memory is the largest sum of what both hold at one moment, looked at a hundred times a second.
Set JZ_INIT to further words for `juanzong init`, for example `--database postgres://…`.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from xml.sax.saxutils import escape

SCHOOL = "示例大学"
COLLEGES, BRANCHES = 20, 10
FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜谢邹喻柏水窦章云苏潘葛奚范彭郎"
GIVEN = "伟芳娜敏静强磊军洋勇艳杰娟涛超霞平刚桂英文华玉兰春梅海燕建国志明晓东丽雪鹏飞宇轩子涵梓欣雨泽浩然思远"
HEADERS = [
    "序号", "姓名", "学号/工号", "性别", "民族", "出生日期", "公民身份号码", "手机号码", "籍贯", "学历", "学位", "人员类别",
    "党籍状态", "所在党支部", "申请入党日期", "确定入党积极分子日期", "确定发展对象日期", "入党日期", "学院", "专业", "年级",
    "班级", "第一次思想汇报", "第二次思想汇报", "现居住地",
]


def check(first):
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    return first + "10X98765432"[sum(int(d) * w for d, w in zip(first, weights)) % 11]


def orgs():
    top = f"中共{SCHOOL}委员会"
    rows = [["党组织全称", "简称", "组织类别", "上级党组织", "成立日期", "书记"], [top, f"{SCHOOL}党委", "学校党委", "", "1958-09", ""]]
    for c in range(COLLEGES):
        college = f"中共{SCHOOL}第{c + 1}学院委员会"
        rows.append([college, f"第{c + 1}学院党委", "二级党委", top, "1990-05-01", ""])
        for b in range(BRANCHES):
            full = f"中共{SCHOOL}第{c + 1}学院学生第{b + 1}支部委员会"
            rows.append([full, branch(c, b), "党支部", college, "2015-09-10", ""])
    return rows


def branch(c, b):
    return f"第{c + 1}学院学生第{b + 1}党支部"


def members(count, rng):
    rows = [HEADERS]
    for n in range(count):
        birth = f"{rng.randrange(1970, 2007)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}"
        stage = rng.randrange(1, 6)
        dates = [f"20{20 + k}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}" for k in range(6)]
        name = rng.choice(FAMILY) + "".join(rng.choice(GIVEN) for _ in range(rng.randrange(1, 3)))
        c, b = rng.randrange(COLLEGES), rng.randrange(BRANCHES)
        rows.append([
            str(n + 1), name, f"2023{n:08}", "男" if n % 2 else "女", rng.choice(["汉族", "汉族", "汉族", "回族", "壮族"]), birth,
            check(f"99{n // 999:04}{birth.replace('-', '')}{n % 999:03}"), f"13{rng.randrange(10**9):09}", "某省某市",
            "大学本科毕业", "学士", ["", "入党申请人", "入党积极分子", "发展对象", "预备党员", "正式党员"][stage],
            "正常" if stage > 3 else "", branch(c, b), dates[0], dates[1] if stage > 1 else "", dates[2] if stage > 2 else "",
            dates[3] if stage > 3 else "", f"第{c + 1}学院", rng.choice(["会计学", "软件工程", "机械工程", "汉语言文学"]), "2023",
            f"{rng.randrange(100)}班", dates[4], dates[5] if stage > 1 else "", f"某市某路{rng.randrange(9999)}号",
        ])
    return rows


def letter(column):
    return chr(65 + column) if column < 26 else "A" + chr(65 + column - 26)


def workbook(path, sheet, rows):
    """An xlsx with one sheet, all values shared strings."""
    strings, places = [], {}
    body = []
    for r, row in enumerate(rows, 1):
        cells = []
        for c, value in enumerate(row):
            if value:
                place = places.setdefault(value, len(strings))
                if place == len(strings):
                    strings.append(f"<si><t>{escape(value)}</t></si>")
                cells.append(f'<c r="{letter(c)}{r}" t="s"><v>{place}</v></c>')
        body.append(f'<row r="{r}">{"".join(cells)}</row>')
    ns = "http://schemas.openxmlformats.org"
    main, rel = f"{ns}/spreadsheetml/2006/main", f"{ns}/officeDocument/2006/relationships"
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{ns}/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{ns}/package/2006/relationships"><Relationship Id="r1" Type="{rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{rel}"><sheets><sheet name="{sheet}" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{ns}/package/2006/relationships"><Relationship Id="r1" Type="{rel}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="{rel}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/sharedStrings.xml": f'<sst xmlns="{main}">{"".join(strings)}</sst>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{"".join(body)}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, text in parts.items():
            out.writestr(name, head + text)


def family(pid):
    """Resident memory of a process and its children, in MB."""
    total = 0
    todo = [pid]
    while todo:
        one = todo.pop()
        try:
            with open(f"/proc/{one}/status") as f:
                total += next((int(line.split()[1]) for line in f if line.startswith("VmRSS:")), 0)
            for thread in os.listdir(f"/proc/{one}/task"):
                with open(f"/proc/{one}/task/{thread}/children") as f:
                    todo += map(int, f.read().split())
        except OSError:
            pass
    return total / 1024


def run(*words):
    """Output, CPU seconds, wall seconds, peak memory in MB."""
    start = time.monotonic()
    process = subprocess.Popen([BIN, *words], stdout=subprocess.PIPE, env={**os.environ, "RUST_LOG": "error"})
    peak, done = [0.0], threading.Event()

    def watch():
        while not done.wait(0.01):
            peak[0] = max(peak[0], family(process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    text = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    done.set()
    watcher.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(words)}：退出码 {process.returncode}")
    return json.loads(text), usage.ru_utime + usage.ru_stime, time.monotonic() - start, peak[0], usage.ru_stime


def show(what, figures):
    _, cpu, wall, peak, system = figures
    print(f"{what:<28} {cpu:6.2f} CPU-s（内核 {system:4.2f}） {wall:6.2f} s  {peak:6.0f} MB", flush=True)


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    print(f"机器负载 {open('/proc/loadavg').read().strip()}，{os.cpu_count()} 核")
    with tempfile.TemporaryDirectory(prefix="juanzong-import-") as folder:
        data = os.path.join(folder, "data")
        one, two = os.path.join(folder, "01.xlsx"), os.path.join(folder, "02.xlsx")
        workbook(one, "党组织", orgs())
        workbook(two, "人员", members(count, random.Random(7)))
        print(f"工作簿 {os.path.getsize(two) / 1e6:.1f} MB，{count} 人，{len(HEADERS)} 列")
        at = ["--data", data, "--json"]
        run("init", *at, *os.environ.get("JZ_INIT", "").split())
        show(f"党组织 {COLLEGES * (BRANCHES + 1) + 1} 个", run("import", "orgs", one, *at))
        seen = run("import", "members", two, "--dry-run", *at)
        show("人员：预检", seen)
        done = run("import", "members", two, *at)
        assert done[0]["new"] == done[0]["good"] == count, done[0]
        show("人员：预检 + 写入", done)
        print(f"{'  其中写入（相减）':<24} {done[1] - seen[1]:6.2f} CPU-s")
        again = run("import", "members", two, *at)
        assert again[0]["same"] == count and again[0]["new"] == again[0]["changed"] == 0, again[0]
        show("同一文件再次导入", again)
        show("整批撤销", run("import", "undo", done[0]["batch"], *at))
        back = run("import", "members", two, *at)
        assert back[0]["new"] == count, back[0]
        show("撤销后重新导入", back)
        checked = run("verify", *at)
        assert checked[0]["ok"], checked[0]
        show("核验", checked)
        size = sum(os.path.getsize(os.path.join(d, f)) for d, _, files in os.walk(data) for f in files)
        print(f"数据目录 {size / 1e6:.0f} MB")
    print(f"机器负载 {open('/proc/loadavg').read().strip()}")
    print(f"目标：预检 + 写入 4 CPU-s、150 MB；实测 {done[1]:.2f} CPU-s、{done[3]:.0f} MB")


HERE = os.path.dirname(os.path.abspath(__file__))
BIN = os.environ.get("JZ_BIN") or subprocess.check_output([f"{HERE}/../_build.sh"], text=True).strip() + "/juanzong"

if __name__ == "__main__":
    main()
