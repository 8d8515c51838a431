//! Organisations from a workbook, put together as a tree.
//!
//! A parent may stand further down in the file, or be there already. Whoever hangs on a
//! row that cannot be taken cannot be taken either, and the sentence says which row.

use super::{
    finding::{self, Finding, Severity},
    lookup::{OrgHit, OrgIndex},
    row::{RowReader, Slot, Value},
    template::Holds,
};
use crate::{Id, PartialDate};
use serde::{Deserialize, Serialize};
use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet, HashMap},
};

/// One organisation as a row. A field that is `None` was blank and keeps its old value,
/// unless its key is in `cleared`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct OrgRow {
    /// Row as shown in Excel.
    pub row: u32,
    /// 党组织全称
    pub full_name: String,
    /// 简称
    pub short_name: Option<String>,
    /// Code of 组织类别.
    pub kind: Option<Cow<'static, str>>,
    /// 上级党组织 as written.
    pub parent_name: Option<String>,
    /// 成立日期
    pub founded: Option<PartialDate>,
    /// 本届起始日期
    pub term_from: Option<PartialDate>,
    /// 本届届满日期
    pub term_to: Option<PartialDate>,
    /// 是否具有审批预备党员权限
    pub can_approve: Option<bool>,
    /// Other known columns: `approval_no`, `unit`, `secretary`, `deputy`, `contact`, `phone`, `remark`.
    pub extra: BTreeMap<Cow<'static, str>, String>,
    /// Keys of fields that hold 清空.
    pub cleared: BTreeSet<Cow<'static, str>>,
}

/// Where an organisation hangs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlannedParent {
    /// At the top.
    Root,
    /// Below one that is there.
    Existing(Id),
    /// Below another one of the plan, which comes earlier in the list.
    Planned(usize),
    /// Where it hangs now: it is known, and the cell was blank.
    Keep,
}

/// An organisation that can be taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedOrg {
    /// Name of the sheet.
    pub sheet: String,
    /// What the row says.
    pub row: OrgRow,
    /// The one it changes, if it is known.
    pub existing: Option<Id>,
    /// Where it hangs.
    pub parent: PlannedParent,
}

/// Reads one row.
pub(super) fn read(mut reader: RowReader<'_>, slots: &[Slot]) -> (OrgRow, Vec<Finding>) {
    let mut row = OrgRow { row: reader.row, ..OrgRow::default() };
    for slot in slots {
        let Some(field) = slot.field else { continue };
        // The name of the parent is looked up when all rows are known.
        if matches!(field.holds, Holds::Org) {
            let cell = reader.cells.get(slot.at).filter(|c| !c.is_blank());
            row.parent_name = cell
                .map(|c| c.cleaned().into_owned())
                .filter(|t| !matches!(t.as_str(), "无" | "-" | "/" | "—"));
            continue;
        }
        match (field.key, reader.read(*slot)) {
            (_, Some(Value::Clear)) if field.required => {
                reader.say(*slot, finding::REQUIRED_MISSING, Severity::Error, "{}不能清空，请填写实际内容。");
            }
            (key, Some(Value::Clear)) => drop(row.cleared.insert(key.into())),
            ("full_name", Some(Value::Text(t))) => row.full_name = t.into_owned(),
            ("short_name", Some(Value::Text(t))) => row.short_name = Some(t.into_owned()),
            ("kind", Some(Value::Code(c))) => row.kind = Some(c.into()),
            ("founded", Some(Value::Date(d))) => row.founded = Some(d),
            ("term_from", Some(Value::Date(d))) => row.term_from = Some(d),
            ("term_to", Some(Value::Date(d))) => row.term_to = Some(d),
            ("can_approve", Some(Value::Code(c))) => row.can_approve = Some(c == "1"),
            (key, Some(Value::Text(t))) => drop(row.extra.insert(key.into(), t.into_owned())),
            (_, None | Some(_)) => {}
        }
    }
    if row.full_name.is_empty()
        && let Some(slot) = slots.iter().find(|s| s.field.is_some_and(|f| f.key == "full_name"))
    {
        reader.say(*slot, finding::REQUIRED_MISSING, Severity::Error, "{}为空，请填写党组织全称。");
    }
    (row, reader.findings)
}

