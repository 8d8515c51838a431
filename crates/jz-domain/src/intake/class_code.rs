//! Class codes of the volume catalogue in the spellings people use.

use super::{
    Cell,
    text::{ordinal, squeeze},
};

/// A class as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassRead {
    /// `4-1`, `10`, `S2`.
    pub code: String,
    /// Excel had turned it into a date (4-1 became the first of April) and it was turned back.
    pub from_date: bool,
}

/// Reads a class code: `4-1`, `4.1`, `4－1`, `四（一）`, `第四类`, `九-2`, `S1`.
pub fn read_class(cell: &Cell) -> Option<ClassRead> {
    if let Cell::Date(iso) = cell {
        let part = |r: std::ops::Range<usize>| iso.get(r).and_then(|t| t.parse::<u8>().ok());
        let (month, day) = (part(5..7)?, part(8..10)?);
        return Some(ClassRead { code: format!("{month}-{day}"), from_date: true });
    }
    parse_class(&cell.cleaned()).map(|code| ClassRead { code, from_date: false })
}

/// Reads a class code from text.
pub fn parse_class(text: &str) -> Option<String> {
    let squeezed = squeeze(text);
    let rest = squeezed.strip_prefix('第').unwrap_or(&squeezed);
    let rest = rest.strip_suffix("类").unwrap_or(rest);
    if let Some(number) = rest.strip_prefix(['s', 'p']) {
        let letter = if rest.starts_with('s') { 'S' } else { 'P' };
        let number = ordinal(number.trim_start_matches('-')).filter(|n| *n < 100)?;
        return Some(format!("{letter}{number}"));
    }
    let is_numeral = |c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c);
    let is_joint = |c: char| "-.—–−_、()·:~".contains(c);
    if rest.is_empty() || !rest.chars().all(|c| is_numeral(c) || is_joint(c)) {
        return None;
    }
    let mut numbers = rest.split(is_joint).filter(|t| !t.is_empty()).map(ordinal);
    let (main, sub) = (numbers.next()??, numbers.next());
    if numbers.next().is_some() || main > 20 {
        return None;
    }
    match sub {
        None => Some(main.to_string()),
        Some(Some(sub)) if sub <= 99 => Some(format!("{main}-{sub}")),
        Some(_) => None,
    }
}

/// The class a folder of layout B is named after: `1.履历材料`, `4-1学历学位材料`, `91.工资`.
/// Two digits without a mark between them are main class and sub-class, but 10 is ten.
pub fn class_of_folder(name: &str) -> Option<String> {
    let squeezed = squeeze(name);
    let is_code = |c: char| c.is_ascii_digit() || matches!(c, '-' | '.' | '_');
    let end = squeezed.find(|c| !is_code(c)).unwrap_or(squeezed.len());
    let code = squeezed.get(..end)?.trim_end_matches(['.', '-', '_']);
    if code.is_empty() {
        // Chinese numerals end at the mark: 四（一）学历学位材料, 六、党团材料.
        let end = squeezed
            .char_indices()
            .filter(|(_, c)| "、.)".contains(*c))
            .map(|(i, c)| i + c.len_utf8())
            .next();
        return end.and_then(|e| squeezed.get(..e)).and_then(parse_class).or_else(|| parse_class(&squeezed));
    }
    match code.as_bytes() {
        [main @ b'1'..=b'9', sub @ b'1'..=b'9'] => {
            Some(format!("{}-{}", char::from(*main), char::from(*sub)))
        }
        _ => parse_class(code),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_as_written() {
        #[rustfmt::skip]
        let cases = [
            ("4-1", Some("4-1")), ("4.1", Some("4-1")), ("4－1", Some("4-1")), ("4—1", Some("4-1")), ("四（一）", Some("4-1")),
            ("四、（二）", Some("4-2")), ("九-2", Some("9-2")), ("第四类", Some("4")), ("十", Some("10")), ("十类", Some("10")), (" 6 ", Some("6")),
            ("(四)", Some("4")), ("S1", Some("S1")), ("p3", Some("P3")), ("9-2.", Some("9-2")),
            ("", None), ("履历材料", None), ("四一", None), ("1-2-3", None), ("2023年度", None), ("99", None), ("-", None),
        ];
        for (text, want) in cases {
            assert_eq!(parse_class(text).as_deref(), want, "{text}");
        }
        assert_eq!(read_class(&Cell::Number(4.1)).map(|c| c.code).as_deref(), Some("4-1"));
        assert_eq!(read_class(&Cell::Number(10.0)).map(|c| c.code).as_deref(), Some("10"));
        let date = read_class(&Cell::Date("2026-09-02".into()));
        assert_eq!(date, Some(ClassRead { code: "9-2".into(), from_date: true }));
    }

    #[test]
    fn folders_as_named() {
        #[rustfmt::skip]
        let cases = [
            ("1.履历材料", Some("1")), ("6.参加党团材料", Some("6")), ("10.其他材料", Some("10")), ("41.学历学位材料", Some("4-1")),
            ("91工资材料", Some("9-1")), ("4-1学历学位材料", Some("4-1")), ("4.1 学历学位材料", Some("4-1")), ("9－2、任免", Some("9-2")),
            ("四（一）学历学位材料", Some("4-1")), ("六、党团材料", Some("6")), ("7", Some("7")), ("9-2", Some("9-2")),
            ("照片", None), ("", None), ("2023年度", None),
        ];
        for (name, want) in cases {
            assert_eq!(class_of_folder(name).as_deref(), want, "{name}");
        }
    }
}
