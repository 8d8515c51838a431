//! What it costs to file a page, beside the bare sum of its parts.
//!
//! A made-up school hands over volumes of scanned A4 pages at 300 dpi. The whole way is
//! the import of those folders: walk, catalogue workbooks, worker process, two digests,
//! encryption, durable storage, thumbnail, tile pack, facts, rows, ledger, recognition
//! jobs (queued, not run). The bare sum is the same work on the same files without any of
//! our plumbing. CPU time is that of this program and of its worker processes.
#![expect(clippy::print_stdout, reason = "a report for people")]

use aes_gcm::{Aes256Gcm, Nonce, aead::Aead as _, aead::KeyInit as _};
use jz_app::{App, Cx, Fail, config::Config, intake, volume::import, worker};
use jz_imaging::{Limits, decode_upright, pack, quality};
use rustix::time::{ClockId, clock_gettime};
use sha2::{Digest as _, Sha256};
use sm3::Sm3;
use std::{
    fs,
    hint::black_box,
    io::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Instant,
};

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    // The worker pool starts this very program for the files it parses.
    let ran = match args.first().map(String::as_str) {
        Some("worker") => {
            worker::serve(args.get(1).map_or("parse", String::as_str)).map_err(|e| e.to_string())
        }
        pages => run(pages.and_then(|n| n.parse().ok()).unwrap_or(60)),
    };
    match ran {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            println!("failed: {e}");
            ExitCode::FAILURE
        }
    }
}

fn run(pages: usize) -> Result<(), String> {
    let dir = tempfile::Builder::new().prefix("jz-bench-intake").tempdir().map_err(|e| e.to_string())?;
    let school = dir.path().join("school");
    let plan = jz_demo::Plan { people: 60, volumes: (pages / 6).max(1), pages, seed: 7, faults: false };
    jz_demo::generate(&school, &plan).map_err(|e| e.zh().to_owned())?;
    let files = scans(&school).map_err(|e| e.to_string())?;
    let bytes: u64 = files.iter().filter_map(|f| f.metadata().ok()).map(|m| m.len()).sum();
    println!("{} pages, {:.2} MB each", files.len(), bytes as f64 / files.len() as f64 / 1e6);
    let bare = bare(&files, &dir.path().join("bare")).map_err(|e| e.to_string())?;
    let whole = whole(&school, &dir.path().join("data"), files.len()).map_err(|e| format!("{e:?}"))?;
    println!("whole way  {:>7.1} ms CPU a page", whole * 1e3);
    println!("ratio      {:>7.2} x the bare sum", whole / bare);
    Ok(())
}

/// All page files below a folder.
fn scans(root: &Path) -> std::io::Result<Vec<PathBuf>> {
    let (mut out, mut folders) = (Vec::new(), vec![root.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("jpg")) {
                out.push(path);
            }
        }
    }
    out.sort();
    Ok(out)
}

/// CPU seconds of this process.
fn own() -> f64 {
    let t = clock_gettime(ClockId::ProcessCPUTime);
    t.tv_sec as f64 + t.tv_nsec as f64 / 1e9
}

/// CPU seconds of the children that have ended: `cutime` and `cstime`, in hundredths.
fn children() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default();
    fields.split_whitespace().skip(13).take(2).filter_map(|f| f.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// The parts one after the other, in CPU seconds a page.
fn bare(files: &[PathBuf], out: &Path) -> std::io::Result<f64> {
    fs::create_dir_all(out)?;
    let (mut times, limits) = ([0.0f64; 7], Limits::default());
    let cipher = Aes256Gcm::new(&[7; 32].into());
    let lost = |what: &str| std::io::Error::other(what.to_owned());
    for (n, path) in files.iter().enumerate() {
        let mut last = own();
        let mut lap = |at: usize| {
            let now = own();
            if let Some(t) = times.get_mut(at) {
                *t += now - last;
            }
            last = now;
        };
        let bytes = fs::read(path)?;
        lap(0);
        let page = decode_upright(&bytes, &limits).map_err(|_| lost("decode"))?;
        lap(1);
        black_box((Sha256::digest(&bytes), Sm3::digest(&bytes)));
        lap(2);
        let derived = pack::derive(&page).map_err(|_| lost("derive"))?;
        lap(3);
        black_box(quality::measure(&page));
        lap(4);
        let mut sealed = Vec::new();
        for part in [&bytes, &derived.pack, &derived.thumb] {
            for chunk in part.chunks(jz_blob::CHUNK) {
                sealed.extend(cipher.encrypt(&Nonce::from([0; 12]), chunk).map_err(|_| lost("encrypt"))?);
            }
        }
        lap(5);
        let mut file = fs::File::create(out.join(n.to_string()))?;
        file.write_all(&sealed)?;
        lap(6);
    }
    let names = ["read", "decode", "two digests", "tiles and thumbnail", "facts", "encrypt", "write"];
    let pages = files.len() as f64;
    for (name, t) in names.iter().zip(times) {
        println!("  {name:<20} {:>7.1} ms", t / pages * 1e3);
    }
    let sum = times.iter().sum::<f64>() / pages;
    println!("bare sum   {:>7.1} ms CPU a page", sum * 1e3);
    Ok(sum)
}

/// The import itself, in CPU seconds a page.
fn whole(school: &Path, data: &Path, pages: usize) -> Result<f64, Fail> {
    App::init(data, Config::default())?;
    let app = App::open(data)?;
    for (kind, file) in
        [(intake::Kind::Orgs, jz_demo::ORGS_FILE), (intake::Kind::Members, jz_demo::MEMBERS_FILE)]
    {
        let upload = intake::Upload::copy_of(&app, &school.join(file))?;
        let batch = intake::preview(&Cx::system(&app), kind, upload)?;
        intake::commit(&Cx::system(&app), batch.id)?;
    }
    app.workers.rest();
    let (mine, theirs, wall) = (own(), children(), Instant::now());
    let mut filed = 0;
    for layout in ["a", "b", "c"] {
        let from = school.join(format!("volumes-{}", layout.to_uppercase()));
        if from.exists() {
            let batch = import::local(&Cx::system(&app), &from, layout, false)?;
            filed += batch.volumes.iter().map(|v| v.new_pages).sum::<usize>();
        }
    }
    // Children count once they have ended.
    app.workers.rest();
    let (mine, theirs) = (own() - mine, children() - theirs);
    let each = |s: f64| s / pages as f64 * 1e3;
    println!(
        "{filed} of {pages} pages filed in {:.1} s: server {:.1} ms, worker {:.1} ms CPU a page",
        wall.elapsed().as_secs_f64(),
        each(mine),
        each(theirs)
    );
    if filed != pages {
        return Err(Fail::refused("bench.missing", "有页面没有入卷。"));
    }
    Ok((mine + theirs) / pages as f64)
}
