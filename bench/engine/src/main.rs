//! Measures whole requests at size: lists of people, look-ups by name, and searches in
//! page texts, each through the use case that the API calls, ledger entry included.
//!
//! Figures are CPU time of the thread that does the work. Every search is compared with
//! a brute-force scan over the same texts: a fast wrong answer counts as wrong.
#![expect(clippy::print_stdout, reason = "a report for people")]

mod build;
mod measure;

use jz_app::{App, Fail, config::Config};
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1).map(|a| a.parse::<usize>().unwrap_or(0));
    let (people, pages) = (args.next().unwrap_or(20_000), args.next().unwrap_or(20_000));
    match run(people, pages) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(e) => {
            println!("failed: {} {e:?}", e.zh());
            ExitCode::FAILURE
        }
    }
}

fn run(people: usize, pages: usize) -> Result<bool, Fail> {
    let dir = tempfile::Builder::new().prefix("jz-bench").tempdir()?;
    let data = dir.path().join("data");
    App::init(&data, Config::default())?;
    let app = App::open(&data)?;
    let orgs = build::orgs(&app)?;
    let mut ok = true;
    if people > 0 {
        let took = build::people(&app, &orgs, people)?;
        println!("{people} people built: {:.1} us CPU each", took * 1e6 / people as f64);
        measure::people(&app, &orgs, people)?;
    }
    if pages > 0 {
        let (took, texts) = build::pages(&app, &orgs, pages)?;
        println!("{pages} pages built: {:.1} us CPU each", took * 1e6 / pages as f64);
        ok = measure::pages(&app, &orgs, &texts)?;
        drop(app);
        measure::cold_start(&data)?;
    }
    Ok(ok)
}

/// CPU seconds of this thread.
pub fn cpu() -> f64 {
    let t = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    t.tv_sec as f64 + t.tv_nsec as f64 / 1e9
}
