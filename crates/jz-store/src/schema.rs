//! Migrations: numbered texts, one for both engines, applied once and remembered with
//! their digest. A text that was applied must never change: start refuses then.

use crate::{Store, StoreError, db::Db, vals};
use sha2::{Digest, Sha256};

/// All migrations, in order.
const MIGRATIONS: &[(&str, &str)] = &[
    ("0001_base", include_str!("../migrations/0001_base.sql")),
    ("0002_plans", include_str!("../migrations/0002_plans.sql")),
];

const CREATE: &str = "create table if not exists migration (name text primary key, digest text not null)";
const DONE: &str = "select name, digest from migration order by name";
const REMEMBER: &str = "insert into migration(name, digest) values (?1, ?2)";

/// Fills in what the engines spell differently.
fn dialect(text: &str, sqlite: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        let line = match (line.strip_prefix("{sqlite}"), line.strip_prefix("{pg}")) {
            (Some(l), _) if sqlite => l,
            (_, Some(l)) if !sqlite => l,
            (None, None) => line,
            _ => continue,
        };
        out.push_str(line);
        out.push('\n');
    }
    let (text, nr) = if sqlite { ("text", " without rowid") } else { ("text collate \"C\"", "") };
    out.replace("{text}", text).replace("{nr}", nr)
}

fn digest(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().fold(String::new(), |mut s, b| {
        use std::fmt::Write as _;
        // Writing to a String cannot fail.
        let _ = write!(s, "{b:02x}");
        s
    })
}

pub(crate) fn migrate(store: &Store) -> Result<(), StoreError> {
    let missing = store.read(|db: &mut Db<'_>| pending(db)).unwrap_or(true);
    if !missing {
        return Ok(());
    }
    store.write(|db| {
        db.batch(CREATE)?;
        let done = db.query(DONE, &[], |r| Ok((r.text(0)?, r.text(1)?)))?;
        for (name, text) in MIGRATIONS {
            match done.iter().find(|(n, _)| n == name) {
                Some((_, d)) if *d == digest(text) => {}
                Some(_) => {
                    return Err(StoreError::Setup(format!(
                        "数据库升级步骤 {name} 与本程序不一致：数据可能由其他版本建立，请使用对应版本打开。"
                    )));
                }
                None => {
                    let sqlite = db.is_sqlite();
                    db.batch(&dialect(text, sqlite))?;
                    let d = digest(text);
                    db.exec(REMEMBER, vals![*name, &d])?;
                }
            }
        }
        Ok(())
    })
}

fn pending(db: &mut Db<'_>) -> Result<bool, StoreError> {
    let done = db.query(DONE, &[], |r| Ok((r.text(0)?, r.text(1)?)))?;
    Ok(MIGRATIONS.iter().any(|(n, t)| !done.iter().any(|(m, d)| m == n && *d == digest(t))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_text_becomes_two_dialects() {
        let t = "create table a (b {text}){nr};\n{sqlite}only sqlite\n{pg}only pg\n";
        assert_eq!(dialect(t, true), "create table a (b text) without rowid;\nonly sqlite\n");
        assert_eq!(dialect(t, false), "create table a (b text collate \"C\");\nonly pg\n");
    }
}
