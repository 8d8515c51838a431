//! The installation: data folder, keys, database, objects, clock.

use crate::{
    Cx, Fail, audit,
    clock::{Clock, SystemClock},
    config::Config,
    hub::Hub,
    print::Printer,
};
use jz_blob::{Keys, MasterKey, UnitKey, Vault};
use jz_domain::{Id, Millis};
use jz_store::{Place, RowKey, Store, setting};
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
};

/// The ids that this program has given out.
#[derive(Default)]
pub(crate) struct Ids(AtomicI64);

impl Ids {
    /// `drawn`, or the next after the last when that is not below it.
    pub(crate) fn next(&self, drawn: Id) -> Id {
        let after = |last: i64| drawn.0.max(last.saturating_add(1));
        // The closure always answers, so both outcomes hold the last id.
        let (Ok(last) | Err(last)) =
            self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| Some(after(last)));
        Id(after(last))
    }
}

/// Everything a use case needs besides who asks.
pub struct App {
    /// Data folder.
    pub dir: PathBuf,
    /// Settings.
    pub config: Config,
    /// Database.
    pub store: Store,
    /// Keys derived from the unit key.
    pub keys: Arc<Keys>,
    /// Encrypted objects.
    pub vault: Vault,
    /// Encrypted thumbnails and tiles: may be deleted at any time, are made again.
    pub cache: Vault,
    /// Clock.
    pub clock: Box<dyn Clock>,
    /// What the open pages are told.
    pub hub: Hub,
    /// Prints forms; absent in programs that never print.
    pub printer: Option<Box<dyn Printer>>,
    /// The program that parses foreign bytes, see `worker`.
    pub workers: crate::worker::Pool,
    /// Keys that sign checkpoints; absent when somebody took them away.
    pub log_keys: Option<audit::LogKeys>,
    pub(crate) blocks: Mutex<audit::Blocks>,
    search_key: jz_search::SearchKey,
    pub(crate) ids: Ids,
    read_only: Mutex<Option<String>>,
    seen: Mutex<HashMap<(String, Id), Millis>>,
}

/// The data folder does not hold an installation, or already holds one.
fn setup(code: &'static str, zh: impl Into<String>) -> Fail {
    Fail::refused(code, zh)
}

/// A look at a page lasts this long: 10 minutes.
const LOOK_LASTS: i64 = 600_000;

/// File of the embedded database.
const DATABASE: &str = "juanzong.db";

impl App {
    /// Makes an installation in an empty or new folder: master key, unit key, database,
    /// settings. No account: the first start prints a setup code.
    pub fn init(dir: &Path, config: Config) -> Result<(), Fail> {
        if dir.join("config.toml").exists() || dir.join(DATABASE).exists() {
            return Err(setup(
                "init.exists",
                format!("{} 中已有数据，不会覆盖；请换一个空目录。", dir.display()),
            ));
        }
        std::fs::create_dir_all(dir)?;
        restrict(dir)?;
        let key_file = config.key_path(dir);
        MasterKey::check_outside(&key_file, dir)?;
        // A key without data comes from an earlier attempt that was interrupted.
        let master =
            if key_file.exists() { MasterKey::load(&key_file)? } else { MasterKey::create(&key_file)? };
        for sub in ["objects", "cache", "tmp", "fonts"] {
            std::fs::create_dir_all(dir.join(sub))?;
        }
        let store = Store::open(place(dir, &config), RowKey([0; 32]))?;
        store.write(|db| {
            if setting::unit_key(db)?.is_none() {
                let wrapped = master.wrap(&UnitKey::generate()?)?;
                setting::put_unit_key(db, &wrapped)?;
                jz_store::ledger::put_head(db, 0, &[])?;
            }
            Ok::<_, Fail>(())
        })?;
        drop(store);
        // Written last: a folder with settings is a whole installation.
        config.write(dir)?;
        // Makes the keys of the ledger and signs its first checkpoint.
        Self::open(dir).map(drop)
    }

