//! Text that a spreadsheet program would take for a formula.

use std::borrow::Cow;

/// First characters that start a formula, also in the full width forms that Chinese
/// versions of Excel accept as typed.
const STARTERS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Puts an apostrophe before text that could be run as a formula. [`restore`] takes it
/// off again, so that a table that was written can be read back unchanged.
pub fn neutralise(text: &str) -> Cow<'_, str> {
    if text.starts_with(STARTERS) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// Takes off the apostrophe that [`neutralise`] has put there, and no other.
pub fn restore(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(STARTERS) => rest,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]
        #[test]
        fn nothing_leaves_that_starts_a_formula(text in "[=+@'\t\r＝＋－＠a中 -]{0,6}\\PC{0,8}") {
            let out = neutralise(&text);
            prop_assert!(!out.starts_with(STARTERS));
            // An apostrophe of the writer's own before a starter is the one text that cannot be
            // told from ours; it comes back without it.
            if !text.starts_with('\'') {
                prop_assert_eq!(restore(&out), text.as_str());
            }
        }
    }
}
