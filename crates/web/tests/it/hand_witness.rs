//! A witness that was written by hand: a port, one thread, and whatever the test says that it answers.

use crate::witnesses::cosigner;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use tlog::{Hash, SignedNote};

/// What it answers.
#[derive(Clone)]
pub(crate) enum Answer {
    /// An HTTP answer.
    Http(String),
    /// Nothing: the line is held until the client lets go.
    Silence,
}

impl Answer {
    pub(crate) fn of(status: u16, media: &str, body: &str) -> Answer {
        let length = body.len();
        Answer::Http(format!(
            "HTTP/1.1 {status} X\r\ncontent-type: {media}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
        ))
    }
}

/// The port, and what was asked.
pub(crate) struct Hand {
    url: String,
    bodies: Arc<Mutex<Vec<String>>>,
}

impl Hand {
    /// Its line in a policy, with the key of this number.
    pub(crate) fn line(&self, name: &str, number: u8) -> String {
        format!(
            "witness {name} {} {}\n",
            cosigner(number).verifier(),
            self.url
        )
    }

    pub(crate) fn bodies(&self) -> Vec<String> {
        self.bodies.lock().unwrap().clone()
    }
}

/// Starts one that shows nobody's checkpoint; its thread ends with the test's process.
pub(crate) fn hand(answer: impl FnMut(&str) -> Answer + Send + 'static) -> Hand {
    hand_keeping(|| Answer::of(404, "text/plain", "no\n"), answer)
}

/// Starts one that shows this as what it keeps, and answers questions like that.
pub(crate) fn hand_keeping(
    mut kept: impl FnMut() -> Answer + Send + 'static,
    mut answer: impl FnMut(&str) -> Answer + Send + 'static,
) -> Hand {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/witness/", listener.local_addr().unwrap());
    let bodies = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&bodies);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let said = match body_of(&mut stream) {
                Some(body) => {
                    heard.lock().unwrap().push(body.clone());
                    answer(&body)
                }
                None => kept(),
            };
            match said {
                Answer::Http(text) => stream.write_all(text.as_bytes()).unwrap_or_default(),
                Answer::Silence => while stream.read(&mut [0; 64]).is_ok_and(|read| read > 0) {},
            }
        }
    });
    Hand { url, bodies }
}

/// What was asked; nothing if somebody reads what is kept.
fn body_of(stream: &mut TcpStream) -> Option<String> {
    let mut reader = BufReader::new(stream);
    let (mut line, mut length) = (String::new(), 0);
    reader.read_line(&mut line).unwrap();
    if line.starts_with("GET /witness/") && line.ends_with("/checkpoint HTTP/1.1\r\n") {
        return None;
    }
    assert_eq!(line, "POST /witness/add-checkpoint HTTP/1.1\r\n");
    while line != "\r\n" {
        line.clear();
        reader.read_line(&mut line).unwrap();
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    Some(String::from_utf8(body).unwrap())
}

/// A request taken apart by hand.
pub(crate) struct Lines {
    pub(crate) old: u64,
    pub(crate) proof: Vec<Hash>,
    pub(crate) note: SignedNote,
}

pub(crate) fn lines(body: &str) -> Lines {
    let (head, note) = body.split_once("\n\n").unwrap();
    let mut head = head.split('\n');
    let old = head.next().unwrap().strip_prefix("old ").unwrap();
    Lines {
        old: old.parse().unwrap(),
        proof: head.map(|hash| hash.parse().unwrap()).collect(),
        note: SignedNote::parse(note).unwrap(),
    }
}
