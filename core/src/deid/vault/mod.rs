//! The vault: which random token stands for which id. It is kept apart from the output, and shared by records
//! that belong together.
//!
//! 45 CFR 164.514(c): a code that lets the holder find the individual again must not be derived from information
//! about the individual. A token is therefore drawn, never computed from the id; only this table joins the two.

mod file;

use std::borrow::Borrow;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use zeroize::Zeroize;

use super::tokens::Drawn;
use crate::error::Result;
use crate::text::Entropy;

/// A table of random tokens. A clone is the same table: records that are de-identified with it share their tokens.
///
/// A token has the form of a random UUID (RFC 9562, version 4): `f47ac10b-58cc-4372-a567-0e02b2c3d479`, which is
/// also a valid FHIR id. The table is wiped from memory when the last clone goes.
#[derive(Clone)]
pub struct Vault {
    table: Arc<Mutex<Table>>,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vault").field("tokens", &self.len()).finish_non_exhaustive()
    }
}

impl Vault {
    /// An empty vault whose tokens come from the operating system's entropy.
    ///
    /// # Errors
    /// `entropy_unavailable`.
    pub fn new() -> Result<Self> {
        Ok(Self::with(Entropy::system()?))
    }

    /// An empty vault whose tokens follow from `seed` and the order in which ids are met: for tests and for runs
    /// that must repeat. Whoever holds the seed can foretell the tokens, so it is as secret as the vault.
    #[must_use]
    pub fn from_seed(seed: [u8; 32]) -> Self {
        Self::with(Entropy::from_seed(seed))
    }

    fn with(entropy: Entropy) -> Self {
        let table = Table {
            entropy,
            tokens: HashMap::new(),
            values: HashMap::new(),
            people: Vec::new(),
            person_of: HashMap::new(),
            current: None,
        };
        Self { table: Arc::new(Mutex::new(table)) }
    }

    /// A vault of tokens that were drawn of another one.
    pub(super) fn holding(drawn: Drawn) -> Self {
        let vault = Self::from_seed([0; 32]);
        {
            let mut table = vault.lock();
            for (token, value) in drawn.0 {
                table.put(token, &value, &[]);
            }
        }
        vault
    }

    /// How many tokens it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lock().values.len()
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The token of `value`: the one it has, or a new one.
    #[must_use]
    pub fn token(&self, value: &str) -> String {
        let mut table = self.lock();
        table.belongs_to(None);
        table.token(value).text()
    }

    /// The value that `token` stands for, where this vault drew it.
    #[must_use]
    pub fn value(&self, token: &str) -> Option<String> {
        let token = Token::parse(token)?;
        self.lock().values.get(&token).map(|secret| secret.0.clone())
    }

    /// The person under whose record `token` was drawn first, where one was known.
    #[must_use]
    pub fn person(&self, token: &str) -> Option<String> {
        self.lock().person(Token::parse(token)?)
    }

    /// Deletes what belongs to one person's records alone, under the key by which the policy knows the person, or the
    /// name that the caller gave. Tokens that records of others share stay theirs. How many were deleted comes back;
    /// nobody can find those values again from this vault, and files that were saved before still hold them.
    pub fn forget(&self, person: &str) -> usize {
        self.lock().forget(person)
    }

