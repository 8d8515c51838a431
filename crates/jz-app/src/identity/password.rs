//! Passwords: Argon2id, at most two at once, a policy of length and a list of the usual.

use crate::{Fail, rand};
use argon2::{
    Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version,
    password_hash::phc::PasswordHash,
};
use std::sync::{Condvar, Mutex, PoisonError};

/// 64 MiB, three passes (S5 of the security bar; the floor is 19 MiB and two).
fn hasher() -> Result<Argon2<'static>, Fail> {
    let (memory, passes) = if cfg!(debug_assertions) { (19 * 1024, 2) } else { (64 * 1024, 3) };
    let params = Params::new(memory, passes, 1, None)
        .map_err(|e| Fail::machine("password hashing", Text(e.to_string())))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Text(String);

static TURNS: (Mutex<u8>, Condvar) = (Mutex::new(0), Condvar::new());

/// Memory-hard hashes are a door for exhausting memory: two at once, others wait.
fn in_turn<T>(f: impl FnOnce() -> T) -> T {
    let mut running = TURNS.0.lock().unwrap_or_else(PoisonError::into_inner);
    while *running >= 2 {
        running = TURNS.1.wait(running).unwrap_or_else(PoisonError::into_inner);
    }
    *running += 1;
    drop(running);
    let out = f();
    *TURNS.0.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
    TURNS.1.notify_one();
    out
}

/// Hash of a new password.
pub fn hash(password: &str) -> Result<String, Fail> {
    let salt = rand::bytes::<16>()?;
    in_turn(|| {
        hasher()?
            .hash_password_with_salt(password.as_bytes(), &salt)
            .map(|h| h.to_string())
            .map_err(|e| Fail::machine("password hashing", Text(e.to_string())))
    })
}

/// Whether the password fits. An unknown account costs the same: pass `None`.
pub fn fits(password: &str, hash: Option<&str>) -> bool {
    /// Hash of a random text nobody knows, with the parameters above.
    static NOBODY: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    let against = match hash {
        Some(h) => h.to_owned(),
        None => NOBODY
            .get_or_init(|| {
                let chance = rand::bytes::<16>().map(hex::encode).unwrap_or_default();
                self::hash(&chance).unwrap_or_default()
            })
            .clone(),
    };
    let Ok(parsed) = PasswordHash::new(&against) else { return false };
    let good = in_turn(|| hasher().is_ok_and(|h| h.verify_password(password.as_bytes(), &parsed).is_ok()));
    good && hash.is_some()
}

/// The most usual passwords and words of the house; a full list comes as data later.
const USUAL: &[&str] = &[
    "password",
    "12345678",
    "123456789",
    "1234567890",
    "qwertyui",
    "11111111",
    "88888888",
    "abc12345",
    "iloveyou",
    "juanzong",
    "admin123",
    "dangyuan",
    "dangan123",
];

/// Profile `modern`: at least 12 characters, none of the usual ones, not the login.
pub fn check_new(password: &str, login: &str) -> Result<(), Fail> {
    let n = password.chars().count();
    let lower = password.to_lowercase();
    let refuse = |zh: &str| Err(Fail::at("identity.password", "/password", zh));
    if n < 12 {
        return refuse("密码至少 12 个字符；可以用一句话，不要求大小写和符号。");
    }
    if n > 128 {
        return refuse("密码不能超过 128 个字符。");
    }
    if USUAL.iter().any(|u| lower.contains(u)) || (login.len() >= 4 && lower.contains(&login.to_lowercase()))
    {
        return refuse("密码中含有常见密码或用户名，请换一个。");
    }
    let mut distinct: Vec<char> = lower.chars().collect();
    distinct.sort_unstable();
    distinct.dedup();
    if distinct.len() < 5 {
        return refuse("密码中不同的字符太少，请换一个。");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[rustfmt::skip]
    fn policy() {
        for (password, good) in [
            ("short", false), ("correct horse battery", true), ("密码可以是一句很长的中文话", true),
            ("aaaaaaaaaaaaaaaa", false), ("zhangsan-zhangsan!", false), ("MyPassword12345", false),
        ] {
            assert_eq!(check_new(password, "zhangsan").is_ok(), good, "{password}");
        }
    }

    #[test]
    fn only_the_right_password_fits() {
        let h = hash("correct horse battery").unwrap_or_default();
        assert!(h.starts_with("$argon2id$"));
        assert!(fits("correct horse battery", Some(&h)));
        assert!(!fits("correct horse batterz", Some(&h)));
        assert!(!fits("correct horse battery", None));
    }
}
