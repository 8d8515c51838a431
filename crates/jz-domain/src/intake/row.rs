//! Reading the cells of one row by the meaning of their columns.
//!
//! Shared by people and organisations: blanks, the word 清空, dates, codes, names of
//! organisations, telephone numbers. What a value means for a record is decided by the
//! caller.

use super::{
    Cell,
    codes::{self, CodeList},
    dates::{DateRead, read_date},
    finding::{self, Finding, Severity},
    header::Column,
    idno::{IdFault, IdNo},
    lookup::{OrgEntry, OrgHit, OrgIndex},
    template::{Field, FieldRef, Holds},
    text::clean,
};
use crate::{PartialDate, org};
use std::borrow::Cow;

/// The word that deletes a value; a blank cell never does.
pub const CLEAR: &str = "清空";

/// A column that is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot {
    /// Position in the row.
    pub at: usize,
    /// Position in the list of columns.
    pub column: usize,
    pub target: FieldRef,
    /// The field, unless it is a repeated one.
    pub field: Option<&'static Field>,
}

/// A value that was understood.
pub(super) enum Value<'a> {
    Date(PartialDate),
    Code(&'static str),
    Id(IdNo),
    Text(Cow<'a, str>),
    Org(&'a OrgEntry),
    Count(u32),
    Clear,
}

/// What reading a row needs to know.
pub(super) struct RowReader<'a> {
    pub sheet: &'a str,
    pub row: u32,
    pub columns: &'a [Column],
    pub cells: &'a [Cell],
    pub orgs: &'a OrgIndex,
    pub today: jiff::civil::Date,
    pub is_1904: bool,
    pub findings: Vec<Finding>,
}

impl<'a> RowReader<'a> {
    fn header(&self, slot: Slot) -> &'a str {
        self.columns.get(slot.column).map_or("", |c| c.header.as_str())
    }

    /// Notes something about one cell. `{}` in `text` stands for row and column name.
    pub fn say(&mut self, slot: Slot, code: &'static str, severity: Severity, text: &str) {
        let header = self.header(slot);
        let place = format!("第 {} 行“{header}”", self.row);
        self.findings.push(Finding {
            sheet: self.sheet.to_owned(),
            row: self.row,
            col: Some(slot.at as u16),
            column: header.to_owned(),
            value: self.cells.get(slot.at).map(|c| c.shape().into_owned()).unwrap_or_default(),
            code: code.into(),
            severity,
            message: text.replacen("{}", &place, 1),
        });
    }

    /// Notes something about the row when there is no column to blame.
    pub fn say_row(&mut self, code: &'static str, severity: Severity, column: &str, text: &str) {
        self.findings.push(Finding {
            row: self.row,
            column: column.to_owned(),
            message: text.replacen("{}", &format!("第 {} 行", self.row), 1),
            ..Finding::on_sheet(self.sheet, code, severity, String::new())
        });
    }

    /// Reads one cell. `None`: blank (the old value stays), or wrong and noted.
    pub fn read(&mut self, slot: Slot) -> Option<Value<'a>> {
        let cells = self.cells;
        let cell = cells.get(slot.at).filter(|c| !c.is_blank())?;
        if matches!(cell, Cell::Text(t) if clean(t) == CLEAR) {
            return Some(Value::Clear);
        }
        let holds = slot.field.map_or(Holds::Date, |f| f.holds);
        if matches!(cell, Cell::Error(_)) && !matches!(holds, Holds::Nothing) {
            let code = if matches!(holds, Holds::Date | Holds::Plan) {
                finding::DATE_INVALID
            } else {
                finding::CODE_UNKNOWN
            };
            self.say(slot, code, Severity::Error, "{}是公式错误值，请改成实际内容，不知道的留空。");
            return None;
        }
        match holds {
            Holds::Nothing => None,
            Holds::Name => Some(Value::Text(person_name(cell))),
            Holds::Text => Some(cell.cleaned()).filter(|t| !t.is_empty()).map(Value::Text),
            Holds::Number => self.number(slot, cell),
            Holds::Id => self.id(slot, cell),
            Holds::Phone => self.phone(slot, cell),
            Holds::Date => self.date(slot, cell, true),
            Holds::Plan => self.date(slot, cell, false),
            Holds::Code(list) => self.code(slot, cell, list),
            Holds::Org => self.org(slot, cell),
            Holds::Count => self.count(slot, cell),
        }
    }

    fn date(&mut self, slot: Slot, cell: &Cell, past: bool) -> Option<Value<'a>> {
        match read_date(cell, self.is_1904) {
            DateRead::Blank => None,
            DateRead::Date(date) => {
                if past && is_after(date, self.today) {
                    self.say(slot, finding::RULE_R028, Severity::Warning, "{}的日期在今天以后，请核对。");
                }
                Some(Value::Date(date))
            }
            DateRead::Invalid => {
                self.say(
                    slot,
                    finding::DATE_INVALID,
                    Severity::Error,
                    "{}不是有效日期，请按“年-月-日”改正（如 2025-12-30；只知道年月时写 2025-12）。",
                );
                None
            }
            DateRead::Ambiguous => {
                self.say(
                    slot,
                    finding::DATE_AMBIGUOUS,
                    Severity::Error,
                    "{}的日期有多种读法，请写成四位年份的“年-月-日”（如 2025-12-30）。",
                );
                None
            }
        }
    }

    fn code(&mut self, slot: Slot, cell: &Cell, list: &'static CodeList) -> Option<Value<'a>> {
        let text = cell.cleaned();
        let code = if list.key == "ethnicity" { codes::ethnicity(&text) } else { list.code(&text) };
        if let Some(code) = code {
            return Some(Value::Code(code));
        }
        if list.key == "stage" {
            self.say(
                slot,
                finding::STAGE_INVALID,
                Severity::Error,
                "{}不是规定的人员类别，请改为：群众/团员、入党申请人、入党积极分子、发展对象、预备党员、正式党员。",
            );
        } else {
            let some: Vec<&str> = list.labels().take(4).collect();
            let text = format!(
                "{{}}不在“{}”代码表中，请从模板的下拉列表选择（如 {}）。",
                list.name,
                some.join("、")
            );
            self.say(slot, finding::CODE_UNKNOWN, Severity::Error, &text);
        }
        None
    }

    fn id(&mut self, slot: Slot, cell: &Cell) -> Option<Value<'a>> {
        let fault = match cell {
            // 15 digits fit into a number, 18 never do.
            Cell::Number(n) if *n >= 1e15 => IdFault::DigitsLost,
            other => match IdNo::parse(&other.shape()) {
                Ok(id) => return Some(Value::Id(id)),
                Err(fault) => fault,
            },
        };
        let text = match fault {
            IdFault::DigitsLost => "{}以数字格式保存，后几位已经丢失，无法恢复。请把该列单元格格式改为“文本”，再对照证件重新填写 18 位号码。".to_owned(),
            IdFault::Length(n) => format!("{{}}有 {n} 位，应为 18 位（旧证 15 位），请对照证件改正。"),
            IdFault::Character => "{}含有数字和末位 X 以外的字符，请对照证件改正。".to_owned(),
            IdFault::CheckDigit => "{}的校验位不符，至少有一位填错，请对照证件改正。".to_owned(),
            IdFault::Birth => "{}第 7–14 位不是有效的出生日期，请对照证件改正。".to_owned(),
        };
        self.say(slot, finding::ID_INVALID, Severity::Error, &text);
        None
    }

    fn number(&mut self, slot: Slot, cell: &Cell) -> Option<Value<'a>> {
        let too_long = matches!(cell, Cell::Number(n) if *n >= 1e15);
        let text = cell.shape();
        let text = clean(&text);
        let scientific = text.contains('+') && text.contains(['E', 'e']);
        if too_long || scientific {
            let text = "{}以数字格式保存，后几位可能已经丢失。请把该列单元格格式改为“文本”后重新填写。";
            self.say(slot, finding::CODE_UNKNOWN, Severity::Error, text);
            return None;
        }
        let text: String = text.chars().filter(|c| *c != ' ').collect();
        (!text.is_empty()).then_some(Value::Text(Cow::Owned(text)))
    }

    fn phone(&mut self, slot: Slot, cell: &Cell) -> Option<Value<'a>> {
        let shown = cell.shape();
        let mut text: String =
            clean(&shown).chars().filter(|c| !matches!(c, ' ' | '-' | '(' | ')')).collect();
        for prefix in ["+86", "0086", "86"] {
            if let Some(rest) = text.strip_prefix(prefix).filter(|r| r.len() == 11 && r.starts_with('1')) {
                text = rest.to_owned();
            }
        }
        let mobile = text.len() == 11 && text.starts_with('1') && text.bytes().all(|b| b.is_ascii_digit());
        if !mobile {
            let is_mobile_column = slot.field.is_some_and(|f| f.label.contains("手机"));
            if is_mobile_column {
                self.say(slot, finding::RULE_PHONE, Severity::Warning, "{}不是 11 位手机号码，请核对。");
            }
            return Some(Value::Text(Cow::Owned(clean(&shown).into_owned())));
        }
        Some(Value::Text(Cow::Owned(text)))
    }

    fn org(&mut self, slot: Slot, cell: &Cell) -> Option<Value<'a>> {
        let name = cell.cleaned();
        match self.orgs.find(&name) {
            OrgHit::One(entry) if holds_people(entry) => Some(Value::Org(entry)),
            OrgHit::One(_) => {
                self.say(
                    slot,
                    finding::UNKNOWN_BRANCH,
                    Severity::Error,
                    "{}是党委或总支，人员须归入党支部，请改为支部名称。",
                );
                None
            }
            OrgHit::Many => {
                self.say(
                    slot,
                    finding::UNKNOWN_BRANCH,
                    Severity::Error,
                    "{}对应不止一个党组织，请改为党组织全称。",
                );
                None
            }
            OrgHit::None => {
                self.say(
                    slot,
                    finding::UNKNOWN_BRANCH,
                    Severity::Error,
                    "{}没有对应的党组织，请改为系统中的全称或简称，或先导入党组织信息采集表。",
                );
                None
            }
        }
    }

    fn count(&mut self, slot: Slot, cell: &Cell) -> Option<Value<'a>> {
        let shown = cell.shape();
        let text = clean(&shown);
        let digits = text.trim_end_matches(['篇', '次', '人', '票']);
        if let Ok(n) = digits.parse::<u32>() {
            return Some(Value::Count(n));
        }
        self.say(slot, finding::CODE_UNKNOWN, Severity::Warning, "{}不是整数，未导入，请核对。");
        None
    }
}

