//! Rows that stand one column too far left or right.
//!
//! Somebody pasted a person without the running number, or with one cell too many. What
//! then stands in a column has the shape of its neighbour. Such a row is named and
//! skipped as a whole: guessing it right is luck, guessing it wrong is a wrong file.

use super::{
    Cell,
    codes::{self, CodeList},
    dates::{DateRead, read_text},
    template::{Field, Holds},
    text::clean,
};

/// What a column is expected to look like; only shapes that tell something.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shape {
    /// 2 to 15 letters, no digit.
    Name,
    /// Identity number, valid or not: 15 or 18 characters of digits and X.
    Id,
    /// Eleven digits that start with 1.
    Phone,
    /// Student number: digits and letters, no identity number, no telephone number.
    Number,
    /// A value of a list that shares no word with other lists.
    Code(&'static CodeList),
    /// A date. Neighbours are dates too, so it never proves a shift, it only objects.
    Date,
    /// A small whole number: 序号.
    Small,
}

impl Shape {
    /// The shape of a field, if it has one.
    pub fn of(field: &Field) -> Option<Self> {
        Some(match field.holds {
            Holds::Name => Self::Name,
            Holds::Id => Self::Id,
            Holds::Phone => Self::Phone,
            Holds::Number => Self::Number,
            Holds::Code(list)
                if matches!(list.key, "sex" | "ethnicity" | "stage" | "education" | "org_kind") =>
            {
                Self::Code(list)
            }
            Holds::Date | Holds::Plan => Self::Date,
            Holds::Nothing if field.key == "seq" => Self::Small,
            _ => return None,
        })
    }

    fn fits(self, cell: &Cell) -> bool {
        let shown = cell.shape();
        let text = clean(&shown);
        let t = text.as_ref();
        let count = t.chars().count();
        match self {
            Self::Name => is_name(t),
            Self::Id => looks_like_id(t) || matches!(cell, Cell::Number(n) if *n > 1e14),
            Self::Phone => count == 11 && t.starts_with('1') && t.bytes().all(|b| b.is_ascii_digit()),
            Self::Number => {
                (3..=20).contains(&count)
                    && t.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
                    && t.bytes().any(|b| b.is_ascii_digit())
                    && !looks_like_id(t)
            }
            Self::Code(list) if list.key == "ethnicity" => codes::ethnicity(t).is_some(),
            Self::Code(list) => list.code(t).is_some(),
            Self::Date => {
                matches!(cell, Cell::Date(_))
                    || matches!(read_text(t), DateRead::Date(_) | DateRead::Ambiguous)
            }
            Self::Small => count <= 5 && t.bytes().all(|b| b.is_ascii_digit()) && count > 0,
        }
    }

    /// Whether finding it next door proves anything.
    fn tells(self) -> bool {
        !matches!(self, Self::Date | Self::Small)
    }
}

/// Whether the text can be the name of a person.
pub(super) fn is_name(t: &str) -> bool {
    let count = t.chars().count();
    (2..=40).contains(&count)
        && t.chars().all(|c| c.is_alphabetic() || matches!(c, '·' | ' ' | '.' | '-' | '(' | ')' | '\''))
        && t.chars().any(char::is_alphabetic)
        && codes::SEX.exact(t).is_none()
        && codes::STAGE.exact(t).is_none()
        && !(t.ends_with('族') && codes::ethnicity(t).is_some())
}

fn looks_like_id(t: &str) -> bool {
    matches!(t.len(), 15 | 18) && t.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'x' | b'X'))
}

/// Direction of a shift.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shift {
    Left,
    Right,
}

