//! The door: a workbook is given sheet by sheet and row by row, outcomes come back.
//!
//! [`Intake`] keeps what a decision needs (column names, numbers seen so far) and
//! nothing else, so a workbook of any length passes through. It does no I/O and has no
//! clock: the day comes with the [`Context`].

use super::{
    Cell,
    finding::{self, Finding, Severity},
    header::{Column, Finder, HEADER_DEPTH, Header, SavedNames},
    lookup::{OrgHit, OrgIndex},
    member::{self, MemberRow, Seen},
    org_plan::{self, OrgRow, PlannedOrg},
    row::{RowReader, Slot, holds_people},
    shift::Shape,
    template::{FieldRef, Kind},
    text::squeeze,
};
use crate::Id;
use serde::{Deserialize, Serialize};

/// What an intake needs to know of the world.
#[derive(Debug, Clone, Copy)]
pub struct Context<'c> {
    /// What is read.
    pub kind: Kind,
    /// Today, for dates in the future.
    pub today: jiff::civil::Date,
    /// Organisations that are there.
    pub orgs: &'c OrgIndex,
    /// Column names chosen by people earlier.
    pub saved_names: &'c SavedNames,
    /// Whether day serials of this workbook count from 1904.
    pub is_1904: bool,
}

/// What became of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowKind {
    /// Column names, or a title above them.
    Header,
    /// Nothing in it that is read.
    Blank,
    /// Not data: the example of the template, a total, a signature line. Says which.
    Skipped(&'static str),
    /// A person that can be taken.
    Member(Box<MemberRow>),
    /// An organisation that can be taken, as far as its own row goes; see [`Finished::orgs`].
    Org,
    /// Data that cannot be taken.
    Bad,
}

/// A row and what there is to say about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowOutcome {
    /// What became of it.
    pub kind: RowKind,
    /// Errors and warnings, also those about the sheet that this row brought up.
    pub findings: Vec<Finding>,
}

/// Whether a sheet was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// It holds rows of data.
    Data,
    /// It was passed over, for a reason that is named.
    Skipped,
}

/// A row that was passed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkippedRow {
    /// Row as shown in Excel.
    pub row: u32,
    /// Why.
    pub reason: String,
}

/// What became of a sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetReport {
    /// Name on the tab.
    pub name: String,
    /// Whether it was read.
    pub role: Role,
    /// Why it was not read.
    pub reason: Option<String>,
    /// Organisation by the name of the sheet.
    pub org: Option<Id>,
    /// Full name of that organisation.
    pub org_name: Option<String>,
    /// Last row of the column names; 0 if there are none.
    pub header_row: u32,
    /// How many rows of column names.
    pub header_rows: u32,
    /// Columns and what they were taken for.
    pub columns: Vec<Column>,
    /// Rows of data.
    pub rows: u32,
    /// Rows that can be taken.
    pub good: u32,
    /// Rows that cannot.
    pub bad: u32,
    /// Rows that are not data.
    pub skipped_rows: Vec<SkippedRow>,
}

/// The end of a workbook.
#[derive(Debug, Clone)]
pub struct Finished {
    /// All sheets in order, with their final counts.
    pub sheets: Vec<SheetReport>,
    /// Organisations that can be taken, those above before those below.
    pub orgs: Vec<PlannedOrg>,
    /// What only shows when everything has been read.
    pub findings: Vec<Finding>,
}

impl Finished {
    /// Rows of data, good ones, bad ones.
    pub fn counts(&self) -> (u32, u32, u32) {
        self.sheets.iter().fold((0, 0, 0), |(r, g, b), s| (r + s.rows, g + s.good, b + s.bad))
    }
}

/// How a sheet that is open is being read.
enum State {
    /// Passed over.
    Closed,
    /// Looking for the column names.
    Looking,
    /// Names found; the next row may complete them.
    Reading(Box<Reading>),
}

struct Reading {
    header: Header,
    slots: Vec<Slot>,
    shapes: Vec<(usize, Shape)>,
    /// Nobody knows where the people of this sheet belong: its rows are bad.
    homeless: bool,
}

struct Open<'c> {
    report: SheetReport,
    finder: Finder<'c>,
    state: State,
    /// 汇总 and the like: read only if it turns out to be a full table.
    doubtful: bool,
    any_row: bool,
}

/// Reads one workbook.
pub struct Intake<'c> {
    cx: Context<'c>,
    seen: Seen,
    open: Option<Open<'c>>,
    sheets: Vec<SheetReport>,
    orgs: Vec<(usize, OrgRow)>,
}

