//! What can go wrong below the rules.

/// The database did not do it. The cause is in the source chain, never in the sentence.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Somebody else changed it first.
    #[error("changed by somebody else")]
    Conflict,
    /// A stored value is not what the column promises.
    #[error("table {table} holds something unexpected in {column}")]
    Corrupt {
        /// Table.
        table: &'static str,
        /// Column.
        column: &'static str,
    },
    /// A unique key is taken.
    #[error("a unique key is taken")]
    Taken,
    /// The database is busy for longer than we wait.
    #[error("the database is busy")]
    Busy,
    /// The server runs read-only.
    #[error("the store is read-only")]
    ReadOnly,
    /// A column could not be read.
    #[error("column {0} could not be read")]
    Column(usize, #[source] Box<dyn std::error::Error + Send + Sync>),
    /// The driver's own error.
    #[error("the database refused")]
    Driver(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The data folder or the settings do not fit.
    #[error("{0}")]
    Setup(String),
}

impl StoreError {
    pub(crate) fn column(i: usize, e: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Column(i, Box::new(e))
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(e: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        match e.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::ReadOnly) => Self::ReadOnly,
            Some(ErrorCode::ConstraintViolation)
                if matches!(
                    e.sqlite_error().map(|x| x.extended_code),
                    Some(
                        rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE | rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY
                    )
                ) =>
            {
                Self::Taken
            }
            _ => Self::Driver(Box::new(e)),
        }
    }
}

impl From<postgres::Error> for StoreError {
    fn from(e: postgres::Error) -> Self {
        use postgres::error::SqlState;
        match e.code() {
            Some(c) if *c == SqlState::UNIQUE_VIOLATION => Self::Taken,
            Some(c) if *c == SqlState::T_R_SERIALIZATION_FAILURE || *c == SqlState::T_R_DEADLOCK_DETECTED => {
                Self::Busy
            }
            Some(c) if *c == SqlState::READ_ONLY_SQL_TRANSACTION => Self::ReadOnly,
            _ => Self::Driver(Box::new(e)),
        }
    }
}
