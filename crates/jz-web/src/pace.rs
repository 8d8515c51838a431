//! A body must keep coming: whoever sends a byte now and then holds a connection, a
//! temporary file and a worker for nothing.

use axum::body::{Body, Bytes};
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use std::{
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::time::{Instant, Sleep};

/// The least that a sender must do.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Nothing is asked for this long.
    pub grace: Duration,
    /// Bytes a second on the average afterwards.
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
        let start = Instant::now();
        let late = Box::pin(tokio::time::sleep_until(start + self.grace));
        Body::new(Paced { body, pace: self, start, got: 0, late })
    }

    /// When `got` bytes are too few.
    fn due(self, start: Instant, got: u64) -> Instant {
        start + self.grace + Duration::from_millis(got.saturating_mul(1_000) / self.rate.max(1))
    }
}

struct Paced {
    body: Body,
    pace: Pace,
    start: Instant,
    got: u64,
    late: Pin<Box<Sleep>>,
}

impl HttpBody for Paced {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(cx) {
            if let Some(data) = frame.as_ref().and_then(|f| f.as_ref().ok()).and_then(Frame::data_ref) {
                self.got = self.got.saturating_add(data.len() as u64);
                let due = self.pace.due(self.start, self.got);
                self.late.as_mut().reset(due);
            }
            return Poll::Ready(frame);
        }
        ready!(self.late.as_mut().poll(cx));
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
        let start = Instant::now();
        let pace = Pace { grace: Duration::from_secs(1), rate: 1_000 };
        assert_eq!(pace.due(start, 0) - start, Duration::from_secs(1));
        assert_eq!(pace.due(start, 5_000) - start, Duration::from_secs(6));
    }

    #[tokio::test]
    async fn a_body_that_stops_fails_and_one_that_comes_does_not() {
        let pace = Pace { grace: Duration::from_millis(20), rate: 1 };
        let whole = pace.keep(Body::from("入党申请书")).collect().await;
        assert_eq!(whole.map(|b| b.to_bytes().len()).ok(), Some(15));
        let stalled = Body::from_stream(tokio_stream::pending::<Result<Bytes, std::io::Error>>());
        assert!(pace.keep(stalled).collect().await.is_err());
    }
}
