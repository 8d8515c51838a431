//! Finding the row of column names, and what the columns mean.
//!
//! Names decide, never positions. The names may stand in any of the first ten rows, in
//! one row or in two (groups above, names below), with merged cells: a merged cell has
//! its text in its first place only.

use super::{
    Cell,
    template::{self, FieldRef, Kind},
    text::{ordinal, squeeze_header, without_brackets},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Rows in which the column names are looked for.
pub const HEADER_DEPTH: u32 = 10;

/// One column of a sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Position from 0.
    pub index: u16,
    /// Text as it stands in the sheet (group and name joined when both are needed).
    pub header: String,
    /// Key of the field it was recognised as; `None`: the column is not imported.
    pub field: Option<String>,
    /// Label of that field.
    pub field_label: Option<String>,
    /// Why it is not imported, or what it may be meant to be.
    pub note: Option<String>,
    /// The field again, for the reader.
    #[serde(skip)]
    pub(super) target: Option<FieldRef>,
}

/// Column names as read so far.
#[derive(Debug, Clone)]
pub(super) struct Header {
    /// Last row of the names.
    pub row: u32,
    /// How many rows of names.
    pub rows: u32,
    pub columns: Vec<Column>,
    names: Vec<String>,
}

/// Names chosen by a person for columns nobody recognises: squeezed name → key.
pub type SavedNames = BTreeMap<String, String>;

/// Recognises column names of one kind.
pub(super) struct Finder<'c> {
    kind: Kind,
    saved: &'c SavedNames,
    above: Option<Vec<String>>,
}

fn texts(cells: &[Cell]) -> Vec<String> {
    cells.iter().map(|c| c.cleaned().into_owned()).collect()
}

/// The group a column stands under: the last text at or before it.
fn groups(above: &[String], width: usize) -> Vec<&str> {
    let mut last = "";
    (0..width)
        .map(|i| {
            if let Some(t) = above.get(i).filter(|t| !t.is_empty()) {
                last = t;
            }
            last
        })
        .collect()
}

impl<'c> Finder<'c> {
    pub fn new(kind: Kind, saved: &'c SavedNames) -> Self {
        Self { kind, saved, above: None }
    }

    /// Looks whether this row holds the column names.
    pub fn try_row(&mut self, row: u32, cells: &[Cell]) -> Option<Header> {
        let names = texts(cells);
        let above = self.above.take().unwrap_or_default();
        let columns = self.resolve(&above, &names);
        if self.is_header(&columns) {
            // A title above fills one cell, groups fill several: they are part of the names,
            // whether or not a name needs them.
            let grouped = above.iter().filter(|t| !t.is_empty()).count() > 1
                || columns.iter().any(|c| names.get(usize::from(c.index)) != Some(&c.header));
            return Some(Header { row, rows: if grouped { 2 } else { 1 }, columns, names });
        }
        self.above = Some(names);
        None
    }

    /// Looks whether the row below the names completes them, as the names below groups do.
    pub fn extend(&self, header: &Header, row: u32, cells: &[Cell]) -> Option<Header> {
        if row != header.row + 1 || cells.iter().any(looks_like_data) {
            return None;
        }
        let below = texts(cells);
        let key = header.columns.iter().find(|c| self.is_key(c.target))?;
        if below.get(usize::from(key.index)).is_some_and(|t| !t.is_empty() && *t != key.header) {
            return None;
        }
        let columns = self.resolve(&header.names, &below);
        let known = |columns: &[Column]| columns.iter().filter(|c| c.target.is_some()).count();
        (self.is_header(&columns) && known(&columns) > known(&header.columns)).then(|| Header {
            row,
            rows: header.rows + 1,
            columns,
            names: below,
        })
    }

    fn is_key(&self, target: Option<FieldRef>) -> bool {
        target.is_some_and(|t| t.key(self.kind) == self.kind.key_field())
    }

    fn is_header(&self, columns: &[Column]) -> bool {
        columns.iter().any(|c| self.is_key(c.target))
            && columns.iter().filter(|c| c.target.is_some()).count() >= 2
    }

    /// Columns from a row of names and the row above it.
    fn resolve(&self, above: &[String], names: &[String]) -> Vec<Column> {
        let width = names.len().max(above.len());
        let groups = groups(above, width);
        let mut columns: Vec<Column> = Vec::new();
        for (i, group) in groups.iter().enumerate() {
            let name = names.get(i).map_or("", String::as_str);
            let over = above.get(i).map_or("", String::as_str);
            let (header, target) = self.one(group, over, name);
            if header.is_empty() {
                continue;
            }
            let mut column =
                Column { index: i as u16, header, field: None, field_label: None, note: None, target: None };
            self.settle(&mut column, target, &columns);
            columns.push(column);
        }
        columns
    }

