//! Writes a demo school to a folder, as a school hands it over, with its truth.
//!
//! ```text
//! cargo run -p jz-demo --example school -- FOLDER [PEOPLE] [VOLUMES] [PAGES] [SEED]
//! ```
#![expect(clippy::unwrap_used, reason = "an example that cannot run should stop")]

use jz_demo::Plan;

fn main() {
    let mut args = std::env::args().skip(1);
    let folder = args.next().unwrap();
    let mut number = |default: usize| args.next().map_or(default, |n| n.parse().unwrap());
    let plan = Plan {
        people: number(60),
        volumes: number(6),
        pages: number(30),
        seed: number(1) as u64,
        faults: false,
    };
    jz_demo::generate(std::path::Path::new(&folder), &plan).unwrap();
}
