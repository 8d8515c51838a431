//! How a name is spelled in pinyin, when its characters have several readings.

use pinyin::ToPinyinMulti;

use crate::surname;

/// Spellings kept for a name.
const SPELLINGS: usize = 4;
/// Cost of reading a surname in a way the surname table does not know: most such spellings are mistakes of the writer.
const UNUSUAL: usize = 2;

/// A piece of a name that is spoken as one: an ideograph, or a word in Latin letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unit {
    /// One ideograph (or any other single letter).
    Char(char),
    /// A run of Latin letters and digits.
    Word(String),
}

/// The likeliest spellings, at most four, each as syllables. A unit without a known reading is left out.
pub(crate) fn spellings(units: &[Unit]) -> Vec<Vec<String>> {
    let mut best: Vec<(usize, Vec<String>)> = vec![(0, Vec::new())];
    for readings in readings(units) {
        // Costs add up, so the best spellings of the whole begin with best spellings of the start.
        let longer = |(cost, syllables): &(usize, Vec<String>)| {
            let (cost, syllables) = (*cost, syllables.clone());
            readings
                .iter()
                .map(move |(more, syllable)| {
                    (cost + more, syllables.iter().cloned().chain([syllable.clone()]).collect())
                })
                .collect::<Vec<_>>()
        };
        best = best.iter().flat_map(longer).collect();
        best.sort_by_key(|(cost, _)| *cost);
        best.truncate(SPELLINGS);
    }
    best.into_iter().map(|(_, syllables)| syllables).filter(|s| !s.is_empty()).collect()
}

/// For each unit that has any: its readings, with what choosing each one costs.
fn readings(units: &[Unit]) -> Vec<Vec<(usize, String)>> {
    let chars: Vec<char> =
        units.iter().map_while(|u| if let Unit::Char(c) = u { Some(*c) } else { None }).collect();
    let double = surname::double(&chars);
    let of_unit = |(i, unit): (usize, &Unit)| match unit {
        Unit::Word(word) => vec![(0, word.clone())],
        Unit::Char(c) => {
            let surname = match double {
                Some(pair) if i < 2 => vec![pair[i]],
                None if i == 0 => surname::single(*c).unwrap_or_default().to_vec(),
                _ => Vec::new(),
            };
            let of_surname = surname.into_iter().enumerate().map(|(n, r)| (n, r.to_owned()));
            let unusual = if i == 0 || (i == 1 && double.is_some()) { UNUSUAL } else { 0 };
            let mut all: Vec<(usize, String)> = of_surname.collect();
            for (n, reading) in general(*c).into_iter().enumerate() {
                if all.iter().all(|(_, r)| *r != reading) {
                    let first = all.is_empty();
                    all.push((if first { 0 } else { n.max(1) + unusual }, reading));
                }
            }
            all
        }
    };
    units.iter().enumerate().map(of_unit).filter(|r| !r.is_empty()).collect()
}

/// All readings in the dictionary, the usual one first, ü written v as on keyboards.
fn general(c: char) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for reading in c.to_pinyin_multi().into_iter().flatten() {
        let plain = reading.plain().replace('ü', "v");
        if !all.contains(&plain) {
            all.push(plain);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelled(name: &str) -> Vec<String> {
        let units: Vec<Unit> = name.chars().map(Unit::Char).collect();
        spellings(&units).iter().map(|s| s.concat()).collect()
    }

    #[test]
    fn surnames_come_first_and_given_names_keep_their_readings() {
        let cases = [
            ("单雄信", "shanxiongxin"),
            ("解珍", "xiezhen"),
            ("曾国藩", "zengguofan"),
            ("仇和", "qiuhe"),
            ("区小明", "ouxiaoming"),
            ("查小明", "zhaxiaoming"),
            ("任小明", "renxiaoming"),
            ("乐小明", "yuexiaoming"),
            ("盖小明", "gexiaoming"),
            ("种小明", "chongxiaoming"),
            ("朴小明", "piaoxiaoming"),
            ("翟小明", "zhaixiaoming"),
            ("尉迟小明", "yuchixiaoming"),
            ("万俟小明", "moqixiaoming"),
            ("欧阳小明", "ouyangxiaoming"),
            ("吕小明", "lvxiaoming"),
            ("单于", "shanyu"),
        ];
        for (name, want) in cases {
            assert_eq!(spelled(name)[0], want, "{name}");
        }
    }

    #[test]
    fn other_readings_are_kept_up_to_four() {
        assert!(spelled("张重阳").contains(&"zhangchongyang".into()));
        assert!(spelled("李乐").contains(&"liyue".into()));
        assert!(spelled("王长征").contains(&"wangchangzheng".into()));
        assert!(spelled("单小明").contains(&"danxiaoming".into()), "what people type by mistake");
        for name in ["单重乐", "朴长行", "阿依古丽买买提", "那那那那"] {
            let all = spelled(name);
            assert!((1..=4).contains(&all.len()), "{name}: {all:?}");
        }
    }

    #[test]
    fn latin_words_and_unknown_characters() {
        let word = |w: &str| Unit::Word(w.into());
        assert_eq!(spellings(&[word("anna"), word("smith")]), [["anna", "smith"]]);
        assert_eq!(spellings(&[Unit::Char('ひ')]), Vec::<Vec<String>>::new());
        assert_eq!(spellings(&[]), Vec::<Vec<String>>::new());
    }
}
