//! The catalogue of one volume as a value, and the edits that make a new one.
//!
//! An edit either applies completely or not at all. Numbers inside a class always run
//! 1..n without gaps (check V01); removing a material never removes its pages or its
//! row, it marks the row.

use super::Scheme;
use crate::{Id, PartialDate};

/// One material (份) in the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MaterialRow {
    /// The material.
    pub id: Id,
    /// Class it stands in.
    pub class_code: String,
    /// Running number in the class, from 1; 0 when removed.
    pub seq: i64,
    /// Title as printed on the material.
    pub title: String,
    /// Date of the last signature, as far as known.
    pub formed: Option<PartialDate>,
    /// Pages by the paper catalogue, when it says so.
    pub page_count: Option<i64>,
    /// Number of copies, from 1.
    pub copies: i64,
    /// 备注.
    pub remark: String,
    /// Pages in order.
    pub pages: Vec<Id>,
    /// Why it was taken out of the catalogue, if it was.
    pub removed: Option<String>,
}

/// The catalogue: materials in the order of classes and numbers, removed ones last.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Catalogue {
    /// All rows.
    pub rows: Vec<MaterialRow>,
}

/// A field that can be edited in the grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// 材料名称
    Title,
    /// 材料形成时间
    Formed,
    /// 页数
    PageCount,
    /// 份数
    Copies,
    /// 备注
    Remark,
}

impl Field {
    /// Looks a field up by its name in the API.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "title" => Self::Title,
            "formed" => Self::Formed,
            "page_count" => Self::PageCount,
            "copies" => Self::Copies,
            "remark" => Self::Remark,
            _ => return None,
        })
    }

    /// Label in the catalogue.
    pub fn label(self) -> &'static str {
        match self {
            Self::Title => "材料名称",
            Self::Formed => "材料形成时间",
            Self::PageCount => "页数",
            Self::Copies => "份数",
            Self::Remark => "备注",
        }
    }
}

/// One edit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Op {
    /// A new row; `at` is the place in the class from 1, the end when absent.
    Add {
        /// Id of the new material, made by the caller.
        id: Id,
        /// Class.
        class_code: String,
        /// Title.
        title: String,
        /// Date.
        formed: Option<PartialDate>,
        /// Pages by the paper catalogue.
        page_count: Option<i64>,
        /// Copies.
        copies: i64,
        /// Remark.
        remark: String,
        /// Place.
        at: Option<i64>,
    },
    /// A new value for one field; empty text clears date and page count.
    Edit {
        /// Which material.
        material: Id,
        /// Which field.
        field: Field,
        /// The value as typed.
        value: String,
    },
    /// Another place, also in another class.
    Move {
        /// Which material.
        material: Id,
        /// Target class.
        class_code: String,
        /// Place from 1.
        at: i64,
    },
    /// Out of the catalogue, with a reason; pages stay with the row.
    Remove {
        /// Which material.
        material: Id,
        /// Why.
        reason: String,
    },
    /// A page to another material or another place.
    PageMove {
        /// Which page.
        page: Id,
        /// Target material.
        material: Id,
        /// Place from 1.
        at: i64,
    },
}

/// What an edit did, for the history. Values are shown to those who may read the volume.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// `add`, `edit`, `move`, `remove`, `page_move`.
    pub kind: &'static str,
    /// The material it is about.
    pub material: Id,
    /// What changed, by its label.
    pub label: &'static str,
    /// Before.
    pub before: String,
    /// After.
    pub after: String,
}

/// Why an edit is refused; `index` counts the edits from 0.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("edit {index} refused: {code}")]
pub struct EditError {
    /// Which edit.
    pub index: usize,
    /// Stable code.
    pub code: &'static str,
    /// Sentence for people.
    pub zh: String,
}

