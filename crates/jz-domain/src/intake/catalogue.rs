//! The workbook that comes with the images of a volume: 「干部基本信息和档案目录.xlsx」,
//! with who the volume is about and what is in it.
//!
//! Two forms are met: one column for the class and one for the number, or the printed
//! form, where both share a column and class titles stand between the materials.

use super::{
    Cell,
    class_code::{self, read_class},
    codes,
    dates::{DateRead, read_date},
    finding::{self, Finding, Severity},
    header::{Finder, HEADER_DEPTH, SavedNames},
    idno::IdNo,
    template::{FieldRef, Kind},
    text::{clean, squeeze_header},
};
use crate::PartialDate;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Rows of one sheet: number as shown in Excel, cells.
pub type SheetRows = Vec<(u32, Vec<Cell>)>;

/// Who a volume is about, as far as the hand-over says. `Debug` shows nothing.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PersonHint {
    /// 姓名
    pub name: String,
    /// 公民身份号码, if it is valid.
    pub id_no: Option<IdNo>,
    /// 学号/工号
    pub number: Option<String>,
    /// Code of 性别.
    pub sex: Option<String>,
    /// 出生日期
    pub birth: Option<PartialDate>,
    /// Code of 民族.
    pub ethnicity: Option<String>,
    /// 档案编号
    pub archive_no: Option<String>,
}

impl fmt::Debug for PersonHint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonHint(…)")
    }
}

/// One material of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogueItem {
    /// Row as shown in Excel; 0 when it does not come from a workbook.
    #[serde(default)]
    pub row: u32,
    /// `4-1`
    pub class_code: String,
    /// Number inside the class, from 1.
    pub seq: u32,
    /// 材料名称
    pub title: String,
    /// 材料形成时间
    #[serde(default)]
    pub formed: Option<PartialDate>,
    /// 页数
    #[serde(default)]
    pub page_count: Option<u32>,
    /// 份数
    #[serde(default)]
    pub copies: Option<u32>,
    /// 备注
    #[serde(default)]
    pub remark: String,
}

/// What the workbook says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CatalogueFile {
    /// Who the volume is about.
    pub person: PersonHint,
    /// Materials in the order of the workbook.
    pub items: Vec<CatalogueItem>,
    /// What does not fit.
    pub findings: Vec<Finding>,
}

/// A row of the catalogue that cannot be used.
pub const CATALOGUE_ROW_INVALID: &str = "CATALOGUE_ROW_INVALID";
/// No table of materials in the workbook.
pub const CATALOGUE_NOT_FOUND: &str = "CATALOGUE_NOT_FOUND";
/// A class the spelling of which is not understood, or Excel has changed.
pub const CLASS_UNKNOWN: &str = "CLASS_UNKNOWN";

