//! A person with everything opened: what a row makes of it, and what is different then.

use super::world::World;
use crate::{App, Fail, audit::FieldChange, member::Detail, seal};
use jz_domain::{
    Id, PartialDate,
    intake::{
        Kind, MemberRow, Numbered,
        codes::{self, CodeList},
        idno::IdNo,
        mask_phone,
        template::Holds,
    },
};
use jz_store::person::Person;
use serde::{Deserialize, Serialize};
use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
    sync::LazyLock,
};

/// Label of the keyed index of people who were taken back: they no longer stand in the
/// way of anybody with the same number, but a later import finds them again.
const WITHDRAWN: &str = "person.id_no.withdrawn";

/// What is known of a person, in the clear. Has no Debug.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Facts {
    /// Organisation.
    pub org: Id,
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub former_name: Option<String>,
    pub sex: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_no: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    pub stage: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joined: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub regular: Option<String>,
    pub detail: Detail,
}

/// The columns of a row that no sheet holds.
pub(super) struct Frame {
    pub id: Id,
    pub org_no: i64,
    pub volumes: i64,
    pub state: &'static str,
    pub version: i64,
}

/// The keyed index of an identity number, and the one of somebody who was taken back.
pub(super) fn id_keys(app: &App, id_no: &str) -> [[u8; 16]; 2] {
    [seal::ID_NO, WITHDRAWN].map(|label| app.keys.keyed_index(label, id_no.as_bytes()))
}

impl Facts {
    /// Opens a stored person.
    pub fn open(app: &App, p: &Person) -> Result<Self, Fail> {
        let open = |label, sealed: &Option<Vec<u8>>| {
            sealed.as_ref().map(|s| seal::open_text(&app.keys, label, s)).transpose()
        };
        Ok(Self {
            org: p.org,
            name: p.name.clone(),
            former_name: p.former_name.clone(),
            sex: p.sex.clone(),
            birth: p.birth.clone(),
            number: p.number.clone(),
            id_no: open(seal::ID_NO, &p.id_enc)?,
            phone: open(seal::PHONE, &p.phone_enc)?,
            stage: p.stage.clone(),
            status: p.status.clone(),
            joined: p.joined.clone(),
            regular: p.regular.clone(),
            detail: seal::open_json(&app.keys, seal::PERSON, &p.detail)?,
        })
    }

    /// Somebody new, by a row; `None` when the row does not say where the person belongs.
    pub fn fresh(row: &MemberRow) -> Option<Self> {
        let mut facts = Self {
            org: row.org?,
            name: String::new(),
            former_name: None,
            sex: row.sex_or_derived().unwrap_or("0").to_owned(),
            birth: row.birth_or_derived().map(|d| d.to_string()),
            number: None,
            id_no: None,
            phone: None,
            stage: String::new(),
            status: None,
            joined: None,
            regular: None,
            detail: Detail::default(),
        };
        facts.apply(row);
        Some(facts)
    }

    /// What a row changes: a blank keeps the old value, 清空 deletes it.
    pub fn apply(&mut self, row: &MemberRow) {
        let date = |d: PartialDate| d.to_string();
        let code = |c: &Cow<'static, str>| c.clone().into_owned();
        if let Some(org) = row.org {
            self.org = org;
        }
        self.name.clone_from(&row.name);
        put(&mut self.former_name, row.former_name.clone());
        put(&mut self.number, row.number.clone());
        put(&mut self.id_no, row.id_no.map(|i| i.as_str().to_owned()));
        put(&mut self.phone, row.phone.clone());
        put(&mut self.birth, row.birth.map(date));
        put(&mut self.status, row.status.as_ref().map(code));
        put(&mut self.joined, row.joined.map(date));
        put(&mut self.regular, row.regular.map(date));
        for (slot, given) in [(&mut self.sex, &row.sex), (&mut self.stage, &row.stage)] {
            if let Some(c) = given {
                *slot = code(c);
            }
        }
        let d = &mut self.detail;
        put(&mut d.ethnicity, row.ethnicity.as_ref().map(code));
        put(&mut d.education, row.education.as_ref().map(code));
        put(&mut d.applied, row.applied.map(date));
        put(&mut d.activist, row.activist.map(date));
        put(&mut d.candidate, row.candidate.map(date));
        d.report_count = row.report_count.or(d.report_count);
        for (list, given) in [(&mut d.reports, &row.reports), (&mut d.observations, &row.observations)] {
            list.extend(given.iter().map(|Numbered { no, date }| (*no, date.to_string())));
        }
        d.extra.extend(row.extra.iter().map(|(k, v)| (k.clone().into_owned(), v.clone())));
        for key in &row.cleared {
            self.clear(key);
        }
    }

