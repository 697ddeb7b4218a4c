//! Who acts now.

use super::role::{Grant, Role};
use super::second_factor::Proof;
use kernel::{Day, Id};
use leaf::ids::{Organisation, User};

/// 〔操作者〕 Who stands behind an act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// Anybody: a donor or citizen without an account.
    Public,
    /// A signed-in user.
    User(Id<User>),
    /// A payment channel whose signature was verified; the name is the channel's.
    Channel(String),
    /// The house itself: scheduled jobs and the command line of its operator.
    House(&'static str),
}

/// 〔操作主体〕 Who acts now, with the grants that hold today.
#[derive(Debug, Clone)]
pub struct Actor {
    /// Who it is.
    pub who: Who,
    /// The name written into the audit entry.
    pub name: String,
    grants: Vec<Grant>,
    proof: Proof,
}

impl Actor {
    /// A visitor without an account.
    pub fn public() -> Actor {
        Actor {
            who: Who::Public,
            name: "公众".into(),
            grants: Vec::new(),
            proof: Proof::default(),
        }
    }

    /// A payment channel whose notice was verified.
    pub fn channel(name: &str) -> Actor {
        Actor {
            who: Who::Channel(name.into()),
            name: format!("渠道 {name}"),
            grants: Vec::new(),
            proof: Proof::default(),
        }
    }

    /// The house itself, for a stated reason.
    pub fn house(reason: &'static str) -> Actor {
        Actor {
            who: Who::House(reason),
            name: format!("本系统 {reason}"),
            grants: Vec::new(),
            proof: Proof::default(),
        }
    }

    /// A signed-in user with the grants that hold on `today`.
    pub fn user(id: Id<User>, name: &str, grants: Vec<Grant>, today: Day) -> Actor {
        let grants = grants
            .into_iter()
            .filter(|grant| grant.holds_on(today))
            .collect();
        Actor {
            who: Who::User(id),
            name: name.into(),
            grants,
            proof: Proof::default(),
        }
    }

    /// The same with how the session proved whose it is.
    #[must_use]
    pub fn proved(mut self, proof: Proof) -> Actor {
        self.proof = proof;
        self
    }

    /// How the session proved whose it is.
    pub fn proof(&self) -> Proof {
        self.proof
    }

    /// The user's id, if a user acts.
    pub fn user_id(&self) -> Option<Id<User>> {
        match self.who {
            Who::User(id) => Some(id),
            _ => None,
        }
    }

    /// The grants that hold today.
    pub fn grants(&self) -> &[Grant] {
        &self.grants
    }

    /// True if the actor has the role for this organisation.
    pub fn has(&self, role: Role, organisation: Id<Organisation>) -> bool {
        self.grants
            .iter()
            .any(|g| g.role == role && g.organisation == Some(organisation))
    }

    /// The organisations the actor works for, without doubles, in id order.
    pub fn organisations(&self) -> Vec<Id<Organisation>> {
        let mut ids: Vec<_> = self.grants.iter().filter_map(|g| g.organisation).collect();
        ids.sort_by_key(|id| id.raw());
        ids.dedup();
        ids
    }
}
