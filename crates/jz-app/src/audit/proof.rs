//! What leaves the machine: 凭证 (receipts), the export of the ledger, requests to a witness
//! and its answers.

use super::{
    checkpoint::{self, Kept, keep_file},
    entry, looks_codes,
    nodes::LogNodes,
    write_checkpoint,
};
use crate::{About, App, Cx, Fail};
use jz_domain::identity::{Action, Object};
use jz_proof::{
    Checkpoint, Note, Opening, Receipt, Signed, Trust, VerifierKey,
    tiles::{self, Content, Tile},
    witness::{self, Answer, Request},
};
use jz_store::ledger;
use std::path::Path;

/// The note that was last cosigned, and the one that a witness was last asked about.
const COSIGNED: &str = "checkpoint.cosigned";
const ASKED: &str = "checkpoint.asked";

/// The ledger does not lead to its own checkpoint.
pub(super) fn broken() -> Fail {
    Fail::refused("ledger.broken", "审计账与检查点对不上，不能出具证明；请立即运行核验，并保留现场。")
}

/// The signed checkpoint that covers at least so many entries; a new one if need be.
fn covering(app: &App, size: u64) -> Result<(Checkpoint, Note), Fail> {
    write_checkpoint(app)?;
    let kept = checkpoint::read(app).map_err(|zh| Fail::refused("ledger.broken", zh))?;
    match kept {
        Some(Kept { says, note: Some(note) }) if says.size >= size => Ok((says, note)),
        _ => Err(broken()),
    }
}

/// The checkpoint as it is now, for taking along.
pub fn current(app: &App) -> Result<(Checkpoint, Note), Fail> {
    covering(app, 0)
}

/// The note that a witness cosigned last.
pub(super) fn cosigned(app: &App) -> Option<(Checkpoint, Note)> {
    let note = Note::parse(&std::fs::read_to_string(app.dir.join(COSIGNED)).ok()?).ok()?;
    let (says, _) = Checkpoint::open(&note, app.log_keys.as_ref()?.public()).ok()?;
    Some((says, note))
}

/// A receipt, checked before it is handed out.
fn receipt(app: &App, e: &ledger::Entry, opening: Opening) -> Result<String, Fail> {
    let index = e.seq as u64;
    // One that others signed too is worth more.
    let (says, note) = match cosigned(app).filter(|(says, _)| says.size > index) {
        Some(found) => found,
        None => covering(app, index + 1)?,
    };
    let nodes = LogNodes::new(app, says.size)?;
    let made = Receipt::new(opening, index, &nodes, note).map_err(|_| broken())?;
    let logs = app.log_keys.as_ref().map(|l| l.public().to_vec()).unwrap_or_default();
    made.verify(&Trust { logs, ..Trust::default() }, None).map_err(|_| broken())?;
    Ok(made.to_string())
}

fn entry_at(app: &App, seq: u64) -> Result<ledger::Entry, Fail> {
    let seq = i64::try_from(seq).map_err(|_| Fail::NotFound)?;
    let found = app.store.read(|db| Ok::<_, Fail>(ledger::from(db, seq, 1)?))?;
    found.into_iter().next().filter(|e| e.seq == seq).ok_or(Fail::NotFound)
}

/// A receipt leaves the house, so the ledger knows of it first.
fn taken(cx: &Cx<'_>, action: Action, about: &About) -> Result<(), Fail> {
    cx.look(action, about, Some("下载凭证"), |_| Ok(()))
}

/// A receipt for a look at a person's file, with its stated purpose. The caller has
/// weighed the right to know of the looks.
pub(crate) fn look_receipt(cx: &Cx<'_>, person: &About, seq: u64) -> Result<String, Fail> {
    let app = cx.app;
    let e = entry_at(app, seq).map_err(|e| match e {
        Fail::NotFound => Fail::refused("ledger.no-look", "查阅记录中没有这一条。"),
        other => other,
    })?;
    if e.subject != person.subject || !looks_codes().any(|code| code == e.action) {
        return Err(Fail::refused("ledger.no-look", "查阅记录中没有这一条。"));
    }
    taken(cx, Action::PersonLooks, person)?;
    let detail = entry::detail_bytes(&app.keys, &e)?;
    let opening = Opening::new(&e.leaf, e.salt.as_deref(), detail.as_deref().map(Vec::as_slice));
    receipt(app, &e, opening.ok_or_else(broken)?)
}

/// A receipt for any line, without its detail: the auditor proves that something was done,
/// not what the file says.
pub fn line_receipt(cx: &Cx<'_>, seq: u64) -> Result<String, Fail> {
    cx.allow(Action::LedgerRead, &Object::default())?;
    let e = entry_at(cx.app, seq)?;
    taken(cx, Action::LedgerRead, &About::default())?;
    let opening = Opening::new(&e.leaf, None, None);
    receipt(cx.app, &e, opening.ok_or_else(broken)?)
}

/// The page that checks receipts offline, with the keys of this log filled in.
pub fn offline_page(app: &App) -> String {
    jz_proof::page::page_with(app.log_keys.as_ref().map_or(&[], |l| l.public()))
}

