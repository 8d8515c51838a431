//! Names of things: one kind of number for everything that is stored.
//!
//! An [`Id`] is made by the application, never by a database sequence: 41 bits of
//! milliseconds since 2020, then 22 bits of chance. Ids therefore sort by the time
//! they were made, and two machines can make them without asking each other.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{fmt, str::FromStr};

/// Start of the id clock: 2020-01-01T00:00:00Z in milliseconds.
const EPOCH_MS: i64 = 1_577_836_800_000;

/// A positive, time-ordered 63-bit number. In JSON a decimal string, because
/// JavaScript cannot hold all 63 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(pub i64);

impl Id {
    /// Makes an id from the moment and 22 bits of chance; the rest of `chance` is ignored.
    pub fn at(now: Millis, chance: u32) -> Self {
        let time = (now.0 - EPOCH_MS).max(0) & ((1 << 41) - 1);
        Self((time << 22) | i64::from(chance & 0x3F_FFFF))
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// The text is not a positive decimal number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id")]
pub struct NotAnId;

impl FromStr for Id {
    type Err = NotAnId;
    fn from_str(s: &str) -> Result<Self, NotAnId> {
        if s.is_empty() || s.len() > 19 || !s.bytes().all(|b| b.is_ascii_digit()) {
            return Err(NotAnId);
        }
        s.parse().map(Self).map_err(|_| NotAnId)
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// A moment: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Millis(pub i64);

impl Millis {
    /// The day this moment falls on in China (UTC+8, which has no summer time since 1992).
    pub fn day(self) -> String {
        let local = jiff::Timestamp::from_millisecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(8));
        local.to_zoned(zone).date().to_string()
    }

    /// Day and minute in China, `2026-11-24 09:05`, for people to read.
    pub fn minute(self) -> String {
        let local = jiff::Timestamp::from_millisecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        let t = local.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8)));
        format!("{} {:02}:{:02}", t.date(), t.hour(), t.minute())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_by_time_and_survive_json() {
        let a = Id::at(Millis(1_800_000_000_000), u32::MAX);
        let b = Id::at(Millis(1_800_000_000_001), 0);
        assert!(a < b);
        let text = serde_json::to_string(&a).unwrap_or_default();
        assert_eq!(text, format!("\"{}\"", a.0));
        assert_eq!(serde_json::from_str::<Id>(&text).ok(), Some(a));
        assert!("-5".parse::<Id>().is_err());
        assert!("99999999999999999999".parse::<Id>().is_err());
    }

    #[test]
    fn a_moment_is_shown_in_chinese_time() {
        assert_eq!(Millis(1_795_536_000_000).minute(), "2026-11-25 00:00");
        assert_eq!(Millis(1_795_535_999_999).day(), "2026-11-24");
    }
}
