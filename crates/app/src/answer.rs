//! What the house's questions and commands give back while they are being worked on.

use crate::error::AppError;
use futures_util::future::BoxFuture;

/// 〔应答〕 An answer on its way.
///
/// It is boxed at this boundary so that the machine code of a question is made once, here, and not again in every crate
/// that asks it: an `async fn` is compiled where it is awaited. One small allocation per question buys half the build.
pub type Answer<'a, T> = BoxFuture<'a, Result<T, AppError>>;
