//! How sure we are of a rule, and how hard it may hold somebody back.

/// 〔核对情况〕 How well a text or a number of the law was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// The text itself was read.
    Confirmed,
    /// An official interpretation, a news item or a handbook that states it was read.
    SecondHand,
    /// From memory, and probably right.
    RecalledHigh,
    /// From memory, and perhaps right.
    RecalledMedium,
    /// From memory, and doubtful.
    RecalledLow,
}

impl Status {
    /// All of them, surest first.
    pub const ALL: [Status; 5] = [
        Status::Confirmed,
        Status::SecondHand,
        Status::RecalledHigh,
        Status::RecalledMedium,
        Status::RecalledLow,
    ];

    /// The mark in the data.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Status::Confirmed => "C",
            Status::SecondHand => "C2",
            Status::RecalledHigh => "R-H",
            Status::RecalledMedium => "R-M",
            Status::RecalledLow => "R-L",
        }
    }

    /// In plain words.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Status::Confirmed => "已核对原文",
            Status::SecondHand => "据转述核对，原文未读到",
            Status::RecalledHigh => "未核对，把握较大",
            Status::RecalledMedium => "未核对，把握一般，只作提示",
            Status::RecalledLow => "未核对，把握较小，只作提示",
        }
    }

    /// Reads a mark.
    #[must_use]
    pub fn parse(code: &str) -> Option<Status> {
        Status::ALL.into_iter().find(|status| status.code() == code)
    }

    /// True if a rule of this status may stop somebody.
    #[must_use]
    pub const fn may_block(self) -> bool {
        matches!(
            self,
            Status::Confirmed | Status::SecondHand | Status::RecalledHigh
        )
    }
}

/// 〔效力〕 What a broken rule does to the step that breaks it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// 记录: it is written down and nothing more.
    Record,
    /// 提示: it is shown to those who decide.
    Warn,
    /// 须决定: somebody named decides against it, with a reason that is published.
    Gate,
    /// 禁止: the step cannot be taken.
    Block,
}

impl Severity {
    /// All of them, mildest first.
    pub const ALL: [Severity; 4] = [
        Severity::Record,
        Severity::Warn,
        Severity::Gate,
        Severity::Block,
    ];

    /// The code in the data.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Severity::Record => "record",
            Severity::Warn => "warn",
            Severity::Gate => "gate",
            Severity::Block => "block",
        }
    }

    /// The Chinese name.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Severity::Record => "记录",
            Severity::Warn => "提示",
            Severity::Gate => "须说明理由并公开",
            Severity::Block => "禁止",
        }
    }

    /// Reads a code.
    #[must_use]
    pub fn parse(code: &str) -> Option<Severity> {
        Severity::ALL
            .into_iter()
            .find(|severity| severity.code() == code)
    }
}

/// 〔实际效力〕 What may be enforced: what nobody has read stops nobody, it is only shown.
#[must_use]
pub fn enforced(severity: Severity, status: Status) -> Severity {
    if status.may_block() {
        severity
    } else {
        severity.min(Severity::Warn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_read_stops_nobody() {
        for severity in Severity::ALL {
            for status in Status::ALL {
                let enforced = enforced(severity, status);
                if status.may_block() {
                    assert_eq!(enforced, severity);
                } else {
                    assert!(enforced <= Severity::Warn && enforced <= severity);
                }
            }
        }
        assert_eq!(
            enforced(Severity::Block, Status::RecalledMedium),
            Severity::Warn
        );
        assert_eq!(
            enforced(Severity::Record, Status::RecalledLow),
            Severity::Record
        );
    }

    #[test]
    fn codes_are_read_back() {
        for status in Status::ALL {
            assert_eq!(Status::parse(status.code()), Some(status));
        }
        for severity in Severity::ALL {
            assert_eq!(Severity::parse(severity.code()), Some(severity));
        }
        assert_eq!((Status::parse("R"), Severity::parse("info")), (None, None));
    }
}
