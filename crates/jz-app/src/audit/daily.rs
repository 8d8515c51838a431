//! 日检票 (daily line): printed for the paper register, and typed back in.

use super::{checkpoint::Bad, edges::Edges, nodes::LogNodes, proof, words};
use crate::{Cx, Fail};
use jiff::civil::Date;
use jz_proof::{DailyLine, Typed};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

/// The line of today.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Daily {
    /// Name of the house.
    pub school: Option<String>,
    /// Name of the log.
    pub origin: String,
    /// The day.
    pub date: String,
    /// Number of entries.
    pub size: u64,
    /// The day with its check digit.
    pub date_text: String,
    /// The number with its check digit.
    pub size_text: String,
    /// Eight groups of digits, each with its check digit.
    pub groups: Vec<String>,
    /// The whole line.
    pub line: String,
    /// Text of the QR code.
    pub code: String,
}

/// A line from paper.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TypedLine {
    /// As typed, or the text of the QR code.
    pub text: String,
}

/// Whether the ledger still is what the line says.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct DailyCheck {
    /// It is.
    pub ok: bool,
    /// `ok`, `shorter` or `other`.
    pub code: &'static str,
    /// Sentence.
    pub message: String,
    /// The day on the line.
    pub date: String,
    /// Number of entries on the line.
    pub size: u64,
    /// Number of entries now.
    pub now: u64,
}

/// The line for the current checkpoint.
pub fn daily(cx: &Cx<'_>) -> Result<Daily, Fail> {
    let (says, _) = proof::current(cx.app)?;
    let date: Date = cx.today().parse().map_err(|e| Fail::machine("reading the date", e))?;
    let line = DailyLine { date, size: says.size, root: says.root, sm3: says.sm3 };
    let school = cx.app.store.read(|db| Ok::<_, Fail>(jz_store::setting::get(db, "school")?))?;
    Ok(Daily {
        school,
        origin: says.origin,
        date: date.to_string(),
        size: says.size,
        date_text: line.date_text(),
        size_text: line.size_text(),
        groups: line.groups().to_vec(),
        line: line.to_string(),
        code: line.code(),
    })
}

enum Line {
    /// From the camera, with both roots in full.
    Scanned(DailyLine),
    /// From the keyboard.
    Typed(Typed),
}

impl Line {
    fn read(text: &str) -> Result<Self, Fail> {
        if let Some(line) = DailyLine::parse_code(text) {
            return Ok(Self::Scanned(line));
        }
        let typed = Typed::parse(text).map(Self::Typed);
        typed.map_err(|e| Fail::refused("daily.typed", words::typed_zh(&e)))
    }
}

/// Longest text that is read.
const LONGEST: usize = 1_000;

/// Checks a line from paper, typed or read by a camera.
pub fn check_daily(cx: &Cx<'_>, input: &TypedLine) -> Result<DailyCheck, Fail> {
    if input.text.len() > LONGEST {
        return Err(Fail::refused("daily.typed", "输入太长，不是一行日检票。"));
    }
    let line = Line::read(&input.text)?;
    let (date, size) = match &line {
        Line::Scanned(line) => (line.date, line.size),
        Line::Typed(typed) => (typed.date, typed.size),
    };
    let (now, _) = cx.app.store.read(|db| Ok::<_, Fail>(jz_store::ledger::head(db, false)?))?;
    let now = now as u64;
    let answer = |code: &'static str, message: String| DailyCheck {
        ok: code == "ok",
        code,
        message,
        date: date.to_string(),
        size,
        now,
    };
    if size > now {
        return Ok(answer(
            "shorter",
            format!("不符：票上有 {size} 条，现在的账只有 {now} 条。账被截短，或被换成了较旧的副本。"),
        ));
    }
    let same = match &line {
        Line::Scanned(line) => roots_are(cx, line)?,
        Line::Typed(typed) => {
            let root = jz_proof::tree::root::<Sha256>(&LogNodes::new(cx.app, size)?, size);
            root.is_ok_and(|root| typed.fits(&root))
        }
    };
    Ok(if same {
        answer("ok", format!("相符：前 {size} 条与 {date} 写下的一致，没有被改动、删除或重排。"))
    } else {
        answer(
            "other",
            format!("不符：前 {size} 条与 {date} 写下的不同，账在那以后被改动过。请保留现场并立即核查。"),
        )
    })
}

/// A code carries both roots in full.
fn roots_are(cx: &Cx<'_>, line: &DailyLine) -> Result<bool, Fail> {
    let mut edges = Edges::default();
    match edges.grow(cx.app, line.size) {
        Ok(()) => {}
        Err(Bad::Unfit(_)) => return Ok(false),
        Err(Bad::Fail(e)) => return Err(e),
    }
    Ok(edges.sha.root() == line.root && line.sm3.is_none_or(|root| edges.sm3.root() == root))
}
