//! Writes `$OUT_DIR/embedded.rs`: one `include_bytes!` for each file that exists now.
//!
//! A missing file is not an error, so that `cargo check` works on a fresh
//! checkout, before fonts and models are fetched and before the web part is built.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("../..");
    let root = fs::canonicalize(root)?;
    let fonts = watch(&root.join("assets/fonts"))?;
    let ocr = watch(&root.join("assets/ocr"))?;
    let out_dir = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    // The web part is copied, so that what is compiled is one state of it even when it
    // is built anew meanwhile.
    let dist = out_dir.join("dist");
    let web = copied(&watch(&root.join("web/dist"))?, &root.join("web/dist"), &dist)?;

    let mut out = String::new();
    write_fonts(&mut out, &fonts);
    write_ocr(&mut out, &ocr);
    write_licences(&mut out, &fonts, &ocr);
    write_web(&mut out, &dist, &web)?;

    fs::write(out_dir.join("embedded.rs"), out)
}

/// All files below `dir`, sorted. Tells Cargo to look at the folder again next time.
///
/// The folder is made when it is missing: Cargo treats a watched path that does
/// not exist as changed on every build, and would compile everything above this
/// crate again and again.
fn watch(dir: &Path) -> io::Result<Vec<PathBuf>> {
    // A read-only checkout is fine: then there is only the needless rebuild.
    let _ = fs::create_dir_all(dir);
    tell(&format!("rerun-if-changed={}", dir.display()))?;
    let mut files = Vec::new();
    collect(dir, &mut files)?;
    files.sort();
    Ok(files)
}

/// Copies files from below one folder to below another; the old copies go.
fn copied(files: &[PathBuf], from: &Path, to: &Path) -> io::Result<Vec<PathBuf>> {
    if to.exists() {
        fs::remove_dir_all(to)?;
    }
    let mut out = Vec::new();
    for path in files {
        let Ok(inside) = path.strip_prefix(from) else { continue };
        let target = to.join(inside);
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::copy(path, &target)?;
        out.push(target);
    }
    Ok(out)
}

fn tell(line: &str) -> io::Result<()> {
    use io::Write as _;
    writeln!(io::stdout(), "cargo::{line}")
}

fn collect(dir: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    let Ok(entries) = fs::read_dir(dir) else {
        return Ok(());
    };
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

/// The path as a Rust string literal.
fn quoted(path: &Path) -> String {
    format!("{:?}", path.to_string_lossy())
}

fn name(path: &Path) -> &str {
    path.file_name().and_then(|n| n.to_str()).unwrap_or_default()
}

fn has_extension(path: &Path, wanted: &[&str]) -> bool {
    path.extension().and_then(|e| e.to_str()).is_some_and(|e| wanted.contains(&e))
}

fn write_fonts(out: &mut String, files: &[PathBuf]) {
    out.push_str("static FONTS: &[Font] = &[\n");
    for path in files.iter().filter(|p| has_extension(p, &["ttf", "otf"])) {
        let stem = path.file_stem().and_then(|s| s.to_str()).unwrap_or_default();
        let file = quoted(path);
        let _ = writeln!(out, "Font {{ name: {stem:?}, bytes: include_bytes!({file}) }},");
    }
    out.push_str("];\n");
}

/// The model needs all three files; a half set is as good as none.
fn write_ocr(out: &mut String, files: &[PathBuf]) {
    let find =
        |mark: &str, ext: &[&str]| files.iter().find(|p| name(p).contains(mark) && has_extension(p, ext));
    let weights = &["rten", "onnx"];
    let parts = (find("_det", weights), find("_rec", weights), find("dict", &["txt"]));
    let (Some(det), Some(rec), Some(dict)) = parts else {
        out.push_str("static OCR: Option<OcrModel> = None;\n");
        return;
    };
    let name = name(rec).trim_end_matches(".rten").trim_end_matches(".onnx").replace("_rec", "");
    let (det, rec, dict) = (quoted(det), quoted(rec), quoted(dict));
    // The engine reads the weights in place, so they must lie on an address
    // that is a multiple of eight.
    let _ = writeln!(
        out,
        "struct Aligned<T: ?Sized> {{ _align: [u64; 0], bytes: T }}\n\
         static DET: &Aligned<[u8]> = &Aligned {{ _align: [], bytes: *include_bytes!({det}) }};\n\
         static REC: &Aligned<[u8]> = &Aligned {{ _align: [], bytes: *include_bytes!({rec}) }};\n\
         static OCR: Option<OcrModel> = Some(OcrModel {{ name: {name:?}, det: &DET.bytes, rec: &REC.bytes, dict: include_str!({dict}) }});",
    );
}

fn write_licences(out: &mut String, fonts: &[PathBuf], ocr: &[PathBuf]) {
    out.push_str("static LICENCES: &[Licence] = &[\n");
    for path in fonts.iter().chain(ocr) {
        let upper = name(path).to_uppercase();
        if !["LICENSE", "LICENCE", "NOTICE", "OFL"].iter().any(|w| upper.starts_with(w)) {
            continue;
        }
        let title = format!("{}/{}", path.parent().map(name).unwrap_or_default(), name(path));
        let file = quoted(path);
        let _ = writeln!(out, "Licence {{ name: {title:?}, text: include_str!({file}) }},");
    }
    out.push_str("];\n");
}

fn write_web(out: &mut String, dist: &Path, files: &[PathBuf]) -> io::Result<()> {
    out.push_str("static WEB: &[WebFile] = &[\n");
    for path in files.iter().filter(|p| !has_extension(p, &["br", "gz"])) {
        let Ok(inside) = path.strip_prefix(dist) else {
            continue;
        };
        let url = inside.to_string_lossy().replace('\\', "/");
        let etag = fingerprint(&fs::read(path)?);
        let file = quoted(path);
        let _ = writeln!(
            out,
            "WebFile {{ path: {url:?}, bytes: include_bytes!({file}), brotli: {}, gzip: {}, \
             etag: {:?}, content_type: {:?} }},",
            beside(files, path, "br"),
            beside(files, path, "gz"),
            format!("\"{etag:032x}\""),
            content_type(path),
        );
    }
    out.push_str("];\n");
    Ok(())
}

/// The compressed twin that the web build wrote beside the file, if any.
fn beside(files: &[PathBuf], path: &Path, ext: &str) -> String {
    let twin = PathBuf::from(format!("{}.{ext}", path.display()));
    match files.binary_search(&twin) {
        Ok(_) => format!("Some(include_bytes!({}))", quoted(&twin)),
        Err(_) => "None".to_owned(),
    }
}

/// FNV-1a, 128 bits: tells versions of our own files apart; it is no seal.
fn fingerprint(bytes: &[u8]) -> u128 {
    bytes.iter().fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d, |hash: u128, byte| {
        (hash ^ u128::from(*byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
    })
}

fn content_type(path: &Path) -> &'static str {
    match path.extension().and_then(|e| e.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "wasm" => "application/wasm",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
