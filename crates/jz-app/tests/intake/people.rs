//! What becomes of people.

use crate::house::{FIRST, House, STAFF, Table, both, code, id_no, name, people};
use jz_app::{
    intake::{self, Kind},
    member,
};

#[test]
fn a_preview_writes_nothing_and_a_commit_everything_once() {
    both(|h| {
        let table = people("名册", FIRST, 0, 5);
        let seen = h.preview(Kind::Members, &table);
        assert_eq!((seen.rows, seen.good, seen.bad), (5, 5, 0));
        assert_eq!((seen.new, seen.changed, seen.same), (5, 0, 0));
        assert!(seen.can_commit && !seen.can_undo && seen.state == "preview");
        assert_eq!(h.total(None), 0);

        let done = intake::commit(&h.cx(), seen.id).unwrap();
        assert_eq!((done.state.as_str(), done.can_commit, done.can_undo), ("committed", false, true));
        assert_eq!(h.total(Some(h.org(FIRST))), 5);
        let again = intake::commit(&h.cx(), seen.id).unwrap();
        assert_eq!(again.state, "committed");
        assert_eq!(h.total(None), 5, "the second time does nothing");

        let p = h.one(&name(3));
        assert_eq!(p.row.number.as_deref(), Some("2023000003"));
        assert_eq!((p.row.stage.as_str(), p.row.org_name.as_str()), ("1", FIRST));
        assert_eq!(p.ethnicity.as_deref(), Some("汉族"));
        assert_eq!(p.applied.as_deref(), Some("2024-03-05"));
        assert_eq!(p.row.birth.as_deref(), Some("1983-04-04"), "by the identity number");
        let full = member::reveal(&h.cx(), p.row.id, "核对").unwrap();
        assert_eq!((full.id_no, full.phone), (Some(id_no(3)), Some("13800000003".into())));

        let history = member::history(&h.cx(), p.row.id).unwrap();
        assert_eq!(history.len(), 1);
        let basis = history[0].basis.clone().unwrap();
        assert!(basis.contains("名册.xlsx") && basis.contains(&seen.id.to_string()), "{basis}");
        let shown: Vec<_> = history[0].changes.iter().map(|c| (c.label.as_str(), c.after.clone())).collect();
        assert!(shown.contains(&("人员类别", Some("入党申请人".into()))), "{shown:?}");
        assert!(shown.contains(&("手机号码", Some("138****0003".into()))), "{shown:?}");
        assert!(!serde_json::to_string(&history).unwrap().contains(&id_no(3)), "masked in the history");
        h.verify();
    });
}

#[test]
fn the_same_file_again_changes_nothing() {
    both(|h| {
        let table = people("名册", FIRST, 0, 40);
        h.take(Kind::Members, &table);
        let before = member::history(&h.cx(), h.one(&name(7)).row.id).unwrap().len();
        let again = h.preview(Kind::Members, &table);
        assert_eq!((again.new, again.changed, again.same, again.can_commit), (0, 0, 40, false));
        assert!(intake::changes(&h.cx(), again.id, None, None).unwrap().changes.is_empty());
        let done = intake::commit(&h.cx(), again.id).unwrap();
        assert_eq!((done.state.as_str(), done.can_undo), ("committed", false));
        assert_eq!(member::history(&h.cx(), h.one(&name(7)).row.id).unwrap().len(), before);
        assert_eq!(h.total(None), 40);
    });
}

