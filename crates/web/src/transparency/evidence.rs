//! Files of evidence: taken from a form, kept by digest, given out by digest.

use app::command::EvidenceRef;
use app::{App, AppError};
use askama::Template;
use axum::extract::multipart::Field;
use axum::extract::{FromRequest, Multipart, Path, Request, State};
use axum::http::HeaderValue;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
};
use axum::response::{IntoResponse, Response};
use domain::text::Problem;
use gateway::evidence::EvidenceRefused;
use gateway::evidence::picture::{LARGE_SIDE, SMALL_SIDE};

use crate::error::{self, Page, PageError};
use crate::form::{self, CHOSEN_FIELD, KEPT_BEFORE, Typed};
use crate::session::Staff;
use crate::show::filters;
use crate::view::View;

/// The most files of one form.
const FILES_MAX: usize = 10;
/// The field of evidence.
const EVIDENCE: &str = "evidence";
/// How the types of pictures begin.
const PICTURE: &str = "image/";
/// The most words of a form with files, in bytes.
const WORDS_MAX: usize = 64 * 1024;
/// The longest title that is made of a file's name, in characters.
const TITLE_MAX: usize = 100;
/// The most bytes of a form with files: ten files of the largest size would be too much at once.
pub(crate) const BODY_MAX: usize = 64 * 1024 * 1024;

/// A file as it was sent.
pub(crate) struct Sent {
    /// The field that it was chosen in.
    field: String,
    name: String,
    mime: String,
    bytes: Vec<u8>,
}

/// A form with files.
pub(crate) struct TypedWithFiles {
    /// The words.
    pub(crate) typed: Typed,
    /// The files, at most ten.
    pub(crate) files: Vec<Sent>,
}

impl<S: Send + Sync> FromRequest<S> for TypedWithFiles {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<TypedWithFiles, Response> {
        let mut parts = Multipart::from_request(request, state)
            .await
            .map_err(|_| unreadable())?;
        let mut read = TypedWithFiles {
            typed: Typed::default(),
            files: Vec::new(),
        };
        let mut words = 0;
        while let Some(field) = parts.next_field().await.map_err(|_| unreadable())? {
            words += read.take(field).await?;
            if words > WORDS_MAX || read.files.len() > FILES_MAX {
                return Err(unreadable());
            }
        }
        Ok(read)
    }
}

impl TypedWithFiles {
    async fn take(&mut self, field: Field<'_>) -> Result<usize, Response> {
        let name = field.name().unwrap_or_default().to_string();
        let file = field.file_name().map(str::to_string);
        let mime = field.content_type().unwrap_or_default().to_string();
        let bytes = field.bytes().await.map_err(|_| unreadable())?;
        match file {
            // A file field left empty is sent as a file without name and bytes.
            Some(file) if file.is_empty() && bytes.is_empty() => Ok(0),
            Some(file) => {
                self.typed.0.push((CHOSEN_FIELD.into(), name.clone()));
                self.files.push(Sent {
                    field: name,
                    name: file,
                    mime,
                    bytes: bytes.to_vec(),
                });
                Ok(0)
            }
            // Only we say in which fields files were chosen.
            None if name == CHOSEN_FIELD => Ok(0),
            None => {
                let text = String::from_utf8(bytes.to_vec()).map_err(|_| unreadable())?;
                let length = text.len();
                self.typed.0.push((name, text));
                Ok(length)
            }
        }
    }

    /// The first file, with its name.
    pub(crate) fn take_file(&mut self) -> Option<(String, Vec<u8>)> {
        let file = std::mem::take(&mut self.files).into_iter().next()?;
        Some((file.name, file.bytes))
    }

    /// Keeps the files of the field `evidence` beside those that an earlier try of this person kept already; if the
    /// form is shown again, none of them need be chosen again. What cannot be kept is a problem of that field.
    ///
    /// # Errors
    /// All files that are refused, each with its reason; or the disk.
    pub(crate) async fn keep(
        &mut self,
        app: &App,
        staff: &Staff,
    ) -> Result<Vec<EvidenceRef>, AppError> {
        let (store, files) = (app.evidence().clone(), std::mem::take(&mut self.files));
        let stored = tokio::task::spawn_blocking(move || keep_each(&store, &files, EVIDENCE));
        let (new, mut problems) = stored.await.map_err(AppError::internal)??;
        let tickets = format!("{KEPT_BEFORE}{EVIDENCE}");
        let earlier = self.typed.0.iter();
        let mut kept: Vec<EvidenceRef> = earlier
            .filter(|(name, _)| *name == tickets)
            .filter_map(|(_, ticket)| app.file_of_ticket(&staff.actor, ticket))
            .collect();
        for file in new {
            if kept.iter().all(|known| known.sha256 != file.sha256) {
                kept.push(file);
            }
        }
        if kept.len() > FILES_MAX {
            let sentence = "一次最多10份文件，请去掉几份，其余的可以之后补充。";
            problems.push(Problem::new(EVIDENCE, "many", sentence));
        }
        let named = kept.iter();
        let named = named.map(|file| (app.file_ticket(&staff.actor, file), file.title.clone()));
        self.typed.keep_files(EVIDENCE, named.collect());
        if problems.is_empty() {
            Ok(kept)
        } else {
            Err(AppError::Invalid(problems))
        }
    }

