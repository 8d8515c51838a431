//! 日检票 (daily line): date, size and root of the ledger as digits for the paper register.
//!
//! Once a day the line is printed or written by hand. Typed back in later, it tells whether
//! the ledger still is what it was that day, whoever holds the keys by then.
//!
//! The root is given by its first 128 bits: eight groups, each 16 bits as five digits
//! (`00000` to `65535`) and a check digit. Date and size have a check digit too. It is that
//! of Damm, reckoned from the place of the group, so one wrong digit, two neighbours
//! changed about, and two whole groups changed about are all found.
//!
//! ```text
//! 2026-11-25-5 20852163-9 02864-7 21882-1 40900-7 59662-2 13144-1 32162-0 51180-3 04406-4
//! ```
//!
//! The code for the camera carries all 256 bits:
//! `JZ1:20261125:20852163:<root in hex, capitals>[:<SM3 root>]`, characters that a QR
//! code packs tightly.

use crate::checkpoint::decimal;
use crate::hash::Hash;
use jiff::civil::Date;
use std::fmt;

/// Groups of the root.
pub const GROUPS: usize = 8;
/// Digits of a group, with its check digit.
const DIGITS: usize = 6;

/// Quasigroup of order 10 from H. M. Damm's thesis.
const DAMM: [[u8; 10]; 10] = [
    [0, 3, 1, 7, 5, 9, 8, 6, 4, 2],
    [7, 0, 9, 2, 1, 5, 4, 8, 6, 3],
    [4, 2, 0, 6, 8, 7, 1, 3, 5, 9],
    [1, 7, 5, 0, 9, 8, 3, 4, 2, 6],
    [6, 1, 2, 3, 0, 4, 5, 9, 7, 8],
    [3, 6, 7, 4, 2, 0, 9, 5, 8, 1],
    [5, 8, 6, 9, 7, 2, 0, 1, 3, 4],
    [8, 9, 4, 5, 3, 6, 2, 0, 1, 7],
    [9, 4, 3, 8, 6, 1, 7, 2, 0, 5],
    [2, 5, 8, 1, 4, 3, 6, 7, 9, 0],
];

/// A part of the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The date.
    Date,
    /// The number of entries.
    Size,
    /// Group 1 to 8 of the root.
    Group(u8),
}

impl Part {
    /// The digit that the check digit is reckoned from.
    fn place(self) -> u8 {
        match self {
            Self::Size => 0,
            Self::Group(n) => n,
            Self::Date => 9,
        }
    }

    fn check_digit(self, digits: &str) -> char {
        let start = DAMM[0][usize::from(self.place())];
        let sum = digits.bytes().fold(start, |sum, b| DAMM[usize::from(sum)][usize::from(b - b'0')]);
        char::from(b'0' + sum)
    }

    /// The digits without the check digit, if that is right.
    fn checked(self, digits: &str) -> Result<&str, TypedError> {
        let bad = |why| TypedError { part: self, why };
        let wanted = match self {
            Self::Date => Some(9),
            Self::Group(_) => Some(DIGITS),
            Self::Size => None,
        };
        if wanted.is_some_and(|n| n != digits.len()) || digits.len() < 2 {
            return Err(bad(Why::Length { found: digits.len() }));
        }
        let (body, check) = digits.split_at(digits.len() - 1);
        if check.chars().eq([self.check_digit(body)]) { Ok(body) } else { Err(bad(Why::Check)) }
    }
}

/// What is wrong with a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Too many or too few digits; 0 when the part is missing.
    Length {
        /// Digits that were typed, with the check digit.
        found: usize,
    },
    /// The check digit does not fit: a digit is wrong, or digits or groups were changed about.
    Check,
    /// The check digit fits, but there is no such date, number or group.
    Value,
    /// A character that is neither a digit nor a separator.
    Character(char),
    /// More digits than the line has.
    TooMuch,
}

/// Which part of a typed line is wrong, and how; the first one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{part:?}: {why:?}")]
pub struct TypedError {
    /// Where.
    pub part: Part,
    /// How.
    pub why: Why,
}

/// The line of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DailyLine {
    /// The day.
    pub date: Date,
    /// Number of entries.
    pub size: u64,
    /// Root of the SHA-256 tree.
    pub root: Hash,
    /// Root of the SM3 tree, for the camera only.
    pub sm3: Option<Hash>,
}

/// What a person typed from paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Typed {
    /// The day.
    pub date: Date,
    /// Number of entries.
    pub size: u64,
    /// First 128 bits of the root.
    pub head: [u8; 16],
}

impl DailyLine {
    /// The date with its check digit, e.g. `2026-11-25-5`.
    pub fn date_text(&self) -> String {
        format!("{}-{}", self.date, Part::Date.check_digit(&digits_of(self.date)))
    }

    /// The size with its check digit.
    pub fn size_text(&self) -> String {
        let digits = self.size.to_string();
        format!("{digits}-{}", Part::Size.check_digit(&digits))
    }

    /// The eight groups of the root, e.g. `02864-7`.
    pub fn groups(&self) -> [String; GROUPS] {
        std::array::from_fn(|n| {
            let digits = format!("{:05}", u16::from_be_bytes([self.root[2 * n], self.root[2 * n + 1]]));
            let check = Part::Group(n as u8 + 1).check_digit(&digits);
            format!("{digits}-{check}")
        })
    }

    /// Text of the QR code.
    pub fn code(&self) -> String {
        let sm3 = self.sm3.map(|h| format!(":{}", hex::encode_upper(h))).unwrap_or_default();
        format!("JZ1:{}:{}:{}{sm3}", digits_of(self.date), self.size, hex::encode_upper(self.root))
    }

