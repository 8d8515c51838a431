//! Folders of scans become volumes: from this machine, by upload, twice, and back.

use crate::{
    catalogue::{edited, shown},
    filing::send,
    world::{JIA, World, YI, both, jpeg},
};
use jz_app::{
    Fail, audit, jobs,
    volume::{self, CatalogueOp, Piece, VolumeQuery, import},
};
use jz_domain::{Id, identity::Role, org::Span};
use jz_sheet::{Cell, Column, Kind};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// 「目录」 as one sheet: who in the title, materials below.
fn workbook(path: &Path, who: (&str, &str, &str), rows: &[(&str, u32, &str, &str, u32)]) {
    let title = format!("姓名:{} 学号/工号:{} 身份证号:{}", who.0, who.1, who.2);
    let column = |h: &str| Column { header: h.into(), width: 12.0, kind: Kind::Text, options: Vec::new() };
    let columns = ["类号", "序号", "材料名称", "材料形成时间", "页数"].map(column).to_vec();
    let cell = |t: &str| Cell::Text(t.to_owned());
    let rows = rows.iter().map(|(class, seq, title, date, pages)| {
        vec![cell(class), cell(&seq.to_string()), cell(title), cell(date), cell(&pages.to_string())]
    });
    let scratch = tempfile::tempdir().unwrap();
    jz_sheet::write_table(path, &title, columns, rows, scratch.path()).unwrap();
}

const BOOK: &str = "干部基本信息和档案目录.xlsx";

fn put(root: &Path, path: &str, bytes: &[u8]) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

/// Layout A with three volumes: two people of the roster, one stranger.
fn hand_over(w: &World) -> PathBuf {
    let root = w.dir.path().join("volumes-A");
    put(&root, "{1}/1/1/001.JPG", &jpeg(11));
    put(&root, "{1}/1/1/002.JPG", &jpeg(12));
    put(&root, "{1}/9-2/1/001.JPG", &jpeg(13));
    put(&root, "{1}/说明.docx", b"x");
    workbook(
        &root.join("{1}").join(BOOK),
        JIA,
        &[("9-2", 1, "干部任免审批表", "2021-01-01", 1), ("1", 1, "干部履历表", "2019-02", 2)],
    );
    put(&root, "{2}/6/1/001.JPG", &jpeg(21));
    put(&root, "{2}/6/2/001.JPG", b"\xff\xd8\xff broken");
    workbook(
        &root.join("{2}").join(BOOK),
        YI,
        &[("6", 1, "入党申请书", "2019", 1), ("6", 2, "入党志愿书", "2020", 1)],
    );
    put(&root, "{3}/1/1/001.JPG", &jpeg(31));
    workbook(
        &root.join("{3}").join(BOOK),
        ("赵丙", "2020099", "990101199001011257"),
        &[("1", 1, "干部履历表", "2019", 1)],
    );
    root
}

pub fn volumes_of(w: &World, person: Id) -> Vec<volume::VolumeRow> {
    let q = VolumeQuery { person: Some(person), ..VolumeQuery::default() };
    volume::list(&w.cx(), &q).unwrap().rows
}

fn source(w: &World, page: Id) -> String {
    let plain = w.app.keys.open_field("page.source", &w.page(page).source).unwrap();
    String::from_utf8(plain.to_vec()).unwrap()
}