#[test]
fn blanks_keep_and_the_word_clears_and_an_undo_puts_back() {
    both(|h| {
        let mut table = people("名册", FIRST, 0, 3);
        h.take(Kind::Members, &table);
        table.set(0, "民族", "");
        table.set(0, "手机号", "13900009999");
        table.set(1, "申请入党日期", "清空");
        table.set(1, "所在党支部", STAFF);
        table.set(2, "姓名", "改名后");
        let seen = h.preview(Kind::Members, &table);
        assert_eq!((seen.new, seen.changed, seen.same), (0, 3, 0));
        let page = intake::changes(&h.cx(), seen.id, None, None).unwrap();
        let shown: Vec<String> = page
            .changes
            .iter()
            .flat_map(|c| {
                c.fields.iter().map(|f| {
                    let (b, a) = (f.before.as_deref().unwrap_or("-"), f.after.as_deref().unwrap_or("-"));
                    format!("{} {} {b} → {a}", c.row, f.label)
                })
            })
            .collect();
        let renamed = format!("5 姓名 {} → 改名后", name(2));
        assert_eq!(
            shown,
            [
                "3 手机号码 138****0000 → 139****9999",
                &format!("4 所在党支部 {FIRST} → {STAFF}"),
                "4 申请入党日期 2024-03-05 → -",
                &renamed,
            ]
        );
        let done = intake::commit(&h.cx(), seen.id).unwrap();
        assert_eq!(h.one(&name(0)).ethnicity.as_deref(), Some("汉族"), "a blank keeps");
        assert_eq!(h.one(&name(1)).applied, None);
        assert_eq!((h.total(Some(h.org(FIRST))), h.total(Some(h.org(STAFF)))), (2, 1));
        assert_eq!(h.found("改名后").len(), 1);
        assert!(h.found(&name(2)).is_empty(), "looked up by the new name only");

        let back = h.undo(&done);
        assert_eq!((back.state.as_str(), back.can_undo), ("undone", false));
        assert_eq!(h.one(&name(1)).applied.as_deref(), Some("2024-03-05"));
        assert_eq!((h.total(Some(h.org(FIRST))), h.total(Some(h.org(STAFF)))), (3, 0));
        assert!(h.found("改名后").is_empty());
        let p = h.one(&name(2));
        let history = member::history(&h.cx(), p.row.id).unwrap();
        let kinds: Vec<_> = history.iter().map(|e| e.kind.as_str()).collect();
        assert_eq!(kinds, ["person.restored", "person.imported", "person.imported"]);
        assert_eq!(h.undo(&done).state, "undone", "the second time does nothing");
        h.verify();
    });
}

#[test]
fn an_undone_person_is_gone_everywhere_and_comes_again_as_the_same() {
    both(|h| {
        let mut table = people("名册", FIRST, 0, 12);
        table.set(5, "身份证号", "");
        let done = h.take(Kind::Members, &table);
        let (with_id, without) = (h.one(&name(4)).row.id, h.one(&name(5)).row.id);
        h.undo(&done);
        assert_eq!(h.total(None), 0);
        for text in [name(4), id_no(4), "2023000004".into(), "000004".into()] {
            assert!(h.found(&text).is_empty(), "{text}");
        }
        assert!(member::read(&h.cx(), with_id).is_err());
        h.verify();

        let seen = h.preview(Kind::Members, &table);
        assert_eq!((seen.new, seen.changed, seen.same), (12, 0, 0));
        let done = intake::commit(&h.cx(), seen.id).unwrap();
        assert_eq!((h.one(&name(4)).row.id, h.one(&name(5)).row.id), (with_id, without));
        assert_eq!(h.total(None), 12);
        assert_eq!(h.found(&id_no(4)).len(), 1);
        h.undo(&done);
        assert_eq!(h.total(None), 0);
        h.verify();
    });
}

#[test]
fn an_undone_person_is_in_nobodys_way() {
    both(|h| {
        let done = h.take(Kind::Members, &people("名册", FIRST, 0, 1));
        h.undo(&done);
        let input = member::PersonInput {
            org: Some(h.org(STAFF)),
            name: Some("另建".into()),
            stage: Some("5".into()),
            id_no: Some(id_no(0)),
            ..Default::default()
        };
        let made = member::create(&h.cx(), &input).unwrap().row.id;
        let mut table = people("名册", STAFF, 0, 1);
        table.set(0, "姓名", "另建");
        let seen = h.preview(Kind::Members, &table);
        assert_eq!((seen.new, seen.changed), (0, 1), "{:?}", h.findings(&seen));
        intake::commit(&h.cx(), seen.id).unwrap();
        assert_eq!(h.one("另建").row.id, made);
        h.verify();
    });
}

