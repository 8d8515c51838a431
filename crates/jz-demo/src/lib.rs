//! Makes a fictitious school in a folder: workbooks and scanned volumes as a real
//! school hands them over, and the truth about them.
//!
//! Everything follows from [`Plan::seed`]: the same plan gives the same bytes. Nobody
//! in it exists; identity numbers begin with 99 and telephone numbers with 154.
//!
//! This crate only writes files. Importing them is the business of the ordinary use
//! cases, which the demo exercises that way. A new kind of page is a new function in
//! `draw/pages.rs`; a new fault of workbooks is a new row in `workbook.rs`.

#![deny(missing_docs)]

mod draw;
mod names;
mod people;
mod rng;
mod school;
mod text;
mod volumes;
mod words;
mod workbook;

use std::collections::HashSet;
use std::path::Path;

use serde::Serialize;

pub use draw::Line;
pub use people::Person;
pub use school::Org;
pub use text::text_corpus;
pub use volumes::{MaterialTruth, PageTruth, VolumeTruth};
pub use workbook::{Fault, ImportExpectation};

use school::{SCHOOL, School};
use volumes::{VolumePlan, VolumeWriter};

/// Name of the organisation workbook in the folder.
pub const ORGS_FILE: &str = "01党组织信息采集表.xlsx";
/// Name of the member workbook in the folder.
pub const MEMBERS_FILE: &str = "02党员发展信息汇总.xlsx";

/// How large a school, and which one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// People in the member workbook.
    pub people: usize,
    /// Scanned volumes; never more than there are people.
    pub volumes: usize,
    /// Pages in all volumes together.
    pub pages: usize,
    /// The same seed gives the same school.
    pub seed: u64,
    /// Whether a tenth of the member rows has a fault.
    pub faults: bool,
}

impl Default for Plan {
    fn default() -> Self {
        Self { people: 160, volumes: 6, pages: 36, seed: 1, faults: false }
    }
}

/// What was made, for tests that compare.
#[derive(Clone, Serialize)]
pub struct Truth {
    /// Name of the school.
    pub school: &'static str,
    /// Organisations, parents before children.
    pub orgs: Vec<Org>,
    /// Names of the member sheets.
    pub branches: Vec<String>,
    /// What an import must find.
    pub import_expectation: ImportExpectation,
    /// Scanned volumes.
    pub volumes: Vec<VolumeTruth>,
    /// Everybody, with true dates.
    pub people: Vec<Person>,
}

/// Why a school could not be made.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// A folder or file could not be written.
    #[error("could not write the demo school")]
    Io(#[from] std::io::Error),
    /// A workbook could not be written.
    #[error("could not write a demo workbook")]
    Sheet(#[from] rust_xlsxwriter::XlsxError),
    /// A page could not be encoded.
    #[error("could not encode a demo page")]
    Encode(#[from] jpeg_encoder::EncodingError),
    /// The truth could not be written.
    #[error("could not write the truth of the demo school")]
    Truth(#[from] serde_json::Error),
    /// Pages are drawn with the embedded fonts, and this build has none.
    #[error("this build has no embedded fonts")]
    NoFonts,
}

impl DemoError {
    /// Stable name of the failure.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Io(_) => "demo.io",
            Self::Sheet(_) => "demo.sheet",
            Self::Encode(_) => "demo.encode",
            Self::Truth(_) => "demo.truth",
            Self::NoFonts => "demo.no-fonts",
        }
    }

    /// The sentence for people: what is wrong and what to do.
    pub fn zh(&self) -> &'static str {
        match self {
            Self::Io(_) => "无法写入演示学校的文件，请检查目标文件夹是否可写、磁盘是否已满。",
            Self::Sheet(_) => "无法生成演示用的工作簿，请检查目标文件夹是否可写。",
            Self::Encode(_) => "无法生成演示用的扫描页，请重试。",
            Self::Truth(_) => "无法写出演示学校的核对文件，请检查目标文件夹是否可写。",
            Self::NoFonts => "程序未内嵌字体，无法绘制扫描页。请运行 cargo xtask assets 后重新编译。",
        }
    }
}

