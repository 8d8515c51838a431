//! The two workbooks a school hands over, with the habits of real ones.
//!
//! The member workbook has a sheet for each branch between a sheet of explanations and
//! a sheet of totals, two header rows, headers with blanks at the end, dates in five
//! ways of writing. On request it also has faults; the truth says where and which.

use std::collections::HashMap;
use std::path::Path;

use jiff::civil::Date;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet};
use serde::Serialize;

use crate::DemoError;
use crate::names::check_digit;
use crate::people::{MAX_REPORTS, Person};
use crate::rng::{Rng, Stream};
use crate::school::{Org, SCHOOL, numeral};

/// A fault that was planted, and the code an import must give it.
#[derive(Clone, Serialize)]
pub struct Fault {
    /// Name of the sheet.
    pub sheet: String,
    /// Row as the spreadsheet numbers it, from 1.
    pub row: u32,
    /// Code of the finding.
    pub code: &'static str,
}

/// What an import of the member workbook must find.
#[derive(Clone, Serialize)]
pub struct ImportExpectation {
    /// Rows with a person.
    pub rows: usize,
    /// Rows without a planted fault.
    pub good: usize,
    /// The planted faults.
    pub bad: Vec<Fault>,
}

#[derive(Clone, Copy, PartialEq)]
enum Plant {
    Shifted,
    NameMissing,
    CheckDigit,
    FloatId,
    NoSuchDay,
    UnknownStage,
}

impl Plant {
    const ALL: [Self; 6] = [
        Self::Shifted,
        Self::NameMissing,
        Self::CheckDigit,
        Self::NoSuchDay,
        Self::UnknownStage,
        Self::FloatId,
    ];

    fn code(self) -> &'static str {
        match self {
            Self::Shifted => "ROW_SHIFTED",
            Self::NameMissing => "REQUIRED_MISSING",
            Self::CheckDigit | Self::FloatId => "ID_INVALID",
            Self::NoSuchDay => "DATE_INVALID",
            Self::UnknownStage => "STAGE_INVALID",
        }
    }
}

/// Same bytes for the same data: the file must not carry the time it was made.
fn new_workbook() -> Result<Workbook, DemoError> {
    let mut book = Workbook::new();
    let made = ExcelDateTime::from_ymd(2026, 11, 20)?;
    book.set_properties(&DocProperties::new().set_author(SCHOOL).set_creation_datetime(&made));
    Ok(book)
}

/// 01党组织信息采集表.xlsx
pub(crate) fn write_orgs(path: &Path, orgs: &[Org]) -> Result<(), DemoError> {
    const HEADERS: [&str; 9] = [
        "党组织全称",
        "党组织简称",
        "组织类别",
        "上级党组织",
        "成立日期",
        "本届起始日期",
        "本届届满日期",
        "是否具有审批预备党员权限",
        "书记",
    ];
    let mut book = new_workbook()?;
    let bold = Format::new().set_bold();
    let sheet = book.add_worksheet().set_name("党组织")?;
    sheet.write_string_with_format(0, 0, format!("{SCHOOL}党组织信息采集表"), &bold)?;
    sheet.write_row_with_format(1, 0, HEADERS, &bold)?;
    sheet.set_column_width(0, 48)?.set_column_width(1, 38)?.set_column_width(3, 44)?;
    for (row, org) in (2..).zip(orgs) {
        let approves = if org.approves { "是" } else { "否" };
        let cells = [
            &org.full_name,
            &org.short_name,
            org.kind,
            &org.parent,
            org.founded,
            org.term_from,
            org.term_to,
            approves,
        ];
        write_texts(sheet, row, 0, &cells)?;
    }
    book.save(path)?;
    Ok(())
}

