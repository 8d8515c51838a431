//! Servers that the tests talk to. Each lives in a folder of its own and dies with its guard.
//!
//! A server is started through a small shell wrapper that waits on a pipe from
//! this process. When the pipe closes, whatever the reason (the guard is
//! dropped, this process is killed, someone presses Ctrl C), the wrapper stops
//! the server. The standard library alone could not do that for signals.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::place::{Place, which};
use crate::setup;
use crate::sh;

const WRAPPER: &str = r#"
trap '' INT HUP
signal=$1; shift
"$@" </dev/null &
server=$!
cat >/dev/null
kill -s "$signal" "$server" 2>/dev/null
( sleep 10; kill -s KILL "$server" ) >/dev/null 2>&1 &
killer=$!
wait "$server" 2>/dev/null
kill "$killer" 2>/dev/null
"#;

/// A running server and its folder; both are gone when this is dropped.
pub struct Server {
    wrapper: Child,
    pipe: Option<ChildStdin>,
    folder: PathBuf,
    /// What a test reads from its environment.
    pub variable: (&'static str, String),
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.pipe.take());
        let _ = self.wrapper.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Starts `words` with its output in `log`. `stop` is the signal that ends it well.
fn start(words: &mut Vec<String>, stop: &str, log: &Path) -> Result<(Child, Option<ChildStdin>), String> {
    let say = |e: std::io::Error| format!("{}：{e}", log.display());
    let out = fs::File::create(log).map_err(say)?;
    let err = out.try_clone().map_err(say)?;
    let mut wrapper = Command::new("sh");
    wrapper.args(["-c", WRAPPER, "wrapper", stop]).args(words.drain(..));
    let spawned = wrapper.stdin(Stdio::piped()).stdout(out).stderr(err).spawn();
    let mut child = spawned.map_err(|e| format!("无法启动 sh：{e}"))?;
    let pipe = child.stdin.take();
    Ok((child, pipe))
}

/// A port that nobody listens on now.
pub fn free_port() -> Result<u16, String> {
    let listener = TcpListener::bind("127.0.0.1:0").map_err(|e| format!("没有可用端口：{e}"))?;
    listener.local_addr().map(|a| a.port()).map_err(|e| e.to_string())
}

/// An empty folder for one server.
fn folder(kind: &str) -> Result<PathBuf, String> {
    let dir = std::env::temp_dir().join(format!("juanzong-{kind}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&dir);
    fs::create_dir_all(&dir).map_err(|e| format!("{}：{e}", dir.display()))?;
    Ok(dir)
}

/// Waits until `ready`, or tells the end of the log.
fn wait_for(what: &str, log: &Path, mut ready: impl FnMut() -> bool) -> Result<(), String> {
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(60) {
        if ready() {
            return Ok(());
        }
        thread::sleep(Duration::from_millis(100));
    }
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    let tail = lines[lines.len().saturating_sub(15)..].join("\n");
    Err(format!("{what} 在 60 秒内没有就绪。日志末尾：\n{tail}"))
}

/// A PostgreSQL cluster of our own, UTF-8, without the syncs that a test does not need.
pub fn postgres() -> Result<Server, String> {
    let bin = setup::postgres_bin().ok_or("没有找到 PostgreSQL 服务器程序，请先运行 cargo xtask setup")?;
    let dir = folder("postgres")?;
    let data = dir.join("data");
    fs::create_dir(&data).map_err(|e| format!("{}：{e}", data.display()))?;

    // PostgreSQL refuses to run as root; Debian's package makes a user for it.
    let as_user: Vec<String> = if setup::root() {
        sh::output(Command::new("chown").args(["-R", "postgres:"]).arg(&dir))?;
        ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"].map(str::to_owned).to_vec()
    } else {
        Vec::new()
    };
    let words = |program: &str, args: &[&str]| -> Vec<String> {
        let mut all = as_user.clone();
        all.push(bin.join(program).to_string_lossy().into_owned());
        all.extend(args.iter().map(|a| (*a).to_owned()));
        all
    };

    let data = data.to_string_lossy().into_owned();
    let init = words(
        "initdb",
        &["-D", &data, "-U", "juanzong", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
    );
    sh::output(Command::new(&init[0]).args(&init[1..]).current_dir(&dir))?;

    let port = free_port()?.to_string();
    let mut server = words("postgres", &["-D", &data, "-p", &port]);
    for setting in [
        "listen_addresses=127.0.0.1",
        "unix_socket_directories=",
        "fsync=off",
        "full_page_writes=off",
        "synchronous_commit=off",
        "max_connections=200",
        "log_min_messages=warning",
    ] {
        server.extend(["-c".to_owned(), setting.to_owned()]);
    }
    let log = dir.join("log");
    let (wrapper, pipe) = start(&mut server, "QUIT", &log)?;
    let url = format!("postgres://juanzong@127.0.0.1:{port}/juanzong");
    let server = Server { wrapper, pipe, folder: dir, variable: ("JZ_TEST_PG", url) };
    let client = |program: &str| {
        let mut client = Command::new(bin.join(program));
        client.args(["-h", "127.0.0.1", "-p", &port, "-U", "juanzong"]);
        client
    };
    wait_for("PostgreSQL", &log, || sh::output(client("pg_isready").args(["-d", "postgres"])).is_ok())?;
    sh::output(client("createdb").arg("juanzong"))?;
    println!("PostgreSQL 在 127.0.0.1:{port}");
    Ok(server)
}

/// A real S3 server (`SeaweedFS`) with one user.
pub fn s3(place: &Place) -> Result<Server, String> {
    let weed = place.venv().join("bin/weed");
    let weed = if weed.is_file() {
        weed
    } else {
        which("weed").ok_or("没有找到 weed，请先运行 cargo xtask setup")?
    };
    let dir = folder("s3")?;
    let config = dir.join("s3.json");
    fs::write(&config, S3_USER).map_err(|e| format!("{}：{e}", config.display()))?;
    let port = free_port()?;
    let log = dir.join("log");
    let text = |path: &Path| path.to_string_lossy().into_owned();
    let data = dir.join("data");
    fs::create_dir(&data).map_err(|e| format!("{}：{e}", data.display()))?;
    let mut words =
        vec![text(&weed), "server".into(), format!("-dir={}", text(&data)), "-ip=127.0.0.1".into()];
    words.extend(
        ["-ip.bind=127.0.0.1", "-s3", "-volume.max=100", "-master.volumeSizeLimitMB=64"].map(str::to_owned),
    );
    words.push(format!("-s3.config={}", text(&config)));
    words.push(format!("-s3.port={port}"));
    // Every part listens twice, on its port and on that port + 10000 unless told otherwise.
    for part in ["master", "volume", "filer", "s3"] {
        if part != "s3" {
            words.push(format!("-{part}.port={}", free_port()?));
        }
        words.push(format!("-{part}.port.grpc={}", free_port()?));
    }
    let (wrapper, pipe) = start(&mut words, "TERM", &log)?;
    let url = format!("http://juanzong:juanzong-test@127.0.0.1:{port}/juanzong");
    let server = Server { wrapper, pipe, folder: dir, variable: ("JZ_TEST_S3", url) };
    wait_for("SeaweedFS", &log, || TcpStream::connect(("127.0.0.1", port)).is_ok())?;
    println!("S3（SeaweedFS）在 127.0.0.1:{port}");
    Ok(server)
}

const S3_USER: &str = r#"{"identities":[{"name":"juanzong","credentials":[{"accessKey":"juanzong","secretKey":"juanzong-test"}],"actions":["Admin","Read","Write","List","Tagging"]}]}"#;
