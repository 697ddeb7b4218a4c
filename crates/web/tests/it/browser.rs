//! A browser without scripts: it fills the forms that pages hold, keeps cookies, and says where it comes from.

use crate::client::{Answer, Client};
use crate::html::check_page;
use axum::body::Body;
use axum::http::Request;
use std::fmt::Write as _;

/// Separates the parts of a form with files.
const BOUNDARY: &str = "----the-test-boundary";

/// A visitor with one cookie at most.
pub(crate) struct Browser<'a> {
    client: &'a Client,
    cookie: Option<String>,
}

/// A form as it stands on a page.
pub(crate) struct Form {
    action: String,
    key: String,
}

impl<'a> Browser<'a> {
    /// Somebody who is not signed in.
    pub(crate) fn stranger(client: &'a Client) -> Browser<'a> {
        Browser {
            client,
            cookie: None,
        }
    }

    /// Somebody with this session token.
    pub(crate) fn with_session(client: &'a Client, token: &str) -> Browser<'a> {
        Browser {
            client,
            cookie: Some(format!("shanji_session={token}")),
        }
    }

    /// The session token.
    pub(crate) fn token(&self) -> &str {
        let cookie = self.cookie.as_deref().unwrap_or_default();
        cookie.split_once('=').map_or("", |(_, token)| token)
    }

    /// Opens an address; what comes back is kept for people to look at, if asked.
    pub(crate) async fn open(&self, path: &str) -> Answer {
        let mut request = Request::get(path).header("host", "shanji.test");
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
        }
        self.client.send(request.body(Body::empty()).unwrap()).await
    }

    /// Opens a page that must be there and well-formed; its HTML.
    pub(crate) async fn page(&self, path: &str) -> String {
        let answer = self.open(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        let html = answer.text();
        check_page(path, &html);
        keep(path, &html);
        html
    }

    /// The form on a page whose address ends like this.
    pub(crate) async fn form(&self, path: &str, action: &str) -> Form {
        Form::find(&self.page(path).await, action)
    }

    /// Sends a form with these values.
    pub(crate) async fn send(&self, form: &Form, values: &[(&str, &str)]) -> Answer {
        let mut body = format!("command_key={}", form.key);
        for (name, value) in values {
            write!(body, "&{name}={}", percent(value)).unwrap();
        }
        self.post(&form.action, "application/x-www-form-urlencoded", body)
            .await
    }

    /// Sends a form from the page at this address, as the browser of a person does.
    pub(crate) async fn send_from(
        &self,
        page: &str,
        form: &Form,
        values: &[(&str, &str)],
    ) -> Answer {
        let mut body = format!("command_key={}", form.key);
        for (name, value) in values {
            write!(body, "&{name}={}", percent(value)).unwrap();
        }
        let mut request = Request::post(&form.action)
            .header("host", "shanji.test")
            .header("origin", "http://shanji.test")
            .header("referer", format!("http://shanji.test{page}"))
            .header("sec-fetch-site", "same-origin")
            .header("sec-fetch-mode", "navigate")
            .header("content-type", "application/x-www-form-urlencoded");
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
        }
        let request = request.body(Body::from(body)).unwrap();
        self.client.send(request).await
    }

    /// Sends a form with these values and one file.
    pub(crate) async fn send_file(
        &self,
        form: &Form,
        values: &[(&str, &str)],
        file: Option<(&str, &str)>,
    ) -> Answer {
        let mut body = String::new();
        let key = [("command_key", form.key.as_str())];
        for (name, value) in key.iter().chain(values) {
            write!(
                body,
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            )
            .unwrap();
        }
        let (file_name, content) = file.unwrap_or(("", ""));
        let kind = if file.is_some() {
            "text/plain"
        } else {
            "application/octet-stream"
        };
        write!(body, "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"evidence\"; filename=\"{file_name}\"\r\nContent-Type: {kind}\r\n\r\n{content}\r\n--{BOUNDARY}--\r\n").unwrap();
        self.post(
            &form.action,
            &format!("multipart/form-data; boundary={BOUNDARY}"),
            body,
        )
        .await
    }

    async fn post(&self, path: &str, kind: &str, body: String) -> Answer {
        let mut request = Request::post(path)
            .header("host", "shanji.test")
            .header("origin", "http://shanji.test")
            .header("sec-fetch-site", "same-origin")
            .header("content-type", kind);
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
        }
        self.client
            .send(request.body(Body::from(body)).unwrap())
            .await
    }
}

impl Form {
    /// The form whose address ends with `action`.
    #[track_caller]
    pub(crate) fn find(html: &str, action: &str) -> Form {
        let forms = html.split("<form ").skip(1);
        let form = forms
            .filter_map(|form| form.split_once("action=\"").map(|(_, rest)| rest))
            .find(|rest| {
                rest.split('"')
                    .next()
                    .is_some_and(|found| found.ends_with(action))
            })
            .unwrap_or_else(|| panic!("no form for {action}: {html}"));
        let key = form
            .split("</form>")
            .next()
            .and_then(|form| form.split_once("name=\"command_key\" value=\""));
        Form {
            action: form.split('"').next().unwrap().to_string(),
            key: key.map_or(String::new(), |(_, rest)| {
                rest.split('"').next().unwrap().to_string()
            }),
        }
    }
}

impl Answer {
    /// Where a form led to.
    #[track_caller]
    pub(crate) fn onwards(&self) -> String {
        assert_eq!(self.status, 303, "{}", self.text());
        self.header("location").to_string()
    }

    /// The form's page again, with this sentence at the top and a status of 422.
    #[track_caller]
    pub(crate) fn again(&self, sentence: &str) -> String {
        assert_eq!(self.status, 422, "{}", self.text());
        let html = self.text();
        check_page("again", &html);
        assert!(
            html.contains("id=\"problems\"") && html.contains(sentence),
            "{html}"
        );
        html
    }
}

/// As it stands in an address or a form that is sent.
pub(crate) fn percent(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() {
            out.push(char::from(byte));
        } else {
            write!(out, "%{byte:02X}").unwrap();
        }
        out
    })
}

/// With `SHANJI_PAGES=/some/folder` the pages of the journeys are kept there.
fn keep(path: &str, html: &str) {
    if let Some(folder) = std::env::var_os("SHANJI_PAGES") {
        let name: String = path
            .split('?')
            .next()
            .unwrap()
            .split('/')
            .map(|part| part.split_once('_').map_or(part, |(kind, _)| kind))
            .collect::<Vec<_>>()
            .join("-");
        std::fs::write(
            std::path::Path::new(&folder).join(format!("real{name}.html")),
            html,
        )
        .unwrap();
    }
}
