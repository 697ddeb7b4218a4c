//! Tracing: each question of a trace is answered with one range of one index.

use super::movement::movement_of_row;
use crate::limits::TRACE_ROWS_MAX;
use db::{Result, Row, Session, Sql, args, sql};
use ledger::{
    Answer, BackwardTrace, ForwardTrace, Movement, MovementId, Named, Naming, NamingError, Query,
    Segment, Source, Span, Standing, Step, Swap, TapeId,
};

/// The answer of the books to one question of a trace.
///
/// Each statement finds the last row that starts at or before the span by one descent, and reads on from there.
///
/// # Errors
/// The engine's refusal.
pub async fn trace_answer(session: &mut Session, query: &Query) -> Result<Answer> {
    match *query {
        Query::Outs { tape, span } => outs(session, tape.0, span).await.map(Answer::Movements),
        Query::Ins { tape, span } => ins(session, tape.0, span).await.map(Answer::Movements),
        Query::Undoing { movement, span } => undoing(session, movement.0, span)
            .await
            .map(Answer::Movements),
        Query::Movement { id } => by_number(session, id.0).await.map(Answer::Movements),
        Query::SwapsFrom { tape, since, span } => swaps_from(session, tape.0, since.0, span)
            .await
            .map(Answer::Swaps),
        Query::SwapsTo { tape, span } => swaps_to(session, tape.0, span).await.map(Answer::Swaps),
        Query::SwapsBy { tape, by, span } => swaps_by(session, tape.0, by.0, span)
            .await
            .map(Answer::Swaps),
        Query::Standing { tape, span } => {
            standing(session, tape.0, span).await.map(Answer::Standings)
        }
    }
}

async fn outs(session: &mut Session, tape: i64, span: Span) -> Result<Vec<Movement>> {
    let sql = sql!(
        "SELECT id, kind, from_fund, out_start, out_len, to_fund, in_start, in_len, place_from, place_to, undoes, undoes_offset FROM movement WHERE from_fund = $1 AND out_start < $3 AND out_start >= COALESCE((SELECT MAX(out_start) FROM movement WHERE from_fund = $1 AND out_start <= $2), $2) ORDER BY out_start LIMIT $4"
    );
    movements(session, sql, tape, span).await
}

async fn ins(session: &mut Session, tape: i64, span: Span) -> Result<Vec<Movement>> {
    let sql = sql!(
        "SELECT id, kind, from_fund, out_start, out_len, to_fund, in_start, in_len, place_from, place_to, undoes, undoes_offset FROM movement WHERE to_fund = $1 AND in_start < $3 AND in_start >= COALESCE((SELECT MAX(in_start) FROM movement WHERE to_fund = $1 AND in_start <= $2), $2) ORDER BY in_start LIMIT $4"
    );
    movements(session, sql, tape, span).await
}

async fn undoing(session: &mut Session, movement: i64, span: Span) -> Result<Vec<Movement>> {
    let sql = sql!(
        "SELECT id, kind, from_fund, out_start, out_len, to_fund, in_start, in_len, place_from, place_to, undoes, undoes_offset FROM movement WHERE undoes = $1 AND from_fund IS NULL AND undoes_offset < $3 AND undoes_offset >= COALESCE((SELECT MAX(undoes_offset) FROM movement WHERE undoes = $1 AND from_fund IS NULL AND undoes_offset <= $2), $2) ORDER BY undoes_offset LIMIT $4"
    );
    movements(session, sql, movement, span).await
}

async fn movements(
    session: &mut Session,
    sql: &'static Sql,
    key: i64,
    span: Span,
) -> Result<Vec<Movement>> {
    let args = args![key, span.start, span.end(), TRACE_ROWS_MAX];
    session.rows(sql, args, movement_of_row).await
}

async fn by_number(session: &mut Session, id: i64) -> Result<Vec<Movement>> {
    let sql = sql!(
        "SELECT id, kind, from_fund, out_start, out_len, to_fund, in_start, in_len, place_from, place_to, undoes, undoes_offset FROM movement WHERE id = $1"
    );
    session.rows(sql, args![id], movement_of_row).await
}

/// Columns: fund_id, pos_from, pos_to, len, movement_id, since, to_since.
fn swap_of_row(r: &Row<'_>) -> Result<Swap> {
    Ok(Swap {
        tape: TapeId(r.i64(0)?),
        from: r.i64(1)?,
        to: r.i64(2)?,
        len: r.i64(3)?,
        by: MovementId(r.i64(4)?),
        since: MovementId(r.i64(5)?),
        to_since: MovementId(r.i64(6)?),
    })
}

