//! 档案目录, the catalogue of one volume.
//!
//! Classes come in the data, so every scheme prints with the same form. Numbers in
//! the first column, spare rows, totals and the masked identity number are worked
//! out here; the template only places them.

use serde::Serialize;
use serde_json::json;

use crate::render::{Job, render};
use crate::{Fonts, FormError};

const TEMPLATE: &str = include_str!("../../../forms/catalogue.typ");

/// One volume's catalogue. Empty strings print as empty lines to write on.
///
/// There is no `Debug`: the data is personal and must not end in a log.
#[derive(Clone, Serialize)]
pub struct CatalogueData {
    /// Heading, for example 干部人事档案目录.
    pub title: String,
    /// 姓名
    pub person: String,
    /// 档案编号
    pub volume_no: String,
    /// 身份证号, in full or already masked.
    pub id_no: String,
    /// Print the number in full; otherwise its middle is starred out.
    pub id_in_full: bool,
    /// Classes in the order of the scheme, empty ones too.
    pub classes: Vec<CatalogueClass>,
    /// Empty rows after each main class, for later additions by hand.
    pub spare_main: u8,
    /// Empty rows after each sub-class.
    pub spare_sub: u8,
    /// 整理人
    pub arranged_by: String,
    /// 审核人
    pub checked_by: String,
    /// 日期, `YYYY[-MM[-DD]]`.
    pub date: String,
    /// Number of this version of the catalogue.
    pub revision: i64,
    /// 密级, for example 内部.
    pub secrecy: String,
}

impl Default for CatalogueData {
    fn default() -> Self {
        Self {
            title: "干部人事档案目录".to_owned(),
            person: String::new(),
            volume_no: String::new(),
            id_no: String::new(),
            id_in_full: false,
            classes: Vec::new(),
            spare_main: 3,
            spare_sub: 2,
            arranged_by: String::new(),
            checked_by: String::new(),
            date: String::new(),
            revision: 1,
            secrecy: String::new(),
        }
    }
}

/// A class or sub-class with its materials.
#[derive(Clone, Serialize)]
pub struct CatalogueClass {
    /// `4-1`, `10`, `S3`.
    pub code: String,
    /// Label in the printed catalogue.
    pub label: String,
    /// Whether it stands under another class.
    pub sub: bool,
    /// Whether materials may stand directly in it; if not, it gets no spare rows.
    pub leaf: bool,
    /// Materials in order.
    pub items: Vec<CatalogueItem>,
}

/// One material.
#[derive(Clone, Default, Serialize)]
pub struct CatalogueItem {
    /// Running number in the class, from 1.
    pub seq: i64,
    /// 材料名称
    pub title: String,
    /// 材料形成时间, `YYYY[-MM[-DD]]`; empty when unknown.
    pub formed: String,
    /// 页数, when known.
    pub pages: Option<i64>,
    /// 份数, counted in the total.
    pub copies: i64,
    /// 备注
    pub remark: String,
}

/// Prints a catalogue as PDF/A-2b. `now` (milliseconds since the epoch) becomes the
/// creation date of the file.
pub fn render_catalogue(data: &CatalogueData, fonts: &Fonts, now: i64) -> Result<Vec<u8>, FormError> {
    let ident = format!("catalogue/{}/{}", data.volume_no, data.revision);
    render(Job { template: TEMPLATE, data: view(data), ident }, fonts, now)
}

/// What the template needs: strings, already in their printed form.
fn view(data: &CatalogueData) -> serde_json::Value {
    let items = || data.classes.iter().flat_map(|c| &c.items);
    json!({
        "title": plain(&data.title),
        "person": plain(&data.person),
        "volume_no": plain(&data.volume_no),
        "id_no": if data.id_in_full { plain(&data.id_no) } else { masked(&data.id_no) },
        "classes": data.classes.iter().map(|c| class_view(c, data)).collect::<Vec<_>>(),
        "arranged_by": plain(&data.arranged_by),
        "checked_by": plain(&data.checked_by),
        "date": long_date(&data.date),
        "copies": items().map(|i| i.copies).sum::<i64>().to_string(),
        "pages": items().filter_map(|i| i.pages).sum::<i64>().to_string(),
        "revision": data.revision.to_string(),
        "secrecy": plain(&data.secrecy),
    })
}

