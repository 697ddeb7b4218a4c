//! A light HTTP/1.1 client for benches: one kept-open connection, requests made before the clock starts.
//!
//! It shares the machine's cores with the server, so it does as little as it can: whole requests are written as
//! they are, answers are read for their status and their length.

use std::io;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Most bytes of an answer that is looked at.
const ANSWER_MAX: usize = 1 << 20;

/// What came back.
#[derive(Debug)]
pub(super) struct Reply<'a> {
    /// The status.
    pub(super) status: u16,
    /// The body.
    pub(super) body: &'a [u8],
}

/// A connection that is kept open.
#[derive(Debug)]
pub(super) struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Client {
    /// Opens a connection to `address`.
    ///
    /// # Errors
    /// Nobody listens there.
    pub(super) async fn open(address: &str) -> io::Result<Client> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Client {
            stream,
            buffer: Vec::with_capacity(4_096),
        })
    }

    /// Sends one request and waits for its answer.
    ///
    /// # Errors
    /// The connection ended, or the answer is none that this client can read.
    pub(super) async fn ask(&mut self, request: &[u8]) -> io::Result<Reply<'_>> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        loop {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if let Some((status, start, end)) = head(&self.buffer)? {
                while self.buffer.len() < end {
                    if self.stream.read_buf(&mut self.buffer).await? == 0 {
                        return Err(io::ErrorKind::UnexpectedEof.into());
                    }
                }
                let body = self.buffer.get(start..end).unwrap_or_default();
                return Ok(Reply { status, body });
            }
        }
    }
}

/// Status, start and end of the body, once the whole head has arrived.
fn head(bytes: &[u8]) -> io::Result<Option<(u16, usize, usize)>> {
    let bad = |why: &str| io::Error::new(io::ErrorKind::InvalidData, why.to_owned());
    let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
        return if bytes.len() > ANSWER_MAX {
            Err(bad("head too long"))
        } else {
            Ok(None)
        };
    };
    let text = bytes
        .get(..end)
        .and_then(|head| std::str::from_utf8(head).ok());
    let text = text.ok_or_else(|| bad("head is no text"))?;
    let status = text.get(9..12).and_then(|code| code.parse().ok());
    let status = status.ok_or_else(|| bad("no status"))?;
    let mut length = 0;
    for line in text.lines() {
        let Some((name, value)) = line.split_once(':') else {
            continue;
        };
        if name.eq_ignore_ascii_case("content-length") {
            length = value
                .trim()
                .parse()
                .map_err(|_| bad("length is no number"))?;
        } else if name.eq_ignore_ascii_case("transfer-encoding") {
            return Err(bad("chunked answers are not read"));
        }
    }
    if length > ANSWER_MAX {
        return Err(bad("answer too long"));
    }
    Ok(Some((status, end + 4, end + 4 + length)))
}

/// A `GET` ready to be sent.
pub(super) fn get(path: &str) -> Vec<u8> {
    // Many people ask, each from an address of their own: the limit of one address is not what is measured.
    let who = path.bytes().fold(0_u32, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(u32::from(byte))
    });
    let [_, one, two, three] = who.to_be_bytes();
    format!("GET {path} HTTP/1.1\r\nhost: bench\r\nx-forwarded-for: 10.{one}.{two}.{three}\r\n\r\n")
        .into_bytes()
}

/// A `POST` of JSON ready to be sent, with further headers.
pub(super) fn post(path: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut out =
        format!("POST {path} HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\n");
    for (name, value) in headers {
        out.push_str(name);
        out.push_str(": ");
        out.push_str(value);
        out.push_str("\r\n");
    }
    out.push_str(&format!("content-length: {}\r\n\r\n", body.len()));
    let mut out = out.into_bytes();
    out.extend_from_slice(body);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(answer: &str, wanted: Option<(u16, &str)>) {
        let found = head(answer.as_bytes()).unwrap();
        let found =
            found.map(|(status, start, end)| (status, answer.get(start..end).unwrap_or("cut")));
        assert_eq!(found, wanted, "{answer:?}");
    }

    #[test]
    fn answers_are_read_as_far_as_they_go() {
        check(
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
            Some((200, "{}")),
        );
        check("HTTP/1.1 204 No Content\r\n\r\n", Some((204, "")));
        check(
            "HTTP/1.1 503 Busy\r\ncontent-length: 5\r\n\r\n{",
            Some((503, "cut")),
        );
        check("HTTP/1.1 200 OK\r\ncontent-le", None);
    }

    #[test]
    fn what_cannot_be_read_is_an_error() {
        for bad in [
            "nonsense\r\n\r\n",
            "HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n",
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
            "HTTP/1.1 200 OK\r\ncontent-length: 9999999999\r\n\r\n",
        ] {
            assert!(head(bad.as_bytes()).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn requests_say_how_long_they_are() {
        let request = post("/a", &[("x", "1")], b"{}");
        let text = String::from_utf8(request).unwrap();
        assert!(
            text.ends_with("x: 1\r\ncontent-length: 2\r\n\r\n{}"),
            "{text}"
        );
    }
}