/// Columns of the catalogue and their names, squeezed.
#[rustfmt::skip]
const COLUMNS: &[(Col, &[&str])] = &[
    (Col::Class,    &["类号", "类别", "类别号", "分类号", "材料类别", "档案类别", "类目", "类别代码"]),
    (Col::Seq,      &["序号", "顺序号", "材料序号", "排序号", "编号"]),
    (Col::ClassSeq, &["类号/序号", "类号序号", "类号·序号", "材料编号", "类序号", "类号及序号"]),
    (Col::Title,    &["材料名称", "名称", "材料题名", "题名", "材料标题", "档案材料名称"]),
    (Col::Formed,   &["材料形成时间", "形成时间", "材料制成时间", "制成时间", "形成日期", "材料形成日期", "材料时间"]),
    (Col::Year,     &["年", "年份", "材料形成时间年", "材料制成时间年", "形成时间年"]),
    (Col::Month,    &["月", "月份"]),
    (Col::Day,      &["日"]),
    (Col::Pages,    &["页数", "材料页数"]),
    (Col::Copies,   &["份数", "材料份数"]),
    (Col::Remark,   &["备注"]),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Col {
    Class,
    Seq,
    ClassSeq,
    Title,
    Formed,
    Year,
    Month,
    Day,
    Pages,
    Copies,
    Remark,
}

fn column_of(cell: &Cell) -> Option<Col> {
    let name = squeeze_header(&cell.cleaned());
    COLUMNS.iter().find(|(_, names)| names.contains(&name.as_str())).map(|(c, _)| *c)
}

/// Reads the workbook of a volume from all its sheets.
pub fn read_catalogue(sheets: &[(String, SheetRows)]) -> CatalogueFile {
    let mut file = CatalogueFile::default();
    for (name, rows) in sheets {
        if file.person.name.is_empty() {
            read_person(name, rows, &mut file);
        }
        if file.items.is_empty() {
            read_items(name, rows, &mut file);
        }
    }
    if file.items.is_empty() && !file.findings.iter().any(|f| f.code == CATALOGUE_ROW_INVALID) {
        let text = "目录工作簿中没有找到材料目录：需要有“材料名称”和“类号”（或“类号/序号”）两列。".to_owned();
        file.findings.push(Finding::on_sheet("", CATALOGUE_NOT_FOUND, Severity::Error, text));
    }
    file
}

fn read_person(sheet: &str, rows: &SheetRows, file: &mut CatalogueFile) {
    let mut pairs = Vec::new();
    let saved = SavedNames::new();
    let mut finder = Finder::new(Kind::Members, &saved);
    // A table: names above, one row below. Else labels with their values beside them.
    let header = rows
        .iter()
        .take(HEADER_DEPTH as usize)
        .find_map(|(n, cells)| finder.try_row(*n, cells))
        .filter(|h| h.columns.iter().filter(|c| c.target.is_some()).count() * 2 > h.columns.len());
    if let Some(header) = header {
        let Some((n, values)) =
            rows.iter().find(|(n, cells)| *n > header.row && !cells.iter().all(Cell::is_blank))
        else {
            return;
        };
        for column in &header.columns {
            if let (Some(target), Some(cell)) = (column.target, values.get(usize::from(column.index))) {
                pairs.push((*n, column.header.clone(), target, cell.clone()));
            }
        }
    } else {
        labelled(rows, &mut pairs);
    }
    for (row, header, target, cell) in pairs {
        put_person(sheet, row, &header, target, &cell, file);
    }
}

/// `姓名 | 张三` and `姓名：张三`, anywhere in the first rows.
fn labelled(rows: &SheetRows, pairs: &mut Vec<(u32, String, FieldRef, Cell)>) {
    let names = super::template::names(Kind::Members);
    let target = |text: &str| names.get(&squeeze_header(text)).map(|i| FieldRef::One(*i));
    for (n, cells) in rows.iter().take(40) {
        let mut cells = cells.iter().filter(|c| !c.is_blank()).peekable();
        while let Some(cell) = cells.next() {
            let text = cell.cleaned();
            let mut inside = false;
            for piece in text.split(' ').filter(|p| p.contains([':', '：'])) {
                let Some((label, value)) = piece.split_once([':', '：']) else { continue };
                if let Some(t) = target(label).filter(|_| !value.is_empty()) {
                    pairs.push((*n, label.to_owned(), t, Cell::from(value)));
                    inside = true;
                }
            }
            if let (false, Some(t), Some(next)) = (inside, target(&text), cells.peek())
                && target(&next.cleaned()).is_none()
            {
                pairs.push((*n, text.into_owned(), t, (*next).clone()));
                cells.next();
            }
        }
    }
}

fn put_person(sheet: &str, row: u32, header: &str, target: FieldRef, cell: &Cell, file: &mut CatalogueFile) {
    if cell.is_blank() {
        return;
    }
    let person = &mut file.person;
    let text = cell.cleaned();
    match target.key(Kind::Members).as_ref() {
        "name" => person.name = text.chars().filter(|c| *c != ' ').collect(),
        "number" => person.number = Some(text.into_owned()),
        "archive_no" => person.archive_no = Some(text.into_owned()),
        "sex" => person.sex = codes::SEX.code(&text).map(str::to_owned),
        "ethnicity" => person.ethnicity = codes::ethnicity(&text).map(str::to_owned),
        "birth" => {
            if let DateRead::Date(d) = read_date(cell, false) {
                person.birth = Some(d);
            }
        }
        "id_no" => match IdNo::parse(&text) {
            Ok(id) => person.id_no = Some(id),
            Err(_) => file.findings.push(Finding {
                row,
                column: header.to_owned(),
                value: text.into_owned(),
                ..Finding::on_sheet(
                    sheet,
                    finding::ID_INVALID,
                    Severity::Error,
                    format!(
                        "第 {row} 行“{header}”不是有效的身份证号，请对照证件改正（单元格格式应为文本）。"
                    ),
                )
            }),
        },
        _ => {}
    }
}

struct Table {
    columns: Vec<(usize, Col)>,
    first_data: u32,
}

impl Table {
    fn cell<'a>(&self, cells: &'a [Cell], col: Col) -> Option<&'a Cell> {
        let (at, _) = self.columns.iter().find(|(_, c)| *c == col)?;
        cells.get(*at).filter(|c| !c.is_blank())
    }

    fn number(&self, cells: &[Cell], col: Col) -> Option<u32> {
        let text = self.cell(cells, col)?.cleaned().into_owned();
        let digits = clean(&text).trim_end_matches(['年', '月', '日', '页', '份', '号']).to_owned();
        digits.parse().ok()
    }
}