/// Sheets that never hold data.
const SKIP: &[&str] = &[
    "说明",
    "汇总",
    "汇总表",
    "代码表",
    "统计",
    "统计表",
    "封面",
    "目录",
    "数据字典",
    "字典",
    "示例",
    "样表",
    "样例",
    "模板",
    "下拉选项",
    "参数",
    "注意事项",
];

fn is_skipped_name(name: &str) -> bool {
    let name = squeeze(name);
    SKIP.contains(&name.as_str()) || name.ends_with("说明") || name.ends_with("代码表")
}

fn is_doubtful_name(name: &str) -> bool {
    ["汇总", "统计", "总表"].iter().any(|w| name.contains(w))
}

impl<'c> Intake<'c> {
    /// Starts a workbook.
    pub fn new(cx: Context<'c>) -> Self {
        Self { cx, seen: Seen::default(), open: None, sheets: Vec::new(), orgs: Vec::new() }
    }

    /// Starts a sheet; the one before is closed. `false`: its rows need not be given.
    pub fn open_sheet(&mut self, name: &str, hidden: bool) -> bool {
        // A caller who forgets to close loses the findings of the sheet, not its counts.
        let _ = self.close_sheet();
        self.seen.open_sheet(name);
        let (mut state, mut reason) = (State::Looking, None);
        if hidden {
            reason = Some("隐藏的工作表，未导入".to_owned());
        } else if is_skipped_name(name) {
            reason = Some("说明、汇总、代码类工作表，不含要导入的数据".to_owned());
        }
        if reason.is_some() {
            state = State::Closed;
        }
        let entry = match self.cx.orgs.find(name) {
            OrgHit::One(entry) if self.cx.kind == Kind::Members && holds_people(entry) => Some(entry),
            _ => None,
        };
        let wanted = reason.is_none();
        let report = SheetReport {
            name: name.to_owned(),
            role: if wanted { Role::Data } else { Role::Skipped },
            reason,
            org: entry.map(|e| e.id),
            org_name: entry.map(|e| e.full_name.clone()),
            header_row: 0,
            header_rows: 0,
            columns: Vec::new(),
            rows: 0,
            good: 0,
            bad: 0,
            skipped_rows: Vec::new(),
        };
        let finder = Finder::new(self.cx.kind, self.cx.saved_names);
        let doubtful = entry.is_none() && is_doubtful_name(name);
        self.open = Some(Open { report, finder, state, doubtful, any_row: false });
        wanted
    }

    /// Takes the next row of the open sheet; rows come in order, blank ones may be left out.
    pub fn push_row(&mut self, row: u32, cells: &[Cell]) -> RowOutcome {
        let blank = RowOutcome { kind: RowKind::Blank, findings: Vec::new() };
        let Some(open) = self.open.as_mut() else { return blank };
        if cells.iter().all(Cell::is_blank) {
            return blank;
        }
        open.any_row = true;
        match &mut open.state {
            State::Closed => {
                RowOutcome { kind: RowKind::Skipped("工作表未导入"), findings: Vec::new() }
            }
            State::Looking => look(&self.cx, open, row, cells),
            State::Reading(reading) => {
                if let Some(longer) = open.finder.extend(&reading.header, row, cells) {
                    reading.set_header(self.cx.kind, longer);
                    open.report.note_header(&reading.header);
                    return RowOutcome { kind: RowKind::Header, findings: Vec::new() };
                }
                let sheet_index = self.sheets.len();
                let out = read_row(&self.cx, open, row, cells, &mut self.seen);
                let (kind, findings) = match out {
                    Read::Outcome(kind, findings) => (kind, findings),
                    Read::Org(org, findings) => {
                        self.orgs.push((sheet_index, *org));
                        (RowKind::Org, findings)
                    }
                };
                open.report.count(row, &kind);
                RowOutcome { kind, findings }
            }
        }
    }

    /// Ends the open sheet; says what there is to say about it as a whole.
    pub fn close_sheet(&mut self) -> Vec<Finding> {
        let Some(mut open) = self.open.take() else { return Vec::new() };
        let mut findings = Vec::new();
        if matches!(open.state, State::Looking) {
            open.report.role = Role::Skipped;
            let name = open.report.name.clone();
            if !open.any_row {
                open.report.reason = Some("空工作表".to_owned());
            } else if open.report.org.is_some() {
                let text = format!(
                    "工作表“{name}”前 {HEADER_DEPTH} 行中没有找到列名（至少要有“姓名”和另一列），整张表未导入。请补上表头后重新上传。"
                );
                open.report.reason = Some("未找到表头".to_owned());
                findings.push(Finding::on_sheet(&name, finding::HEADER_NOT_FOUND, Severity::Error, text));
            } else if open.doubtful {
                open.report.reason = Some("汇总、统计类工作表，没有可导入的列名".to_owned());
            } else {
                let text = format!(
                    "工作表“{name}”没有可识别的列名，也不是党组织的名称，整张表未导入。如果它含有数据，请按模板补上表头。"
                );
                open.report.reason = Some("未知工作表：没有可识别的列名".to_owned());
                findings.push(Finding::on_sheet(&name, finding::UNKNOWN_SHEET, Severity::Warning, text));
            }
        }
        self.sheets.push(open.report);
        findings
    }

