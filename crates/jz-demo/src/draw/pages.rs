//! The kinds of pages, each drawn for a person.
//!
//! Name, identity number and dates on a page are those of the person; what else is
//! written there is made up. A new kind is a new row of [`Kind`] and a function here.

use jiff::ToSpan;
use jiff::civil::Date;

use super::canvas::{Pen, RED, RULE, Style, WIDTH};
use super::seal;
use super::table::{Cell, LEFT, WIDE, row};
use crate::names;
use crate::people::Person;
use crate::rng::Rng;
use crate::school::{SCHOOL, School};
use crate::text::fill;
use crate::words::{DEEDS, LETTER, LETTER_MIDDLE, NOTICE_TITLES, NOTICES, PLACES, RESOLUTIONS};

/// What a page is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// 入党志愿书, the page with the person.
    Pledge,
    /// 入党志愿书, the page with resolution and approval.
    PledgeDecision,
    /// 入党申请书
    Letter,
    /// 红头文件: an approval, a decision, a notice.
    Notice,
    /// 年度考核登记表
    Appraisal,
    /// 干部任免审批表
    Appointment,
    /// 干部履历表
    Record,
    /// 花名册
    Roster,
}

/// What a page is drawn from.
pub(crate) struct Subject<'a> {
    pub(crate) person: &'a Person,
    pub(crate) school: &'a School,
    /// Title of the material.
    pub(crate) title: &'a str,
    /// Date of the material.
    pub(crate) date: Date,
    /// Page of the material, from 0.
    pub(crate) page: usize,
    /// Whether it is the last page of the material, where one signs.
    pub(crate) last: bool,
    /// Whether entries are written by hand.
    pub(crate) hand: bool,
}

/// Draws one page.
pub(crate) fn draw(pen: &mut Pen<'_>, kind: Kind, subject: &Subject<'_>) {
    match kind {
        Kind::Pledge => pledge(pen, subject),
        Kind::PledgeDecision => pledge_decision(pen, subject),
        Kind::Letter => letter(pen, subject),
        Kind::Notice => notice(pen, subject),
        Kind::Appraisal => appraisal(pen, subject),
        Kind::Appointment => appointment(pen, subject),
        Kind::Record => record(pen, subject),
        Kind::Roster => roster(pen, subject),
    }
}

const MIDDLE: i32 = WIDTH as i32 / 2;

impl Subject<'_> {
    /// How entries are written, `size` pixels high.
    fn filled(&self, size: u16) -> Style {
        if self.hand { Style::hand(size) } else { Style::typed(size) }
    }

    /// So many different sentences, in any order; all there are when more are asked for.
    fn sentences(&self, pen: &mut Pen<'_>, list: &[&str], count: usize) -> Vec<String> {
        let mut left = list.to_vec();
        let mut chosen = Vec::new();
        while chosen.len() < count && !left.is_empty() {
            let template = left.swap_remove(pen.rng.below(left.len()));
            chosen.push(fill(template, self.school, &mut pen.rng));
        }
        chosen
    }
}

fn committee() -> String {
    format!("中共{SCHOOL}委员会")
}

fn long(day: Date) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

fn month(day: Date) -> String {
    format!("{}年{}月", day.year(), day.month())
}

/// Name and date at the lower right of a box that ends at `bottom`.
fn signed(pen: &mut Pen<'_>, bottom: i32, label: &str, name: &str, filled: Style, day: Date) {
    let end = pen.write(1300, bottom - 130, Style::typed(42), label);
    pen.write(end + 20, bottom - 130, filled, name);
    pen.write(1620, bottom - 50, Style::typed(42), &long(day));
}

fn sealed(pen: &mut Pen<'_>, bottom: i32, owner: &str, day: Date) {
    pen.write(1380, bottom - 170, Style::typed(42), "（盖章）");
    pen.write(1620, bottom - 70, Style::typed(42), &long(day));
    let (dx, dy) = (pen.rng.between(-40, 40), pen.rng.between(-30, 20));
    seal::press(pen, 1780 + dx, bottom - 170 + dy, owner);
}

