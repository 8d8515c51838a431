//! Sentences with their blanks filled in, and the corpus made of them.

use std::fmt::Write as _;

use jiff::civil::date;

use crate::names;
use crate::rng::{Rng, Stream};
use crate::school::{School, numeral};
use crate::words::{
    COURSES, DEEDS, FILLERS, LETTER_MIDDLE, NOTICES, PLACES, PRIZES, RESOLUTIONS, VIRTUES, WORDS, WORKS,
};

/// Fills the blanks of a sentence.
pub(crate) fn fill(template: &str, school: &School, rng: &mut Rng) -> String {
    let mut out = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let (key, tail) = after.split_once('}').unwrap_or((after, ""));
        blank(&mut out, key, school, rng);
        rest = tail;
    }
    out.push_str(rest);
    out
}

fn blank(out: &mut String, key: &str, school: &School, rng: &mut Rng) {
    let branch = |rng: &mut Rng| school.branches.get(rng.below(school.branches.len()));
    match key {
        "name" => out.push_str(&names::name(rng, "汉族")),
        "date" => {
            let (y, m, d) = (rng.between(2008, 2026), rng.between(1, 12), rng.between(1, 28));
            let _ = write!(out, "{y}年{m}月{d}日");
        }
        "college" => out.push_str(branch(rng).map_or("", |b| b.college)),
        "branch" => out.push_str(branch(rng).map_or("", |b| b.name.as_str())),
        "course" => out.push_str(rng.pick(COURSES)),
        "prize" => out.push_str(rng.pick(PRIZES)),
        "place" => out.push_str(rng.pick(PLACES)),
        "work" => out.push_str(rng.pick(WORKS)),
        "virtue" => out.push_str(rng.pick(VIRTUES)),
        "w" => out.push_str(rng.pick(WORDS)),
        "n" => out.push_str(&numeral(rng.between(2, 15) as usize)),
        "m" => out.push_str(&rng.between(3, 180).to_string()),
        _ => out.push_str(key),
    }
}

/// `n` synthetic page texts of about 380 characters, for benches.
///
/// Text `i` depends on the seed and on `i` only. Each is the text of one page, with line
/// breaks in the middle of words as a recogniser gives them.
pub fn text_corpus(n: usize, seed: u64) -> impl Iterator<Item = String> {
    let school = School::for_people(20_000);
    (0..n).map(move |index| page_text(&school, seed, index))
}

/// Text `index` of the corpus with `seed`.
fn page_text(school: &School, seed: u64, index: usize) -> String {
    let mut rng = Rng::of(seed, Stream::Corpus, index as u64);
    let kind = rng.below(4);
    let (own, width) = match kind {
        0 => (LETTER_MIDDLE, 26),
        1 => (DEEDS, 30),
        2 => (RESOLUTIONS, 30),
        _ => (NOTICES, 28),
    };
    let mut text = opening(kind, school, &mut rng);
    let length = rng.between(240, 520) as usize;
    let mut written = text.chars().count();
    while written < length {
        let sentence = match rng.below(100) {
            0..22 => fill(rng.pick(own), school, &mut rng),
            22..40 => fill(rng.pick(FILLERS), school, &mut rng),
            _ => chatter(&mut rng),
        };
        written += sentence.chars().count();
        text.push_str(&sentence);
    }
    let mut out = String::with_capacity(text.len() + text.len() / 60);
    for (place, c) in text.chars().enumerate() {
        if place > 0 && place % width == 0 {
            out.push('\n');
        }
        // One character in a hundred is misread.
        let misread = rng.below(100) == 0;
        out.push(if misread { rng.pick(WORDS).chars().next().unwrap_or(c) } else { c });
    }
    out
}

/// A sentence that means nothing: words strung together, frequent ones more often, as
/// in any language. Without it every second page would share whole sentences.
fn chatter(rng: &mut Rng) -> String {
    const LINKS: &[&str] = &[
        "的", "和", "与", "在", "对", "把", "并", "及", "为", "从", "向", "以", "因", "到", "将", "就", "",
        "", "",
    ];
    let mut out = String::new();
    let words = rng.between(5, 12);
    for n in 0..words {
        let rank = (rng.unit().powf(1.3) * WORDS.len() as f32) as usize;
        out.push_str(WORDS.get(rank).copied().unwrap_or_default());
        if n + 1 < words {
            out.push_str(if n % 4 == 3 { "，" } else { rng.pick(LINKS) });
        }
    }
    out.push('。');
    out
}

fn opening(kind: usize, school: &School, rng: &mut Rng) -> String {
    match kind {
        0 => fill("入党申请书敬爱的党组织：", school, rng),
        1 => {
            let birth = date(rng.between(1960, 2004) as i16, rng.between(1, 12) as i8, 15);
            let male = rng.chance(50);
            let id = names::id_no(rng.below(1_000_000), birth, male, rng);
            fill(&format!("登记表姓名{{name}}身份证号{id}单位{{college}}"), school, rng)
        }
        2 => fill("中国共产党{branch}{date}支部大会决议，会议由{name}主持，{name}记录。", school, rng),
        _ => fill("{college}党发〔2024〕{m}号各党支部：", school, rng),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{fill, text_corpus};
    use crate::rng::{Rng, Stream};
    use crate::school::School;
    use crate::words::{DEEDS, FILLERS, LETTER, LETTER_MIDDLE, NOTICES, RESOLUTIONS};

    #[test]
    fn every_blank_is_known() {
        let school = School::for_people(100);
        let mut rng = Rng::of(1, Stream::Corpus, 0);
        for template in [LETTER, LETTER_MIDDLE, DEEDS, RESOLUTIONS, NOTICES, FILLERS].concat() {
            let text = fill(template, &school, &mut rng);
            assert!(!text.contains(['{', '}']) && !text.chars().any(|c| c.is_ascii_alphabetic()), "{text}");
        }
    }

    #[test]
    fn the_corpus_has_the_size_it_says_and_repeats_by_seed() {
        let texts: Vec<String> = text_corpus(2000, 5).collect();
        let mean = texts.iter().map(|t| t.chars().count()).sum::<usize>() / texts.len();
        assert!((360..=420).contains(&mean), "{mean}");
        assert_eq!(texts.iter().collect::<HashSet<_>>().len(), texts.len());
        assert_eq!(text_corpus(50, 5).last(), texts.get(49).cloned());
        assert_ne!(text_corpus(1, 6).next(), texts.first().cloned());
        let pairs: HashSet<(char, char)> =
            texts.iter().flat_map(|t| t.chars().zip(t.chars().skip(1))).collect();
        assert!(pairs.len() > 15_000, "{} different pairs", pairs.len());
    }
}
