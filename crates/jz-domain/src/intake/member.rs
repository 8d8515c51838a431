//! One person as a row of a workbook.

use super::{
    Cell,
    finding::{self, Finding, Severity},
    idno::IdNo,
    row::{RowReader, Slot, Value, contradict},
    shift,
    template::{FieldRef, Holds, Kind},
};
use crate::{Id, PartialDate};
use serde::{Deserialize, Serialize};
use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt,
};

/// A date with its number: 第N次思想汇报.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Numbered {
    /// Number in the column name.
    pub no: u16,
    /// Date in the cell.
    pub date: PartialDate,
}

/// A row that can be taken. A field that is `None` was blank and keeps its old value,
/// unless its key is in `cleared`. `Debug` shows the row number only. In JSON what is
/// `None` or empty is left out.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct MemberRow {
    /// Row as shown in Excel.
    pub row: u32,
    /// Branch, by the column or else by the name of the sheet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub org: Option<Id>,
    /// 姓名
    pub name: String,
    /// 曾用名
    #[serde(skip_serializing_if = "Option::is_none")]
    pub former_name: Option<String>,
    /// 学号/工号
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Code of 性别.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sex: Option<Cow<'static, str>>,
    /// Code of 民族.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ethnicity: Option<Cow<'static, str>>,
    /// 出生日期 as written; see [`MemberRow::birth_or_derived`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth: Option<PartialDate>,
    /// 公民身份号码
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_no: Option<IdNo>,
    /// 手机号码, digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Code of 人员类别.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<Cow<'static, str>>,
    /// Code of 党籍状态.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Cow<'static, str>>,
    /// Code of 学历.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub education: Option<Cow<'static, str>>,
    /// 申请入党日期
    #[serde(skip_serializing_if = "Option::is_none")]
    pub applied: Option<PartialDate>,
    /// 确定入党积极分子日期
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activist: Option<PartialDate>,
    /// 确定发展对象日期
    #[serde(skip_serializing_if = "Option::is_none")]
    pub candidate: Option<PartialDate>,
    /// 入党日期
    #[serde(skip_serializing_if = "Option::is_none")]
    pub joined: Option<PartialDate>,
    /// 转正日期
    #[serde(skip_serializing_if = "Option::is_none")]
    pub regular: Option<PartialDate>,
    /// 第N次思想汇报, ascending by number.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reports: Vec<Numbered>,
    /// 半年考察N, ascending by number.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub observations: Vec<Numbered>,
    /// 思想汇报总篇数
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report_count: Option<u32>,
    /// Other known columns: key → value (dates `YYYY[-MM[-DD]]`, list values as codes).
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub extra: BTreeMap<Cow<'static, str>, String>,
    /// Keys of fields that hold 清空.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub cleared: BTreeSet<Cow<'static, str>>,
}

impl fmt::Debug for MemberRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MemberRow({})", self.row)
    }
}

impl MemberRow {
    /// Birthday as written, or else by the identity number: for a person who is new.
    pub fn birth_or_derived(&self) -> Option<PartialDate> {
        self.birth.or_else(|| self.id_no?.birth())
    }

    /// Code of the sex as written, or else by the identity number: for a person who is new.
    pub fn sex_or_derived(&self) -> Option<&str> {
        self.sex.as_deref().or_else(|| self.id_no.as_ref().map(IdNo::sex))
    }

    /// What a row lacks to become a *new* person; for a known one a blank keeps the old
    /// value. The caller, who knows whether the person is known, adds these findings.
    pub fn missing_for_new(&self, sheet: &str) -> Vec<Finding> {
        let lacks = [("stage", "人员类别", self.stage.is_none()), ("org", "所在党支部", self.org.is_none())];
        let missing = lacks.into_iter().filter(|(_, _, lacks)| *lacks);
        missing
            .map(|(_, label, _)| Finding {
                row: self.row,
                column: label.to_owned(),
                ..Finding::on_sheet(
                    sheet,
                    finding::REQUIRED_MISSING,
                    Severity::Error,
                    format!("第 {} 行是新增人员，必须填写“{label}”。", self.row),
                )
            })
            .collect()
    }
}

