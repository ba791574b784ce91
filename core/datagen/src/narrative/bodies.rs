//! Names of hospitals, clinics, homes, schools, plans and firms, put together as `bodies.txt` says.

use std::collections::BTreeMap;

use super::pool::{Pool, Random};
use crate::Result;

/// The lists and forms of `bodies.txt`.
pub(crate) struct Bodies {
    lists: BTreeMap<&'static str, Vec<&'static str>>,
    forms: Vec<&'static str>,
}

impl Bodies {
    /// # Errors
    /// Where the file does not begin with a list, or a form names a list that is not there.
    pub(crate) fn read() -> Result<Self> {
        let mut bodies = Self { lists: BTreeMap::new(), forms: Vec::new() };
        let mut name = None;
        for line in include_str!("../../rules/narrative/bodies.txt").lines() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(list) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                name = Some(list);
                continue;
            }
            match name.ok_or("bodies.txt begins without a list")? {
                "form" => bodies.forms.push(line),
                list => bodies.lists.entry(list).or_default().extend(line.split('|')),
            }
        }
        Ok(bodies)
    }

    /// One name.
    pub(crate) fn name(&self, pool: &Pool, random: &mut Random) -> String {
        let form = random.pick(&self.forms).copied().unwrap_or_default();
        let mut out = String::new();
        for (at, part) in form.split('{').enumerate() {
            let Some((slot, rest)) = part.split_once('}').filter(|_| at > 0) else {
                out.push_str(part);
                continue;
            };
            match slot {
                "city" => out.push_str(pool.city(random)),
                "surname" => out.push_str(&pool.common_surname(random)),
                "given" => out.push_str(&pool.common_given(random)),
                "number" => out.push_str(&(1 + random.below(400)).to_string()),
                "saint_" => {
                    let title = if random.below(3) == 0 { "Saint" } else { "St." };
                    let owned = if random.below(4) == 0 { "" } else { "'s" };
                    let saint = self.one("saint", random);
                    out.push_str(&format!("{title} {saint}{owned}"));
                }
                list => {
                    let word = self.one(list, random);
                    let glued = out.chars().next_back().is_some_and(char::is_alphabetic);
                    out.push_str(&if glued { word.to_lowercase() } else { word.to_owned() });
                }
            }
            out.push_str(rest);
        }
        out
    }

    fn one(&self, list: &str, random: &mut Random) -> &'static str {
        self.lists.get(list).and_then(|list| random.pick(list)).copied().unwrap_or_default()
    }
}
