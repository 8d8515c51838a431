//! Dates in all the spellings of real workbooks.

use super::Cell;
use crate::PartialDate;

/// What a cell in a date column says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateRead {
    /// Nothing: blank, 0, or a dash.
    Blank,
    /// A date, perhaps partial.
    Date(PartialDate),
    /// More than one date could be meant.
    Ambiguous,
    /// No date.
    Invalid,
}

/// Years that can stand in a file of a living or retired person.
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2100;

/// Reads a date cell. Numbers that are not formatted as dates are years, `YYYYMM`,
/// `YYYYMMDD`, `YYYY.MM` or day serials (of the 1904 system if the workbook says so).
pub fn read_date(cell: &Cell, is_1904: bool) -> DateRead {
    match cell {
        Cell::Empty => DateRead::Blank,
        Cell::Text(t) => read_text(&super::text::clean(t)),
        Cell::Date(d) => d.parse().map_or(DateRead::Invalid, plausible),
        Cell::Number(n) => read_number(*n, is_1904),
        Cell::Bool(_) | Cell::Error(_) => DateRead::Invalid,
    }
}

fn plausible(date: PartialDate) -> DateRead {
    if YEARS.contains(&date.year()) { DateRead::Date(date) } else { DateRead::Invalid }
}

fn build(year: u32, month: u32, day: u32) -> DateRead {
    let small = |n: u32| u8::try_from(n).unwrap_or(u8::MAX);
    // 2012.00.00 is how some write "day and month unknown".
    let day = if month == 0 { 0 } else { small(day) };
    PartialDate::new(i16::try_from(year).unwrap_or(0), small(month), day).map_or(DateRead::Invalid, plausible)
}

/// Reads a date as text.
pub fn read_text(text: &str) -> DateRead {
    if matches!(text, "" | "0" | "-" | "--" | "—" | "——" | "/" | "\\" | "无" | "暂无" | "空" | "N/A")
    {
        return DateRead::Blank;
    }
    let text = without_time(text);
    let (mut numbers, mut widths, mut n) = ([0_u32; 3], [0_usize; 3], 0);
    let mut fresh = true;
    for c in text.chars() {
        match c {
            '0'..='9' => {
                if fresh {
                    n += 1;
                    fresh = false;
                }
                let (Some(number), Some(width)) = (numbers.get_mut(n - 1), widths.get_mut(n - 1)) else {
                    return DateRead::Invalid;
                };
                *width += 1;
                if *width > 8 {
                    return DateRead::Invalid;
                }
                *number = *number * 10 + (c as u32 - '0' as u32);
            }
            '/' | '-' | '.' | '年' | '月' | '日' | '号' | ' ' | '\\' | '—' | '–' | '。' | '、' | ',' =>
            {
                fresh = true;
            }
            _ => return DateRead::Invalid,
        }
    }
    let ([a, b, c], [wide, _, last]) = (numbers, widths);
    match (n, wide) {
        (1, _) => digits(a, wide),
        (2 | 3, 4) => build(a, b, c),
        // The year has two digits, or stands at the end: who knows.
        (2 | 3, 1..=2) if n == 2 || last == 4 || last <= 2 => {
            if b <= 31 && (a <= 31 || c <= 31 || n == 2) {
                DateRead::Ambiguous
            } else {
                DateRead::Invalid
            }
        }
        _ => DateRead::Invalid,
    }
}

/// One run of digits without separators.
fn digits(n: u32, width: usize) -> DateRead {
    match width {
        8 => build(n / 10_000, n / 100 % 100, n % 100),
        6 => match build(n / 100, n % 100, 0) {
            // 980705 is a two-digit year, 199813 is nothing.
            DateRead::Invalid if !(1900..=2100).contains(&(n / 100)) => DateRead::Ambiguous,
            other => other,
        },
        4 => build(n, 0, 0),
        // A serial that lost its format on the way through a csv, or a year with one digit.
        5 => DateRead::Ambiguous,
        _ => DateRead::Invalid,
    }
}

/// Cuts `00:00:00` or `T08:30` off.
fn without_time(text: &str) -> &str {
    let Some(colon) = text.find(':') else { return text };
    let head = text.get(..colon).unwrap_or(text);
    head.rfind([' ', 'T']).and_then(|at| head.get(..at)).unwrap_or(text).trim_end()
}

