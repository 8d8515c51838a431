//! Scanned volumes in the three folder layouts schools use.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;

use crate::DemoError;
use crate::draw::{Faces, Kind, Line, Look, Painter, Scanner};
use crate::people::{Person, TODAY};
use crate::rng::{Rng, Stream};
use crate::school::School;
use crate::workbook::{CatalogueRow, write_catalogue};

/// A volume that was written.
#[derive(Clone, Serialize)]
pub struct VolumeTruth {
    /// `A`, `B` or `C`.
    pub layout: char,
    /// Folder of the volume below the output folder.
    pub root: String,
    /// 姓名
    pub name: String,
    /// 学号/工号
    pub no: String,
    /// 公民身份号码
    pub id: String,
    /// Materials in catalogue order.
    pub materials: Vec<MaterialTruth>,
}

/// A material of a volume.
#[derive(Clone, Serialize)]
pub struct MaterialTruth {
    /// 类号
    pub cls: String,
    /// 序号 within the class.
    pub seq: usize,
    /// 材料名称
    pub title: String,
    /// 材料形成时间
    pub date: String,
    /// Pages in order.
    pub pages: Vec<PageTruth>,
}

/// A page and what is on it.
#[derive(Clone, Serialize)]
pub struct PageTruth {
    /// File below the output folder.
    pub file: String,
    /// Degrees, positive when the page leans to the left.
    pub skew: f32,
    /// 0 clean, 1 ordinary, 2 worn.
    pub level: u8,
    /// Whether entries are written by hand.
    pub hand: bool,
    /// Lines of text.
    pub lines: Vec<Line>,
}

/// What a volume will hold, before anything is drawn.
pub(crate) struct VolumePlan<'a> {
    pub(crate) index: usize,
    pub(crate) layout: char,
    pub(crate) root: String,
    pub(crate) person: &'a Person,
    materials: Vec<MaterialPlan>,
}

struct MaterialPlan {
    class: &'static str,
    seq: usize,
    title: String,
    date: Date,
    pages: Vec<Kind>,
}

/// Plans volume `index` with at most `pages` pages.
pub(crate) fn plan(index: usize, pages: usize, person: &Person, seed: u64) -> VolumePlan<'_> {
    let mut rng = Rng::of(seed, Stream::Volume, index as u64);
    let layout = ['A', 'B', 'C'][index % 3];
    let root = match layout {
        'A' => {
            let (a, b) = (rng.next(), rng.next());
            let (p, q, r) = (a >> 32, a >> 16 & 0xffff, a & 0xffff);
            let guid = format!("{p:08X}-{q:04X}-{r:04X}-{:04X}-{:012X}", b >> 48, b & 0xffff_ffff_ffff);
            format!("volumes-A/{{{guid}}}")
        }
        'B' => format!("volumes-B/{}", person.name),
        _ => format!("volumes-C/{}{}", person.name, person.id),
    };
    VolumePlan { index, layout, root, person, materials: materials(pages, person, &mut rng) }
}

/// Materials in the order of their importance until the pages are used up, then in
/// the order of the catalogue.
fn materials(pages: usize, p: &Person, rng: &mut Rng) -> Vec<MaterialPlan> {
    let wishes = wishes(p, rng);
    let mut left = pages;
    let mut plans = Vec::new();
    for (class, title, date, mut kinds) in wishes {
        kinds.truncate(left);
        left -= kinds.len();
        if !kinds.is_empty() {
            plans.push(MaterialPlan { class, seq: 0, title, date, pages: kinds });
        }
    }
    // However many pages are asked for, a roster can be that long.
    if left > 0 {
        let date = p.dev.unwrap_or(p.app);
        let title = "发展对象公示名册".to_owned();
        plans.push(MaterialPlan { class: "6", seq: 0, title, date, pages: vec![Kind::Roster; left] });
    }
    number(&mut plans);
    plans
}

/// Everything a full volume has: class, title, date, pages.
fn wishes(p: &Person, rng: &mut Rng) -> Vec<(&'static str, String, Date, Vec<Kind>)> {
    let joined = p.meet.unwrap_or(p.app);
    let approved = p.appr.unwrap_or(joined);
    let after = |months: i32| joined.saturating_add(months.months()).min(TODAY);
    let reply = format!("关于接收{}同志为中共预备党员的批复", p.name);
    let mut wishes = vec![
        ("6", "入党申请书".to_owned(), p.app, vec![Kind::Letter, Kind::Letter]),
        ("6", "中国共产党入党志愿书".to_owned(), approved, vec![Kind::Pledge, Kind::PledgeDecision]),
        ("7", "关于表彰优秀共产党员的决定".to_owned(), after(7), vec![Kind::Notice]),
        ("1", "干部履历表".to_owned(), after(3), vec![Kind::Record]),
        ("6", reply, approved, vec![Kind::Notice]),
        ("6", "发展对象名册".to_owned(), p.dev.unwrap_or(p.app), vec![Kind::Roster]),
    ];
    // One appraisal a year, and now and then another post.
    for year in joined.year()..TODAY.year() {
        let day = jiff::civil::date(year, 12, 20);
        wishes.push(("3", format!("{year}年度考核登记表"), day, vec![Kind::Appraisal]));
        if year % 3 == 0 {
            let post = if rng.chance(50) { "副科长" } else { "科长" };
            let title = format!("干部任免审批表（任教学科{post}）");
            wishes.push(("9-2", title, day, vec![Kind::Appointment]));
        }
    }
    for day in &p.reports {
        wishes.push(("6", "思想汇报".to_owned(), *day, vec![Kind::Letter, Kind::Letter]));
    }
    wishes
}

