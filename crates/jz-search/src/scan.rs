//! The slow reference: no codes, no tables of positions, no fast substring search.

use crate::fold::fold_text;
use crate::query::Hit;

/// Looks for every term of `query` at every place of the lines, one character after the other.
/// It defines what a search must find; the tests hold the fast way against it.
pub fn scan<S: AsRef<str>>(query: &str, lines: &[S]) -> Option<Vec<Hit>> {
    let text: Vec<char> =
        lines.iter().flat_map(|l| fold_text(l.as_ref()).chars().collect::<Vec<_>>()).collect();
    let mut hits = Vec::new();
    let terms = query.split_whitespace().map(|t| fold_text(t).chars().collect::<Vec<_>>());
    for (index, term) in terms.filter(|t| !t.is_empty()).enumerate() {
        let places = (0..text.len()).filter(|at| text[*at..].starts_with(&term));
        let before = hits.len();
        hits.extend(places.map(|start| Hit { start, end: start + term.len(), term: index }));
        if hits.len() == before {
            return None;
        }
    }
    hits.sort_unstable();
    if hits.is_empty() { None } else { Some(hits) }
}