/// 02党员发展信息汇总.xlsx
pub(crate) fn write_members(
    path: &Path,
    branches: &[String],
    people: &[Person],
    seed: u64,
    faults: bool,
) -> Result<ImportExpectation, DemoError> {
    let mut book = new_workbook()?;
    let notes = book.add_worksheet().set_name("填表说明")?;
    for (row, text) in (0..).zip(["说明：日期按实际填写", "本表由各支部填报", "身份证号码请按文本格式填写"])
    {
        notes.write_string(row, 0, text)?;
    }
    let mut members: Vec<Vec<(usize, &Person)>> = vec![Vec::new(); branches.len()];
    let place: HashMap<&str, usize> = branches.iter().enumerate().map(|(i, b)| (b.as_str(), i)).collect();
    for (index, person) in people.iter().enumerate() {
        let at = place.get(person.branch.as_str()).copied().unwrap_or(usize::MAX);
        members.get_mut(at).into_iter().for_each(|m| m.push((index, person)));
    }
    let date = Format::new().set_num_format("yyyy-mm-dd");
    let mut bad = Vec::new();
    for (branch, members) in branches.iter().zip(&members) {
        let sheet = book.add_worksheet().set_name(branch)?;
        write_headers(sheet)?;
        for (place, (index, person)) in members.iter().enumerate() {
            let row = place as u32 + 2;
            let mut rng = Rng::of(seed, Stream::Workbook, *index as u64);
            let plant = (faults && index % 10 == 4)
                .then(|| Plant::ALL.get(index / 10 % Plant::ALL.len()).copied())
                .flatten();
            if let Some(plant) = plant {
                bad.push(Fault { sheet: branch.clone(), row: row + 1, code: plant.code() });
            }
            MemberRow { sheet, row, style: rng.below(5), date: &date, plant }.write(place + 1, person)?;
        }
    }
    let totals = book.add_worksheet().set_name("汇总")?;
    write_texts(totals, 0, 0, &["支部", "人数"])?;
    for (row, (branch, members)) in (1..).zip(branches.iter().zip(&members)) {
        totals.write_string(row, 0, branch)?.write_number(row, 1, members.len() as f64)?;
    }
    book.save(path)?;
    Ok(ImportExpectation { rows: people.len(), good: people.len() - bad.len(), bad })
}

/// Two header rows: groups above, names below. Some names end in a blank, as they do.
fn write_headers(sheet: &mut Worksheet) -> Result<(), DemoError> {
    #[rustfmt::skip]
    const NAMES: [&str; 15] = [
        "序号", "姓名", "学号/工号", "性别 ", "民族", "出生日期", "公民身份号码", "手机号码", "学历", "人员类别 ",
        "申请入党日期", "确定入党积极分子日期", "确定发展对象日期", "入党日期", "转正日期",
    ];
    let bold = Format::new().set_bold();
    for (column, group) in [(0, "基本信息"), (9, "发展情况"), (15, "思想汇报")] {
        sheet.write_string_with_format(0, column, group, &bold)?;
    }
    sheet.write_row_with_format(1, 0, NAMES, &bold)?;
    for n in 1..=MAX_REPORTS {
        let name = format!("第{}次思想汇报", numeral(n));
        sheet.write_string_with_format(1, 14 + n as u16, name, &bold)?;
    }
    sheet.write_string_with_format(1, 15 + MAX_REPORTS as u16, "思想汇报总篇数", &bold)?;
    sheet.set_freeze_panes(2, 2)?.set_column_width(6, 22)?.set_column_width(7, 14)?;
    Ok(())
}

struct MemberRow<'a> {
    sheet: &'a mut Worksheet,
    row: u32,
    /// How this row writes its dates; 0 is a real date.
    style: usize,
    date: &'a Format,
    plant: Option<Plant>,
}

