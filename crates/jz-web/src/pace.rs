//! A body must keep coming: whoever sends a byte now and then holds a connection, a
//! temporary file and a worker for nothing.

use axum::body::{Body, Bytes};
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use std::{
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Wake, Waker, ready},
    time::Duration,
};
use tokio::time::{Instant, Sleep};

/// The least that a sender must do. Only waiting for the sender counts: while we store and
/// read what came, nothing is asked of anybody.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Waiting that costs nothing.
    pub grace: Duration,
    /// Bytes a second of waiting on the average afterwards.
    pub rate: u64,
}

impl Default for Pace {
    fn default() -> Self {
        Self { grace: Duration::from_secs(20), rate: 8 * 1024 }
    }
}

impl Pace {
    /// The body, which fails when it falls behind.
    pub fn keep(self, body: Body) -> Body {
        if body.is_end_stream() {
            return body;
        }
        let alarm = Box::pin(tokio::time::sleep(Duration::ZERO));
        let (waited, bell) = (Duration::ZERO, Arc::default());
        Body::new(Paced { body, pace: self, got: 0, waited, since: None, bell, alarm })
    }

    /// How long one may have waited for so many bytes.
    fn allowed(self, got: u64) -> Duration {
        self.grace + Duration::from_millis(got.saturating_mul(1_000) / self.rate.max(1))
    }
}

/// Remembers when something came, which may be long before anybody looks: the parser of
/// forms asks ahead, and then we are busy with what it has.
#[derive(Default)]
struct Bell(Mutex<(Option<Waker>, Option<Instant>)>);

impl Bell {
    fn lock(&self) -> MutexGuard<'_, (Option<Waker>, Option<Instant>)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        let waker = {
            let mut inside = self.lock();
            inside.1.get_or_insert_with(Instant::now);
            inside.0.clone()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

struct Paced {
    body: Body,
    pace: Pace,
    got: u64,
    /// Waiting that is over, and the beginning of the one that is not.
    waited: Duration,
    since: Option<Instant>,
    bell: Arc<Bell>,
    alarm: Pin<Box<Sleep>>,
}

impl HttpBody for Paced {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let rang = {
            let mut inside = self.bell.lock();
            inside.0 = Some(cx.waker().clone());
            inside.1.take()
        };
        let bell = Waker::from(Arc::clone(&self.bell));
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(&mut Context::from_waker(&bell)) {
            if let Some(since) = self.since.take() {
                self.waited += rang.unwrap_or_else(Instant::now).saturating_duration_since(since);
            }
            if let Some(data) = frame.as_ref().and_then(|f| f.as_ref().ok()).and_then(Frame::data_ref) {
                self.got = self.got.saturating_add(data.len() as u64);
            }
            return Poll::Ready(frame);
        }
        if self.since.is_none() {
            let now = Instant::now();
            let left = self.pace.allowed(self.got).saturating_sub(self.waited);
            self.since = Some(now);
            self.alarm.as_mut().reset(now + left);
        }
        ready!(self.alarm.as_mut().poll(cx));
        Poll::Ready(Some(Err(axum::Error::new(std::io::Error::from(std::io::ErrorKind::TimedOut)))))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::BodyExt as _;

    #[test]
    fn more_bytes_buy_more_time() {
        let pace = Pace { grace: Duration::from_secs(1), rate: 1_000 };
        assert_eq!(pace.allowed(0), Duration::from_secs(1));
        assert_eq!(pace.allowed(5_000), Duration::from_secs(6));
    }

    #[tokio::test]
    async fn a_body_that_stops_fails_and_one_that_comes_does_not() {
        let pace = Pace { grace: Duration::from_millis(20), rate: 1 };
        let whole = pace.keep(Body::from("入党申请书")).collect().await;
        assert_eq!(whole.map(|b| b.to_bytes().len()).ok(), Some(15));
        let stalled = Body::from_stream(tokio_stream::pending::<Result<Bytes, std::io::Error>>());
        assert!(pace.keep(stalled).collect().await.is_err());
    }

    #[tokio::test]
    async fn our_own_slowness_is_not_the_senders() {
        let pace = Pace { grace: Duration::from_millis(400), rate: 1_000_000 };
        let (send, pieces) = tokio::sync::mpsc::channel::<Result<Bytes, std::io::Error>>(1);
        let mut body = pace.keep(Body::from_stream(tokio_stream::wrappers::ReceiverStream::new(pieces)));
        for piece in [&b"1"[..], b"2", b"3"] {
            // Asked ahead, as the parser of forms does; then the piece comes, and we are busy.
            let ahead = tokio::time::timeout(Duration::from_millis(1), body.frame()).await;
            assert!(ahead.is_err(), "nothing is there yet");
            assert!(send.send(Ok(Bytes::from_static(piece))).await.is_ok());
            tokio::time::sleep(Duration::from_millis(300)).await;
            assert!(body.frame().await.is_some_and(|f| f.is_ok()));
        }
        // A wait that is the sender's counts as before.
        assert!(body.frame().await.is_some_and(|f| f.is_err()));
    }
}