/// Whether people may be put directly into an organisation.
pub(super) fn holds_people(entry: &OrgEntry) -> bool {
    org::kind(&entry.kind).is_none_or(|k| k.holds_people)
}

/// Whether all of a date that is known lies after a day.
pub(super) fn is_after(date: PartialDate, day: jiff::civil::Date) -> bool {
    let known = (date.year(), date.month(), date.day());
    let (y, m, d) = (day.year(), day.month() as u8, day.day() as u8);
    match known {
        (year, Some(month), Some(dd)) => (year, month, dd) > (y, m, d),
        (year, Some(month), None) => (year, month) > (y, m),
        (year, None, _) => year > y,
    }
}

/// Whether two dates contradict each other in what both know.
pub(super) fn contradict(a: PartialDate, b: PartialDate) -> bool {
    let differ = |x: Option<u8>, y: Option<u8>| matches!((x, y), (Some(x), Some(y)) if x != y);
    a.year() != b.year() || differ(a.month(), b.month()) || differ(a.day(), b.day())
}

/// A person's name: 「张 三」 with a blank for looks is 张三; in names of other scripts
/// blanks stay.
fn person_name(cell: &Cell) -> Cow<'_, str> {
    let name = cell.cleaned();
    if !name.contains(' ') {
        return name;
    }
    let is_han = |c: char| ('\u{3400}'..='\u{9FFF}').contains(&c) || c >= '\u{20000}' || c == '·';
    if name.chars().all(|c| c == ' ' || is_han(c)) {
        return Cow::Owned(name.chars().filter(|c| *c != ' ').collect());
    }
    name
}
