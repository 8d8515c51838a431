//! Who may import what, and who sees which batch.

use crate::house::{FIRST, STAFF, Table, both, code, id_no, people};
use jz_app::{
    identity,
    intake::{self, Kind},
};
use jz_domain::identity::Role;

const FULL: &str = "中共示例大学化学学院本科生第一支部委员会";

#[test]
fn a_branch_secretary_imports_into_the_own_branch_only() {
    both(|h| {
        h.take(Kind::Members, &people("教工", STAFF, 500, 2));
        let cx = h.as_role("secretary", Role::BranchSecretary, FULL);
        let mut table = people("名册", FIRST, 0, 4);
        table.set(1, "所在党支部", STAFF);
        // Somebody of the other branch, moved over here.
        table.set(2, "身份证号", &id_no(500));
        table.set(2, "学号", "");
        let seen = intake::preview(&cx, Kind::Members, h.upload(&table)).unwrap();
        let all = intake::all_findings(&cx, seen.id).unwrap();
        let said: Vec<_> = all.iter().map(|f| (f.row, f.code.as_str())).collect();
        assert_eq!(said, [(Table::row(1), "OUT_OF_SCOPE"), (Table::row(2), "OUT_OF_SCOPE")]);
        assert!(all[0].message.contains("不在您的管理范围内"), "{}", all[0].message);
        assert_eq!((seen.rows, seen.good, seen.bad, seen.new), (4, 2, 2, 2));
        intake::commit(&cx, seen.id).unwrap();
        assert_eq!(h.total(Some(h.org(FIRST))), 2);
        assert_eq!(h.total(Some(h.org(STAFF))), 2);
        let own = people("名册", FIRST, 3, 1);
        assert_eq!(code(intake::preview(&cx, Kind::Orgs, h.upload(&own))), "identity.no-right");
        h.verify();
    });
}

#[test]
fn nobody_changes_the_own_record_by_import() {
    both(|h| {
        let mut table = people("名册", FIRST, 0, 2);
        h.take(Kind::Members, &table);
        let me = h.one("2023000000").row.id;
        identity::bootstrap_account(
            &h.app,
            "self",
            crate::house::PASSWORD,
            Role::BranchSecretary,
            Some(FULL),
            Some(me),
        )
        .unwrap();
        let cx = identity::context_for_login(&h.app, "self").unwrap();
        let seen = intake::preview(&cx, Kind::Members, h.upload(&table)).unwrap();
        assert_eq!((seen.same, seen.bad), (2, 0), "an unchanged row is no change");
        table.set(0, "民族", "回族");
        table.set(1, "民族", "回族");
        let seen = intake::preview(&cx, Kind::Members, h.upload(&table)).unwrap();
        assert_eq!(h.findings(&seen), [(Table::row(0), "OWN_RECORD".to_owned())]);
        assert_eq!((seen.changed, seen.bad), (1, 1));
    });
}

#[test]
fn a_batch_is_seen_by_its_author_and_by_those_at_the_top() {
    both(|h| {
        let author = h.as_role("first", Role::BranchSecretary, FULL);
        let other = h.as_role("second", Role::BranchSecretary, FULL);
        let top = h.as_role("archivist", Role::Archivist, crate::house::SCHOOL);
        let reader = h.as_role("committee", Role::CommitteeSecretary, crate::house::SCHOOL);
        let seen = intake::preview(&author, Kind::Members, h.upload(&people("名册", FIRST, 0, 2))).unwrap();
        assert_eq!(seen.actor, "first");
        for (cx, want) in
            [(&author, "ok"), (&other, "not-found"), (&top, "ok"), (&reader, "identity.no-right")]
        {
            assert_eq!(code(intake::read(cx, seen.id)), want, "{}", cx.login);
            assert_eq!(code(intake::findings(cx, seen.id, None, None, None, None)), want, "{}", cx.login);
            assert_eq!(code(intake::changes(cx, seen.id, None, None)), want, "{}", cx.login);
            if want != "ok" {
                assert_eq!(code(intake::annotated(cx, seen.id)), want, "{}", cx.login);
                assert_eq!(code(intake::commit(cx, seen.id)), want, "{}", cx.login);
                assert_eq!(code(intake::undo(cx, seen.id)), want, "{}", cx.login);
            }
        }
        assert_eq!(intake::list(&author).unwrap().len(), 1);
        assert_eq!(intake::list(&other).unwrap().len(), 0);
        assert_eq!(intake::list(&top).unwrap().len(), 2, "the one of the tree as well");
        assert_eq!(code(intake::template(&reader, Kind::Orgs)), "identity.no-right");
        intake::commit(&top, seen.id).unwrap();
        intake::undo(&author, seen.id).unwrap();
        h.verify();
    });
}