    /// Keeps the files of several fields, each with its field; files of other fields are left out, and what cannot be
    /// kept is a problem of its own field.
    ///
    /// # Errors
    /// All files that are refused, each with its reason; or the disk.
    pub(crate) async fn keep_for(
        &mut self,
        app: &App,
        fields: &[&'static str],
    ) -> Result<Vec<(String, EvidenceRef)>, AppError> {
        let mut files = std::mem::take(&mut self.files);
        let (mut kept, mut problems) = (Vec::new(), Vec::new());
        for field in fields {
            let of_field: Vec<Sent> = files.extract_if(.., |file| file.field == *field).collect();
            let (store, field) = (app.evidence().clone(), *field);
            let stored = tokio::task::spawn_blocking(move || keep_all(&store, &of_field, field));
            match stored.await.map_err(AppError::internal)? {
                Ok(refs) => kept.extend(refs.into_iter().map(|file| (field.to_string(), file))),
                Err(AppError::Invalid(found)) => problems.extend(found),
                Err(other) => return Err(other),
            }
        }
        if problems.is_empty() {
            Ok(kept)
        } else {
            Err(AppError::Invalid(problems))
        }
    }
}

/// Keeps all files or none: a paper of an application is one of several.
fn keep_all(
    store: &gateway::evidence::EvidenceStore,
    files: &[Sent],
    field: &'static str,
) -> Result<Vec<EvidenceRef>, AppError> {
    let (kept, problems) = keep_each(store, files, field)?;
    if problems.is_empty() {
        Ok(kept)
    } else {
        Err(AppError::Invalid(problems))
    }
}

/// Keeps what can be kept, and says of the others why not.
fn keep_each(
    store: &gateway::evidence::EvidenceStore,
    files: &[Sent],
    field: &'static str,
) -> Result<(Vec<EvidenceRef>, Vec<Problem>), AppError> {
    let (mut kept, mut problems) = (Vec::new(), Vec::new());
    for file in files {
        match store.put(&file.bytes, &file.mime, &gateway::SystemEntropy) {
            Ok(digest) => kept.push(EvidenceRef {
                sha256: digest.sha256,
                length: i64::try_from(digest.len).unwrap_or(i64::MAX),
                mime: digest.media_type.mime().to_string(),
                title: file.name.chars().take(TITLE_MAX).collect(),
            }),
            Err(refused @ (EvidenceRefused::Disk(_) | EvidenceRefused::Entropy(_))) => {
                return Err(AppError::internal(refused));
            }
            Err(refused) => {
                let sentence = format!("{}：{}。", file.name, plain_words(&refused));
                problems.push(Problem::new(field, "file", sentence));
            }
        }
    }
    Ok((kept, problems))
}

/// What files are called where nobody said what they show: never by the name that a telephone or a person gave them.
///
/// One caption may stand for several files, which are then numbered.
pub(crate) fn captioned(mut files: Vec<EvidenceRef>, caption: &str) -> Vec<EvidenceRef> {
    let caption = caption.trim();
    let several = files.len() > 1;
    for (at, file) in files.iter_mut().enumerate() {
        let words = match (caption, file.mime.as_str()) {
            ("", mime) if mime.starts_with(PICTURE) => "送达照片",
            ("", "application/pdf") => "送达单据",
            ("", "text/plain") => "文字说明",
            ("", _) => "送达清单",
            (caption, _) => caption,
        };
        file.title = match several {
            true => format!("{words}（{}）", at + 1),
            false => words.to_string(),
        };
    }
    files
}

/// True if one of the files is a picture, on which persons may be seen.
pub(crate) fn has_pictures(files: &[EvidenceRef]) -> bool {
    files.iter().any(|file| file.mime.starts_with(PICTURE))
}

/// The sentence of a refusal without its code in brackets.
fn plain_words(refused: &EvidenceRefused) -> String {
    let text = refused.to_string();
    text.split_once("] ")
        .map_or(text.clone(), |(_, words)| words.to_string())
}

fn unreadable() -> Response {
    error::page(form::unreadable())
}

#[derive(Template)]
#[template(path = "transparency/log/tombstone.html")]
struct Tombstone {
    stones: Vec<app::view::Tombstone>,
    digest: String,
    contact: Option<app::view::ContactView>,
}

#[derive(Template)]
#[template(path = "transparency/log/kept_back.html")]
struct KeptBack {
    reason: &'static str,
    since: String,
    digest: String,
}

/// Reads a digest as it stands in an address.
fn digest_of(text: &str) -> Result<[u8; 32], AppError> {
    let mut sha256 = [0; 32];
    hex::decode_to_slice(text, &mut sha256).map_err(|_| AppError::NotFound("这份凭证"))?;
    Ok(sha256)
}

/// What is shown in place of a file that was taken down; nothing for a file that anybody may see.
async fn withheld(app: &App, view: &View, digest: &str) -> Result<Option<Response>, PageError> {
    let sha256 = digest_of(digest)?;
    if let Some(stone) = app.file_withdrawn(digest).await? {
        let contact = app.contact_of_leaf(stone.leaf_index).await?;
        let page = Tombstone {
            contact,
            stones: vec![stone],
            digest: digest.to_string(),
        };
        return Ok(Some(error::gone(view.draw(&page)?)));
    }
    if let Some((reason, since)) = app.file_kept_back(digest).await? {
        let page = KeptBack {
            reason,
            since,
            digest: digest.to_string(),
        };
        return Ok(Some(error::kept_back(view.draw(&page)?)));
    }
    // What was handed in with an application is for the office and the applicant.
    if app.file_is_private(&sha256).await? {
        return Err(AppError::NotFound("这份凭证").into());
    }
    Ok(None)
}

/// `GET /evidence/{sha256}/small.jpg`: what a photograph is of.
pub(crate) async fn small(State(app): State<App>, view: View, Path(digest): Path<String>) -> Page {
    picture(&app, &view, &digest, SMALL_SIDE).await
}

/// `GET /evidence/{sha256}/large.jpg`: a photograph to look at.
pub(crate) async fn large(State(app): State<App>, view: View, Path(digest): Path<String>) -> Page {
    picture(&app, &view, &digest, LARGE_SIDE).await
}

/// A picture made here of a kept file; unlike the file itself it may be shown inside of our site.
async fn picture(app: &App, view: &View, digest: &str, side: u32) -> Page {
    if let Some(instead) = withheld(app, view, digest).await? {
        return Ok(instead);
    }
    let made = app.picture(digest_of(digest)?, side).await?;
    let made = made.ok_or(AppError::NotFound("这张照片"))?;
    Ok(jpeg(made.to_vec(), FILE_CACHE))
}

/// A file that the public does not see any more, for those who decide about it: a picture to look at, anything else to
/// save. Nothing of it stays in the browser.
pub(crate) async fn for_the_desk(app: &App, sha256: [u8; 32]) -> Page {
    match app.picture(sha256, LARGE_SIDE).await? {
        Some(made) => Ok(jpeg(made.to_vec(), NO_STORE)),
        None => download(app, sha256, NO_STORE).await,
    }
}

/// A picture that was made here.
fn jpeg(bytes: Vec<u8>, cache: &'static str) -> Response {
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("image/jpeg")),
        (
            CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("default-src 'none'; sandbox"),
        ),
        (CACHE_CONTROL, HeaderValue::from_static(cache)),
    ];
    (headers, bytes).into_response()
}