async fn swaps_from(session: &mut Session, tape: i64, since: i64, span: Span) -> Result<Vec<Swap>> {
    let sql = sql!(
        "SELECT fund_id, pos_from, pos_to, len, movement_id, since, to_since FROM swap WHERE fund_id = $1 AND since = $2 AND pos_from < $4 AND pos_from >= COALESCE((SELECT MAX(pos_from) FROM swap WHERE fund_id = $1 AND since = $2 AND pos_from <= $3), $3) ORDER BY pos_from LIMIT $5"
    );
    let args = args![tape, since, span.start, span.end(), TRACE_ROWS_MAX];
    session.rows(sql, args, swap_of_row).await
}

async fn swaps_by(session: &mut Session, tape: i64, by: i64, span: Span) -> Result<Vec<Swap>> {
    let sql = sql!(
        "SELECT fund_id, pos_from, pos_to, len, movement_id, since, to_since FROM swap WHERE fund_id = $1 AND movement_id = $2 AND pos_from < $4 AND pos_from >= COALESCE((SELECT MAX(pos_from) FROM swap WHERE fund_id = $1 AND movement_id = $2 AND pos_from <= $3), $3) ORDER BY pos_from LIMIT $5"
    );
    let args = args![tape, by, span.start, span.end(), TRACE_ROWS_MAX];
    session.rows(sql, args, swap_of_row).await
}

async fn swaps_to(session: &mut Session, tape: i64, span: Span) -> Result<Vec<Swap>> {
    let sql = sql!(
        "SELECT fund_id, pos_from, pos_to, len, movement_id, since, to_since FROM swap WHERE fund_id = $1 AND pos_to < $3 AND pos_to >= COALESCE((SELECT MAX(pos_to) FROM swap WHERE fund_id = $1 AND pos_to <= $2), $2) ORDER BY pos_to LIMIT $4"
    );
    let args = args![tape, span.start, span.end(), TRACE_ROWS_MAX];
    session.rows(sql, args, swap_of_row).await
}

async fn standing(session: &mut Session, tape: i64, span: Span) -> Result<Vec<Standing>> {
    let sql = sql!(
        "SELECT fund_id, pos, len, since FROM standing WHERE fund_id = $1 AND pos < $3 AND pos >= COALESCE((SELECT MAX(pos) FROM standing WHERE fund_id = $1 AND pos <= $2), $2) ORDER BY pos LIMIT $4"
    );
    let read = |r: &Row<'_>| {
        let span = Span::new(r.i64(1)?, r.i64(2)?);
        Ok(Standing {
            tape: TapeId(r.i64(0)?),
            span: span.ok_or_else(|| db::Error::value(1, "standing span"))?,
            since: MovementId(r.i64(3)?),
        })
    };
    session
        .rows(
            sql,
            args![tape, span.start, span.end(), TRACE_ROWS_MAX],
            read,
        )
        .await
}

/// The next segments of a forward trace, at most `limit`; the trace stands behind them afterwards.
///
/// # Errors
/// The engine's refusal; `db::Error::Value` with the trace's own words if the books contradict themselves.
pub async fn forward(
    session: &mut Session,
    trace: &mut ForwardTrace,
    limit: usize,
) -> Result<Vec<Segment>> {
    let mut segments = Vec::new();
    while segments.len() < limit {
        match trace.poll().map_err(|e| db::Error::value(0, e))? {
            Step::Need(query) => {
                let answer = trace_answer(session, &query).await?;
                trace.supply(answer).map_err(|e| db::Error::value(0, e))?;
            }
            Step::Segment(segment) => segments.push(segment),
            Step::Done => break,
        }
    }
    Ok(segments)
}

/// The next sources of a backward trace, at most `limit`; the trace stands behind them afterwards.
///
/// # Errors
/// As [`forward`].
pub async fn backward(
    session: &mut Session,
    trace: &mut BackwardTrace,
    limit: usize,
) -> Result<Vec<Source>> {
    let mut sources = Vec::new();
    while sources.len() < limit {
        match trace.poll().map_err(|e| db::Error::value(0, e))? {
            Step::Need(query) => {
                let answer = trace_answer(session, &query).await?;
                trace.supply(answer).map_err(|e| db::Error::value(0, e))?;
            }
            Step::Segment(source) => sources.push(source),
            Step::Done => break,
        }
    }
    Ok(sources)
}

/// Drives the making of a named outflow to its end, within the transaction that records it.
///
/// # Errors
/// Outside: the engine's refusal. Inside: why the outflow cannot be made.
pub async fn run_naming(
    session: &mut Session,
    mut naming: Naming,
) -> Result<std::result::Result<Named, NamingError>> {
    loop {
        let step = match naming.poll() {
            Ok(step) => step,
            Err(error) => return Ok(Err(error)),
        };
        match step {
            Step::Need(query) => {
                let answer = trace_answer(session, &query).await?;
                if let Err(error) = naming.supply(answer) {
                    return Ok(Err(error));
                }
            }
            Step::Segment(named) => return Ok(Ok(named)),
            Step::Done => return Ok(Err(ledger::TraceError::OutOfTurn.into())),
        }
    }
}
