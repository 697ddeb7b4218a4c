//! A movement: one amount that left a tape, reached a tape, or both.

use crate::kind::{Kind, Shape};
use crate::span::Span;
use crate::tape::TapeId;

/// 〔流转编号〕 Names a movement. Time-ordered: a later movement has a greater number, so it is
/// also the clock of tracing. Always above zero; zero means "as it was written" (see
/// [`Swap::since`](crate::Swap)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MovementId(pub i64);

impl MovementId {
    /// Earlier than every movement.
    pub const ORIGIN: MovementId = MovementId(0);
}

/// 〔存放处编号〕 Names a place: the account where money physically is, or a warehouse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlaceId(pub i64);

/// 〔一侧〕 One side of a movement: the positions on a tape and the place there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Side {
    /// The tape.
    pub tape: TapeId,
    /// The positions taken or written, in fen or units of that tape.
    pub span: Span,
    /// The place that the amount leaves or reaches.
    pub place: PlaceId,
}

/// 〔冲回对象〕 What a reversal undoes: a whole outflow or a part of it. The part is as long as
/// the reversal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Undo {
    /// The movement undone.
    pub movement: MovementId,
    /// Where the undone part starts, counted from the start of that movement's out span.
    pub offset: i64,
}

/// 〔流转〕 One movement. Amounts are the lengths of its spans and so always positive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Movement {
    /// Its number, which orders it in time.
    pub id: MovementId,
    /// What it is.
    pub kind: Kind,
    /// What it took from the head of a tape.
    pub out: Option<Side>,
    /// What it wrote at the tail of a tape.
    pub into: Option<Side>,
    /// What it undoes, if it is a reversal, or a return from outside, of fen that had left.
    pub undoes: Option<Undo>,
}

/// Why a movement contradicts itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MovementError {
    /// The kind wants other sides.
    Sides,
    /// Both sides are the same tape.
    SameTape,
    /// The amounts of the two sides differ and it is no conversion.
    Amounts,
    /// It undoes something although its kind does not, or undoes nothing although it must,
    /// or undoes what came later.
    Undoing,
    /// Its number is not above zero.
    Number,
}

impl MovementError {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            MovementError::Sides => "movement-sides",
            MovementError::SameTape => "movement-same-tape",
            MovementError::Amounts => "movement-amounts",
            MovementError::Undoing => "movement-undoing",
            MovementError::Number => "movement-number",
        }
    }
}

impl std::fmt::Display for MovementError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            MovementError::Sides => "该类型的流转缺少或多出一侧，请核对来源资金和去向资金。",
            MovementError::SameTape => "来源和去向是同一项资金，请另选去向。",
            MovementError::Amounts => "转出与转入的金额不相等，请核对后重填。",
            MovementError::Undoing => "冲回必须指明一笔更早的转出，请选择要冲回的流转。",
            MovementError::Number => "流转编号无效，请重新提交。",
        })
    }
}

impl std::error::Error for MovementError {}

impl Movement {
    /// Checks what can be seen in the movement alone.
    pub fn check(&self) -> Result<(), MovementError> {
        if self.id <= MovementId::ORIGIN {
            return Err(MovementError::Number);
        }
        let sides_fit = match self.kind.shape() {
            Shape::In => self.out.is_none() && self.into.is_some(),
            Shape::Out => self.out.is_some() && self.into.is_none(),
            Shape::Between => self.out.is_some() && self.into.is_some(),
            Shape::Back => self.into.is_some(),
        };
        if !sides_fit {
            return Err(MovementError::Sides);
        }
        if let (Some(out), Some(into)) = (self.out, self.into) {
            if out.tape == into.tape {
                return Err(MovementError::SameTape);
            }
            if out.span.len != into.span.len && self.kind != Kind::Conversion {
                return Err(MovementError::Amounts);
            }
        }
        self.check_undoing()
    }

    fn check_undoing(&self) -> Result<(), MovementError> {
        // Fen that come back from outside must say which outflow they belong to; fen that are
        // still on a tape of ours come back by position and need not.
        let must = self.kind == Kind::Reversal && self.out.is_none();
        let fits = match self.undoes {
            None => !must,
            Some(undo) => {
                let may = matches!(self.kind, Kind::Reversal | Kind::Return);
                may && undo.movement < self.id && undo.offset >= 0
            }
        };
        if fits {
            Ok(())
        } else {
            Err(MovementError::Undoing)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(tape: i64, start: i64, len: i64) -> Option<Side> {
        Some(Side {
            tape: TapeId(tape),
            span: Span::new(start, len).unwrap(),
            place: PlaceId(1),
        })
    }

    fn check(
        kind: Kind,
        out: Option<Side>,
        into: Option<Side>,
        undoes: Option<(i64, i64)>,
    ) -> Result<(), MovementError> {
        let undoes = undoes.map(|(id, offset)| Undo {
            movement: MovementId(id),
            offset,
        });
        let id = MovementId(9);
        Movement {
            id,
            kind,
            out,
            into,
            undoes,
        }
        .check()
    }

    #[test]
    fn a_movement_has_the_sides_of_its_kind() {
        use MovementError::*;
        let (a, b, c) = (side(1, 0, 5), side(2, 7, 5), side(2, 7, 3));
        for (kind, out, into, undoes, want) in [
            (Kind::Gift, None, a, None, Ok(())),
            (Kind::Gift, a, b, None, Err(Sides)),
            (Kind::Delivery, a, None, None, Ok(())),
            (Kind::Delivery, None, a, None, Err(Sides)),
            (Kind::Allotment, a, b, None, Ok(())),
            (Kind::Allotment, a, None, None, Err(Sides)),
            (Kind::Allotment, a, a, None, Err(SameTape)),
            (Kind::Allotment, a, c, None, Err(Amounts)),
            (Kind::Conversion, a, c, None, Ok(())),
            (Kind::Return, None, a, None, Ok(())),
            (Kind::Return, a, b, None, Ok(())),
            (Kind::Reversal, None, a, None, Err(Undoing)),
            (Kind::Reversal, None, a, Some((3, 0)), Ok(())),
            (Kind::Reversal, None, a, Some((3, -1)), Err(Undoing)),
            (Kind::Reversal, None, a, Some((9, 0)), Err(Undoing)),
            (Kind::Reversal, a, b, None, Ok(())),
            (Kind::Return, None, a, Some((3, 0)), Ok(())),
            (Kind::Gift, None, a, Some((3, 0)), Err(Undoing)),
        ] {
            assert_eq!(check(kind, out, into, undoes), want, "{kind:?}");
        }
    }
}
