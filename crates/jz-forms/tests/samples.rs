//! Every sample of every form, printed for real.
//!
//! Text is read back with poppler's `pdftotext`, a program that shares no code with
//! the typesetter. PDF/A is judged by `tests/judges/verapdf`.

#![expect(clippy::expect_used, reason = "a failed expectation is the failed test")]

use std::collections::BTreeMap;
use std::process::Command;

use jz_forms::samples::samples;
use jz_forms::{CatalogueData, Fonts, FormError, render_catalogue};

/// 2026-05-20 09:00 in Beijing.
const NOW: i64 = 1_779_238_800_000;

/// Fonts, or `None` on a checkout without them; CI may not go without.
fn fonts() -> Option<Fonts> {
    if jz_assets::fonts().is_empty() {
        assert!(std::env::var_os("CI").is_none(), "CI must fetch the fonts of assets.lock");
        return None;
    }
    Some(Fonts::embedded())
}

fn sample(name: &str) -> CatalogueData {
    let found = samples().into_iter().find(|s| s.name == name);
    found.expect("the sample exists").data
}

/// The text of each page without blanks; `None` without poppler.
fn text(pdf: &[u8]) -> Option<Vec<String>> {
    let dir = tempfile::tempdir().expect("a folder");
    let file = dir.path().join("form.pdf");
    std::fs::write(&file, pdf).expect("written");
    let Ok(output) =
        Command::new("pdftotext").args(["-layout", "-enc", "UTF-8"]).arg(&file).arg("-").output()
    else {
        assert!(std::env::var_os("CI").is_none(), "CI must install poppler-utils");
        return None;
    };
    assert!(output.status.success());
    let all = String::from_utf8(output.stdout).expect("UTF-8");
    let squeeze = |page: &str| page.chars().filter(|c| !c.is_whitespace() && *c != '\u{200b}').collect();
    let mut pages: Vec<String> = all.split('\u{c}').map(squeeze).collect();
    pages.pop();
    Some(pages)
}

/// Pages by the number in the root of the page tree.
fn page_count(pdf: &[u8]) -> usize {
    let text = String::from_utf8_lossy(pdf);
    let counts = text.split("/Type/Pages/Count ").skip(1);
    counts
        .filter_map(|rest| rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok())
        .max()
        .unwrap_or(0)
}

#[test]
fn every_sample_prints_on_as_many_pages_as_expected() {
    let Some(fonts) = fonts() else { return };
    let want = BTreeMap::from([
        ("catalogue-filled", 4),
        ("catalogue-cadre-2009", 4),
        ("catalogue-overlong", 37),
        ("catalogue-empty", 3),
        ("catalogue-student", 2),
        ("catalogue-party", 2),
    ]);
    let mut seen = BTreeMap::new();
    for s in samples() {
        let pdf = render_catalogue(&s.data, &fonts, NOW).unwrap_or_else(|e| panic!("{}: {e}", s.name));
        assert!(pdf.starts_with(b"%PDF-1.7"), "{}", s.name);
        let raw = String::from_utf8_lossy(&pdf);
        assert!(raw.contains("<pdfaid:part>2</pdfaid:part>"), "{} carries its PDF/A mark", s.name);
        seen.insert(s.name, page_count(&pdf));
    }
    assert_eq!(seen, want);
}

#[test]
fn the_same_data_and_date_give_the_same_bytes() {
    let Some(fonts) = fonts() else { return };
    let data = sample("catalogue-party");
    let first = render_catalogue(&data, &fonts, NOW).expect("prints");
    assert_eq!(first, render_catalogue(&data, &Fonts::embedded(), NOW).expect("prints"));
    assert_ne!(first, render_catalogue(&data, &fonts, NOW + 1000).expect("prints"));
}