#[test]
fn an_undo_waits_for_nobody_but_overwrites_nobody() {
    both(|h| {
        let done = h.take(Kind::Members, &people("名册", FIRST, 0, 6));
        let p = h.one(&name(2));
        let input = member::PersonInput {
            version: Some(p.version),
            former_name: Some("旧名".into()),
            ..Default::default()
        };
        member::edit(&h.cx(), p.row.id, &input).unwrap();
        let seen = intake::read(&h.cx(), done.id).unwrap();
        let why = seen.undo_blocked.unwrap();
        assert!(!seen.can_undo && why.contains("“名册”第 5 行"), "{why}");
        assert_eq!(code(intake::undo(&h.cx(), done.id)), "import.undo-blocked");
        assert_eq!(h.total(None), 6, "nothing was taken back");
    });
}

#[test]
fn a_plan_that_no_longer_fits_is_refused_as_a_whole() {
    both(|h| {
        let mut table = people("名册", FIRST, 0, 3);
        h.take(Kind::Members, &table);
        table.set(1, "手机号", "13900009999");
        table.rows.extend(people("", FIRST, 10, 2).rows);
        let seen = h.preview(Kind::Members, &table);
        assert_eq!((seen.new, seen.changed), (2, 1));
        let p = h.one(&name(1));
        let input = member::PersonInput {
            version: Some(p.version),
            former_name: Some("旧名".into()),
            ..Default::default()
        };
        member::edit(&h.cx(), p.row.id, &input).unwrap();
        let refused = intake::commit(&h.cx(), seen.id).err().unwrap();
        assert_eq!(refused.code(), "import.stale");
        assert!(refused.zh().contains("“名册”第 4 行"), "{}", refused.zh());
        assert_eq!((h.total(None), h.one(&name(1)).row.phone_masked), (3, Some("138****0001".into())));

        // Two previews of one file: the second commit would do everything twice.
        let more = people("新生", FIRST, 50, 4);
        let (a, b) = (h.preview(Kind::Members, &more), h.preview(Kind::Members, &more));
        intake::commit(&h.cx(), a.id).unwrap();
        assert_eq!(code(intake::commit(&h.cx(), b.id)), "import.stale");
        assert_eq!(h.total(None), 7);
        h.verify();
    });
}

