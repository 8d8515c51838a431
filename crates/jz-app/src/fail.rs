//! Why a use case did not happen: one enum, each refusal with a stable code and a
//! Chinese sentence; failures of the machine say nothing about the inside.

use jz_domain::identity::Denied;
use jz_store::StoreError;

/// A place in the input and what is wrong there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// JSON pointer or field name.
    pub pointer: String,
    /// Sentence.
    pub message: String,
}

/// Why it did not happen.
#[derive(Debug, thiserror::Error)]
pub enum Fail {
    /// The actor may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such thing, or the actor may not know of it.
    #[error("not found")]
    NotFound,
    /// Nobody is logged in, or the session is over.
    #[error("not logged in")]
    NoSession,
    /// The input does not fit a rule; the sentence says where and what to do.
    #[error("refused: {code}")]
    Refused {
        /// Stable code.
        code: &'static str,
        /// Sentence for people.
        zh: String,
        /// Places in the input.
        problems: Vec<Problem>,
    },
    /// Somebody else changed it first.
    #[error("conflict: {code}")]
    Conflict {
        /// Stable code.
        code: &'static str,
        /// Sentence for people.
        zh: String,
    },
    /// Too many attempts; try again after these seconds.
    #[error("slow down")]
    SlowDown(i64),
    /// The server serves read-only.
    #[error("read-only")]
    ReadOnly,
    /// The database did not do it.
    #[error("the store failed")]
    Store(#[source] StoreError),
    /// A stored object or a key failed.
    #[error("the object store failed")]
    Blob(#[from] jz_blob::Error),
    /// Something of the machine: files, processes.
    #[error("{0} failed")]
    Machine(&'static str, #[source] Box<dyn std::error::Error + Send + Sync>),
}

impl From<StoreError> for Fail {
    fn from(e: StoreError) -> Self {
        match e {
            StoreError::Conflict => Self::Conflict {
                code: "store.conflict",
                zh: "这项内容刚刚被他人修改过，请刷新后再改；您填写的内容没有丢失。".into(),
            },
            StoreError::ReadOnly => Self::ReadOnly,
            other => Self::Store(other),
        }
    }
}

impl From<std::io::Error> for Fail {
    fn from(e: std::io::Error) -> Self {
        Self::Machine("file access", Box::new(e))
    }
}

impl Fail {
    /// A refusal with a code and a sentence.
    pub fn refused(code: &'static str, zh: impl Into<String>) -> Self {
        Self::Refused { code, zh: zh.into(), problems: Vec::new() }
    }

    /// A refusal that points at one place of the input.
    pub fn at(code: &'static str, pointer: impl Into<String>, zh: impl Into<String>) -> Self {
        let zh = zh.into();
        Self::Refused {
            code,
            zh: zh.clone(),
            problems: vec![Problem { pointer: pointer.into(), message: zh }],
        }
    }

    /// A conflict with a code and a sentence.
    pub fn conflict(code: &'static str, zh: impl Into<String>) -> Self {
        Self::Conflict { code, zh: zh.into() }
    }

    /// A failure of the machine, with its cause.
    pub fn machine(what: &'static str, e: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Machine(what, Box::new(e))
    }

    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Denied(d) => d.code(),
            Self::NotFound => "not-found",
            Self::NoSession => "identity.no-session",
            Self::Refused { code, .. } | Self::Conflict { code, .. } => code,
            Self::SlowDown(_) => "identity.slow-down",
            Self::ReadOnly => "read-only",
            Self::Store(StoreError::Busy) => "busy",
            Self::Store(_) | Self::Machine(..) => "internal",
            Self::Blob(_) => "blob",
        }
    }

    /// The sentence for people.
    pub fn zh(&self) -> String {
        match self {
            Self::Denied(d) => d.zh().into(),
            Self::NotFound => "没有这项内容，或者不在您的管理范围内。".into(),
            Self::NoSession => "请先登录；登录可能已过期。".into(),
            Self::Refused { zh, .. } | Self::Conflict { zh, .. } => zh.clone(),
            Self::SlowDown(s) => format!("尝试次数过多，请在 {s} 秒后再试。"),
            Self::ReadOnly => "系统正以只读方式运行，暂不能修改；原因见页面顶部的提示。".into(),
            Self::Store(StoreError::Busy) => "数据库正忙，请稍后重试；您的内容没有保存，也没有丢失。".into(),
            Self::Store(_) | Self::Machine(..) => {
                "系统内部出错，已记入运行日志；请稍后重试或联系系统管理员。".into()
            }
            Self::Blob(e) => e.zh(),
        }
    }
}
