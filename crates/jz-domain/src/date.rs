//! Dates of the archive, which are often partial: a year, a month, or a day.
//!
//! Unknown parts are left out, never filled with 01 (`domain-archives` 0.2 no. 6).
//! The text form sorts bytewise with the unknown parts first.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{fmt, str::FromStr};

/// `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; always a day that exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartialDate {
    year: i16,
    month: u8,
    day: u8,
}

/// The text is not a partial date, or the day does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a date")]
pub struct NotADate;

impl PartialDate {
    /// Builds a date; 0 stands for an unknown month or day.
    pub fn new(year: i16, month: u8, day: u8) -> Result<Self, NotADate> {
        if !(1800..=2200).contains(&year) || month > 12 || (month == 0 && day != 0) {
            return Err(NotADate);
        }
        if day != 0 {
            jiff::civil::Date::new(year, month as i8, day as i8).map_err(|_| NotADate)?;
        }
        Ok(Self { year, month, day })
    }

    /// The year, always known.
    pub fn year(self) -> i16 {
        self.year
    }

    /// The month 1–12, if known.
    pub fn month(self) -> Option<u8> {
        (self.month != 0).then_some(self.month)
    }

    /// The day of the month, if known.
    pub fn day(self) -> Option<u8> {
        (self.day != 0).then_some(self.day)
    }

    /// The full calendar day, if all parts are known.
    pub fn full(self) -> Option<jiff::civil::Date> {
        (self.day != 0).then(|| jiff::civil::date(self.year, self.month as i8, self.day as i8))
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        if self.month != 0 {
            write!(f, "-{:02}", self.month)?;
        }
        if self.day != 0 {
            write!(f, "-{:02}", self.day)?;
        }
        Ok(())
    }
}

impl FromStr for PartialDate {
    type Err = NotADate;
    fn from_str(s: &str) -> Result<Self, NotADate> {
        let mut parts = s.split('-');
        let number = |p: Option<&str>, width: usize| -> Result<i16, NotADate> {
            match p {
                None => Ok(0),
                Some(t) if t.len() == width && t.bytes().all(|b| b.is_ascii_digit()) => {
                    t.parse().ok().filter(|n| *n != 0).ok_or(NotADate)
                }
                Some(_) => Err(NotADate),
            }
        };
        let date = Self::new(
            number(parts.next(), 4)?,
            number(parts.next(), 2)? as u8,
            number(parts.next(), 2)? as u8,
        )?;
        if parts.next().is_some() { Err(NotADate) } else { Ok(date) }
    }
}

impl Serialize for PartialDate {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PartialDate {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_is_known_and_refuses_what_does_not_exist() {
        for good in ["1998", "1998-07", "2024-02-29", "2000-12-31"] {
            assert_eq!(good.parse::<PartialDate>().map(|d| d.to_string()).as_deref(), Ok(good));
        }
        for bad in ["", "98", "2023-02-29", "2023-13", "2023-00-05", "2023-1-5", "2023-01-05-07", "0999"] {
            assert_eq!(bad.parse::<PartialDate>(), Err(NotADate), "{bad}");
        }
    }

    #[test]
    fn order_of_values_is_the_order_of_texts() {
        let mut dates: Vec<PartialDate> =
            ["2020-01-02", "2020", "2019-12", "2020-01"].iter().filter_map(|t| t.parse().ok()).collect();
        dates.sort_unstable();
        let texts: Vec<String> = dates.iter().map(ToString::to_string).collect();
        let mut sorted = texts.clone();
        sorted.sort();
        assert_eq!(texts, sorted);
        assert_eq!(texts.first().map(String::as_str), Some("2019-12"));
    }
}
