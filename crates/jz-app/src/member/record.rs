//! One person's record.

use crate::{About, Cx, Fail, audit, seal};
use jz_domain::{
    Id,
    identity::{Action, Object},
    intake::{self, idno},
    member as rules,
};
use jz_store::{Db, org, person};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The sealed part of a person.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Detail {
    /// Code of 民族.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ethnicity: Option<String>,
    /// Code of 学历.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub education: Option<String>,
    /// 申请入党日期.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub applied: Option<String>,
    /// 确定入党积极分子日期.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activist: Option<String>,
    /// 确定发展对象日期.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub candidate: Option<String>,
    /// 思想汇报, number → date.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub reports: BTreeMap<u16, String>,
    /// 半年考察, number → date.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub observations: BTreeMap<u16, String>,
    /// 思想汇报总篇数 as handed over; may contradict the dates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report_count: Option<u32>,
    /// Other known columns.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub extra: BTreeMap<String, String>,
}

/// A line of the list.
#[derive(Clone, Serialize, utoipa::ToSchema)]
pub struct PersonRow {
    /// Id.
    pub id: Id,
    /// Organisation.
    pub org: Id,
    /// Its short name.
    pub org_name: String,
    /// 姓名.
    pub name: String,
    /// 曾用名.
    pub former_name: Option<String>,
    /// Code of the sex.
    pub sex: String,
    /// Its label.
    pub sex_label: String,
    /// 出生日期.
    pub birth: Option<String>,
    /// 学号/工号.
    pub number: Option<String>,
    /// 公民身份号码, masked.
    pub id_masked: Option<String>,
    /// 手机号码, masked.
    pub phone_masked: Option<String>,
    /// Code of 人员类别.
    pub stage: String,
    /// Its label.
    pub stage_label: String,
    /// Code of 党籍状态.
    pub status: Option<String>,
    /// Its label.
    pub status_label: Option<String>,
    /// 入党日期.
    pub joined: Option<String>,
    /// 转正日期.
    pub regular: Option<String>,
    /// How many volumes.
    pub volumes: i64,
}

/// One labelled value.
#[derive(Clone, Serialize, utoipa::ToSchema)]
pub struct LabelledValue {
    /// Key.
    pub key: String,
    /// Label.
    pub label: String,
    /// Value.
    pub value: String,
}

/// A volume of the person.
#[derive(Clone, Serialize, utoipa::ToSchema)]
pub struct PersonVolume {
    /// Id.
    pub id: Id,
    /// 档号.
    pub no: String,
    /// Name of the scheme.
    pub scheme_label: String,
    /// Materials.
    pub materials: i64,
    /// Pages.
    pub pages: i64,
}

/// The whole record.
#[derive(Clone, Serialize, utoipa::ToSchema)]
pub struct PersonRecord {
    /// The line of the list.
    #[serde(flatten)]
    pub row: PersonRow,
    /// Label of 民族.
    pub ethnicity: Option<String>,
    /// Label of 学历.
    pub education: Option<String>,
    /// 申请入党日期.
    pub applied: Option<String>,
    /// 确定入党积极分子日期.
    pub activist: Option<String>,
    /// 确定发展对象日期.
    pub candidate: Option<String>,
    /// 思想汇报 dates in order.
    pub reports: Vec<String>,
    /// Other known columns.
    pub extra: Vec<LabelledValue>,
    /// Volumes the actor may see.
    pub volume_list: Vec<PersonVolume>,
    /// Optimistic lock.
    pub version: i64,
    /// Codes of what the actor may do with this person.
    pub actions: Vec<&'static str>,
}

/// Numbers in full.
#[derive(Clone, Serialize, utoipa::ToSchema)]
pub struct Revealed {
    /// 公民身份号码.
    pub id_no: Option<String>,
    /// 手机号码.
    pub phone: Option<String>,
}

/// Short names of organisations, looked up once per answer.
#[derive(Default)]
pub(crate) struct Names(BTreeMap<Id, String>);

impl Names {
    pub(crate) fn org(&mut self, db: &mut Db<'_>, id: Id) -> Result<String, Fail> {
        if let Some(n) = self.0.get(&id) {
            return Ok(n.clone());
        }
        let name = org::find(db, id)?.map(|o| o.short_name).unwrap_or_default();
        self.0.insert(id, name.clone());
        Ok(name)
    }
}

fn masked_id(cx: &Cx<'_>, p: &person::Person) -> Result<Option<String>, Fail> {
    let Some(sealed) = &p.id_enc else { return Ok(None) };
    let plain = seal::open_text(&cx.app.keys, seal::ID_NO, sealed)?;
    Ok(Some(idno::IdNo::parse(&plain).map_or_else(|_| "（号码有误）".to_owned(), |n| n.masked())))
}

fn masked_phone(cx: &Cx<'_>, p: &person::Person) -> Result<Option<String>, Fail> {
    let Some(sealed) = &p.phone_enc else { return Ok(None) };
    Ok(Some(idno::mask_phone(&seal::open_text(&cx.app.keys, seal::PHONE, sealed)?)))
}

