//! Creating and changing people by hand.

use super::record::{Detail, PersonRecord, find, record_of};
use crate::{About, App, Cx, Event, Fail, audit::FieldChange, seal, search};
use jz_domain::{
    Id, PartialDate,
    identity::{Action, Object},
    intake::{self, codes, idno::IdNo},
};
use jz_store::{StoreError, org, person};
use serde::Deserialize;

/// Fields of a person; what is not given stays as it is, an empty text clears.
#[derive(Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PersonInput {
    /// Version that was read; not needed for a new person.
    pub version: Option<i64>,
    /// On what evidence, e.g. a document.
    pub basis: Option<String>,
    /// Organisation.
    pub org: Option<Id>,
    /// 姓名.
    pub name: Option<String>,
    /// 曾用名.
    pub former_name: Option<String>,
    /// Code of 性别.
    pub sex: Option<String>,
    /// 出生日期.
    pub birth: Option<String>,
    /// 学号/工号.
    pub number: Option<String>,
    /// 公民身份号码.
    pub id_no: Option<String>,
    /// 手机号码.
    pub phone: Option<String>,
    /// Code of 人员类别.
    pub stage: Option<String>,
    /// Code of 党籍状态.
    pub status: Option<String>,
    /// 入党日期.
    pub joined: Option<String>,
    /// 转正日期.
    pub regular: Option<String>,
    /// Code or label of 民族.
    pub ethnicity: Option<String>,
    /// Code or label of 学历.
    pub education: Option<String>,
    /// 申请入党日期.
    pub applied: Option<String>,
    /// 确定入党积极分子日期.
    pub activist: Option<String>,
    /// 确定发展对象日期.
    pub candidate: Option<String>,
}

/// What somebody is looked up by.
pub(crate) fn keys_of(app: &App, p: &person::Person) -> Result<Vec<String>, Fail> {
    let id_no = p.id_enc.as_ref().map(|s| seal::open_text(&app.keys, seal::ID_NO, s)).transpose()?;
    Ok(search::person_keys(app, &p.name, p.former_name.as_deref(), p.number.as_deref(), id_no.as_deref()))
}

struct Editor<'a> {
    app: &'a App,
    p: person::Person,
    d: Detail,
    changes: Vec<FieldChange>,
}

type Out = Result<(), Fail>;

