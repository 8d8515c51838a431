//! `juanzong serve` and `juanzong jobs run`.

use super::At;
use crate::output;
use clap::Args;
use jz_app::{App, Fail, audit, identity, jobs};
use std::{
    net::SocketAddr,
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// Where to listen.
#[derive(Args)]
pub struct Serve {
    /// 监听地址
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// 不办理后台任务（由其他进程办理）
    #[arg(long)]
    no_jobs: bool,
}

fn workers(app: &App) -> usize {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    app.config.workers.unwrap_or(cores)
}

/// Serves until a signal comes.
pub fn serve(at: &At, c: &Serve) -> Result<ExitCode, Fail> {
    let app = Arc::new(at.open()?);
    if let Some(reason) = app.read_only_reason() {
        output::line(format!("只读运行：{reason}"));
    } else if identity::needs_setup(&app)? {
        output::line(format!(
            "系统尚未初始化。初始化码（30 分钟内有效，只能用一次）：{}",
            identity::setup_code(&app)?
        ));
    }
    let stop = Arc::new(AtomicBool::new(false));
    let mut threads = Vec::new();
    if !c.no_jobs {
        for _ in 0..workers(&app) {
            let (app, stop) = (Arc::clone(&app), Arc::clone(&stop));
            threads.push(std::thread::spawn(move || jobs::forever(&app, &stop)));
        }
    }
    {
        let (app, stop) = (Arc::clone(&app), Arc::clone(&stop));
        threads.push(std::thread::spawn(move || checkpoints(&app, &stop)));
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let served = runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(c.listen).await?;
        let address = listener.local_addr()?;
        if at.json {
            output::json(&serde_json::json!({ "address": format!("http://{address}") }))
                .map_err(|e| std::io::Error::other(e.to_string()))?;
        } else {
            output::line(format!("服务已启动：http://{address}"));
        }
        jz_web::serve(listener, jz_web::router(Arc::clone(&app)), jz_web::Limits::default(), signal()).await
    });
    stop.store(true, Ordering::SeqCst);
    // Event streams never end by themselves.
    runtime.shutdown_timeout(Duration::from_secs(2));
    for t in threads {
        // A thread that panicked has nothing left to stop.
        let _ = t.join();
    }
    audit::write_checkpoint(&app)?;
    served?;
    Ok(ExitCode::SUCCESS)
}

async fn signal() {
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut s) => {
                s.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminate => {}
    }
}

/// A checkpoint every five minutes when the ledger has grown.
const CHECKPOINT: u32 = 5 * 60 * 4;

fn checkpoints(app: &App, stop: &AtomicBool) {
    let mut wait = 0;
    while !stop.load(Ordering::SeqCst) {
        std::thread::sleep(Duration::from_millis(250));
        wait = (wait + 1) % CHECKPOINT;
        if wait == 0
            && let Err(e) = audit::write_checkpoint(app)
        {
            tracing::error!(code = e.code(), "checkpoint could not be written");
        }
    }
}

/// Works on queued jobs.
pub fn jobs(at: &At, until_idle: bool) -> Result<ExitCode, Fail> {
    let app = at.open()?;
    if let Some(reason) = app.read_only_reason() {
        return Err(Fail::refused("read-only", format!("不能办理任务：{reason}")));
    }
    let n = if until_idle {
        jobs::until_idle(&app, workers(&app))?
    } else {
        let stop = AtomicBool::new(false);
        jobs::forever(&app, &stop);
        0
    };
    At::close(&app)?;
    if at.json {
        output::json(&serde_json::json!({ "jobs": n }))?;
    } else {
        output::line(format!("已办理 {n} 项任务。"));
    }
    Ok(ExitCode::SUCCESS)
}
