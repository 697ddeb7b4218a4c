//! The way to a witness 〔见证人〕: one question, one answer, bounded in time and in bytes.
//!
//! What is asked and what an answer is worth is the protocol's to say (`tlog::witness`); here is only the wire.

use std::time::Duration;

/// How long one answer may take, from the name look-up to its last byte: whoever waits for a seal waits for this too.
const ANSWER_TIME: Duration = Duration::from_secs(1);

/// 〔见证人答复〕 What came back, believed by nobody yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WitnessAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The media type; empty if there is none.
    pub media_type: String,
    /// The body.
    pub body: Vec<u8>,
}

/// Why nothing came back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WitnessUnreached {
    /// There was no whole answer in time.
    #[error("见证人没有在一秒内答复，稍后会再问")]
    Slow,
    /// The answer is longer than any answer may be.
    #[error("见证人的答复过长，已丢弃")]
    TooLong,
    /// It, or what stands before it, is out of order.
    #[error("见证人暂时不能答复（状态 {0}），稍后会再问")]
    OutOfOrder(u16),
    /// The network, or what stands in its way.
    #[error("连不上见证人：{0}，稍后会再问")]
    Unreachable(String),
}

/// 〔见证人的门〕 Asks witnesses; connections are kept and shared by its clones.
#[derive(Debug, Clone)]
pub struct WitnessDoor {
    agent: ureq::Agent,
}

impl Default for WitnessDoor {
    fn default() -> WitnessDoor {
        WitnessDoor::answering_within(ANSWER_TIME)
    }
}

impl WitnessDoor {
    fn answering_within(time: Duration) -> WitnessDoor {
        // An answer from elsewhere is not the witness's: redirections are answers like any other.
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(time))
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .user_agent(concat!("shanji/", env!("CARGO_PKG_VERSION")))
            .build();
        WitnessDoor {
            agent: config.into(),
        }
    }

    /// Sends a text and waits on this thread for at most `limit` bytes.
    ///
    /// # Errors
    /// Nothing whole came back in time.
    pub fn post(
        &self,
        url: &str,
        text: &str,
        limit: usize,
    ) -> Result<WitnessAnswer, WitnessUnreached> {
        let asked = self
            .agent
            .post(url)
            .content_type("text/plain; charset=utf-8");
        read(asked.send(text).map_err(unreached)?, limit)
    }

    /// Reads what stands at an address, and waits on this thread for at most `limit` bytes.
    ///
    /// # Errors
    /// Nothing whole came back in time.
    pub fn get(&self, url: &str, limit: usize) -> Result<WitnessAnswer, WitnessUnreached> {
        read(self.agent.get(url).call().map_err(unreached)?, limit)
    }
}

fn read(
    mut answer: ureq::http::Response<ureq::Body>,
    limit: usize,
) -> Result<WitnessAnswer, WitnessUnreached> {
    let media_type = answer
        .headers()
        .get("content-type")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    let limit = u64::try_from(limit).unwrap_or(u64::MAX);
    let body = answer.body_mut().with_config().limit(limit).read_to_vec();
    Ok(WitnessAnswer {
        status: answer.status().as_u16(),
        media_type,
        body: body.map_err(unreached)?,
    })
}

fn unreached(error: ureq::Error) -> WitnessUnreached {
    match error {
        ureq::Error::Timeout(_) => WitnessUnreached::Slow,
        ureq::Error::BodyExceedsLimit(_) => WitnessUnreached::TooLong,
        other => WitnessUnreached::Unreachable(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::net::TcpListener;

    /// Answers one request with these bytes, then holds the line until the client lets go.
    fn once(answer: &'static [u8]) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut asked = [0; 4_096];
            let read = stream.read(&mut asked).unwrap();
            let asked_for = str::from_utf8(&asked[..read]).unwrap();
            assert!(
                asked_for.starts_with("POST /add-checkpoint HTTP/1.1\r\n")
                    || asked_for.starts_with("GET /add-checkpoint HTTP/1.1\r\n"),
                "{asked_for}"
            );
            stream.write_all(answer).unwrap();
            // Ends when the client closes, because it has its answer or its time is over.
            while stream.read(&mut asked).is_ok_and(|read| read > 0) {}
        });
        format!("http://{address}/add-checkpoint")
    }

    fn ask(answer: &'static [u8]) -> Result<WitnessAnswer, WitnessUnreached> {
        let door = WitnessDoor::answering_within(Duration::from_millis(300));
        door.post(&once(answer), "old 0\n", 8)
    }

    #[test]
    fn an_answer_is_taken_as_it_is() {
        let conflict = ask(
            b"HTTP/1.1 409 Conflict\r\ncontent-type: text/x.tlog.size\r\ncontent-length: 2\r\n\r\n5\n",
        );
        let want = WitnessAnswer {
            status: 409,
            media_type: "text/x.tlog.size".into(),
            body: b"5\n".to_vec(),
        };
        assert_eq!(conflict, Ok(want));
        let moved = ask(
            b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:9/\r\ncontent-length: 0\r\n\r\n",
        );
        assert_eq!(moved.unwrap().status, 302);
    }

    #[test]
    fn what_stands_there_is_read_within_its_limit() {
        let door = WitnessDoor::answering_within(Duration::from_millis(300));
        let kept = once(b"HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\n12345678");
        assert_eq!(door.get(&kept, 8).unwrap().body, b"12345678");
        let long = once(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n123456789");
        assert_eq!(door.get(&long, 8), Err(WitnessUnreached::TooLong));
        let late = once(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n12");
        assert_eq!(door.get(&late, 8), Err(WitnessUnreached::Slow));
    }

    #[test]
    fn what_is_long_late_or_broken_is_nothing() {
        let long = ask(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n123456789");
        assert_eq!(long, Err(WitnessUnreached::TooLong));
        let late = ask(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n12");
        assert_eq!(late, Err(WitnessUnreached::Slow));
        let broken = ask(b"no HTTP at all\r\n\r\n");
        assert!(
            matches!(broken, Err(WitnessUnreached::Unreachable(_))),
            "{broken:?}"
        );
        let nobody = WitnessDoor::default().post("http://127.0.0.1:1/add-checkpoint", "", 8);
        assert!(
            matches!(nobody, Err(WitnessUnreached::Unreachable(_))),
            "{nobody:?}"
        );
    }
}