    /// Ends the workbook. For organisations the tree is put together here; a sheet still
    /// open is closed.
    pub fn finish(mut self) -> Finished {
        let mut findings = self.close_sheet();
        let mut sheets = self.sheets;
        let names: Vec<&str> = sheets.iter().map(|s| s.name.as_str()).collect();
        let (orgs, more) = org_plan::plan(self.cx.orgs, &names, self.orgs);
        let mut bad: Vec<(usize, u32)> = Vec::new();
        for f in more.iter().filter(|f| f.is_error()) {
            if let Some(i) = sheets.iter().position(|s| s.name == f.sheet)
                && !bad.contains(&(i, f.row))
            {
                bad.push((i, f.row));
            }
        }
        for (i, _) in bad {
            if let Some(sheet) = sheets.get_mut(i) {
                sheet.good = sheet.good.saturating_sub(1);
                sheet.bad += 1;
            }
        }
        findings.extend(more);
        if sheets.iter().all(|s| s.role == Role::Skipped) {
            let text = "整个工作簿中没有找到可导入的工作表：没有一张表有可识别的列名。请使用系统提供的模板，或把列名放在前 10 行内。";
            findings.push(Finding::on_sheet("", finding::HEADER_NOT_FOUND, Severity::Error, text.to_owned()));
        }
        Finished { sheets, orgs, findings }
    }
}

impl SheetReport {
    fn note_header(&mut self, header: &Header) {
        self.header_row = header.row;
        self.header_rows = header.rows;
        self.columns.clone_from(&header.columns);
    }

    fn count(&mut self, row: u32, kind: &RowKind) {
        match kind {
            RowKind::Member(_) | RowKind::Org => self.good += 1,
            RowKind::Bad => self.bad += 1,
            RowKind::Skipped(reason) => {
                self.skipped_rows.push(SkippedRow { row, reason: (*reason).to_owned() });
            }
            RowKind::Header | RowKind::Blank => {}
        }
        self.rows = self.good + self.bad;
    }
}

impl Reading {
    fn new(kind: Kind, header: Header) -> Self {
        let mut reading = Self { header, slots: Vec::new(), shapes: Vec::new(), homeless: false };
        reading.resolve(kind);
        reading
    }

    fn set_header(&mut self, kind: Kind, header: Header) {
        self.header = header;
        self.resolve(kind);
    }

    fn resolve(&mut self, kind: Kind) {
        let slot = |(column, c): (usize, &Column)| {
            let target = c.target?;
            let field = match target {
                FieldRef::One(i) => kind.fields().get(usize::from(i)),
                _ => None,
            };
            Some(Slot { at: usize::from(c.index), column, target, field })
        };
        self.slots = self.header.columns.iter().enumerate().filter_map(slot).collect();
        let shape = |s: &Slot| match s.field {
            Some(field) => Some((s.at, Shape::of(field)?)),
            None => Some((s.at, Shape::Date)),
        };
        self.shapes = self.slots.iter().filter_map(shape).collect();
    }

    fn has(&self, key: &str) -> bool {
        self.slots.iter().any(|s| s.field.is_some_and(|f| f.key == key))
    }
}

/// Looks for the column names; decides about the sheet when they are found.
fn look(cx: &Context<'_>, open: &mut Open<'_>, row: u32, cells: &[Cell]) -> RowOutcome {
    let header = RowOutcome { kind: RowKind::Header, findings: Vec::new() };
    if row > HEADER_DEPTH {
        return RowOutcome { kind: RowKind::Skipped("表头之前"), findings: Vec::new() };
    }
    let Some(found) = open.finder.try_row(row, cells) else { return header };
    let mut reading = Reading::new(cx.kind, found);
    open.report.note_header(&reading.header);
    let mut findings = Vec::new();
    if cx.kind == Kind::Members && open.report.org.is_none() && !reading.has("org") {
        if open.doubtful {
            open.report.role = Role::Skipped;
            open.report.reason = Some("汇总、统计类工作表，没有“所在党支部”列".to_owned());
            open.state = State::Closed;
            return header;
        }
        reading.homeless = true;
        findings.push(homeless(cx, &open.report.name));
    }
    open.state = State::Reading(Box::new(reading));
    RowOutcome { kind: RowKind::Header, findings }
}