    /// Reads the text of a QR code; `None` for any other.
    pub fn parse_code(text: &str) -> Option<Self> {
        let mut parts = text.trim().split(':');
        (parts.next()? == "JZ1").then_some(())?;
        let date = date(parts.next()?)?;
        let size = decimal(parts.next()?)?;
        let hash = |hex: &str| hex::decode(hex).ok()?.try_into().ok();
        let root = hash(parts.next()?)?;
        let sm3 = match parts.next() {
            None => None,
            Some(hex) => Some(hash(hex)?),
        };
        parts.next().is_none().then_some(Self { date, size, root, sm3 })
    }
}

impl fmt::Display for DailyLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.date_text(), self.size_text(), self.groups().join(" "))
    }
}

fn digits_of(date: Date) -> String {
    format!("{:04}{:02}{:02}", date.year(), date.month(), date.day())
}

fn date(digits: &str) -> Option<Date> {
    if digits.len() != 8 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Date::new(digits[..4].parse().ok()?, digits[4..6].parse().ok()?, digits[6..].parse().ok()?).ok()
}

/// What may stand between digits, and what it means.
enum Sign {
    Digit(char),
    /// Inside a part: hyphens of all kinds, and the signs of dates.
    Inner,
    /// Between parts: spaces, commas, full stops.
    Outer,
}

fn sign(c: char) -> Option<Sign> {
    match c {
        '0'..='9' => Some(Sign::Digit(c)),
        '０'..='９' => char::from_digit(c as u32 - '０' as u32, 10).map(Sign::Digit),
        '-' | '－' | '—' | '–' | '‐' | '‑' | '−' | '_' | '＿' | '/' | '／' | '年' | '月' | '日' => {
            Some(Sign::Inner)
        }
        c if c.is_whitespace() => Some(Sign::Outer),
        ',' | '，' | '、' | '.' | '。' | '．' | '·' | '・' | ';' | '；' | ':' | '：' | '|' | '｜' => {
            Some(Sign::Outer)
        }
        _ => None,
    }
}

fn part(n: usize) -> Part {
    match n {
        0 => Part::Date,
        1 => Part::Size,
        n => Part::Group((n - 1).min(GROUPS) as u8),
    }
}

impl Typed {
    /// Reads a typed line: date, size and eight groups, each with its check digit, in any
    /// kind of digits, with or without spaces and hyphens. What was separated is judged
    /// part by part; what was typed in one go, or with spaces at other places, by counting
    /// digits from both ends.
    pub fn parse(text: &str) -> Result<Self, TypedError> {
        let mut words = vec![String::new()];
        for c in text.chars() {
            let at = words.iter().filter(|w| !w.is_empty()).count().saturating_sub(1);
            match sign(c) {
                Some(Sign::Digit(d)) => words.last_mut().into_iter().for_each(|w| w.push(d)),
                Some(Sign::Inner) => {}
                Some(Sign::Outer) => words.push(String::new()),
                None => return Err(TypedError { part: part(at), why: Why::Character(c) }),
            }
        }
        words.retain(|w| !w.is_empty());
        if words.len() == 2 + GROUPS {
            return Self::from_parts(&words);
        }
        Self::from_digits(&words.concat()).map_err(|e| {
            // Mostly separated as printed, but with a part too few or too many: the words tell where.
            let separated = words.len() > 5 && words[0].len() == 9;
            if separated { Self::miscounted(&words) } else { e.unwrap_or_else(|| Self::miscounted(&words)) }
        })
    }

    /// Reads digits without any separation; `None` where their number cannot be right.
    fn from_digits(all: &str) -> Result<Self, Option<TypedError>> {
        let (date, groups) = (9, GROUPS * DIGITS);
        // The size has at least a digit and its check digit, at most twenty.
        if !(date + 2 + groups..=date + 20 + groups).contains(&all.len()) {
            return Err(None);
        }
        let (head, tail) = all.split_at(all.len() - groups);
        let (date, size) = head.split_at(date);
        let mut parts = vec![date.to_owned(), size.to_owned()];
        parts.extend((0..GROUPS).map(|n| tail[n * DIGITS..(n + 1) * DIGITS].to_owned()));
        Self::from_parts(&parts).map_err(Some)
    }

    /// The first part that is not as long as it should be.
    fn miscounted(words: &[String]) -> TypedError {
        for (n, word) in words.iter().enumerate().take(2 + GROUPS) {
            if let Err(e) = part(n).checked(word) {
                return e;
            }
        }
        let why = if words.len() > 2 + GROUPS { Why::TooMuch } else { Why::Length { found: 0 } };
        TypedError { part: part(words.len()), why }
    }

    fn from_parts(parts: &[String]) -> Result<Self, TypedError> {
        let mut checked = parts.iter().enumerate().map(|(n, digits)| {
            let part = part(n);
            part.checked(digits).map(|body| (part, body))
        });
        let mut next = |n: usize| {
            checked.next().unwrap_or(Err(TypedError { part: part(n), why: Why::Length { found: 0 } }))
        };
        let value = |part| TypedError { part, why: Why::Value };
        let (at, body) = next(0)?;
        let date = date(body).ok_or_else(|| value(at))?;
        let (at, body) = next(1)?;
        let size = decimal(body).ok_or_else(|| value(at))?;
        let mut head = [0; 16];
        for (n, two) in head.as_chunks_mut::<2>().0.iter_mut().enumerate() {
            let (at, body) = next(n + 2)?;
            *two = body.parse::<u16>().map_err(|_| value(at))?.to_be_bytes();
        }
        Ok(Self { date, size, head })
    }

    /// Whether this is the root that was written down.
    pub fn fits(&self, root: &Hash) -> bool {
        root.starts_with(&self.head)
    }
}
