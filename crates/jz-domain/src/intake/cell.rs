//! One cell as it comes from a workbook; the same shape, in memory and in JSON, as the
//! cells of the sheet reader, which this crate does not know.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser::SerializeMap};
use std::{borrow::Cow, fmt};

/// The value of a cell. In JSON: `null`, `"text"`, `1.5`, `true`, `{"d":"2025-12-30"}`,
/// `{"e":"#REF!"}`.
#[derive(Clone, PartialEq, Default)]
pub enum Cell {
    /// Nothing there.
    #[default]
    Empty,
    /// Text as stored, untrimmed.
    Text(String),
    /// A number that is not formatted as a date.
    Number(f64),
    /// TRUE or FALSE.
    Bool(bool),
    /// A day, `YYYY-MM-DD`.
    Date(String),
    /// An error value such as `#REF!`.
    Error(String),
}

impl Cell {
    /// Whether nothing, or nothing but blanks, is there.
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(t) => t.trim().is_empty(),
            _ => false,
        }
    }

    /// The value as a person would type it; numbers in full digits.
    pub fn shape(&self) -> Cow<'_, str> {
        match self {
            Self::Empty => Cow::Borrowed(""),
            Self::Text(t) | Self::Date(t) | Self::Error(t) => Cow::Borrowed(t),
            Self::Number(n) if *n == 0.0 => Cow::Borrowed("0"),
            // `{}` of an f64 never uses an exponent.
            Self::Number(n) => Cow::Owned(format!("{n}")),
            Self::Bool(b) => Cow::Borrowed(if *b { "是" } else { "否" }),
        }
    }

    /// [`Cell::shape`], cleaned (see [`super::text::clean`]).
    pub fn cleaned(&self) -> Cow<'_, str> {
        match self {
            Self::Text(t) => super::text::clean(t),
            other => other.shape(),
        }
    }
}

/// Says the kind of the cell, never its value: cells hold personal data.
impl fmt::Debug for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "Empty",
            Self::Text(_) => "Text(…)",
            Self::Number(_) => "Number(…)",
            Self::Bool(_) => "Bool(…)",
            Self::Date(_) => "Date(…)",
            Self::Error(_) => "Error(…)",
        })
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text.to_owned()) }
    }
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let tagged = |s: S, key: &str, value: &str| {
            let mut map = s.serialize_map(Some(1))?;
            map.serialize_entry(key, value)?;
            map.end()
        };
        match self {
            Self::Empty => s.serialize_none(),
            Self::Text(t) => s.serialize_str(t),
            Self::Number(n) => s.serialize_f64(*n),
            Self::Bool(b) => s.serialize_bool(*b),
            Self::Date(d) => tagged(s, "d", d),
            Self::Error(e) => tagged(s, "e", e),
        }
    }
}

impl<'de> Deserialize<'de> for Cell {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Seek;
        impl<'de> de::Visitor<'de> for Seek {
            type Value = Cell;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a cell")
            }
            fn visit_unit<E>(self) -> Result<Cell, E> {
                Ok(Cell::Empty)
            }
            fn visit_bool<E>(self, v: bool) -> Result<Cell, E> {
                Ok(Cell::Bool(v))
            }
            fn visit_f64<E>(self, v: f64) -> Result<Cell, E> {
                Ok(Cell::Number(v))
            }
            fn visit_i64<E>(self, v: i64) -> Result<Cell, E> {
                Ok(Cell::Number(v as f64))
            }
            fn visit_u64<E>(self, v: u64) -> Result<Cell, E> {
                Ok(Cell::Number(v as f64))
            }
            fn visit_str<E>(self, v: &str) -> Result<Cell, E> {
                Ok(Cell::Text(v.to_owned()))
            }
            fn visit_string<E>(self, v: String) -> Result<Cell, E> {
                Ok(Cell::Text(v))
            }
            fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Cell, A::Error> {
                let bad = || de::Error::custom("a cell is {\"d\":…} or {\"e\":…}");
                let (key, value) = map.next_entry::<Cow<'_, str>, String>()?.ok_or_else(bad)?;
                match key.as_ref() {
                    "d" => Ok(Cell::Date(value)),
                    "e" => Ok(Cell::Error(value)),
                    _ => Err(bad()),
                }
            }
        }
        d.deserialize_any(Seek)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is the failed test")]
mod tests {
    use super::*;

    #[test]
    fn the_json_is_the_one_of_the_sheet_reader() {
        let json = r##"[null,"王",2018.5,true,{"d":"1949-10-01"},{"e":"#REF!"},7]"##;
        let row: Vec<Cell> = serde_json::from_str(json).unwrap();
        assert_eq!(
            row.iter().map(Cell::shape).collect::<Vec<_>>(),
            ["", "王", "2018.5", "是", "1949-10-01", "#REF!", "7"]
        );
        assert_eq!(serde_json::to_string(&row).unwrap(), json.replace(",7]", ",7.0]"));
        assert!(!format!("{row:?}").contains('王'));
    }
}
