//! What an import will do: volumes, their materials and pages, and who they are about.

use super::files::Files;
use crate::{
    App, Cx, Fail, seal,
    volume::parts::scratch,
    worker::{Op, Trouble},
};
use jz_domain::{
    Id,
    identity::{Action, Denied, Object},
    intake::{
        Cell, Severity,
        catalogue::{CatalogueFile, PersonHint, read_catalogue},
        folders::{
            self, FolderFinding, Layout, Unmatched, VolumeFiles, VolumePlan, parse_json, parse_manifest,
        },
        text::squeeze,
    },
    volume::{self as rules, Catalogue, Op as Edit, Scheme},
};
use jz_store::{Db, person, volume};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, io::Write as _};

/// A whole import.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Plan {
    pub layout: Layout,
    pub volumes: Vec<Planned>,
    pub unmatched: Vec<Unmatched>,
    /// SHA-256 of each file of an upload; empty for a folder of this machine.
    #[serde(default)]
    pub digests: BTreeMap<String, String>,
}

/// One volume of an import.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Planned {
    pub plan: VolumePlan,
    /// Code of the class scheme.
    pub scheme: String,
    /// Whose it is, when that is known.
    pub person: Option<Id>,
    /// Name as stored.
    pub person_name: Option<String>,
    /// Why it is not filed.
    pub refused: Option<String>,
    /// SHA-256 by path, where the hand-over brings them.
    #[serde(default)]
    pub expected: BTreeMap<String, String>,
}

/// Rows of one catalogue; more are no catalogue of one person.
const MOST_ROWS: usize = 20_000;
/// Bytes of these rows on their way from the worker process.
const MOST_ROW_BYTES: usize = 64 << 20;
/// Bytes of `catalog.json` or a manifest.
const MOST_JSON: usize = 8 << 20;

/// Makes the plan. Nothing is written.
pub(super) fn plan(cx: &Cx<'_>, layout: Layout, paths: &[String], files: &dyn Files) -> Result<Plan, Fail> {
    let found = folders::discover(layout, paths);
    let mut out = Plan { layout, volumes: Vec::new(), unmatched: found.unmatched, digests: BTreeMap::new() };
    for volume in &found.volumes {
        let mut planned = one(cx.app, layout, volume, files)?;
        settle(cx, &mut planned)?;
        out.unmatched.append(&mut planned.plan.unmatched);
        if let Some(reason) = &planned.refused {
            out.unmatched.push(Unmatched { path: planned.plan.root.clone(), reason: reason.clone() });
        }
        out.volumes.push(planned);
    }
    Ok(out)
}

fn one(app: &App, layout: Layout, v: &VolumeFiles, files: &dyn Files) -> Result<Planned, Fail> {
    let (code, catalogue) = match catalogue(app, v, files)? {
        Ok(read) => read,
        Err((path, code, message)) => {
            let scheme = rules::scheme("CADRE-2018").unwrap_or(&rules::SCHEMES[0]);
            let mut plan = folders::plan_volume(layout, v, Some(&CatalogueFile::default()), scheme);
            // Only this is worth saying: without a catalogue nothing else can fit.
            plan.findings =
                vec![FolderFinding { path, code: code.into(), severity: Severity::Error, message }];
            return Ok(Planned::of(plan, scheme));
        }
    };
    let scheme =
        code.as_deref().and_then(rules::scheme).unwrap_or_else(|| guess_scheme(catalogue.as_ref(), v));
    let mut plan = folders::plan_volume(layout, v, catalogue.as_ref(), scheme);
    check_rows(&mut plan, scheme);
    let mut planned = Planned::of(plan, scheme);
    for path in &v.manifests {
        if path.ends_with("manifest-sha256.txt")
            && let Ok(text) = text_of(files, path)
        {
            let full = |inside: String| match v.root.as_str() {
                "" => inside,
                root => format!("{root}/{inside}"),
            };
            planned.expected = parse_manifest(&text).into_iter().map(|(p, d)| (full(p), d)).collect();
        }
    }
    Ok(planned)
}

impl Planned {
    fn of(plan: VolumePlan, scheme: &Scheme) -> Self {
        Self {
            plan,
            scheme: scheme.code.to_owned(),
            person: None,
            person_name: None,
            refused: None,
            expected: BTreeMap::new(),
        }
    }
}