/// One row on its way into the tree.
struct Draft<'a> {
    sheet: &'a str,
    row: OrgRow,
    existing: Option<Id>,
    parent: Parent,
    failed: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Parent {
    Root,
    Existing(Id),
    Row(usize),
    Keep,
}

/// Puts the rows together; `rows` carry the index of their sheet.
pub(super) fn plan(
    index: &OrgIndex,
    sheets: &[&str],
    rows: Vec<(usize, OrgRow)>,
) -> (Vec<PlannedOrg>, Vec<Finding>) {
    let mut findings = Vec::new();
    let mut drafts: Vec<Draft<'_>> = rows
        .into_iter()
        .map(|(s, row)| {
            let existing = match index.find(&row.full_name) {
                OrgHit::One(e) => Some(e.id),
                _ => None,
            };
            let sheet = sheets.get(s).copied().unwrap_or_default();
            Draft { sheet, row, existing, parent: Parent::Keep, failed: false }
        })
        .collect();
    let by_name = unique_names(index, &mut drafts, &mut findings);
    for i in 0..drafts.len() {
        resolve_parent(index, &by_name, &mut drafts, i, &mut findings);
    }
    check_roots(index, &mut drafts, &mut findings);
    check_cycles(index, &mut drafts, &mut findings);
    check_fallen(&mut drafts, &mut findings);
    (in_order(drafts), findings)
}

fn fail(
    draft: &mut Draft<'_>,
    findings: &mut Vec<Finding>,
    code: &'static str,
    column: &str,
    value: &str,
    text: &str,
) {
    draft.failed = true;
    findings.push(Finding {
        row: draft.row.row,
        column: column.to_owned(),
        value: value.to_owned(),
        ..Finding::on_sheet(draft.sheet, code, Severity::Error, format!("第 {} 行{text}", draft.row.row))
    });
}