    fn settle(&self, column: &mut Column, target: Option<FieldRef>, before: &[Column]) {
        let Some(target) = target else {
            column.note = self.suggest(&column.header);
            return;
        };
        if let Some(first) = before.iter().find(|c| c.target == Some(target)) {
            column.note = Some(format!("与第 {} 列“{}”重复，本列未导入", first.index + 1, first.header));
            return;
        }
        column.field = Some(target.key(self.kind).into_owned());
        column.field_label = Some(target.label(self.kind).into_owned());
        column.target = Some(target);
    }

    /// The name of one column, and what it means: the name alone, then with its group,
    /// then the text above when the cell is the lower part of a merged one.
    fn one(&self, group: &str, over: &str, name: &str) -> (String, Option<FieldRef>) {
        if name.is_empty() {
            let target = self.meaning(over);
            return if target.is_some() { (over.to_owned(), target) } else { (String::new(), None) };
        }
        if let Some(target) = self.meaning(name) {
            return (name.to_owned(), Some(target));
        }
        if !group.is_empty() {
            for joined in [format!("{group}{name}"), format!("{name}{group}")] {
                if let Some(target) = self.meaning(&joined) {
                    return (joined, Some(target));
                }
            }
        }
        (name.to_owned(), None)
    }

    fn meaning(&self, text: &str) -> Option<FieldRef> {
        let squeezed = squeeze_header(text);
        if squeezed.is_empty() || squeezed.len() > 120 {
            return None;
        }
        if let Some(key) = self.saved.get(&squeezed) {
            return FieldRef::from_key(self.kind, key);
        }
        let names = template::names(self.kind);
        if let Some(i) = names.get(&squeezed) {
            return Some(FieldRef::One(*i));
        }
        if self.kind == Kind::Members
            && let Some(repeated) = repeated(&squeezed)
        {
            return Some(repeated);
        }
        without_brackets(&squeezed).and_then(|short| names.get(short)).map(|i| FieldRef::One(*i))
    }

    /// A known name that is close to an unknown one, for a person to confirm.
    fn suggest(&self, header: &str) -> Option<String> {
        let squeezed = squeeze_header(header);
        if squeezed.chars().count() < 2 {
            return None;
        }
        let near = |known: &str| {
            known.chars().count() >= 2
                && (squeezed.contains(known) || known.contains(&squeezed) || one_edit(known, &squeezed))
        };
        let fields = self.kind.fields();
        let best = template::names(self.kind)
            .iter()
            .filter(|(known, _)| near(known))
            .filter_map(|(known, i)| Some((known.chars().count(), fields.get(usize::from(*i))?)))
            .max_by_key(|(length, field)| (*length, field.key))?;
        Some(format!("是否为“{}”？", best.1.label))
    }
}

/// 第N次思想汇报, 思想汇报（三）, 第2次半年考察, 半年考察1 …
fn repeated(squeezed: &str) -> Option<FieldRef> {
    for (word, make) in [
        ("思想汇报", FieldRef::Report as fn(u16) -> FieldRef),
        ("半年考察", FieldRef::Observation as fn(u16) -> FieldRef),
    ] {
        let Some(at) = squeezed.find(word) else { continue };
        let mut rest = squeezed.to_owned();
        rest.replace_range(at..at + word.len(), "");
        for noise in ["时间", "日期", "情况", "记录"] {
            rest = rest.replace(noise, "");
        }
        rest.retain(|c| !matches!(c, '第' | '次' | '篇' | '份' | '(' | ')' | '.' | '-' | '#'));
        return ordinal(&rest).map(make);
    }
    None
}

/// Whether one insertion, deletion or replacement turns one into the other.
fn one_edit(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let (short, long) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
    if long.len() - short.len() > 1 || long.len() < 3 {
        return false;
    }
    let same = short.iter().zip(long.iter()).take_while(|(x, y)| x == y).count();
    let rest = |v: &[char], from: usize| v.get(from..).unwrap_or_default().to_vec();
    if short.len() == long.len() {
        rest(short, same + 1) == rest(long, same + 1)
    } else {
        rest(short, same) == rest(long, same + 1)
    }
}