/// People of the file so far, to find doubles.
#[derive(Default)]
pub(super) struct Seen {
    sheets: Vec<String>,
    ids: HashMap<IdNo, (u16, u32)>,
    numbers: HashMap<String, Earlier>,
}

struct Earlier {
    sheet: u16,
    row: u32,
    name: String,
    id_no: Option<IdNo>,
}

impl Seen {
    /// The sheet that is read from now on.
    pub fn open_sheet(&mut self, name: &str) {
        self.sheets.push(name.to_owned());
    }

    fn place(&self, current: u16, sheet: u16, row: u32) -> String {
        if sheet == current {
            return format!("第 {row} 行");
        }
        format!("工作表“{}”第 {row} 行", self.sheets.get(usize::from(sheet)).map_or("", String::as_str))
    }
}

/// Reads a row; the findings say whether it can be taken.
pub(super) fn read(
    mut reader: RowReader<'_>,
    slots: &[Slot],
    shapes: &[(usize, shift::Shape)],
    sheet_org: Option<Id>,
    seen: &mut Seen,
) -> (MemberRow, Vec<Finding>) {
    let mut row = MemberRow { row: reader.row, org: sheet_org, ..MemberRow::default() };
    for slot in slots {
        if let Some(value) = reader.read(*slot) {
            put(&mut row, &mut reader, *slot, value);
        }
    }
    let suspicious =
        row.name.is_empty() || !shift::is_name(&row.name) || reader.findings.iter().any(Finding::is_error);
    if suspicious && let Some(found) = shifted(&reader, slots, shapes) {
        return (row, vec![found]);
    }
    row.reports.sort_by_key(|r| r.no);
    row.observations.sort_by_key(|r| r.no);
    check_required(&row, &mut reader, slots);
    check_identity(&row, &mut reader, slots);
    check_reports(&row, &mut reader, slots);
    check_doubles(&row, &mut reader, slots, seen);
    (row, reader.findings)
}

/// The one finding of a row that stands one column off.
fn shifted(reader: &RowReader<'_>, slots: &[Slot], shapes: &[(usize, shift::Shape)]) -> Option<Finding> {
    let (direction, at) = shift::shifted(shapes, reader.cells)?;
    let slot = slots.iter().find(|s| s.at == at);
    let column = slot.and_then(|s| reader.columns.get(s.column)).map_or("", |c| c.header.as_str());
    let way = match direction {
        shift::Shift::Left => "左",
        shift::Shift::Right => "右",
    };
    Some(Finding {
        row: reader.row,
        col: Some(at as u16),
        column: column.to_owned(),
        value: reader.cells.get(at).map(|c| c.shape().into_owned()).unwrap_or_default(),
        ..Finding::on_sheet(
            reader.sheet,
            finding::ROW_SHIFTED,
            Severity::Error,
            format!(
                "第 {} 行疑似整体向{way}错了一列（从“{column}”一栏看出），整行未导入。请把各栏移回原位后重新上传。",
                reader.row
            ),
        )
    })
}

fn put(row: &mut MemberRow, reader: &mut RowReader<'_>, slot: Slot, value: Value<'_>) {
    match slot.target {
        FieldRef::Report(no) => put_numbered(&mut row.reports, &mut row.cleared, slot, no, value),
        FieldRef::Observation(no) => put_numbered(&mut row.observations, &mut row.cleared, slot, no, value),
        FieldRef::One(_) => {
            let Some(field) = slot.field else { return };
            if matches!(value, Value::Clear) {
                clear(row, reader, slot);
            } else {
                put_one(row, field.key, value);
            }
        }
    }
}

fn put_numbered(
    list: &mut Vec<Numbered>,
    cleared: &mut BTreeSet<Cow<'static, str>>,
    slot: Slot,
    no: u16,
    value: Value<'_>,
) {
    match value {
        Value::Date(date) => list.push(Numbered { no, date }),
        Value::Clear => {
            cleared.insert(slot.target.key(Kind::Members));
        }
        _ => {}
    }
}

fn clear(row: &mut MemberRow, reader: &mut RowReader<'_>, slot: Slot) {
    let Some(field) = slot.field else { return };
    if field.required || matches!(field.holds, Holds::Id | Holds::Number) {
        reader.say(
            slot,
            finding::REQUIRED_MISSING,
            Severity::Error,
            "{}不能清空，请填写实际内容或留空（留空不修改）。",
        );
    } else if !matches!(field.holds, Holds::Nothing) {
        row.cleared.insert(field.key.into());
    }
}