/// Rows by the names that can point to them; a second row of the same name fails. Short
/// names that meet point nowhere.
fn unique_names(
    index: &OrgIndex,
    drafts: &mut [Draft<'_>],
    findings: &mut Vec<Finding>,
) -> HashMap<String, Option<usize>> {
    let mut by_name: HashMap<String, Option<usize>> = HashMap::new();
    for i in 0..drafts.len() {
        let Some(draft) = drafts.get(i) else { continue };
        let key = index.key(&draft.row.full_name);
        match by_name.get(&key) {
            Some(Some(first)) => {
                let first_row = drafts.get(*first).map_or(0, |d| d.row.row);
                let text = format!("的党组织全称与第 {first_row} 行重复，请删除多余的行。");
                if let Some(draft) = drafts.get_mut(i) {
                    let name = draft.row.full_name.clone();
                    fail(draft, findings, finding::ID_DUPLICATE, "党组织全称", &name, &text);
                }
            }
            _ => drop(by_name.insert(key, Some(i))),
        }
    }
    for (i, draft) in drafts.iter().enumerate().filter(|(_, d)| !d.failed) {
        let Some(short) = &draft.row.short_name else { continue };
        let place = by_name.entry(index.key(short)).or_insert(Some(i));
        if *place != Some(i)
            && place.is_some_and(|p| {
                drafts.get(p).is_some_and(|d| index.key(&d.row.full_name) != index.key(short))
            })
        {
            *place = None;
        }
    }
    by_name
}

fn resolve_parent(
    index: &OrgIndex,
    by_name: &HashMap<String, Option<usize>>,
    drafts: &mut [Draft<'_>],
    i: usize,
    findings: &mut Vec<Finding>,
) {
    let Some(draft) = drafts.get_mut(i).filter(|d| !d.failed) else { return };
    if draft.existing.is_none() && draft.row.kind.is_none() {
        fail(
            draft,
            findings,
            finding::REQUIRED_MISSING,
            "组织类别",
            "",
            "是新增党组织，必须填写“组织类别”。",
        );
        return;
    }
    let is_top = draft.row.kind.as_deref() == Some("XDW");
    let Some(name) = draft.row.parent_name.clone() else {
        match (draft.existing, is_top) {
            (Some(_), _) => draft.parent = Parent::Keep,
            (None, true) => draft.parent = Parent::Root,
            (None, false) => {
                let text = "缺少“上级党组织”：除学校党委外都必须填写。";
                fail(draft, findings, finding::REQUIRED_MISSING, "上级党组织", "", text);
            }
        }
        return;
    };
    // The file comes first: a row of the same file is what the author meant.
    let found = match by_name.get(&index.key(&name)) {
        Some(Some(j)) => Some(Parent::Row(*j)),
        _ => match index.find(&name) {
            OrgHit::One(e) => Some(Parent::Existing(e.id)),
            _ => None,
        },
    };
    if let Some(parent) = found {
        draft.parent = parent;
    } else {
        let text = "的“上级党组织”不存在：本表和系统中都没有这个名称，或者不止一个，请改为上级的全称。";
        fail(draft, findings, finding::UNKNOWN_BRANCH, "上级党组织", &name, text);
    }
}

/// There is one top, in the file or already there.
fn check_roots(index: &OrgIndex, drafts: &mut [Draft<'_>], findings: &mut Vec<Finding>) {
    let there = index.entries().iter().find(|e| e.parent.is_none());
    let mut first: Option<u32> = None;
    for draft in drafts.iter_mut().filter(|d| !d.failed && d.parent == Parent::Root) {
        if let Some(top) = there {
            let text = format!("是第二个学校党委：系统中已有“{}”，请改正名称或组织类别。", top.full_name);
            let name = draft.row.full_name.clone();
            fail(draft, findings, finding::RULE_ORG_ROOT, "组织类别", &name, &text);
        } else if let Some(row) = first {
            let text = format!("是第二个学校党委（第一个在第 {row} 行），一个学校只能有一个。");
            let name = draft.row.full_name.clone();
            fail(draft, findings, finding::RULE_ORG_ROOT, "组织类别", &name, &text);
        } else {
            first = Some(draft.row.row);
        }
    }
}

/// Follows every row upwards, through the file and through what is there.
fn check_cycles(index: &OrgIndex, drafts: &mut [Draft<'_>], findings: &mut Vec<Finding>) {
    let by_id: HashMap<Id, Option<Id>> = index.entries().iter().map(|e| (e.id, e.parent)).collect();
    let rows_of: HashMap<Id, usize> = drafts
        .iter()
        .enumerate()
        .filter(|(_, d)| !d.failed)
        .filter_map(|(i, d)| Some((d.existing?, i)))
        .collect();
    #[derive(Clone, Copy, PartialEq, Eq)]
    enum At {
        Row(usize),
        Org(Id),
    }
    let up = |at: At, drafts: &[Draft<'_>]| -> Option<At> {
        let of_org = |id: Id| rows_of.get(&id).map_or(At::Org(id), |i| At::Row(*i));
        match at {
            At::Row(i) => match drafts.get(i)?.parent {
                Parent::Root => None,
                Parent::Existing(id) => Some(of_org(id)),
                Parent::Row(j) => Some(At::Row(j)),
                Parent::Keep => {
                    drafts.get(i)?.existing.and_then(|id| by_id.get(&id).copied().flatten()).map(of_org)
                }
            },
            At::Org(id) => by_id.get(&id).copied().flatten().map(of_org),
        }
    };
    let limit = drafts.len() + index.entries().len() + 1;
    let mut in_cycle = Vec::new();
    for i in 0..drafts.len() {
        let (mut at, mut steps) = (up(At::Row(i), drafts), 0);
        while let Some(here) = at {
            if here == At::Row(i) {
                in_cycle.push(i);
                break;
            }
            steps += 1;
            if steps > limit {
                break;
            }
            at = up(here, drafts);
        }
    }
    for i in in_cycle {
        let Some(draft) = drafts.get_mut(i).filter(|d| !d.failed) else { continue };
        let name = draft.row.parent_name.clone().unwrap_or_default();
        let text = "的上级关系绕成了一圈（它自己在它的上级之上），请改正“上级党组织”。";
        fail(draft, findings, finding::RULE_ORG_CYCLE, "上级党组织", &name, text);
    }
}

/// Whoever hangs on a row that failed, fails.
fn check_fallen(drafts: &mut [Draft<'_>], findings: &mut Vec<Finding>) {
    loop {
        let fallen: Vec<(usize, u32)> = drafts
            .iter()
            .enumerate()
            .filter(|(_, d)| !d.failed)
            .filter_map(|(i, d)| match d.parent {
                Parent::Row(j) => drafts.get(j).filter(|p| p.failed).map(|p| (i, p.row.row)),
                _ => None,
            })
            .collect();
        if fallen.is_empty() {
            return;
        }
        for (i, parent_row) in fallen {
            let Some(draft) = drafts.get_mut(i) else { continue };
            let name = draft.row.parent_name.clone().unwrap_or_default();
            let text = format!("的上级在第 {parent_row} 行，而该行有错误，请先改正第 {parent_row} 行。");
            fail(draft, findings, finding::UNKNOWN_BRANCH, "上级党组织", &name, &text);
        }
    }
}

/// Those above before those below, else the order of the file.
fn in_order(drafts: Vec<Draft<'_>>) -> Vec<PlannedOrg> {
    let mut place: Vec<Option<usize>> = vec![None; drafts.len()];
    let mut out: Vec<PlannedOrg> = Vec::new();
    let good = drafts.iter().filter(|d| !d.failed).count();
    while out.len() < good {
        let before = out.len();
        for (i, draft) in drafts.iter().enumerate().filter(|(_, d)| !d.failed) {
            if place.get(i).copied().flatten().is_some() {
                continue;
            }
            let parent = match draft.parent {
                Parent::Root => PlannedParent::Root,
                Parent::Keep => PlannedParent::Keep,
                Parent::Existing(id) => PlannedParent::Existing(id),
                Parent::Row(j) => match place.get(j).copied().flatten() {
                    Some(p) => PlannedParent::Planned(p),
                    None => continue,
                },
            };
            if let Some(p) = place.get_mut(i) {
                *p = Some(out.len());
            }
            let sheet = draft.sheet.to_owned();
            out.push(PlannedOrg { sheet, row: draft.row.clone(), existing: draft.existing, parent });
        }
        // Cycles have failed above; this only guards the loop.
        if out.len() == before {
            break;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::{
        Id,
        intake::{
            Cell, Context, Finished, Intake, Kind, OrgEntry, OrgIndex, PlannedParent, RowKind, SavedNames,
        },
    };

    /// Rows of full name, short name, kind, parent.
    fn plan(there: &[(i64, Option<i64>, &str, &str)], rows: &[[&str; 4]]) -> (Finished, Vec<String>) {
        let entry = |(id, parent, kind, name): &(i64, Option<i64>, &str, &str)| OrgEntry {
            id: Id(*id),
            parent: parent.map(Id),
            kind: (*kind).into(),
            full_name: (*name).into(),
            short_name: String::new(),
        };
        let orgs = OrgIndex::new("东海大学", there.iter().map(entry));
        let saved = SavedNames::new();
        let today = jiff::civil::date(2026, 11, 24);
        let cx = Context { kind: Kind::Orgs, today, orgs: &orgs, saved_names: &saved, is_1904: false };
        let mut intake = Intake::new(cx);
        assert!(intake.open_sheet("党组织", false));
        let header: Vec<Cell> =
            ["党组织全称", "党组织简称", "组织类别", "上级党组织"].map(Cell::from).to_vec();
        assert_eq!(intake.push_row(1, &header).kind, RowKind::Header);
        let mut found = Vec::new();
        for (n, row) in (2..).zip(rows) {
            found.extend(intake.push_row(n, &row.map(Cell::from)).findings);
        }
        let end = intake.finish();
        found.extend(end.findings.iter().cloned());
        let said = found.iter().map(|f| format!("{} {}", f.row, f.code)).collect();
        (end, said)
    }

    const TOP: [&str; 4] = ["中共东海大学委员会", "东海大学党委", "学校党委", ""];
    const CHEMISTRY: [&str; 4] = ["中共东海大学化学学院委员会", "化学学院党委", "二级党委", "东海大学党委"];
    const BRANCH: [&str; 4] = ["中共东海大学化学学院教工支部委员会", "", "党支部", "化学学院党委"];

    #[test]
    fn parents_may_come_later_and_are_planned_first() {
        let (end, said) = plan(&[], &[BRANCH, CHEMISTRY, TOP]);
        assert_eq!(said, Vec::<String>::new());
        assert_eq!(end.counts(), (3, 3, 0));
        let order: Vec<(u32, PlannedParent)> = end.orgs.iter().map(|o| (o.row.row, o.parent)).collect();
        assert_eq!(
            order,
            [(4, PlannedParent::Root), (3, PlannedParent::Planned(0)), (2, PlannedParent::Planned(1))]
        );
    }

    #[test]
    fn what_is_there_is_changed_not_doubled() {
        let there =
            [(1, None, "XDW", "中共东海大学委员会"), (2, Some(1), "EJDW", "中共东海大学化学学院委员会")];
        let (end, said) = plan(&there, &[TOP, ["化学学院党委", "", "", ""], BRANCH]);
        assert_eq!(said, Vec::<String>::new());
        let got: Vec<(Option<Id>, PlannedParent)> = end.orgs.iter().map(|o| (o.existing, o.parent)).collect();
        assert_eq!(
            got,
            [
                (Some(Id(1)), PlannedParent::Keep),
                (Some(Id(2)), PlannedParent::Keep),
                (None, PlannedParent::Planned(1)),
            ]
        );
    }

    /// Name, rows, what is said, rows that can be taken.
    type Case = (&'static str, Vec<[&'static str; 4]>, Vec<&'static str>, u32);

    #[test]
    fn each_fault_is_named_and_takes_down_what_hangs_on_it() {
        #[rustfmt::skip]
        let cases: [Case; 8] = [
            ("no name",          vec![TOP, ["", "甲", "党支部", "东海大学党委"]],                    vec!["3 REQUIRED_MISSING"], 1),
            ("unknown kind",     vec![TOP, ["甲支部", "", "兴趣小组", "东海大学党委"]],               vec!["3 CODE_UNKNOWN"], 1),
            ("no kind",          vec![TOP, ["甲支部", "", "", "东海大学党委"]],                       vec!["3 REQUIRED_MISSING"], 1),
            ("no parent",        vec![TOP, ["甲支部", "", "党支部", ""]],                             vec!["3 REQUIRED_MISSING"], 1),
            ("unknown parent",   vec![TOP, ["中共化学学院委员会", "", "二级党委", "没有的党委"], BRANCH], vec!["3 UNKNOWN_BRANCH", "4 UNKNOWN_BRANCH"], 1),
            ("twice",            vec![TOP, CHEMISTRY, ["化学学院党委", "", "二级党委", "东海大学党委"]], vec!["4 ID_DUPLICATE"], 2),
            ("cycle",            vec![TOP, ["甲党委", "", "二级党委", "乙党委"], ["乙党委", "", "二级党委", "甲党委"]], vec!["3 RULE_ORG_CYCLE", "4 RULE_ORG_CYCLE"], 1),
            ("two tops",         vec![TOP, ["中共西海大学委员会", "", "学校党委", ""]],                vec!["3 RULE_ORG_ROOT"], 1),
        ];
        for (name, rows, want, good) in cases {
            let (end, said) = plan(&[], &rows);
            assert_eq!(said, want, "{name}");
            let all = rows.len() as u32;
            assert_eq!(end.counts(), (all, good, all - good), "{name}");
            assert_eq!(end.orgs.len(), good as usize, "{name}");
        }
    }

    #[test]
    fn a_cycle_through_what_is_there() {
        let there = [
            (1, None, "XDW", "中共东海大学委员会"),
            (2, Some(1), "EJDW", "甲党委"),
            (3, Some(2), "ZB", "乙支部"),
        ];
        let (_, said) = plan(&there, &[["甲党委", "", "", "乙支部"]]);
        assert_eq!(said, ["2 RULE_ORG_CYCLE"]);
        let (_, said) = plan(&there, &[["乙支部", "", "", "东海大学党委"]]);
        assert_eq!(said, Vec::<String>::new());
    }
}
