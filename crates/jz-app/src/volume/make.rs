//! New volumes and their numbers.

use super::{
    load::{self, Account, lock, put_revision},
    view::{self, VolumeRecord},
};
use crate::{About, Change, Cx, Event, Fail, audit::FieldChange};
use jz_domain::{
    Id,
    identity::{Action, Object},
    volume::{self as rules, Catalogue, Scheme},
};
use jz_store::{Db, StoreError, person, setting, volume};
use serde::Deserialize;

/// A new volume.
#[derive(Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewVolume {
    /// Whose.
    pub person: Id,
    /// Code of the class scheme.
    pub scheme: String,
}

/// Attempts at a number that somebody else takes at the same moment.
const TRIES: u32 = 5;

/// Runs a change again while its new number was taken by somebody else meanwhile.
pub(super) fn retried<T>(mut f: impl FnMut() -> Result<T, Fail>) -> Result<T, Fail> {
    let mut left = TRIES;
    loop {
        match f() {
            Err(Fail::Store(StoreError::Taken)) if left > 1 => left -= 1,
            other => return other,
        }
    }
}

/// Makes an empty volume.
pub fn create(cx: &Cx<'_>, input: &NewVolume) -> Result<VolumeRecord, Fail> {
    let scheme = rules::scheme(&input.scheme)
        .ok_or_else(|| Fail::at("volume.scheme", "/scheme", "没有这个分类方案，请从列表中选择。"))?;
    retried(|| {
        cx.change(|c| {
            let gone = |_| Fail::at("volume.person", "/person", "没有这个人，或者不在您的管理范围内。");
            let owner = lock(c.db, input.person).map_err(gone)?;
            cx.allow(Action::VolumeEdit, &Object { org_no: Some(owner.org_no), subject: Some(owner.id) })?;
            if let Some(v) = volume::of_person(c.db, owner.id)?.iter().find(|v| v.scheme == scheme.code) {
                return Err(Fail::at(
                    "volume.exists",
                    "/scheme",
                    format!("此人已有“{}”案卷 {}，请直接打开。", scheme.name, v.no),
                ));
            }
            let v = open_volume(c, &owner, scheme, &[])?;
            let loaded = load::load(c.db, v)?;
            view::record(cx, c.db, &loaded)
        })
    })
}

/// Makes a volume inside a change: number, first revision, counter, event. The person
/// must be locked.
pub(super) fn open_volume(
    c: &mut Change<'_, '_>,
    owner: &person::Person,
    scheme: &'static Scheme,
    more: &[FieldChange],
) -> Result<volume::Volume, Fail> {
    let id = load::fresh(c, |db, id| Ok(volume::find(db, id)?.is_some()))?;
    let v = volume::Volume {
        id,
        no: next_no(c.db, scheme, &c.cx.today())?,
        person: owner.id,
        org_no: owner.org_no,
        scheme: scheme.code.to_owned(),
        // Personnel files are for inside use, whoever keeps them (`domain-archives` 1.10).
        secrecy: "1".to_owned(),
        state: "active".to_owned(),
        rev: 1,
        materials: 0,
        pages: 0,
        made: c.cx.now,
    };
    volume::insert(c.db, &v)?;
    put_revision(c, &v, &Catalogue::default(), &Account { kind: "made".into(), ..Account::default() }, None)?;
    count_volumes(c.db, owner)?;
    let mut changes = vec![
        FieldChange { field: "no".into(), label: "档号".into(), before: None, after: Some(v.no.clone()) },
        FieldChange {
            field: "scheme".into(),
            label: "分类方案".into(),
            before: None,
            after: Some(scheme.name.to_owned()),
        },
    ];
    changes.extend_from_slice(more);
    c.event(Event {
        kind: "volume.made",
        about: About::of("volume", v.id, owner.id, owner.org_no),
        subject: owner.id,
        happened: None,
        basis: None,
        changes,
    })?;
    Ok(v)
}

/// The person's number of volumes. The version stays: an open form is not disturbed.
pub(super) fn count_volumes(db: &mut Db<'_>, owner: &person::Person) -> Result<(), Fail> {
    let volumes = volume::of_person(db, owner.id)?.len() as i64;
    person::update(db, owner, &person::Person { volumes, ..owner.clone() })?;
    Ok(())
}

/// `A001-RS-`, `A001-RS·DY-`, `A001-RS·XS·2026-`.
fn prefix(fonds: &str, scheme: &Scheme, day: &str) -> String {
    match scheme.code {
        "PARTY" => format!("{fonds}-RS·DY-"),
        "STUDENT" => format!("{fonds}-RS·XS·{}-", day.get(..4).unwrap_or(day)),
        _ => format!("{fonds}-RS-"),
    }
}

/// The next free 档号 of a scheme.
fn next_no(db: &mut Db<'_>, scheme: &Scheme, day: &str) -> Result<String, Fail> {
    let fonds = setting::get(db, "fonds")?.unwrap_or_else(|| "A001".to_owned());
    let prefix = prefix(&fonds, scheme, day);
    // A colon follows the digits: the range holds the numbers of this prefix only.
    let last = volume::last_no(db, &format!("{prefix}0"), &format!("{prefix}:"))?;
    let last: u64 = last.as_deref().and_then(|n| n.strip_prefix(&prefix)?.parse().ok()).unwrap_or(0);
    Ok(format!("{prefix}{:06}", last + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_tell_the_kind_of_volume() {
        let cases = [
            ("CADRE-2018", "A001-RS-"),
            ("CADRE-2009", "A001-RS-"),
            ("PARTY", "A001-RS·DY-"),
            ("STUDENT", "A001-RS·XS·2026-"),
        ];
        for (code, want) in cases {
            let got = rules::scheme(code).map(|s| prefix("A001", s, "2026-11-24"));
            assert_eq!(got.as_deref(), Some(want), "{code}");
        }
    }
}
