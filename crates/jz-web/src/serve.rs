//! Accepts connections within limits: slow or idle clients cannot keep others out.
//!
//! Own accept loop on hyper's HTTP/1, because the ready-made one sets no time limits:
//! a deadline for the head, a least pace for the body, and a bound per address.

use crate::pace::Pace;
use axum::{Router, extract::ConnectInfo};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::{
    collections::HashMap,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::net::TcpListener;
use tower::ServiceExt as _;

/// How much one client may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Connections from one address at the same time.
    pub per_address: usize,
    /// Time for the head of a request.
    pub head: Duration,
    /// Longest life of a connection; uploads and event streams need hours, not days.
    pub connection: Duration,
    /// How fast a body must come.
    pub pace: Pace,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            per_address: 200,
            head: Duration::from_secs(10),
            connection: Duration::from_secs(4 * 3600),
            pace: Pace::default(),
        }
    }
}

#[derive(Clone, Default)]
struct Seats(Arc<Mutex<HashMap<IpAddr, usize>>>);

struct Seat(Seats, IpAddr);

impl Seats {
    fn take(&self, ip: IpAddr, most: usize) -> Option<Seat> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let n = all.entry(ip).or_default();
        if *n >= most {
            return None;
        }
        *n += 1;
        drop(all);
        Some(Seat(self.clone(), ip))
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut all = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(n) = all.get_mut(&self.1) {
            *n -= 1;
            if *n == 0 {
                all.remove(&self.1);
            }
        }
    }
}

/// Serves until `stop` resolves, then lets running requests end for a moment.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    stop: impl Future<Output = ()> + Send,
) -> std::io::Result<()> {
    let seats = Seats::default();
    let mut stop = std::pin::pin!(stop);
    loop {
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(x) => x,
                Err(e) => {
                    // Out of descriptors: wait for some to come back rather than spin.
                    tracing::warn!(error = %e, "accept failed");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
            () = &mut stop => return Ok(()),
        };
        let Some(seat) = seats.take(peer.ip(), limits.per_address) else { continue };
        let router = router.clone();
        tokio::spawn(async move {
            let _seat = seat;
            connection(stream, peer, router, limits).await;
        });
    }
}

async fn connection(stream: tokio::net::TcpStream, peer: SocketAddr, router: Router, limits: Limits) {
    // Small answers should not wait for each other; failing to say so costs speed only.
    let _ = stream.set_nodelay(true);
    let service = hyper::service::service_fn(move |req: hyper::Request<hyper::body::Incoming>| {
        let mut req = req.map(|body| limits.pace.keep(axum::body::Body::new(body)));
        req.extensions_mut().insert(ConnectInfo(peer));
        router.clone().oneshot(req)
    });
    let serving = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_buf_size(64 * 1024)
        .serve_connection(TokioIo::new(stream), service);
    match tokio::time::timeout(limits.connection, serving).await {
        // A client that goes away is no event.
        Ok(_) | Err(_) => {}
    }
}
