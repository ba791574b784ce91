//! Records about de-identification.

use chartkeeper::api;

use super::{Finding, Receipt, Span};
use crate::mirror::{Mirror, given, mirror};

mirror! {
    /// One change, with its place and its rule; never the value.
    ManifestEntry = ManifestEntry {
        /// What the place holds.
        label: String,
        /// What was done: `remove`, `mask`, `year`, `zip3` or `token`.
        action: String,
        /// Native path in the source.
        path: String,
        /// Bytes of the value in the source.
        span: Span,
        /// The paragraph that asks for it.
        rule: String,
    }

    /// How far a run over a folder has come.
    FolderProgress = FolderProgress {
        /// Files that are done, those that stood there already among them.
        files: u64,
        /// Records that were written.
        records: u64,
        /// Records that were left out.
        refused: u64,
        /// Bytes that were read.
        bytes: u64,
    }

    /// A record of a folder that was left out.
    RefusedRecord = RefusedRecord {
        /// Its file, as its place among the files in the order of their names, from 0.
        file: u64,
        /// The line, or the segment of HL7 v2, with which it begins, from 1.
        line: u64,
        /// Why: the code of the error.
        code: String,
    }

    /// What a run over a folder has done.
    FolderReport = FolderReport {
        /// Files that were written.
        files: u64,
        /// Files whose output stood there already, and was not made again.
        skipped: u64,
        /// Files of other kinds, which were left where they are.
        ignored: u64,
        /// Records that were written.
        records: u64,
        /// Bytes that were read.
        bytes: u64,
        /// Records that were left out.
        refused: Vec<RefusedRecord>,
        /// Whether all files are done: not where the watcher ended the run.
        complete: bool,
    }

    /// A de-identified record, and what was done to it.
    Deidentified = Deidentified {
        /// The source with the changed bytes; every other byte as it was.
        output: Vec<u8>,
        /// What was changed, where and why.
        manifest: Vec<ManifestEntry>,
        /// Name of the policy.
        policy: String,
        /// What a person should look at.
        findings: Vec<Finding>,
    }
}

impl Mirror<Vec<ManifestEntry>> for api::Manifest {
    fn mirror(self) -> Vec<ManifestEntry> {
        self.entries().map(Mirror::mirror).collect()
    }
}

mirror! {
    /// What a search of an output for what should be gone has found. Never a value.
    Verification = Verification {
        /// Name of the policy.
        policy: String,
        /// Values and forms of values that were looked for.
        searched: u64,
        /// Texts of the output that were looked into.
        texts: u64,
        /// What was found; empty where nothing that the policy hides can be read.
        findings: Vec<Finding>,
        /// What was done and how it was checked, in Markdown, for the file of whoever determines the risk (45
        /// CFR 164.514(b)(1)(ii)). It holds no value of the record.
        statement: String,
    }
}

given! {
    /// Who received information, or asks for it.
    Recipient {
        /// Name of the entity or person.
        name: String,
        /// Address, where it is known.
        #[uniffi(default = None)]
        address: Option<String>,
    }

    /// Who wants to know what a token stands for, and why.
    ReidentifyRequest {
        /// The token, as it stands in an output.
        token: String,
        /// Who asks.
        requester: Recipient,
        /// Why.
        purpose: String,
        /// The day on which it is asked, `YYYY-MM-DD`.
        on: String,
    }
}

mirror! {
    /// What a token stands for, and the proof that its look-up was recorded.
    Reidentified = Reidentified {
        /// The value that the token stands for.
        value: String,
        /// The ledger's receipt for the entry that was written before the value was handed out.
        receipt: Receipt,
    }
}
