//! Fills an installation through the repositories, as imports and recognition would.

use crate::cpu;
use jz_app::{App, Fail};
use jz_domain::{Id, Millis, org::Span};
use jz_imaging::ocr::{Char, Line, PageText, Quad};
use jz_search::{PersonNames, Scope, codes, fold_lines, person_keys, scope_code};
use jz_store::{CodeTable, org, page, person, volume};
use std::io::Write as _;

/// One branch and the numbers above it.
pub struct Branch {
    /// Id.
    pub id: Id,
    /// Its numbers.
    pub span: Span,
    /// Numbers from the top down.
    pub above: Vec<i64>,
}

/// The tree: a school, 20 colleges, 50 branches each.
pub struct Orgs {
    /// Top.
    pub top: Span,
    /// A tenth of the school: two colleges' worth is not a subtree, so one college (5 %).
    pub college: Span,
    /// All branches.
    pub branches: Vec<Branch>,
}

fn place(id: i64, parent: Option<i64>, kind: &str, name: String, span: Span, extra: Vec<u8>) -> org::Org {
    org::Org {
        id: Id(id),
        parent: parent.map(Id),
        kind: kind.into(),
        full_name: name.clone(),
        short_name: name,
        span,
        state: "active".into(),
        extra,
        version: 1,
    }
}

/// Makes the tree.
pub fn orgs(app: &App) -> Result<Orgs, Fail> {
    let extra = app.keys.seal_field("org.extra", b"{}")?;
    app.store.write(|db| {
        org::insert(db, &place(1, None, "XDW", "测试大学党委".into(), Span::ALL, extra.clone()))?;
        let mut branches = Vec::new();
        let mut college = Span::ALL;
        for c in 0..20i64 {
            let span = Span { lo: 1_000_000 * (c + 1), hi: 1_000_000 * (c + 1) + 999_999 };
            college = span;
            org::insert(db, &place(100 + c, Some(1), "EJDW", format!("第{c}学院党委"), span, extra.clone()))?;
            for b in 0..50i64 {
                let s = Span { lo: span.lo + 1 + b * 10_000, hi: span.lo + (b + 1) * 10_000 };
                let id = 10_000 + c * 50 + b;
                org::insert(
                    db,
                    &place(id, Some(100 + c), "ZB", format!("第{c}学院第{b}支部"), s, extra.clone()),
                )?;
                branches.push(Branch { id: Id(id), span: s, above: vec![1, span.lo, s.lo] });
            }
        }
        Ok(Orgs { top: Span::ALL, college, branches })
    })
}

/// Makes people; answers CPU seconds.
pub fn people(app: &App, orgs: &Orgs, n: usize) -> Result<f64, Fail> {
    let detail = app.keys.seal_field("person.detail", b"{}")?;
    let start = cpu();
    let mut source = jz_demo::people(n, 7).enumerate().peekable();
    while source.peek().is_some() {
        app.store.write(|db| {
            for (i, p) in source.by_ref().take(50_000) {
                let Some(b) = orgs.branches.get(i * 7 % orgs.branches.len()) else { continue };
                let id = Id(1_000_000_000 + i as i64);
                let (name, numbers) = (p.name.as_str(), [p.no.as_str()]);
                let names = PersonNames { name, former: &[], numbers: &numbers, id_no: Some(&p.id) };
                let keys = person_keys(&names, app.search_key());
                let row = person::Person {
                    id,
                    org: b.id,
                    org_no: b.span.lo,
                    name: p.name.clone(),
                    former_name: None,
                    sex: "1".into(),
                    birth: Some(p.birth.to_string()),
                    number: Some(p.no.clone()),
                    id_enc: Some(app.keys.seal_field("person.id_no", p.id.as_bytes())?),
                    // Demo numbers repeat at this size; the key must not.
                    id_key: Some((i as u64).to_be_bytes().to_vec()),
                    phone_enc: Some(app.keys.seal_field("person.phone", p.tel.as_bytes())?),
                    stage: (i % 6).to_string(),
                    status: None,
                    joined: None,
                    regular: None,
                    detail: detail.clone(),
                    volumes: 0,
                    state: "active".into(),
                    version: 1,
                };
                person::insert(db, &row)?;
                person::put_keys(db, id, b.span.lo, &keys, true)?;
            }
            Ok::<_, Fail>(())
        })?;
        app.store.checkpoint()?;
    }
    Ok(cpu() - start)
}

/// A page text as recognition would leave it: lines of 28 characters with boxes.
fn reading(text: &str) -> PageText {
    let chars: Vec<char> = text.chars().filter(|c| *c != '\n').collect();
    let lines = chars
        .chunks(28)
        .enumerate()
        .map(|(i, part)| {
            let y = 200.0 + i as f32 * 80.0;
            let end = 200.0 + part.len() as f32 * 60.0;
            Line {
                text: part.iter().collect(),
                conf: 0.99,
                bounds: [200.0, y, end, y + 60.0],
                quad: Quad([200.0, y, end, y, end, y + 60.0, 200.0, y + 60.0]),
                chars: part
                    .iter()
                    .enumerate()
                    .map(|(k, c)| Char(*c, k as f32 * 60.0, k as f32 * 60.0 + 60.0, 0.99))
                    .collect(),
            }
        })
        .collect();
    PageText { w: 2480, h: 3508, upside_down: false, lines }
}

