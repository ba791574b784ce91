//! Tables that edits rest on: the Medicare Code Editor's lists, the codes exempt from present-on-admission
//! reporting, the National Correct Coding Initiative's pairs and units. Each is a code list ([`super::lists`]) that
//! the user loads, found by its system's name and a date.

use jiff::civil::Date;

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
        NAMES.contains(&system)
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
        let named = self.lists.iter().filter(|list| list.info().system == name);
        named.max_by_key(|list| list.info().effective_from.as_deref())
    }

    pub(crate) fn packs(&self) -> impl Iterator<Item = &PackInfo> {
        self.lists.iter().map(CodeList::info)
    }
}