/// The row with 材料名称, and the row below it when that holds 年 月 日.
fn find_table(rows: &SheetRows) -> Option<Table> {
    let named = |cells: &[Cell]| -> Vec<(usize, Col)> {
        cells.iter().enumerate().filter_map(|(i, c)| Some((i, column_of(c)?))).collect()
    };
    let (at, (n, _)) = rows.iter().enumerate().take(20).find(|(_, (_, cells))| {
        let found = named(cells);
        found.iter().any(|(_, c)| *c == Col::Title)
            && found.iter().any(|(_, c)| matches!(c, Col::Class | Col::Seq | Col::ClassSeq))
    })?;
    let mut columns = named(&rows.get(at)?.1);
    let mut first_data = n + 1;
    if let Some((below_n, below)) = rows.get(at + 1).filter(|(m, _)| *m == n + 1) {
        let below = named(below);
        if below.iter().any(|(_, c)| *c == Col::Year) && below.iter().all(|(_, c)| *c != Col::Title) {
            // 形成时间 was only the group over 年 月 日.
            columns.retain(|(i, c)| *c != Col::Formed && !below.iter().any(|(j, _)| j == i));
            columns.extend(below);
            first_data = below_n + 1;
        }
    }
    // Without a column of its own the class shares the column of the number.
    if !columns.iter().any(|(_, c)| matches!(c, Col::Class | Col::ClassSeq)) {
        for (_, c) in columns.iter_mut().filter(|(_, c)| *c == Col::Seq) {
            *c = Col::ClassSeq;
        }
    }
    Some(Table { columns, first_data })
}

fn read_items(sheet: &str, rows: &SheetRows, file: &mut CatalogueFile) {
    let Some(table) = find_table(rows) else { return };
    let mut state = Items { sheet, table: &table, class: None, file };
    for (n, cells) in rows.iter().filter(|(n, _)| *n >= table.first_data) {
        state.row(*n, cells);
    }
}

struct Items<'a> {
    sheet: &'a str,
    table: &'a Table,
    /// Class of the rows that do not name one.
    class: Option<String>,
    file: &'a mut CatalogueFile,
}

