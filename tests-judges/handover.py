"""Makes a hand-over of a fictitious school, as people make them by hand: workbooks with the usual traps,
folders of scanned pages. Writes `truth.json` with what must be found. The product's own demo maker is
not asked, so that both cannot share a mistake.

    handover.py FOLDER
"""

import json
import os
import random
import sys

import openpyxl
from PIL import Image, ImageDraw, ImageFont

SCHOOL = "临江示例大学"
UNIT = f"中共{SCHOOL}委员会"
COLLEGE = f"中共{SCHOOL}数学学院委员会"
STUDENTS, STAFF = "数学学院学生第一党支部", "数学学院教工党支部"

ORGS = [
    (UNIT, f"{SCHOOL}党委", "学校党委", None),
    (COLLEGE, "数学学院党委", "二级党委", UNIT),
    (f"中共{SCHOOL}{STUDENTS}", STUDENTS, "党支部", COLLEGE),
    (f"中共{SCHOOL}{STAFF}", STAFF, "党支部", COLLEGE),
]

NAMES = "欧阳示例 司马样本 诸葛演试 上官例证 东方样例 令狐示范 皇甫例试 尉迟样证 公孙演例 慕容示样 钟离例样 宇文证例".split()


def id_number(area, born, tail):
    body = f"99{area:04d}{born}{tail:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights)) % 11]


def people():
    rng = random.Random(7)
    stages = ["入党申请人", "入党积极分子", "发展对象", "预备党员", "正式党员"]
    for i, name in enumerate(NAMES):
        born = f"{rng.randrange(1999, 2004)}{rng.randrange(1, 13):02d}{rng.randrange(1, 28):02d}"
        tail = rng.randrange(100, 999)
        yield {
            "name": name, "number": f"20200101{i:02d}", "sex": "男" if tail % 2 else "女", "born": born,
            "id": id_number(rng.randrange(1000, 9999), born, tail), "phone": f"139{rng.randrange(10**8):08d}",
            "stage": stages[i % 5], "branch": STUDENTS if i < 8 else STAFF,
        }


def orgs(folder):
    book = openpyxl.Workbook()
    note = book.active
    note.title = "填写说明"
    note.append(["全称与公章一致，上级党组织写全称。"])
    sheet = book.create_sheet("党组织")
    sheet.append([f"{SCHOOL}党组织信息采集表"])
    sheet.append(["党组织全称", "党组织简称", "组织类别", "上级党组织", "成立日期"])
    for full, short, kind, parent in ORGS:
        sheet.append([full, short, kind, parent, "2015-09-10"])
    book.save(os.path.join(folder, "orgs.xlsx"))


HEAD = [
    ["基本信息"] + [None] * 8 + ["发展情况"] + [None] * 4 + ["思想汇报", None, None],
    ["序号", "姓名", "学号", "性别 ", "民族", "出生年月日", "公民身份证号", "联系电话", "人员类别", "申请入党时间",
     "确定入党积极分子日期", "确定发展对象日期", "入党时间", "转正日期", "第一次思想汇报", "第二次思想汇报", "思想汇报总篇数"],
]
# The day of each step by stage, in different spellings, all of them readable.
DAYS = ["2020-09-10", "2021年3月10日", "2022.04.10", "2022/10/10", "2023-10-10"]


def member_row(i, one):
    reached = ["入党申请人", "入党积极分子", "发展对象", "预备党员", "正式党员"].index(one["stage"]) + 1
    days = [DAYS[n] if n < reached else None for n in range(5)]
    reports = ["2021-06-10", "2021.09.10"] if reached > 1 else [None, None]
    born = f"{one['born'][:4]}-{one['born'][4:6]}-{one['born'][6:]}"
    return [i, one["name"], one["number"], one["sex"], "汉族", born, one["id"], one["phone"], one["stage"], *days,
            *reports, 2 if reached > 1 else 0]


def members(folder, everyone, traps):
    """The workbook of all people; with `traps`, four rows that must not be taken."""
    book = openpyxl.Workbook()
    note = book.active
    note.title = "填表说明"
    note.append(["说明：日期按实际填写"])
    bad = []
    for branch in (STUDENTS, STAFF):
        sheet = book.create_sheet(branch)
        for row in HEAD:
            sheet.append(row)
        for first, last in (("A1", "I1"), ("J1", "N1"), ("O1", "Q1")):
            sheet.merge_cells(f"{first}:{last}")
        rows = [member_row(i + 1, one) for i, one in enumerate(o for o in everyone if o["branch"] == branch)]
        if traps and branch == STUDENTS:
            extra = {"name": "陈样错", "number": "2020019901", "sex": "男", "born": "20010101", "phone": "13900000001",
                     "stage": "入党申请人", "id": id_number(1234, "20010101", 111)}

            def trap(code, number, change):
                row = member_row(len(rows) + 1, {**extra, "number": number, "id": id_number(1234, "20010101", 111 + 2 * len(bad))})
                change(row)
                rows.append(row)
                bad.append({"sheet": branch, "row": len(rows) + 2, "code": code})

            def wrong_digit(row):
                row[6] = row[6][:-1] + ("1" if row[6][-1] != "1" else "2")

            def as_float(row):
                row[6] = float(row[6][:17] + "0")

            def no_name(row):
                row[1] = None

            def no_date(row):
                row[9] = "2020年13月40日"

            trap("ID_INVALID", "2020019901", wrong_digit)
            trap("ID_INVALID", "2020019902", as_float)
            trap("REQUIRED_MISSING", "2020019903", no_name)
            trap("DATE_INVALID", "2020019904", no_date)
        for row in rows:
            sheet.append(row)
        # Rows that look used and are not.
        sheet.cell(row=sheet.max_row + 5, column=2, value="  ")
    summary = book.create_sheet("汇总")
    summary.append(["支部", "人数"])
    summary.append([STUDENTS, 8])
    book.save(os.path.join(folder, "members-traps.xlsx" if traps else "members.xlsx"))
    return bad