/// Sorts by class and date and gives running numbers.
fn number(plans: &mut [MaterialPlan]) {
    plans.sort_by_key(|m| (m.class.split('-').map(|n| n.parse().unwrap_or(0)).collect::<Vec<u32>>(), m.date));
    let (mut class, mut seq) = ("", 0);
    for plan in plans {
        seq = if plan.class == class { seq + 1 } else { 1 };
        class = plan.class;
        plan.seq = seq;
    }
}

/// Where page `page` of a material lies below the folder of the volume.
fn file_of(layout: char, material: &MaterialPlan, place: usize, page: usize) -> String {
    match layout {
        'A' => format!("{}/{}/{page:03}.JPG", material.class, material.seq),
        'B' => {
            format!("{}.{}/{:02}{page:02}.jpg", digits(material.class), label(material.class), material.seq)
        }
        _ => format!("{place:02}{}/{page:03}.jpg", material.title),
    }
}

/// Layout B writes the class `9-2` as `92`.
fn digits(class: &str) -> String {
    class.replace('-', "")
}

fn label(class: &str) -> &'static str {
    match class {
        "1" => "履历材料",
        "3" => "鉴定、考核、考察材料",
        "6" => "参加党团材料",
        "7" => "表彰奖励材料",
        "9-2" => "任免材料",
        _ => "其他材料",
    }
}

/// Draws and writes volumes one after the other, on one thread.
pub(crate) struct VolumeWriter<'a> {
    out: &'a Path,
    school: &'a School,
    seed: u64,
    painter: Painter,
}

impl<'a> VolumeWriter<'a> {
    /// Fails when the build had no fonts.
    pub(crate) fn new(out: &'a Path, school: &'a School, seed: u64) -> Result<Self, DemoError> {
        let faces = Faces::embedded().ok_or(DemoError::NoFonts)?;
        Ok(Self { out, school, seed, painter: Painter::new(faces, Scanner::new(seed)) })
    }

    pub(crate) fn write(&mut self, plan: &VolumePlan<'_>) -> Result<VolumeTruth, DemoError> {
        let folder = self.out.join(&plan.root);
        fs::create_dir_all(&folder)?;
        let mut number = 0;
        let mut materials = Vec::new();
        for (place, material) in (1..).zip(&plan.materials) {
            let mut pages = Vec::new();
            let hand = Rng::of(self.seed, Stream::Hand, ((plan.index as u64) << 20) + number).chance(45);
            for (n, kind) in material.pages.iter().enumerate() {
                let inside = file_of(plan.layout, material, place, n + 1);
                let file = PathBuf::from(&plan.root).join(inside);
                pages.push(self.page(plan, material, (*kind, n), hand, number, &file)?);
                number += 1;
            }
            materials.push(MaterialTruth {
                cls: material.class.to_owned(),
                seq: material.seq,
                title: material.title.clone(),
                date: material.date.to_string(),
                pages,
            });
        }
        let rows: Vec<CatalogueRow> = plan.materials.iter().map(catalogue_row).collect();
        write_catalogue(&folder.join("干部基本信息和档案目录.xlsx"), plan.person, &rows)?;
        let p = plan.person;
        Ok(VolumeTruth {
            layout: plan.layout,
            root: plan.root.clone(),
            name: p.name.clone(),
            no: p.no.clone(),
            id: p.id.clone(),
            materials,
        })
    }

    fn page(
        &mut self,
        plan: &VolumePlan<'_>,
        material: &MaterialPlan,
        (kind, n): (Kind, usize),
        hand: bool,
        number: u64,
        file: &Path,
    ) -> Result<PageTruth, DemoError> {
        let mut rng = Rng::of(self.seed, Stream::Page, ((plan.index as u64) << 20) + number);
        let level = [0, 1, 1, 1, 2][rng.below(5)];
        let skew = if level == 0 { 0.0 } else { (rng.swing() * 200.0).round() / 100.0 };
        let subject = crate::draw::Subject {
            person: plan.person,
            school: self.school,
            title: &material.title,
            date: material.date,
            page: n,
            last: n + 1 == material.pages.len(),
            hand,
        };
        let (jpeg, lines) = self.painter.page(kind, &subject, Look { level, skew }, rng)?;
        let path = self.out.join(file);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&path, jpeg)?;
        Ok(PageTruth { file: file.to_string_lossy().replace('\\', "/"), skew, level, hand, lines })
    }
}

fn catalogue_row(m: &MaterialPlan) -> CatalogueRow {
    CatalogueRow {
        class: m.class.to_owned(),
        seq: m.seq,
        title: m.title.clone(),
        date: m.date,
        pages: m.pages.len(),
    }
}
