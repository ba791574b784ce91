//! What changed between two releases: codes that came, went, or were given another title.

use std::collections::HashMap;

use super::Codes;
use super::verdict::{CodeDiff, CodeName, Retitled};
use crate::error::{Error, Result, codes};

impl Codes {
    /// What changed from one loaded release of a system to another, each by the name that a verdict gives it
    /// (`FY2025`).
    ///
    /// # Errors
    /// `unknown_system`; `invalid_argument` for a release that is not loaded, with the names of those that are.
    pub fn diff(&self, system: &str, release_a: &str, release_b: &str) -> Result<CodeDiff> {
        let (_, system) = self.system(system)?;
        let listed = |argument: &'static str, release: &str| {
            system.reportable(release).ok_or_else(|| {
                let known = system.releases().join(", ");
                Error::new(&codes::INVALID_ARGUMENT)
                    .in_path(argument)
                    .note(format!("loaded releases: {known}"))
            })
        };
        let (before, after) = (listed("release_a", release_a)?, listed("release_b", release_b)?);
        let titles: HashMap<&str, &str> =
            before.iter().map(|name| (name.code.as_str(), name.title.as_str())).collect();
        let mut kept: HashMap<&str, ()> = HashMap::with_capacity(after.len());
        let (mut added, mut retitled) = (Vec::new(), Vec::new());
        for CodeName { code, title } in &after {
            match titles.get(code.as_str()) {
                None => added.push(CodeName { code: code.clone(), title: title.clone() }),
                Some(before) if before != title => retitled.push(Retitled {
                    code: code.clone(),
                    before: (*before).to_owned(),
                    after: title.clone(),
                }),
                Some(_) => {}
            }
            kept.insert(code, ());
        }
        let removed = before.iter().filter(|name| !kept.contains_key(name.code.as_str())).cloned().collect();
        Ok(CodeDiff {
            system: system.name(),
            release_a: release_a.to_owned(),
            release_b: release_b.to_owned(),
            added,
            removed,
            retitled,
        })
    }
}
