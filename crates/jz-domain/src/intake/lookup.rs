//! Finding an organisation by the names people use for it.
//!
//! A sheet is called 「机械学院研究生党支部」, the seal says 「中共某某大学机械学院研究生支部
//! 委员会」. Both lose the prefix 中共, the name of the school and the form of the word
//! for branch, and meet. A name that could be two organisations is none.

use super::text::squeeze;
use crate::Id;
use std::collections::HashMap;

/// An organisation that is already there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrgEntry {
    /// Its id.
    pub id: Id,
    /// The one above.
    pub parent: Option<Id>,
    /// Code of its kind ([`crate::org::KINDS`]).
    pub kind: String,
    /// Full name.
    pub full_name: String,
    /// Short name.
    pub short_name: String,
}

/// What a name leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrgHit<'a> {
    /// Nothing.
    None,
    /// Exactly one.
    One(&'a OrgEntry),
    /// More than one.
    Many,
}

/// Organisations by all their names.
#[derive(Debug, Default)]
pub struct OrgIndex {
    school: String,
    entries: Vec<OrgEntry>,
    by_name: HashMap<String, Place>,
    /// Names exactly as they are stored, for the cells that hold just that.
    exact: HashMap<String, Place>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    One(usize),
    Many,
}

/// Excel cuts the name of a sheet after this many UTF-16 units.
const SHEET_NAME: usize = 31;

impl OrgIndex {
    /// Builds the index; `school` is the name of the school without 中共. When it is
    /// empty, the name of the top organisation says it.
    pub fn new(school: &str, entries: impl IntoIterator<Item = OrgEntry>) -> Self {
        let entries: Vec<OrgEntry> = entries.into_iter().collect();
        let school = if school.is_empty() { school_of(&entries) } else { squeeze(school) };
        let mut index = Self { school, entries, by_name: HashMap::new(), exact: HashMap::new() };
        for i in 0..index.entries.len() {
            let Some(entry) = index.entries.get(i) else { continue };
            let names = [entry.full_name.clone(), entry.short_name.clone()];
            for name in names {
                let key = index.key(&name);
                for (map, key) in [(&mut index.by_name, key), (&mut index.exact, name)] {
                    if key.is_empty() {
                        continue;
                    }
                    let place = map.entry(key).or_insert(Place::One(i));
                    if *place != Place::One(i) {
                        *place = Place::Many;
                    }
                }
            }
        }
        index
    }

    /// All organisations.
    pub fn entries(&self) -> &[OrgEntry] {
        &self.entries
    }

    /// Looks a name up: full name, short name, with or without 中共 and the school.
    pub fn find(&self, name: &str) -> OrgHit<'_> {
        let entry = |i: usize| self.entries.get(i).map_or(OrgHit::None, OrgHit::One);
        // A name exactly as stored wins, even if a folded form would fit another one too.
        if let Some(Place::One(i)) = self.exact.get(name) {
            return entry(*i);
        }
        let key = self.key(name);
        if key.is_empty() {
            return OrgHit::None;
        }
        match self.by_name.get(&key) {
            Some(Place::One(i)) => entry(*i),
            Some(Place::Many) => OrgHit::Many,
            None if name.encode_utf16().count() == SHEET_NAME => self.find_cut(&key),
            None => OrgHit::None,
        }
    }

    /// A sheet name that Excel has cut.
    fn find_cut(&self, key: &str) -> OrgHit<'_> {
        let mut hits = self.by_name.iter().filter(|(k, _)| k.starts_with(key)).map(|(_, p)| *p);
        let first = hits.next();
        match first {
            Some(Place::One(i)) if hits.all(|p| p == Place::One(i)) => {
                self.entries.get(i).map_or(OrgHit::None, OrgHit::One)
            }
            Some(_) => OrgHit::Many,
            None => OrgHit::None,
        }
    }

    /// The form in which names meet.
    pub(super) fn key(&self, name: &str) -> String {
        let squeezed = squeeze(name);
        let mut rest = squeezed.as_str();
        for prefix in ["中国共产党", "中共"] {
            rest = rest.strip_prefix(prefix).unwrap_or(rest);
        }
        if !self.school.is_empty() {
            rest = rest.strip_prefix(self.school.as_str()).unwrap_or(rest);
        }
        let mut key = rest.to_owned();
        // Longer endings first: 总支部委员会 ends in 支部委员会, and that in 委员会.
        for (long, short) in [
            ("总支部委员会", "总支"),
            ("党总支部", "总支"),
            ("党总支", "总支"),
            ("支部委员会", "支部"),
            ("党支部", "支部"),
            ("党委会", "党委"),
            ("委员会", "党委"),
        ] {
            if let Some(stem) = key.strip_suffix(long) {
                key = format!("{stem}{short}");
                break;
            }
        }
        // The bare name of the school means its committee.
        if key.is_empty() && !squeezed.is_empty() {
            "党委".clone_into(&mut key);
        }
        chinese_number(&key)
    }
}

