//! What becomes of organisations.

use crate::house::{FIRST, House, SCHOOL, Table, both, code, orgs, people};
use jz_app::{
    audit,
    intake::{self, Kind},
    org,
};
use jz_domain::identity::Role;

#[test]
fn a_tree_in_any_order_becomes_a_tree() {
    both(|h| {
        let all = org::list(&h.cx()).unwrap();
        let seen: Vec<_> = all.iter().map(|o| (o.depth, o.full_name.as_str(), o.kind.as_str())).collect();
        assert_eq!(seen[0], (0, SCHOOL, "XDW"));
        assert_eq!(seen[1], (1, "中共示例大学化学学院委员会", "EJDW"));
        assert_eq!(seen.len(), 4);
        assert!(seen[2..].iter().all(|(depth, _, kind)| (*depth, *kind) == (2, "ZB")));
        let again = h.preview(Kind::Orgs, &orgs());
        assert_eq!((again.new, again.changed, again.same, again.can_commit), (0, 0, 4, false));
        let history = audit::history(&h.cx(), h.org(FIRST), 9).unwrap();
        assert_eq!(history[0].kind, "org.made");
        assert!(history[0].basis.as_deref().unwrap().contains("党组织.xlsx"));
        let shown: Vec<_> =
            history[0].changes.iter().map(|c| (c.label.as_str(), c.after.as_deref())).collect();
        assert!(shown.contains(&("组织类别", Some("党支部"))), "{shown:?}");
        h.verify();
    });
}

#[test]
fn changed_fields_come_back_with_an_undo() {
    both(|h| {
        let mut table = orgs();
        table.set(0, "简称", "化学本科一支部");
        table.set(0, "书记", "");
        table.set(2, "书记", "清空");
        let seen = h.preview(Kind::Orgs, &table);
        assert_eq!((seen.new, seen.changed, seen.same), (0, 2, 2));
        let changes = intake::changes(&h.cx(), seen.id, None, None).unwrap().changes;
        let labels: Vec<_> =
            changes.iter().flat_map(|c| &c.fields).map(|f| (f.label.as_str(), f.after.as_deref())).collect();
        assert!(labels.contains(&("党组织简称", Some("化学本科一支部"))), "{labels:?}");
        assert!(labels.contains(&("书记", None)), "{labels:?}");
        let done = intake::commit(&h.cx(), seen.id).unwrap();
        let id = h.org("化学本科一支部");
        h.undo(&done);
        assert_eq!(h.org(FIRST), id);
        assert_eq!(h.preview(Kind::Orgs, &orgs()).same, 4, "everything is as it was");
        h.verify();
    });
}

#[test]
fn what_an_import_does_not_do_is_said() {
    both(|h| {
        let mut table = orgs();
        table.set(0, "上级党组织", SCHOOL);
        table.set(3, "组织类别", "党总支");
        table.rows.push(vec![
            "中共示例大学化学学院研究生支部委员会".into(),
            String::new(),
            "党支部".into(),
            "没有这个党委".into(),
            String::new(),
            String::new(),
        ]);
        let seen = h.preview(Kind::Orgs, &table);
        assert_eq!(
            h.findings(&seen),
            [
                (Table::row(0), "RULE_ORG_PARENT".to_owned()),
                (Table::row(3), "RULE_ORG_KIND".to_owned()),
                (Table::row(4), "UNKNOWN_BRANCH".to_owned()),
            ]
        );
        assert_eq!((seen.rows, seen.good, seen.bad, seen.same), (5, 2, 3, 2));
    });
}

#[test]
fn organisations_go_only_when_nothing_hangs_below() {
    let story = |h: &House| {
        let first = intake::list(&h.cx()).unwrap().pop().unwrap();
        assert_eq!((first.kind.as_str(), first.state.as_str()), ("orgs", "committed"));
        let members = h.take(Kind::Members, &people("名册", FIRST, 0, 2));
        let why = intake::read(&h.cx(), first.id).unwrap().undo_blocked.unwrap();
        assert!(why.contains("第 3") && why.contains("人员"), "{why}");
        assert_eq!(code(intake::undo(&h.cx(), first.id)), "import.undo-blocked");
        h.undo(&members);
        h.undo(&first);
        assert!(org::list(&h.cx()).unwrap().is_empty());
        h.verify();
        // And again, from the beginning: the people are the same, the organisations new.
        h.take(Kind::Orgs, &orgs());
        h.take(Kind::Members, &people("名册", FIRST, 0, 2));
        assert_eq!(h.total(Some(h.org(FIRST))), 2);
        h.verify();
    };
    both(story);
}

#[test]
fn a_role_keeps_its_organisation() {
    both(|h| {
        let first = intake::list(&h.cx()).unwrap().pop().unwrap();
        h.as_role("officer", Role::OrgOfficer, FIRST);
        assert_eq!(code(intake::undo(&h.cx(), first.id)), "import.undo-blocked");
    });
}

#[test]
fn a_school_without_a_name_gets_one() {
    let h = House::bare(None);
    jz_app::identity::bootstrap_account(
        &h.app,
        "archivist",
        crate::house::PASSWORD,
        Role::Archivist,
        None,
        None,
    )
    .unwrap();
    let seen = h.preview(Kind::Orgs, &orgs());
    assert_eq!((seen.new, seen.changed, seen.bad), (3, 1, 0), "{:?}", h.findings(&seen));
    let done = intake::commit(&h.cx(), seen.id).unwrap();
    let all = org::list(&h.cx()).unwrap();
    assert_eq!((all.len(), all[0].full_name.as_str()), (4, SCHOOL));
    // The folded names of branches need the name of the school.
    let mut table = people("名册", "示例大学化学学院本科生第1支部", 0, 1);
    assert_eq!(h.preview(Kind::Members, &table).good, 1);
    table.set(0, "所在党支部", FIRST);
    assert_eq!(h.preview(Kind::Members, &table).good, 1);
    assert!(!done.can_undo || done.undo_blocked.is_none());
}

#[test]
fn a_plan_of_organisations_that_no_longer_fits_is_refused() {
    both(|h| {
        let mut table = orgs();
        table.set(0, "书记", "李示例");
        let seen = h.preview(Kind::Orgs, &table);
        let all = org::list(&h.cx()).unwrap();
        let o = all.iter().find(|o| o.short_name == FIRST).unwrap();
        let edit =
            org::OrgEdit {
                version: o.version, full_name: None, short_name: Some("化学本科一支部".into())
            };
        org::edit(&h.cx(), o.id, &edit).unwrap();
        let refused = intake::commit(&h.cx(), seen.id).err().unwrap();
        assert_eq!(refused.code(), "import.stale");
        assert!(refused.zh().contains("“党组织”第 3 行"), "{}", refused.zh());
    });
}