#[test]
fn a_reader_finds_every_row_and_the_heading_on_every_page() {
    let Some(fonts) = fonts() else { return };
    let data = sample("catalogue-filled");
    let Some(pages) = text(&render_catalogue(&data, &fonts, NOW).expect("prints")) else { return };
    for (n, page) in pages.iter().enumerate() {
        for part in [
            "干部人事档案目录",
            "闻人知遥",
            "A002-RS-000123",
            "材料名称",
            "材料形成时间",
            "整理人：",
            "目录第3版",
        ] {
            assert!(page.contains(part), "page {} lacks {part}", n + 1);
        }
        assert!(page.contains(&format!("第{}页共{}页", n + 1, pages.len())));
        assert!(page.contains("总份数：24") && page.contains("总页数：113"), "totals on page {}", n + 1);
    }
    let all = pages.concat();
    for class in &data.classes {
        assert!(all.contains(&class.label), "{}", class.code);
        for item in &class.items {
            assert!(all.contains(&item.title), "{}-{}", class.code, item.seq);
        }
    }
    assert!(
        all.contains("一履历材料") && all.contains("4-1学历学位材料") && all.contains("十其他可供参考的材料")
    );
    assert!(all.contains("1干部履历表2012938"), "number, title, year, month, day, pages");
}

#[test]
fn the_identity_number_is_masked_unless_told_otherwise() {
    let Some(fonts) = fonts() else { return };
    let mut data = sample("catalogue-party");
    let Some(pages) = text(&render_catalogue(&data, &fonts, NOW).expect("prints")) else { return };
    assert!(pages.concat().contains("990112********1236"));
    assert!(!pages.concat().contains(&data.id_no));
    data.id_in_full = true;
    let pages =
        text(&render_catalogue(&data, &fonts, NOW).expect("prints")).expect("poppler was here before");
    assert!(pages.concat().contains(&data.id_no));
}

#[test]
fn long_titles_lose_nothing() {
    let Some(fonts) = fonts() else { return };
    let mut data = sample("catalogue-party");
    let title: String = ('\u{4e00}'..).filter(|c| fonts.covers(*c)).take(128).collect();
    data.classes[0].items[0].title.clone_from(&title);
    data.classes[0].items[1].title = "X9".repeat(64);
    let Some(pages) = text(&render_catalogue(&data, &fonts, NOW).expect("prints")) else { return };
    let all = pages.concat();
    // A row of several lines is read line by line, with other cells between.
    for c in title.chars() {
        assert!(all.contains(c), "U+{:04X} is gone", u32::from(c));
    }
    assert_eq!(all.matches("X9").count(), 64);
}

#[test]
fn a_character_in_no_font_is_named_not_dropped() {
    let Some(fonts) = fonts() else { return };
    let mut data = sample("catalogue-party");
    data.person = "甲\u{1200}乙\u{e123}".to_owned();
    data.classes[0].items[0].title = "题\u{1200}目".to_owned();
    let error = render_catalogue(&data, &fonts, NOW).expect_err("refused");
    assert_eq!(error, FormError::MissingGlyphs(vec!['\u{1200}', '\u{e123}']));
    assert!(error.zh().starts_with("字库缺字：\u{1200}（U+1200）、U+E123。"), "{}", error.zh());
    assert!(!format!("{error} {}", error.zh()).contains('甲'), "no other text in the message");
}

#[test]
fn rare_characters_of_names_are_printed() {
    let Some(fonts) = fonts() else { return };
    let mut data = sample("catalogue-party");
    data.person = "䶮㛃𬭎𫖯".to_owned();
    let Some(pages) = text(&render_catalogue(&data, &fonts, NOW).expect("prints")) else { return };
    assert!(pages[0].contains("䶮㛃𬭎𫖯"));
}

#[test]
fn text_in_the_data_is_never_code() {
    let Some(fonts) = fonts() else { return };
    let mut data = sample("catalogue-party");
    let hostile = "#panic(1) $x$ @y *z* //#read(\"data.json\")";
    data.classes[0].items[0].title = hostile.to_owned();
    let Some(pages) = text(&render_catalogue(&data, &fonts, NOW).expect("prints")) else { return };
    assert!(pages[0].contains("#panic(1)$x$@y*z*//"), "{}", pages[0]);
}
