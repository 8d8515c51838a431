//! What can go wrong with keys and objects, and what to tell the person in front of the screen.

use std::path::PathBuf;

use crate::ObjectName;

/// Result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// How an object differs from what was stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Damage {
    /// It does not begin or end as an object must.
    Form,
    /// Bytes are missing or were added.
    Length,
    /// A piece was changed, or belongs to another object.
    Content,
    /// It is whole, but it is not the file that was asked for.
    Digest,
}

/// Why a key or an object cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A key file is there already; a second one would make all data unreadable.
    #[error("key file {} exists", .0.display())]
    KeyExists(PathBuf),
    /// There is no key file.
    #[error("key file {} is missing", .0.display())]
    KeyMissing(PathBuf),
    /// Others than the owner may read or write the key file.
    #[error("key file {} has mode {:o}, must be 600", .path.display(), .mode)]
    KeyOpen {
        /// The key file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The key file does not hold a key, or was mistyped.
    #[error("key file {} does not hold a valid key", .0.display())]
    KeyMalformed(PathBuf),
    /// The key file lies in the folder it protects, so one theft takes both.
    #[error("key file {} lies inside the data folder", .0.display())]
    KeyInside(PathBuf),
    /// The data was sealed with another key than the one at hand.
    #[error("sealed with another key")]
    WrongKey,
    /// The data names a cipher that this version does not have.
    #[error("unknown cipher suite {0}")]
    Suite(u8),
    /// A sealed value was changed, or is offered under another label.
    #[error("sealed value is not authentic")]
    Sealed,
    /// There is no such object.
    #[error("object {0} is missing")]
    Missing(ObjectName),
    /// An object is not what was stored.
    #[error("object {name} is damaged: {damage:?}")]
    Damaged {
        /// Which object.
        name: ObjectName,
        /// In which way.
        damage: Damage,
    },
    /// The file system or the caller's stream failed.
    #[error("could not {doing}")]
    Io {
        /// What was being done.
        doing: &'static str,
        /// The cause.
        source: std::io::Error,
    },
    /// The remote store failed.
    #[error("object store could not {doing}")]
    Remote {
        /// What was being done.
        doing: &'static str,
        /// The cause.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl Error {
    /// Stable name of the error, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::KeyExists(_) => "key.exists",
            Self::KeyMissing(_) => "key.missing",
            Self::KeyOpen { .. } => "key.open",
            Self::KeyMalformed(_) => "key.malformed",
            Self::KeyInside(_) => "key.inside",
            Self::WrongKey => "key.wrong",
            Self::Suite(_) => "object.suite",
            Self::Sealed => "field.sealed",
            Self::Missing(_) => "object.missing",
            Self::Damaged { .. } => "object.damaged",
            Self::Io { .. } => "object.io",
            Self::Remote { .. } => "object.remote",
        }
    }

    /// The sentence for people: where it is wrong, and what to do.
    pub fn zh(&self) -> String {
        match self {
            Self::KeyExists(path) => {
                format!(
                    "主密钥文件 {} 已经存在,不会覆盖。如确需新建,请先把它移到安全处保管。",
                    path.display()
                )
            }
            Self::KeyMissing(path) => {
                format!(
                    "找不到主密钥文件 {}。请从保管处取回后放在这里;没有它,档案内容无法读取。",
                    path.display()
                )
            }
            Self::KeyOpen { path, mode } => format!(
                "主密钥文件 {} 的权限是 {mode:o},其他用户可以读写。请执行 chmod 600 后重新启动。",
                path.display()
            ),
            Self::KeyMalformed(path) => {
                format!("主密钥文件 {} 内容不完整或有误。请用保管的副本替换它。", path.display())
            }
            Self::KeyInside(path) => format!(
                "主密钥文件 {} 放在数据目录里面,拷走数据目录就等于拷走密钥。请把它移到数据目录之外。",
                path.display()
            ),
            Self::WrongKey => "主密钥与这份数据不匹配。请换用建立这份数据时的主密钥文件。".into(),
            Self::Suite(id) => format!("数据使用了本版本不支持的加密算法(编号 {id})。请升级程序后再试。"),
            Self::Sealed => "一处加密内容校验不通过,可能被改动过。请运行 juanzong verify 查明范围。".into(),
            Self::Missing(name) => {
                format!("文件对象 {name} 不见了。请从备份恢复,并运行 juanzong verify 检查其余对象。")
            }
            Self::Damaged { name, damage } => {
                let how = match damage {
                    Damage::Form => "格式不对",
                    Damage::Length => "长度不对",
                    Damage::Content => "内容被改动或损坏",
                    Damage::Digest => "摘要与登记的不一致",
                };
                format!("文件对象 {name} {how}。请从备份恢复,并运行 juanzong verify 检查其余对象。")
            }
            Self::Io { doing, source } => {
                format!("读写磁盘失败({doing}:{source})。请检查磁盘空间和目录权限。")
            }
            Self::Remote { doing, .. } => {
                format!("对象存储没有完成操作({doing})。请检查网络、地址和访问密钥。")
            }
        }
    }

    /// Wraps an I/O error with what was being done.
    pub(crate) fn io(doing: &'static str) -> impl FnOnce(std::io::Error) -> Self {
        move |source| Self::Io { doing, source }
    }

    /// An object that fails a check is damaged.
    pub(crate) fn require(ok: bool, name: ObjectName, damage: Damage) -> Result<()> {
        if ok { Ok(()) } else { Err(Self::damaged(name, damage)) }
    }

    /// A damaged object.
    pub(crate) fn damaged(name: ObjectName, damage: Damage) -> Self {
        Self::Damaged { name, damage }
    }
}
