//! `bench`: the measurements in `bench/`, one program each, run one after the other.
//!
//! A measurement is `bench/NAME.py`, `bench/NAME.sh`, or a folder with `run.py` or
//! `run.sh`. It builds what it measures, the judges' Python runs it, and it prints
//! its figures. Nothing here judges a figure: a loaded machine is not a failed test.

use std::fs;

use crate::place::Place;
use crate::steps::{Count, Report};
use crate::{assets, setup, sh, web};

/// Runs the named measurements, or all.
pub fn bench(place: &Place, names: &[&str]) -> Result<(), String> {
    let all = programs(place)?;
    let chosen: Vec<&String> = all.iter().filter(|p| names.is_empty() || names.contains(&stem(p))).collect();
    if let Some(unknown) = names.iter().find(|n| !all.iter().any(|p| stem(p) == **n)) {
        let known: Vec<&str> = all.iter().map(|p| stem(p)).collect();
        return Err(format!("没有测量“{unknown}”；现有：{}", known.join(" ")));
    }
    if chosen.is_empty() {
        return Err("bench/ 下还没有测量".into());
    }
    setup::judges(place)?;
    place.claim_target();
    assets::fetch(place)?;
    web::build(place)?;
    println!("机器负载：{}", fs::read_to_string("/proc/loadavg").unwrap_or_default().trim());
    let mut report = Report::default();
    for file in chosen {
        report.step(stem(file), || {
            let runner = if extension(file) == "py" { place.venv().join("bin/python") } else { "sh".into() };
            let mut command = sh::command(place, runner, &place.root);
            command.arg(place.root.join("bench").join(file));
            sh::run(&mut command).map(|()| Count::one())
        });
    }
    println!("机器负载：{}", fs::read_to_string("/proc/loadavg").unwrap_or_default().trim());
    report.close()
}

fn programs(place: &Place) -> Result<Vec<String>, String> {
    let dir = place.root.join("bench");
    let entries = fs::read_dir(&dir).map_err(|e| format!("{}：{e}", dir.display()))?;
    let mut names: Vec<String> = Vec::new();
    for name in entries.filter_map(Result::ok).filter_map(|e| e.file_name().into_string().ok()) {
        if ["py", "sh"].contains(&extension(&name)) && !name.starts_with('_') {
            names.push(name);
        } else if let Some(run) = ["run.py", "run.sh"].iter().find(|run| dir.join(&name).join(run).is_file())
        {
            names.push(format!("{name}/{run}"));
        }
    }
    names.sort();
    Ok(names)
}

fn extension(file: &str) -> &str {
    file.rsplit_once('.').map_or("", |(_, ext)| ext)
}

/// The name people type: the folder, or the file without its extension.
fn stem(file: &str) -> &str {
    let file = file.split('/').next().unwrap_or(file);
    file.rsplit_once('.').map_or(file, |(stem, _)| stem)
}
