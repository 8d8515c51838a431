//! 任务: the queue in the database and the threads that work on it.
//!
//! At least once: a job may run twice after a crash, so every kind is safe to run twice.
//! A failure says whether another attempt makes sense.

use crate::{About, App, Cx, Fail, hub::Notice};
use jz_domain::{
    Id, Millis,
    identity::{Action, Object},
};
use jz_store::job;
use serde::Serialize;
use std::sync::atomic::{AtomicBool, Ordering};

/// A worker keeps a job for this long without a sign of life.
const LEASE: i64 = 120_000;
/// Attempts before a job is given up.
const TRIES: i64 = 4;

/// A job as the pages show it.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct JobView {
    /// Id.
    pub id: Id,
    /// Kind.
    pub kind: String,
    /// Its label.
    pub kind_label: String,
    /// `queued`, `running`, `done`, `failed`.
    pub state: String,
    /// Progress.
    pub done: i64,
    /// Out of.
    pub total: i64,
    /// Attempts.
    pub tries: i64,
    /// Code of the last failure.
    pub error: Option<String>,
    /// When it was queued.
    pub at: Millis,
}

impl From<job::Job> for JobView {
    fn from(j: job::Job) -> Self {
        Self {
            id: j.id,
            kind_label: label(&j.kind).to_owned(),
            kind: j.kind,
            state: j.state,
            done: j.done,
            total: j.total,
            tries: j.tries,
            error: j.error,
            at: j.made,
        }
    }
}

/// How an attempt ended.
#[derive(Debug)]
pub enum Outcome {
    /// Done.
    Done,
    /// Try again later, for this reason.
    Retry(String),
    /// No attempt will help.
    Failed(String),
}

/// What a running job may do besides its work.
pub struct Ticket<'a> {
    app: &'a App,
    /// The job.
    pub job: &'a job::Job,
}

impl Ticket<'_> {
    /// Tells how far it is, and keeps the job.
    pub fn progress(&self, done: i64, total: i64) -> Result<(), Fail> {
        let until = Millis(self.app.now().0 + LEASE);
        self.app.store.write(|db| Ok::<_, Fail>(job::progress(db, self.job.id, done, total, until)?))?;
        tell(self.app, self.job, "running", done, total);
        Ok(())
    }
}

fn label(kind: &str) -> &'static str {
    match kind {
        "ocr" => "文字识别",
        "volumes" => "导入案卷",
        _ => "后台任务",
    }
}

fn tell(app: &App, j: &job::Job, state: &str, done: i64, total: i64) {
    app.hub.tell(&Notice {
        topic: "job",
        id: j.id.to_string(),
        kind: j.kind.clone(),
        state: state.to_owned(),
        done,
        total,
    });
}

/// Works on the next due job. `false` when there is none.
pub fn work_once(app: &App) -> Result<bool, Fail> {
    if app.store.is_read_only() {
        return Ok(false);
    }
    let now = app.now();
    let Some(j) = app.store.write(|db| Ok::<_, Fail>(job::claim(db, now, LEASE, "")?))? else {
        return Ok(false);
    };
    tell(app, &j, "running", 0, 0);
    let ticket = Ticket { app, job: &j };
    let outcome = match run(app, &ticket) {
        Ok(o) => o,
        Err(e) => {
            let mut chain = e.to_string();
            let mut cause = std::error::Error::source(&e);
            while let Some(c) = cause {
                chain = format!("{chain}: {c}");
                cause = c.source();
            }
            tracing::warn!(job = %j.id, kind = j.kind, chain, "job failed");
            Outcome::Retry(e.code().to_owned())
        }
    };
    let end = app.now();
    let state = app.store.write(|db| {
        Ok::<_, Fail>(match outcome {
            Outcome::Done => {
                job::end(db, j.id, None, end)?;
                "done"
            }
            Outcome::Retry(code) if j.tries < TRIES => {
                // 5 s, 20 s, 45 s: a busy disk or database recovers.
                job::again(db, j.id, Some(&code), Millis(end.0 + 5_000 * j.tries * j.tries))?;
                "queued"
            }
            Outcome::Retry(code) | Outcome::Failed(code) => {
                job::end(db, j.id, Some(&code), end)?;
                "failed"
            }
        })
    })?;
    tell(app, &j, state, 0, 0);
    Ok(true)
}

fn run(app: &App, t: &Ticket<'_>) -> Result<Outcome, Fail> {
    match t.job.kind.as_str() {
        "ocr" => crate::page::recognise(app, t),
        "volumes" => crate::volume::import::work(app, t),
        other => Ok(Outcome::Failed(format!("unknown-kind:{other}"))),
    }
}

/// Works until nothing is due and nothing waits for a retry.
pub fn until_idle(app: &App, threads: usize) -> Result<u64, Fail> {
    let count = std::sync::atomic::AtomicU64::new(0);
    std::thread::scope(|s| {
        let workers: Vec<_> = (0..threads.max(1))
            .map(|_| {
                s.spawn(|| -> Result<(), Fail> {
                    loop {
                        if work_once(app)? {
                            count.fetch_add(1, Ordering::Relaxed);
                        } else if app.store.read(|db| Ok::<_, Fail>(job::open_count(db)?))? == 0 {
                            return Ok(());
                        } else {
                            std::thread::sleep(std::time::Duration::from_millis(100));
                        }
                    }
                })
            })
            .collect();
        for w in workers {
            match w.join() {
                Ok(r) => r?,
                Err(_) => return Err(Fail::machine("a worker thread", std::io::Error::other("panicked"))),
            }
        }
        Ok(())
    })?;
    Ok(count.load(Ordering::Relaxed))
}

/// Works until told to stop; sleeps while there is nothing to do.
pub fn forever(app: &App, stop: &AtomicBool) {
    let mut idle = 0u32;
    while !stop.load(Ordering::SeqCst) {
        match work_once(app) {
            Ok(true) => idle = 0,
            Ok(false) => {
                idle += 1;
                if idle == 240 {
                    // A minute without work: give the models' memory back, put the index in order.
                    app.workers.rest();
                    if let Err(e) = app.store.join_codes(|| !stop.load(Ordering::SeqCst)) {
                        tracing::warn!(code = Fail::from(e).code(), "joining the index");
                    }
                }
                std::thread::sleep(std::time::Duration::from_millis(250));
            }
            Err(e) => {
                tracing::error!(code = e.code(), "job queue");
                std::thread::sleep(std::time::Duration::from_secs(2));
            }
        }
    }
}

const HOUSE: Object = Object { org_no: None, subject: None };

/// The newest jobs and how many are open.
pub fn list(cx: &Cx<'_>) -> Result<(Vec<JobView>, i64), Fail> {
    cx.allow(Action::JobRead, &HOUSE)?;
    cx.app.store.read(|db| {
        let jobs = job::list(db, 200)?.into_iter().map(JobView::from).collect();
        Ok((jobs, job::open_count(db)?))
    })
}

/// Puts a failed job back.
pub fn retry(cx: &Cx<'_>, id: Id) -> Result<(), Fail> {
    cx.allow(Action::JobManage, &HOUSE)?;
    cx.change(|c| {
        let j = job::find(c.db, id)?.ok_or(Fail::NotFound)?;
        if j.state != "failed" {
            return Err(Fail::refused("job.not-failed", "只有失败的任务可以重试。"));
        }
        job::again(c.db, id, None, cx.now)?;
        c.note("job.retried", About::thing("job", id));
        Ok(())
    })
}