type Unreadable = (String, &'static str, String);
type Catalogued = (Option<String>, Option<CatalogueFile>);

/// What the workbook or the JSON of a volume says; none when there is neither.
fn catalogue(app: &App, v: &VolumeFiles, files: &dyn Files) -> Result<Result<Catalogued, Unreadable>, Fail> {
    if let (Some(catalog), Some(person)) = (&v.catalog_json, &v.person_json) {
        let texts = text_of(files, catalog).and_then(|c| Ok((c, text_of(files, person)?)));
        return Ok(match texts {
            Ok((c, p)) => match parse_json(&c, &p) {
                Ok((scheme, file)) => Ok((Some(scheme), Some(file))),
                Err(e) => Err((catalog.clone(), "CATALOGUE_UNREADABLE", e.zh())),
            },
            Err(message) => Err((catalog.clone(), "CATALOGUE_UNREADABLE", message)),
        });
    }
    let Some(path) = &v.workbook else { return Ok(Ok((None, None))) };
    Ok(match sheets(app, &files.read(path)?)? {
        Ok(sheets) => Ok((None, Some(read_catalogue(&sheets)))),
        Err(t) => Err((path.clone(), "CATALOGUE_UNREADABLE", t.zh)),
    })
}

fn text_of(files: &dyn Files, path: &str) -> Result<String, String> {
    let sentence = || "文件读不出或不是 UTF-8 文本，请重新导出后再试。".to_owned();
    let bytes = files.read(path).map_err(|_| sentence())?;
    if bytes.len() > MOST_JSON {
        return Err(sentence());
    }
    String::from_utf8(bytes).map_err(|_| sentence())
}

type Sheets = Vec<(String, Vec<(u32, Vec<Cell>)>)>;

/// The visible sheets of a workbook, read by the worker process.
fn sheets(app: &App, bytes: &[u8]) -> Result<Result<Sheets, Trouble>, Fail> {
    #[derive(Deserialize)]
    struct Message {
        #[serde(default)]
        sheets: Vec<(String, bool)>,
        #[serde(default)]
        sheet: usize,
        #[serde(default)]
        rows: Vec<(u32, Vec<Cell>)>,
    }
    let mut file = scratch(app)?;
    file.write_all(bytes)?;
    let (mut out, mut hidden, mut count, mut size) = (Sheets::new(), Vec::new(), 0, 0);
    let op = Op::Sheets { path: file.path().to_owned(), name: "目录".into() };
    let answer = app.workers.call(&op, Vec::new(), |f| {
        size += f.head.len();
        let m: Message = f.parse()?;
        for (name, is_hidden) in m.sheets {
            out.push((name, Vec::new()));
            hidden.push(is_hidden);
        }
        count += m.rows.len();
        if count <= MOST_ROWS
            && size <= MOST_ROW_BYTES
            && let Some((_, rows)) = out.get_mut(m.sheet)
        {
            rows.extend(m.rows);
        }
        Ok(())
    })?;
    if let Err(t) = answer {
        return Ok(Err(t));
    }
    let mut visible = hidden.into_iter().map(|h: bool| !h);
    out.retain(|_| visible.next().unwrap_or(true));
    Ok(Ok(out))
}

/// Classes tell student and Party files; folder names tell the two cadre schemes apart,
/// which share their codes.
fn guess_scheme(catalogue: Option<&CatalogueFile>, v: &VolumeFiles) -> &'static Scheme {
    let first = catalogue.and_then(|c| c.items.first()).map_or("", |i| i.class_code.as_str());
    let code = match first.chars().next() {
        Some('S') => "STUDENT",
        Some('P') => "PARTY",
        _ => {
            let votes = |code: &str| rules::scheme(code).map_or(0, |s| votes_for(s, &v.files));
            if votes("CADRE-2009") > votes("CADRE-2018") { "CADRE-2009" } else { "CADRE-2018" }
        }
    };
    rules::scheme(code).unwrap_or(&rules::SCHEMES[0])
}

/// How many folders carry a name of the scheme's classes.
fn votes_for(scheme: &Scheme, files: &[String]) -> usize {
    let folders: std::collections::BTreeSet<&str> = files.iter().flat_map(|f| f.split('/')).collect();
    let named = |folder: &str| {
        let name = folder.trim_start_matches(|c: char| c.is_ascii_digit() || "-. _".contains(c));
        !name.is_empty() && scheme.classes.iter().any(|c| c.label == name || c.name == name)
    };
    folders.into_iter().filter(|f| named(f)).count()
}

/// Rows that the catalogue would refuse later are said now.
fn check_rows(plan: &mut VolumePlan, scheme: &Scheme) {
    for m in &plan.materials {
        let i = &m.item;
        let add = add_op(Id(1), i);
        if let Err(e) = Catalogue::default().apply(scheme, std::slice::from_ref(&add)) {
            let text = format!("材料 {}-{} 不能登记：{}", i.class_code, i.seq, e.zh);
            plan.findings.push(FolderFinding {
                path: plan.root.clone(),
                code: "MATERIAL_INVALID".into(),
                severity: Severity::Error,
                message: text,
            });
        }
    }
}

/// The edit that registers a planned material.
pub(super) fn add_op(id: Id, i: &jz_domain::intake::catalogue::CatalogueItem) -> Edit {
    Edit::Add {
        id,
        class_code: i.class_code.clone(),
        title: i.title.clone(),
        formed: i.formed,
        page_count: i.page_count.map(i64::from),
        copies: i.copies.map_or(1, i64::from),
        remark: i.remark.clone(),
        at: None,
    }
}