/// The line of the list for a person.
pub(crate) fn row_view(
    cx: &Cx<'_>,
    db: &mut Db<'_>,
    names: &mut Names,
    p: &person::Person,
) -> Result<PersonRow, Fail> {
    Ok(PersonRow {
        id: p.id,
        org: p.org,
        org_name: names.org(db, p.org)?,
        id_masked: masked_id(cx, p)?,
        phone_masked: masked_phone(cx, p)?,
        name: p.name.clone(),
        former_name: p.former_name.clone(),
        sex_label: rules::label(rules::SEXES, &p.sex).to_owned(),
        sex: p.sex.clone(),
        birth: p.birth.clone(),
        number: p.number.clone(),
        stage_label: rules::label(rules::STAGES, &p.stage).to_owned(),
        stage: p.stage.clone(),
        status_label: p.status.as_deref().map(|s| rules::label(rules::STATUSES, s).to_owned()),
        status: p.status.clone(),
        joined: p.joined.clone(),
        regular: p.regular.clone(),
        volumes: p.volumes,
    })
}

fn label(list: &intake::codes::CodeList, code: Option<&String>) -> Option<String> {
    code.map(|c| list.label(c).map_or_else(|| c.clone(), str::to_owned))
}

/// Reads a record inside a transaction, without a line in the ledger.
pub(crate) fn record_of(cx: &Cx<'_>, db: &mut Db<'_>, p: &person::Person) -> Result<PersonRecord, Fail> {
    let mut names = Names::default();
    let d: Detail = seal::open_json(&cx.app.keys, seal::PERSON, &p.detail)?;
    let place = Object { org_no: Some(p.org_no), subject: Some(p.id) };
    let may = |a: Action| cx.allow(a, &place).is_ok();
    let volume_list = if may(Action::VolumeRead) {
        jz_store::volume::of_person(db, p.id)?
            .into_iter()
            .map(|v| PersonVolume {
                id: v.id,
                scheme_label: jz_domain::volume::scheme(&v.scheme)
                    .map_or(v.scheme.clone(), |s| s.name.to_owned()),
                no: v.no,
                materials: v.materials,
                pages: v.pages,
            })
            .collect()
    } else {
        Vec::new()
    };
    Ok(PersonRecord {
        row: row_view(cx, db, &mut names, p)?,
        ethnicity: label(&intake::codes::ETHNICITY, d.ethnicity.as_ref()),
        education: label(&intake::codes::EDUCATION, d.education.as_ref()),
        applied: d.applied,
        activist: d.activist,
        candidate: d.candidate,
        reports: d.reports.into_values().collect(),
        extra: d
            .extra
            .into_iter()
            .map(|(key, value)| LabelledValue {
                label: intake::label_of(intake::Kind::Members, &key),
                key,
                value,
            })
            .collect(),
        volume_list,
        version: p.version,
        actions: [
            Action::PersonEdit,
            Action::PersonReveal,
            Action::PersonHistory,
            Action::PersonLooks,
            Action::VolumeRead,
            Action::VolumeEdit,
            Action::PageView,
        ]
        .into_iter()
        .filter(|a| may(*a))
        .map(Action::code)
        .collect(),
    })
}

pub(crate) fn find(db: &mut Db<'_>, id: Id) -> Result<person::Person, Fail> {
    person::find(db, id)?.filter(|p| p.state == "active").ok_or(Fail::NotFound)
}

fn place(p: &person::Person) -> Object {
    Object { org_no: Some(p.org_no), subject: Some(p.id) }
}

/// Opens a record: a line in the ledger, then the answer.
pub fn read(cx: &Cx<'_>, id: Id) -> Result<PersonRecord, Fail> {
    let p = cx.app.store.read(|db| find(db, id))?;
    cx.allow(Action::PersonRead, &place(&p))?;
    cx.look(Action::PersonRead, &About::person(id, p.org_no), None, |db| {
        let p = find(db, id)?;
        record_of(cx, db, &p)
    })
}

/// Identity and telephone number in full, for a stated reason.
pub fn reveal(cx: &Cx<'_>, id: Id, reason: &str) -> Result<Revealed, Fail> {
    let reason = reason.trim();
    if !(2..=200).contains(&reason.chars().count()) {
        return Err(Fail::at("member.reason", "/reason", "请写明查看完整号码的事由（2 至 200 个字）。"));
    }
    let p = cx.app.store.read(|db| find(db, id))?;
    cx.allow(Action::PersonReveal, &place(&p))?;
    cx.look(Action::PersonReveal, &About::person(id, p.org_no), Some(reason), |db| {
        let p = find(db, id)?;
        let open = |label, sealed: &Option<Vec<u8>>| {
            sealed.as_ref().map(|s| seal::open_text(&cx.app.keys, label, s)).transpose()
        };
        Ok(Revealed { id_no: open(seal::ID_NO, &p.id_enc)?, phone: open(seal::PHONE, &p.phone_enc)? })
    })
}

/// The history of changes, newest first.
pub fn history(cx: &Cx<'_>, id: Id) -> Result<Vec<audit::EventView>, Fail> {
    let p = cx.app.store.read(|db| find(db, id))?;
    cx.allow(Action::PersonHistory, &place(&p))?;
    cx.look(Action::PersonHistory, &About::person(id, p.org_no), None, |_| Ok(()))?;
    audit::history(cx, id, 200)
}

/// Who looked at the file, newest first.
pub fn looks(cx: &Cx<'_>, id: Id) -> Result<Vec<audit::Look>, Fail> {
    let p = cx.app.store.read(|db| find(db, id))?;
    cx.allow(Action::PersonLooks, &place(&p))?;
    audit::looks(cx, id, 200)
}

/// A receipt for one look, for those who may see the looks.
pub fn look_receipt(cx: &Cx<'_>, id: Id, seq: u64) -> Result<String, Fail> {
    let p = cx.app.store.read(|db| find(db, id))?;
    cx.allow(Action::PersonLooks, &place(&p))?;
    audit::look_receipt(cx, &About::person(id, p.org_no), seq)
}
