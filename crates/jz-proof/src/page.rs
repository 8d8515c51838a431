//! The page that checks a receipt in a browser, from a file, without any server.

use crate::key::VerifierKey;

/// The page: one file, no network, no code of others. It has no keys in it; whoever uses
/// it pastes them from paper.
pub const PAGE: &str = include_str!("../assets/verify.html");

/// Where keys go.
const SLOT: &str = "<textarea id=\"keys\" rows=\"4\" spellcheck=\"false\" autocomplete=\"off\" aria-describedby=\"keys-hint\"></textarea>";

/// The page with keys filled in. The reader is still told to compare them with those on
/// paper: a page from the server that he doubts proves nothing by itself.
pub fn page_with(keys: &[VerifierKey]) -> String {
    let lines: Vec<String> = keys.iter().map(|k| escaped(&k.to_string())).collect();
    let filled = SLOT.replace("></textarea>", &format!(">{}</textarea>", lines.join("\n")));
    PAGE.replacen(SLOT, &filled, 1)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