    /// Holds the table for a whole record, so that its tokens are drawn in its own order.
    pub(super) fn lock(&self) -> MutexGuard<'_, Table> {
        // A panic of another holder leaves the table whole: every change of it is one insertion.
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A value of the vault, wiped when it goes.
#[derive(PartialEq, Eq, Hash)]
struct Secret(String);

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl Borrow<str> for Secret {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// The two directions of the vault.
pub(super) struct Table {
    entropy: Entropy,
    tokens: HashMap<Secret, Row>,
    values: HashMap<Token, Secret>,
    /// The people whose records were given tokens; one who was forgotten leaves a hole.
    people: Vec<Option<Secret>>,
    person_of: HashMap<Secret, u32>,
    /// The person whose record is being given tokens.
    current: Option<u32>,
}

/// The token of a value, and whose records it stands in.
struct Row {
    token: Token,
    first: Option<u32>,
    others: Vec<u32>,
}

impl Row {
    fn belongs_to(&mut self, person: Option<u32>) {
        let Some(person) = person else { return };
        if self.first.is_none() {
            self.first = Some(person);
        } else if self.first != Some(person) && !self.others.contains(&person) {
            self.others.push(person);
        }
    }

    fn owners(&self) -> Vec<u32> {
        self.first.iter().chain(&self.others).copied().collect()
    }
}

impl Table {
    /// The token of `value`. A token of this vault stands for itself: a second run changes nothing.
    pub(super) fn token(&mut self, value: &str) -> Token {
        let current = self.current;
        if let Some(row) = self.tokens.get_mut(value) {
            row.belongs_to(current);
            return row.token;
        }
        if let Some(token) = Token::parse(value)
            && self.values.contains_key(&token)
        {
            return token;
        }
        let mut token = Token::draw(&mut self.entropy);
        while self.values.contains_key(&token) {
            token = Token::draw(&mut self.entropy);
        }
        let owners: Vec<u32> = current.into_iter().collect();
        self.put(token, value, &owners);
        token
    }

    /// Enters a token with its value and owners.
    fn put(&mut self, token: Token, value: &str, owners: &[u32]) {
        let (first, others) =
            owners.split_first().map_or((None, &[][..]), |(first, rest)| (Some(*first), rest));
        self.tokens.insert(Secret(value.to_owned()), Row { token, first, others: others.to_vec() });
        self.values.insert(token, Secret(value.to_owned()));
    }

    /// From now on tokens are given to a record of this person's.
    pub(super) fn belongs_to(&mut self, person: Option<&str>) {
        self.current = person.and_then(|person| match self.person_of.get(person) {
            Some(known) => Some(*known),
            None => self.add_person(person),
        });
    }

    fn add_person(&mut self, person: &str) -> Option<u32> {
        let number = u32::try_from(self.people.len()).ok()?;
        // The name of somebody who was forgotten is a hole, and stays one.
        let known = (!person.is_empty()).then(|| Secret(person.to_owned()));
        if known.is_some() {
            self.person_of.insert(Secret(person.to_owned()), number);
        }
        self.people.push(known);
        Some(number)
    }

    fn person(&self, token: Token) -> Option<String> {
        let value = self.values.get(&token)?;
        let first = self.tokens.get(value.0.as_str())?.first?;
        self.people.get(first as usize)?.as_ref().map(|person| person.0.clone())
    }

    fn forget(&mut self, person: &str) -> usize {
        let Some(number) = self.person_of.remove(person) else { return 0 };
        if let Some(slot) = self.people.get_mut(number as usize) {
            *slot = None;
        }
        self.current = self.current.filter(|current| *current != number);
        let mut gone = Vec::new();
        self.tokens.retain(|_, row| {
            row.others.retain(|other| *other != number);
            if row.first != Some(number) {
                return true;
            }
            if row.others.is_empty() {
                gone.push(row.token);
                return false;
            }
            row.first = Some(row.others.remove(0));
            true
        });
        gone.iter().for_each(|token| {
            self.values.remove(token);
        });
        gone.len()
    }
}

/// 122 random bits in the form of a UUID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Token([u8; 16]);

const HEX: &[u8; 16] = b"0123456789abcdef";

impl Token {
    fn draw(entropy: &mut Entropy) -> Self {
        let mut bytes = [0; 16];
        entropy.fill(&mut bytes);
        bytes[6] = 0x40 | (bytes[6] & 0x0f);
        bytes[8] = 0x80 | (bytes[8] & 0x3f);
        Self(bytes)
    }

    /// Reads `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx` in lower case.
    fn parse(text: &str) -> Option<Self> {
        if text.len() != 36 {
            return None;
        }
        let mut bytes = [0; 16];
        let mut digits = 0;
        for (at, byte) in text.bytes().enumerate() {
            if matches!(at, 8 | 13 | 18 | 23) {
                if byte != b'-' {
                    return None;
                }
                continue;
            }
            let digit = match byte {
                b'0'..=b'9' => byte - b'0',
                b'a'..=b'f' => byte - b'a' + 10,
                _ => return None,
            };
            let slot = bytes.get_mut(digits / 2)?;
            *slot = *slot << 4 | digit;
            digits += 1;
        }
        Some(Self(bytes))
    }

    /// Appends the token to `out`.
    pub(super) fn write(self, out: &mut String) {
        for (at, byte) in self.0.into_iter().enumerate() {
            if matches!(at, 4 | 6 | 8 | 10) {
                out.push('-');
            }
            for digit in [byte >> 4, byte & 15] {
                out.push(HEX.get(usize::from(digit)).copied().map_or('0', char::from));
            }
        }
    }

    pub(super) fn text(self) -> String {
        let mut out = String::with_capacity(36);
        self.write(&mut out);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_keeps_its_token_and_a_token_stands_for_itself() {
        let vault = Vault::new().unwrap();
        let token = vault.token("123");
        assert_eq!(vault.token("123"), token);
        assert_eq!(vault.clone().token(&token), token);
        assert_ne!(vault.token("124"), token);
        assert_eq!(vault.value(&token).unwrap(), "123");
        assert_eq!(vault.value("123"), None);
        assert_eq!(vault.len(), 2);
        assert_eq!(format!("{vault:?}"), "Vault { tokens: 2, .. }");
    }

    #[test]
    fn one_person_is_forgotten_and_what_others_share_stays() {
        let vault = Vault::from_seed([3; 32]);
        let give = |person: &str, values: &[&str]| {
            let mut table = vault.lock();
            table.belongs_to(Some(person));
            values.iter().for_each(|value| {
                table.token(value);
            });
        };
        give("ann", &["ann", "doctor", "visit"]);
        give("bob", &["bob", "doctor"]);
        let (ann, doctor) = (vault.token("ann"), vault.token("doctor"));
        assert_eq!(vault.person(&doctor).as_deref(), Some("ann"));
        assert_eq!(vault.forget("nobody"), 0);
        assert_eq!(vault.forget("ann"), 2);
        assert_eq!((vault.value(&ann), vault.len()), (None, 2));
        assert_eq!(vault.person(&doctor).as_deref(), Some("bob"));
        assert_eq!(vault.forget("ann"), 0);
        assert_eq!(vault.forget("bob"), 2);
        assert!(vault.is_empty());
    }

    #[test]
    fn tokens_are_uuids_of_version_4() {
        let vault = Vault::from_seed([7; 32]);
        for n in 0..200 {
            let token = vault.token(&n.to_string());
            assert_eq!(token.len(), 36);
            assert_eq!(token.as_bytes()[14], b'4');
            assert!(b"89ab".contains(&token.as_bytes()[19]), "{token}");
            assert_eq!(Token::parse(&token).unwrap().text(), token);
        }
        assert!(Token::parse("f47ac10b-58cc-4372-a567-0e02b2c3d47").is_none());
        assert!(Token::parse("F47ac10b-58cc-4372-a567-0e02b2c3d479").is_none());
        assert!(Token::parse("f47ac10b058cc-4372-a567-0e02b2c3d479").is_none());
    }

    #[test]
    fn a_token_tells_nothing_of_its_value() {
        // Not derived from the value (164.514(c)(1)): the same value has another token in another vault, and the
        // same place in the stream gives the same token whatever the value.
        assert_ne!(Vault::new().unwrap().token("123"), Vault::new().unwrap().token("123"));
        assert_eq!(Vault::from_seed([1; 32]).token("123"), Vault::from_seed([1; 32]).token("another"));
    }
}