/// A cell that no row of column names has.
fn looks_like_data(cell: &Cell) -> bool {
    match cell {
        Cell::Empty => false,
        Cell::Text(t) => {
            let digits = t.bytes().filter(u8::is_ascii_digit).count();
            digits >= 4
        }
        Cell::Number(n) => *n > 999.0,
        Cell::Date(_) | Cell::Bool(_) | Cell::Error(_) => true,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is the failed test")]
mod tests {
    use super::*;

    fn row(texts: &[&str]) -> Vec<Cell> {
        texts.iter().map(|t| Cell::from(*t)).collect()
    }

    fn found(rows: &[&[&str]]) -> Option<(u32, u32, Vec<String>)> {
        let saved = SavedNames::new();
        let mut finder = Finder::new(Kind::Members, &saved);
        let mut header: Option<Header> = None;
        for (n, cells) in (1..).zip(rows) {
            let cells = row(cells);
            match &header {
                None => header = finder.try_row(n, &cells),
                Some(h) => match finder.extend(h, n, &cells) {
                    Some(longer) => header = Some(longer),
                    None => break,
                },
            }
        }
        let h = header?;
        let keys = h.columns.iter().map(|c| c.field.clone().unwrap_or_else(|| format!("?{}", c.header)));
        Some((h.row, h.rows, keys.collect()))
    }

    fn want(row: u32, rows: u32, keys: &[&str]) -> Option<(u32, u32, Vec<String>)> {
        Some((row, rows, keys.iter().map(|k| (*k).to_owned()).collect()))
    }

    #[test]
    fn one_row_with_a_title_above() {
        let got = found(&[
            &["某大学人员名册"],
            &["序号", "姓名 ", " 性 别*", "身份证号(18位)", "血型"],
            &["1", "甲", "男", "990101200401011235"],
        ]);
        assert_eq!(got, want(2, 1, &["seq", "name", "sex", "id_no", "?血型"]));
    }

    #[test]
    fn groups_above_are_not_names() {
        let got = found(&[
            &["基本信息", "", "发展情况", "", "思想汇报", ""],
            &["姓名", "学号", "人员类别 ", "入党时间", "第一次思想汇报", "思想汇报总篇数"],
        ]);
        assert_eq!(got, want(2, 2, &["name", "number", "stage", "joined", "report:1", "report_count"]));
    }

    #[test]
    fn names_in_two_rows_with_merged_cells() {
        let got = found(&[
            &["姓名", "学号", "入党申请", "思想汇报", "", "", "备注"],
            &["", "", "时间", "第一次", "2", "（三）", ""],
            &["甲", "2020", "2020-01-01"],
        ]);
        assert_eq!(
            got,
            want(2, 2, &["name", "number", "applied", "report:1", "report:2", "report:3", "remark"])
        );
    }

    #[test]
    fn a_merged_name_above_the_row_of_names() {
        let got = found(&[&["序号", "基本信息", "", "备注"], &["", "姓名", "学号", ""], &["1", "甲"]]);
        assert_eq!(got, want(2, 2, &["seq", "name", "number", "remark"]));
    }

    #[test]
    fn data_never_becomes_a_second_row_of_names() {
        let got = found(&[&["姓名", "人员类别", "备注"], &["", "党支部", ""], &["甲", "正式党员", ""]]);
        assert_eq!(got, want(1, 1, &["name", "stage", "remark"]));
    }

    #[test]
    fn nothing_that_looks_like_names() {
        assert_eq!(found(&[&["支部", "人数"], &["甲支部", "3"]]), None);
        assert_eq!(found(&[&["姓名"], &["甲"]]), None);
    }

    #[test]
    fn repeated_columns_with_any_number() {
        #[rustfmt::skip]
        let cases = [
            ("第一次思想汇报", Some("report:1")), ("第二十三次思想汇报", Some("report:23")), ("第12次思想汇报时间", Some("report:12")),
            ("思想汇报（四）", Some("report:4")), ("思想汇报③", Some("report:3")), ("思想汇报5", Some("report:5")),
            ("半年考察2", Some("observation:2")), ("第一次半年考察", Some("observation:1")),
            ("思想汇报总篇数", Some("report_count")), ("思想汇报", None), ("思想汇报质量", None),
        ];
        let saved = SavedNames::new();
        let finder = Finder::new(Kind::Members, &saved);
        for (text, key) in cases {
            assert_eq!(
                finder.meaning(text).map(|t| t.key(Kind::Members).into_owned()).as_deref(),
                key,
                "{text}"
            );
        }
    }

    #[test]
    fn doubles_and_near_misses_are_named() {
        let saved = SavedNames::from([("血型".to_owned(), "remark".to_owned())]);
        let mut finder = Finder::new(Kind::Members, &saved);
        let header =
            finder.try_row(1, &row(&["姓名", "联系电话", "手机号码", "公民身份证件号码", "血型"])).unwrap();
        let notes: Vec<_> = header.columns.iter().map(|c| c.note.clone().unwrap_or_default()).collect();
        assert!(notes.get(2).unwrap().contains("第 2 列"));
        assert!(notes.get(3).unwrap().contains("公民身份号码"), "{notes:?}");
        assert_eq!(header.columns.get(4).unwrap().field.as_deref(), Some("remark"), "a saved name is used");
    }
}
