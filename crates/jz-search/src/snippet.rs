//! Where the hits are in the original lines: marked text for the list, ranges for the boxes on the image.

use std::fmt;

use crate::fold::{Folded, Position};
use crate::query::Hit;

/// A piece of a snippet.
#[derive(Clone, PartialEq, Eq)]
pub struct Part {
    /// The original text, as it was read.
    pub text: String,
    /// Whether it is to be marked.
    pub hit: bool,
}

impl fmt::Debug for Part {
    /// Page text must not reach a log by accident.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Part").field("chars", &self.text.chars().count()).field("hit", &self.hit).finish()
    }
}

/// A marked stretch of one line, in characters. The caller knows the box of each character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineRange {
    /// Index of the line.
    pub line: usize,
    /// First character.
    pub start: usize,
    /// One behind the last character.
    pub end: usize,
}

/// The stretches of the original lines that the hits cover: one for each line a hit touches,
/// overlapping ones joined. Punctuation inside a hit is covered too.
pub fn line_ranges(folded: &Folded, hits: &[Hit]) -> Vec<LineRange> {
    let mut ranges: Vec<LineRange> = Vec::with_capacity(hits.len());
    for hit in hits {
        let Some(positions) = folded.map().get(hit.start..hit.end) else { continue };
        for line in positions.chunk_by(|a, b| a.line == b.line) {
            if let [first, ..] = line {
                let last = line.last().unwrap_or(first);
                let (start, end) = (first.ch as usize, last.ch as usize + 1);
                ranges.push(LineRange { line: first.line as usize, start, end });
            }
        }
    }
    ranges.sort_unstable();
    ranges.dedup_by(|next, kept| {
        let joined = next.line == kept.line && next.start <= kept.end;
        if joined {
            kept.end = kept.end.max(next.end);
        }
        joined
    });
    ranges
}

/// About `width` characters of the original text around the place where most terms are together,
/// hits marked, `…` where text was left out. Line breaks vanish, runs of blanks become one.
pub fn snippet<S: AsRef<str>>(lines: &[S], folded: &Folded, hits: &[Hit], width: usize) -> Vec<Part> {
    let (from, to) = window(folded, hits, width);
    let marks = line_ranges(folded, hits);
    let mut out = Parts { parts: Vec::new(), blank: true };
    if from > Position::default_start() {
        out.push('…', false);
    }
    let (first, last) = (from.line as usize, to.line as usize);
    for (line, text) in lines.iter().enumerate().take(last + 1).skip(first) {
        let skip = if line == first { from.ch as usize } else { 0 };
        let stop = if line == last { to.ch as usize } else { usize::MAX };
        let of_line = marks.iter().filter(|m| m.line == line);
        let mut of_line = of_line.peekable();
        for (ch, c) in text.as_ref().chars().enumerate().take(stop).skip(skip) {
            while of_line.peek().is_some_and(|m| m.end <= ch) {
                of_line.next();
            }
            out.push(c, of_line.peek().is_some_and(|m| m.start <= ch));
        }
        if line != last {
            out.line_break(lines.get(line + 1).map(S::as_ref));
        }
    }
    let rest = lines.get(last).map_or("", S::as_ref).chars().nth(to.ch as usize).is_some();
    if rest || lines.iter().skip(last + 1).any(|l| !l.as_ref().trim().is_empty()) {
        out.push('…', false);
    }
    out.parts
}

impl Position {
    fn default_start() -> Self {
        Self { line: 0, ch: 0 }
    }
}

/// The stretch of the original text to show: from a character to one behind the last.
fn window(folded: &Folded, hits: &[Hit], width: usize) -> (Position, Position) {
    let map = folded.map();
    let best = best_hits(hits, width);
    let (start, end) = match best {
        [first, ..] => (first.start, best.iter().map(|h| h.end).max().unwrap_or(first.end)),
        [] => (0, 0),
    };
    // A third of the spare room before the hits, the rest behind.
    let spare = width.saturating_sub(end - start);
    let from = start.saturating_sub(spare / 3);
    let to = (from + width).max(end).min(map.len());
    let from = from.min(to.saturating_sub(width));
    let first = map.get(from).copied().unwrap_or(Position::default_start());
    // At the very start of a text its leading punctuation belongs to it.
    let first = if from == 0 { Position::default_start() } else { first };
    let behind = |p: &Position| Position { line: p.line, ch: p.ch + 1 };
    (first, to.checked_sub(1).and_then(|last| map.get(last)).map_or(first, behind))
}