/// Keys of this log as lines of text, with a heading for people.
pub fn keys_text(app: &App) -> String {
    let keys: Vec<String> =
        app.log_keys.iter().flat_map(super::LogKeys::public).map(|k| format!("{k}\n")).collect();
    format!("# 审计账的公钥（Ed25519、SM2）。请另存纸质一份，核对凭证时以纸质为准。\n{}", keys.concat())
}

/// The ledger as a folder of tiles (C2SP tlog-tiles), with its checkpoint and keys; the
/// checkpoint comes last, so a folder that has one is whole. Answers the size.
pub fn export(app: &App, to: &Path) -> Result<u64, Fail> {
    let (says, note) = current(app)?;
    let nodes = LogNodes::new(app, says.size)?;
    if jz_proof::tree::root::<sha2::Sha256>(&nodes, says.size) != Ok(says.root) {
        return Err(broken());
    }
    std::fs::create_dir_all(to)?;
    for tile in Tile::added(0, says.size) {
        let bytes = match tile.content {
            Content::Hashes(level) => tiles::hashes(&nodes, level, &tile),
            Content::Entries => {
                let (from, count) = (tile.entries().start as i64, i64::from(tile.width));
                let part = app.store.read(|db| Ok::<_, Fail>(ledger::leaves(db, from, count)?))?;
                tiles::bundle(part.into_iter().map(|(_, leaf)| leaf))
            }
        };
        let path = to.join(tile.path());
        path.parent().map_or(Ok(()), std::fs::create_dir_all)?;
        std::fs::write(path, bytes.map_err(|e| Fail::machine("writing a tile", e))?)?;
    }
    std::fs::write(to.join("keys.txt"), keys_text(app))?;
    std::fs::write(to.join("checkpoint"), note.to_string())?;
    Ok(says.size)
}

/// A request to the witness: the current checkpoint, and the proof that it continues what
/// the witness saw last: `from`, or else the checkpoint that it cosigned last.
pub fn witness_request(app: &App, from: Option<u64>) -> Result<String, Fail> {
    let (says, note) = current(app)?;
    let old = from.unwrap_or_else(|| cosigned(app).map_or(0, |(says, _)| says.size));
    let nodes = LogNodes::new(app, says.size)?;
    let request = Request::new(&nodes, old, note).map_err(|_| {
        Fail::refused("witness.from", format!("不能证明从第 {old} 条起的延续：审计账只有 {} 条。", says.size))
    })?;
    // The answer may come back days later, when the checkpoint has long moved on.
    keep_file(&app.dir, ASKED, request.note.to_string().as_bytes())?;
    Ok(request.to_string())
}

/// Takes the answer of a witness in; `trusted` are the keys of witnesses as a list.
pub fn adopt_cosignature(app: &App, answer: &str, trusted: &[VerifierKey]) -> Result<Vec<Signed>, Fail> {
    let unreadable = || Fail::refused("witness.answer", "这不是见证方的回件，或文件已损坏。");
    let lines = match Answer::parse(answer).map_err(|_| unreadable())? {
        Answer::Cosigned(lines) => lines,
        Answer::Refused { code, seen } => return Err(refused(&code, seen)),
    };
    let asked = std::fs::read_to_string(app.dir.join(ASKED)).ok().and_then(|text| Note::parse(&text).ok());
    let mut note = asked.ok_or_else(|| {
        Fail::refused(
            "witness.not-asked",
            "没有等待回件的见证请求；请先运行 juanzong export witness-request。",
        )
    })?;
    let held = witness::adopt(&mut note, lines.as_slice(), trusted).map_err(|_| {
        Fail::refused(
            "witness.signature",
            "回件中的签名不成立：不是可信见证方所签，或不是对最近一次请求的回答。",
        )
    })?;
    if held.is_empty() {
        return Err(Fail::refused("witness.signature", "回件中没有可信见证方的签名。"));
    }
    keep_file(&app.dir, ASKED, note.to_string().as_bytes())?;
    keep_file(&app.dir, COSIGNED, note.to_string().as_bytes())?;
    Ok(held)
}

fn refused(code: &str, seen: Option<u64>) -> Fail {
    let seen = seen.map(|n| n.to_string()).unwrap_or_default();
    Fail::refused(
        "witness.refused",
        match code {
            "other-start" => format!("见证方上次见到的是 {seen} 条；请用 --from {seen} 重新导出请求。"),
            "rollback" | "other-root" | "fork" => {
                format!(
                    "见证方拒绝见证：审计账与它上次见到的 {seen} 条不相接，账可能被改动或换成旧副本。请保留双方文件并立即核查。"
                )
            }
            "unknown-log" => "见证方不认识本系统的审计账；请先把公钥交给对方登记。".to_owned(),
            "bad-signature" => "见证方登记的公钥与本系统不符。".to_owned(),
            "memory" => "见证方保存的检查点被改动过，须由对方先查明。".to_owned(),
            _ => "见证方不能读取请求。".to_owned(),
        },
    )
}