    fn clear(&mut self, key: &str) {
        let d = &mut self.detail;
        match key {
            "former_name" => self.former_name = None,
            "phone" => self.phone = None,
            "birth" => self.birth = None,
            "sex" => "0".clone_into(&mut self.sex),
            "status" => self.status = None,
            "joined" => self.joined = None,
            "regular" => self.regular = None,
            "ethnicity" => d.ethnicity = None,
            "education" => d.education = None,
            "applied" => d.applied = None,
            "activist" => d.activist = None,
            "candidate" => d.candidate = None,
            "report_count" => d.report_count = None,
            other => match other.split_once(':').map(|(list, no)| (list, no.parse::<u16>())) {
                Some(("report", Ok(no))) => drop(d.reports.remove(&no)),
                Some(("observation", Ok(no))) => drop(d.observations.remove(&no)),
                _ => drop(d.extra.remove(other)),
            },
        }
    }

    /// As it is stored. What did not change since `old` keeps its sealed bytes.
    pub fn seal(&self, app: &App, frame: &Frame, old: Option<(&Person, &Self)>) -> Result<Person, Fail> {
        let keys = &app.keys;
        let field = |label, value: Option<&String>, kept: Option<(&Option<String>, &Option<Vec<u8>>)>| match (
            value, kept,
        ) {
            (None, _) => Ok(None),
            (Some(v), Some((before, Some(sealed)))) if before.as_ref() == Some(v) => Ok(Some(sealed.clone())),
            (Some(v), _) => seal::text(keys, label, v).map(Some),
        };
        let detail = match old {
            Some((p, before)) if before.detail == self.detail => p.detail.clone(),
            _ => seal::json(keys, seal::PERSON, &self.detail)?,
        };
        let id_key = self.id_no.as_ref().map(|n| {
            let [active, withdrawn] = id_keys(app, n);
            if frame.state == "active" { active.to_vec() } else { withdrawn.to_vec() }
        });
        Ok(Person {
            id: frame.id,
            org: self.org,
            org_no: frame.org_no,
            name: self.name.clone(),
            former_name: self.former_name.clone(),
            sex: self.sex.clone(),
            birth: self.birth.clone(),
            number: self.number.clone(),
            id_enc: field(seal::ID_NO, self.id_no.as_ref(), old.map(|(p, b)| (&b.id_no, &p.id_enc)))?,
            id_key,
            phone_enc: field(seal::PHONE, self.phone.as_ref(), old.map(|(p, b)| (&b.phone, &p.phone_enc)))?,
            stage: self.stage.clone(),
            status: self.status.clone(),
            joined: self.joined.clone(),
            regular: self.regular.clone(),
            detail,
            volumes: frame.volumes,
            state: frame.state.to_owned(),
            version: frame.version,
        })
    }

    /// What somebody is looked up by.
    pub fn keys(&self, app: &App) -> Vec<String> {
        crate::search::person_keys(
            app,
            &self.name,
            self.former_name.as_deref(),
            self.number.as_deref(),
            self.id_no.as_deref(),
        )
    }

    /// Whether both are looked up by the same things.
    pub fn same_names(&self, other: &Self) -> bool {
        (&self.name, &self.former_name, &self.number, &self.id_no)
            == (&other.name, &other.former_name, &other.number, &other.id_no)
    }
}

/// A value that is given takes the place of the old one.
fn put(slot: &mut Option<String>, given: Option<String>) {
    if given.is_some() {
        *slot = given;
    }
}

/// What is different, for the history: identity and telephone numbers are masked, codes
/// are shown by their labels. Nobody before means that the person is new.
pub(super) fn diff(world: &World, before: Option<&Facts>, after: &Facts) -> Vec<FieldChange> {
    let mut changes = Changes(Vec::with_capacity(16));
    let org = |f: &Facts| world.short_name(f.org);
    if before.is_none_or(|b| b.org != after.org) {
        changes.put("org", before.map(org), Some(org(after)));
    }
    for (field, read) in PLAIN {
        changes.plain(field, before.and_then(read), read(after));
    }
    for (field, list, read) in CODED {
        changes.coded(field, list, before.and_then(read), read(after));
    }
    let id = |f: &Facts| f.id_no.as_deref().map(masked_id);
    if before.and_then(|b| b.id_no.as_ref()) != after.id_no.as_ref() {
        changes.put("id_no", before.and_then(id), id(after));
    }
    let phone = |f: &Facts| f.phone.as_deref().map(mask_phone);
    if before.and_then(|b| b.phone.as_ref()) != after.phone.as_ref() {
        changes.put("phone", before.and_then(phone), phone(after));
    }
    let count = |f: &Facts| f.detail.report_count.map(|n| n.to_string());
    changes.owned("report_count", before.and_then(count), count(after));
    let none = BTreeMap::new();
    changes.numbered("report", before.map_or(&none, |b| &b.detail.reports), &after.detail.reports);
    changes.numbered(
        "observation",
        before.map_or(&none, |b| &b.detail.observations),
        &after.detail.observations,
    );
    changes.extra(before.map(|b| &b.detail.extra), &after.detail.extra);
    changes.0
}

