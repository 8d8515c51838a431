//! Measures recognition on a folder of pages with a `truth.json`.
//!
//! ```text
//! cargo run -p jz-imaging --example ocr_score --profile measure -- DIR [--models DIR] [--out FILE]
//! cargo run -p jz-imaging --example ocr_score --profile measure -- DIR --texts FILE
//! ```
//!
//! The first form reads every page and scores it, `--out` keeps the lines. The
//! second scores lines that somebody else has read (`{file: [{text, box}]}`).
//!
//! Scoring does not depend on reading order or on how lines were cut: the truth
//! has no places, so every true line is looked for in the whole text of the page
//! and charged the least number of changed characters. Both sides are folded:
//! NFKC, traditional to simplified, no spaces.
#![expect(clippy::print_stdout, reason = "a program for the terminal")]
#![expect(clippy::unwrap_used, reason = "a measurement that cannot run should stop")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ferrous_opencc::OpenCC;
use ferrous_opencc::config::BuiltinConfig;
use jz_imaging::ocr::{Recogniser, Rten};
use jz_imaging::{Limits, decode_upright};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use unicode_normalization::UnicodeNormalization;

#[derive(Serialize, Deserialize)]
struct ReadLine {
    text: String,
    #[serde(rename = "box")]
    bounds: [f32; 4],
}

/// A page of the truth: its file, and its lines with "typed" or "hand".
struct Page {
    file: String,
    lines: Vec<(String, bool)>,
}

#[derive(Default, Clone, Copy)]
struct Count {
    wrong: usize,
    all: usize,
}

impl Count {
    fn add(&mut self, other: Self) {
        self.wrong += other.wrong;
        self.all += other.all;
    }

    fn percent(self) -> f64 {
        100.0 * self.wrong as f64 / self.all.max(1) as f64
    }
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let option = |name: &str| args.iter().position(|a| a == name).map(|i| PathBuf::from(&args[i + 1]));
    let dir = PathBuf::from(&args[0]);
    let pages = truth(&dir);
    let texts: BTreeMap<String, Vec<ReadLine>> = match option("--texts") {
        Some(file) => serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap(),
        None => read(&dir, &pages, &option("--models").unwrap_or_else(|| "assets/ocr".into())),
    };
    if let Some(out) = option("--out") {
        std::fs::write(out, serde_json::to_vec(&texts).unwrap()).unwrap();
    }
    score(&pages, &texts, args.iter().any(|a| a == "--show"));
}

fn truth(dir: &Path) -> Vec<Page> {
    let truth: Value = serde_json::from_slice(&std::fs::read(dir.join("truth.json")).unwrap()).unwrap();
    let mut pages = vec![];
    collect(&truth, &mut pages);
    pages
}

/// Pages are objects with `file` and `lines`, at whatever depth they stand.
fn collect(value: &Value, pages: &mut Vec<Page>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, pages)),
        Value::Object(map) => match (map.get("file"), map.get("lines")) {
            (Some(Value::String(file)), Some(Value::Array(lines))) => {
                let line = |l: &Value| (l["t"].as_str().unwrap().to_owned(), l["k"] == "typed");
                pages.push(Page { file: file.clone(), lines: lines.iter().map(line).collect() });
            }
            _ => map.values().for_each(|item| collect(item, pages)),
        },
        _ => {}
    }
}