fn read_number(n: f64, is_1904: bool) -> DateRead {
    if n == 0.0 {
        return DateRead::Blank;
    }
    if !(0.0..=21_001_231.0).contains(&n) {
        return DateRead::Invalid;
    }
    let whole = n.trunc() as u32;
    if n.fract() != 0.0 && (1900..=2100).contains(&whole) {
        return month_fraction(n, whole);
    }
    match whole {
        1900..=2100 => build(whole, 0, 0),
        190_001..=210_012 => build(whole / 100, whole % 100, 0),
        19_000_101..=21_001_231 => build(whole / 10_000, whole / 100 % 100, whole % 100),
        // 1927 to 2099; smaller serials are more likely a slip of the finger.
        10_000..=73_050 => serial(whole, is_1904),
        _ => DateRead::Invalid,
    }
}

/// 2012.05 as a number. 2012.1 may have been 2012.10, whose zero the spreadsheet dropped.
fn month_fraction(n: f64, year: u32) -> DateRead {
    let text = format!("{n}");
    match text.split_once('.').map(|(_, f)| f) {
        Some("1") => DateRead::Ambiguous,
        Some(f) if f.len() <= 2 => build(year, f.parse().unwrap_or(99), 0),
        _ => DateRead::Invalid,
    }
}

fn serial(n: u32, is_1904: bool) -> DateRead {
    let base = if is_1904 { jiff::civil::date(1904, 1, 1) } else { jiff::civil::date(1899, 12, 30) };
    match base.checked_add(jiff::Span::new().days(i64::from(n))) {
        Ok(d) => build(d.year() as u32, d.month() as u32, d.day() as u32),
        Err(_) => DateRead::Invalid,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(read: DateRead) -> String {
        match read {
            DateRead::Date(d) => d.to_string(),
            DateRead::Blank => "blank".into(),
            DateRead::Ambiguous => "ambiguous".into(),
            DateRead::Invalid => "invalid".into(),
        }
    }

    #[test]
    fn all_spellings_of_text() {
        #[rustfmt::skip]
        let cases = [
            ("2025/12/30", "2025-12-30"), ("2025-12-30", "2025-12-30"), ("2025.12.30", "2025-12-30"),
            ("2025年12月30日", "2025-12-30"), ("2025年2月3号", "2025-02-03"), ("2025 年 2 月 3 日", "2025-02-03"),
            ("2025/1/2", "2025-01-02"), ("２０２５．１２．３０", "2025-12-30"), ("20251230", "2025-12-30"),
            ("2025.12", "2025-12"), ("2025.1", "2025-01"), ("2025年12月", "2025-12"), ("202512", "2025-12"), ("2025", "2025"), ("2025年", "2025"),
            ("2025.12.", "2025-12"), ("2025-00-00", "2025"), ("2025.06.00", "2025-06"),
            ("2025-12-30 08:30:00", "2025-12-30"), ("2025-12-30T00:00", "2025-12-30"), ("1949.10.1", "1949-10-01"),
            ("2024-02-29", "2024-02-29"),
            ("", "blank"), ("0", "blank"), (" ", "blank"), ("-", "blank"), ("无", "blank"),
            ("03/04/2020", "ambiguous"), ("98.5.6", "ambiguous"), ("980506", "ambiguous"), ("5/6", "ambiguous"), ("43522", "ambiguous"),
            ("2001年13月40日", "invalid"), ("2023-02-29", "invalid"), ("2023.2.30", "invalid"), ("199813", "invalid"),
            ("去年", "invalid"), ("2020春", "invalid"), ("1899.1.1", "invalid"), ("2020.1.1-2020.2.2", "invalid"),
            ("13800001111", "invalid"), ("990101200401011235", "invalid"), ("男", "invalid"), ("00000000", "invalid"),
            ("99/99/9999", "invalid"),
        ];
        for (text, want) in cases {
            assert_eq!(shown(read_date(&Cell::from(text), false)), want, "{text}");
        }
    }

    #[test]
    fn numbers_and_serials() {
        #[rustfmt::skip]
        let cases = [
            (36_735.0, false, "2000-07-28"), (18_172.0, false, "1949-10-01"), (43_889.0, true, "2024-02-29"),
            (43_522.75, false, "2019-02-26"), (20_251_230.0, false, "2025-12-30"), (202_512.0, false, "2025-12"),
            (2025.0, false, "2025"), (2025.12, false, "2025-12"), (2025.05, false, "2025-05"), (2025.5, false, "2025-05"),
            (2025.1, false, "ambiguous"), (2025.13, false, "invalid"), (0.0, false, "blank"), (-3.0, false, "invalid"),
            (77.0, false, "invalid"), (1e17, false, "invalid"), (f64::NAN, false, "invalid"),
        ];
        for (n, is_1904, want) in cases {
            assert_eq!(shown(read_date(&Cell::Number(n), is_1904)), want, "{n}");
        }
        assert_eq!(shown(read_date(&Cell::Date("1956-03-02".into()), false)), "1956-03-02");
        assert_eq!(shown(read_date(&Cell::Error("#VALUE!".into()), false)), "invalid");
    }
}