/// The bytes never change, but they may be taken down: no cache keeps them for long.
const FILE_CACHE: &str = "public, max-age=600";
/// For what is not public.
const NO_STORE: &str = "no-store";

/// `GET /evidence/{sha256}`: the kept bytes as a download.
pub(crate) async fn show(State(app): State<App>, view: View, Path(digest): Path<String>) -> Page {
    if let Some(instead) = withheld(&app, &view, &digest).await? {
        return Ok(instead);
    }
    download(&app, digest_of(&digest)?, FILE_CACHE).await
}

/// The kept bytes.
async fn download(app: &App, sha256: [u8; 32], cache: &'static str) -> Page {
    let store = app.evidence().clone();
    let read = tokio::task::spawn_blocking(move || store.read(&sha256));
    let bytes = read
        .await
        .map_err(AppError::internal)?
        .map_err(AppError::internal)?;
    let bytes = bytes.ok_or(AppError::NotFound("这份凭证"))?;
    // Strangers made these bytes: they are downloaded, never shown inside our own site.
    let headers = [
        (
            CONTENT_TYPE,
            HeaderValue::from_static("application/octet-stream"),
        ),
        (CONTENT_DISPOSITION, HeaderValue::from_static("attachment")),
        (
            CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("default-src 'none'; sandbox"),
        ),
        (CACHE_CONTROL, HeaderValue::from_static(cache)),
    ];
    Ok((headers, bytes).into_response())
}