fn class_view(class: &CatalogueClass, data: &CatalogueData) -> serde_json::Value {
    let spare = match (class.leaf, class.sub) {
        (false, _) => 0,
        (true, true) => data.spare_sub,
        (true, false) => data.spare_main,
    };
    let mut rows: Vec<_> = class.items.iter().map(item_view).collect();
    let empty = CatalogueItem::default();
    rows.extend((0..spare).map(|_| item_view(&empty)));
    json!({
        "no": class_no(&class.code),
        "label": plain(&class.label),
        "main": !class.sub,
        "rows": rows,
    })
}

fn item_view(item: &CatalogueItem) -> serde_json::Value {
    let mut date = item.formed.split('-').map(|part| part.trim_start_matches('0').to_owned());
    let mut next = || date.next().unwrap_or_default();
    json!({
        "no": if item.seq > 0 { item.seq.to_string() } else { String::new() },
        "title": wrapped(&item.title),
        "year": next(),
        "month": next(),
        "day": next(),
        "pages": item.pages.map_or(String::new(), |n| n.to_string()),
        "remark": wrapped(&item.remark),
    })
}

/// Main classes carry a Chinese numeral, sub-classes their code: 四, `4-1`.
fn class_no(code: &str) -> String {
    let digits = code.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    match digits.parse::<usize>() {
        Ok(n @ 1..=99) => numeral(n),
        _ => code.to_owned(),
    }
}

fn numeral(n: usize) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let tens = match n / 10 {
        0 => String::new(),
        1 => "十".to_owned(),
        t => format!("{}十", DIGITS[t % 10]),
    };
    format!("{tens}{}", DIGITS[n % 10])
}

/// `2024-05-01` as 2024年5月1日; what is unknown is left out.
fn long_date(date: &str) -> String {
    let parts = date.split('-').filter(|p| !p.is_empty());
    parts.zip(["年", "月", "日"]).flat_map(|(p, unit)| [p.trim_start_matches('0'), unit]).collect()
}

/// Six digits of place, then stars, then the last four; shorter numbers keep less.
fn masked(id_no: &str) -> String {
    let chars: Vec<char> = id_no.trim().chars().collect();
    if chars.contains(&'*') {
        return plain(id_no);
    }
    let (head, tail) = if chars.len() >= 15 { (6, 4) } else { (0, chars.len().min(2)) };
    let star = |(i, c): (usize, &char)| if i < head || i + tail >= chars.len() { *c } else { '*' };
    chars.iter().enumerate().map(star).collect()
}

/// Text for a line of its own: control characters become blanks.
fn plain(text: &str) -> String {
    text.trim().chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// Longest run of letters and digits that is set without a place to break.
const LONGEST_WORD: usize = 20;

/// Text for a narrow cell: long words of letters and digits get invisible places to
/// break, or they would run over the edge.
fn wrapped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut run = 0;
    for c in plain(text).chars() {
        run = if c.is_ascii_graphic() { run + 1 } else { 0 };
        if run > LONGEST_WORD {
            out.push('\u{200b}');
            run = 1;
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{class_no, item_view, long_date, masked, plain, wrapped};
    use crate::CatalogueItem;

    #[test]
    fn class_numbers_read_as_in_print() {
        let cases = [("1", "一"), ("10", "十"), ("4-1", "4-1"), ("S7", "七"), ("P1", "一"), ("12", "十二")];
        for (code, want) in cases {
            assert_eq!(class_no(code), want, "{code}");
        }
    }

    #[test]
    fn identity_numbers_lose_their_middle() {
        let cases = [
            ("18 digits", "990101200401011235", "990101********1235"),
            ("15 digits", "990101040101123", "990101*****1123"),
            ("passport", "E12345678", "*******78"),
            ("masked before", "99****1235", "99****1235"),
            ("none", "", ""),
        ];
        for (name, id, want) in cases {
            assert_eq!(masked(id), want, "{name}");
        }
    }

    #[test]
    fn dates_print_as_far_as_known() {
        for (date, want) in
            [("", ""), ("2019", "2019年"), ("2019-06", "2019年6月"), ("2019-06-05", "2019年6月5日")]
        {
            assert_eq!(long_date(date), want);
        }
        let row = item_view(&CatalogueItem { formed: "2019-10".to_owned(), ..CatalogueItem::default() });
        assert_eq!((&row["year"], &row["month"], &row["day"]), (&"2019".into(), &"10".into(), &"".into()));
    }

    #[test]
    fn long_words_can_break_and_short_ones_stay() {
        assert_eq!(wrapped("A".repeat(50).as_str()).matches('\u{200b}').count(), 2);
        assert_eq!(wrapped("2023年度考核登记表"), "2023年度考核登记表");
        assert_eq!(plain("甲\u{7}乙"), "甲 乙");
    }
}