/// A number as people may see it.
fn masked_id(id_no: &str) -> String {
    IdNo::parse(id_no).map_or_else(|_| "（号码有误）".to_owned(), |n| n.masked())
}

type Read = fn(&Facts) -> Option<&str>;

/// Fields that are shown as they are.
const PLAIN: [(&str, Read); 9] = [
    ("name", |f| Some(&f.name)),
    ("former_name", |f| f.former_name.as_deref()),
    ("number", |f| f.number.as_deref()),
    ("birth", |f| f.birth.as_deref()),
    ("applied", |f| f.detail.applied.as_deref()),
    ("activist", |f| f.detail.activist.as_deref()),
    ("candidate", |f| f.detail.candidate.as_deref()),
    ("joined", |f| f.joined.as_deref()),
    ("regular", |f| f.regular.as_deref()),
];

/// Fields that are shown by the label of their code.
const CODED: [(&str, &CodeList, Read); 5] = [
    ("sex", &codes::SEX, |f| Some(&f.sex)),
    ("stage", &codes::STAGE, |f| Some(&f.stage)),
    ("status", &codes::STATUS, |f| f.status.as_deref()),
    ("ethnicity", &codes::ETHNICITY, |f| f.detail.ethnicity.as_deref()),
    ("education", &codes::EDUCATION, |f| f.detail.education.as_deref()),
];

struct Changes(Vec<FieldChange>);

impl Changes {
    fn put(&mut self, field: &str, before: Option<String>, after: Option<String>) {
        self.0.push(FieldChange { field: field.to_owned(), label: String::new(), before, after });
    }

    fn owned(&mut self, field: &str, before: Option<String>, after: Option<String>) {
        if before != after {
            self.put(field, before, after);
        }
    }

    fn plain(&mut self, field: &str, before: Option<&str>, after: Option<&str>) {
        if before != after {
            self.put(field, before.map(str::to_owned), after.map(str::to_owned));
        }
    }

    fn coded(&mut self, field: &str, list: &CodeList, before: Option<&str>, after: Option<&str>) {
        if before != after {
            let shown = |c: &str| list.label(c).unwrap_or(c).to_owned();
            self.put(field, before.map(shown), after.map(shown));
        }
    }

    fn numbered(&mut self, list: &str, before: &BTreeMap<u16, String>, after: &BTreeMap<u16, String>) {
        let gone = before.iter().filter(|(no, _)| !after.contains_key(no)).map(|(no, _)| no);
        for no in after.keys().chain(gone) {
            let (b, a) = (before.get(no), after.get(no));
            if b != a {
                self.put(&format!("{list}:{no}"), b.cloned(), a.cloned());
            }
        }
    }

    fn extra(&mut self, before: Option<&BTreeMap<String, String>>, after: &BTreeMap<String, String>) {
        let old = |key: &String| before.and_then(|b| b.get(key));
        let gone = before.into_iter().flat_map(BTreeMap::keys).filter(|k| !after.contains_key(*k));
        for key in after.keys().chain(gone) {
            let (b, a) = (old(key), after.get(key));
            if b != a {
                let show = |v: &String| shown(Kind::Members, key, v);
                self.put(key, b.map(show), a.map(show));
            }
        }
    }
}

/// A stored value for people: the label, where it is a code.
pub(super) fn shown(kind: Kind, key: &str, value: &str) -> String {
    type Lists = HashMap<&'static str, &'static CodeList>;
    static LISTS: LazyLock<[Lists; 2]> = LazyLock::new(|| {
        [Kind::Orgs, Kind::Members].map(|kind| {
            let coded = |f: &'static jz_domain::intake::template::Field| match f.holds {
                Holds::Code(list) => Some((f.key, list)),
                _ => None,
            };
            kind.fields().iter().filter_map(coded).collect()
        })
    });
    let [orgs, members] = &*LISTS;
    let lists = if kind == Kind::Orgs { orgs } else { members };
    lists.get(key).and_then(|list| list.label(value)).unwrap_or(value).to_owned()
}
