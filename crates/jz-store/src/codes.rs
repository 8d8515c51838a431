//! The index of search codes: a full-text table on SQLite, arrays on PostgreSQL.

use crate::{Db, StoreError, Val, vals};

/// Pages of the index that one step of joining writes: some tens of milliseconds.
const JOINED: i64 = 500;
const JOIN: &str = "insert into page_fts(page_fts, rank) values ('merge', ?1)";
const PARTS: &str = "with recursive part(n) as (select min(segid) from page_fts_idx
    union all select (select min(segid) from page_fts_idx where segid > n) from part where n is not null)
    select count(n) from part";

impl Db<'_> {
    /// Writes the search codes of a document, replacing older ones.
    ///
    /// `table` is `page_code` or `title_code`.
    pub fn put_codes(
        &mut self,
        table: CodeTable,
        id: jz_domain::Id,
        codes: &[u32],
    ) -> Result<(), StoreError> {
        if self.is_sqlite() {
            let mut text = String::with_capacity(codes.len() * 7);
            for c in codes {
                push_code(&mut text, *c);
                text.push(' ');
            }
            self.exec(table.sqlite_delete(), vals![id])?;
            self.exec(table.sqlite_insert(), vals![id, &text])?;
        } else {
            let signed: Vec<i32> = codes.iter().map(|c| *c as i32).collect();
            self.exec(table.pg_upsert(), &[Val::from(id), Val::Codes(&signed)])?;
        }
        Ok(())
    }

    /// Of how many parts the index of pages consists; a search asks each of them. 1 on PostgreSQL.
    pub fn code_parts(&mut self) -> Result<i64, StoreError> {
        if self.is_sqlite() { self.count(PARTS, &[]) } else { Ok(1) }
    }

    /// Joins some parts of the index; `begin` starts over with all of them. Answers whether
    /// there is more to do.
    pub fn join_codes(&mut self, begin: bool) -> Result<bool, StoreError> {
        if !self.is_sqlite() {
            return Ok(false);
        }
        let before = self.count("select total_changes()", &[])?;
        self.exec(JOIN, vals![if begin { -JOINED } else { JOINED }])?;
        // By the engine's own word: fewer than two changes mean that nothing was done.
        Ok(self.count("select total_changes()", &[])? - before >= 2)
    }

    /// Takes a document out of the index.
    pub fn drop_codes(&mut self, table: CodeTable, id: jz_domain::Id) -> Result<(), StoreError> {
        let sql = if self.is_sqlite() { table.sqlite_delete() } else { table.pg_delete() };
        self.exec(sql, vals![id]).map(drop)
    }

    /// Candidates that hold all `all` codes and, when `any` is not empty, one of `any`,
    /// newest first, with an id below `before`. `each` answers whether to go on.
    pub fn find_codes<E: From<StoreError>>(
        &mut self,
        table: CodeTable,
        all: &[u32],
        any: &[u32],
        before: jz_domain::Id,
        limit: i64,
        mut each: impl FnMut(jz_domain::Id) -> Result<bool, E>,
    ) -> Result<(), E> {
        if self.is_sqlite() {
            let mut q = String::new();
            for (i, c) in all.iter().enumerate() {
                if i > 0 {
                    q.push_str(" AND ");
                }
                push_code(&mut q, *c);
            }
            if !any.is_empty() {
                q.push_str(" AND (");
                for (i, c) in any.iter().enumerate() {
                    if i > 0 {
                        q.push_str(" OR ");
                    }
                    push_code(&mut q, *c);
                }
                q.push(')');
            }
            self.walk(table.sqlite_find(), vals![&q, before, limit], |r| each(r.id(0)?))
        } else {
            let all: Vec<i32> = all.iter().map(|c| *c as i32).collect();
            let any: Vec<i32> = any.iter().map(|c| *c as i32).collect();
            let ids = if any.is_empty() {
                let v = &[Val::Codes(&all), Val::from(before), Val::from(limit)];
                self.query(table.pg_find_all(), v, |r| r.id(0))?
            } else {
                let v = &[Val::Codes(&all), Val::from(before), Val::from(limit), Val::Codes(&any)];
                self.query(table.pg_find_any(), v, |r| r.id(0))?
            };
            for id in ids {
                if !each(id)? {
                    break;
                }
            }
            Ok(())
        }
    }
}

/// Which index of search codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeTable {
    /// Text of pages.
    Page,
    /// Titles of materials.
    Title,
}

impl CodeTable {
    fn pick(self, page: &'static str, title: &'static str) -> &'static str {
        if self == Self::Page { page } else { title }
    }
    fn sqlite_delete(self) -> &'static str {
        self.pick("delete from page_fts where rowid = ?1", "delete from title_fts where rowid = ?1")
    }
    fn sqlite_insert(self) -> &'static str {
        self.pick(
            "insert into page_fts(rowid, codes) values (?1, ?2)",
            "insert into title_fts(rowid, codes) values (?1, ?2)",
        )
    }
    fn sqlite_find(self) -> &'static str {
        self.pick(
            "select rowid from page_fts where page_fts match ?1 and rowid < ?2 order by rowid desc limit ?3",
            "select rowid from title_fts where title_fts match ?1 and rowid < ?2 order by rowid desc limit ?3",
        )
    }
    fn pg_upsert(self) -> &'static str {
        self.pick(
            "insert into page_code(id, codes) values (?1, ?2) on conflict (id) do update set codes = excluded.codes",
            "insert into title_code(id, codes) values (?1, ?2) on conflict (id) do update set codes = excluded.codes",
        )
    }
    fn pg_delete(self) -> &'static str {
        self.pick("delete from page_code where id = ?1", "delete from title_code where id = ?1")
    }
    fn pg_find_all(self) -> &'static str {
        self.pick(
            "select id from page_code where codes @> ?1 and id < ?2 order by id desc limit ?3",
            "select id from title_code where codes @> ?1 and id < ?2 order by id desc limit ?3",
        )
    }
    fn pg_find_any(self) -> &'static str {
        self.pick(
            "select id from page_code where codes @> ?1 and codes && ?4 and id < ?2 order by id desc limit ?3",
            "select id from title_code where codes @> ?1 and codes && ?4 and id < ?2 order by id desc limit ?3",
        )
    }
}

/// Six lower-case base-36 characters: one term of the index for a 31-bit code.
fn push_code(out: &mut String, code: u32) {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let mut n = code & 0x7FFF_FFFF;
    let mut term = [b'0'; 6];
    for place in term.iter_mut().rev() {
        *place = DIGITS.get((n % 36) as usize).copied().unwrap_or(b'0');
        n /= 36;
    }
    out.extend(term.iter().map(|b| *b as char));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_fits_its_term() {
        let mut s = String::new();
        push_code(&mut s, 0x7FFF_FFFF);
        assert_eq!(s, "zik0zj");
        s.clear();
        push_code(&mut s, 0);
        assert_eq!(s, "000000");
    }
}