impl Editor<'_> {
    fn note(&mut self, field: &str, label: &str, before: Option<String>, after: Option<String>) {
        if before != after {
            self.changes.push(FieldChange { field: field.into(), label: label.into(), before, after });
        }
    }

    fn text(value: &str, most: usize, field: &str, label: &str) -> Result<Option<String>, Fail> {
        let v = value.trim();
        if v.chars().count() > most || v.chars().any(char::is_control) {
            return Err(Fail::at(
                "member.text",
                format!("/{field}"),
                format!("{label}不能超过 {most} 个字，不能含有控制字符。"),
            ));
        }
        Ok((!v.is_empty()).then(|| v.to_owned()))
    }

    fn date(value: &str, field: &str, label: &str) -> Result<Option<String>, Fail> {
        let v = value.trim();
        if v.is_empty() {
            return Ok(None);
        }
        let bad = || {
            Fail::at(
                "member.date",
                format!("/{field}"),
                format!("{label}须写成 2024、2024-05 或 2024-05-01，且当天须存在。"),
            )
        };
        Ok(Some(v.parse::<PartialDate>().map_err(|_| bad())?.to_string()))
    }

    fn code(value: &str, list: &codes::CodeList, field: &str) -> Result<Option<String>, Fail> {
        let v = value.trim();
        if v.is_empty() {
            return Ok(None);
        }
        let known = list.label(v).map(|_| v.to_owned()).or_else(|| list.code(v).map(str::to_owned));
        known.map(Some).ok_or_else(|| {
            Fail::at(
                "member.code",
                format!("/{field}"),
                format!("{}中没有这一项，请从列表中选择。", list.name),
            )
        })
    }

    fn plain(&mut self, i: &PersonInput) -> Out {
        if let Some(v) = &i.name {
            let name = Self::text(v, 50, "name", "姓名")?
                .ok_or_else(|| Fail::at("member.name", "/name", "姓名不能为空。"))?;
            let before = std::mem::replace(&mut self.p.name, name.clone());
            self.note("name", "姓名", Some(before).filter(|b| !b.is_empty()), Some(name));
        }
        if let Some(v) = &i.former_name {
            let after = Self::text(v, 50, "former_name", "曾用名")?;
            let before = std::mem::replace(&mut self.p.former_name, after.clone());
            self.note("former_name", "曾用名", before, after);
        }
        if let Some(v) = &i.number {
            let after = Self::text(v, 30, "number", "学号/工号")?;
            let before = std::mem::replace(&mut self.p.number, after.clone());
            self.note("number", "学号/工号", before, after);
        }
        for (v, list, field, label) in [
            (&i.sex, &codes::SEX, "sex", "性别"),
            (&i.stage, &codes::STAGE, "stage", "人员类别"),
            (&i.status, &codes::STATUS, "status", "党籍状态"),
            (&i.ethnicity, &codes::ETHNICITY, "ethnicity", "民族"),
            (&i.education, &codes::EDUCATION, "education", "学历"),
        ] {
            let Some(v) = v else { continue };
            let after = Self::code(v, list, field)?;
            let before = match field {
                "sex" => {
                    Some(std::mem::replace(&mut self.p.sex, after.clone().unwrap_or_else(|| "0".into())))
                }
                "stage" => {
                    let stage = after
                        .clone()
                        .ok_or_else(|| Fail::at("member.stage", "/stage", "人员类别不能为空。"))?;
                    Some(std::mem::replace(&mut self.p.stage, stage))
                }
                "status" => std::mem::replace(&mut self.p.status, after.clone()),
                "ethnicity" => std::mem::replace(&mut self.d.ethnicity, after.clone()),
                _ => std::mem::replace(&mut self.d.education, after.clone()),
            };
            let shown = |c: Option<String>| {
                c.filter(|c| !c.is_empty()).map(|c| list.label(&c).map_or(c.clone(), str::to_owned))
            };
            self.note(field, label, shown(before), shown(after));
        }
        Ok(())
    }

    fn dates(&mut self, i: &PersonInput) -> Out {
        for (v, field, label) in [
            (&i.birth, "birth", "出生日期"),
            (&i.applied, "applied", "申请入党日期"),
            (&i.activist, "activist", "确定入党积极分子日期"),
            (&i.candidate, "candidate", "确定发展对象日期"),
            (&i.joined, "joined", "入党日期"),
            (&i.regular, "regular", "转正日期"),
        ] {
            let Some(v) = v else { continue };
            let after = Self::date(v, field, label)?;
            let slot = match field {
                "birth" => &mut self.p.birth,
                "joined" => &mut self.p.joined,
                "regular" => &mut self.p.regular,
                "applied" => &mut self.d.applied,
                "activist" => &mut self.d.activist,
                _ => &mut self.d.candidate,
            };
            let before = std::mem::replace(slot, after.clone());
            self.note(field, label, before, after);
        }
        Ok(())
    }

    fn numbers(&mut self, i: &PersonInput) -> Out {
        if let Some(v) = &i.id_no {
            let old = self
                .p
                .id_enc
                .as_ref()
                .map(|s| seal::open_text(&self.app.keys, seal::ID_NO, s))
                .transpose()?;
            let new = match v.trim() {
                "" => None,
                t => Some(IdNo::parse(t).map_err(|_| {
                    Fail::at(
                        "member.id-no",
                        "/id_no",
                        "公民身份号码的位数、出生日期或校验位不对，请对照证件核对。",
                    )
                })?),
            };
            self.p.id_enc =
                new.as_ref().map(|n| seal::text(&self.app.keys, seal::ID_NO, n.as_str())).transpose()?;
            self.p.id_key =
                new.as_ref().map(|n| self.app.keys.keyed_index(seal::ID_NO, n.as_str().as_bytes()).to_vec());
            if old.as_deref() != new.as_ref().map(IdNo::as_str) {
                let before = old.as_deref().and_then(|o| IdNo::parse(o).ok()).map(|n| n.masked());
                self.changes.push(FieldChange {
                    field: "id_no".into(),
                    label: "公民身份号码".into(),
                    before,
                    after: new.as_ref().map(IdNo::masked),
                });
            }
        }
        if let Some(v) = &i.phone {
            let old = self
                .p
                .phone_enc
                .as_ref()
                .map(|s| seal::open_text(&self.app.keys, seal::PHONE, s))
                .transpose()?;
            let new = match v.trim() {
                "" => None,
                t if t.len() == 11 && t.starts_with('1') && t.bytes().all(|b| b.is_ascii_digit()) => {
                    Some(t.to_owned())
                }
                _ => return Err(Fail::at("member.phone", "/phone", "手机号码须为 11 位数字，以 1 开头。")),
            };
            self.p.phone_enc =
                new.as_ref().map(|n| seal::text(&self.app.keys, seal::PHONE, n)).transpose()?;
            if old != new {
                let mask = |t: &String| intake::idno::mask_phone(t);
                self.changes.push(FieldChange {
                    field: "phone".into(),
                    label: "手机号码".into(),
                    before: old.as_ref().map(mask),
                    after: new.as_ref().map(mask),
                });
            }
        }
        Ok(())
    }

    fn finish(mut self) -> Result<(person::Person, Vec<FieldChange>), Fail> {
        self.p.detail = seal::json(&self.app.keys, seal::PERSON, &self.d)?;
        Ok((self.p, self.changes))
    }
}

