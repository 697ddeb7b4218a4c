//! People as this floor knows them: opaque numbers with posts, delegations and interests.

use kernel::Day;

/// 〔人〕 Somebody, by a number that only other floors can read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Person(pub i64);

impl Person {
    /// The house itself, for steps that it takes when a clock has run out.
    pub const SYSTEM: Person = Person(i64::MIN);
}

/// 〔岗位〕 A role that somebody holds now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Post {
    /// Who.
    pub person: Person,
    /// The code of the role, as the procedure spells it.
    pub role: &'static str,
}

/// 〔委托办理〕 Somebody may act for another one in one role, from a first to a last day.
///
/// Both count as having acted, so a delegation can never make two people out of one. A delegation is not passed on:
/// the one who is represented must hold the post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Delegation {
    /// The person represented 〔委托人〕.
    pub represented: Person,
    /// The person who acts 〔受托人〕.
    pub delegate: Person,
    /// For this role only.
    pub role: &'static str,
    /// First day.
    pub first: Day,
    /// Last day, included.
    pub last: Day,
}

/// 〔机关〕 The people around one matter, as they are at the moment of a step.
#[derive(Debug, Clone, Copy)]
pub struct Office<'a> {
    /// Who holds which role.
    pub posts: &'a [Post],
    /// Who may act for whom.
    pub delegations: &'a [Delegation],
    /// 〔应当回避〕 Who has an interest in this matter and may neither act nor be represented.
    pub interested: &'a [Person],
}

impl Office<'_> {
    /// Whether this person holds one of these roles.
    pub(crate) fn holds(&self, person: Person, roles: &[&str]) -> bool {
        let mut posts = self.posts.iter();
        posts.any(|post| post.person == person && roles.contains(&post.role))
    }

    /// Whether this delegate may act on this day for the one represented, in a role among these that the one
    /// represented holds.
    pub(crate) fn represents(&self, who: Who, roles: &[&str], day: Day) -> bool {
        self.delegations.iter().any(|delegation| {
            delegation.delegate == who.by
                && Some(delegation.represented) == who.for_whom
                && roles.contains(&delegation.role)
                && delegation.first <= day
                && day <= delegation.last
                && self.holds(delegation.represented, &[delegation.role])
        })
    }
}

/// 〔行为人〕 Who acted: the person, and the one represented, if there is one. Both have acted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Who {
    /// Who acted.
    pub by: Person,
    /// For whom, when acting as a delegate.
    pub for_whom: Option<Person>,
}

impl Who {
    /// Somebody for himself.
    #[must_use]
    pub fn alone(by: Person) -> Who {
        Who { by, for_whom: None }
    }

    /// Everybody who has acted.
    pub fn people(self) -> impl Iterator<Item = Person> {
        std::iter::once(self.by).chain(self.for_whom)
    }

    /// Somebody who is in both, if there is one.
    #[must_use]
    pub fn shared_with(self, other: Who) -> Option<Person> {
        self.people()
            .find(|person| other.people().any(|p| p == *person))
    }
}
