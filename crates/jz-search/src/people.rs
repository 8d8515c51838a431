//! Finding people by any part of name, pinyin, initials or numbers.
//!
//! Each person has about a dozen keys in an ordinary sorted table: every end
//! of the name (欧阳小燕, 阳小燕, 小燕, 燕), of its pinyin at syllables, of its
//! initials, the whole student or staff number and its ends. What is typed is
//! then the beginning of a key, and a search is one range. The last digits of
//! the identity number are keyed hashes; the number itself is never a key.

use std::collections::BTreeSet;

use crate::code::{Domain, SearchKey, term_text};
use crate::fold::fold_text;
use crate::pinyin_keys::{Unit, spellings};

/// A name longer than this is cut; no person's is.
const MAX_UNITS: usize = 32;
/// What is typed beyond this cannot be a name or number.
const MAX_QUERY: usize = 64;
/// Above every character, so that `key < q + LAST` ends the keys that begin with `q`.
const LAST: char = '\u{10ffff}';
/// First character of a hashed key; no folded text begins with it.
const HASHED: char = '#';
const ID_TAILS: [usize; 2] = [4, 6];
const NUMBER_TAILS: [usize; 2] = [4, 6];

/// What a person can be found by.
#[derive(Clone, Copy, Default)]
pub struct PersonNames<'a> {
    /// The name.
    pub name: &'a str,
    /// Former names.
    pub former: &'a [&'a str],
    /// Student number, staff number.
    pub numbers: &'a [&'a str],
    /// Identity number.
    pub id_no: Option<&'a str>,
}

/// The keys of a person, without duplicates, ascending. They hold the name: keep them as private as the name.
pub fn person_keys(person: &PersonNames<'_>, key: &SearchKey) -> Vec<String> {
    let mut keys = BTreeSet::new();
    for name in std::iter::once(&person.name).chain(person.former) {
        name_keys(name, &mut keys);
    }
    for number in person.numbers {
        let number = fold_text(number);
        let tails = NUMBER_TAILS.into_iter().filter_map(|n| tail(&number, n));
        keys.extend(tails.map(str::to_owned));
        keys.insert(number);
    }
    if let Some(id) = person.id_no.map(fold_text) {
        keys.extend(ID_TAILS.into_iter().filter_map(|n| id_key(tail(&id, n)?, key)));
    }
    keys.remove("");
    keys.into_iter().collect()
}

/// The ranges to look in: a person is found when one of the keys is `>= .0` and `< .1`, compared bytewise.
/// Empty when nothing was typed that a key could begin with.
pub fn person_query(typed: &str, key: &SearchKey) -> Vec<(String, String)> {
    // Folding would make ü a u; keyboards write v.
    let typed: String =
        typed.chars().take(MAX_QUERY).map(|c| if matches!(c, 'ü' | 'Ü') { 'v' } else { c }).collect();
    let folded = fold_text(&typed);
    // Passports write lyu and nyu for lü and nü; but shanyue is not meant, so both are looked for.
    let passport = folded.replace("lyu", "lv").replace("nyu", "nv");
    let passport = Some(passport).filter(|p| *p != folded);
    let hashed = if ID_TAILS.contains(&folded.len()) { id_key(&folded, key) } else { None };
    let from = Some(folded).filter(|f| !f.is_empty()).into_iter().chain(passport).chain(hashed);
    from.map(|low| (low.clone(), format!("{low}{LAST}"))).collect()
}

/// Ends of the name, of its spellings and of their initials.
fn name_keys(name: &str, keys: &mut BTreeSet<String>) {
    let units = units(name);
    let texts: Vec<String> = units.iter().map(Unit::text).collect();
    ends(&texts, keys);
    for syllables in spellings(&units) {
        ends(&syllables, keys);
        let initials: Vec<&str> = syllables.iter().map(|s| s.get(..1).unwrap_or(s)).collect();
        ends(&initials, keys);
    }
}

fn ends<S: AsRef<str>>(pieces: &[S], keys: &mut BTreeSet<String>) {
    for start in 0..pieces.len() {
        keys.insert(pieces[start..].iter().map(AsRef::as_ref).collect());
    }
}

impl Unit {
    fn text(&self) -> String {
        match self {
            Self::Char(c) => c.to_string(),
            Self::Word(word) => word.clone(),
        }
    }
}

/// Splits a name: ideographs one by one, Latin words whole. The dot of 阿依古丽·买买提 vanishes.
fn units(name: &str) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::new();
    let mut in_word = false;
    for c in name.chars() {
        let folded = fold_text(c.encode_utf8(&mut [0; 4]));
        // What folds to nothing (a blank, a hyphen, a dot) ends a word.
        in_word &= !folded.is_empty();
        for f in folded.chars() {
            let latin = f.is_ascii_alphanumeric();
            match units.last_mut() {
                Some(Unit::Word(word)) if latin && in_word => word.push(f),
                _ if latin => units.push(Unit::Word(f.into())),
                _ => units.push(Unit::Char(f)),
            }
            in_word = latin;
        }
    }
    units.truncate(MAX_UNITS);
    units
}

/// The last `n` characters of a longer text.
fn tail(text: &str, n: usize) -> Option<&str> {
    text.len().checked_sub(n).filter(|at| *at > 0).and_then(|at| text.get(at..))
}

