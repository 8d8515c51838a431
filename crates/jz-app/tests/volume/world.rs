//! A small house with two people, on either database, and made-up pages.

use jz_app::{App, Cx, Fail, config::Config, member, org, worker::Pool};
use jz_domain::{
    Id,
    identity::{Actor, Grant, Role},
    org::Span,
};
use jz_imaging::{Image, encode};
use jz_store::{job, page};

pub struct World {
    pub app: App,
    pub branch: Id,
    pub jia: Id,
    pub yi: Id,
    pub dir: tempfile::TempDir,
}

/// Identity numbers of the two, with an area code that does not exist.
pub const JIA: (&str, &str, &str) = ("王甲", "2020001", "990101200401011235");
pub const YI: (&str, &str, &str) = ("李乙", "2020002", "990101199001011230");

/// A database of its own on the test server, or `None` when there is no server.
fn postgres_url() -> Option<String> {
    let Ok(url) = std::env::var("JZ_TEST_PG") else {
        assert!(std::env::var("CI").is_err(), "CI must set JZ_TEST_PG: no silent skip");
        return None;
    };
    static NEXT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    let name = format!(
        "jzv_{}_{}_{:x}",
        std::process::id(),
        NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed),
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_nanos()
    );
    let mut admin = postgres::Client::connect(&url, postgres::NoTls).expect("server answers");
    let sql = format!(
        "create database {name} template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C.UTF-8'"
    );
    admin.batch_execute(&sql).expect("creates");
    let (base, query) = url.split_once('?').map_or((url.as_str(), ""), |(b, q)| (b, q));
    let cut = base.rfind('/').expect("url has a database");
    let mark = if query.is_empty() { "" } else { "?" };
    Some(format!("{}/{name}{mark}{query}", &base[..cut]))
}

/// Tells a story on both databases.
pub fn both(story: impl Fn(&World)) {
    story(&World::new(None));
    if let Some(url) = postgres_url() {
        story(&World::new(Some(url)));
    }
}

impl World {
    pub fn new(database: Option<String>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("data");
        App::init(&data, Config { database, ..Config::default() }).expect("init");
        let mut app = App::open(&data).expect("open");
        app.workers = Pool::in_process();
        let cx = Cx::system(&app);
        let new = |parent, kind: &str, name: &str| org::NewOrg {
            parent,
            kind: kind.into(),
            full_name: name.into(),
            short_name: None,
        };
        let top = org::create(&cx, &new(None, "XDW", "中共示例大学委员会")).expect("top").id;
        let branch = org::create(&cx, &new(Some(top), "ZB", "中共示例大学第一支部")).expect("branch").id;
        let person = |(name, number, id_no): (&str, &str, &str)| {
            let input = member::PersonInput {
                org: Some(branch),
                name: Some(name.into()),
                number: Some(number.into()),
                id_no: Some(id_no.into()),
                sex: Some("1".into()),
                stage: Some("5".into()),
                ..member::PersonInput::default()
            };
            member::create(&cx, &input).expect("person").row.id
        };
        let (jia, yi) = (person(JIA), person(YI));
        Self { branch, jia, yi, app, dir }
    }

    pub fn cx(&self) -> Cx<'_> {
        Cx::system(&self.app)
    }

    /// Somebody with one role over a range of the tree.
    pub fn actor(&self, role: Role, span: Span, person: Option<Id>) -> Cx<'_> {
        let actor = Actor { account: Id(77), person, grants: vec![Grant { role, span }] };
        Cx { actor, system: false, login: "某人".into(), ..Cx::system(&self.app) }
    }

    pub fn page(&self, id: Id) -> page::Page {
        self.app.store.read(|db| Ok::<_, Fail>(page::find(db, id)?)).unwrap().expect("the page")
    }

    pub fn jobs(&self, kind: &str) -> Vec<job::Job> {
        let all = self.app.store.read(|db| Ok::<_, Fail>(job::list(db, 1_000)?)).unwrap();
        all.into_iter().filter(|j| j.kind == kind).collect()
    }

    /// Everything fits: ledger, rows, objects.
    pub fn verify(&self) {
        jz_app::audit::write_checkpoint(&self.app).unwrap();
        let report = jz_app::audit::verify(&self.app).unwrap();
        assert!(report.ok, "{:?}", report.findings);
    }
}

/// A small page that no other seed gives.
pub fn picture(seed: u32) -> Image {
    let mut image = Image::filled(620, 877, [250, 248, 240]);
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(12_345);
    for row in 0..12u32 {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let length = 100 + state % 400;
        let line = Image::filled(length, 8, [40, 40, 50]);
        image.paste(&line, 60, 60 + row * 60);
    }
    image
}

pub fn jpeg(seed: u32) -> Vec<u8> {
    encode::jpeg_with_dpi(&picture(seed), 80, 75).unwrap()
}

pub fn png(seed: u32) -> Vec<u8> {
    encode::png(&picture(seed), Some(75)).unwrap()
}

/// A PDF whose pages are each one JPEG, or a drawn line when there is none.
pub fn pdf(pages: &[Option<Vec<u8>>]) -> Vec<u8> {
    let mut out = b"%PDF-1.4\n".to_vec();
    let mut offsets = Vec::new();
    let kids: Vec<String> = (0..pages.len()).map(|i| format!("{} 0 R", 3 + i * 3)).collect();
    let mut add = |out: &mut Vec<u8>, head: String, stream: Option<&[u8]>| {
        offsets.push(out.len());
        out.extend(format!("{} 0 obj\n{head}\n", offsets.len()).into_bytes());
        if let Some(bytes) = stream {
            out.extend_from_slice(b"stream\n");
            out.extend_from_slice(bytes);
            out.extend_from_slice(b"\nendstream\n");
        }
        out.extend_from_slice(b"endobj\n");
    };
    add(&mut out, "<</Type/Catalog/Pages 2 0 R>>".into(), None);
    add(&mut out, format!("<</Type/Pages/Count {}/Kids[{}]>>", pages.len(), kids.join(" ")), None);
    for (i, page) in pages.iter().enumerate() {
        let n = 3 + i * 3;
        let size = "/MediaBox[0 0 595 842]";
        add(
            &mut out,
            format!(
                "<</Type/Page/Parent 2 0 R{size}/Contents {} 0 R/Resources<</XObject<</P {} 0 R>>>>>>",
                n + 1,
                n + 2
            ),
            None,
        );
        let content = match page {
            Some(_) => b"q 595 0 0 842 0 0 cm /P Do Q".to_vec(),
            None => b"2 w 100 700 m 400 700 l S".to_vec(),
        };
        add(&mut out, format!("<</Length {}>>", content.len()), Some(&content));
        let image = page.clone().unwrap_or_default();
        let head = format!(
            "<</Type/XObject/Subtype/Image/Width 620/Height 877/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/DCTDecode/Length {}>>",
            image.len()
        );
        add(&mut out, head, Some(&image));
    }
    let start = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", offsets.len() + 1).into_bytes());
    for o in &offsets {
        out.extend(format!("{o:010} 00000 n \n").into_bytes());
    }
    out.extend(
        format!("trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n", offsets.len() + 1)
            .into_bytes(),
    );
    out
}
