//! What leaves the machine and comes back: export of the ledger, receipts, the witness.

use super::At;
use crate::output;
use clap::{Args, Subcommand};
use jz_app::{Clock as _, Fail, audit};
use jz_proof::{
    Checkpoint, Cosigner, Note, Signed, Trust, receipt,
    witness::{self, Answer, Request},
};
use std::{
    fs::{File, OpenOptions},
    io::{Read as _, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
};
use zeroize::Zeroizing;

/// Longest file that is read.
const LONGEST: u64 = 1 << 20;

/// Which receipt, and whom to believe.
#[derive(Args)]
pub struct VerifyProof {
    /// 凭证文件（.tlog-proof）
    file: PathBuf,
    /// 可信公钥文件，一行一个；不写则用数据目录中本系统的公钥
    #[arg(long)]
    trust: Option<PathBuf>,
    /// 至少要有几个可信见证方的签名
    #[arg(long, default_value_t = 0)]
    witnesses: usize,
}

/// Where the witness keeps its state, and what it is asked.
#[derive(Args)]
pub struct Witness {
    /// 见证方自己的目录：保存密钥和上次见到的检查点
    #[arg(long)]
    state: PathBuf,
    /// 所见证的审计账的公钥文件，一行一个
    #[arg(long)]
    log_key: PathBuf,
    /// 见证方的名称，第一次运行时写入密钥
    #[arg(long, default_value = "witness")]
    name: String,
    /// 请求文件；不写则只显示见证方的公钥
    request: Option<PathBuf>,
    /// 回件文件
    #[arg(requires = "request")]
    answer: Option<PathBuf>,
}

/// An answer of a witness.
#[derive(Args)]
pub struct Cosignature {
    /// 见证方的回件
    file: PathBuf,
    /// 见证方公钥文件，一行一个
    #[arg(long)]
    witness_key: PathBuf,
}

/// Exports of the ledger.
#[derive(Subcommand)]
pub enum Export {
    /// 审计账（C2SP tlog-tiles 目录，含检查点和公钥）
    Ledger {
        /// 文件夹
        dir: PathBuf,
    },
    /// 给见证方的请求
    WitnessRequest {
        /// 请求文件
        file: PathBuf,
        /// 见证方上次见到的条数；不写则用上次收到的回件
        #[arg(long)]
        from: Option<u64>,
    },
}

fn read(path: &Path) -> Result<String, Fail> {
    let bad = |why: &str| Fail::refused("file.read", format!("{}：{why}", path.display()));
    let file = File::open(path).map_err(|_| bad("不能打开这个文件。"))?;
    let mut text = String::new();
    file.take(LONGEST + 1).read_to_string(&mut text).map_err(|_| bad("不是文本文件。"))?;
    if text.len() as u64 > LONGEST { Err(bad("文件太大。")) } else { Ok(text) }
}

/// Reads a checkpoint that was kept elsewhere.
pub fn read_note(path: &Path) -> Result<Note, Fail> {
    Note::parse(&read(path)?)
        .map_err(|_| Fail::refused("checkpoint.form", format!("{} 不是检查点文件。", path.display())))
}

fn trust(path: &Path) -> Result<Trust, Fail> {
    let found = Trust::parse(&read(path)?)
        .map_err(|n| Fail::refused("trust.line", format!("{}：第 {n} 行不是公钥。", path.display())))?;
    if found.logs.is_empty() && found.witnesses.is_empty() {
        return Err(Fail::refused("trust.empty", format!("{} 中没有公钥。", path.display())));
    }
    Ok(found)
}

fn seconds() -> u64 {
    u64::try_from(jz_app::SystemClock.now().0 / 1000).unwrap_or_default()
}

/// Checks a receipt: 0 when it holds, 1 when not.
pub fn verify_proof(at: &At, c: &VerifyProof) -> Result<ExitCode, Fail> {
    let text = read(&c.file)?;
    let mut trust = match &c.trust {
        Some(path) => trust(path)?,
        None => Trust::parse(&audit::keys_text(&at.open()?)).unwrap_or_default(),
    };
    trust.quorum = c.witnesses;
    let (ok, code, message, shown) = match receipt::verify(&text, &trust, Some(seconds())) {
        Ok(shown) => (true, "ok", "凭证成立。".to_owned(), Some(shown)),
        Err(e) => (false, e.code(), format!("凭证不成立：{}", audit::refused_zh(&e)), None),
    };
    if at.json {
        output::json(&serde_json::json!({
            "ok": ok, "code": code, "message": message,
            "seq": shown.as_ref().map(|s| s.line.seq),
            "at": shown.as_ref().map(|s| s.line.t),
            "action": shown.as_ref().map(|s| &s.line.action),
            "result": shown.as_ref().map(|s| &s.line.result),
            "detail": shown.as_ref().and_then(|s| s.detail.as_ref()),
            "origin": shown.as_ref().map(|s| &s.checkpoint.origin),
            "size": shown.as_ref().map(|s| s.checkpoint.size),
            "witnesses": shown.as_ref().map(|s| names(&s.cosigned)),
        }))?;
    } else {
        output::line(message);
        if let Some(s) = shown {
            let minute = jz_domain::Millis(s.line.t).minute();
            output::line(format!(
                "第 {} 条，{minute}，动作 {}，结果 {}",
                s.line.seq, s.line.action, s.line.result
            ));
            output::line(format!(
                "账 {}，检查点 {} 条，见证 {}",
                s.checkpoint.origin,
                s.checkpoint.size,
                names(&s.cosigned).join("、")
            ));
        }
    }
    Ok(ExitCode::from(u8::from(!ok)))
}

fn names(signed: &[Signed]) -> Vec<String> {
    signed.iter().map(|s| s.name.clone()).collect()
}

/// Writes an export.
pub fn export(at: &At, c: &Export) -> Result<ExitCode, Fail> {
    let app = at.open()?;
    match c {
        Export::Ledger { dir } => {
            let size = audit::export(&app, dir)?;
            if at.json {
                output::json(&serde_json::json!({ "size": size, "dir": dir }))?;
            } else {
                output::line(format!("已导出审计账 {size} 条到 {}", dir.display()));
            }
        }
        Export::WitnessRequest { file, from } => {
            std::fs::write(file, audit::witness_request(&app, *from)?)?;
            if at.json {
                output::json(&serde_json::json!({ "file": file }))?;
            } else {
                output::line(format!(
                    "已写出 {}，请交给见证方；收到回件后运行 juanzong import cosignature。",
                    file.display()
                ));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Takes the answer of a witness in.
pub fn adopt(at: &At, app: &jz_app::App, c: &Cosignature) -> Result<ExitCode, Fail> {
    let held = audit::adopt_cosignature(app, &read(&c.file)?, &trust(&c.witness_key)?.witnesses)?;
    if at.json {
        output::json(&serde_json::json!({ "witnesses": names(&held) }))?;
    } else {
        output::line(format!("已收下见证签名：{}", names(&held).join("、")));
    }
    Ok(ExitCode::SUCCESS)
}

/// The other unit's part: checks that the log continues what was seen, and cosigns.
pub fn witness(at: &At, c: &Witness) -> Result<ExitCode, Fail> {
    std::fs::create_dir_all(&c.state)?;
    // One step at a time: what was seen must be stored before the next request is read.
    let folder = File::open(&c.state)?;
    folder.lock()?;
    let key = witness_key(&c.state, &c.name)?;
    let Some(asked) = &c.request else {
        if at.json {
            output::json(&serde_json::json!({ "key": key.verifier().to_string() }))?;
        } else {
            output::line(key.verifier().to_string());
        }
        return Ok(ExitCode::SUCCESS);
    };
    let answer = c.answer.as_ref().ok_or_else(|| Fail::refused("witness.where", "请写明回件文件。"))?;
    let logs = trust(&c.log_key)?.logs;
    let request = Request::parse(&read(asked)?)
        .map_err(|_| Fail::refused("witness.request", "这不是见证请求，或文件已损坏。"))?;
    let origin = Checkpoint::parse(request.note.text()).map(|says| says.origin).unwrap_or_default();
    // Only the names of known logs become names of files.
    let seen = format!("{}.seen", hex::encode(&origin));
    let place = c.state.join(&seen);
    let known = logs.iter().any(|k| k.name() == origin);
    let kept = if known && place.exists() {
        let note = Note::parse(&read(&place)?);
        Some(note.map_err(|_| Fail::refused("witness.memory", "见证方保存的检查点已损坏，须先查明。"))?)
    } else {
        None
    };
    let outcome = witness::step(&key, &logs, kept.as_ref(), &request, seconds());
    if let Ok(accepted) = &outcome {
        audit::keep_file(&c.state, &seen, accepted.keep.to_string().as_bytes())?;
    }
    std::fs::write(answer, Answer::new(&outcome).to_string())?;
    let (code, zh) = match &outcome {
        Ok(_) => ("ok", "已见证：审计账延续了上次见到的内容。".to_owned()),
        Err(e) if e.is_alarm() => (
            e.code(),
            "拒绝见证：审计账与上次见到的不相接，可能被改动或换成旧副本。请保留请求文件并立即通知对方。"
                .to_owned(),
        ),
        Err(e) => (e.code(), format!("没有见证（{}），原因已写入回件。", e.code())),
    };
    if at.json {
        output::json(&serde_json::json!({ "ok": outcome.is_ok(), "code": code, "message": zh }))?;
    } else {
        output::line(zh);
    }
    Ok(ExitCode::from(u8::from(outcome.is_err())))
}

/// The key of this witness, made at the first run.
fn witness_key(state: &Path, name: &str) -> Result<Cosigner, Fail> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let place = state.join("witness.key");
    if place.exists() {
        let text = Zeroizing::new(read(&place)?);
        return Cosigner::parse(text.trim()).map_err(|e| Fail::machine("reading the key of the witness", e));
    }
    let mut seed = Zeroizing::new([0u8; 32]);
    getrandom::fill(&mut *seed)
        .map_err(|e| Fail::machine("random numbers", std::io::Error::other(e.to_string())))?;
    let key = Cosigner::new(name, &seed)
        .map_err(|_| Fail::refused("witness.name", "见证方的名称不能为空，也不能有空格和加号。"))?;
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&place)?;
    file.write_all(key.to_private_text().as_bytes())?;
    file.sync_all()?;
    File::open(state)?.sync_all()?;
    Ok(key)
}