fn target(db: &mut jz_store::Db<'_>, id: Id) -> Result<org::Org, Fail> {
    let o = org::find(db, id)?
        .ok_or_else(|| Fail::at("member.org", "/org", "没有这个组织，请从组织树中选择。"))?;
    if jz_domain::org::kind(&o.kind).is_some_and(|k| k.holds_people) {
        Ok(o)
    } else {
        Err(Fail::at("member.org-kind", "/org", "人员须编入党支部或党小组，不能直接编入党委或党总支。"))
    }
}

fn taken(e: StoreError) -> Fail {
    match e {
        StoreError::Taken => {
            Fail::at("member.id-taken", "/id_no", "系统中已有这个公民身份号码的人员，请先查找核对。")
        }
        other => other.into(),
    }
}

/// A new person.
pub fn create(cx: &Cx<'_>, input: &PersonInput) -> Result<PersonRecord, Fail> {
    let org_id = input.org.ok_or_else(|| Fail::at("member.org", "/org", "请选择所在党支部。"))?;
    for (given, field, label) in [(&input.name, "name", "姓名"), (&input.stage, "stage", "人员类别")] {
        if given.as_deref().is_none_or(|v| v.trim().is_empty()) {
            return Err(Fail::at("member.required", format!("/{field}"), format!("请填写{label}。")));
        }
    }
    cx.change(|c| {
        let place = target(c.db, org_id)?;
        cx.allow(Action::PersonEdit, &Object { org_no: Some(place.span.lo), subject: None })?;
        let id = c.id()?;
        let blank = person::Person {
            id,
            org: place.id,
            org_no: place.span.lo,
            name: String::new(),
            former_name: None,
            sex: "0".into(),
            birth: None,
            number: None,
            id_enc: None,
            id_key: None,
            phone_enc: None,
            stage: String::new(),
            status: None,
            joined: None,
            regular: None,
            detail: Vec::new(),
            volumes: 0,
            state: "active".into(),
            version: 1,
        };
        let mut e = Editor { app: cx.app, p: blank, d: Detail::default(), changes: Vec::new() };
        e.plain(input)?;
        e.dates(input)?;
        e.numbers(input)?;
        e.changes.retain(|c| c.after.is_some());
        let (p, mut changes) = e.finish()?;
        changes.push(FieldChange {
            field: "org".into(),
            label: "所在党支部".into(),
            before: None,
            after: Some(place.short_name),
        });
        person::insert(c.db, &p).map_err(taken)?;
        let keys = keys_of(cx.app, &p)?;
        person::put_keys(c.db, id, p.org_no, &keys, true)?;
        c.event(Event {
            kind: "person.made",
            about: About::person(id, p.org_no),
            subject: id,
            happened: None,
            basis: input.basis.as_deref(),
            changes,
        })?;
        record_of(cx, c.db, &p)
    })
}

/// Changes a person.
pub fn edit(cx: &Cx<'_>, id: Id, input: &PersonInput) -> Result<PersonRecord, Fail> {
    let version =
        input.version.ok_or_else(|| Fail::at("member.version", "/version", "请刷新页面后再修改。"))?;
    cx.change(|c| {
        let old = find(c.db, id)?;
        cx.allow(Action::PersonEdit, &Object { org_no: Some(old.org_no), subject: Some(id) })?;
        if old.version != version {
            return Err(StoreError::Conflict.into());
        }
        let d = seal::open_json(&cx.app.keys, seal::PERSON, &old.detail)?;
        let mut e = Editor { app: cx.app, p: old.clone(), d, changes: Vec::new() };
        e.plain(input)?;
        e.dates(input)?;
        e.numbers(input)?;
        if let Some(o) = input.org.filter(|o| *o != old.org) {
            let place = target(c.db, o)?;
            // Moving somebody needs the right on both sides.
            cx.allow(Action::PersonEdit, &Object { org_no: Some(place.span.lo), subject: Some(id) })?;
            let before = org::find(c.db, old.org)?.map(|o| o.short_name);
            e.p.org = place.id;
            e.p.org_no = place.span.lo;
            e.note("org", "所在党支部", before, Some(place.short_name));
        }
        let (p, changes) = e.finish()?;
        if changes.is_empty() {
            return Err(Fail::refused("member.same", "没有改动。"));
        }
        person::update(c.db, &old, &p).map_err(taken)?;
        let keys = keys_of(cx.app, &p)?;
        person::put_keys(c.db, id, p.org_no, &keys, false)?;
        if p.org_no != old.org_no {
            crate::volume::follow(c, &p)?;
        }
        c.event(Event {
            kind: "person.edited",
            about: About::person(id, p.org_no),
            subject: id,
            happened: None,
            basis: input.basis.as_deref(),
            changes,
        })?;
        let now = find(c.db, id)?;
        record_of(cx, c.db, &now)
    })
}
