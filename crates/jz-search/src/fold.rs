//! Making texts comparable.
//!
//! Every character is folded by itself, whatever stands beside it: compatibility
//! forms and accents are resolved, traditional characters become simplified,
//! letters become lower case, and everything but letters, digits and ideographs
//! is dropped. Because no character looks at its neighbours, folding a part of
//! a text gives the part of the folded text: that is why every substring of a
//! page can be found, also over line breaks and misread punctuation. The price
//! is that a few words that differ only by context (乾隆, 干隆) become equal.
//!
//! The table of the first 65,536 characters is made at first use (about 10 ms)
//! from the conversion table of ferrous-opencc and takes 130 KB.

use std::collections::HashMap;
use std::sync::LazyLock;

use ferrous_opencc::OpenCC;
use ferrous_opencc::config::BuiltinConfig;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Where a folded character comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Index of the line.
    pub line: u32,
    /// Index of the character (not the byte) in the line.
    pub ch: u32,
}

/// A folded text and the way back to the original lines.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Folded {
    text: String,
    map: Vec<Position>,
}

impl Folded {
    /// The folded text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The folded text alone, for storing beside the page.
    pub fn into_text(self) -> String {
        self.text
    }

    /// For each folded character, where it comes from. Several may come from one (㈱ becomes 株).
    pub fn map(&self) -> &[Position] {
        &self.map
    }
}

/// Folds a text whose lines end with a line feed.
pub fn fold(text: &str) -> Folded {
    fold_lines(text.split('\n'))
}

/// Folds lines; a word may go on from one line to the next.
pub fn fold_lines<S: AsRef<str>>(lines: impl IntoIterator<Item = S>) -> Folded {
    let table = &*TABLE;
    let mut folded = Folded::default();
    for (line, text) in (0..).zip(lines) {
        let text = text.as_ref();
        folded.text.reserve(text.len());
        folded.map.reserve(text.len() / 3);
        for (ch, c) in (0..).zip(text.chars()) {
            table.fold(c, |f| {
                folded.text.push(f);
                folded.map.push(Position { line, ch });
            });
        }
    }
    folded
}

/// The folded text without the way back: what is stored, encrypted, to verify candidates with.
pub fn fold_text(text: &str) -> String {
    let table = &*TABLE;
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        table.fold(c, |f| folded.push(f));
    }
    folded
}

/// Marks a character whose folding does not fit into one 16-bit unit.
const ELSEWHERE: u16 = 0xffff;

struct Table {
    /// The folded character; 0 when dropped.
    plane: Box<[u16]>,
    /// Foldings that are longer than one character or lie outside the first plane.
    elsewhere: HashMap<char, Box<str>>,
    simplify: Simplify,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let simplify = Simplify::new();
    let mut plane = vec![0; 0x1_0000].into_boxed_slice();
    let mut elsewhere = HashMap::new();
    for code in 0..0xffffu16 {
        let Some(c) = char::from_u32(code.into()) else { continue };
        let folded = fold_char(c, &simplify);
        let mut chars = folded.chars();
        plane[usize::from(code)] = match (chars.next(), chars.next()) {
            (None, _) => 0,
            (Some(one), None) => u16::try_from(u32::from(one)).unwrap_or(ELSEWHERE),
            _ => ELSEWHERE,
        };
        if plane[usize::from(code)] == ELSEWHERE {
            elsewhere.insert(c, folded.into_boxed_str());
        }
    }
    Table { plane, elsewhere, simplify }
});

impl Table {
    #[inline]
    fn fold(&self, c: char, mut sink: impl FnMut(char)) {
        match self.plane.get(c as usize) {
            Some(0) => {}
            Some(&ELSEWHERE) => self.elsewhere.get(&c).into_iter().flat_map(|f| f.chars()).for_each(sink),
            Some(&code) => {
                if let Some(folded) = char::from_u32(code.into()) {
                    sink(folded);
                }
            }
            // Rare ideographs are folded when they come.
            None => fold_char(c, &self.simplify).chars().for_each(sink),
        }
    }
}

