//! Recomputes everything and says what does not fit, by table and record.

use super::{checkpoint, edges::Edges, entry};
use crate::{App, Fail};
use jz_domain::Id;
use jz_proof::{Checkpoint, Hash, Note};
use jz_store::{account, ledger, object, org, page, person, volume};
use serde::Serialize;
use std::collections::BTreeMap;

/// One thing that does not fit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Finding {
    /// Table or place.
    pub place: String,
    /// Which record, by its number or digest; never personal data.
    pub record: String,
    /// Stable code.
    pub code: &'static str,
    /// Sentence.
    pub message: String,
}

/// What was checked and what was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Report {
    /// Nothing was found.
    pub ok: bool,
    /// All findings, up to a bound per place.
    pub findings: Vec<Finding>,
    /// How many records of each place were checked.
    pub checked: BTreeMap<&'static str, u64>,
    /// Root of the ledger, recomputed, as hex.
    pub root: String,
    /// Number of ledger entries.
    pub size: u64,
}

const SLICE: i64 = 2_000;

struct Run<'a> {
    app: &'a App,
    findings: Vec<Finding>,
    checked: BTreeMap<&'static str, u64>,
    /// A checkpoint that was kept elsewhere.
    outside: Option<Checkpoint>,
}

impl Run<'_> {
    fn found(&mut self, place: &str, record: impl ToString, code: &'static str, message: impl Into<String>) {
        self.findings.push(Finding {
            place: place.into(),
            record: record.to_string(),
            code,
            message: message.into(),
        });
    }

    fn count(&mut self, place: &'static str, n: usize) {
        *self.checked.entry(place).or_default() += n as u64;
    }

    fn row(&mut self, place: &'static str, id: Id, fits: bool) {
        if !fits {
            self.found(place, id, "row-changed", "这一行与其校验值不符：有人绕过程序改动过，请从备份核对。");
        }
    }

    /// The checkpoint outside the database: read, and its signatures checked.
    fn checkpoint(&mut self) -> Option<Checkpoint> {
        match checkpoint::read(self.app) {
            Ok(Some(kept)) => {
                self.count("checkpoint", 1);
                Some(kept.says)
            }
            Ok(None) => None,
            Err(reason) => {
                self.found("checkpoint", "", "checkpoint-unreadable", reason);
                None
            }
        }
    }

    fn ledger(&mut self) -> Result<(Hash, u64), Fail> {
        let mut edges = Edges::default();
        let kept = self.checkpoint();
        let anchors: Vec<(&'static str, Checkpoint)> = kept
            .clone()
            .map(|c| ("checkpoint", c))
            .into_iter()
            .chain(super::proof::cosigned(self.app).map(|(c, _)| ("cosigned", c)))
            .chain(self.outside.take().map(|c| ("outside", c)))
            .collect();
        let mut seq = 0i64;
        loop {
            let part = self.app.store.read(|db| Ok::<_, Fail>(ledger::from(db, seq, SLICE)?))?;
            if part.is_empty() {
                break;
            }
            self.count("ledger", part.len());
            for e in part {
                if e.seq != seq {
                    self.found("ledger", seq, "entry-missing", "审计账缺少条目，或条目编号被改动。");
                    seq = e.seq;
                }
                if !entry::row_fits(&self.app.keys, &e) {
                    self.found("ledger", e.seq, "entry-changed", "审计条目与其哈希内容不符，条目被改动过。");
                }
                self.against(&anchors, &edges);
                edges.push(&e.leaf);
                seq += 1;
            }
        }
        self.against(&anchors, &edges);
        if anchors.iter().any(|(_, c)| c.size > edges.size()) {
            self.found(
                "ledger",
                edges.size(),
                "ledger-short",
                "审计账比检查点短：数据库被截断，或换成了较旧的副本。",
            );
        }
        match &kept {
            None if edges.size() > 0 && self.findings.iter().all(|f| f.place != "checkpoint") => self.found(
                "checkpoint",
                "",
                "checkpoint-missing",
                "检查点文件不见了，无法确认审计账是否完整。",
            ),
            _ => {}
        }
        let root = edges.sha.root();
        let (size, edge) = self.app.store.read(|db| Ok::<_, Fail>(ledger::head(db, false)?))?;
        let head = super::Frontier::from_bytes(&edge);
        if size as u64 != edges.size() || head.is_none_or(|f| f.root() != root) {
            self.found("ledger_head", size, "head-changed", "审计账的根与逐条重算的结果不一致。");
        }
        Ok((root, edges.size()))
    }

    /// When the edges have come to the size of a checkpoint, both roots must be its own.
    fn against(&mut self, anchors: &[(&'static str, Checkpoint)], edges: &Edges) {
        for (which, c) in anchors.iter().filter(|(_, c)| c.size == edges.size()) {
            if !edges.fit(c) {
                let zh = "审计账与检查点不一致：检查点之前的条目被改动过。";
                self.found("ledger", format!("{which} {}", c.size), "checkpoint-mismatch", zh);
            }
        }
    }

    /// A checkpoint from outside must be one of this log.
    fn outside(&mut self, note: &Note) {
        let opened = self.app.log_keys.as_ref().map(|log| Checkpoint::open(note, log.public()));
        if let Some(Ok((says, _))) = opened {
            self.outside = Some(says);
        } else {
            let zh = "带来的检查点不是本系统签名的：签名密钥被换过，或文件来自另一个系统。";
            self.found("checkpoint", "outside", "checkpoint-foreign", zh);
        }
    }

    fn slices<T>(
        &mut self,
        place: &'static str,
        read: impl Fn(&mut jz_store::Db<'_>, Id) -> Result<Vec<(T, bool)>, jz_store::StoreError>,
        id: impl Fn(&T) -> Id,
        mut each: impl FnMut(&mut Self, &T) -> Result<(), Fail>,
    ) -> Result<(), Fail> {
        let mut after = Id(0);
        loop {
            let part = self.app.store.read(|db| Ok::<_, Fail>(read(db, after)?))?;
            let Some(last) = part.last() else { return Ok(()) };
            after = id(&last.0);
            self.count(place, part.len());
            for (value, fits) in &part {
                self.row(place, id(value), *fits);
                each(self, value)?;
            }
        }
    }

    fn rows(&mut self) -> Result<(), Fail> {
        let (n, bad) = self.app.store.read(|db| Ok::<_, Fail>(org::misfits(db)?))?;
        self.count("org", n as usize);
        for id in bad {
            self.row("org", id, false);
        }
        let (n, bad) = self.app.store.read(|db| Ok::<_, Fail>(account::misfits(db)?))?;
        self.count("account", n as usize);
        for (table, id) in bad {
            self.row(table, id, false);
        }
        self.slices("person", |db, a| person::checked(db, a, SLICE), |p| p.id, |_, _| Ok(()))?;
        self.slices("volume", |db, a| volume::checked(db, a, SLICE), |v| v.id, |_, _| Ok(()))?;
        self.slices("material", |db, a| volume::checked_materials(db, a, SLICE), |m| m.id, |_, _| Ok(()))?;
        self.slices(
            "page",
            |db, a| page::checked(db, a, SLICE),
            |p| p.id,
            |run, p| {
                let there = run.app.store.read(|db| Ok::<_, Fail>(object::find(db, &p.object)?))?.is_some();
                if !there {
                    run.found("page", p.id, "object-unknown", "这一页的图像没有登记。");
                }
                if p.text_rev > 0 {
                    run.reading(p)?;
                }
                Ok(())
            },
        )
    }

    fn reading(&mut self, p: &page::Page) -> Result<(), Fail> {
        let found = self.app.store.read(|db| Ok::<_, Fail>(page::reading(db, p.id, p.text_rev)?))?;
        let opens = found.is_some_and(|t| {
            self.app.keys.open_field(crate::seal::LINES, &t.lines).is_ok()
                && self.app.keys.open_field(crate::seal::FOLDED, &t.folded).is_ok()
        });
        if !opens {
            self.found("page_text", p.id, "text-damaged", "这一页的识别文字缺失或被改动。");
        }
        Ok(())
    }

    fn objects(&mut self) -> Result<(), Fail> {
        let mut after: Vec<u8> = Vec::new();
        loop {
            let part = self.app.store.read(|db| Ok::<_, Fail>(object::all(db, &after, 200)?))?;
            let Some(last) = part.last() else { return Ok(()) };
            after.clone_from(&last.sha256);
            self.count("object", part.len());
            for o in part {
                if let Err(e) = crate::objects::verify(self.app, &o) {
                    let code = if matches!(e, jz_blob::Error::Missing(_)) {
                        "object-missing"
                    } else {
                        "object-damaged"
                    };
                    self.found("object", hex::encode(&o.sha256), code, e.zh());
                }
            }
        }
    }
}

/// Recomputes the ledger, the row digests and the digests of all stored objects.
pub fn verify(app: &App) -> Result<Report, Fail> {
    verify_against(app, None)
}

/// The same, and against a checkpoint that had left the machine: this finds also what
/// somebody did who has the database, the folder and all keys.
pub fn verify_against(app: &App, outside: Option<&Note>) -> Result<Report, Fail> {
    let mut run = Run { app, findings: Vec::new(), checked: BTreeMap::new(), outside: None };
    if let Some(note) = outside {
        run.outside(note);
    }
    if let Some(complaint) = app.store.engine_check()? {
        // The engine's sentence names pages and indexes, not contents.
        run.found("database", "", "engine-check", format!("数据库文件自检未通过：{complaint}"));
    }
    let (root, size) = run.ledger()?;
    run.rows()?;
    run.objects()?;
    Ok(Report {
        ok: run.findings.is_empty(),
        findings: run.findings,
        checked: run.checked,
        root: hex::encode(root),
        size,
    })
}
