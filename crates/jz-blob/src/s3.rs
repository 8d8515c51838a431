//! Objects in an S3-compatible store (Ceph, SeaweedFS, Garage, …).
//!
//! The store never sees a key or a plaintext. Acknowledged means: the server
//! answered the put. The functions block on a small runtime of their own, so
//! call them from a thread that may block, never from an async task.

use std::fs;
use std::time::{Duration, SystemTime};

use opendal::layers::{RetryLayer, TimeoutLayer};
use opendal::options::ListOptions;

use opendal::{
    BytesRange, EntryMode, ErrorKind, HttpTransporter, Lister, OperationContext, Operator, services,
};
use opendal_http_transport_reqwest::ReqwestTransport;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task::JoinSet;
use tokio_stream::StreamExt;
use zeroize::Zeroizing;

use crate::name::{Blobs, Entry, Listing, Placed, Staged, When};
use crate::{Error, ObjectName, Result};

/// Uploads that run at the same time within one batch.
const PARALLEL: usize = 8;
/// Bigger objects are uploaded in parts of this size.
const PART: usize = 16 << 20;

/// Where the store is and how to get in.
pub struct S3Config {
    /// `https://host:port`
    pub endpoint: String,
    /// Region name; many stores take any, "us-east-1" is customary.
    pub region: String,
    /// The bucket.
    pub bucket: String,
    /// Folder inside the bucket, for several installations in one; may be empty.
    pub prefix: String,
    /// Access key id.
    pub key_id: String,
    /// Secret access key.
    pub secret: Zeroizing<String>,
}

/// A bucket of objects.
pub struct S3 {
    operator: Operator,
    handle: Handle,
    // An option only because a runtime must be given away to be shut down without waiting.
    runtime: Option<Runtime>,
}

impl S3 {
    /// Prepares the connection; the first request is made by the first call.
    pub fn open(config: &S3Config) -> Result<Self> {
        let doing = "be configured";
        // Whoever comes first decides for the process; any provider is fine for us.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("objects")
            .enable_all()
            .build()
            .map_err(Error::io("start the object store client"))?;
        let client = reqwest::Client::builder().build().map_err(remote(doing))?;
        let transport = HttpTransporter::new(ReqwestTransport::new(client));
        let service = services::S3::default()
            .endpoint(&config.endpoint)
            .region(&config.region)
            .bucket(&config.bucket)
            .root(&config.prefix)
            .access_key_id(&config.key_id)
            .secret_access_key(&config.secret)
            .disable_config_load()
            .disable_ec2_metadata();
        let operator = Operator::new(service)
            .map_err(remote(doing))?
            .with_context(OperationContext::new().with_http_transport(transport))
            .layer(TimeoutLayer::new().with_timeout(Duration::from_secs(30)))
            .layer(RetryLayer::new().with_jitter().with_max_times(4));
        Ok(Self { operator, handle: runtime.handle().clone(), runtime: Some(runtime) })
    }
}

impl S3 {
    /// At most `len` bytes of the range.
    async fn read(&self, name: &ObjectName, range: BytesRange, len: u64) -> opendal::Result<Vec<u8>> {
        let mut parts = self.operator.reader(&name.path()).await?.into_stream(range).await?;
        let mut bytes = Vec::new();
        while let Some(part) = parts.try_next().await? {
            bytes.extend_from_slice(&part.to_bytes());
            if bytes.len() as u64 >= len {
                bytes.truncate(len as usize);
                break;
            }
        }
        Ok(bytes)
    }
}

impl Drop for S3 {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Blobs for S3 {
    fn put(&self, batch: &[Staged], when: When) -> Result<Vec<Placed>> {
        let work = async {
            let mut placed = vec![Placed::Existed; batch.len()];
            let mut running = JoinSet::new();
            let mut waiting = batch.iter().cloned().enumerate();
            loop {
                while running.len() < PARALLEL
                    && let Some((index, staged)) = waiting.next()
                {
                    let operator = self.operator.clone();
                    running.spawn(async move { Ok((index, upload(&operator, &staged, when).await?)) });
                }
                let Some(done) = running.join_next().await else { return Ok(placed) };
                let (index, outcome) = done.map_err(remote("finish an upload"))??;
                placed[index] = outcome;
            }
        };
        self.handle.block_on(work)
    }

