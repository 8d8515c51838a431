//! Writes texts of the corpus, one file line a text: `cargo run -p jz-demo --example corpus -- N [SEED]`.

use std::error::Error;
use std::io::Write as _;

fn main() -> Result<(), Box<dyn Error>> {
    let number = |at: usize| std::env::args().nth(at).and_then(|a| a.parse::<usize>().ok());
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for text in
        jz_demo::text_corpus(number(1).ok_or("give a number of texts")?, number(2).unwrap_or(1) as u64)
    {
        writeln!(out, "{}", text.replace('\n', "↵"))?;
    }
    Ok(())
}
