//! 身份 (identity): accounts, sessions, grants.

mod accounts;
mod login;
mod password;
mod setup;

pub use accounts::{
    AccountView, GrantInput, GrantView, NewAccount, accounts, create, end_grant, grant, set_password,
    set_state,
};
pub(crate) use login::is_custodian;
pub use login::{
    Me, RoleView, actor_for, change_password, context_for, context_for_login, login, logout, me,
};
pub use setup::{SetupInput, bootstrap_account, needs_setup, setup, setup_code};
