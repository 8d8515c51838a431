//! 日检票: what is typed as printed is read; what is typed wrongly is named.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is the failed test")]

use jiff::civil::date;
use jz_proof::daily::{Part, Why};
use jz_proof::{DailyLine, Typed, TypedError};
use proptest::prelude::*;

fn line() -> DailyLine {
    let root = std::array::from_fn(|n| (n as u8).wrapping_mul(37).wrapping_add(11));
    DailyLine { date: date(2026, 11, 25), size: 20_852_163, root, sm3: None }
}

fn wrong(part: Part, why: Why) -> Result<Typed, TypedError> {
    Err(TypedError { part, why })
}

#[test]
fn the_line_looks_like_this() {
    assert_eq!(
        line().to_string(),
        "2026-11-25-5 20852163-9 02864-7 21882-1 40900-7 59662-2 13144-1 32162-0 51180-3 04406-4"
    );
    assert_eq!(
        line().code(),
        "JZ1:20261125:20852163:0B30557A9FC4E90E33587DA2C7EC11365B80A5CAEF14395E83A8CDF2173C6186"
    );
    // Every character is one that a QR code packs two to eleven bits.
    assert!(line().code().chars().all(|c| c.is_ascii_digit() || c.is_ascii_uppercase() || c == ':'));
    assert_eq!(DailyLine::parse_code(&line().code()), Some(line()));
    let both = DailyLine { sm3: Some([0xab; 32]), ..line() };
    assert_eq!(DailyLine::parse_code(&both.code()), Some(both.clone()));
    for bad in ["", "JZ2:20261125:1:00", "JZ1:20261325:1:00", "JZ1:20261125:01:00"] {
        assert_eq!(DailyLine::parse_code(bad), None, "{bad}");
    }
    assert_eq!(DailyLine::parse_code(&format!("{}:00", both.code())), None);
}

#[test]
fn it_is_read_however_it_was_typed() {
    let line = line();
    let printed = line.to_string();
    let wide: String = printed
        .chars()
        .map(|c| c.to_digit(10).map_or(c, |d| char::from_u32('０' as u32 + d).unwrap()))
        .collect();
    let ways = [
        printed.clone(),
        wide,
        printed.replace(' ', "　"),
        printed.replace(' ', "\n"),
        printed.replace('-', ""),
        printed.replace(['-', ' '], ""),
        printed.replace('-', " "),
        printed.replace(' ', "，"),
        printed.replacen("2026-11-25-5", "2026年11月25日5", 1),
        printed.chars().flat_map(|c| [c, ' ']).collect(),
        format!("  {printed}。"),
    ];
    for way in ways {
        let typed = Typed::parse(&way).unwrap();
        assert_eq!((typed.date, typed.size), (line.date, line.size), "{way}");
        assert!(typed.fits(&line.root));
        let mut other = line.root;
        other[15] ^= 1;
        assert!(!typed.fits(&other));
    }
}

#[test]
fn what_is_wrong_is_named() {
    let good = line().to_string();
    let with = |n: usize, text: &str| {
        let mut words: Vec<&str> = good.split(' ').collect();
        words[n] = text;
        Typed::parse(&words.join(" "))
    };
    #[rustfmt::skip]
    let cases = [
        ("a digit of the date", with(0, "2026-11-24-5"), wrong(Part::Date, Why::Check)),
        ("a digit of the size", with(1, "20852164-9"), wrong(Part::Size, Why::Check)),
        ("a digit of a group", with(4, "40901-7"), wrong(Part::Group(3), Why::Check)),
        ("its check digit", with(4, "40900-8"), wrong(Part::Group(3), Why::Check)),
        ("neighbours", with(5, "59626-2"), wrong(Part::Group(4), Why::Check)),
        ("a digit too few", with(6, "1314-1"), wrong(Part::Group(5), Why::Length { found: 5 })),
        ("a digit too many", with(9, "044406-4"), wrong(Part::Group(8), Why::Length { found: 7 })),
        ("a letter", with(2, "0286l-7"), wrong(Part::Group(1), Why::Character('l'))),
        ("the group of another place", with(2, "21882-1"), wrong(Part::Group(1), Why::Check)),
        ("a group left out", with(9, ""), wrong(Part::Group(8), Why::Length { found: 0 })),
        ("nothing", Typed::parse(""), wrong(Part::Date, Why::Length { found: 0 })),
        ("a group more", Typed::parse(&format!("{good} 04406-4")), wrong(Part::Group(8), Why::TooMuch)),
    ];
    for (name, got, want) in cases {
        assert_eq!(got, want, "{name}");
    }
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config(3000))]

    #[test]
    fn every_line_is_read_again(root in any::<[u8; 32]>(), size in 0..1u64 << 62, day in 0..40_000i32) {
        let date = date(1990, 1, 1).checked_add(jiff::Span::new().days(day)).unwrap();
        let line = DailyLine { date, size, root, sm3: None };
        for text in [line.to_string(), line.to_string().replace(['-', ' '], "")] {
            let typed = Typed::parse(&text).unwrap();
            prop_assert_eq!((typed.date, typed.size), (date, size));
            prop_assert!(typed.fits(&root));
        }
    }

    #[test]
    fn one_wrong_digit_is_found_where_it_is(root in any::<[u8; 32]>(), size in 0..1u64 << 40, at in any::<usize>(), by in 1..10u32) {
        let line = DailyLine { date: date(2026, 11, 25), size, root, sm3: None };
        let text = line.to_string();
        let places: Vec<usize> = text.char_indices().filter(|(_, c)| c.is_ascii_digit()).map(|(n, _)| n).collect();
        let at = places[at % places.len()];
        let digit = (text[at..=at].parse::<u32>().unwrap() + by) % 10;
        let changed = format!("{}{digit}{}", &text[..at], &text[at + 1..]);
        let part = match text[..at].matches(' ').count() {
            0 => Part::Date,
            1 => Part::Size,
            n => Part::Group(n as u8 - 1),
        };
        prop_assert_eq!(Typed::parse(&changed), wrong(part, Why::Check));
    }

    #[test]
    fn groups_and_neighbours_changed_about_are_found(root in any::<[u8; 32]>(), a in 2..10usize, b in 2..10usize, at in 0..4usize) {
        let line = DailyLine { date: date(2026, 11, 25), size: 5, root, sm3: None };
        let text = line.to_string();
        let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
        let (first, second) = (&words[a].clone(), &words[b].clone());
        if first != second {
            words.swap(a, b);
            prop_assert!(Typed::parse(&words.join(" ")).is_err());
            words.swap(a, b);
        }
        let mut digits: Vec<char> = words[a].chars().collect();
        if digits[at] != digits[at + 1] {
            digits.swap(at, at + 1);
            words[a] = digits.iter().collect();
            prop_assert_eq!(Typed::parse(&words.join(" ")), wrong(Part::Group(a as u8 - 1), Why::Check));
        }
    }

    #[test]
    fn no_text_makes_it_fall(text in "[0-9０-９ \\-年x]{0,90}") {
        let _ = Typed::parse(&text);
    }
}