#[test]
fn every_error_is_named_and_the_good_rows_are_taken() {
    both(|h| {
        h.take(Kind::Members, &people("在册", FIRST, 900, 2));
        let mut table = people("名册", FIRST, 0, 12);
        table.set(0, "身份证号", "990101200401011234");
        table.set(1, "姓名", "");
        table.set(2, "所在党支部", "没有这个党支部");
        table.set(3, "人员类别", "党员同志");
        table.set(4, "申请入党日期", "2024-02-30");
        let twin = table.rows[5].clone();
        table.rows[6] = twin;
        table.set(7, "人员类别", "");
        // The number of somebody in the house with another name.
        table.set(8, "学号", "2023000900");
        table.set(9, "身份证号", "");
        table.set(9, "学号", "2023000901");
        table.set(9, "姓名", &name(901));
        table.set(9, "手机号", "13800000901");
        let seen = h.preview(Kind::Members, &table);
        let row = Table::row;
        assert_eq!(
            h.findings(&seen),
            [
                (row(0), "ID_INVALID".to_owned()),
                (row(1), "REQUIRED_MISSING".to_owned()),
                (row(2), "UNKNOWN_BRANCH".to_owned()),
                (row(3), "STAGE_INVALID".to_owned()),
                (row(4), "DATE_INVALID".to_owned()),
                (row(6), "ID_DUPLICATE".to_owned()),
                (row(7), "REQUIRED_MISSING".to_owned()),
                (row(8), "NAME_ID_CONFLICT".to_owned()),
            ]
        );
        assert_eq!((seen.rows, seen.good, seen.bad), (12, 4, 8));
        assert_eq!((seen.new, seen.changed, seen.same), (3, 0, 1), "number and name find the person");
        let sheet = &seen.sheets[0];
        assert_eq!((sheet.rows, sheet.good, sheet.bad), (12, 4, 8));
        intake::commit(&h.cx(), seen.id).unwrap();
        assert_eq!(h.total(None), 5);

        let only = intake::findings(&h.cx(), seen.id, Some("别的表"), None, None, None).unwrap();
        assert!(only.findings.is_empty() && only.next.is_none());
        let dates = intake::findings(&h.cx(), seen.id, None, Some("DATE_INVALID"), None, None).unwrap();
        assert_eq!(dates.findings.iter().map(|f| f.row).collect::<Vec<_>>(), [row(4)]);
        let counted = |code: &str| dates.codes.iter().find(|c| c.code == code).map(|c| c.count);
        assert_eq!((counted("DATE_INVALID"), counted("ID_DUPLICATE")), (Some(1), Some(1)), "of all rows");
        let none = people("全错", "没有这个党支部", 0, 2);
        let seen = h.preview(Kind::Members, &none);
        assert_eq!((seen.good, seen.can_commit), (0, false));
        assert_eq!(code(intake::commit(&h.cx(), seen.id)), "import.nothing");
    });
}

#[test]
fn one_person_twice_by_two_names_of_the_key() {
    both(|h| {
        h.take(Kind::Members, &people("在册", FIRST, 0, 1));
        let mut table = people("名册", FIRST, 0, 2);
        table.set(0, "学号", "");
        table.set(1, "身份证号", "");
        table.set(1, "学号", "2023000000");
        table.set(1, "姓名", &name(0));
        table.set(1, "民族", "回族");
        let seen = h.preview(Kind::Members, &table);
        assert_eq!(h.findings(&seen), [(Table::row(1), "ID_DUPLICATE".to_owned())]);
        assert_eq!((seen.same, seen.changed, seen.good, seen.bad), (1, 0, 1, 1));
    });
}

#[test]
fn thousands_of_rows_pass_through_in_pieces() {
    let many = |h: &House| {
        let mut table = people("名册", FIRST, 0, 2_300);
        for at in (0..2_300).step_by(5) {
            table.set(at, "申请入党日期", "不知道");
        }
        let seen = h.preview(Kind::Members, &table);
        assert_eq!((seen.rows, seen.good, seen.bad), (2_300, 1_840, 460));
        let (mut rows, mut after) = (Vec::new(), None);
        loop {
            let page = intake::findings(&h.cx(), seen.id, None, None, after.as_deref(), Some(77)).unwrap();
            assert!(page.findings.len() <= 77);
            rows.extend(page.findings.into_iter().map(|f| f.row));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        let want: Vec<u32> = (0..2_300).step_by(5).map(Table::row).collect();
        assert_eq!(rows, want, "every finding once, in order");
        let (mut n, mut after) = (0, None);
        loop {
            let page = intake::changes(&h.cx(), seen.id, after.as_deref(), Some(500)).unwrap();
            n += page.changes.len();
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(n, 1_840);
        let done = intake::commit(&h.cx(), seen.id).unwrap();
        assert_eq!(h.total(None), 1_840);
        assert_eq!(h.found("2023002299").len(), 1);
        let again = h.preview(Kind::Members, &table);
        assert_eq!((again.same, again.new), (1_840, 0));
        h.undo(&done);
        assert_eq!(h.total(None), 0);
        h.verify();
    };
    both(many);
}