/// Finds the person, and says why a volume is not filed.
fn settle(cx: &Cx<'_>, planned: &mut Planned) -> Result<(), Fail> {
    let errors: Vec<&FolderFinding> =
        planned.plan.findings.iter().filter(|f| f.severity == Severity::Error).collect();
    if let Some(first) = errors.first() {
        let more = match errors.len() {
            1 => String::new(),
            n => format!("（共 {n} 处错误）"),
        };
        planned.refused = Some(format!("案卷有错误，未导入：{}{more}", first.message));
    }
    let hint = planned.plan.person.clone();
    let found = cx.app.store.read(|db| {
        let found = match_person(cx, db, &hint)?;
        if let Ok(p) = &found
            && let Some(scheme) = scheme_of_old(db, p.id, &planned.scheme)?
        {
            planned.scheme = scheme;
        }
        Ok::<_, Fail>(found)
    })?;
    match found {
        Ok(p) => {
            planned.person = Some(p.id);
            planned.person_name = Some(p.name);
        }
        Err(reason) if planned.refused.is_none() => {
            planned.plan.findings.push(FolderFinding {
                path: planned.plan.root.clone(),
                code: "PERSON_NOT_FOUND".into(),
                severity: Severity::Error,
                message: reason.clone(),
            });
            planned.refused = Some(reason);
        }
        Err(_) => {}
    }
    Ok(())
}

/// A person who has a cadre volume keeps its scheme: old files are not sorted anew.
fn scheme_of_old(db: &mut Db<'_>, person: Id, scheme: &str) -> Result<Option<String>, Fail> {
    if !scheme.starts_with("CADRE-") {
        return Ok(None);
    }
    let old = volume::of_person(db, person)?;
    Ok(old.into_iter().map(|v| v.scheme).find(|s| s.starts_with("CADRE-")))
}

/// By 公民身份号码, else by 学号/工号 and name. A number alone is not enough: numbers are
/// given again, names are not unique.
fn match_person(
    cx: &Cx<'_>,
    db: &mut Db<'_>,
    hint: &PersonHint,
) -> Result<Result<person::Person, String>, Fail> {
    let no = |text: &str| Ok(Err(text.to_owned()));
    let same_name = |p: &person::Person| {
        let name = squeeze(&hint.name);
        squeeze(&p.name) == name || p.former_name.as_deref().is_some_and(|f| squeeze(f) == name)
    };
    let mut found = None;
    if let Some(id_no) = &hint.id_no {
        let key = cx.app.keys.keyed_index(seal::ID_NO, id_no.as_str().as_bytes());
        found = person::by_id_key(db, &key)?;
    }
    let by_id = found.is_some();
    if found.is_none()
        && let Some(number) = &hint.number
    {
        let mut fits: Vec<person::Person> = person::by_number(db, number)?
            .into_iter()
            .filter(|p| p.state == "active" && same_name(p))
            .collect();
        if fits.len() > 1 {
            return no("有几个人的学号/工号和姓名都相同，无法确定是谁的案卷；请在“基本信息”中填写身份证号。");
        }
        found = fits.pop();
        // The same number and name with another identity number is another person.
        if let (Some(p), Some(_)) = (&found, &hint.id_no)
            && p.id_key.is_some()
        {
            return no("学号/工号和姓名与名册中的一人相同，但身份证号不同，请核对后重新导入。");
        }
    }
    let may = |p: &person::Person| {
        let place = Object { org_no: Some(p.org_no), subject: Some(p.id) };
        cx.allow(Action::VolumeEdit, &place)
    };
    match found.filter(|p| p.state == "active") {
        None => no(
            "名册中没有这个人（身份证号、学号/工号都对不上），案卷未导入；请先导入人员名册，或改正“基本信息”后重新导入。",
        ),
        Some(p) => match may(&p) {
            Err(Fail::Denied(d @ Denied::OwnFile(_))) => no(d.zh()),
            Err(_) => no("此人不在您的管理范围内，案卷未导入。"),
            Ok(_) if by_id && !hint.name.is_empty() && !same_name(&p) => no(
                "身份证号属于名册中的另一个姓名，请核对是否放错了案卷；如已改名，请先在人员信息中登记曾用名。",
            ),
            Ok(_) => Ok(Ok(p)),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folder_names_tell_the_cadre_schemes_apart() {
        let files = |names: &[&str]| VolumeFiles {
            files: names.iter().map(|n| format!("甲/{n}/0101.jpg")).collect(),
            ..VolumeFiles::default()
        };
        let cases = [
            (vec!["6.参加党团材料", "7.表彰奖励材料"], "CADRE-2009"),
            (vec!["6.党、团材料", "8.违规违纪违法处理处分材料"], "CADRE-2018"),
            (vec!["1", "2"], "CADRE-2018"),
        ];
        for (names, want) in cases {
            assert_eq!(guess_scheme(None, &files(&names)).code, want, "{names:?}");
        }
    }
}