/// 中共某某大学委员会 → 某某大学.
fn school_of(entries: &[OrgEntry]) -> String {
    let Some(top) = entries.iter().find(|e| e.parent.is_none() && e.kind == "XDW") else {
        return String::new();
    };
    let name = squeeze(&top.full_name);
    let name = name.strip_prefix("中国共产党").or_else(|| name.strip_prefix("中共")).unwrap_or(&name);
    name.strip_suffix("委员会").or_else(|| name.strip_suffix("党委")).unwrap_or(name).to_owned()
}

/// 第1支部 → 第一支部.
fn chinese_number(key: &str) -> String {
    const DIGITS: [char; 9] = ['一', '二', '三', '四', '五', '六', '七', '八', '九'];
    let chars: Vec<char> = key.chars().collect();
    let alone = |i: usize| !chars.get(i + 1).is_some_and(char::is_ascii_digit);
    let after = |i: usize| i > 0 && chars.get(i - 1) == Some(&'第');
    chars
        .iter()
        .enumerate()
        .map(|(i, c)| match c.to_digit(10) {
            Some(d @ 1..=9) if after(i) && alone(i) => DIGITS.get(d as usize - 1).copied().unwrap_or(*c),
            _ => *c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(id: i64, kind: &str, full: &str, short: &str) -> OrgEntry {
        OrgEntry {
            id: Id(id),
            parent: None,
            kind: kind.into(),
            full_name: full.into(),
            short_name: short.into(),
        }
    }

    fn index() -> OrgIndex {
        OrgIndex::new(
            "东海大学",
            [
                entry(1, "XDW", "中共东海大学委员会", "东海大学党委"),
                entry(2, "EJDW", "中共东海大学化学学院委员会", "化学学院党委"),
                entry(3, "ZB", "中共东海大学化学学院本科生第一支部委员会", "化学学院本科生第一党支部"),
                entry(4, "ZB", "中共东海大学化学学院教工支部委员会", "教工党支部"),
                entry(5, "ZB", "中共东海大学物理学院教工支部委员会", "教工党支部"),
                entry(6, "ZB", "中共东海大学国际教育与交流学院来华留学研究生联合培养项目第二支部委员会", ""),
            ],
        )
    }

    #[test]
    fn names_as_people_write_them() {
        let index = index();
        #[rustfmt::skip]
        let cases = [
            ("化学学院本科生第一党支部", 3), ("化学学院本科生第一支部", 3), (" 化学学院 本科生第1党支部", 3),
            ("东海大学化学学院本科生第一党支部", 3), ("中共东海大学化学学院本科生第一支部委员会", 3), ("中共化学学院本科生第一支部委员会", 3),
            ("化学学院党委", 2), ("化学学院委员会", 2), ("东海大学", 1), ("东海大学党委", 1), ("中共东海大学委员会", 1), ("党委", 1),
            ("化学学院教工党支部", 4), ("物理学院教工党支部", 5),
            ("东海大学国际教育与交流学院来华留学研究生联合培养项目第二支部", 6),
            ("中共东海大学国际教育与交流学院来华留学研究生联合培养项目第二支部委员会", 6),
        ];
        for (name, id) in cases {
            match index.find(name) {
                OrgHit::One(e) => assert_eq!(e.id, Id(id), "{name}"),
                other => panic!("{name}: {other:?}"),
            }
        }
        assert_eq!(index.find("教工党支部"), OrgHit::Many);
        for name in ["", "汇总", "化学学院", "化学学院本科生第二党支部"] {
            assert_eq!(index.find(name), OrgHit::None, "{name}");
        }
    }

    #[test]
    fn the_top_says_the_name_of_the_school() {
        let top = entry(1, "XDW", "中共东海大学委员会", "");
        let index = OrgIndex::new("", [top, entry(2, "ZB", "中共东海大学图书馆支部委员会", "")]);
        assert!(matches!(index.find("图书馆党支部"), OrgHit::One(e) if e.id == Id(2)));
    }

    #[test]
    fn a_sheet_name_that_excel_has_cut() {
        let index = index();
        let cut: String = "中共东海大学国际教育与交流学院来华留学研究生联合培养项目第二支部委员会"
            .chars()
            .take(31)
            .collect();
        assert!(matches!(index.find(&cut), OrgHit::One(e) if e.id == Id(6)));
        let shorter: String = cut.chars().take(30).collect();
        assert_eq!(index.find(&shorter), OrgHit::None, "only what Excel itself has cut is completed");
    }
}
