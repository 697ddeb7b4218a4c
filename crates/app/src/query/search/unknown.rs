//! What nobody is called: said only where the log can prove it.

use crate::view::UnknownView;
use crate::{App, AppError};
use db::Session;
use leaf::{Json, Kind, Leaf};

impl App {
    /// That no organisation ever had this name or code, as of the newest checkpoint. Nothing where it cannot be proved:
    /// before the first checkpoint, in a log that was begun without a directory, or if somebody has it after all.
    pub(super) async fn unknown(
        &self,
        session: &mut Session,
        text: &str,
    ) -> Result<Option<UnknownView>, AppError> {
        let Some(stream) = leaf::directory_stream(text) else {
            return Ok(None);
        };
        let newest = store::transparency::checkpoint_newest(session).await?;
        let first = store::transparency::leaf_at(session, 0).await?;
        let (Some(newest), Some(first)) = (newest, first) else {
            return Ok(None);
        };
        if !has_directory(&first.bytes) {
            return Ok(None);
        }
        Ok(Some(UnknownView {
            text: text.to_owned(),
            stream,
            sealed: newest.size,
        }))
    }
}

/// True if the first leaf of a log says that names and codes stand in the directory, by the rules known here.
fn has_directory(first: &[u8]) -> bool {
    let Ok(first) = Leaf::parse(first) else {
        return false;
    };
    let ours = leaf::digest_text(&leaf::directory_digest());
    let said = first.data.get("directory").and_then(Json::text);
    first.kind == Kind::Log && said == Some(ours.as_str())
}