#[test]
fn a_folder_becomes_volumes_and_a_second_time_nothing_changes() {
    both(|w| {
        let root = hand_over(w);
        let dry = import::local(&w.cx(), &root, "a", true).unwrap();
        assert_eq!((dry.id, dry.volumes.len()), (Id(0), 3));
        assert!(volumes_of(w, w.jia).is_empty());
        let done = import::local(&w.cx(), &root, "a", false).unwrap();
        let lines: Vec<_> = done
            .volumes
            .iter()
            .map(|v| {
                (
                    v.root.as_str(),
                    v.state.as_str(),
                    v.materials,
                    v.pages,
                    v.new_pages,
                    v.person_name.as_deref(),
                )
            })
            .collect();
        assert_eq!(
            lines,
            [
                ("volumes-A/{1}", "filed", 2, 3, 3, Some("王甲")),
                ("volumes-A/{2}", "filed", 2, 1, 1, Some("李乙")),
                ("volumes-A/{3}", "refused", 1, 1, 0, None),
            ]
        );
        let left: Vec<&str> = done.unmatched.iter().map(|u| u.path.as_str()).collect();
        assert_eq!(left, ["volumes-A/{1}/说明.docx", "volumes-A/{3}"]);
        assert!(done.unmatched[1].reason.contains("名册中没有这个人"), "{}", done.unmatched[1].reason);
        let broken = done.volumes[1].findings.last().unwrap();
        assert_eq!((broken.path.as_str(), broken.severity.as_str()), ("volumes-A/{2}/6/2/001.JPG", "error"));
        let row = &volumes_of(w, w.jia)[0];
        let v = volume::read(&w.cx(), row.id).unwrap();
        assert_eq!(shown(&v), ["1-1 干部履历表 2", "9-2-1 干部任免审批表 1"]);
        assert_eq!(source(w, v.classes[0].materials[0].pages[1].id), "volumes-A/{1}/1/1/002.JPG");
        assert_eq!(w.jobs("ocr").len(), 4);
        let kinds: Vec<String> =
            audit::history(&w.cx(), row.id, 10).unwrap().into_iter().map(|e| e.kind).collect();
        assert_eq!(kinds.iter().filter(|k| *k == "page.filed").count(), 2);
        assert!(kinds.contains(&"volume.imported".to_owned()));

        let again = import::local(&w.cx(), &root, "a", false).unwrap();
        let states: Vec<&str> = again.volumes.iter().map(|v| v.state.as_str()).collect();
        assert_eq!(states, ["same", "same", "refused"]);
        assert_eq!(again.volumes[0].pages, 3);
        let now = volume::read(&w.cx(), row.id).unwrap();
        assert_eq!((now.rev, now.row.pages, volumes_of(w, w.jia).len()), (v.rev, 3, 1));
        assert_eq!(w.jobs("ocr").len(), 4);
        w.verify();
    });
}

#[test]
fn a_page_that_was_added_later_is_filed_alone_and_what_people_did_stays() {
    both(|w| {
        let root = hand_over(w);
        import::local(&w.cx(), &root, "a", false).unwrap();
        let id = volumes_of(w, w.jia)[0].id;
        let v = volume::read(&w.cx(), id).unwrap();
        let (first, second) = (
            v.classes[0].materials[0].clone(),
            v.classes.iter().flat_map(|c| &c.materials).nth(1).unwrap().clone(),
        );
        let title =
            CatalogueOp::Edit {
                material: first.id, field: "title".into(), value: "干部履历表（新）".into()
            };
        let out = CatalogueOp::Remove { material: second.id, reason: "重复".into() };
        edited(w, &v, vec![title, out]);
        put(&root, "{1}/1/1/003.JPG", &jpeg(14));
        workbook(
            &root.join("{1}").join(BOOK),
            JIA,
            &[("9-2", 1, "干部任免审批表", "2021-01-01", 1), ("1", 1, "干部履历表", "2019-02", 3)],
        );
        let done = import::local(&w.cx(), &root, "a", false).unwrap();
        assert_eq!(
            (done.volumes[0].state.as_str(), done.volumes[0].new_pages, done.volumes[0].new_materials),
            ("filed", 1, 0)
        );
        let now = volume::read(&w.cx(), id).unwrap();
        assert_eq!(shown(&now), ["1-1 干部履历表（新） 3"]);
        w.verify();
    });
}

