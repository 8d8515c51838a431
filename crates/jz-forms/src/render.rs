//! From a template and its data to the bytes of a PDF/A-2b file.

use std::panic::{AssertUnwindSafe, catch_unwind};

use typst::diag::SourceDiagnostic;
use typst::foundations::{Datetime, Smart};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::world::Closed;
use crate::{Fonts, FormError};

/// Print forms carry the date of the place they are used in.
const OFFSET_MINUTES: i32 = 8 * 60;
/// How many later prints a cached piece of layout survives unused.
const CACHE_AGE: usize = 3;

/// What is printed.
pub(crate) struct Job<'a> {
    pub(crate) template: &'a str,
    /// Becomes `data.json`; a member `fonts` is added.
    pub(crate) data: serde_json::Value,
    /// Names the document for its PDF identifier; is hashed, not written.
    pub(crate) ident: String,
}

/// Sets and exports. `now` is the date of the document, milliseconds since the epoch.
pub(crate) fn render(mut job: Job<'_>, fonts: &Fonts, now: i64) -> Result<Vec<u8>, FormError> {
    if fonts.faces.is_empty() {
        return Err(FormError::NoFonts);
    }
    let missing = missing_glyphs(job.template, &job.data, fonts);
    if !missing.is_empty() {
        return Err(FormError::MissingGlyphs(missing));
    }
    if let Some(object) = job.data.as_object_mut() {
        let lists = serde_json::json!({ "body": fonts.body(), "title": fonts.title() });
        object.insert("fonts".to_owned(), lists);
    }
    // A panic in the typesetter must cost one print, not the process.
    let result = catch_unwind(AssertUnwindSafe(|| compile(&job, fonts, now)));
    // The cache holds personal data: let it go soon.
    typst::comemo::evict(CACHE_AGE);
    result.unwrap_or(Err(FormError::Crashed))
}

fn compile(job: &Job<'_>, fonts: &Fonts, now: i64) -> Result<Vec<u8>, FormError> {
    let data = serde_json::to_vec(&job.data).map_err(|e| FormError::Template(e.to_string()))?;
    let date = local_time(now);
    let world = Closed::new(fonts, job.template, data, date)
        .ok_or_else(|| FormError::Template("file names".to_owned()))?;
    let document: PagedDocument =
        typst::compile(&world).output.map_err(|e| FormError::Template(describe(&e)))?;
    let standards =
        PdfStandards::new(&[PdfStandard::A_2b]).map_err(|_| FormError::Export("standard".to_owned()))?;
    let options = PdfOptions {
        ident: Smart::Custom(job.ident.clone()),
        creator: Smart::Custom(Some("卷宗".to_owned())),
        timestamp: date.and_then(|d| Timestamp::new_local(d, OFFSET_MINUTES)),
        standards,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&document, &options).map_err(|errors| {
        if errors.iter().any(|e| e.message.contains("license")) {
            return FormError::FontLicence;
        }
        FormError::Export(describe(&errors))
    })
}

/// The messages without anything quoted: quotes hold the text of the form.
fn describe(errors: &[SourceDiagnostic]) -> String {
    let lines: Vec<String> = errors.iter().map(|e| without_quotes(&e.message)).collect();
    lines.join("; ")
}

fn without_quotes(message: &str) -> String {
    let mut out = String::new();
    let mut quote = None;
    for c in message.chars() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if c == '`' || c == '"' => {
                quote = Some(c);
                out.push('…');
            }
            None => out.push(c),
        }
    }
    out
}

/// Characters of the template and the data that no font has.
fn missing_glyphs(template: &str, data: &serde_json::Value, fonts: &Fonts) -> Vec<char> {
    let mut missing = Vec::new();
    let mut look = |text: &str| {
        for c in text.chars() {
            if !is_invisible(c) && !missing.contains(&c) && !fonts.covers(c) {
                missing.push(c);
            }
        }
    };
    look(template);
    strings(data, &mut look);
    missing
}

/// Characters that are laid out without being drawn.
fn is_invisible(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\t' | ' ' | '\u{200b}')
}

fn strings(value: &serde_json::Value, look: &mut impl FnMut(&str)) {
    match value {
        serde_json::Value::String(s) => look(s),
        serde_json::Value::Array(list) => list.iter().for_each(|v| strings(v, look)),
        serde_json::Value::Object(map) => map.values().for_each(|v| strings(v, look)),
        _ => {}
    }
}

/// The day and time on the wall where the form is used.
fn local_time(now: i64) -> Option<Datetime> {
    let seconds = now.div_euclid(1000) + i64::from(OFFSET_MINUTES) * 60;
    let (year, month, day) = civil(seconds.div_euclid(86_400));
    let second = seconds.rem_euclid(86_400);
    Datetime::from_ymd_hms(
        i32::try_from(year).ok()?,
        month,
        day,
        (second / 3600) as u8,
        (second / 60 % 60) as u8,
        (second % 60) as u8,
    )
}

/// Days since 1970-01-01 to a date of the Gregorian calendar. Counts from 1 March
/// of the year 0, so that the leap day is the last day of a year.
fn civil(days: i64) -> (i64, u8, u8) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month as u8, day as u8)
}

#[cfg(test)]
mod tests {
    use super::{Job, civil, render, without_quotes};
    use crate::{Fonts, FormError};

    fn try_template(template: &str) -> Option<Result<Vec<u8>, FormError>> {
        if jz_assets::fonts().is_empty() {
            return None;
        }
        let job = Job { template, data: serde_json::json!({ "x": 1 }), ident: String::new() };
        Some(render(job, &Fonts::embedded(), 1_779_238_800_000))
    }

    #[test]
    fn a_template_sees_nothing_but_itself_and_its_data() {
        let outside = [
            r#"#read("/etc/hostname")"#,
            r#"#read("../Cargo.toml")"#,
            r#"#image("x.png")"#,
            r#"#import "@preview/cetz:0.3.0": *"#,
            r#"#include "other.typ""#,
        ];
        for template in outside {
            let Some(result) = try_template(template) else { return };
            assert!(matches!(result, Err(FormError::Template(_))), "{template}: {:?}", result.is_ok());
        }
        let inside = r#"#assert(json("data.json").x == 1)"#;
        assert!(try_template(inside).is_none_or(|r| r.is_ok()));
    }

    #[test]
    fn the_day_is_the_one_passed_in() {
        let template = "#assert(datetime.today().display() == \"2026-05-20\")";
        assert!(try_template(template).is_none_or(|r| r.is_ok()));
    }

    #[test]
    fn without_fonts_there_is_no_print() {
        let none = Fonts::from_fonts(Vec::new());
        let job = Job { template: "", data: serde_json::json!({}), ident: String::new() };
        assert_eq!(render(job, &none, 0), Err(FormError::NoFonts));
    }

    #[test]
    fn days_become_dates() {
        let cases = [
            ("epoch", 0, (1970, 1, 1)),
            ("the day before", -1, (1969, 12, 31)),
            ("leap day", 19_782, (2024, 2, 29)),
            ("day after", 19_783, (2024, 3, 1)),
            ("not a leap year", -25_509, (1900, 2, 28)),
            ("end of year", 20_453, (2025, 12, 31)),
        ];
        for (name, days, want) in cases {
            assert_eq!(civil(days), want, "{name}");
        }
    }

    #[test]
    fn messages_lose_what_they_quote() {
        assert_eq!(without_quotes("the text `\"甲乙\"` is missing"), "the text … is missing");
        assert_eq!(without_quotes("unknown key \"甲\" in data"), "unknown key … in data");
    }
}