fn pledge(pen: &mut Pen<'_>, s: &Subject<'_>) {
    let (p, filled) = (s.person, s.filled(48));
    pen.centred(MIDDLE, 420, Style::bold(108), "中国共产党入党志愿书");
    let number = format!("编号：{}-JZ-{:06}", s.date.year(), pen.rng.below(1_000_000));
    pen.write(1560, 520, Style::typed(42), &number);
    let h = 128;
    let mut y = 580;
    y = row(
        pen,
        y,
        h,
        filled,
        &[
            Cell::Label(280, "姓    名"),
            Cell::Value(500, &p.name),
            Cell::Label(240, "性    别"),
            Cell::Value(220, p.sex),
            Cell::Label(240, "民    族"),
            Cell::Value(0, p.eth),
        ],
    );
    let place = pen.rng.pick(PLACES);
    y = row(
        pen,
        y,
        h,
        filled,
        &[
            Cell::Label(280, "出生日期"),
            Cell::Value(500, &long(p.birth)),
            Cell::Label(240, "籍    贯"),
            Cell::Value(0, place),
        ],
    );
    y = row(
        pen,
        y,
        h,
        filled,
        &[
            Cell::Label(280, "学    历"),
            Cell::Value(500, p.edu),
            Cell::Label(240, "申请入党|时    间"),
            Cell::Value(0, &long(p.app)),
        ],
    );
    y = row(
        pen,
        y,
        h,
        filled,
        &[
            Cell::Label(280, "身份证号"),
            Cell::Value(740, &p.id),
            Cell::Label(240, "联系电话"),
            Cell::Value(0, &p.tel),
        ],
    );
    let post = if p.branch.contains("教工") { "教师" } else { "学生" };
    let unit = format!("{SCHOOL}{}{post}", p.college);
    y = row(pen, y, h, filled, &[Cell::Label(520, "单位、职务或职业"), Cell::Value(0, &unit)]);
    let home = format!("{place}{}号", pen.rng.between(1, 199));
    y = row(pen, y, h, filled, &[Cell::Label(520, "现居住地"), Cell::Value(0, &home)]);
    let mut paragraphs: Vec<String> = LETTER.first().map(|t| (*t).to_owned()).into_iter().collect();
    paragraphs.extend(s.sentences(pen, LETTER_MIDDLE, 9));
    y = row(pen, y, 1860, filled, &[Cell::Side(280, "入党志愿"), Cell::Text(0, &paragraphs)]);
    // The form is filled in after the branch has its permission and before it meets.
    let filled_on = p.meet.map_or(s.date, |met| met.saturating_sub(12.days()));
    signed(pen, y, "本人签名：", &p.name, filled, filled_on);
}

fn pledge_decision(pen: &mut Pen<'_>, s: &Subject<'_>) {
    let (p, filled) = (s.person, s.filled(48));
    let met = p.meet.unwrap_or(s.date);
    let approved = p.appr.unwrap_or(met);
    let mut y = 330;
    let mut sponsor = s.sentences(pen, DEEDS, 3);
    sponsor.push(format!("我愿意介绍{}同志加入中国共产党。", p.name));
    y = row(pen, y, 760, filled, &[Cell::Label(280, "入党介绍|人 意 见"), Cell::Text(0, &sponsor)]);
    let name = names::name(&mut pen.rng, "汉族");
    signed(pen, y, "介绍人签名：", &name, filled, met);
    let mut decision = s.sentences(pen, RESOLUTIONS, 4);
    decision.push(format!("会议同意接收{}同志为中共预备党员，预备期一年，自{}算起。", p.name, long(met)));
    y = row(pen, y, 1080, filled, &[Cell::Label(280, "支部大会|决    议"), Cell::Text(0, &decision)]);
    let name = names::name(&mut pen.rng, "汉族");
    signed(pen, y, "支部书记签名：", &name, filled, met);
    let approval = vec![format!(
        "经审查，同意{}同志为中国共产党预备党员，预备期一年，自支部大会通过之日起计算。",
        p.name
    )];
    y = row(pen, y, 860, filled, &[Cell::Label(280, "上级党委|审批意见"), Cell::Text(0, &approval)]);
    sealed(pen, y, &committee(), approved);
}