/// What the scan compares with: page, organisation number, folded text.
pub type Texts = Vec<(Id, i64, String)>;

/// Makes pages, ninety a person; answers CPU seconds and the folded texts.
pub fn pages(app: &App, orgs: &Orgs, n: usize) -> Result<(f64, Texts), Fail> {
    let start = cpu();
    let mut texts = Vec::with_capacity(n);
    let sealed = |label: &str, bytes: &[u8]| app.keys.seal_field(label, bytes);
    let source = sealed("page.source", b"bench")?;
    let detail = sealed("person.detail", b"{}")?;
    let mut corpus = jz_demo::text_corpus(n, 11).enumerate().peekable();
    while corpus.peek().is_some() {
        app.store.write(|db| {
            for (i, text) in corpus.by_ref().take(20_000) {
                let who = i / 90;
                let Some(b) = orgs.branches.get(who * 7 % orgs.branches.len()) else { continue };
                let ids = (
                    Id(3_000_000_000 + who as i64),
                    Id(4_000_000_000 + who as i64),
                    Id(5_000_000_000 + who as i64),
                );
                if i % 90 == 0 {
                    owner(db, ids, b, &detail)?;
                }
                let p = page::Page {
                    id: Id(6_000_000_000 + i as i64),
                    volume: ids.1,
                    material: ids.2,
                    person: ids.0,
                    org_no: b.span.lo,
                    no: (i % 90) as i64 + 1,
                    object: vec![0; 32],
                    source: source.clone(),
                    format: "jpeg".into(),
                    w: 2480,
                    h: 3508,
                    dpi: Some(300),
                    facts: "{}".into(),
                    ocr: "done".into(),
                    confidence: Some(0.99),
                    text_rev: 1,
                    state: "active".into(),
                };
                let read = reading(&text);
                let folded = fold_lines(read.lines.iter().map(|l| l.text.as_str())).into_text();
                let json = serde_json::to_vec(&read).map_err(|e| Fail::machine("JSON", e))?;
                let mut packed = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::new(1));
                packed.write_all(&json)?;
                page::put(db, &p)?;
                page::put_reading(
                    db,
                    &page::Reading {
                        page: p.id,
                        rev: 1,
                        kind: "machine".into(),
                        at: Millis(1),
                        actor: None,
                        lines: sealed("page_text.lines", &packed.finish()?)?,
                        folded: sealed("page_text.folded", folded.as_bytes())?,
                    },
                )?;
                let key = app.search_key();
                let mut all = codes(&folded, key);
                all.extend(b.above.iter().map(|lo| scope_code(Scope::Unit(*lo), key)));
                all.push(scope_code(Scope::Person(ids.0.0), key));
                all.push(scope_code(Scope::Volume(ids.1.0), key));
                db.put_codes(CodeTable::Page, p.id, &all)?;
                texts.push((p.id, b.span.lo, folded));
            }
            Ok::<_, Fail>(())
        })?;
        app.store.checkpoint()?;
    }
    // What the server does when it has nothing else to do.
    app.store.join_codes(|| true)?;
    app.store.checkpoint()?;
    Ok((cpu() - start, texts))
}

fn owner(db: &mut jz_store::Db<'_>, ids: (Id, Id, Id), b: &Branch, detail: &[u8]) -> Result<(), Fail> {
    person::insert(
        db,
        &person::Person {
            id: ids.0,
            org: b.id,
            org_no: b.span.lo,
            name: "示例人".into(),
            former_name: None,
            sex: "1".into(),
            birth: None,
            number: None,
            id_enc: None,
            id_key: None,
            phone_enc: None,
            stage: "5".into(),
            status: None,
            joined: None,
            regular: None,
            detail: detail.to_vec(),
            volumes: 1,
            state: "active".into(),
            version: 1,
        },
    )?;
    volume::insert(
        db,
        &volume::Volume {
            id: ids.1,
            no: format!("A001-RS-{}", ids.1),
            person: ids.0,
            org_no: b.span.lo,
            scheme: "CADRE-2018".into(),
            secrecy: "1".into(),
            state: "active".into(),
            rev: 1,
            materials: 1,
            pages: 90,
            made: Millis(1),
        },
    )?;
    volume::put_material(
        db,
        &volume::Material {
            id: ids.2,
            volume: ids.1,
            class_code: "1".into(),
            seq: 1,
            title: "干部履历表".into(),
            formed: None,
            page_count: None,
            copies: 1,
            remark: String::new(),
            removed: None,
            org_no: b.span.lo,
        },
    )?;
    Ok(())
}