/// Writes the school into `out_dir`, which is made when missing: the two workbooks,
/// `volumes-A`, `volumes-B`, `volumes-C`, and `truth.json`.
pub fn generate(out_dir: &Path, plan: &Plan) -> Result<Truth, DemoError> {
    std::fs::create_dir_all(out_dir)?;
    let school = School::for_people(plan.people);
    let people: Vec<Person> = (0..plan.people).map(|i| people::person(&school, plan.seed, i)).collect();
    let orgs = school.orgs();
    let branches: Vec<String> = school.branches.iter().map(|b| b.name.clone()).collect();
    workbook::write_orgs(&out_dir.join(ORGS_FILE), &orgs)?;
    let members = out_dir.join(MEMBERS_FILE);
    let import_expectation = workbook::write_members(&members, &branches, &people, plan.seed, plan.faults)?;
    let volumes = write_volumes(out_dir, &school, &people, plan)?;
    let truth = Truth { school: SCHOOL, orgs, branches, import_expectation, volumes, people };
    let file = std::io::BufWriter::new(std::fs::File::create(out_dir.join("truth.json"))?);
    serde_json::to_writer(file, &truth)?;
    Ok(truth)
}

/// `n` fictitious people, for benches. Person `i` depends on the seed and `i`, and the
/// branches on how many people there are.
pub fn people(n: usize, seed: u64) -> impl Iterator<Item = Person> {
    let school = School::for_people(n);
    (0..n).map(move |index| people::person(&school, seed, index))
}

/// Draws on as many threads as there are processors; the bytes do not depend on it.
fn write_volumes(
    out_dir: &Path,
    school: &School,
    people: &[Person],
    plan: &Plan,
) -> Result<Vec<VolumeTruth>, DemoError> {
    let plans = plan_volumes(people, plan);
    if plans.is_empty() {
        return Ok(Vec::new());
    }
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(plans.len());
    let draw = |share: &[VolumePlan<'_>]| -> Result<Vec<VolumeTruth>, DemoError> {
        let mut writer = VolumeWriter::new(out_dir, school, plan.seed)?;
        share.iter().map(|volume| writer.write(volume)).collect()
    };
    let parts: Vec<Result<Vec<VolumeTruth>, DemoError>> = std::thread::scope(|scope| {
        let shares = plans.chunks(plans.len().div_ceil(threads));
        let handles: Vec<_> = shares.map(|share| scope.spawn(|| draw(share))).collect();
        let lost = || Err(DemoError::Io(std::io::Error::other("a drawing thread stopped")));
        handles.into_iter().map(|handle| handle.join().unwrap_or_else(|_| lost())).collect()
    });
    let mut truths = Vec::with_capacity(plans.len());
    for part in parts {
        truths.extend(part?);
    }
    Ok(truths)
}

/// Picks whose volumes there are: people far on their way first, since they have more
/// papers, and never two with the same name, since layout B knows people by name only.
fn plan_volumes<'a>(people: &'a [Person], plan: &Plan) -> Vec<VolumePlan<'a>> {
    let count = plan.volumes.min(people.len());
    let (mut joined, mut others): (Vec<&Person>, Vec<&Person>) =
        people.iter().partition(|p| p.meet.is_some());
    joined.append(&mut others);
    let mut names = HashSet::new();
    joined.retain(|p| names.insert(p.name.as_str()));
    let count = count.min(joined.len());
    let pages = |index: usize| plan.pages / count.max(1) + usize::from(index < plan.pages % count.max(1));
    let chosen = joined.iter().take(count).enumerate();
    chosen.map(|(index, person)| volumes::plan(index, pages(index), person, plan.seed)).collect()
}