fn letter(pen: &mut Pen<'_>, s: &Subject<'_>) {
    const STEP: i32 = 128;
    const TOP: i32 = 560;
    const LINES: i32 = 21;
    let style = s.filled(74);
    if s.hand {
        for n in 0..LINES {
            pen.canvas.fill(230, TOP + 24 + n * STEP, 2020, 3, RULE);
        }
    }
    let mut y = TOP;
    if s.page == 0 {
        pen.centred(MIDDLE, 400, s.filled(104), s.title);
        pen.write(240, y, style, "敬爱的党组织：");
        y += STEP;
        y = pen.paragraph(240, y, 1960, STEP, style, LETTER.first().copied().unwrap_or_default());
    }
    let last = TOP + (LINES - 4) * STEP;
    // The letter is as long as the sheet: sentences go on until there is no room.
    // Every second sentence, so that two pages in a row do not say the same.
    let own: Vec<&str> = LETTER_MIDDLE.iter().skip(s.page % 2).step_by(2).copied().collect();
    for text in s.sentences(pen, &own, own.len()) {
        if y + (pen.wrap(&text, style, 1960).len() as i32 - 1) * STEP <= last {
            y = pen.paragraph(240, y, 1960, STEP, style, &text);
        }
    }
    if !s.last {
        return;
    }
    let role = if s.title.contains("申请") { "申请人" } else { "汇报人" };
    pen.write(1420, TOP + (LINES - 2) * STEP, style, &format!("{role}：{}", s.person.name));
    pen.write(1420, TOP + (LINES - 1) * STEP, style, &long(s.date));
}

fn notice(pen: &mut Pen<'_>, s: &Subject<'_>) {
    let red = Style { colour: RED, ..Style::bold(118) };
    pen.centred(MIDDLE, 460, red, &format!("{}文件", committee()));
    let number = format!("江洲党发〔{}〕{}号", s.date.year(), pen.rng.between(1, 96));
    pen.centred(MIDDLE, 640, Style::typed(64), &number);
    pen.canvas.fill(300, 720, 1880, 8, RED);
    let general = pen.rng.pick(NOTICE_TITLES);
    let title = if s.title.starts_with("关于") { s.title } else { general };
    let heading = Style::bold(84);
    let mut y = 920;
    let letters: Vec<char> = title.chars().collect();
    for line in letters.chunks(if letters.len() > 22 { letters.len().div_ceil(2) } else { 22 }) {
        pen.centred(MIDDLE, y, heading, &line.iter().collect::<String>());
        y += 120;
    }
    let body = Style::typed(64);
    let to =
        if title.contains("批复") { s.person.branch.as_str() } else { "各党总支、直属党支部" };
    pen.write(330, y + 40, body, &format!("{to}："));
    y += 150;
    let p = s.person;
    let mut paragraphs = vec![subject_of_notice(s, title)];
    paragraphs.extend(s.sentences(pen, NOTICES, 5));
    for (n, text) in paragraphs.iter().enumerate() {
        let numbered = if n == 0 { text.clone() } else { format!("{}、{text}", crate::school::numeral(n)) };
        if y + pen.wrap(&numbered, body, 1800).len() as i32 * 112 > 2900 {
            break;
        }
        y = pen.paragraph(330, y, 1800, 112, body, &numbered);
    }
    let approved = p.appr.unwrap_or(s.date);
    let day = if title.contains("批复") { approved } else { s.date };
    let y = (y + 140).min(3040);
    pen.centred(1720, y, body, &committee());
    pen.centred(1720, y + 120, body, &long(day));
    let (dx, dy) = (pen.rng.between(-60, 60), pen.rng.between(-40, 40));
    seal::press(pen, 1720 + dx, y + 50 + dy, &committee());
}

/// The sentence that names the person.
fn subject_of_notice(s: &Subject<'_>, title: &str) -> String {
    let p = s.person;
    if title.contains("批复") {
        return format!(
            "你支部关于接收{}同志为中共预备党员的请示收悉。经党委会议研究，同意接收{}同志（身份证号{}）为中共预备党员，预备期一年。",
            p.name, p.name, p.id
        );
    }
    if title.contains("表彰") {
        return format!("经研究，决定授予{}{}同志校级优秀共产党员称号，并颁发证书。", p.branch, p.name);
    }
    format!("现将{}同志组织关系转接有关事项通知如下，请{}党支部认真办理。", p.name, p.college)
}

