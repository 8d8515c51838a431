//! 系统自检: each part of the installation with a plain sentence.

use crate::{App, Cx, Fail};
use jz_domain::identity::{Action, Object};
use serde::Serialize;

/// One thing that was looked at.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Check {
    /// Stable key.
    pub key: &'static str,
    /// `ok`, `warn`, `bad`, `unknown`.
    pub state: &'static str,
    /// Sentence.
    pub sentence: String,
}

fn check(key: &'static str, state: &'static str, sentence: impl Into<String>) -> Check {
    Check { key, state, sentence: sentence.into() }
}

/// What the binary knows and this crate does not: embedded fonts, models, pages.
#[derive(Debug, Clone, Copy, Default)]
pub struct Parts {
    /// Fonts for printing.
    pub fonts: usize,
    /// Recognition models.
    pub models: bool,
    /// Files of the pages.
    pub pages: usize,
}

/// Looks at the installation.
pub fn doctor(app: &App, parts: Parts) -> Result<Vec<Check>, Fail> {
    let mut out = vec![folder(app), key(app), disk(app)];
    out.push(match app.store.engine_check()? {
        None if app.store.is_sqlite() => check("database", "ok", "数据库：内嵌数据库，文件自检通过。"),
        None => check("database", "ok", "数据库：PostgreSQL，连接正常。"),
        Some(_) => check("database", "bad", "数据库文件自检未通过，请停止使用并从备份恢复。"),
    });
    out.push(match app.read_only_reason() {
        None => check("ledger", "ok", "审计账：与检查点相接。"),
        Some(r) => check("ledger", "bad", format!("审计账：{r}系统只读运行。")),
    });
    out.push(if parts.fonts > 0 {
        check("fonts", "ok", format!("字体：内置 {} 个，可打印公文表单。", parts.fonts))
    } else {
        check("fonts", "bad", "字体：程序中没有内置字体，不能打印目录；请用 cargo xtask build 重新构建。")
    });
    out.push(if parts.models {
        check("models", "ok", "识别模型：已内置。")
    } else {
        check(
            "models",
            "bad",
            "识别模型：程序中没有内置模型，页面不能识别文字；请用 cargo xtask build 重新构建。",
        )
    });
    out.push(if parts.pages > 0 {
        check("pages", "ok", "网页：已内置。")
    } else {
        check("pages", "bad", "网页：程序中没有内置网页；请用 cargo xtask build 重新构建。")
    });
    out.push(check(
        "backup",
        "unknown",
        "备份：未检测。本版本还没有备份功能，请用其他办法备份数据目录和主密钥文件。",
    ));
    out.push(check("scrub", "unknown", "定期巡检：未检测。请定期运行 juanzong verify。"));
    Ok(out)
}

fn folder(app: &App) -> Check {
    use std::os::unix::fs::PermissionsExt as _;
    match std::fs::metadata(&app.dir) {
        Ok(m) if m.permissions().mode() & 0o077 == 0 => {
            check("folder", "ok", "数据目录：存在，只有本服务可以进入。")
        }
        Ok(_) => check("folder", "warn", "数据目录：其他用户也可以进入，请执行 chmod 700。"),
        Err(_) => check("folder", "bad", "数据目录：不能访问。"),
    }
}

fn key(app: &App) -> Check {
    match jz_blob::MasterKey::load(&app.config.key_path(&app.dir)) {
        Ok(_) => {
            check("key", "ok", "主密钥：在数据目录之外，权限正确。请另行妥善保存一份，丢失后数据无法打开。")
        }
        Err(e) => check("key", "bad", format!("主密钥：{}", e.zh())),
    }
}

fn disk(app: &App) -> Check {
    match rustix::fs::statvfs(&app.dir) {
        Ok(s) => {
            let free = s.f_bavail * s.f_frsize;
            let share = free as f64 / ((s.f_blocks * s.f_frsize).max(1)) as f64;
            let gib = free as f64 / f64::from(1u32 << 30);
            if free < 1 << 30 || share < 0.05 {
                check("disk", "bad", format!("磁盘：只剩 {gib:.1} GiB，请尽快清理或扩容。"))
            } else {
                check("disk", "ok", format!("磁盘：剩余 {gib:.1} GiB。"))
            }
        }
        Err(_) => check("disk", "unknown", "磁盘：无法判断剩余空间。"),
    }
}

/// The same, for those who may see it.
pub fn doctor_for(cx: &Cx<'_>, parts: Parts) -> Result<Vec<Check>, Fail> {
    cx.allow(Action::SystemCheck, &Object::default())?;
    doctor(cx.app, parts)
}
