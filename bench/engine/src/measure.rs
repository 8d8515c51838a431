//! Runs requests and compares.

use crate::{
    build::{Orgs, Texts},
    cpu,
};
use jz_app::{App, Cx, Fail, member, search};
use jz_domain::{
    Id,
    identity::{Actor, Grant, Role},
    org::Span,
};
use std::path::Path;

fn actor<'a>(app: &'a App, span: Span) -> Cx<'a> {
    Cx {
        app,
        actor: Actor { account: Id(1), person: None, grants: vec![Grant { role: Role::OrgOfficer, span }] },
        login: "bench".into(),
        session: "bench".into(),
        addr: String::new(),
        now: app.now(),
        system: false,
    }
}

/// Median and 95th percentile, in milliseconds.
fn report(what: &str, mut took: Vec<f64>) {
    took.sort_by(f64::total_cmp);
    let at = |q: f64| took.get(((took.len() as f64 - 1.0) * q) as usize).copied().unwrap_or(0.0) * 1e3;
    println!(
        "{what:48} p50 {:7.3} ms  p95 {:7.3} ms  max {:7.3} ms  ({})",
        at(0.5),
        at(0.95),
        at(1.0),
        took.len()
    );
}

fn scopes(orgs: &Orgs) -> Vec<(&'static str, Span)> {
    let branch = orgs.branches.get(500).map_or(orgs.top, |b| b.span);
    vec![("100 %", orgs.top), ("5 %", orgs.college), ("0.1 %", branch)]
}

/// What is typed to find a person.
type Spelling = fn(&jz_demo::Person) -> String;

/// Lists and look-ups.
pub fn people(app: &App, orgs: &Orgs, n: usize) -> Result<(), Fail> {
    for (name, span) in scopes(orgs) {
        let cx = actor(app, span);
        for stage in [None, Some("5")] {
            let mut took = Vec::new();
            let mut after = None;
            for _ in 0..200 {
                let q = member::ListQuery { stage: stage.map(str::to_owned), after, ..Default::default() };
                let start = cpu();
                let found = member::list(&cx, &q)?;
                took.push(cpu() - start);
                after = found.next;
            }
            report(&format!("list of 50, scope {name}, stage {stage:?}"), took);
        }
    }
    let sample: Vec<_> = jz_demo::people(n, 7).step_by((n / 300).max(1)).collect();
    for (name, span) in scopes(orgs) {
        let cx = actor(app, span);
        let kinds: [(&str, Spelling); 3] = [
            ("name", |p| p.name.clone()),
            ("given name", |p| p.name.chars().skip(1).collect()),
            ("number tail", |p| p.no.chars().skip(p.no.len().saturating_sub(4)).collect()),
        ];
        for (kind, of) in kinds {
            let mut took = Vec::new();
            for p in &sample {
                let q = member::ListQuery { q: Some(of(p)), limit: Some(20), ..Default::default() };
                let start = cpu();
                member::list(&cx, &q)?;
                took.push(cpu() - start);
            }
            report(&format!("people by {kind}, scope {name}"), took);
        }
        for (kind, text) in [("全拼", "zhangwei"), ("首字母", "zw"), ("首字母", "lxh"), ("全拼", "chenjing")]
        {
            let mut took = Vec::new();
            for _ in 0..50 {
                let q = member::ListQuery { q: Some(text.into()), limit: Some(20), ..Default::default() };
                let start = cpu();
                member::list(&cx, &q)?;
                took.push(cpu() - start);
            }
            report(&format!("people by {kind} {text}, scope {name}"), took);
        }
    }
    Ok(())
}

/// Queries cut out of the texts, and phrases that are everywhere.
fn queries(texts: &Texts) -> Vec<(String, Vec<String>)> {
    let mut out = Vec::new();
    for len in [2usize, 3, 4, 8] {
        let cut = |i: usize| {
            let (_, _, t) = texts.get(i * 7919 % texts.len())?;
            let chars: Vec<char> = t.chars().collect();
            let at = (i * 31) % chars.len().saturating_sub(len).max(1);
            Some(chars.iter().skip(at).take(len).collect::<String>())
        };
        out.push((
            format!("{len} characters"),
            (0..40).filter_map(cut).filter(|q| q.chars().count() == len).collect(),
        ));
    }
    let common = ["入党", "同志", "支部大会", "中国共产党", "思想汇报", "全心全意为人民服务"];
    out.push(("common phrases".into(), common.map(str::to_owned).to_vec()));
    out
}

/// Searches in page texts; `false` when an answer differs from the scan.
pub fn pages(app: &App, orgs: &Orgs, texts: &Texts) -> Result<bool, Fail> {
    let bytes: usize = texts.iter().map(|t| t.2.len()).sum();
    let index = app.store.read(|db| {
        Ok::<_, Fail>(if db.is_sqlite() {
            db.count("select sum(length(block)) from page_fts_data", &[])?
        } else {
            0
        })
    })?;
    println!(
        "index {:.2} x the text ({} bytes a page)",
        index as f64 / bytes as f64,
        index as usize / texts.len()
    );
    let mut wrong = 0;
    for (name, span) in scopes(orgs) {
        let cx = actor(app, span);
        for (class, list) in queries(texts) {
            let mut took = Vec::new();
            for text in &list {
                let q =
                    search::SearchQuery { q: text.clone(), kind: Some("page".into()), ..Default::default() };
                search::search(&cx, &q)?;
                let start = cpu();
                let found = search::search(&cx, &q)?;
                took.push(cpu() - start);
                let mut truth: Vec<Id> = texts
                    .iter()
                    .filter(|t| span.holds(t.1) && t.2.contains(text.as_str()))
                    .map(|t| t.0)
                    .collect();
                truth.sort_unstable_by(|a, b| b.cmp(a));
                let shown: Vec<Id> = found.hits.iter().map(|h| h.id).collect();
                let count = truth.len().min(100) as i64;
                if shown[..] != truth[..shown.len().min(truth.len())] || found.total != count {
                    wrong += 1;
                }
            }
            report(&format!("pages, {class}, scope {name}"), took);
        }
    }
    println!("{wrong} answers differ from the scan");
    Ok(wrong == 0)
}

/// Opening the installation again.
pub fn cold_start(data: &Path) -> Result<(), Fail> {
    let (start, wall) = (cpu(), std::time::Instant::now());
    let app = App::open(data)?;
    println!("cold start: {:.3} s CPU, {:.3} s wall", cpu() - start, wall.elapsed().as_secs_f64());
    drop(app);
    Ok(())
}