fn read(dir: &Path, pages: &[Page], models: &Path) -> BTreeMap<String, Vec<ReadLine>> {
    let load = |name: &str| std::fs::read(models.join(name)).unwrap();
    let engine = Rten::recogniser(
        load("PP-OCRv6_det_small.rten"),
        load("PP-OCRv6_rec_small.rten"),
        &load("ppocrv6_dict.txt"),
    )
    .unwrap();
    let mut texts = BTreeMap::new();
    println!("cpu_s  conf  lines  page");
    for page in pages {
        let start = cpu_seconds();
        let bytes = std::fs::read(dir.join(&page.file)).unwrap();
        let text = engine.recognise(&decode_upright(&bytes, &Limits::default()).unwrap()).unwrap();
        println!(
            "{:5.2}  {:.3}  {:5}  {}",
            cpu_seconds() - start,
            text.confidence(),
            text.lines.len(),
            page.file
        );
        let lines = text.lines.into_iter().map(|l| ReadLine { text: l.text, bounds: l.bounds }).collect();
        texts.insert(page.file.clone(), lines);
    }
    let n = pages.len() as f64;
    println!("cpu_per_page {:.3}   peak_mb {:.0}", cpu_seconds() / n, peak_mb());
    texts
}

/// CPU time of all threads of this process. Clock ticks are hundredths.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    (fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap()) / 100.0
}

fn peak_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|l| l.starts_with("VmHWM")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1024.0
}

fn score(pages: &[Page], texts: &BTreeMap<String, Vec<ReadLine>>, show: bool) {
    let simplify = OpenCC::from_config(BuiltinConfig::T2s).unwrap();
    let fold = |text: &str| -> Vec<char> {
        let plain: String = text.nfkc().filter(|c| !c.is_whitespace()).collect();
        simplify.convert(&plain).chars().collect()
    };
    let (mut typed, mut hand) = (Count::default(), Count::default());
    for page in pages {
        let empty = vec![];
        let lines = texts.get(&page.file).unwrap_or(&empty);
        let as_read: Vec<char> = lines.iter().flat_map(|l| fold(&l.text)).collect();
        let by_rows: Vec<char> = rows(lines).iter().flat_map(|l| fold(&l.text)).collect();
        let (mut page_typed, mut page_hand) = (Count::default(), Count::default());
        for (line, is_typed) in &page.lines {
            let line = fold(line);
            let wrong = nearest(&line, &as_read).min(nearest(&line, &by_rows));
            let count = Count { wrong, all: line.len() };
            if is_typed == &true {
                page_typed.add(count)
            } else {
                page_hand.add(count)
            }
            if show && wrong > 0 {
                println!("{wrong:4}  {}  [{}]", line.iter().collect::<String>(), page.file);
            }
        }
        typed.add(page_typed);
        hand.add(page_hand);
    }
    let mut all = typed;
    all.add(hand);
    for (name, count) in [("all", all), ("typed", typed), ("hand", hand)] {
        println!("cer_{name} {:.4}   ({} of {})", count.percent(), count.wrong, count.all);
    }
}

/// The lines by rows of the page, whatever order the reader gave.
fn rows(lines: &[ReadLine]) -> Vec<&ReadLine> {
    let mut sorted: Vec<&ReadLine> = lines.iter().collect();
    sorted.sort_by(|a, b| a.bounds[1].total_cmp(&b.bounds[1]));
    let mut rows: Vec<Vec<&ReadLine>> = vec![];
    for line in sorted {
        let middle = f32::midpoint(line.bounds[1], line.bounds[3]);
        match rows.last_mut() {
            Some(row) if middle < row[0].bounds[3] => row.push(line),
            _ => rows.push(vec![line]),
        }
    }
    for row in &mut rows {
        row.sort_by(|a, b| a.bounds[0].total_cmp(&b.bounds[0]));
    }
    rows.concat()
}

/// Fewest edits that turn `line` into some part of `text`.
fn nearest(line: &[char], text: &[char]) -> usize {
    // One column a character of the text; a match may begin anywhere.
    let mut column: Vec<usize> = (0..=line.len()).collect();
    let mut best = line.len();
    for c in text {
        let mut diagonal = column[0];
        for i in 1..=line.len() {
            let change = diagonal + usize::from(line[i - 1] != *c);
            diagonal = column[i];
            column[i] = change.min(column[i] + 1).min(column[i - 1] + 1);
        }
        best = best.min(column[line.len()]);
    }
    best
}
