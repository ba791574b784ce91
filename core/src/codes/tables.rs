//! Tables that edits rest on: the Medicare Code Editor's lists, the codes exempt from present-on-admission
//! reporting, the National Correct Coding Initiative's pairs and units, and what leads from a code to others. Each is a code list ([`super::lists`]) that
//! the user loads, found by its system's name and a date.

use jiff::civil::Date;

use super::crosswalk;
use super::lists::CodeList;
use crate::error::Result;
use crate::packs::{Pack, PackInfo};

/// The names under which a pack is one of these tables.
pub(crate) const MCE: &str = "mce";
pub(crate) const POA_EXEMPT: &str = "poa-exempt";
pub(crate) const NCCI_PTP: &str = "ncci-ptp";
pub(crate) const NCCI_MUE: &str = "ncci-mue";
const NAMES: [&str; 4] = [MCE, POA_EXEMPT, NCCI_PTP, NCCI_MUE];

/// The tables that are loaded.
#[derive(Debug, Default)]
pub(crate) struct Tables {
    lists: Vec<CodeList>,
}

impl Tables {
    /// Whether packs of this name are tables.
    pub(crate) fn takes(system: &str) -> bool {
        NAMES.contains(&system) || crosswalk::TABLES.iter().any(|(name, _)| *name == system)
    }

    /// Adds the table of a pack.
    ///
    /// # Errors
    /// `pack_malformed`.
    pub(crate) fn load(&mut self, pack: Pack) -> Result<()> {
        self.lists.push(CodeList::open(pack)?);
        Ok(())
    }

    /// The tables of a name whose release covers a day; the last loaded first.
    pub(crate) fn covering<'t>(&'t self, name: &'t str, day: Date) -> impl Iterator<Item = &'t CodeList> {
        self.lists.iter().rev().filter(move |list| list.info().system == name && list.covers(day))
    }

    /// The table of a name that began last.
    pub(crate) fn newest(&self, name: &str) -> Option<&CodeList> {
        self.latest(name, None)
    }

    /// Of the tables of a name that hold on a day, the one that began last; without a day, of all.
    pub(crate) fn latest(&self, name: &str, on: Option<Date>) -> Option<&CodeList> {
        let named = self.lists.iter().filter(|list| list.info().system == name);
        let holding = named.filter(|list| on.is_none_or(|day| list.covers(day)));
        holding.max_by_key(|list| list.info().effective_from.as_deref())
    }

    pub(crate) fn packs(&self) -> impl Iterator<Item = &PackInfo> {
        self.lists.iter().map(CodeList::info)
    }
}