/// The run of hits within `width` that holds most terms, then most hits; the first of equals.
fn best_hits(hits: &[Hit], width: usize) -> &[Hit] {
    let mut best = (0, 0, 0..0);
    for (i, first) in hits.iter().enumerate() {
        let run = hits[i..].iter().take_while(|h| h.end <= first.start + width.max(first.end - first.start));
        let (mut terms, mut count) = (0u64, 0);
        for hit in run {
            terms |= 1 << (hit.term % 64);
            count += 1;
        }
        if (terms.count_ones(), count) > (best.0, best.1) {
            best = (terms.count_ones(), count, i..i + count);
        }
    }
    hits.get(best.2).unwrap_or_default()
}

/// Characters gathered into parts.
struct Parts {
    parts: Vec<Part>,
    /// Whether the last character was a blank (or there was none).
    blank: bool,
}

impl Parts {
    fn push(&mut self, c: char, hit: bool) {
        let c = if c.is_whitespace() || c.is_control() { ' ' } else { c };
        if c == ' ' && self.blank {
            return;
        }
        self.blank = c == ' ';
        match self.parts.last_mut() {
            Some(part) if part.hit == hit => part.text.push(c),
            _ => self.parts.push(Part { text: c.into(), hit }),
        }
    }

    /// Chinese goes on over a line break; Latin words must not grow together.
    fn line_break(&mut self, next: Option<&str>) {
        let before = self.parts.last().and_then(|p| p.text.chars().next_back());
        let after = next.and_then(|l| l.chars().next());
        let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        if latin(before) && latin(after) {
            let hit = self.parts.last().is_some_and(|p| p.hit);
            self.push(' ', hit);
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is the failed test")]
mod tests {
    use super::*;
    use crate::fold::fold_lines;
    use crate::query::Query;

    fn marked(query: &str, lines: &[&str], width: usize) -> String {
        let folded = fold_lines(lines);
        let hits = Query::parse(query).unwrap().verify(folded.text()).unwrap();
        let parts = snippet(lines, &folded, &hits, width);
        assert!(parts.windows(2).all(|w| w[0].hit != w[1].hit), "neighbours are joined");
        parts.iter().map(|p| if p.hit { format!("[{}]", p.text) } else { p.text.clone() }).collect()
    }

    #[test]
    fn snippets() {
        let page = [
            "《入党志愿书》",
            "申请人  张三,一九九〇年生,",
            "现为西川财经",
            "学院教师。The Party",
            "School 2023",
        ];
        let cases = [
            // name               query        width want
            (
                "whole page",
                "张三",
                100,
                "《入党志愿书》申请人 [张三],一九九〇年生,现为西川财经学院教师。The Party School 2023",
            ),
            ("cut on both sides", "一九九〇", 12, "…张三,[一九九〇]年生,现为西川…"),
            ("at the start", "入党", 6, "《[入党]志愿书》申…"),
            ("at the end", "2023", 9, "…chool [2023]"),
            ("over a line break", "财经学院", 8, "…川[财经学院]教师。T…"),
            ("over punctuation", "張三一九", 6, "…[张三,一九]九〇…"),
            ("Latin words", "party school", 30, "…年生,现为西川财经学院教师。The [Party School] 2023"),
            ("longer than the width", "张三一九九〇年生", 4, "…[张三,一九九〇年生]…"),
            ("two terms together", "申请人 三一", 10, "…书》[申请人] 张[三,一]九九〇…"),
        ];
        for (name, query, width, want) in cases {
            assert_eq!(marked(query, &page, width), want, "{name}");
        }
    }

    #[test]
    fn the_window_goes_where_most_terms_are() {
        let page = ["甲乙", &"。丁".repeat(40), "甲乙与丙戊在一起"];
        let got = marked("甲乙 丙戊", &page, 10);
        assert!(got.contains("[甲乙]与[丙戊]"), "{got}");
    }

    #[test]
    fn ranges_are_by_line_and_joined() {
        let lines = ["现为西川财经", "学院,教师"];
        let folded = fold_lines(lines);
        let ranges = |query: &str| {
            let hits = Query::parse(query).unwrap().verify(folded.text()).unwrap();
            line_ranges(&folded, &hits).iter().map(|r| (r.line, r.start, r.end)).collect::<Vec<_>>()
        };
        assert_eq!(ranges("财经学院教"), [(0, 4, 6), (1, 0, 4)]);
        assert_eq!(ranges("西川财 财经"), [(0, 2, 6)]);
        assert_eq!(ranges("学院 教师"), [(1, 0, 2), (1, 3, 5)]);
    }

    #[test]
    fn no_hits_show_the_beginning() {
        let lines = ["——开头的文字", "第二行"];
        let parts = snippet(&lines, &fold_lines(lines), &[], 3);
        assert_eq!(parts, [Part { text: "——开头的…".into(), hit: false }]);
        assert_eq!(snippet::<&str>(&[], &Folded::default(), &[], 10), []);
    }
}