FONTS = ("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc", "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")


def page(path, title, lines):
    """A page as a scanner at 150 dpi sees it."""
    font_file = next((f for f in FONTS if os.path.exists(f)), None)
    if not font_file:
        raise SystemExit("没有 Noto CJK 字体：apt-get install fonts-noto-cjk")
    image = Image.new("RGB", (1240, 1754), (250, 249, 244))
    draw = ImageDraw.Draw(image)
    draw.text((620, 150), title, font=ImageFont.truetype(font_file, 52), fill=(20, 20, 24), anchor="mm")
    body = ImageFont.truetype(font_file, 34)
    for i, line in enumerate(lines):
        draw.text((150, 280 + i * 72), line, font=body, fill=(28, 28, 32))
    os.makedirs(os.path.dirname(path), exist_ok=True)
    image.save(path, "JPEG", quality=85, dpi=(150, 150))


def catalogue(folder, one, rows):
    book = openpyxl.Workbook()
    card = book.active
    card.title = "基本信息"
    card.append(["姓名", "性别", "出生日期", "公民身份号码", "学号/工号", "民族"])
    card.append([one["name"], one["sex"], one["born"], one["id"], one["number"], "汉族"])
    sheet = book.create_sheet("目录")
    sheet.append(["类号", "序号", "材料名称", "年", "月", "日", "页数", "备注"])
    for cls, seq, title, (year, month, day), pages in rows:
        sheet.append([cls, seq, title, year, month, day, pages, None])
    book.save(os.path.join(folder, "干部基本信息和档案目录.xlsx"))


def volumes(folder, everyone):
    """One volume in layout A, one in C. Each page has a line that no other page has."""
    said = []

    def write(path, title, marker):
        lines = ["敬爱的党组织：", "我志愿加入中国共产党，拥护党的纲领，遵守党的章程。", marker,
                 "以上内容属实，请组织审查。", "二〇二〇年九月十日"]
        page(path, title, lines)
        said.append({"file": os.path.relpath(path, folder), "marker": marker})

    one = everyone[0]
    root = os.path.join(folder, "layout-a", "{7A11C0DE-0000-4000-8000-000000000001}")
    rows = [("1", 1, "干部履历表", (2021, 3, 10), 1), ("6", 1, "入党申请书", (2020, 9, 10), 2)]
    write(os.path.join(root, "1", "1", "001.JPG"), "干部履历表", "曾任石榴巷社区青年突击队队长")
    write(os.path.join(root, "6", "1", "001.JPG"), "入党申请书", "暑期在琥珀湖畔参加义务植树活动")
    write(os.path.join(root, "6", "1", "002.JPG"), "入党申请书（续）", "获得蒲公英志愿服务奖章一枚")
    catalogue(root, one, rows)

    two = everyone[1]
    root = os.path.join(folder, "layout-c", f"{two['name']}{two['id']}")
    rows = [("6", 1, "入党申请书", (2020, 9, 12), 1)]
    write(os.path.join(root, "01入党申请书", "001.jpg"), "入党申请书", "担任松针合唱团指挥并组织排练")
    catalogue(root, two, rows)
    # Something that fits nowhere must be named, not thrown away.
    with open(os.path.join(root, "扫描备忘.txt"), "w", encoding="utf-8") as file:
        file.write("第三页补扫\n")

    page(os.path.join(folder, "single.jpg"), "补充材料", ["单张图像补充材料", "风铃草观测站实习鉴定"])
    scanned = Image.open(os.path.join(folder, "single.jpg"))
    scanned.save(os.path.join(folder, "born.pdf"), "PDF", resolution=150)
    return said


def main():
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    everyone = list(people())
    orgs(folder)
    members(folder, everyone, traps=False)
    bad = members(folder, everyone, traps=True)
    pages = volumes(folder, everyone)
    truth = {"school": SCHOOL, "unit": UNIT, "orgs": [o[0] for o in ORGS], "branches": [STUDENTS, STAFF],
             "people": everyone, "bad": bad, "pages": pages}
    with open(os.path.join(folder, "truth.json"), "w", encoding="utf-8") as file:
        json.dump(truth, file, ensure_ascii=False, indent=1)


if __name__ == "__main__":
    main()
