//! Who a row is about: by 公民身份号码, else by 学号/工号 and name.
//!
//! Many rows are looked up at once. People who were taken back with an undone import are
//! found as well, so that the same person does not come into being twice.

use super::facts::id_keys;
use crate::{App, Fail};
use jz_domain::intake::MemberRow;
use jz_store::{Db, person::Person};
use std::collections::HashMap;

/// What was found for a row.
pub(super) enum Found<'p> {
    /// A new person.
    Nobody,
    /// Somebody who is there.
    Known(&'p Person),
    /// Somebody who was taken back.
    Withdrawn(&'p Person),
    /// The row says two things that do not go together.
    Clash(Clash),
}

/// Why nobody can say who a row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clash {
    /// The number belongs to somebody of another name.
    OtherName,
    /// Number and name fit, the identity number does not.
    OtherId,
    /// Several people fit.
    Several,
    /// The identity number is one person's, the student number another's.
    NumberOfAnother,
}

type Keys = [[u8; 16]; 2];

/// Everybody a set of rows may be about.
pub(super) struct Pool {
    people: Vec<Person>,
    by_key: HashMap<Vec<u8>, usize>,
    by_number: HashMap<String, Vec<usize>>,
    keys: Vec<Option<Keys>>,
}

impl Pool {
    /// Looks the rows up, inside the caller's transaction. Without `may_revive` nobody
    /// was ever taken back.
    pub fn load<'r>(
        app: &App,
        db: &mut Db<'_>,
        rows: impl Iterator<Item = &'r MemberRow> + Clone,
        may_revive: bool,
    ) -> Result<Self, Fail> {
        let keys: Vec<Option<Keys>> =
            rows.clone().map(|r| r.id_no.as_ref().map(|i| id_keys(app, i.as_str()))).collect();
        let labels = if may_revive { 2 } else { 1 };
        let wanted: Vec<&[u8]> =
            keys.iter().flatten().flat_map(|k| k.iter().take(labels)).map(|k| &k[..]).collect();
        let mut people = jz_store::person::by_id_keys(db, &wanted)?;
        let by_key: HashMap<Vec<u8>, usize> =
            people.iter().enumerate().filter_map(|(i, p)| Some((p.id_key.clone()?, i))).collect();

        let numbers: Vec<&str> = rows.filter_map(|r| r.number.as_deref()).collect();
        let mut places: HashMap<_, usize> = people.iter().enumerate().map(|(i, p)| (p.id, i)).collect();
        for p in jz_store::person::by_numbers(db, &numbers)? {
            if let std::collections::hash_map::Entry::Vacant(free) = places.entry(p.id) {
                free.insert(people.len());
                people.push(p);
            }
        }
        let mut by_number: HashMap<String, Vec<usize>> = HashMap::new();
        for (i, p) in people.iter().enumerate() {
            if let Some(n) = &p.number {
                by_number.entry(n.clone()).or_default().push(i);
            }
        }
        Ok(Self { people, by_key, by_number, keys })
    }

    fn person(&self, i: usize) -> Option<&Person> {
        self.people.get(i)
    }

    /// Who the row at a place of the set is about.
    pub fn find(&self, at: usize, row: &MemberRow) -> Found<'_> {
        let keys = self.keys.get(at).and_then(Option::as_ref);
        let by_key = |which: usize| {
            let key = keys?.get(which)?;
            self.person(*self.by_key.get(&key[..])?)
        };
        let numbered = || {
            let places = row.number.as_ref().and_then(|n| self.by_number.get(n));
            places.into_iter().flatten().filter_map(|i| self.person(*i))
        };
        let active = || numbered().filter(|p| p.state == "active");
        if let Some(p) = by_key(0) {
            let another = active().any(|other| other.id != p.id);
            return if another { Found::Clash(Clash::NumberOfAnother) } else { Found::Known(p) };
        }
        // Nobody has this identity number, or the row has none.
        let fits = |p: &Person| p.name == row.name && (row.id_no.is_none() || p.id_key.is_none());
        let mut fitting = active().filter(|p| fits(p));
        match (fitting.next(), fitting.next()) {
            (Some(p), None) => return Found::Known(p),
            (Some(_), Some(_)) => return Found::Clash(Clash::Several),
            (None, _) => {}
        }
        if let Some(other) = active().next() {
            let same_name = other.name == row.name;
            return Found::Clash(if same_name { Clash::OtherId } else { Clash::OtherName });
        }
        let gone = numbered().find(|p| p.state == "withdrawn" && fits(p));
        by_key(1).or(gone).map_or(Found::Nobody, Found::Withdrawn)
    }
}

impl Clash {
    /// Column to blame, and the sentence; the first `{}` stands for the place.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::OtherName => (
                "学号/工号",
                "{}的学号/工号在系统中属于另一个姓名的人，请核对学号/工号和姓名；如确已改名，请填写身份证号。",
            ),
            Self::OtherId => {
                ("公民身份号码", "{}的学号/工号和姓名与系统中的人员相符，但身份证号不同，请对照证件核对。")
            }
            Self::Several => ("学号/工号", "{}的学号/工号和姓名在系统中对应不止一个人，请填写身份证号。"),
            Self::NumberOfAnother => {
                ("学号/工号", "{}的身份证号和学号/工号在系统中分属两个人，请核对学号/工号。")
            }
        }
    }
}