fn put_one(row: &mut MemberRow, key: &'static str, value: Value<'_>) {
    match (key, value) {
        ("name", Value::Text(t)) => row.name = t.into_owned(),
        ("former_name", Value::Text(t)) => row.former_name = Some(t.into_owned()),
        ("number", Value::Text(t)) => row.number = Some(t.into_owned()),
        ("phone", Value::Text(t)) => row.phone = Some(t.into_owned()),
        ("id_no", Value::Id(id)) => row.id_no = Some(id),
        ("sex", Value::Code(c)) => row.sex = Some(c.into()),
        ("ethnicity", Value::Code(c)) => row.ethnicity = Some(c.into()),
        ("stage", Value::Code(c)) => row.stage = Some(c.into()),
        ("status", Value::Code(c)) => row.status = Some(c.into()),
        ("education", Value::Code(c)) => row.education = Some(c.into()),
        ("birth", Value::Date(d)) => row.birth = Some(d),
        ("applied", Value::Date(d)) => row.applied = Some(d),
        ("activist", Value::Date(d)) => row.activist = Some(d),
        ("candidate", Value::Date(d)) => row.candidate = Some(d),
        ("joined", Value::Date(d)) => row.joined = Some(d),
        ("regular", Value::Date(d)) => row.regular = Some(d),
        ("org", Value::Org(o)) => row.org = Some(o.id),
        ("report_count", Value::Count(n)) => row.report_count = Some(n),
        (_, Value::Text(t)) => drop(row.extra.insert(key.into(), t.into_owned())),
        (_, Value::Code(c)) => drop(row.extra.insert(key.into(), c.to_owned())),
        (_, Value::Date(d)) => drop(row.extra.insert(key.into(), d.to_string())),
        (_, Value::Count(n)) => drop(row.extra.insert(key.into(), n.to_string())),
        (_, Value::Id(_) | Value::Org(_) | Value::Clear) => {}
    }
}

fn slot_of(slots: &[Slot], key: &str) -> Option<Slot> {
    slots.iter().find(|s| s.field.is_some_and(|f| f.key == key)).copied()
}

/// Something is wrong with that cell already.
fn blamed(reader: &RowReader<'_>, slot: Slot) -> bool {
    reader.findings.iter().any(|f| f.col == Some(slot.at as u16) && f.is_error())
}

fn check_required(row: &MemberRow, reader: &mut RowReader<'_>, slots: &[Slot]) {
    let name = slot_of(slots, "name").filter(|s| !blamed(reader, *s));
    if let Some(slot) = name {
        if row.name.is_empty() {
            reader.say(slot, finding::REQUIRED_MISSING, Severity::Error, "{}为空，请填写姓名。");
        } else if !row.name.chars().any(char::is_alphabetic) {
            reader.say(slot, finding::REQUIRED_MISSING, Severity::Error, "{}不是姓名，请填写姓名。");
        }
    }
    if row.id_no.is_some() {
        return;
    }
    let (id, number) = (slot_of(slots, "id_no"), slot_of(slots, "number"));
    if [id, number].into_iter().flatten().any(|s| blamed(reader, s)) {
        return;
    }
    match (&row.number, id.or(number)) {
        (None, Some(slot)) => reader.say(
            slot,
            finding::REQUIRED_MISSING,
            Severity::Error,
            "{}为空：身份证号和学号/工号至少填写一项，否则无法确定是谁。",
        ),
        (None, None) => reader.say_row(
            finding::REQUIRED_MISSING,
            Severity::Error,
            "公民身份号码",
            "{}没有身份证号也没有学号/工号，无法确定是谁，请增加其中一列。",
        ),
        (Some(_), _) => {}
    }
}

