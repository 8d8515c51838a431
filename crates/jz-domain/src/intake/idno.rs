//! 公民身份号码 (GB 11643): reading, checking, and what can be derived from it.

use super::text::mask;
use crate::PartialDate;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;

/// Weights of the first 17 digits.
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/// Check characters for the sum modulo 11.
const CHECKS: [u8; 11] = *b"10X98765432";

/// A number whose check digit and birthday are right; always 18 characters, X in upper case.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct IdNo([u8; 18]);

/// Why a text is no identity number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdFault {
    /// A spreadsheet has stored it as a number and dropped its last digits.
    DigitsLost,
    /// Neither 18 nor 15 characters.
    Length(usize),
    /// Something that is no digit.
    Character,
    /// The check digit does not fit.
    CheckDigit,
    /// Digits 7–14 are no day.
    Birth,
}

/// The check digit of 17 digits; `None` when one of them is no digit.
pub fn check_digit(first: &[u8; 17]) -> Option<u8> {
    let mut sum = 0;
    for (d, w) in first.iter().zip(WEIGHTS) {
        if !d.is_ascii_digit() {
            return None;
        }
        sum += u32::from(d - b'0') * w;
    }
    CHECKS.get((sum % 11) as usize).copied()
}

impl IdNo {
    /// Reads a number as typed: blanks and hyphens inside, full width digits, a small x
    /// and an apostrophe in front do not matter; 15 digits become 18.
    pub fn parse(text: &str) -> Result<Self, IdFault> {
        let mut bytes = [0_u8; 18];
        let mut n = 0;
        for c in super::text::clean(text).chars().filter(|c| !matches!(c, ' ' | '-')) {
            let b = match c {
                '0'..='9' => c as u8,
                'x' | 'X' | '×' => b'X',
                _ if looks_scientific(text) => return Err(IdFault::DigitsLost),
                _ => return Err(IdFault::Character),
            };
            if let Some(place) = bytes.get_mut(n) {
                *place = b;
            }
            n += 1;
        }
        match n {
            18 => Self::from_18(bytes),
            15 => Self::from_15(&bytes),
            _ => Err(IdFault::Length(n)),
        }
    }

    fn from_18(bytes: [u8; 18]) -> Result<Self, IdFault> {
        let [first @ .., last] = bytes;
        let check = check_digit(&first).ok_or(IdFault::Character)?;
        if check != last {
            // Excel keeps 15 digits; the three that are lost read 000.
            return Err(if bytes.ends_with(b"000") { IdFault::DigitsLost } else { IdFault::CheckDigit });
        }
        let id = Self(bytes);
        if id.day().is_some() { Ok(id) } else { Err(IdFault::Birth) }
    }

    fn from_15(old: &[u8; 18]) -> Result<Self, IdFault> {
        let mut first = [0_u8; 17];
        let digits = old.get(..15).unwrap_or_default();
        let widened = digits.iter().take(6).chain(b"19").chain(digits.iter().skip(6));
        for (place, digit) in first.iter_mut().zip(widened) {
            *place = *digit;
        }
        let check = check_digit(&first).ok_or(IdFault::Character)?;
        let mut bytes = [check; 18];
        for (place, digit) in bytes.iter_mut().zip(first) {
            *place = digit;
        }
        let id = Self(bytes);
        if id.day().is_some() { Ok(id) } else { Err(IdFault::Birth) }
    }

    fn number(&self, range: std::ops::Range<usize>) -> i16 {
        let digits = self.0.get(range).unwrap_or_default();
        digits.iter().fold(0, |n, d| n * 10 + i16::from(d - b'0'))
    }

    fn day(&self) -> Option<PartialDate> {
        let (y, m, d) = (self.number(6..10), self.number(10..12), self.number(12..14));
        if !(1800..=2200).contains(&y) || m == 0 || d == 0 {
            return None;
        }
        PartialDate::new(y, m as u8, d as u8).ok()
    }

