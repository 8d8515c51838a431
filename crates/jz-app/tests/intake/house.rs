//! A house with a small tree, on each engine, and workbooks for it.

use jz_app::{
    App, Cx, Fail,
    config::Config,
    identity,
    intake::{self, Batch, Kind, Upload},
    member, org,
    worker::Pool,
};
use jz_domain::{Id, identity::Role, intake::idno::check_digit};
use jz_sheet::{Cell, Column};
use std::path::{Path, PathBuf};

pub struct House {
    pub dir: tempfile::TempDir,
    pub app: App,
}

pub const SCHOOL: &str = "中共示例大学委员会";
pub const FIRST: &str = "化学学院本科生第一党支部";
pub const STAFF: &str = "化学学院教工党支部";
pub const PASSWORD: &str = "correct horse battery";

/// A database of its own on the test server, or `None` when there is no server.
fn postgres() -> Option<String> {
    let Ok(url) = std::env::var("JZ_TEST_PG") else {
        assert!(std::env::var("CI").is_err(), "CI must set JZ_TEST_PG: no silent skip");
        return None;
    };
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_nanos();
    let name = format!("jz_intake_{}_{now:x}", std::process::id());
    let mut admin = postgres::Client::connect(&url, postgres::NoTls).expect("server answers");
    admin
        .batch_execute(&format!(
            "create database {name} template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C.UTF-8'"
        ))
        .expect("creates");
    let (base, query) = url.split_once('?').map_or((url.as_str(), ""), |(b, q)| (b, q));
    let cut = base.rfind('/').expect("url has a database");
    Some(format!("{}/{name}{}{query}", &base[..cut], if query.is_empty() { "" } else { "?" }))
}

/// Runs a story on both engines, in a house that has its organisations.
pub fn both(story: impl Fn(&House)) {
    let bare = |database| {
        let house = House::bare(database);
        house.take(Kind::Orgs, &orgs());
        story(&house);
    };
    bare(None);
    if let Some(url) = postgres() {
        bare(Some(url));
    }
}

impl House {
    pub fn bare(database: Option<String>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("data");
        App::init(&data, Config { database, ..Config::default() }).expect("init");
        let mut app = App::open(&data).expect("open");
        app.workers = Pool::in_process();
        Self { dir, app }
    }

    pub fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    pub fn cx(&self) -> Cx<'_> {
        Cx::system(&self.app)
    }

    /// The context of somebody who holds a role at an organisation.
    pub fn as_role(&self, login: &str, role: Role, org: &str) -> Cx<'_> {
        identity::bootstrap_account(&self.app, login, PASSWORD, role, Some(org), None).expect("account");
        identity::context_for_login(&self.app, login).expect("context")
    }

    /// Writes a table and uploads it.
    pub fn upload(&self, table: &Table) -> Upload {
        let path = self.dir.path().join(format!("{}.xlsx", table.title));
        table.save(&path, self.dir.path());
        Upload::copy_of(&self.app, &path).expect("upload")
    }

    pub fn preview(&self, kind: Kind, table: &Table) -> Batch {
        intake::preview(&self.cx(), kind, self.upload(table)).expect("preview")
    }

    pub fn take(&self, kind: Kind, table: &Table) -> Batch {
        let seen = self.preview(kind, table);
        intake::commit(&self.cx(), seen.id).unwrap_or_else(|e| panic!("{}", e.zh()))
    }

    pub fn undo(&self, batch: &Batch) -> Batch {
        intake::undo(&self.cx(), batch.id).unwrap_or_else(|e| panic!("{}", e.zh()))
    }

    pub fn findings(&self, batch: &Batch) -> Vec<(u32, String)> {
        let all = intake::all_findings(&self.cx(), batch.id).unwrap();
        all.into_iter().map(|f| (f.row, f.code)).collect()
    }

    pub fn org(&self, name: &str) -> Id {
        let all = org::list(&self.cx()).unwrap();
        all.iter().find(|o| o.full_name == name || o.short_name == name).expect("organisation").id
    }

    pub fn total(&self, org: Option<Id>) -> i64 {
        member::list(&self.cx(), &member::ListQuery { org, ..Default::default() }).unwrap().total
    }

    pub fn found(&self, text: &str) -> Vec<member::PersonRow> {
        let q = member::ListQuery { q: Some(text.into()), ..Default::default() };
        member::list(&self.cx(), &q).unwrap().rows
    }

    pub fn one(&self, text: &str) -> member::PersonRecord {
        let rows = self.found(text);
        assert_eq!(rows.len(), 1, "one person of this name");
        member::read(&self.cx(), rows[0].id).unwrap()
    }

    /// Everything fits: ledger, rows, objects.
    pub fn verify(&self) {
        let report = jz_app::audit::verify(&self.app).unwrap();
        // Opened by hand, so nobody has written a checkpoint.
        assert!(report.ok, "{:?}", report.findings);
    }

    /// Nothing of an upload is left on the disk.
    pub fn no_leftovers(&self) {
        let left: Vec<_> = std::fs::read_dir(self.data().join("tmp"))
            .unwrap()
            .filter_map(|e| e.unwrap().file_name().into_string().ok())
            .filter(|n| n.starts_with("import-"))
            .collect();
        assert!(left.is_empty(), "{left:?}");
    }
}