/// 出生日期 and 性别 against the identity number.
fn check_identity(row: &MemberRow, reader: &mut RowReader<'_>, slots: &[Slot]) {
    let Some(id) = row.id_no else { return };
    if let (Some(birth), Some(by_id), Some(slot)) = (row.birth, id.birth(), slot_of(slots, "birth"))
        && contradict(birth, by_id)
    {
        reader.say(slot, finding::RULE_R002, Severity::Warning, "{}与身份证号中的出生日期不一致，请核对。");
    }
    if let (Some(sex @ ("1" | "2")), Some(slot)) = (row.sex.as_deref(), slot_of(slots, "sex"))
        && sex != id.sex()
    {
        reader.say(slot, finding::RULE_R003, Severity::Warning, "{}与身份证号中的性别不一致，请核对。");
    }
}

/// Number and order of 思想汇报.
fn check_reports(row: &MemberRow, reader: &mut RowReader<'_>, slots: &[Slot]) {
    if let (Some(count), Some(slot)) = (row.report_count, slot_of(slots, "report_count"))
        && count as usize != row.reports.len()
    {
        let text =
            format!("{{}}写的是 {count} 篇，而填有日期的思想汇报是 {} 篇，请核对。", row.reports.len());
        reader.say(slot, finding::REPORT_COUNT_MISMATCH, Severity::Warning, &text);
    }
    let slot_no = |no: u16| slots.iter().find(|s| s.target == FieldRef::Report(no)).copied();
    for (i, report) in row.reports.iter().enumerate() {
        let Some(slot) = slot_no(report.no) else { continue };
        if usize::from(report.no) != i + 1 && slot_no(i as u16 + 1).is_some() {
            reader.say(
                slot,
                finding::REPORT_SEQUENCE,
                Severity::Warning,
                "{}之前有思想汇报没有填日期，请核对。",
            );
            return;
        }
        let before = i.checked_sub(1).and_then(|j| row.reports.get(j));
        if before.is_some_and(|b| !is_before(b.date, report.date)) {
            reader.say(
                slot,
                finding::REPORT_SEQUENCE,
                Severity::Warning,
                "{}不晚于前一次思想汇报的日期，请核对。",
            );
            return;
        }
    }
}

/// Strictly earlier, or not to be told apart because one of them is partial.
fn is_before(a: PartialDate, b: PartialDate) -> bool {
    a < b || ((a.day().is_none() || b.day().is_none()) && !contradict(a, b))
}

fn check_doubles(row: &MemberRow, reader: &mut RowReader<'_>, slots: &[Slot], seen: &mut Seen) {
    let current = seen.sheets.len().saturating_sub(1) as u16;
    if let Some(id) = row.id_no {
        if let (Some((sheet, earlier)), Some(slot)) = (seen.ids.get(&id).copied(), slot_of(slots, "id_no")) {
            let text = format!(
                "{{}}与{}重复，同一人只能出现一次，请删除多余的行。",
                seen.place(current, sheet, earlier)
            );
            reader.say(slot, finding::ID_DUPLICATE, Severity::Error, &text);
            return;
        }
        seen.ids.insert(id, (current, reader.row));
    }
    let (Some(number), Some(slot)) = (&row.number, slot_of(slots, "number")) else { return };
    if row.name.is_empty() {
        return;
    }
    let Some(earlier) = seen.numbers.get(number) else {
        let new = Earlier { sheet: current, row: reader.row, name: row.name.clone(), id_no: row.id_no };
        seen.numbers.insert(number.clone(), new);
        return;
    };
    let place = seen.place(current, earlier.sheet, earlier.row);
    let other_id = matches!((earlier.id_no, row.id_no), (Some(a), Some(b)) if a != b);
    let (code, text) = if earlier.name == row.name && !other_id {
        (finding::ID_DUPLICATE, format!("{{}}与{place}重复，同一人只能出现一次，请删除多余的行。"))
    } else {
        (finding::NAME_ID_CONFLICT, format!("{{}}与{place}相同，但不是同一个人，请核对学号/工号。"))
    };
    reader.say(slot, code, Severity::Error, &text);
}

/// Whether the row holds nothing but blanks and read-past cells.
pub(super) fn is_blank(slots: &[Slot], cells: &[Cell]) -> bool {
    let holds_something = |s: &Slot| {
        !matches!(s.field.map(|f| f.holds), Some(Holds::Nothing))
            && cells.get(s.at).is_some_and(|c| !c.is_blank())
    };
    !slots.iter().any(holds_something)
}