impl Items<'_> {
    fn say(&mut self, row: u32, code: &'static str, severity: Severity, value: &str, text: &str) {
        let message = format!("目录第 {row} 行{text}");
        let base = Finding::on_sheet(self.sheet, code, severity, message);
        self.file.findings.push(Finding { row, value: value.to_owned(), ..base });
    }

    fn row(&mut self, n: u32, cells: &[Cell]) {
        let title = self.table.cell(cells, Col::Title).map(|c| c.cleaned().into_owned()).unwrap_or_default();
        let has_facts = [Col::Year, Col::Month, Col::Formed, Col::Pages]
            .iter()
            .any(|c| self.table.cell(cells, *c).is_some());
        let Some((seq, is_class_row)) = self.place(n, cells, has_facts) else { return };
        if is_class_row || (title.is_empty() && !has_facts && seq.is_none()) {
            return;
        }
        if title.is_empty() {
            self.say(n, CATALOGUE_ROW_INVALID, Severity::Error, "", "没有材料名称，请补上后重新导入。");
            return;
        }
        let Some(class_code) = self.class.clone() else {
            self.say(n, CLASS_UNKNOWN, Severity::Error, &title, "没有类号，请补上类号（如 4-1）后重新导入。");
            return;
        };
        self.item(n, cells, class_code, seq, title);
    }

    fn item(&mut self, n: u32, cells: &[Cell], class_code: String, seq: Option<u32>, title: String) {
        let last = self.file.items.iter().filter(|i| i.class_code == class_code).map(|i| i.seq).max();
        let seq = seq.unwrap_or(last.unwrap_or(0) + 1);
        if self.file.items.iter().any(|i| i.class_code == class_code && i.seq == seq) {
            let text = format!("的编号 {class_code}-{seq} 与前面的行重复，请改正序号。");
            self.say(n, CATALOGUE_ROW_INVALID, Severity::Error, &title, &text);
            return;
        }
        let formed = self.formed(n, cells);
        let item = CatalogueItem {
            row: n,
            class_code,
            seq,
            title,
            formed,
            page_count: self.table.number(cells, Col::Pages),
            copies: self.table.number(cells, Col::Copies),
            remark: self.table.cell(cells, Col::Remark).map(|c| c.cleaned().into_owned()).unwrap_or_default(),
        };
        self.file.items.push(item);
    }

    /// Class and number of a row; `None`: noted as wrong. The class is remembered.
    fn place(&mut self, n: u32, cells: &[Cell], has_facts: bool) -> Option<(Option<u32>, bool)> {
        if let Some(cell) = self.table.cell(cells, Col::ClassSeq) {
            return self.shared_place(n, cell, cells, has_facts);
        }
        let seq = self.table.number(cells, Col::Seq);
        let Some(cell) = self.table.cell(cells, Col::Class) else { return Some((seq, false)) };
        let Some(read) = read_class(cell) else {
            let (value, text) = (cell.shape().into_owned(), "的类号无法识别，请写成 1、4-1 这样的形式。");
            // A signature line at the foot is no material.
            if seq.is_some() || has_facts {
                self.say(n, CLASS_UNKNOWN, Severity::Error, &value, text);
            }
            return None;
        };
        self.note_date(n, &read);
        self.class = Some(read.code);
        Some((seq, seq.is_none() && !has_facts))
    }

    /// The printed form: 「一」 opens a class, 「4-1」 a sub-class, 「3」 is a material,
    /// 「4-1-3」 and 「1-3」 are materials with their class.
    fn shared_place(
        &mut self,
        n: u32,
        cell: &Cell,
        cells: &[Cell],
        has_facts: bool,
    ) -> Option<(Option<u32>, bool)> {
        let text = cell.cleaned().into_owned();
        let title = self.table.cell(cells, Col::Title).map(Cell::cleaned).unwrap_or_default();
        let class_title = !has_facts && (title.ends_with("材料") || title.ends_with('类'));
        if let Ok(seq) = text.parse::<u32>()
            && (has_facts || self.class.is_some())
            && !class_title
        {
            return Some((Some(seq), false));
        }
        if has_facts && let Some((class, seq)) = class_and_seq(&text) {
            self.class = Some(class);
            return Some((Some(seq), false));
        }
        if let Some(read) = read_class(cell) {
            self.note_date(n, &read);
            self.class = Some(read.code);
            return Some((None, !has_facts));
        }
        if has_facts {
            self.say(
                n,
                CLASS_UNKNOWN,
                Severity::Error,
                &text,
                "的类号、序号无法识别，请写成 4-1-3 这样的形式。",
            );
        }
        None
    }

    fn note_date(&mut self, n: u32, read: &class_code::ClassRead) {
        if read.from_date {
            let text = format!("的类号被 Excel 变成了日期，已按 {} 读取，请核对。", read.code);
            self.say(n, CLASS_UNKNOWN, Severity::Warning, "", &text);
        }
    }

    fn formed(&mut self, n: u32, cells: &[Cell]) -> Option<PartialDate> {
        let whole = self.table.cell(cells, Col::Formed).or_else(|| {
            // A whole date in the column of the year.
            let year = self.table.cell(cells, Col::Year)?;
            (self.table.number(cells, Col::Year).is_none_or(|y| y > 2200)).then_some(year)
        });
        let read = whole.map_or_else(|| self.parts_of_date(cells), |cell| read_date(cell, false));
        match read {
            DateRead::Date(d) => Some(d),
            DateRead::Blank => None,
            DateRead::Invalid | DateRead::Ambiguous => {
                self.say(
                    n,
                    finding::DATE_INVALID,
                    Severity::Warning,
                    "",
                    "的材料形成时间不是有效日期，已留空，请在目录中补上。",
                );
                None
            }
        }
    }
}