/// One sheet, called like its title.
pub struct Table {
    pub title: String,
    pub headers: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

impl Table {
    pub fn save(&self, path: &Path, scratch: &Path) {
        let column = |h: &String| Column {
            header: h.clone(),
            width: 12.0,
            kind: jz_sheet::Kind::Text,
            options: vec![],
        };
        let cell = |v: &String| if v.is_empty() { Cell::Empty } else { Cell::Text(v.clone()) };
        let rows = self.rows.iter().map(|r| r.iter().map(cell).collect::<Vec<_>>());
        let columns = self.headers.iter().map(column).collect();
        jz_sheet::write_table(path, &self.title, columns, rows, scratch).unwrap();
    }

    /// Row of the workbook at a place of `rows`: title and headers stand above.
    pub fn row(at: usize) -> u32 {
        at as u32 + 3
    }

    pub fn set(&mut self, at: usize, header: &str, value: &str) {
        let column = self.headers.iter().position(|h| h == header).expect("column");
        value.clone_into(&mut self.rows[at][column]);
    }
}

fn table(title: &str, headers: &[&str], rows: &[&[&str]]) -> Table {
    Table {
        title: title.into(),
        headers: headers.iter().map(|h| (*h).to_owned()).collect(),
        rows: rows.iter().map(|r| r.iter().map(|v| (*v).to_owned()).collect()).collect(),
    }
}

/// The tree: a school, a college, two branches. The branches stand above their college.
pub fn orgs() -> Table {
    let college = "中共示例大学化学学院委员会";
    #[rustfmt::skip]
    let rows: [&[&str]; 4] = [
        &["中共示例大学化学学院本科生第一支部委员会", FIRST, "党支部", college, "2015-09", "钱示例"],
        &[SCHOOL, "示例大学党委", "学校党委", "", "1958", ""],
        &[college, "化学学院党委", "二级党委", SCHOOL, "1990-05-01", "孙示例"],
        &["中共示例大学化学学院教工支部委员会", STAFF, "党支部", "化学学院党委", "", ""],
    ];
    table("党组织", &["党组织全称", "简称", "组织类别", "上级党组织", "成立日期", "书记"], &rows)
}

/// An identity number that belongs to nobody.
pub fn id_no(n: usize) -> String {
    let (month, day, seq) = (n % 12 + 1, n % 28 + 1, n % 1000);
    let first = format!("99{:04}{}{month:02}{day:02}{seq:03}", n / 1000 % 10_000, 1980 + n % 25);
    let check = check_digit(first.as_bytes().try_into().unwrap()).unwrap();
    format!("{first}{}", char::from(check))
}

pub const COLUMNS: [&str; 9] =
    ["姓名", "学号", "性别", "民族", "身份证号", "手机号", "人员类别", "所在党支部", "申请入党日期"];

/// People of one branch, numbered from `from`.
pub fn people(title: &str, branch: &str, from: usize, count: usize) -> Table {
    let rows = (from..from + count)
        .map(|n| {
            vec![
                name(n),
                format!("2023{n:06}"),
                String::new(),
                "汉族".to_owned(),
                id_no(n),
                format!("138{:08}", n),
                "入党申请人".to_owned(),
                branch.to_owned(),
                "2024-03-05".to_owned(),
            ]
        })
        .collect();
    Table { title: title.into(), headers: COLUMNS.iter().map(|h| (*h).to_owned()).collect(), rows }
}

/// A name for each number.
pub fn name(n: usize) -> String {
    const FAMILY: [char; 10] = ['赵', '钱', '孙', '李', '周', '吴', '郑', '王', '冯', '陈'];
    const GIVEN: [char; 16] =
        ['伟', '芳', '娜', '敏', '静', '强', '磊', '军', '洋', '勇', '艳', '杰', '娟', '涛', '超', '霞'];
    format!("{}{}{}", FAMILY[n % 10], GIVEN[n / 10 % 16], GIVEN[n / 160 % 16])
}

/// The code of a refusal.
pub fn code<T>(r: Result<T, Fail>) -> &'static str {
    match r {
        Ok(_) => "ok",
        Err(e) => e.code(),
    }
}