impl MemberRow<'_> {
    fn write(mut self, running: usize, p: &Person) -> Result<(), DemoError> {
        // A shifted row lacks its running number, everything stands one to the left.
        let shifted = self.plant == Some(Plant::Shifted);
        let at = |column: u16| if shifted { column - 1 } else { column };
        if !shifted {
            self.sheet.write_number(self.row, 0, running as f64)?;
        }
        if self.plant != Some(Plant::NameMissing) {
            self.sheet.write_string(self.row, at(1), &p.name)?;
        }
        let stage = if self.plant == Some(Plant::UnknownStage) { "党员同志" } else { p.stage };
        let texts = [(2, p.no.as_str()), (3, p.sex), (4, p.eth), (7, &p.tel), (8, p.edu), (9, stage)];
        for (column, text) in texts {
            self.sheet.write_string(self.row, at(column), text)?;
        }
        if self.plant == Some(Plant::NoSuchDay) {
            self.sheet.write_string(self.row, at(5), format!("{}年13月40日", p.birth.year()))?;
        } else {
            self.day(at(5), Some(p.birth))?;
        }
        self.identity(at(6), &p.id)?;
        for (column, day) in (10..).zip([Some(p.app), p.act, p.dev, p.meet, p.reg]) {
            self.day(at(column), day)?;
        }
        for (column, day) in (15..).zip(&p.reports) {
            self.day(at(column), Some(*day))?;
        }
        self.sheet.write_number(self.row, at(15 + MAX_REPORTS as u16), p.reports.len() as f64)?;
        Ok(())
    }

    fn identity(&mut self, column: u16, id: &str) -> Result<(), DemoError> {
        match self.plant {
            // A spreadsheet keeps fifteen digits of a number; the rest becomes zeros.
            Some(Plant::FloatId) => {
                let number: f64 = id.get(..15).and_then(|d| d.parse().ok()).unwrap_or_default();
                self.sheet.write_number(self.row, column, number * 1000.0)?;
            }
            Some(Plant::CheckDigit) => {
                let body = id.get(..17).unwrap_or_default();
                let wrong = if check_digit(body) == '7' { '8' } else { '7' };
                self.sheet.write_string(self.row, column, format!("{body}{wrong}"))?;
            }
            _ => {
                self.sheet.write_string(self.row, column, id)?;
            }
        }
        Ok(())
    }

    fn day(&mut self, column: u16, day: Option<Date>) -> Result<(), DemoError> {
        let Some(day) = day else { return Ok(()) };
        let (y, m, d) = (day.year(), day.month(), day.day());
        let text = match self.style {
            0 => {
                let cell = ExcelDateTime::from_ymd(y as u16, m as u8, d as u8)?;
                self.sheet.write_datetime_with_format(self.row, column, &cell, self.date)?;
                return Ok(());
            }
            1 => format!("{y:04}-{m:02}-{d:02}"),
            2 => format!("{y:04}.{m:02}.{d:02}"),
            3 => format!("{y:04}/{m:02}/{d:02}"),
            _ => format!("{y}年{m}月{d}日"),
        };
        self.sheet.write_string(self.row, column, text)?;
        Ok(())
    }
}

/// 干部基本信息和档案目录.xlsx, the workbook beside the images of a volume.
pub(crate) struct CatalogueRow {
    pub(crate) class: String,
    pub(crate) seq: usize,
    pub(crate) title: String,
    pub(crate) date: Date,
    pub(crate) pages: usize,
}

pub(crate) fn write_catalogue(path: &Path, person: &Person, rows: &[CatalogueRow]) -> Result<(), DemoError> {
    let mut book = new_workbook()?;
    let sheet = book.add_worksheet().set_name("基本信息")?;
    write_texts(sheet, 0, 0, &["姓名", "性别", "出生日期", "公民身份号码", "学号/工号", "民族"])?;
    let birth = person.birth.strftime("%Y%m%d").to_string();
    write_texts(sheet, 1, 0, &[&person.name, person.sex, &birth, &person.id, &person.no, person.eth])?;
    let sheet = book.add_worksheet().set_name("目录")?;
    write_texts(sheet, 0, 0, &["类号", "序号", "材料名称", "年", "月", "日", "页数", "备注"])?;
    for (at, row) in (1..).zip(rows) {
        sheet.write_string(at, 0, &row.class)?.write_string(at, 2, &row.title)?;
        let (y, m, d) = (row.date.year(), row.date.month(), row.date.day());
        let numbers = [
            (1, row.seq as f64),
            (3, f64::from(y)),
            (4, f64::from(m)),
            (5, f64::from(d)),
            (6, row.pages as f64),
        ];
        for (column, number) in numbers {
            sheet.write_number(at, column, number)?;
        }
    }
    book.save(path)?;
    Ok(())
}

fn write_texts(sheet: &mut Worksheet, row: u32, column: u16, texts: &[&str]) -> Result<(), DemoError> {
    for (column, text) in (column..).zip(texts).filter(|(_, text)| !text.is_empty()) {
        sheet.write_string(row, column, *text)?;
    }
    Ok(())
}