impl Items<'_> {
    /// Year, month and day from three columns.
    fn parts_of_date(&self, cells: &[Cell]) -> DateRead {
        let part = |c: Col| self.table.number(cells, c).unwrap_or(0);
        let year = part(Col::Year);
        if year == 0 {
            return DateRead::Blank;
        }
        let small = |n: u32| u8::try_from(n).unwrap_or(u8::MAX);
        let (month, day) = (small(part(Col::Month)), small(part(Col::Day)));
        let day = if month == 0 { 0 } else { day };
        let year = i16::try_from(year).unwrap_or(0);
        PartialDate::new(year, month, day).map_or(DateRead::Invalid, DateRead::Date)
    }
}

/// `4-1-3` → 4-1, 3; `1-3` → 1, 3.
fn class_and_seq(text: &str) -> Option<(String, u32)> {
    let text = super::text::squeeze(text);
    let cut = text.rfind(['-', '.', '—', '–'])?;
    let (class, seq) = (text.get(..cut)?, text.get(cut..)?);
    let seq = seq.trim_start_matches(['-', '.', '—', '–']).parse().ok()?;
    Some((class_code::parse_class(class)?, seq))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(name: &str, rows: &[&[&str]]) -> (String, SheetRows) {
        let rows = (1..).zip(rows).map(|(n, r)| (n, r.iter().map(|t| Cell::from(*t)).collect())).collect();
        (name.to_owned(), rows)
    }

    fn shown(file: &CatalogueFile) -> Vec<String> {
        let item = |i: &CatalogueItem| {
            let formed = i.formed.map_or("-".to_owned(), |d| d.to_string());
            let pages = i.page_count.map_or("-".to_owned(), |p| p.to_string());
            format!("{}-{} {} {formed} {pages}", i.class_code, i.seq, i.title)
        };
        file.items.iter().map(item).collect()
    }

    fn codes(file: &CatalogueFile) -> Vec<(u32, &str)> {
        file.findings.iter().map(|f| (f.row, f.code.as_ref())).collect()
    }

    #[test]
    fn class_and_number_in_two_columns() {
        let file = read_catalogue(&[
            sheet(
                "基本信息",
                &[
                    &["姓名", "性别", "出生日期", "公民身份号码", "学号/工号", "民族"],
                    &["王 甲", "男", "20040101", "990101200401011235", "2020001", "汉"],
                ],
            ),
            sheet(
                "目录",
                &[
                    &["类号", "序号", "材料名称", "年", "月", "日", "页数", "备注"],
                    &["一", "", "履历材料"],
                    &["1", "1", "干部履历表", "2019", "2", "6", "1"],
                    &["四（一）", "1", "学位证书", "2018", "7", "", "2", "复印件"],
                    &["", "2", "成绩表", "2018"],
                    &["9-2", "1", "任免审批表", "2018", "13", "1", "1"],
                    &["9-2", "1", "重号", "2018", "1", "1", "1"],
                    &["甲类", "1", "无法识别", "2018", "1", "1", "1"],
                    &["6", "1", "", "2018", "1", "1", "1"],
                    &["整理人", "", "", "", "", "", ""],
                ],
            ),
        ]);
        assert_eq!(file.person.name, "王甲");
        assert_eq!(file.person.birth.map(|d| d.to_string()).as_deref(), Some("2004-01-01"));
        assert_eq!((file.person.sex.as_deref(), file.person.ethnicity.as_deref()), (Some("1"), Some("01")));
        assert!(file.person.id_no.is_some());
        assert_eq!(
            shown(&file),
            [
                "1-1 干部履历表 2019-02-06 1",
                "4-1-1 学位证书 2018-07 2",
                "4-1-2 成绩表 2018 -",
                "9-2-1 任免审批表 - 1"
            ]
        );
        assert_eq!(
            codes(&file),
            [(6, "DATE_INVALID"), (7, CATALOGUE_ROW_INVALID), (8, CLASS_UNKNOWN), (9, CATALOGUE_ROW_INVALID)]
        );
    }

    #[test]
    fn the_printed_form() {
        let file = read_catalogue(&[sheet(
            "档案目录",
            &[
                &["干部人事档案目录"],
                &["姓名：王甲 档案编号：A-12", "", "身份证号：990101200401011235"],
                &["类号/序号", "材料名称", "材料形成时间", "", "", "页数", "备注"],
                &["", "", "年", "月", "日", "", ""],
                &["一", "履历材料"],
                &["1", "干部履历表", "2019", "2", "6", "4", ""],
                &["2", "补充履历", "2020", "", "", "1", ""],
                &["四", "学历学位材料"],
                &["4-1", "学历学位材料"],
                &["1", "学位证书", "2018", "7", "", "2", ""],
                &["9-2-1", "任免审批表", "2021", "1", "1", "1", ""],
            ],
        )]);
        assert_eq!((file.person.name.as_str(), file.person.archive_no.as_deref()), ("王甲", Some("A-12")));
        assert_eq!(
            shown(&file),
            [
                "1-1 干部履历表 2019-02-06 4",
                "1-2 补充履历 2020 1",
                "4-1-1 学位证书 2018-07 2",
                "9-2-1 任免审批表 2021-01-01 1"
            ]
        );
        assert_eq!(codes(&file), []);
    }

    #[test]
    fn a_class_that_excel_made_a_date_is_read_and_named() {
        let mut rows: SheetRows =
            sheet("目录", &[&["类号", "序号", "材料名称", "页数"], &["x", "1", "学位证书", "2"]]).1;
        if let Some(cell) = rows.get_mut(1).and_then(|(_, c)| c.get_mut(0)) {
            *cell = Cell::Date("2026-04-01".into());
        }
        let file = read_catalogue(&[("目录".into(), rows)]);
        assert_eq!(shown(&file), ["4-1-1 学位证书 - 2"]);
        assert_eq!(codes(&file), [(2, CLASS_UNKNOWN)]);
    }

    #[test]
    fn labels_beside_values_and_a_bad_identity_number() {
        let file = read_catalogue(&[sheet(
            "基本信息",
            &[&["姓名", "王甲", "性别", "女"], &["身份证号", "990101200401011236"], &["工号", "T001"]],
        )]);
        assert_eq!((file.person.name.as_str(), file.person.number.as_deref()), ("王甲", Some("T001")));
        assert!(file.person.id_no.is_none());
        assert_eq!(codes(&file), [(2, "ID_INVALID"), (0, CATALOGUE_NOT_FOUND)]);
        assert!(!format!("{file:?}").contains("王甲"));
    }
}