#[test]
fn a_batch_is_taken_back_unless_something_changed_since() {
    both(|w| {
        let root = hand_over(w);
        let done = import::local(&w.cx(), &root, "a", false).unwrap();
        assert!(done.can_undo);
        let id = volumes_of(w, w.jia)[0].id;
        let undone = import::undo(&w.cx(), done.id).unwrap();
        assert_eq!(undone.state, "undone");
        assert!(volumes_of(w, w.jia).is_empty());
        assert!(matches!(volume::read(&w.cx(), id), Err(Fail::NotFound)));
        let owner =
            w.app.store.read(|db| Ok::<_, Fail>(jz_store::person::find(db, w.jia)?)).unwrap().unwrap();
        assert_eq!(owner.volumes, 0);
        assert!(import::undo(&w.cx(), done.id).is_err());
        w.verify();

        let again = import::local(&w.cx(), &root, "a", false).unwrap();
        assert_eq!(again.volumes[0].new_pages, 3);
        let v = volume::read(&w.cx(), volumes_of(w, w.jia)[0].id).unwrap();
        let m = v.classes[0].materials[0].id;
        put(&root, "{1}/1/1/003.JPG", &jpeg(15));
        let third = import::local(&w.cx(), &root, "a", false).unwrap();
        let back = import::undo(&w.cx(), third.id).unwrap();
        assert_eq!(back.state, "undone");
        let now = volume::read(&w.cx(), v.row.id).unwrap();
        assert_eq!((now.row.pages, now.rev), (3, v.rev + 2));
        send(w, m, vec![jpeg(40)]).unwrap();
        let refused = import::undo(&w.cx(), again.id);
        assert_eq!(refused.err().unwrap().code(), "import.changed-since");
        w.verify();
    });
}

/// The files of a folder as an upload.
fn pieces(root: &Path, layout: &str) -> Vec<Result<Piece, Fail>> {
    let mut out = vec![Ok(Piece::Field("layout".into(), layout.into()))];
    let base = root.parent().unwrap();
    let mut folders = vec![root.to_owned()];
    while let Some(f) = folders.pop() {
        for e in fs::read_dir(f).unwrap() {
            let path = e.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(base).unwrap().to_str().unwrap().to_owned();
                out.push(Ok(Piece::File(name)));
                out.push(Ok(Piece::Bytes(fs::read(&path).unwrap())));
            }
        }
    }
    out
}

#[test]
fn an_upload_waits_encrypted_for_its_commit_and_a_job_files_it() {
    both(|w| {
        let root = hand_over(w);
        let b = import::receive(&w.cx(), pieces(&root, "a").into_iter()).unwrap();
        assert_eq!((b.state.as_str(), b.volumes.len(), b.can_commit), ("preview", 3, true));
        let marker = &jpeg(11)[600..640];
        let mut folders = vec![w.dir.path().join("data")];
        while let Some(f) = folders.pop() {
            for e in fs::read_dir(f).unwrap() {
                let path = e.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let bytes = fs::read(&path).unwrap();
                    assert!(!bytes.windows(marker.len()).any(|x| x == marker), "{}", path.display());
                }
            }
        }
        let other = w.actor(Role::Archivist, Span { lo: 5, hi: 9 }, None);
        assert!(matches!(import::read(&other, b.id), Err(Fail::NotFound)));
        let running = import::commit(&w.cx(), b.id).unwrap();
        assert_eq!(running.state, "running");
        let job = running.job.expect("its job");
        assert_eq!((job.id, job.state.as_str()), (w.jobs("volumes")[0].id, "queued"));
        assert!(import::commit(&w.cx(), b.id).is_err());
        while jobs::work_once(&w.app).unwrap() {
            if w.jobs("volumes").iter().all(|j| j.state == "done") {
                break;
            }
        }
        let now = import::read(&w.cx(), b.id).unwrap();
        assert_eq!(
            (now.state.as_str(), now.volumes[0].state.as_str(), now.volumes[0].pages),
            ("committed", "filed", 3)
        );
        assert_eq!(w.jobs("volumes")[0].done, 5);
        assert_eq!(now.job.map(|j| (j.state, j.done, j.total)), Some(("done".to_owned(), 5, 5)));
        assert_eq!(import::list(&w.cx()).unwrap().len(), 1);
        w.verify();
    });
}