    /// Opens an installation.
    pub fn open(dir: &Path) -> Result<Self, Fail> {
        if !dir.join("config.toml").exists() {
            return Err(setup(
                "init.missing",
                format!(
                    "{} 中没有卷宗的数据；请先运行 juanzong init --data {}。",
                    dir.display(),
                    dir.display()
                ),
            ));
        }
        let config = Config::read(dir)?;
        let key_file = config.key_path(dir);
        MasterKey::check_outside(&key_file, dir)?;
        let master = MasterKey::load(&key_file)?;
        let store = Store::open(place(dir, &config), RowKey([0; 32]))?;
        let wrapped = store.read(|db| Ok::<_, Fail>(setting::unit_key(db)?))?.ok_or_else(|| {
            setup("init.unfinished", "数据目录没有建立完整，请删除后重新运行 juanzong init。")
        })?;
        let keys = Arc::new(Keys::new(&master.unwrap(&wrapped)?));
        let store = store.with_row_key(row_key(&keys));
        let vault = crate::vault::open(dir, &config, Arc::clone(&keys))?;
        let cache = crate::vault::cache(dir, Arc::clone(&keys))?;
        let search_key = jz_search::SearchKey::new(&keys.search_key());
        let log_keys = audit::LogKeys::open(&store, &keys, dir)?;
        let mut app = Self {
            dir: dir.to_owned(),
            workers: crate::worker::Pool::new(dir),
            config,
            store,
            keys,
            vault,
            cache,
            clock: Box::new(SystemClock),
            hub: Hub::default(),
            printer: None,
            log_keys,
            blocks: Mutex::default(),
            search_key,
            ids: Ids::default(),
            read_only: Mutex::new(None),
            seen: Mutex::new(HashMap::new()),
        };
        if let Some(reason) = audit::check_at_start(&app)? {
            tracing::error!("ledger does not continue its checkpoint: serving read-only");
            app.serve_read_only(reason);
        } else if audit::write_checkpoint(&app)?.is_some()
            && let Some(log) = &mut app.log_keys
        {
            log.used(&app.store, &app.keys)?;
        }
        Ok(app)
    }

    /// Now.
    pub fn now(&self) -> Millis {
        self.clock.now()
    }

    /// Key of the search codes.
    pub fn search_key(&self) -> &jz_search::SearchKey {
        &self.search_key
    }

    /// Remembers that this session's look at a page or volume is in the ledger.
    pub fn looked(&self, cx: &Cx<'_>, thing: Id) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() > 10_000 {
            seen.retain(|_, at| cx.now.0 - at.0 < LOOK_LASTS);
        }
        seen.insert((format!("{}/{}", cx.login, cx.session), thing), cx.now);
    }

    /// Whether a look at a page or volume by this session was written to the ledger a
    /// short while ago: its tiles then need no line each.
    pub fn has_looked(&self, cx: &Cx<'_>, thing: Id) -> bool {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.get(&(format!("{}/{}", cx.login, cx.session), thing))
            .is_some_and(|at| cx.now.0 - at.0 < LOOK_LASTS)
    }

    /// Why writes are refused, if they are.
    pub fn read_only_reason(&self) -> Option<String> {
        self.read_only.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Refuses every write from now on, for a reason that people are shown.
    pub fn serve_read_only(&self, reason: String) {
        self.store.set_read_only();
        *self.read_only.lock().unwrap_or_else(PoisonError::into_inner) = Some(reason);
    }

    /// Confidence below which a page is listed for a person.
    pub fn low_confidence(&self) -> f64 {
        self.config.low_confidence.unwrap_or(0.9)
    }
}

fn place(dir: &Path, config: &Config) -> Place {
    config.database.clone().map_or_else(|| Place::Sqlite(dir.join(DATABASE)), Place::Pg)
}

/// 32 bytes for the row digests out of two derived values of 16.
fn row_key(keys: &Keys) -> RowKey {
    let mut key = [0u8; 32];
    let (a, b) = (keys.row_digest("row-key", b"1"), keys.row_digest("row-key", b"2"));
    for (to, from) in key.iter_mut().zip(a.into_iter().chain(b)) {
        *to = from;
    }
    RowKey(key)
}

/// Only the service may enter the data folder.
fn restrict(dir: &Path) -> Result<(), Fail> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(dir, std::fs::Permissions::from_mode(0o700))?;
    Ok(())
}