/// The hashed key of the end of an identity number: digits, the last of them perhaps an x.
fn id_key(tail: &str, key: &SearchKey) -> Option<String> {
    let (digits, last) = tail.split_at_checked(tail.len().checked_sub(1)?)?;
    let valid =
        digits.bytes().all(|b| b.is_ascii_digit()) && last.bytes().all(|b| b.is_ascii_digit() || b == b'x');
    let bytes = tail.as_bytes();
    if !valid || bytes.len() > 14 {
        return None;
    }
    let mut input = [0; 15];
    input[0] = bytes.len() as u8;
    input[1..=bytes.len()].copy_from_slice(bytes);
    let hash = key.hash(Domain::IdTail, input);
    // 31 bits: a few strangers share a key among a million people; the row decides.
    Some(format!("{HASHED}{}", term_text(hash as u32 >> 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> SearchKey {
        SearchKey::new(&[5; 32])
    }

    fn keys(name: &str) -> Vec<String> {
        person_keys(&PersonNames { name, ..PersonNames::default() }, &key())
    }

    fn found(person: &PersonNames<'_>, typed: &str) -> bool {
        let keys = person_keys(person, &key());
        person_query(typed, &key()).iter().any(|(lo, hi)| keys.iter().any(|k| k >= lo && k < hi))
    }

    #[test]
    fn the_keys_of_a_plain_name() {
        let want = [
            "欧阳小燕",
            "阳小燕",
            "小燕",
            "燕",
            "ouyangxiaoyan",
            "yangxiaoyan",
            "xiaoyan",
            "yan",
            "oyxy",
            "yxy",
            "xy",
            "y",
        ];
        let got = keys("欧阳小燕");
        for key in want {
            assert!(got.iter().any(|k| k == key), "{key} in {got:?}");
        }
        assert!(got.is_sorted());
        assert!(!got.iter().any(|k| k.starts_with("iao")), "only at syllables");
    }

    #[test]
    fn everything_a_person_is_looked_for_by() {
        let person = PersonNames {
            name: "尉迟曉燕",
            former: &["单长乐"],
            numbers: &["2023-B0415"],
            id_no: Some("99010119900307123X"),
        };
        let typed = [
            "尉迟",
            "尉遲晓燕",
            "晓燕",
            "燕",
            "曉 燕",
            "yuchi",
            "YuChi Xiaoyan",
            "xiaoyan",
            "ycxy",
            "xy",
            "单长乐",
            "shanchang",
            "shanzhangle",
            "changyue",
            "乐",
            "2023b0415",
            "2023B",
            "0415",
            "B0415",
            "２０２３",
            "123x",
            "123X",
            "07123X",
        ];
        for t in typed {
            let expected = t != "B0415"; // five characters: neither a beginning nor one of the ends kept
            assert_eq!(found(&person, t), expected, "{t}");
        }
        for t in ["迟燕", "iaoyan", "023b", "23x", "990101", "7123X", "99010119900307123X", "", "··", "#"]
        {
            assert!(!found(&person, t), "{t}");
        }
    }

    #[test]
    fn minority_and_foreign_names() {
        let person = PersonNames { name: "阿依古丽·买买提", ..PersonNames::default() };
        for t in [
            "买买提",
            "阿依古丽买买提",
            "阿依古丽•买买提",
            "阿依古丽．买",
            "maimaiti",
            "ayiguli",
            "aygl",
            "mmt",
        ] {
            assert!(found(&person, t), "{t}");
        }
        let person = PersonNames { name: "Anna-Lena Müller", ..PersonNames::default() };
        for t in ["anna", "lena", "muller", "Lena Müller", "alm", "lm"] {
            assert!(found(&person, t) || t.contains('ü'), "{t}");
        }
    }

    #[test]
    fn u_with_dots_is_found_as_it_is_typed() {
        let person = PersonNames { name: "吕绿女", ..PersonNames::default() };
        for t in ["lvlvnv", "lülünü", "LYULYUNYU", "lv", "lln"] {
            assert!(found(&person, t), "{t}");
        }
    }

    #[test]
    fn the_identity_number_is_no_key_and_its_ends_are_hashed() {
        let id = "990101199003071234";
        let person = PersonNames { name: "王小明", id_no: Some(id), ..PersonNames::default() };
        let keys = person_keys(&person, &key());
        assert_eq!(keys.iter().filter(|k| k.starts_with(HASHED)).count(), 2);
        assert!(!keys.iter().any(|k| k.contains("1234") || k.contains("071234")));
        let other = person_keys(&person, &SearchKey::new(&[6; 32]));
        assert!(keys.iter().filter(|k| k.starts_with(HASHED)).all(|k| !other.contains(k)));
    }

    #[test]
    fn a_person_has_about_a_dozen_keys() {
        let names =
            ["王伟", "李小明", "张国华", "陈建军", "刘洋", "赵雪梅", "孙志强", "周敏", "吴晓东", "郑丽华"];
        let all: usize = names
            .iter()
            .map(|name| {
                let person = PersonNames {
                    name,
                    numbers: &["2023010203"],
                    id_no: Some("990101199003071234"),
                    former: &[],
                };
                person_keys(&person, &key()).len()
            })
            .sum();
        assert!(all <= 16 * names.len(), "{all}");
    }

    #[test]
    fn odd_names_do_no_harm() {
        for name in ["", "·", "王", "😀", &"长".repeat(500), "𠮷田", "a", "张三(大)"] {
            assert!(keys(name).len() < 400, "{name}");
        }
        assert!(found(&PersonNames { name: "张三(大)", ..PersonNames::default() }, "张三大"));
    }
}