fn appraisal(pen: &mut Pen<'_>, s: &Subject<'_>) {
    let (p, filled) = (s.person, s.filled(48));
    pen.centred(MIDDLE, 400, Style::bold(92), "事业单位工作人员年度考核登记表");
    let year = format!("（{}年度）", s.date.year());
    pen.centred(MIDDLE, 510, Style::typed(56), &year);
    let h = 128;
    let mut y = 580;
    y = row(
        pen,
        y,
        h,
        filled,
        &[
            Cell::Label(280, "姓    名"),
            Cell::Value(420, &p.name),
            Cell::Label(240, "性    别"),
            Cell::Value(240, p.sex),
            Cell::Label(280, "出生年月"),
            Cell::Value(0, &month(p.birth)),
        ],
    );
    y = row(
        pen,
        y,
        h,
        filled,
        &[
            Cell::Label(280, "政治面貌"),
            Cell::Value(420, "中共党员"),
            Cell::Label(240, "学    历"),
            Cell::Value(0, p.edu),
        ],
    );
    let unit = format!("{SCHOOL}{}", p.college);
    y = row(pen, y, h, filled, &[Cell::Label(280, "单    位"), Cell::Value(0, &unit)]);
    y = row(pen, y, h, filled, &[Cell::Label(280, "身份证号"), Cell::Value(0, &p.id)]);
    let summary = s.sentences(pen, DEEDS, 12);
    y = row(pen, y, 1240, filled, &[Cell::Side(280, "个人总结"), Cell::Text(0, &summary)]);
    signed(pen, y, "签名：", &p.name, filled, s.date);
    let grade = if pen.rng.chance(20) { "优秀" } else { "合格" };
    let opinion = vec![format!("经民主测评和单位研究，{}同志本年度考核等次为{grade}。", p.name)];
    y = row(
        pen,
        y,
        640,
        filled,
        &[Cell::Label(280, "主管领导|评语和考|核等次建|议"), Cell::Text(0, &opinion)],
    );
    sealed(pen, y, &format!("{SCHOOL}{}", p.college), s.date);
}

fn appointment(pen: &mut Pen<'_>, s: &Subject<'_>) {
    let (p, filled) = (s.person, s.filled(46));
    pen.centred(MIDDLE, 400, Style::bold(100), "干部任免审批表");
    let h = 124;
    let mut y = 480;
    y = row(
        pen,
        y,
        h,
        filled,
        &[
            Cell::Label(260, "姓    名"),
            Cell::Value(440, &p.name),
            Cell::Label(220, "性    别"),
            Cell::Value(220, p.sex),
            Cell::Label(260, "出生年月"),
            Cell::Value(0, &month(p.birth)),
        ],
    );
    let joined = p.meet.map_or_else(|| "群众".to_owned(), month);
    let home = pen.rng.pick(PLACES);
    y = row(
        pen,
        y,
        h,
        filled,
        &[
            Cell::Label(260, "民    族"),
            Cell::Value(440, p.eth),
            Cell::Label(220, "籍    贯"),
            Cell::Value(440, home),
            Cell::Label(220, "入党时间"),
            Cell::Value(0, &joined),
        ],
    );
    y = row(
        pen,
        y,
        h,
        filled,
        &[
            Cell::Label(260, "学    历"),
            Cell::Value(440, p.edu),
            Cell::Label(220, "身份证号"),
            Cell::Value(0, &p.id),
        ],
    );
    let post = format!("{SCHOOL}{}教学科科员", p.college);
    y = row(pen, y, h, filled, &[Cell::Label(260, "现任职务"), Cell::Value(0, &post)]);
    let next = format!("{SCHOOL}{}教学科副科长", p.college);
    y = row(pen, y, h, filled, &[Cell::Label(260, "拟任职务"), Cell::Value(0, &next)]);
    let first = p.app.year();
    let course = [
        format!("{}.09—{}.07 {SCHOOL}{}学习", first, first + 4, p.college),
        format!("{}.07—{}.08 {SCHOOL}{}科员", first + 4, first + 7, p.college),
        format!("{}.08— {SCHOOL}{}教学科科员", first + 7, p.college),
    ];
    y = row(pen, y, 620, filled, &[Cell::Side(260, "简历"), Cell::Text(0, &course)]);
    let reasons = s.sentences(pen, DEEDS, 6);
    y = row(pen, y, 720, filled, &[Cell::Side(260, "任免理由"), Cell::Text(0, &reasons)]);
    let opinion = vec![format!("经{}党委会议研究，同意任免意见。", long(s.date))];
    y = row(pen, y, 620, filled, &[Cell::Label(260, "审批机关|意    见"), Cell::Text(0, &opinion)]);
    sealed(pen, y, &committee(), s.date);
}

