//! Where objects live: the local folder, or an S3-compatible store.

use crate::{Fail, config::Config};
use jz_blob::{Folder, Keys, Staging, Vault};
use std::{path::Path, sync::Arc};

/// Opens the store that the settings name.
pub fn open(dir: &Path, config: &Config, keys: Arc<Keys>) -> Result<Vault, Fail> {
    let Some(s3) = &config.s3 else {
        return Ok(Vault::in_folder(&dir.join("objects"), &dir.join("tmp"), keys)?);
    };
    let blobs = jz_blob::S3::open(&jz_blob::S3Config {
        endpoint: s3.endpoint.clone(),
        region: s3.region.clone().unwrap_or_else(|| "us-east-1".to_owned()),
        bucket: s3.bucket.clone(),
        prefix: s3.prefix.clone().unwrap_or_default(),
        key_id: s3.access_key.clone(),
        secret: zeroize::Zeroizing::new(s3.secret_key.clone()),
    })?;
    Ok(Vault::new(Box::new(blobs), Staging::open(&dir.join("tmp"))?, keys))
}

/// Opens the store of derived objects. It is always local, and nothing in it is synced.
pub fn cache(dir: &Path, keys: Arc<Keys>) -> Result<Vault, Fail> {
    let blobs = Folder::cache(&dir.join("cache"))?;
    Ok(Vault::new(Box::new(blobs), Staging::open(&dir.join("tmp"))?, keys))
}
