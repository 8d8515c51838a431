//! Folding of what people type: widths, blanks, Chinese numerals.

use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;

/// Full width to half width, blanks of every kind to a plain one.
fn fold_char(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '\u{3000}' | '\u{A0}' | '\t' | '\r' | '\n' | '\u{2002}'..='\u{200A}' | '\u{202F}' => ' ',
        // Middle dots in the names of minorities: the keyboards offer many.
        '•' | '・' | '‧' | '∙' | '⋅' | '᛫' | '･' => '·',
        _ => c,
    }
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{FEFF}' | '\u{2060}' | '\u{AD}' | '\u{202A}'..='\u{202E}')
        || (c.is_control() && !c.is_whitespace())
}

fn needs_folding(c: char) -> bool {
    !c.is_ascii_graphic() && c != ' ' && !('\u{4E00}'..='\u{9FFF}').contains(&c) && c != '·'
}

/// A value as it is kept: widths folded, invisible characters and outer blanks gone, and
/// the apostrophe gone that tells a spreadsheet to leave the cell alone. Characters of
/// names are not replaced by others.
pub fn clean(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    let text = text.strip_prefix(['\'', '’', '‘', '＇']).unwrap_or(text).trim_start();
    if text.bytes().all(|b| (b' '..=b'~').contains(&b)) || !text.chars().any(needs_folding) {
        return Cow::Borrowed(text);
    }
    let folded: String = text.chars().filter(|c| !is_invisible(*c)).map(fold_char).collect();
    Cow::Owned(folded.trim().to_owned())
}

/// A label as it is compared: NFKC, no blanks at all, ASCII in lower case.
pub fn squeeze(text: &str) -> String {
    text.nfkc()
        .filter(|c| !c.is_whitespace() && !is_invisible(*c))
        .map(|c| fold_char(c).to_ascii_lowercase())
        .collect()
}

/// A column name as it is compared: [`squeeze`], and without the star of a required
/// column and punctuation.
pub fn squeeze_header(text: &str) -> String {
    let mut s = squeeze(text);
    for note in ["(必填)", "(选填)", "(必填项)", "【必填】", "[必填]"] {
        if let Some(at) = s.find(note) {
            s.replace_range(at..at + note.len(), "");
        }
    }
    s.retain(|c| !matches!(c, '*' | '★' | '☆' | ':' | '、' | '，' | ',' | '。' | '_' | '"' | '“' | '”'));
    s
}

/// Without a remark in brackets at the end, if there is one.
pub fn without_brackets(squeezed: &str) -> Option<&str> {
    let open = squeezed.rfind('(')?;
    (squeezed.ends_with(')') && open > 0).then(|| squeezed.get(..open)).flatten()
}

/// Reads a whole number in digits or in Chinese numerals (up to 999).
pub fn ordinal(text: &str) -> Option<u16> {
    if text.is_empty() {
        return None;
    }
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return text.parse().ok().filter(|n| (1..=999).contains(n));
    }
    let (mut total, mut digit, mut seen) = (0_u16, None::<u16>, false);
    for c in text.chars() {
        let place = match c {
            '百' => 100,
            '十' => 10,
            '廿' if digit.is_none() => {
                total += 20;
                seen = true;
                continue;
            }
            '零' | '〇' if digit.is_none() => continue,
            _ => {
                // Two digits in a row are not a numeral of this kind.
                if digit.is_some() {
                    return None;
                }
                digit = Some(numeral(c)?);
                seen = true;
                continue;
            }
        };
        total += digit.take().unwrap_or(1) * place;
        seen = true;
    }
    let n = total + digit.unwrap_or(0);
    (seen && n > 0 && n <= 999).then_some(n)
}

fn numeral(c: char) -> Option<u16> {
    Some(match c {
        '一' | '壹' => 1,
        '二' | '两' | '贰' => 2,
        '三' | '叁' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

/// Hides all but the first `head` and last `tail` characters.
pub fn mask(text: &str, head: usize, tail: usize) -> String {
    let n = text.chars().count();
    let hide = |i: usize| n > head + tail && i >= head && i < n - tail;
    let hide_all = n <= head + tail;
    text.chars().enumerate().map(|(i, c)| if hide(i) || (hide_all && i > 0) { '*' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_folded_but_not_rewritten() {
        #[rustfmt::skip]
        let cases = [
            (" 张三　", "张三"),
            ("'990101", "990101"),
            ("９９０１０１Ｘ", "990101X"),
            ("阿依古丽•买买提", "阿依古丽·买买提"),
            ("\u{200B}李\u{FEFF}四", "李四"),
            ("１３８ ００００", "138 0000"),
            ("㐀", "㐀"),
        ];
        for (given, want) in cases {
            assert_eq!(clean(given), want);
        }
    }

    #[test]
    fn headers_lose_blanks_stars_and_remarks() {
        assert_eq!(squeeze_header("姓 名 *"), "姓名");
        assert_eq!(squeeze_header("思想汇报①"), "思想汇报1");
        assert_eq!(squeeze_header("入党\n日期（必填）"), "入党日期");
        assert_eq!(without_brackets("入党日期(年月日)"), Some("入党日期"));
        assert_eq!(without_brackets("(年月日)"), None);
    }

    #[test]
    fn ordinals_in_both_scripts() {
        #[rustfmt::skip]
        let cases = [
            ("一", Some(1)), ("十", Some(10)), ("十一", Some(11)), ("二十", Some(20)), ("二十三", Some(23)),
            ("九十九", Some(99)), ("一百零二", Some(102)), ("一百一十", Some(110)), ("廿三", Some(23)), ("两", Some(2)),
            ("7", Some(7)), ("012", Some(12)),
            ("", None), ("零", None), ("0", None), ("一二", None), ("甲", None), ("第一", None), ("1000", None),
        ];
        for (text, want) in cases {
            assert_eq!(ordinal(text), want, "{text}");
        }
    }

    #[test]
    fn masks_hide_the_middle_and_short_texts_almost_whole() {
        assert_eq!(mask("11010519491231002X", 3, 4), "110***********002X");
        assert_eq!(mask("13800001111", 3, 4), "138****1111");
        assert_eq!(mask("1234", 3, 4), "1***");
    }
}