fn record(pen: &mut Pen<'_>, s: &Subject<'_>) {
    let (p, filled) = (s.person, s.filled(48));
    pen.centred(MIDDLE, 420, Style::bold(108), "干部履历表");
    let mut y = 520;
    let numbers = format!("{} / {}", p.no, p.id);
    let rows: [(&str, &str); 9] = [
        ("姓    名", &p.name),
        ("性    别", p.sex),
        ("民    族", p.eth),
        ("出生日期", &long(p.birth)),
        ("学号、身份证号", &numbers),
        ("联系电话", &p.tel),
        ("学    历", p.edu),
        ("所在党支部", &p.branch),
        ("入党时间", &p.meet.map(long).unwrap_or_default()),
    ];
    for (label, value) in rows {
        y = row(pen, y, 124, filled, &[Cell::Label(420, label), Cell::Value(0, value)]);
    }
    let mut family = Vec::new();
    for relation in ["父亲", "母亲", "兄弟"] {
        let name = names::name(&mut pen.rng, p.eth);
        family.push(format!("{relation}，{name}，{}务农。", pen.rng.pick(PLACES)));
    }
    y = row(pen, y, 460, filled, &[Cell::Label(420, "家庭成员和|主要社会关系"), Cell::Text(0, &family)]);
    let deeds = s.sentences(pen, DEEDS, 5);
    y = row(pen, y, 900, filled, &[Cell::Label(420, "何时何地|受过何种奖励"), Cell::Text(0, &deeds)]);
    signed(pen, y, "填表人签名：", &p.name, filled, s.date);
}

fn roster(pen: &mut Pen<'_>, s: &Subject<'_>) {
    let p = s.person;
    pen.centred(MIDDLE, 380, Style::bold(84), &format!("{}发展对象名册", p.college));
    pen.write(LEFT, 480, Style::typed(42), &format!("填报单位：{}", p.branch));
    pen.write(1680, 480, Style::typed(42), &long(s.date));
    let filled = Style::typed(40);
    let mut y = 510;
    let heads = ["序号", "姓    名", "性别", "出生日期", "身份证号", "申请时间"];
    let widths = [140, 370, 140, 340, 520, 0];
    let labels: Vec<Cell<'_>> = widths.iter().zip(heads).map(|(w, head)| Cell::Label(*w, head)).collect();
    y = row(pen, y, 110, filled, &labels);
    let own = pen.rng.below(24);
    for n in 0..24_usize {
        let other = candidate(&mut pen.rng, s.date);
        let who = if n == own {
            [p.name.clone(), p.sex.to_owned(), long(p.birth), p.id.clone(), month(p.app)]
        } else {
            other
        };
        let number = (n + 1).to_string();
        let texts = std::iter::once(&number).chain(&who);
        let cells: Vec<Cell<'_>> = widths.iter().zip(texts).map(|(w, text)| Cell::Value(*w, text)).collect();
        y = row(pen, y, 106, filled, &cells);
    }
    let total = "本表共24人，以上人员均经支部委员会讨论并公示。";
    pen.write(LEFT, y + 90, Style::typed(42), total);
    seal::press(pen, LEFT + WIDE - 300, y - 60, &format!("{SCHOOL}{}", p.college));
}

/// Somebody else who was to be admitted at that time: name, sex, birth, number, month.
fn candidate(rng: &mut Rng, listed: Date) -> [String; 5] {
    let applied = listed.saturating_sub(rng.between(15, 30).months());
    let years = rng.between(19, 26);
    let birth = applied.saturating_sub(years.years()).saturating_sub(rng.between(0, 300).days());
    let male = rng.chance(50);
    let id = names::id_no(rng.below(1_000_000), birth, male, rng);
    let sex = if male { "男" } else { "女" };
    [names::name(rng, "汉族"), sex.to_owned(), long(birth), id, month(applied)]
}
