//! For whom somebody acts in a matter: for himself, or under a delegation for a colleague. Both have acted then, so no
//! delegation makes two people out of one.

use crate::identity::Represented;
use domain::identity::{Actor, Object};
use domain::oversight::procedures::roles::{
    COUNCIL, ORGANISATION_CHECKER, ORGANISATION_MAKER, roles_of,
};
use matter::{Delegation, Office, Person, Post, Who};

/// Roles of an organisation in its own matters.
const OF_ORGANISATION: [&str; 3] = [ORGANISATION_MAKER, ORGANISATION_CHECKER, COUNCIL];

/// 〔在场的人〕 The people around a matter, as the engine wants them.
#[derive(Debug, Default)]
pub(crate) struct Around {
    posts: Vec<Post>,
    delegations: Vec<Delegation>,
}

impl Around {
    /// The office of one person who acts for himself.
    pub(crate) fn alone(person: Person, worth: &[&'static str]) -> Around {
        let posts = worth.iter().map(|role| Post { person, role });
        Around {
            posts: posts.collect(),
            ..Around::default()
        }
    }

    /// The same with those whom that person may represent here.
    pub(crate) fn with(mut self, actor: &Actor, place: &Object, all: &[Represented]) -> Around {
        for represented in all {
            self.add(actor, place, represented);
        }
        self
    }

    fn add(&mut self, actor: &Actor, place: &Object, one: &Represented) {
        let Some(delegate) = actor.user_id() else {
            return;
        };
        let roles = worth_of(actor, place, one);
        let represented = Person(one.delegation.represented.raw());
        self.posts.extend(roles.iter().map(|role| Post {
            person: represented,
            role,
        }));
        self.delegations.extend(roles.iter().map(|role| Delegation {
            represented,
            delegate: Person(delegate.raw()),
            role,
            first: one.delegation.first,
            last: one.delegation.last,
        }));
    }

    /// As the engine reads it.
    pub(crate) fn office(&self) -> Office<'_> {
        Office {
            posts: &self.posts,
            delegations: &self.delegations,
            interested: &[],
        }
    }
}

/// What a delegation is worth in this matter: the roles of the duty that the represented person still has here with all
/// that was granted, and none of an official for a delegate who works for the applicant (应当回避).
pub(crate) fn worth_of(actor: &Actor, place: &Object, one: &Represented) -> Vec<&'static str> {
    let whole = roles_of(&one.whole, place);
    let works_there = actor
        .grants()
        .iter()
        .any(|grant| grant.organisation.is_some() && grant.organisation == place.organisation);
    let mut roles = roles_of(&one.duty, place);
    roles.retain(|role| whole.contains(role));
    roles.retain(|role| !works_there || OF_ORGANISATION.contains(role));
    roles
}

/// Who acts, where somebody is represented.
pub(crate) fn who(by: Person, one: Option<&Represented>) -> Who {
    Who {
        by,
        for_whom: one.map(|one| Person(one.delegation.represented.raw())),
    }
}