/// Traditional to simplified, one character at a time.
struct Simplify(Option<OpenCC>);

impl Simplify {
    fn new() -> Self {
        // The tables are compiled in; should they ever fail to load, search still works within one script,
        // and the tests fail.
        Self(OpenCC::from_config(BuiltinConfig::T2s).ok())
    }

    fn convert(&self, c: char) -> char {
        let (Some(opencc), '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..) = (&self.0, c)
        else {
            return c;
        };
        let mut buffer = [0; 4];
        opencc.convert(c.encode_utf8(&mut buffer)).chars().next().unwrap_or(c)
    }
}

/// The definition: what the table holds for each character.
fn fold_char(c: char, simplify: &Simplify) -> String {
    let mut folded = c.to_string();
    // Some foldings fold further (a compatibility form of a traditional character); a few rounds reach the end.
    for _ in 0..4 {
        let resolved = folded.nfkd().filter(|c| !is_combining_mark(*c)).nfc();
        let next: String = resolved
            .flat_map(char::to_lowercase)
            .map(|c| simplify.convert(round_zero(c)))
            .filter(|c| c.is_alphanumeric())
            .collect();
        if next == folded {
            break;
        }
        folded = next;
    }
    folded
}

/// People and readers of scans write the Chinese zero 〇 as a circle (二○二三年).
fn round_zero(c: char) -> char {
    match c {
        '○' | '◯' => '〇',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_things_fold_alike() {
        let cases = [
            // name                  written              folded
            ("traditional", "張國華于臺灣", "张国华于台湾"),
            ("width", "ＡＢＣ１２３", "abc123"),
            ("case", "Party 2023", "party2023"),
            ("punctuation", "《入党志愿书》(第1页)", "入党志愿书第1页"),
            ("blanks", "张　三 丰\t\r", "张三丰"),
            ("circled digits", "①②", "12"),
            ("round zero", "二○二三年一〇月", "二〇二三年一〇月"),
            ("accents", "Zhāng Lǜ é", "zhanglue"),
            ("accents apart", "e\u{301}e", "ee"),
            ("compatibility ideograph", "\u{f9be}\u{2f00}", "料一"),
            ("radical and bracketed", "㈱㎡", "株m2"),
            ("half-width kana", "ｶﾞ", "カ"),
            ("hangul stays composed", "한글", "한글"),
            ("rare traditional", "𡞱㜢", "𡞱𡞱"),
            ("nothing", "——……!?", ""),
        ];
        for (name, written, folded) in cases {
            assert_eq!(fold_text(written), folded, "{name}");
            assert_eq!(fold(written).text(), folded, "{name}");
        }
    }

    #[test]
    fn folding_twice_changes_nothing_for_every_character() {
        for c in ('\0'..='\u{10ffff}').filter(|c| u32::from(*c) < 0x3_3000) {
            let once = fold_text(c.encode_utf8(&mut [0; 4]));
            assert_eq!(fold_text(&once), once, "U+{:04X}", u32::from(c));
            assert!(once.chars().all(char::is_alphanumeric), "U+{:04X}", u32::from(c));
        }
    }

    #[test]
    fn the_conversion_table_is_there() {
        let changed = ('\u{4e00}'..='\u{9fff}').filter(|c| {
            let text = c.to_string();
            fold_text(&text) != text
        });
        assert!(changed.count() > 2500);
    }

    #[test]
    fn the_map_leads_back_to_line_and_character() {
        let text = "一、政治面貌:\n 群眾(團員)㈱\n\n完";
        let folded = fold(text);
        assert_eq!(folded.text(), "一政治面貌群众团员株完");
        assert_eq!(folded.map().len(), folded.text().chars().count());
        let lines: Vec<Vec<char>> = text.split('\n').map(|l| l.chars().collect()).collect();
        let back: String = folded.map().iter().map(|p| lines[p.line as usize][p.ch as usize]).collect();
        assert_eq!(back, "一政治面貌群眾團員㈱完");
    }
}
