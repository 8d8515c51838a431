//! What somebody typed, as terms that must all be on the page.

use memchr::memmem::Finder;

use crate::code::{SearchKey, codes};
use crate::fold::fold_text;

/// Characters in all terms together.
const MAX_CHARS: usize = 200;
const MAX_TERMS: usize = 8;
/// Marks on one page; more help nobody.
const MAX_HITS: usize = 500;

/// Why a query is not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// Nothing but blanks and punctuation.
    #[error("nothing to search for")]
    Empty,
    /// A term of one character would touch most pages.
    #[error("a term needs two characters")]
    TooShort,
    /// Longer than any phrase on a page needs to be.
    #[error("more than {MAX_CHARS} characters")]
    TooLong,
    /// Too many terms.
    #[error("more than {MAX_TERMS} terms")]
    TooMany,
}

impl QueryError {
    /// Stable name of the error.
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "search.empty",
            Self::TooShort => "search.too-short",
            Self::TooLong => "search.too-long",
            Self::TooMany => "search.too-many",
        }
    }

    /// The sentence for people.
    pub fn zh(self) -> String {
        match self {
            Self::Empty => "请输入要查找的文字。".into(),
            Self::TooShort => "每个词至少输入两个字;只查一个字时,请先选定一个人或一卷档案。".into(),
            Self::TooLong => format!("查找的文字请不要超过 {MAX_CHARS} 个字。"),
            Self::TooMany => format!("一次最多查找 {MAX_TERMS} 个词,请去掉一些。"),
        }
    }
}

/// One occurrence of a term, in characters of the folded text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit {
    /// First character.
    pub start: usize,
    /// One behind the last character.
    pub end: usize,
    /// Which term.
    pub term: usize,
}

/// A parsed query. It may hold a person's name, so it cannot be printed.
pub struct Query {
    terms: Vec<Term>,
}

struct Term {
    chars: usize,
    finder: Finder<'static>,
    text: String,
}

impl Query {
    /// Splits at blanks; every term must be on the page. A name written with blanks between its
    /// characters (张 三) is one term.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        let query = Self::parse_scoped(text)?;
        if query.terms.iter().any(|t| t.chars < 2) { Err(QueryError::TooShort) } else { Ok(query) }
    }

    /// Like [`Query::parse`], for a search within a person or volume: there one character is enough,
    /// because all pages can be looked at. Such a term adds no code.
    pub fn parse_scoped(text: &str) -> Result<Self, QueryError> {
        let mut terms: Vec<(String, usize)> = Vec::new();
        let mut after_single = false;
        for word in text.split_whitespace() {
            let folded = fold_text(word);
            let chars = folded.chars().count();
            match terms.last_mut() {
                _ if chars == 0 => continue,
                Some((text, len)) if chars == 1 && after_single => {
                    text.push_str(&folded);
                    *len += 1;
                }
                _ => terms.push((folded, chars)),
            }
            after_single = chars == 1;
        }
        // Long terms first: they settle the matter soonest.
        terms.sort_by(|a, b| (b.1, &a.0).cmp(&(a.1, &b.0)));
        terms.dedup();
        if terms.is_empty() {
            return Err(QueryError::Empty);
        }
        if terms.iter().map(|t| t.1).sum::<usize>() > MAX_CHARS {
            return Err(QueryError::TooLong);
        }
        if terms.len() > MAX_TERMS {
            return Err(QueryError::TooMany);
        }
        let term =
            |(text, chars): (String, usize)| Term { chars, finder: Finder::new(&text).into_owned(), text };
        Ok(Self { terms: terms.into_iter().map(term).collect() })
    }

    /// The codes a page must have to be a candidate, ascending. Empty for a lone character.
    ///
    /// Of long terms not every pair is asked for, but every character is in one: an index pays
    /// for each code, and the text itself is read before a page counts.
    pub fn codes(&self, key: &SearchKey) -> Vec<u32> {
        let mut all: Vec<u32> =
            self.terms.iter().flat_map(|t| cover(&t.text)).flat_map(|pair| codes(pair, key)).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Whether all terms are in a folded text. Use it to count; [`Query::verify`] to show.
    pub fn matches(&self, folded: &str) -> bool {
        self.terms.iter().all(|t| t.finder.find(folded.as_bytes()).is_some())
    }

    /// Where the terms are in a folded text, in order; `None` when one of them is not there.
    pub fn verify(&self, folded: &str) -> Option<Vec<Hit>> {
        let mut found = Vec::new();
        for (term, t) in self.terms.iter().enumerate() {
            let before = found.len();
            found.extend(t.finder.find_iter(folded.as_bytes()).take(MAX_HITS).map(|at| (at, term)));
            if found.len() == before {
                return None;
            }
        }
        found.sort_unstable();
        found.truncate(MAX_HITS);
        // From bytes to characters, in one walk over the text.
        let (mut byte, mut chars) = (0, 0);
        let hit = |(at, term): (usize, usize)| {
            chars += folded[byte..at].chars().count();
            byte = at;
            Hit { start: chars, end: chars + self.terms[term].chars, term }
        };
        Some(found.into_iter().map(hit).collect())
    }

    /// How many terms there are, for [`snippet`](crate::snippet) and for sentences.
    pub fn term_count(&self) -> usize {
        self.terms.len()
    }

    /// Whether a title, folded here, contains all terms: for short strings that have no index.
    pub fn matches_raw(&self, text: &str) -> bool {
        self.matches(&fold_text(text))
    }
}

