//! What folding, coding, verifying and naming cost.
//!
//! `cargo run -p jz-search --example throughput`; CPU figures are of this thread.
#![expect(clippy::unwrap_used, reason = "a measurement that fails may stop")]

use std::hint::black_box;

use jz_search::{
    PersonNames, Query, SearchKey, codes, fold_lines, fold_text, person_keys, person_query, snippet, terms,
};

const PAGES: usize = 20_000;

/// CPU seconds of this thread.
fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    stat.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e9
}

fn report<T>(what: &str, units: usize, bytes: usize, work: impl FnOnce() -> T) -> T {
    let start = cpu();
    let result = black_box(work());
    let used = cpu() - start;
    let (each, rate) = (used * 1e6 / units as f64, bytes as f64 / 1e6 / used);
    eprintln!("{what:<36} {each:>8.2} µs each {rate:>8.1} MB/s");
    result
}

/// A page of about 380 characters in lines, of words in a mixed order.
fn page(n: usize) -> Vec<String> {
    const WORDS: [&str; 16] = [
        "中国共产党",
        "入党志愿书",
        "本人自愿加入",
        "政治面貌",
        "党员。",
        "支部大会决议:",
        "学院",
        "二〇二三年",
        "思想汇报,",
        "组织部门",
        "教育",
        "考察意见",
        "转为预备党员",
        "《申请书》",
        "张国华",
        "2023",
    ];
    let mut state = n as u64 * 2_654_435_761 + 1;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize
    };
    let mut line = || -> String {
        (0..6)
            .map(|_| match next() % 3 {
                0 => char::from_u32(0x4e00 + next() as u32 % 3000).map(String::from).unwrap_or_default(),
                _ => WORDS[next() % WORDS.len()].to_owned(),
            })
            .collect()
    };
    (0..20).map(|_| line()).collect()
}

fn main() {
    let key = SearchKey::new(&[1; 32]);
    report("load the table", 1, 0, || fold_text("一"));
    let pages: Vec<Vec<String>> = (0..PAGES).map(page).collect();
    let texts: Vec<String> = pages.iter().map(|p| p.join("\n")).collect();
    let bytes = texts.iter().map(String::len).sum();
    let folded: Vec<String> =
        report("fold_text", PAGES, bytes, || texts.iter().map(|t| fold_text(t)).collect());
    report("fold_lines with the map", PAGES, bytes, || {
        pages.iter().map(|p| fold_lines(p).map().len()).sum::<usize>()
    });
    let chars: usize = folded.iter().map(|t| t.chars().count()).sum();
    let sets: Vec<Vec<u32>> =
        report("codes", PAGES, bytes, || folded.iter().map(|t| codes(t, &key)).collect());
    let size: usize = report("terms", PAGES, bytes, || sets.iter().map(|s| terms(s).len()).sum());
    let each = |n: usize| n / PAGES;
    let distinct: usize = sets.iter().map(Vec::len).sum();
    eprintln!(
        "{:<36} {} characters, {} codes, {} bytes as words a page",
        "",
        each(chars),
        each(distinct),
        each(size)
    );

    let query = report("parse and codes of a query", 1, 0, || Query::parse("转为预备党员 张国华").unwrap());
    let hits: usize = report("matches", PAGES, bytes, || folded.iter().filter(|t| query.matches(t)).count());
    report("verify", PAGES, bytes, || folded.iter().filter_map(|t| query.verify(t)).count());
    report("fold, verify, snippet", PAGES, bytes, || {
        let marked = pages.iter().filter_map(|lines| {
            let folded = fold_lines(lines);
            let hits = query.verify(folded.text())?;
            Some(snippet(lines, &folded, &hits, 60).len())
        });
        marked.sum::<usize>()
    });
    eprintln!("{:<36} {hits} pages hit", "");

    let given: Vec<char> = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂长乐重国华建文斌".chars().collect();
    let surnames: Vec<char> = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗单解曾仇".chars().collect();
    let name = |n: usize| -> String {
        let third = (!n.is_multiple_of(3)).then(|| given[n / 7 % given.len()]);
        [surnames[n % surnames.len()], given[n / 3 % given.len()]].into_iter().chain(third).collect()
    };
    let people: Vec<(String, String)> = (0..PAGES).map(|n| (name(n), format!("20230{n:06}"))).collect();
    let keys: usize = report("keys of a person", PAGES, 0, || {
        let keys = people.iter().map(|(name, number)| {
            let numbers = [number.as_str()];
            let person =
                PersonNames { name, numbers: &numbers, id_no: Some("990101199003071234"), former: &[] };
            person_keys(&person, &key).len()
        });
        keys.sum()
    });
    eprintln!("{:<36} {:.1} keys a person", "", keys as f64 / PAGES as f64);
    report("range of a person query", PAGES, 0, || {
        people.iter().map(|(n, _)| person_query(n, &key).len()).sum::<usize>()
    });
}
