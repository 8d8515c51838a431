//! One cell, as far as an importer needs to know it.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;

/// The value of a cell. In JSON: `null`, `"text"`, `1.5`, `true`, `{"d":"2025-12-30"}`,
/// `{"e":"#REF!"}`.
///
/// A number keeps all a spreadsheet still knows of it. An 18-digit identity number that
/// was stored as a number has already lost its last digits in the file; that it *is* a
/// number is the information, see [`Cell::shape`].
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
    /// A day, `YYYY-MM-DD`; a time of day is dropped.
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

    /// The value as a person would type it; numbers in full digits, never as `1.1E+17`.
    pub fn shape(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(t) | Self::Date(t) | Self::Error(t) => t.clone(),
            Self::Number(n) => number_text(*n),
            Self::Bool(b) => (if *b { "是" } else { "否" }).to_owned(),
        }
    }

    /// Puts text here, reusing the room of the text that was here before.
    pub(crate) fn set_text(&mut self, text: &str) {
        if let Self::Text(old) = self {
            old.clear();
            old.push_str(text);
        } else {
            *self = Self::Text(text.to_owned());
        }
    }
}

/// Full digits; a whole number has no decimal point.
pub(crate) fn number_text(n: f64) -> String {
    // `{}` of an f64 never uses an exponent and prints the shortest digits that come back.
    if n == 0.0 { "0".to_owned() } else { format!("{n}") }
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

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Wire<'a> {
    Bool(bool),
    Number(f64),
    Text(std::borrow::Cow<'a, str>),
    Date { d: String },
    Error { e: String },
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Empty => s.serialize_none(),
            Self::Text(t) => s.serialize_str(t),
            Self::Number(n) => s.serialize_f64(*n),
            Self::Bool(b) => s.serialize_bool(*b),
            Self::Date(d) => Wire::Date { d: d.clone() }.serialize(s),
            Self::Error(e) => Wire::Error { e: e.clone() }.serialize(s),
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
                let (key, value) = map.next_entry::<String, String>()?.ok_or_else(bad)?;
                match key.as_str() {
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
    fn cells_survive_json_and_stay_short() {
        let row = vec![
            Cell::Empty,
            Cell::Text("王".into()),
            Cell::Number(2018.5),
            Cell::Bool(true),
            Cell::Date("1949-10-01".into()),
            Cell::Error("#REF!".into()),
            Cell::Number(996124200007280787.0),
        ];
        let json = serde_json::to_string(&row).unwrap();
        assert!(json.starts_with(r##"[null,"王",2018.5,true,{"d":"1949-10-01"},{"e":"#REF!"},"##), "{json}");
        assert_eq!(serde_json::from_str::<Vec<Cell>>(&json).unwrap(), row);
        assert_eq!(serde_json::from_str::<Cell>("7").unwrap(), Cell::Number(7.0));
    }

    #[test]
    fn numbers_show_all_their_digits() {
        assert_eq!(Cell::Number(1.10105E+17).shape(), "110105000000000000");
        assert_eq!(Cell::Number(20251230.0).shape(), "20251230");
        assert_eq!(Cell::Number(2025.12).shape(), "2025.12");
        assert_eq!(Cell::Number(-0.0).shape(), "0");
    }

    #[test]
    fn debug_output_holds_no_value() {
        assert_eq!(format!("{:?}", Cell::Text("990101200401011235".into())), "Text(…)");
    }
}
