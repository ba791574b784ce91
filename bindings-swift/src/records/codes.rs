//! Records about codes.

use crate::mirror::{choice, mirror};

choice! {
    /// A patient's sex, as claim edits have it.
    Sex {
        /// Female.
        Female,
        /// Male.
        Male,
        /// Another.
        Other,
        /// Not known.
        Unknown,
    }
}

mirror! {
    /// Whether a code may be used on a day, why not, and what to use instead.
    Verdict = VerdictRecord {
        /// `valid`, `invalid` or `unknown`.
        status: String,
        /// Stable code of the reason; nil when valid.
        reason: Option<String>,
        /// The code system.
        system: String,
        /// The code in its normal form; nil where the text is no code.
        code: Option<String>,
        /// Its title, where a loaded release has one.
        title: Option<String>,
        /// Whether it may be reported as it stands.
        billable: Option<bool>,
        /// The release that was asked.
        release: Option<String>,
        /// Codes that may have been meant.
        suggestions: Vec<String>,
        /// The reason in words.
        detail: Option<String>,
    }

    /// A code that a search found.
    CodeHit = CodeHit {
        /// The code in its normal form.
        code: String,
        /// Its title.
        title: String,
        /// How well it fits, from 0 to 1.
        score: f64,
        /// The words of the query that it holds.
        why: Vec<String>,
        /// Whether it may be reported as it stands.
        billable: bool,
        /// The release that was searched.
        release: String,
    }
}

mirror! {
    /// What a release says of one code, with its place in the list and every note that holds for it.
    CodeInfo = CodeInfo {
        /// The code system.
        system: String,
        /// The code, in its normal form.
        code: String,
        /// Its title.
        title: String,
        /// Whether it may be reported as it stands.
        billable: bool,
        /// The release that was asked: the one that covers the date, or else the nearest.
        release: String,
        /// What it stands below: chapter, section, category, subcategories.
        parents: Vec<CodeName>,
        /// What stands directly below it, in tabular order.
        children: Vec<CodeName>,
        /// The 7th characters that complete it, each as `code` with its meaning as `title`; empty where it
        /// takes none.
        seventh_characters: Vec<CodeName>,
        /// The notes that hold for it, those of its chapter first, its own last.
        notes: Vec<Note>,
        /// What tables say of it: predecessors, successors, codes of other systems, groups.
        relations: Vec<CodeRelation>,
    }

    /// What a table says of a code beside another one.
    CodeRelation = CodeRelation {
        /// `predecessor`, `successor`, `maps_to` or `group`.
        kind: String,
        /// The system of the other code, such as `icd9cm` or `ccsr-dx`.
        system: String,
        /// The other code; nil where the table says that there is none.
        code: Option<String>,
        /// Its title, where the table or a loaded release has one.
        title: Option<String>,
        /// What else the table says.
        detail: Option<String>,
        /// The release of the table.
        release: String,
    }

    /// A code and its title.
    CodeName = CodeName {
        /// The code, the range of a section (`E08-E13`) or the number of a chapter (`4`).
        code: String,
        /// Its title.
        title: String,
    }

    /// A note that holds for a code.
    Note = Note {
        /// What it asks for.
        kind: String,
        /// Its wording, as the list has it.
        text: String,
        /// The codes that it names, each in one form: `E10-E14`, `A99.-`, `T36-T50 with character 5 or 6: 5`.
        codes: Vec<String>,
        /// Where it stands: the code itself, a category or subcategory above it, a section (`E08-E13`) or a
        /// chapter (`4`).
        at: String,
        /// The release whose tabular list it was read from: the one asked, or the nearest whose list is
        /// loaded.
        release: String,
    }

    /// What changed between two releases of a code system.
    CodeDiff = CodeDiff {
        /// The code system.
        system: String,
        /// The release that is left.
        release_a: String,
        /// The release that is gone to.
        release_b: String,
        /// Codes that may be reported in `release_b` and not in `release_a`, with the title of `release_b`.
        added: Vec<CodeName>,
        /// Codes that may be reported in `release_a` and not in `release_b`, with the title of `release_a`.
        removed: Vec<CodeName>,
        /// Codes that may be reported in both under another title.
        retitled: Vec<Retitled>,
    }

    /// A code whose title changed.
    Retitled = Retitled {
        /// The code, in its normal form.
        code: String,
        /// The title that it had.
        before: String,
        /// The title that it has.
        after: String,
    }
}