/// Looks for at least two telling columns whose content stands next door, on the same
/// side, while it fits neither the column where it is nor the content of its own column.
pub(super) fn shifted(shapes: &[(usize, Shape)], cells: &[Cell]) -> Option<(Shift, usize)> {
    let empty = Cell::Empty;
    let at = |i: usize| cells.get(i).unwrap_or(&empty);
    let own = |i: usize| shapes.iter().find(|(c, _)| *c == i).map(|(_, s)| *s);
    for shift in [Shift::Left, Shift::Right] {
        let mut first = None;
        let (mut moved, mut stayed) = (0, 0);
        for (i, shape) in shapes.iter().filter(|(_, s)| s.tells()) {
            if shape.fits(at(*i)) {
                stayed += 1;
                continue;
            }
            let next = match shift {
                Shift::Left => i.checked_sub(1),
                Shift::Right => Some(i + 1),
            };
            let Some(next) = next.filter(|n| !at(*n).is_blank() && shape.fits(at(*n))) else { continue };
            if own(next).is_some_and(|s| s.fits(at(next))) {
                continue;
            }
            moved += 1;
            first.get_or_insert(*i);
        }
        if let Some(first) = first.filter(|_| moved >= 2 && moved >= stayed / 2) {
            return Some((shift, first));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::template::Kind;

    const COLUMNS: [&str; 10] =
        ["seq", "name", "number", "sex", "ethnicity", "birth", "id_no", "phone", "education", "stage"];

    fn check(cells: &[&str]) -> Option<Shift> {
        let shapes: Vec<(usize, Shape)> = COLUMNS
            .iter()
            .enumerate()
            .filter_map(|(i, key)| {
                let field = Kind::Members.fields().iter().find(|f| f.key == *key)?;
                Some((i, Shape::of(field)?))
            })
            .collect();
        let cells: Vec<Cell> = cells.iter().map(|t| Cell::from(*t)).collect();
        shifted(&shapes, &cells).map(|(s, _)| s)
    }

    #[test]
    fn shifts_are_seen_and_other_mistakes_are_not() {
        let id = "990101200401011235";
        #[rustfmt::skip]
        let cases: [(&str, Vec<&str>, Option<Shift>); 10] = [
            ("right",             vec!["1", "王甲", "2020001", "男", "汉族", "2004-01-01", id, "13800000000", "大学本科", "正式党员"], None),
            ("without number",    vec!["王甲", "2020001", "男", "汉族", "2004-01-01", id, "13800000000", "大学本科", "正式党员"], Some(Shift::Left)),
            ("one too many",      vec!["", "1", "王甲", "2020001", "男", "汉族", "2004-01-01", id, "13800000000", "大学本科"], Some(Shift::Right)),
            ("shift from birth",  vec!["1", "王甲", "2020001", "男", "汉族", id, "13800000000", "大学本科", "正式党员"], Some(Shift::Left)),
            ("shift from id",     vec!["1", "王甲", "2020001", "男", "汉族", "2004-01-01", "", id, "13800000000", "大学本科"], Some(Shift::Right)),
            ("no name",           vec!["1", "", "2020001", "男", "汉族", "2004-01-01", id, "13800000000", "大学本科", "正式党员"], None),
            ("two cells swapped", vec!["1", "王甲", "2020001", "汉族", "男", "2004-01-01", id, "13800000000", "大学本科", "正式党员"], None),
            ("bad values",        vec!["1", "王甲", "2020001", "雄", "火星族", "2001年13月40日", "12345", "8800", "本", "党员同志"], None),
            ("nearly empty",      vec!["1", "王甲"], None),
            ("without many",      vec!["王甲", "2020001", "", "", "", id], Some(Shift::Left)),
        ];
        for (name, cells, want) in cases {
            assert_eq!(check(&cells), want, "{name}");
        }
    }

    #[test]
    fn names() {
        for good in ["王甲", "阿依古丽·买买提", "Anna Smith", "欧阳小明", "诸葛明"] {
            assert!(is_name(good), "{good}");
        }
        for bad in ["", "王", "2020001", "男", "汉族", "正式党员", "13800000000", "王甲1"] {
            assert!(!is_name(bad), "{bad}");
        }
    }
}