    /// The 18 characters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Birthday. (A number that has none does not become an `IdNo`.)
    pub fn birth(&self) -> Option<PartialDate> {
        self.day()
    }

    /// Code of the sex (GB/T 2261.1): 1 male, 2 female.
    pub fn sex(&self) -> &'static str {
        if self.number(16..17) % 2 == 1 { "1" } else { "2" }
    }

    /// `110***********002X`.
    pub fn masked(&self) -> String {
        mask(self.as_str(), 3, 4)
    }
}

/// `1.10105E+17` and the like.
fn looks_scientific(text: &str) -> bool {
    let t = super::text::clean(text);
    let Some((mantissa, exponent)) = t.split_once(['e', 'E']) else { return false };
    mantissa.parse::<f64>().is_ok() && exponent.trim_start_matches('+').parse::<u8>().is_ok_and(|e| e >= 14)
}

/// Never the number itself.
impl fmt::Debug for IdNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdNo(…)")
    }
}

impl Serialize for IdNo {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for IdNo {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        Self::parse(&text).map_err(|_| de::Error::custom("not an identity number"))
    }
}

/// `138****1111`, for lists.
pub fn mask_phone(phone: &str) -> String {
    mask(phone, 3, 4)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is the failed test")]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_type_them() {
        #[rustfmt::skip]
        let cases = [
            ("published example",   "11010519491231002X",     Ok("11010519491231002X")),
            ("small x",             "11010519491231002x",     Ok("11010519491231002X")),
            ("apostrophe, blanks",  "'990101 20040101 1235 ", Ok("990101200401011235")),
            ("full width",          "９９０１０１２００４０１０１１２３５", Ok("990101200401011235")),
            ("fifteen digits",      "110105491231002",        Ok("11010519491231002X")),
            ("leap day",            "110101200402290017",     Ok("110101200402290017")),
            ("wrong check digit",   "990101200401011234",     Err(IdFault::CheckDigit)),
            ("three zeros",         "990101200401011000",     Err(IdFault::DigitsLost)),
            ("scientific",          "1.10105E+17",            Err(IdFault::DigitsLost)),
            ("scientific, full",    "9.90101200401011E+17",   Err(IdFault::DigitsLost)),
            ("too short",           "99010120040101123",      Err(IdFault::Length(17))),
            ("a telephone number",  "13800001111",            Err(IdFault::Length(11))),
            ("a name",              "张三",                    Err(IdFault::Character)),
            ("X in the middle",     "9901012004X1011235",     Err(IdFault::Character)),
        ];
        for (name, text, want) in cases {
            let got = IdNo::parse(text);
            assert_eq!(got.as_ref().map(IdNo::as_str).map_err(|e| *e), want, "{name}");
        }
    }

    #[test]
    fn a_birthday_must_exist() {
        let mut first = *b"99010120010229123";
        let check = check_digit(&first).unwrap();
        let text = format!("{}{}", std::str::from_utf8(&first).unwrap(), char::from(check));
        assert_eq!(IdNo::parse(&text), Err(IdFault::Birth));
        first[13] = b'8';
        let text =
            format!("{}{}", std::str::from_utf8(&first).unwrap(), char::from(check_digit(&first).unwrap()));
        let id = IdNo::parse(&text).unwrap();
        assert_eq!(id.birth().unwrap().to_string(), "2001-02-28");
    }

    #[test]
    fn what_is_derived() {
        let id = IdNo::parse("11010519491231002X").unwrap();
        assert_eq!((id.sex(), id.masked().as_str()), ("2", "110***********002X"));
        assert_eq!(id.birth().unwrap().to_string(), "1949-12-31");
        assert_eq!(format!("{id:?}"), "IdNo(…)");
        assert_eq!(serde_json::from_str::<IdNo>("\"11010519491231002x\"").unwrap(), id);
    }
}
