//! Chance from the operating system: the one place that asks for it.

use crate::Fail;

/// Random bytes.
pub fn bytes<const N: usize>() -> Result<[u8; N], Fail> {
    let mut out = [0u8; N];
    getrandom::fill(&mut out)
        .map_err(|e| Fail::machine("random numbers", std::io::Error::other(e.to_string())))?;
    Ok(out)
}

/// 32 random bits.
pub fn bits() -> Result<u32, Fail> {
    Ok(u32::from_be_bytes(bytes()?))
}
