//! Writes every sample of every form into a folder, with fonts of your own if you like:
//! `cargo run -p jz-forms --example samples -- DIR [FONT.ttf…]`.

use std::error::Error;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn Error>> {
    let dir = PathBuf::from(std::env::args().nth(1).ok_or("give a folder")?);
    std::fs::create_dir_all(&dir)?;
    let extra: Vec<Vec<u8>> = std::env::args().skip(2).map(std::fs::read).collect::<Result<_, _>>()?;
    let fonts = jz_forms::Fonts::with_extra(extra);
    // 2026-05-20 09:00 in Beijing: the same bytes every time.
    let now = 1_779_238_800_000;
    for sample in jz_forms::samples::samples() {
        let pdf = jz_forms::render_catalogue(&sample.data, &fonts, now).map_err(|e| e.zh())?;
        std::fs::write(dir.join(format!("{}.pdf", sample.name)), pdf)?;
    }
    Ok(())
}
