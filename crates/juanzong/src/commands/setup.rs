//! `juanzong init`.

use super::At;
use crate::output;
use clap::Args;
use jz_app::{
    App, Fail,
    config::{Config, S3},
};
use std::{path::PathBuf, process::ExitCode};

/// Settings of a new installation.
#[derive(Args)]
pub struct Init {
    /// 主密钥文件；默认在数据目录旁边（DIR.key）
    #[arg(long)]
    key_file: Option<PathBuf>,
    /// PostgreSQL 连接串；默认用内嵌数据库
    #[arg(long)]
    database: Option<String>,
    /// S3 兼容存储：地址,桶,访问密钥,私有密钥；默认用本地目录
    #[arg(long, value_name = "ENDPOINT,BUCKET,KEY,SECRET")]
    s3: Option<String>,
}

/// Makes an installation.
pub fn init(at: &At, c: Init) -> Result<ExitCode, Fail> {
    let s3 = c.s3.as_deref().map(parse_s3).transpose()?;
    let config = Config { key_file: c.key_file, database: c.database, s3, ..Config::default() };
    let key = config.key_path(&at.data);
    App::init(&at.data, config)?;
    if at.json {
        output::json(&serde_json::json!({ "data": at.data, "key_file": key }))?;
    } else {
        output::line(format!("已建立数据目录 {}", at.data.display()));
        output::line(format!("主密钥在 {}，丢失后数据无法打开：请立即另存一份到安全的地方。", key.display()));
        output::line("下一步：juanzong serve --listen 127.0.0.1:8080");
    }
    Ok(ExitCode::SUCCESS)
}

fn parse_s3(text: &str) -> Result<S3, Fail> {
    let parts: Vec<&str> = text.split(',').collect();
    let [endpoint, bucket, access_key, secret_key] = parts[..] else {
        return Err(Fail::refused(
            "config.s3",
            "--s3 须写成 地址,桶,访问密钥,私有密钥 四项，用英文逗号隔开。",
        ));
    };
    Ok(S3 {
        endpoint: endpoint.into(),
        bucket: bucket.into(),
        region: None,
        prefix: None,
        access_key: access_key.into(),
        secret_key: secret_key.into(),
    })
}
