//! What a page costs in CPU time, step by step: intake, tiles, stamps.
//!
//! ```text
//! cargo run -p jz-imaging --example page_cost --profile measure -- PAGE.jpg FONT.ttf [ROUNDS]
//! ```
//! Least of all rounds, in milliseconds, one thread. Prints one JSON document.
#![expect(clippy::print_stdout, reason = "a program for the terminal")]
#![expect(clippy::unwrap_used, reason = "a measurement that cannot run should stop")]

use jz_imaging::iiif::{MaxSize, Request, plan, render};
use jz_imaging::pack::{self, Pack};
use jz_imaging::stamp::{Stamp, StampFont};
use jz_imaging::{Limits, decode_upright, quality, thumb};
use serde_json::{Map, json};

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let bytes = std::fs::read(&args[0]).unwrap();
    let font = StampFont::new(std::fs::read(&args[1]).unwrap()).unwrap();
    let rounds: u32 = args.get(2).map_or(9, |n| n.parse().unwrap());
    let limits = Limits::default();

    let page = decode_upright(&bytes, &limits).unwrap();
    let pack = Pack::open(pack::build(&page).unwrap()).unwrap();
    let stamp = Stamp::new(&font, "READER 2026-11-24 10:30").unwrap();
    let ask = |path: &str, stamp: Option<&Stamp>| {
        let request = Request::parse_path(path).unwrap();
        let plan = plan(&request, page.w(), page.h(), &MaxSize::default()).unwrap();
        render(&pack, &plan, stamp).unwrap().bytes.len()
    };

    let mut out = Map::new();
    let mut note = |name: &str, work: &mut dyn FnMut() -> usize| {
        out.insert(name.into(), json!(least(rounds, work)));
    };
    note("probe", &mut || jz_imaging::probe(&bytes, &limits).unwrap().w as usize);
    note("decode", &mut || decode_upright(&bytes, &limits).unwrap().data().len());
    note("thumbnail", &mut || thumb::jpeg(&page).unwrap().len());
    note("pack_and_thumbnail", &mut || pack::derive(&page).unwrap().pack.len());
    note("quality_facts", &mut || usize::from(quality::measure(&page).paper));
    note("draw_stamp", &mut || usize::from(Stamp::new(&font, "READER 2026-11-24 10:30").is_ok()));
    note("tile", &mut || ask("512,512,512,512/512,512/0/default.jpg", None));
    note("tile_stamped", &mut || ask("512,512,512,512/512,512/0/default.jpg", Some(&stamp)));
    note("half_page", &mut || ask("full/1240,/0/default.jpg", None));
    note("half_page_stamped", &mut || ask("full/1240,/0/default.jpg", Some(&stamp)));
    println!("{}", serde_json::to_string_pretty(&out).unwrap());
}

/// Least CPU time of one run, over `rounds` batches that last long enough to be
/// measured.
fn least(rounds: u32, work: &mut dyn FnMut() -> usize) -> f64 {
    let mut best = f64::MAX;
    let mut repeat = 1;
    for _ in 0..rounds {
        let start = cpu_ms();
        for _ in 0..repeat {
            std::hint::black_box(work());
        }
        let took = (cpu_ms() - start) / f64::from(repeat);
        best = best.min(took);
        repeat = ((20.0 / took.max(0.001)) as u32).clamp(1, 2000);
    }
    (best * 1000.0).round() / 1000.0
}

/// CPU time of this thread.
fn cpu_ms() -> f64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    stat.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e6
}
