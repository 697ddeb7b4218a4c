//! A site on the loopback for tests: files in memory, and answers that were asked for.

use std::collections::{BTreeMap, VecDeque};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

/// What the site says once instead of the file.
pub(crate) struct Answer {
    status: u16,
    retry_after: Option<u64>,
}

impl Answer {
    pub(crate) const fn status(status: u16, retry_after: Option<u64>) -> Answer {
        Answer {
            status,
            retry_after,
        }
    }
}

#[derive(Default)]
struct Shelf {
    files: BTreeMap<String, Vec<u8>>,
    answers: BTreeMap<String, VecDeque<Answer>>,
    asked: Vec<String>,
    received: Vec<String>,
}

/// A site that serves until it is dropped.
pub(crate) struct SampleSite {
    at: SocketAddr,
    shelf: Arc<Mutex<Shelf>>,
    closed: Arc<AtomicBool>,
    server: Option<JoinHandle<()>>,
}

impl SampleSite {
    pub(crate) fn new() -> SampleSite {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let at = listener.local_addr().unwrap();
        let shelf = Arc::new(Mutex::new(Shelf::default()));
        let closed = Arc::new(AtomicBool::new(false));
        let (of_server, is_closed) = (shelf.clone(), closed.clone());
        let server = thread::spawn(move || {
            for stream in listener.incoming() {
                if is_closed.load(Ordering::SeqCst) {
                    break;
                }
                let shelf = of_server.clone();
                thread::spawn(move || serve(stream.unwrap(), &shelf));
            }
        });
        SampleSite {
            at,
            shelf,
            closed,
            server: Some(server),
        }
    }

    /// With its slash at the end.
    pub(crate) fn address(&self) -> String {
        format!("http://{}/", self.at)
    }

    pub(crate) fn put(&self, path: &str, bytes: &[u8]) {
        self.shelf
            .lock()
            .unwrap()
            .files
            .insert(path.to_owned(), bytes.to_vec());
    }

    pub(crate) fn put_all(&self, files: &BTreeMap<String, Vec<u8>>) {
        self.shelf.lock().unwrap().files = files.clone();
    }

    pub(crate) fn answer_next(&self, path: &str, answers: impl IntoIterator<Item = Answer>) {
        let mut shelf = self.shelf.lock().unwrap();
        shelf
            .answers
            .entry(path.to_owned())
            .or_default()
            .extend(answers);
    }

    /// The paths that were asked for since the last call.
    pub(crate) fn take_asked(&self) -> Vec<String> {
        std::mem::take(&mut self.shelf.lock().unwrap().asked)
    }

    /// The bodies that were posted since the last call.
    pub(crate) fn take_received(&self) -> Vec<String> {
        std::mem::take(&mut self.shelf.lock().unwrap().received)
    }
}

impl Drop for SampleSite {
    fn drop(&mut self) {
        self.closed.store(true, Ordering::SeqCst);
        // The listener wakes up for one more visitor.
        drop(TcpStream::connect(self.at));
        if let Some(server) = self.server.take() {
            server.join().unwrap();
        }
    }
}

/// Answers the questions of one visitor until he goes away.
fn serve(stream: TcpStream, shelf: &Mutex<Shelf>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut stream = stream;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
        let mut words = line.split(' ');
        let method = words.next().unwrap_or_default().to_owned();
        let path = words
            .next()
            .unwrap_or_default()
            .trim_start_matches('/')
            .to_owned();
        let body = read_body(&mut reader);
        let answer = answer(shelf, &method, &path, body);
        if stream.write_all(&answer).is_err() {
            return;
        }
    }
}

/// Reads the headers and what they announce.
fn read_body(reader: &mut BufReader<TcpStream>) -> Vec<u8> {
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).unwrap();
        let header = header.trim().to_ascii_lowercase();
        if header.is_empty() {
            break;
        }
        if let Some(value) = header.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    body
}

fn answer(shelf: &Mutex<Shelf>, method: &str, path: &str, body: Vec<u8>) -> Vec<u8> {
    let mut shelf = shelf.lock().unwrap();
    shelf.asked.push(path.to_owned());
    let asked_for = shelf.answers.get_mut(path).and_then(VecDeque::pop_front);
    let (status, retry_after, bytes) = match asked_for {
        Some(answer) => (answer.status, answer.retry_after, Vec::new()),
        None if method == "POST" => {
            shelf.received.push(String::from_utf8(body).unwrap());
            (200, None, Vec::new())
        }
        None => match shelf.files.get(path) {
            Some(bytes) => (200, None, bytes.clone()),
            None => (404, None, Vec::new()),
        },
    };
    let mut head = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n", bytes.len());
    if let Some(seconds) = retry_after {
        head.push_str(&format!("retry-after: {seconds}\r\n"));
    }
    [head.as_bytes(), b"\r\n", &bytes].concat()
}