type Refused = (&'static str, String);

impl Catalogue {
    /// Applies all edits or none.
    pub fn apply(&self, scheme: &Scheme, ops: &[Op]) -> Result<(Self, Vec<Change>), EditError> {
        let mut next = self.clone();
        let mut changes = Vec::new();
        for (index, op) in ops.iter().enumerate() {
            next.one(scheme, op, &mut changes).map_err(|(code, zh)| EditError { index, code, zh })?;
        }
        next.renumber(scheme);
        Ok((next, changes))
    }

    fn live(&mut self, id: Id) -> Result<&mut MaterialRow, Refused> {
        self.rows.iter_mut().find(|r| r.id == id && r.removed.is_none()).ok_or_else(|| {
            ("volume.no-material", "要修改的材料不在目录中，可能已被他人移出，请刷新后重试。".to_owned())
        })
    }

    fn one(&mut self, scheme: &Scheme, op: &Op, changes: &mut Vec<Change>) -> Result<(), Refused> {
        match op {
            Op::Add { id, class_code, title, formed, page_count, copies, remark, at } => {
                leaf(scheme, class_code)?;
                let row = MaterialRow {
                    id: *id,
                    class_code: class_code.clone(),
                    seq: 0,
                    title: checked_title(title)?,
                    formed: *formed,
                    page_count: checked_count(*page_count)?,
                    copies: checked_copies(*copies)?,
                    remark: checked_remark(remark)?,
                    pages: Vec::new(),
                    removed: None,
                };
                changes.push(change(
                    "add",
                    *id,
                    "材料",
                    String::new(),
                    format!("{class_code} {}", row.title),
                ));
                self.insert(row, *at);
            }
            Op::Edit { material, field, value } => {
                let row = self.live(*material)?;
                let (before, after) = edit(row, *field, value.trim())?;
                if before != after {
                    changes.push(change("edit", *material, field.label(), before, after));
                }
            }
            Op::Move { material, class_code, at } => {
                leaf(scheme, class_code)?;
                let row = self.live(*material)?;
                let before = format!("{}-{}", row.class_code, row.seq);
                let mut row = row.clone();
                row.class_code.clone_from(class_code);
                self.rows.retain(|r| r.id != *material);
                self.insert(row, Some(*at));
                changes.push(change("move", *material, "位置", before, format!("{class_code}-{at}")));
            }
            Op::Remove { material, reason } => {
                let reason = reason.trim();
                if reason.is_empty() {
                    return Err(("volume.reason-missing", "移出材料必须写明理由。".to_owned()));
                }
                let row = self.live(*material)?;
                row.removed = Some(reason.to_owned());
                let before = format!("{}-{} {}", row.class_code, row.seq, row.title);
                row.seq = 0;
                changes.push(change("remove", *material, "移出目录", before, reason.to_owned()));
            }
            Op::PageMove { page, material, at } => self.page_move(*page, *material, *at, changes)?,
        }
        self.renumber(scheme);
        Ok(())
    }

    fn page_move(
        &mut self,
        page: Id,
        material: Id,
        at: i64,
        changes: &mut Vec<Change>,
    ) -> Result<(), Refused> {
        self.live(material)?;
        let no_page = || ("volume.no-page", "要移动的页面不在本卷中，请刷新后重试。".to_owned());
        let from = self.rows.iter_mut().find(|r| r.pages.contains(&page)).ok_or_else(no_page)?;
        let place = from.pages.iter().position(|p| *p == page).ok_or_else(no_page)?;
        from.pages.remove(place);
        let before = format!("{}-{} 第{}页", from.class_code, from.seq, place + 1);
        let to = self.live(material)?;
        let place = (at.max(1) as usize - 1).min(to.pages.len());
        to.pages.insert(place, page);
        let after = format!("{}-{} 第{}页", to.class_code, to.seq, place + 1);
        changes.push(change("page_move", material, "页面", before, after));
        Ok(())
    }

    /// Puts a row at its place in its class.
    fn insert(&mut self, row: MaterialRow, at: Option<i64>) {
        let in_class: Vec<usize> = self
            .rows
            .iter()
            .enumerate()
            .filter(|(_, r)| r.removed.is_none() && r.class_code == row.class_code)
            .map(|(i, _)| i)
            .collect();
        let place = at.map_or(in_class.len(), |n| (n.max(1) as usize - 1).min(in_class.len()));
        match in_class.get(place) {
            Some(&before) => self.rows.insert(before, row),
            None => self.rows.push(row),
        }
    }

    /// Sorts by class and gives running numbers.
    pub fn renumber(&mut self, scheme: &Scheme) {
        self.rows.sort_by_key(|r| (r.removed.is_some(), scheme.rank(&r.class_code)));
        let mut class = String::new();
        let mut seq = 0;
        for row in self.rows.iter_mut().filter(|r| r.removed.is_none()) {
            if row.class_code != class {
                class.clone_from(&row.class_code);
                seq = 0;
            }
            seq += 1;
            row.seq = seq;
        }
    }
}

fn change(kind: &'static str, material: Id, label: &'static str, before: String, after: String) -> Change {
    Change { kind, material, label, before, after }
}

fn leaf(scheme: &Scheme, code: &str) -> Result<(), Refused> {
    match scheme.class(code) {
        Some(c) if c.leaf => Ok(()),
        Some(c) => Err(("volume.class-not-leaf", format!("第{}类下设小类，材料须放入小类。", c.code))),
        None => Err(("volume.class-unknown", format!("分类方案中没有类号“{code}”。"))),
    }
}

/// 2–128 characters, nothing invisible (check M06).
fn checked_title(title: &str) -> Result<String, Refused> {
    let t = title.trim();
    if !(2..=128).contains(&t.chars().count()) || t.chars().any(char::is_control) {
        return Err(("volume.title", "材料名称须为 2 至 128 个字，不能含有控制字符。".to_owned()));
    }
    Ok(t.to_owned())
}

fn checked_remark(remark: &str) -> Result<String, Refused> {
    let t = remark.trim();
    if t.chars().count() > 500 || t.chars().any(char::is_control) {
        return Err(("volume.remark", "备注不能超过 500 个字，不能含有控制字符。".to_owned()));
    }
    Ok(t.to_owned())
}

/// 1–500 pages (check M13).
fn checked_count(count: Option<i64>) -> Result<Option<i64>, Refused> {
    match count {
        Some(n) if !(1..=500).contains(&n) => {
            Err(("volume.page-count", "页数须在 1 至 500 之间。".to_owned()))
        }
        other => Ok(other),
    }
}

fn checked_copies(n: i64) -> Result<i64, Refused> {
    if (1..=99).contains(&n) {
        Ok(n)
    } else {
        Err(("volume.copies", "份数须在 1 至 99 之间。".to_owned()))
    }
}

fn edit(row: &mut MaterialRow, field: Field, value: &str) -> Result<(String, String), Refused> {
    let number = |zh: &str| value.parse::<i64>().map_err(|_| ("volume.number", zh.to_owned()));
    let text = |n: Option<i64>| n.map_or(String::new(), |n| n.to_string());
    Ok(match field {
        Field::Title => {
            let after = checked_title(value)?;
            (std::mem::replace(&mut row.title, after.clone()), after)
        }
        Field::Remark => {
            let after = checked_remark(value)?;
            (std::mem::replace(&mut row.remark, after.clone()), after)
        }
        Field::Formed => {
            let before = row.formed.map_or(String::new(), |d| d.to_string());
            row.formed = if value.is_empty() {
                None
            } else {
                Some(value.parse().map_err(|_| {
                    ("volume.date", "日期须写成 2024、2024-05 或 2024-05-01，且当天须存在。".to_owned())
                })?)
            };
            (before, row.formed.map_or(String::new(), |d| d.to_string()))
        }
        Field::PageCount => {
            let before = text(row.page_count);
            let given = if value.is_empty() { None } else { Some(number("页数须为整数。")?) };
            row.page_count = checked_count(given)?;
            (before, text(row.page_count))
        }
        Field::Copies => {
            let before = row.copies.to_string();
            row.copies = checked_copies(number("份数须为整数。")?)?;
            (before, row.copies.to_string())
        }
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed unwrap is the failed test")]
mod tests {
    use super::*;
    use crate::volume::scheme;

    fn add(id: i64, class: &str, title: &str, at: Option<i64>) -> Op {
        Op::Add {
            id: Id(id),
            class_code: class.into(),
            title: title.into(),
            formed: None,
            page_count: None,
            copies: 1,
            remark: String::new(),
            at,
        }
    }

    fn three() -> Catalogue {
        let ops =
            [add(1, "9-2", "任免审批表", None), add(2, "1", "履历表", None), add(3, "1", "简历表", Some(1))];
        Catalogue::default().apply(scheme("CADRE-2018").unwrap(), &ops).unwrap().0
    }

    fn order(c: &Catalogue) -> Vec<(i64, String, i64)> {
        c.rows.iter().map(|r| (r.id.0, r.class_code.clone(), r.seq)).collect()
    }

    #[test]
    fn rows_stand_in_class_order_and_numbers_run() {
        assert_eq!(order(&three()), vec![(3, "1".into(), 1), (2, "1".into(), 2), (1, "9-2".into(), 1)]);
    }

    #[test]
    fn moving_between_classes_renumbers_both() {
        let s = scheme("CADRE-2018").unwrap();
        let op = Op::Move { material: Id(3), class_code: "9-2".into(), at: 1 };
        let (c, changes) = three().apply(s, &[op]).unwrap();
        assert_eq!(order(&c), vec![(2, "1".into(), 1), (3, "9-2".into(), 1), (1, "9-2".into(), 2)]);
        assert_eq!(changes[0].before, "1-1");
    }

    #[test]
    fn a_refused_edit_changes_nothing_and_says_which() {
        let s = scheme("CADRE-2018").unwrap();
        let ops = [
            Op::Edit { material: Id(2), field: Field::Title, value: "干部履历表".into() },
            Op::Edit { material: Id(2), field: Field::Formed, value: "2023-02-30".into() },
        ];
        let before = three();
        let e = before.apply(s, &ops).unwrap_err();
        assert_eq!((e.index, e.code), (1, "volume.date"));
        assert_eq!(before, three());
    }

    #[test]
    #[rustfmt::skip]
    fn refusals_have_codes() {
        let s = scheme("CADRE-2018").unwrap();
        let cases = [
            (add(9, "4", "成绩表", None), "volume.class-not-leaf"),
            (add(9, "77", "成绩表", None), "volume.class-unknown"),
            (add(9, "1", "表", None), "volume.title"),
            (Op::Remove { material: Id(2), reason: " ".into() }, "volume.reason-missing"),
            (Op::Remove { material: Id(99), reason: "重复".into() }, "volume.no-material"),
            (Op::Edit { material: Id(2), field: Field::PageCount, value: "0".into() }, "volume.page-count"),
            (Op::Edit { material: Id(2), field: Field::Copies, value: "许多".into() }, "volume.number"),
            (Op::PageMove { page: Id(5), material: Id(2), at: 1 }, "volume.no-page"),
        ];
        for (op, code) in cases {
            assert_eq!(three().apply(s, std::slice::from_ref(&op)).unwrap_err().code, code, "{op:?}");
        }
    }

    #[test]
    fn a_removed_row_keeps_its_pages_and_leaves_the_numbers() {
        let s = scheme("CADRE-2018").unwrap();
        let mut c = three();
        c.rows[0].pages = vec![Id(50), Id(51)];
        let (c, _) = c.apply(s, &[Op::Remove { material: Id(3), reason: "重复".into() }]).unwrap();
        assert_eq!(order(&c), vec![(2, "1".into(), 1), (1, "9-2".into(), 1), (3, "1".into(), 0)]);
        assert_eq!(c.rows[2].pages.len(), 2);
    }

    #[test]
    fn a_page_moves_to_its_new_place() {
        let s = scheme("CADRE-2018").unwrap();
        let mut c = three();
        c.rows[0].pages = vec![Id(50), Id(51)];
        c.rows[1].pages = vec![Id(60)];
        let (c, ch) = c.apply(s, &[Op::PageMove { page: Id(51), material: Id(2), at: 1 }]).unwrap();
        assert_eq!(c.rows[0].pages, vec![Id(50)]);
        assert_eq!(c.rows[1].pages, vec![Id(51), Id(60)]);
        assert_eq!(ch[0].after, "1-2 第1页");
    }
}
