//! Day serials of spreadsheets and calendar days.
//!
//! The 1900 system believes that 1900 was a leap year; serial 60 is a day that never
//! was, and everything before it is off by one. The 1904 system counts from 0.

/// Days from 1970-01-01 to 1899-12-30, the day that makes serials from 61 on right.
const BASE_1900: i64 = -25_569;
/// Days from 1970-01-01 to 1904-01-01.
const BASE_1904: i64 = -24_107;
/// Serials above this are beyond the year 9999.
const LAST: f64 = 2_958_466.0;

/// The day of a serial as `YYYY-MM-DD`; a time of day is dropped. `None` for serials
/// that are no day (below 1, the 29 February 1900, beyond the year 9999).
pub fn serial_to_iso(serial: f64, is_1904: bool) -> Option<String> {
    if !serial.is_finite() || !(0.0..LAST).contains(&serial) {
        return None;
    }
    let whole = serial.floor() as i64;
    let days = match (is_1904, whole) {
        (true, n) => BASE_1904 + n,
        (false, 0 | 60) => return None,
        (false, n) if n < 60 => BASE_1900 + n + 1,
        (false, n) => BASE_1900 + n,
    };
    let (y, m, d) = civil(days);
    (y <= 9999).then(|| format!("{y:04}-{m:02}-{d:02}"))
}

/// The 1900-system serial of an ISO day, for writing. `None` before March 1900 and for
/// text that is no day.
pub fn iso_to_serial(iso: &str) -> Option<f64> {
    let (y, m, d) = parts(iso)?;
    let serial = days_from_civil(y, m, d) - BASE_1900;
    (serial > 60).then_some(serial as f64)
}

/// Whether the text is a calendar day in ISO form.
pub(crate) fn is_iso_day(iso: &str) -> bool {
    parts(iso).is_some()
}

fn parts(iso: &str) -> Option<(i64, i64, i64)> {
    let bytes = iso.as_bytes();
    if bytes.len() != 10 || bytes.get(4) != Some(&b'-') || bytes.get(7) != Some(&b'-') {
        return None;
    }
    let part = |r: std::ops::Range<usize>| iso.get(r).and_then(|t| t.parse::<i64>().ok());
    let (y, m, d) = (part(0..4)?, part(5..7)?, part(8..10)?);
    let exists =
        (1..=12).contains(&m) && (1..=31).contains(&d) && civil(days_from_civil(y, m, d)) == (y, m, d);
    exists.then_some((y, m, d))
}

/// Calendar day of a day number, 1970-01-01 being 0; the year starts in March inside.
fn civil(days: i64) -> (i64, i64, i64) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let (d, m) = (doy - (153 * mp + 2) / 5 + 1, if mp < 10 { mp + 3 } else { mp - 9 });
    (yoe + era * 400 + i64::from(m <= 2), m, d)
}

fn days_from_civil(y: i64, m: i64, d: i64) -> i64 {
    let y = if m <= 2 { y - 1 } else { y };
    let era = y.div_euclid(400);
    let yoe = y.rem_euclid(400);
    let doy = (153 * (m + if m > 2 { -3 } else { 9 }) + 2) / 5 + d - 1;
    era * 146_097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serials_become_days_in_both_systems() {
        #[rustfmt::skip]
        let cases = [
            // name               serial     1904   want
            ("first day",          1.0,      false, Some("1900-01-01")),
            ("before the hole",    59.0,     false, Some("1900-02-28")),
            ("the hole",           60.0,     false, None),
            ("after the hole",     61.0,     false, Some("1900-03-01")),
            ("before 1970",        18_172.0, false, Some("1949-10-01")),
            ("leap day",           45_351.0, false, Some("2024-02-29")),
            ("time of day",        45_351.99, false, Some("2024-02-29")),
            ("1904 zero",          0.0,      true,  Some("1904-01-01")),
            ("1904 leap day",      43_889.0, true,  Some("2024-02-29")),
            ("1900 zero",          0.0,      false, None),
            ("negative",           -5.0,     false, None),
            ("last",               2_958_465.0, false, Some("9999-12-31")),
            ("beyond",             2_958_466.0, false, None),
            ("beyond 1904",        2_958_465.0, true, None),
            ("not a number",       f64::NAN, false, None),
        ];
        for (name, serial, is_1904, want) in cases {
            assert_eq!(serial_to_iso(serial, is_1904).as_deref(), want, "{name}");
        }
    }

    #[test]
    fn days_go_back_and_forth() {
        for serial in (61..120_000).step_by(17) {
            let serial = f64::from(serial);
            let iso = serial_to_iso(serial, false).unwrap_or_default();
            assert_eq!(iso_to_serial(&iso), Some(serial), "{iso}");
        }
        for bad in ["2023-02-29", "2023-13-01", "1899-01-01", "2023-1-1", "20230101", ""] {
            assert_eq!(iso_to_serial(bad), None, "{bad}");
        }
    }
}
