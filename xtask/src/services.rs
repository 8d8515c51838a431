//! Servers that the tests talk to. Each lives in a folder of its own and dies with its guard.
//!
//! A server is started through a small shell wrapper that waits on a pipe from
//! this process. When the pipe closes, whatever the reason (the guard is
//! dropped, this process is killed, someone presses Ctrl C), the wrapper stops
//! the server and removes its folder. The standard library alone could not do that for signals.

use std::fs;
use std::io::{Read as _, Write as _};
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
signal=$1; folder=$2; shift 2
"$@" </dev/null &
server=$!
cat >/dev/null
kill -s "$signal" "$server" 2>/dev/null
( sleep 10; kill -s KILL "$server" ) >/dev/null 2>&1 &
killer=$!
wait "$server" 2>/dev/null
kill "$killer" 2>/dev/null
rm -rf "$folder"
"#;

/// A running server and its folder; both are gone when this is dropped.
pub struct Server {
    wrapper: Child,
    pipe: Option<ChildStdin>,
    /// What a test reads from its environment.
    pub variable: (&'static str, String),
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.pipe.take());
        let _ = self.wrapper.wait();
    }
}

/// Starts `words` with its output in `folder/log`. `stop` is the signal that ends it well.
fn start(words: Vec<String>, stop: &str, folder: &Path) -> Result<(Child, Option<ChildStdin>), String> {
    let log = folder.join("log");
    let say = |e: std::io::Error| format!("{}：{e}", log.display());
    let out = fs::File::create(&log).map_err(say)?;
    let err = out.try_clone().map_err(say)?;
    let mut wrapper = Command::new("sh");
    wrapper.args(["-c", WRAPPER, "wrapper", stop]).arg(folder).args(words);
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
    while start.elapsed() < Duration::from_mins(1) {
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

/// Both servers for work by hand, until the terminal says stop.
pub fn show(place: &Place) -> Result<(), String> {
    let servers = [postgres()?, s3(place)?];
    for Server { variable: (name, value), .. } in &servers {
        println!("export {name}={value}");
    }
    println!("按 Ctrl C 停止");
    // Reads until the terminal closes; Ctrl C ends the process, and the pipes end the servers.
    let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
    Ok(())
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
    let (wrapper, pipe) = start(server, "QUIT", &dir)?;
    let url = format!("postgres://juanzong@127.0.0.1:{port}/juanzong");
    let server = Server { wrapper, pipe, variable: ("JZ_TEST_PG", url) };
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

/// A real S3 server (`SeaweedFS`) with one user and one bucket.
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
    let log = dir.join("log");
    let text = |path: &Path| path.to_string_lossy().into_owned();
    let data = dir.join("data");
    fs::create_dir(&data).map_err(|e| format!("{}：{e}", data.display()))?;
    let mut words = vec![text(&weed), "server".into(), format!("-dir={}", text(&data))];
    // A bucket reserves seven volumes, so the default of eight is gone with the first one. Two table
    // services listen on fixed ports and usage is reported to the vendor, unless switched off.
    let fixed = "-ip=127.0.0.1 -ip.bind=127.0.0.1 -filer -s3 -volume.max=100 -master.volumeSizeLimitMB=64 \
                 -s3.port.iceberg=0 -s3.port.lance=0 -master.telemetry=false";
    words.extend(fixed.split_whitespace().map(str::to_owned));
    words.push(format!("-s3.config={}", text(&config)));
    // Every part listens twice: on its port, and on that port + 10000 unless told otherwise.
    let (filer, port) = (free_port()?, free_port()?);
    words.push(format!("-filer.port={filer}"));
    words.push(format!("-s3.port={port}"));
    for other in [
        "master.port",
        "master.port.grpc",
        "volume.port",
        "volume.port.grpc",
        "filer.port.grpc",
        "s3.port.grpc",
    ] {
        words.push(format!("-{other}={}", free_port()?));
    }
    let (wrapper, pipe) = start(words, "TERM", &dir)?;
    let value = format!("http://127.0.0.1:{port},{BUCKET},juanzong,juanzong-test");
    let server = Server { wrapper, pipe, variable: ("JZ_TEST_S3", value) };
    // A bucket is a folder of the filer; making it there needs no signed request. 403 says that
    // the S3 part is up, knows its users, and wants a signature.
    wait_for("SeaweedFS", &log, || {
        matches!(http(filer, "POST", &format!("/buckets/{BUCKET}/")), Some(200..300 | 409))
            && http(port, "GET", &format!("/{BUCKET}/")) == Some(403)
    })?;
    println!("S3（SeaweedFS）在 127.0.0.1:{port}");
    Ok(server)
}

const BUCKET: &str = "juanzong-test";
const S3_USER: &str = r#"{"identities":[{"name":"juanzong","credentials":[{"accessKey":"juanzong","secretKey":"juanzong-test"}],"actions":["Admin","Read","Write","List","Tagging"]}]}"#;

/// The status of a request without a body, or nothing while nobody answers.
fn http(port: u16, method: &str, path: &str) -> Option<u16> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
    write!(stream, "{method} {path} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 0\r\n\r\n").ok()?;
    let mut answer = String::new();
    let _ = stream.take(64).read_to_string(&mut answer);
    answer.split_whitespace().nth(1)?.parse().ok()
}