/// Nobody knows which branch the people of this sheet belong to.
fn homeless(cx: &Context<'_>, name: &str) -> Finding {
    let looks_like_org = ["支部", "党委", "总支", "党小组", "委员会"].iter().any(|w| name.contains(w));
    let (code, text) = match cx.orgs.find(name) {
        OrgHit::Many => (finding::UNKNOWN_BRANCH, "对应不止一个党组织，请把表名改为党组织全称"),
        OrgHit::One(_) => (finding::UNKNOWN_BRANCH, "是党委或总支，人员须归入党支部，请把表名改为支部名称"),
        OrgHit::None if looks_like_org => (
            finding::UNKNOWN_BRANCH,
            "没有对应的党组织，请把表名改为系统中的支部全称或简称，或先导入党组织信息采集表",
        ),
        OrgHit::None => (finding::UNKNOWN_SHEET, "不是党组织的名称，请把表名改为支部名称"),
    };
    let text = format!("工作表“{name}”{text}，或增加“所在党支部”列；整张表未导入。");
    Finding::on_sheet(name, code, Severity::Error, text)
}

enum Read {
    Outcome(RowKind, Vec<Finding>),
    Org(Box<OrgRow>, Vec<Finding>),
}

fn read_row(cx: &Context<'_>, open: &mut Open<'_>, row: u32, cells: &[Cell], seen: &mut Seen) -> Read {
    let State::Reading(reading) = &open.state else { return Read::Outcome(RowKind::Blank, Vec::new()) };
    if let Some(reason) = not_data(reading, cells) {
        return Read::Outcome(RowKind::Skipped(reason), Vec::new());
    }
    if member::is_blank(&reading.slots, cells) {
        return Read::Outcome(RowKind::Blank, Vec::new());
    }
    if reading.homeless {
        return Read::Outcome(RowKind::Bad, Vec::new());
    }
    let reader = RowReader {
        sheet: &open.report.name,
        row,
        columns: &reading.header.columns,
        cells,
        orgs: cx.orgs,
        today: cx.today,
        is_1904: cx.is_1904,
        findings: Vec::new(),
    };
    match cx.kind {
        Kind::Members => {
            let (person, findings) =
                member::read(reader, &reading.slots, &reading.shapes, open.report.org, seen);
            let bad = findings.iter().any(Finding::is_error);
            Read::Outcome(if bad { RowKind::Bad } else { RowKind::Member(Box::new(person)) }, findings)
        }
        Kind::Orgs => {
            let (org, findings) = org_plan::read(reader, &reading.slots);
            if findings.iter().any(Finding::is_error) {
                return Read::Outcome(RowKind::Bad, findings);
            }
            Read::Org(Box::new(org), findings)
        }
    }
}

/// Rows of a table that are no data: the example of a template, totals, signatures,
/// column names repeated for printing.
fn not_data(reading: &Reading, cells: &[Cell]) -> Option<&'static str> {
    let mut filled = cells.iter().filter(|c| !c.is_blank());
    let first = filled.next()?.cleaned();
    let first = first.as_ref();
    if matches!(first, "示例" | "例" | "样例" | "填写示例" | "例:" | "示例:") {
        return Some("模板中的示例行");
    }
    let few = filled.count() < 3;
    let starts = |words: &[&str]| words.iter().any(|w| first.starts_with(w));
    if few && starts(&["合计", "总计", "小计", "共计"]) {
        return Some("合计行");
    }
    if few
        && starts(&[
            "填表人",
            "制表人",
            "审核人",
            "填报人",
            "备注:",
            "注:",
            "说明:",
            "填报单位",
            "负责人",
            "联系人:",
        ])
    {
        return Some("签章或说明行");
    }
    let same = |c: &Column| cells.get(usize::from(c.index)).is_some_and(|v| v.cleaned() == c.header.trim());
    // One comparison settles it for a row of data.
    if !reading.header.columns.iter().filter(|c| c.field.is_some()).take(2).any(same) {
        return None;
    }
    let repeated = reading.header.columns.iter().filter(|c| same(c)).count();
    (repeated >= 2 && repeated * 2 > reading.header.columns.len()).then_some("重复的表头")
}