fn zip_of(files: &[(&str, Vec<u8>)]) -> Vec<u8> {
    use std::io::Write as _;
    let mut z = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        z.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        z.write_all(bytes).unwrap();
    }
    z.finish().unwrap().into_inner()
}

#[test]
fn a_zip_counts_as_a_folder_and_bombs_end_in_sentences() {
    let w = World::new(None);
    let root = hand_over(&w);
    let book = fs::read(root.join("{1}").join(BOOK)).unwrap();
    let good = zip_of(&[
        ("甲/1/1/001.jpg", jpeg(11)),
        (&format!("甲/{BOOK}"), book),
        ("../../etc/passwd", b"x".to_vec()),
        ("/etc/passwd", b"x".to_vec()),
        ("C:\\x.jpg", b"x".to_vec()),
    ]);
    let upload = |bytes: Vec<u8>| {
        let all =
            [Piece::Field("layout".into(), "a".into()), Piece::File("案卷.zip".into()), Piece::Bytes(bytes)];
        import::receive(&w.cx(), all.into_iter().map(Ok))
    };
    let b = upload(good).unwrap();
    assert_eq!((b.volumes.len(), b.volumes[0].pages), (1, 1));
    let unsafe_names: Vec<&str> =
        b.unmatched.iter().filter(|u| u.reason.contains("路径不规范")).map(|u| u.path.as_str()).collect();
    assert_eq!(unsafe_names.len(), 3, "{unsafe_names:?}");
    let sentence = |r: Result<import::VolumeBatch, Fail>| r.err().expect("refused").zh();
    assert!(sentence(upload(zip_of(&[("a.jpg", vec![0; 300 << 20])]))).contains("体积异常"));
    assert!(sentence(upload(b"PK\x03\x04 no zip at all".to_vec())).contains("损坏"));
    let empty = import::receive(&w.cx(), std::iter::once(Ok(Piece::Field("layout".into(), "a".into()))));
    assert_eq!(empty.err().unwrap().code(), "import.no-file");
    let no_layout =
        import::receive(&w.cx(), [Piece::File("a.jpg".into()), Piece::Bytes(vec![1])].into_iter().map(Ok));
    assert_eq!(no_layout.err().unwrap().code(), "import.layout");
}

#[test]
fn people_are_matched_by_number_and_name_and_clashes_are_said() {
    let w = World::new(None);
    let root = w.dir.path().join("v");
    let one = |folder: &str, who: (&str, &str, &str)| {
        put(&root, &format!("{folder}/1/1/001.jpg"), &jpeg(folder.len() as u32));
        workbook(&root.join(folder).join(BOOK), who, &[("1", 1, "干部履历表", "2019", 1)]);
    };
    one("a", (JIA.0, JIA.1, ""));
    one("bb", (YI.0, JIA.1, ""));
    one("ccc", ("王新名", JIA.1, JIA.2));
    one("dddd", (JIA.0, JIA.1, "990101199001011257"));
    one("eeeee", (JIA.0, "", ""));
    let b = import::local(&w.cx(), &root, "a", true).unwrap();
    let states: Vec<(&str, bool)> = b.volumes.iter().map(|v| (v.root.as_str(), v.person.is_some())).collect();
    assert_eq!(
        states,
        [("v/a", true), ("v/bb", false), ("v/ccc", false), ("v/dddd", false), ("v/eeeee", false)]
    );
    let reasons: Vec<&str> = b.unmatched.iter().map(|u| u.reason.as_str()).collect();
    for (reason, words) in reasons.iter().zip(["名册中没有", "另一个姓名", "身份证号不同", "无法确定是谁"])
    {
        assert!(reason.contains(words), "{reason}");
    }
    let keeper = w.actor(Role::Archivist, Span::ALL, Some(w.jia));
    let own = import::local(&keeper, &root, "a", true).unwrap();
    assert!(own.volumes[0].person.is_none() && own.unmatched[0].reason.contains("本人"));
}
