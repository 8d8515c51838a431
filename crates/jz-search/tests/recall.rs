//! Whatever is on a page is found, and nothing else: the index and its verification against a plain scan.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is the failed test")]

use jz_search::{
    PersonNames, Query, SearchKey, codes, fold, fold_lines, fold_text, line_ranges, person_keys,
    person_query, scan, snippet,
};
use proptest::prelude::*;

/// Characters that meet in real pages, and those that make trouble.
const ALPHABET: &str =
    "党员入志愿书本人自一二三〇○張國華臺灣后後，。、《》:（）() 　\t-·Aaé１2Ⅻ㈱㎡ﬁカｶﾞ𠮷𡞱\u{301}\u{f9be}";

fn key() -> SearchKey {
    SearchKey::new(&[11; 32])
}

fn line() -> impl Strategy<Value = String> {
    let chars: Vec<char> = ALPHABET.chars().collect();
    let common = prop::sample::select(chars);
    prop::collection::vec(prop_oneof![9 => common, 1 => any::<char>()], 0..30)
        .prop_map(|cs| cs.into_iter().filter(|c| *c != '\n').collect())
}

fn page() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(line(), 1..8)
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config(400))]

    #[test]
    fn every_substring_of_a_page_is_found_and_marked_where_it_stands(lines in page(), cuts in prop::collection::vec((any::<u32>(), any::<u32>()), 8)) {
        let key = key();
        let folded = fold_lines(&lines);
        let index = codes(folded.text(), &key);
        // Substrings of the page as written, over line breaks, with all its punctuation but no blanks
        // (a blank separates terms).
        let written: Vec<char> = lines.concat().chars().filter(|c| !c.is_whitespace()).collect();
        for (a, b) in cuts {
            let (a, b) = (a as usize % (written.len() + 1), b as usize % (written.len() + 1));
            let part: String = written[a.min(b)..a.max(b)].iter().collect();
            let wanted = fold_text(&part);
            if !(2..=200).contains(&wanted.chars().count()) {
                continue;
            }
            let query = Query::parse(&part).unwrap();
            prop_assert!(query.codes(&key).iter().all(|c| index.binary_search(c).is_ok()));
            prop_assert!(query.matches(folded.text()));
            let hits = query.verify(folded.text()).unwrap();
            let reference = scan(&part, &lines).unwrap();
            prop_assert!(hits.iter().all(|h| reference.contains(h)));
            prop_assert_eq!(hits[0], reference[0]);

            let mut covered = String::new();
            for range in line_ranges(&folded, &hits[..1]) {
                covered.extend(lines[range.line].chars().take(range.end).skip(range.start));
            }
            let covered = fold_text(&covered);
            // A hit may begin or end inside a character that folds to several (㈱): then a little more is marked.
            prop_assert!(covered.contains(&wanted), "{} in {}", wanted, covered);
            prop_assert!(covered.chars().count() <= wanted.chars().count() + 8);
        }
    }

    #[test]
    fn a_search_answers_like_the_scan(lines in page(), query in line()) {
        let Ok(parsed) = Query::parse(&query) else { return Ok(()) };
        let folded = fold_lines(&lines);
        // Terms of one character that were joined are not what the scan does; leave them out.
        prop_assume!(query.split_whitespace().all(|t| fold_text(t).chars().count() != 1));
        prop_assert_eq!(parsed.verify(folded.text()).is_some(), scan(&query, &lines).is_some());
        prop_assert_eq!(parsed.matches(folded.text()), scan(&query, &lines).is_some());
    }

    #[test]
    fn folding_keeps_its_promises(lines in page(), cut in any::<u32>()) {
        let text = lines.join("\n");
        let folded = fold(&text);
        prop_assert_eq!(folded.text(), fold_text(&text));
        prop_assert_eq!(folded.clone().into_text(), fold_lines(&lines).into_text());
        prop_assert_eq!(fold_text(folded.text()), folded.text(), "twice is once");
        let chars: Vec<char> = text.chars().collect();
        let (a, b) = chars.split_at(cut as usize % (chars.len() + 1));
        let parts = fold_text(&a.iter().collect::<String>()) + &fold_text(&b.iter().collect::<String>());
        prop_assert_eq!(parts, folded.text(), "a part folds to a part");
        prop_assert_eq!(folded.map().len(), folded.text().chars().count());
        prop_assert!(folded.map().is_sorted());
        for p in folded.map() {
            prop_assert!(lines[p.line as usize].chars().nth(p.ch as usize).is_some());
        }
    }

    #[test]
    fn a_snippet_shows_the_hit_and_only_text_of_the_page(lines in page(), at in any::<u32>(), width in 1usize..60) {
        let folded = fold_lines(&lines);
        let chars: Vec<char> = folded.text().chars().collect();
        prop_assume!(chars.len() >= 2);
        let at = at as usize % (chars.len() - 1);
        let wanted: String = chars[at..at + 2].iter().collect();
        let hits = Query::parse(&wanted).unwrap().verify(folded.text()).unwrap();
        let parts = snippet(&lines, &folded, &hits, width);
        let shown: String = parts.iter().map(|p| p.text.as_str()).collect();
        prop_assert!(folded.text().contains(&fold_text(&shown)));
        let marked: String = parts.iter().filter(|p| p.hit).map(|p| p.text.as_str()).collect();
        prop_assert!(fold_text(&marked).contains(&wanted), "{} marks {}", shown, marked);
        prop_assert!(parts.iter().all(|p| !p.text.is_empty()));
    }

    #[test]
    fn every_part_of_a_name_and_number_finds_the_person(
        name in "[赵钱孙李单解曾仇尉长乐重欧阳张國華][一二三明華国乐重]{1,3}",
        number in "[0-9]{8,12}",
        start in 0usize..4,
        len in 1usize..5,
    ) {
        let key = key();
        let person = PersonNames { name: &name, numbers: &[&number], ..PersonNames::default() };
        let keys = person_keys(&person, &key);
        prop_assert!(keys.windows(2).all(|w| w[0] < w[1]));
        let found = |typed: &str| {
            let ranges = person_query(typed, &key);
            ranges.iter().any(|(lo, hi)| keys.iter().any(|k| k >= lo && k < hi))
        };
        let part: String = name.chars().skip(start).take(len).collect();
        prop_assert!(part.is_empty() || found(&part));
        prop_assert!(found(&number[..3]) && found(&number) && found(&number[number.len() - 4..]));
        // Each key is a beginning that leads to itself, shortened or not.
        for k in &keys {
            prop_assert!(found(k), "{}", k);
        }
    }
}