    fn get(&self, name: &ObjectName, offset: u64, len: u64) -> Result<Option<Vec<u8>>> {
        let end = offset.saturating_add(len);
        // From the start the length may be a guess: read on until there is enough.
        let range = if offset == 0 { BytesRange::from(..) } else { BytesRange::from(offset..end) };
        let error = match self.handle.block_on(self.read(name, range, len)) {
            Ok(bytes) => return Ok(Some(bytes)),
            Err(e) if e.kind() == ErrorKind::NotFound => return Ok(None),
            Err(e) => e,
        };
        // The client takes an answer shorter than the range for a failure; here it is the end of the object.
        match self.head(name)? {
            Some(size) if size <= offset => Ok(Some(Vec::new())),
            Some(size) if size < end => {
                let rest = self.read(name, BytesRange::from(offset..size), len);
                Ok(Some(self.handle.block_on(rest).map_err(remote("read an object"))?))
            }
            _ => Err(remote("read an object")(error)),
        }
    }

    fn head(&self, name: &ObjectName) -> Result<Option<u64>> {
        self.handle.block_on(async {
            match self.operator.stat(&name.path()).await {
                Ok(metadata) => Ok(Some(metadata.content_length())),
                Err(e) if e.kind() == ErrorKind::NotFound => Ok(None),
                Err(e) => Err(remote("look for an object")(e)),
            }
        })
    }

    fn delete(&self, name: &ObjectName) -> Result<bool> {
        // S3 says "deleted" whether or not there was anything.
        let existed = self.head(name)?.is_some();
        self.handle.block_on(async {
            self.operator.delete(&name.path()).await.map_err(remote("delete an object"))
        })?;
        Ok(existed)
    }

    fn list(&self) -> Result<Listing<'_>> {
        let doing = "list the objects";
        let options = ListOptions { recursive: true, ..ListOptions::default() };
        let lister = self
            .handle
            .block_on(async { self.operator.lister_options("", options).await.map_err(remote(doing)) })?;
        Ok(Box::new(Pages { s3: self, lister: Some(lister) }))
    }
}

/// The listing, fetched page by page.
struct Pages<'a> {
    s3: &'a S3,
    lister: Option<Lister>,
}

impl Iterator for Pages<'_> {
    type Item = Result<Entry>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let lister = self.lister.as_mut()?;
            let next = self
                .s3
                .handle
                .block_on(async { lister.try_next().await.map_err(remote("list the objects")) });
            match next {
                Ok(Some(entry)) if entry.metadata().mode() == EntryMode::DIR => {}
                Ok(Some(entry)) => {
                    let (path, metadata) = (entry.path().to_owned(), entry.metadata());
                    let name = ObjectName::from_path(&path);
                    let modified = metadata.last_modified().map(SystemTime::from);
                    return Some(Ok(Entry { path, name, size: metadata.content_length(), modified }));
                }
                Ok(None) => return None,
                Err(e) => {
                    // A broken listing must not look like a short one that goes on.
                    self.lister = None;
                    return Some(Err(e));
                }
            }
        }
    }
}

async fn upload(operator: &Operator, staged: &Staged, when: When) -> Result<Placed> {
    let bytes = fs::read(&staged.file).map_err(Error::io("read the temporary file"))?;
    let path = staged.name.path();
    let mut write = operator.write_with(&path, bytes).chunk(PART);
    if when == When::Absent {
        write = write.if_not_exists(true);
    }
    match write.await {
        Ok(_) => Ok(Placed::Stored),
        // Also the answer to a repeated request whose first try did arrive.
        Err(e) if e.kind() == ErrorKind::ConditionNotMatch => Ok(Placed::Existed),
        Err(e) => Err(remote("store an object")(e)),
    }
}

fn remote<E: std::error::Error + Send + Sync + 'static>(doing: &'static str) -> impl FnOnce(E) -> Error {
    move |e| Error::Remote { doing, source: Box::new(e) }
}
