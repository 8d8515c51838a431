//! Writes a school into a folder: `cargo run -p jz-demo --example school -- DIR PEOPLE VOLUMES PAGES [SEED]`.

use std::error::Error;
use std::path::PathBuf;

use jz_demo::{Plan, generate};

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize| args.get(at).and_then(|a| a.parse::<usize>().ok());
    let dir = PathBuf::from(args.first().ok_or("give a folder")?);
    let default = Plan::default();
    let plan = Plan {
        people: number(1).unwrap_or(default.people),
        volumes: number(2).unwrap_or(default.volumes),
        pages: number(3).unwrap_or(default.pages),
        seed: number(4).map_or(default.seed, |s| s as u64),
        faults: true,
    };
    generate(&dir, &plan).map_err(|e| e.zh())?;
    Ok(())
}