/// Terms up to this length are asked for with all their pairs: fewer would let too many
/// pages through that hold the pairs apart.
const ALL_PAIRS: usize = 9;

/// Pairs of neighbours that together hold every character. All of a short text; of a long one
/// the first two, the next two, and so on, and of an odd number the last two as well.
fn cover(text: &str) -> Vec<&str> {
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let n = starts.len() - 1;
    let step = if n <= ALL_PAIRS { 1 } else { 2 };
    let odd = (step == 2 && n % 2 == 1).then(|| n - 2);
    let pair = |i: usize| text.get(*starts.get(i)?..*starts.get(i + 2)?);
    (0..n.saturating_sub(1)).step_by(step).chain(odd).filter_map(pair).collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is the failed test")]
mod tests {
    use super::*;

    fn hits(query: &str, page: &str) -> Option<Vec<(usize, usize)>> {
        let hits = Query::parse(query).unwrap().verify(&fold_text(page))?;
        Some(hits.iter().map(|h| (h.start, h.end)).collect())
    }

    #[test]
    fn every_term_must_be_there_and_every_place_is_told() {
        let page = "入党志愿书。本人志愿加入,二〇二三年";
        assert_eq!(hits("志愿", page), Some(vec![(2, 4), (7, 9)]));
        assert_eq!(hits("志愿 二○二三", page), Some(vec![(2, 4), (7, 9), (11, 15)]));
        assert_eq!(hits("志愿　２０２３", page), None);
        assert_eq!(hits("誌願書", page), Some(vec![(2, 5)]), "traditional");
        assert_eq!(hits("志願書,本人", page), Some(vec![(2, 7)]), "over punctuation");
    }

    #[test]
    fn names_with_blanks_are_one_term() {
        assert_eq!(hits("张 三", "申请人张三"), Some(vec![(3, 5)]));
        assert_eq!(hits("张 三 申请人", "申请人张三"), Some(vec![(0, 3), (3, 5)]));
        assert_eq!(Query::parse("张 三 丰").unwrap().term_count(), 1);
        assert_eq!(Query::parse("党员 支部 党员").unwrap().term_count(), 2);
    }

    #[test]
    fn refusals() {
        let refused = |text: &str| Query::parse(text).err();
        assert_eq!(refused("  ……"), Some(QueryError::Empty));
        assert_eq!(refused("党"), Some(QueryError::TooShort));
        assert_eq!(refused("党员 书"), Some(QueryError::TooShort));
        assert_eq!(refused(&"党".repeat(201)), Some(QueryError::TooLong));
        assert_eq!(refused("aa bb cc dd ee ff gg hh ii"), Some(QueryError::TooMany));
        assert!(Query::parse_scoped("党").is_ok_and(|q| q.matches("共产党")));
        assert!(QueryError::TooShort.zh().contains("两个字"));
    }

    #[test]
    fn titles_are_folded_on_the_spot() {
        let query = Query::parse("志愿书").unwrap();
        assert!(query.matches_raw("入黨志願書(正本)"));
        assert!(!query.matches_raw("思想汇报"));
    }

    #[test]
    fn every_character_is_in_a_pair() {
        assert_eq!(cover("入"), [""; 0]);
        assert_eq!(cover("入党"), ["入党"]);
        assert_eq!(cover("入党人"), ["入党", "党人"]);
        assert_eq!(cover("一二三四五六七八九十"), ["一二", "三四", "五六", "七八", "九十"]);
        assert_eq!(cover("〇一二三四五六七八九十"), ["〇一", "二三", "四五", "六七", "八九", "九十"]);
    }
}
