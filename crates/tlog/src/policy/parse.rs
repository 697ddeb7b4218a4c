//! Reading of policy files. Bytes above 127 have no meaning here, as the specification says.

use std::collections::BTreeMap;

use super::{Group, Log, Member, Policy, PolicyError, PolicyFault, Witness};
use crate::decimal::parse_decimal;
use crate::key::KeyError;
use crate::limits::{POLICY_BYTES_MAX, POLICY_ENTRIES_MAX};

/// What the quorum is called when no witness is asked for.
const NONE: &[u8] = b"none";

impl Policy {
    /// Reads a policy file.
    ///
    /// # Errors
    /// [`PolicyError`] with the first line that is not as it should be.
    pub fn parse(bytes: &[u8]) -> Result<Policy, PolicyError> {
        if bytes.len() > POLICY_BYTES_MAX {
            return Err(PolicyError {
                line: 1,
                fault: PolicyFault::TooLarge,
            });
        }
        let mut reader = Reader::default();
        let mut last = 1;
        for (line, content) in (1..).zip(bytes.split(|byte| *byte == b'\n')) {
            reader
                .line(content)
                .map_err(|fault| PolicyError { line, fault })?;
            last = line;
        }
        let missing = PolicyError {
            line: last,
            fault: PolicyFault::NoQuorum,
        };
        Ok(Policy {
            logs: reader.logs,
            witnesses: reader.witnesses,
            groups: reader.groups,
            quorum: reader.quorum.ok_or(missing)?,
        })
    }
}

/// What has been read so far.
#[derive(Default)]
struct Reader<'b> {
    logs: Vec<Log>,
    witnesses: Vec<Witness>,
    groups: Vec<Group>,
    /// Outer: whether there was a quorum line; inner: whom it asks for.
    quorum: Option<Option<Member>>,
    names: BTreeMap<&'b [u8], Named>,
}

/// What a name stands for, and whether a group has it already.
struct Named {
    member: Member,
    taken: bool,
}

impl<'b> Reader<'b> {
    fn line(&mut self, content: &'b [u8]) -> Result<(), PolicyFault> {
        let control = |byte: &u8| *byte != b'\t' && byte.is_ascii_control();
        if content.iter().any(control) {
            return Err(PolicyFault::ControlCharacter);
        }
        let words: Vec<&[u8]> = content
            .split(|byte| matches!(byte, b' ' | b'\t'))
            .filter(|word| !word.is_empty())
            .collect();
        match words.as_slice() {
            [] => Ok(()),
            [first, ..] if first.starts_with(b"#") => Ok(()),
            [b"log", rest @ ..] => self.log(rest),
            [b"witness", rest @ ..] => self.witness(rest),
            [b"group", rest @ ..] => self.group(rest),
            [b"quorum", rest @ ..] => self.quorum(rest),
            _ => Err(PolicyFault::UnknownKeyword),
        }
    }

    fn log(&mut self, words: &[&'b [u8]]) -> Result<(), PolicyFault> {
        let (key, url) = match words {
            [key] => (key, None),
            [key, url] => (key, Some(*url)),
            _ => return Err(PolicyFault::WrongWords),
        };
        room(&self.logs)?;
        let log = Log {
            key: parse_key(key)?,
            url: parse_url(url)?,
        };
        let same = |other: &Log| other.key.key_bytes() == log.key.key_bytes();
        if self.logs.iter().any(same) {
            return Err(PolicyFault::DuplicateKey);
        }
        self.logs.push(log);
        Ok(())
    }

    fn witness(&mut self, words: &[&'b [u8]]) -> Result<(), PolicyFault> {
        let (name, key, url) = match words {
            [name, key] => (*name, key, None),
            [name, key, url] => (*name, key, Some(*url)),
            _ => return Err(PolicyFault::WrongWords),
        };
        room(&self.witnesses)?;
        let witness = Witness {
            name: name.to_vec(),
            key: parse_key(key)?,
            url: parse_url(url)?,
        };
        let same = |other: &Witness| other.key.key_bytes() == witness.key.key_bytes();
        if self.witnesses.iter().any(same) {
            return Err(PolicyFault::DuplicateKey);
        }
        self.define(name, Member::Witness(self.witnesses.len()))?;
        self.witnesses.push(witness);
        Ok(())
    }

    fn group(&mut self, words: &[&'b [u8]]) -> Result<(), PolicyFault> {
        let [name, threshold, names @ ..] = words else {
            return Err(PolicyFault::WrongWords);
        };
        room(&self.groups)?;
        let threshold = parse_threshold(threshold, names.len())?;
        let mut members = Vec::with_capacity(names.len().min(2 * POLICY_ENTRIES_MAX));
        for member in names {
            let named = self.names.get_mut(member).ok_or(PolicyFault::UnknownName)?;
            if std::mem::replace(&mut named.taken, true) {
                return Err(PolicyFault::MemberTwice);
            }
            members.push(named.member);
        }
        self.define(name, Member::Group(self.groups.len()))?;
        self.groups.push(Group { threshold, members });
        Ok(())
    }

    fn quorum(&mut self, words: &[&'b [u8]]) -> Result<(), PolicyFault> {
        let [name] = words else {
            return Err(PolicyFault::WrongWords);
        };
        if self.quorum.is_some() {
            return Err(PolicyFault::QuorumTwice);
        }
        let member = match self.names.get(name) {
            _ if *name == NONE => None,
            Some(named) => Some(named.member),
            None => return Err(PolicyFault::UnknownName),
        };
        self.quorum = Some(member);
        Ok(())
    }

    fn define(&mut self, name: &'b [u8], member: Member) -> Result<(), PolicyFault> {
        if name == NONE {
            return Err(PolicyFault::ReservedName);
        }
        if self.names.contains_key(name) {
            return Err(PolicyFault::DuplicateName);
        }
        let named = Named {
            member,
            taken: false,
        };
        self.names.insert(name, named);
        Ok(())
    }
}

fn room<T>(list: &[T]) -> Result<(), PolicyFault> {
    if list.len() < POLICY_ENTRIES_MAX {
        Ok(())
    } else {
        Err(PolicyFault::TooMany)
    }
}

fn parse_key<K: std::str::FromStr<Err = KeyError>>(word: &[u8]) -> Result<K, PolicyFault> {
    let text = str::from_utf8(word).map_err(|_| PolicyFault::Key(KeyError::Malformed))?;
    text.parse().map_err(PolicyFault::Key)
}

fn parse_url(word: Option<&[u8]>) -> Result<Option<String>, PolicyFault> {
    word.map(|word| str::from_utf8(word).map(str::to_owned))
        .transpose()
        .map_err(|_| PolicyFault::BadUrl)
}

/// How many of `members` must have signed.
fn parse_threshold(word: &[u8], members: usize) -> Result<usize, PolicyFault> {
    if members == 0 {
        return Err(PolicyFault::WrongWords);
    }
    match word {
        b"any" => Ok(1),
        b"all" => Ok(members),
        number => str::from_utf8(number)
            .ok()
            .and_then(|text| parse_decimal(text, members as u64))
            .and_then(|number| usize::try_from(number).ok())
            .filter(|number| *number >= 1)
            .ok_or(PolicyFault::BadThreshold),
    }
}
