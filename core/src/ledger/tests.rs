//! What the ledger promises, tried on real folders: recovery, damage, keys, proofs, the accounting.

use std::fs;
use std::path::{Path, PathBuf};

use super::*;

const KEY: [u8; 32] = [11; 32];

fn disclosure(patient: &str, date: &str) -> Disclosure {
    Disclosure {
        patient: patient.to_owned(),
        recipient: Recipient { name: "Registry".to_owned(), address: Some("1 Main Street".to_owned()) },
        date: date.to_owned(),
        description: "immunizations".to_owned(),
        purpose: "public health".to_owned(),
        outcome: "release".to_owned(),
        accounting_required: true,
        suspended_until: None,
        request_sha256: Hash::of(b"request"),
        record_sha256: Hash::of(b"record"),
        decision_sha256: Hash::of(b"decision"),
        output_sha256: Some(Hash::of(b"copy")),
        law_packs: vec![LawPack { name: "hipaa".to_owned(), sha256: Hash::of(b"pack") }],
    }
}

/// A folder with a ledger of `count` entries, closed.
fn ledger_of(count: usize) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger");
    let ledger = Ledger::open(&path, Some(&KEY)).unwrap();
    for index in 0..count {
        ledger.append(&disclosure(&format!("patient-{index}"), "2025-01-31")).unwrap();
    }
    (folder, path)
}

fn code<T: std::fmt::Debug>(result: crate::Result<T>) -> &'static str {
    result.unwrap_err().code()
}

fn open(path: &Path) -> crate::Result<Ledger> {
    Ledger::open(path, Some(&KEY))
}

#[test]
fn receipts_prove_what_was_logged() {
    let (_folder, path) = ledger_of(0);
    let ledger = open(&path).unwrap();
    let public = ledger.public_key().unwrap();
    for index in 0..9u64 {
        let receipt = ledger.append(&disclosure("p", "2025-01-31")).unwrap();
        assert_eq!((receipt.index, receipt.tree_size), (index, index + 1));
        receipt.verify(&public).unwrap();
        let json = serde_json::to_string(&receipt).unwrap();
        assert_eq!(serde_json::from_str::<Receipt>(&json).unwrap(), receipt);
        let mut other = receipt.clone();
        other.index += 1;
        assert_eq!(code(other.verify(&public)), "proof_invalid");
        let mut other = receipt.clone();
        other.entry = other.entry.map(|entry| entry.replacen("A", "B", 1));
        assert_eq!(code(other.verify(&public)), "proof_invalid");
        let mut other = receipt.clone();
        other.checkpoint = other.checkpoint.replacen('\n', "x\n", 1);
        assert_eq!(code(other.verify(&public)), "ledger_key");
        assert_eq!(code(receipt.verify(&[3; 32])), "ledger_key");
        for earlier in 0..=index {
            let proof = ledger.prove(earlier).unwrap();
            proof.verify(&public).unwrap();
            assert_eq!(proof.tree_size, index + 1);
        }
    }
    ledger.verify().unwrap();
    assert_eq!(code(ledger.prove(9)), "invalid_argument");
    assert_eq!(code(ledger.prove_consistency(0)), "invalid_argument");
    assert_eq!(code(ledger.prove_consistency(10)), "invalid_argument");
}

#[test]
fn a_batch_is_logged_whole_or_not_at_all() {
    let (_folder, path) = ledger_of(1);
    let ledger = open(&path).unwrap();
    let good = disclosure("p", "2025-01-31");
    let receipts = ledger.append_all(&vec![good.clone(); 20]).unwrap();
    for (index, receipt) in (1..).zip(&receipts) {
        assert_eq!((receipt.index, receipt.tree_size), (index, 21));
        receipt.verify(&ledger.public_key().unwrap()).unwrap();
    }
    for (change, expected) in [
        (Disclosure { date: "31 January".to_owned(), ..good.clone() }, "invalid_date"),
        (Disclosure { date: "2025-01".to_owned(), ..good.clone() }, "invalid_date"),
        (Disclosure { purpose: "  ".to_owned(), ..good.clone() }, "invalid_argument"),
        (Disclosure { description: "x".repeat(LONGEST_TEXT + 1), ..good.clone() }, "invalid_argument"),
    ] {
        assert_eq!(code(ledger.append_all(&[good.clone(), change])), expected);
    }
    assert_eq!(ledger.len().unwrap(), 21);
    assert!(ledger.append_all(&[]).unwrap().is_empty());
}

#[test]
fn a_torn_end_that_was_not_acknowledged_is_dropped() {
    let (_folder, path) = ledger_of(3);
    let head_before = fs::read(path.join("head")).unwrap();
    let before = fs::read(path.join("log")).unwrap().len();
    open(&path).unwrap().append(&disclosure("p", "2025-01-31")).unwrap();
    let log = fs::read(path.join("log")).unwrap();
    for cut in before..=log.len() {
        fs::write(path.join("head"), &head_before).unwrap();
        fs::write(path.join("log"), &log[..cut]).unwrap();
        let ledger = open(&path).unwrap();
        let whole = u64::from(cut == log.len());
        assert_eq!(ledger.len().unwrap(), 3 + whole, "cut at {cut}");
        if cut % 29 == 0 || whole == 1 {
            let receipt = ledger.append(&disclosure("q", "2025-02-01")).unwrap();
            assert_eq!(receipt.index, 3 + whole);
            ledger.verify().unwrap();
            receipt.verify(&ledger.public_key().unwrap()).unwrap();
        }
    }
    // A sector of the tail that never reached the disk.
    fs::write(path.join("head"), &head_before).unwrap();
    let mut holed = log.clone();
    holed[before + 40..before + 80].fill(0);
    fs::write(path.join("log"), &holed).unwrap();
    assert_eq!(open(&path).unwrap().len().unwrap(), 3);
    assert_eq!(fs::metadata(path.join("log")).unwrap().len() as usize, before);
}

#[test]
fn a_log_cut_behind_its_head_is_an_error() {
    let (_folder, path) = ledger_of(3);
    let log = fs::read(path.join("log")).unwrap();
    for cut in 0..log.len() {
        fs::write(path.join("log"), &log[..cut]).unwrap();
        assert_eq!(code(open(&path)), "ledger_truncated");
        assert_eq!(code(Ledger::open_reading(&path, None)), "ledger_truncated");
        assert_eq!(fs::metadata(path.join("log")).unwrap().len() as usize, cut, "nothing was written");
    }
    fs::remove_file(path.join("log")).unwrap();
    assert_eq!(code(open(&path)), "ledger_truncated");
}

#[test]
fn a_changed_byte_of_the_log_is_an_error() {
    let (_folder, path) = ledger_of(3);
    let log = fs::read(path.join("log")).unwrap();
    for at in 0..log.len() {
        let mut bad = log.clone();
        bad[at] ^= 1 << (at % 8);
        fs::write(path.join("log"), &bad).unwrap();
        assert_eq!(code(open(&path)), "ledger_damaged", "byte {at}");
    }
    fs::write(path.join("log"), &log).unwrap();
    let ledger = open(&path).unwrap();
    let mut bad = log.clone();
    bad[700] ^= 4;
    fs::write(path.join("log"), &bad).unwrap();
    assert_eq!(code(ledger.verify()), "ledger_damaged");
    assert_eq!(code(ledger.accounting("patient-0", "2025-06-01")), "ledger_damaged");
}

#[test]
fn a_changed_byte_of_the_head_loses_nothing() {
    let (_folder, path) = ledger_of(3);
    let head = fs::read(path.join("head")).unwrap();
    let (mut recovered, mut refused) = (0, 0);
    for at in 0..head.len() {
        let mut bad = head.clone();
        bad[at] ^= 1 << (at % 8);
        fs::write(path.join("head"), &bad).unwrap();
        match open(&path) {
            Ok(ledger) => {
                assert_eq!(ledger.len().unwrap(), 3);
                recovered += 1;
            }
            Err(error) => {
                assert_eq!(error.code(), "ledger_damaged", "byte {at}");
                refused += 1;
            }
        }
    }
    // The newest slot can be made again from the log; a damaged older one leaves it open which was the newest.
    assert_eq!((recovered, refused), (512, 512));
    let log = fs::read(path.join("log")).unwrap();
    let mut bad = head.clone();
    let newest = if u64::from_le_bytes(head[..8].try_into().unwrap()) == log.len() as u64 { 0 } else { 512 };
    bad[newest] ^= 1;
    fs::write(path.join("head"), &bad).unwrap();
    fs::write(path.join("log"), &log[..log.len() - 1]).unwrap();
    assert_eq!(code(open(&path)), "ledger_damaged", "a cut log hidden by a damaged head");
    fs::remove_file(path.join("head")).unwrap();
    fs::write(path.join("log"), &log).unwrap();
    assert_eq!(code(open(&path)), "ledger_damaged", "a log without its head");
}

#[test]
fn an_interrupted_beginning_begins_again() {
    let (_folder, path) = ledger_of(0);
    let (log, head) = (fs::read(path.join("log")).unwrap(), fs::read(path.join("head")).unwrap());
    for cut in 0..log.len() {
        fs::write(path.join("log"), &log[..cut]).unwrap();
        fs::write(path.join("head"), b"").unwrap();
        assert!(open(&path).unwrap().is_empty().unwrap());
    }
    for cut in 0..head.len() {
        fs::write(path.join("head"), &head[..cut]).unwrap();
        match open(&path) {
            Ok(ledger) => assert!(ledger.is_empty().unwrap()),
            Err(error) => assert_eq!(error.code(), "ledger_damaged"),
        }
    }
    fs::write(path.join("head"), b"").unwrap();
    fs::write(path.join("log"), b"somebody else's log").unwrap();
    assert_eq!(code(open(&path)), "ledger_damaged");
}

#[test]
fn one_writer_many_readers() {
    let (_folder, path) = ledger_of(1);
    let ledger = open(&path).unwrap();
    assert_eq!(code(open(&path)), "ledger_locked");
    let reader = Ledger::open_reading(&path, Some(&KEY)).unwrap();
    let auditor = Ledger::open_reading(&path, None).unwrap();
    for index in 1..5 {
        ledger.append(&disclosure("p", "2025-01-31")).unwrap();
        assert_eq!(reader.checkpoint().unwrap(), ledger.checkpoint().unwrap());
        assert_eq!(auditor.prove(index).unwrap(), ledger.prove(index).unwrap());
        auditor.verify().unwrap();
    }
    auditor.checkpoint().unwrap().verify(&ledger.public_key().unwrap()).unwrap();
    assert_eq!(reader.accounting("p", "2025-06-01").unwrap().len(), 4);
    assert_eq!(code(auditor.accounting("p", "2025-06-01")), "ledger_key");
    assert_eq!(code(reader.append(&disclosure("p", "2025-01-31"))), "ledger_read_only");
    drop(ledger);
    open(&path).unwrap();
}

#[test]
fn threads_share_commits_and_lose_nothing() {
    let (_folder, path) = ledger_of(0);
    let ledger = open(&path).unwrap();
    let public = ledger.public_key().unwrap();
    let mut indices: Vec<u64> = std::thread::scope(|scope| {
        let work =
            || (0..25).map(|_| ledger.append(&disclosure("p", "2025-01-31")).unwrap()).collect::<Vec<_>>();
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(work)).collect();
        let receipts = threads.into_iter().flat_map(|thread| thread.join().unwrap());
        receipts.inspect(|receipt| receipt.verify(&public).unwrap()).map(|receipt| receipt.index).collect()
    });
    indices.sort_unstable();
    assert!(indices.into_iter().eq(0..200));
    ledger.verify().unwrap();
}

#[test]
fn the_key_belongs_to_the_ledger() {
    let (_folder, path) = ledger_of(2);
    assert_eq!(code(Ledger::open(&path, None)), "ledger_key");
    assert_eq!(code(Ledger::open(&path, Some(&[12; 32]))), "ledger_key");
    assert_eq!(code(Ledger::open_reading(&path, Some(&[12; 32]))), "ledger_key");
    let unsigned = path.with_extension("unsigned");
    let ledger = Ledger::open(&unsigned, None).unwrap();
    let receipt = ledger.append(&disclosure("p", "2025-01-31")).unwrap();
    assert_eq!(ledger.accounting("p", "2025-06-01").unwrap().len(), 1);
    assert_eq!(ledger.public_key(), None);
    assert_eq!(code(receipt.verify(&[1; 32])), "ledger_key");
    drop(ledger);
    assert_eq!(code(Ledger::open(&unsigned, Some(&KEY))), "ledger_key");
}

#[test]
fn a_kept_checkpoint_tells_of_a_rewritten_folder() {
    let (_folder, path) = ledger_of(3);
    let ledger = open(&path).unwrap();
    let early = ledger.checkpoint().unwrap();
    ledger.append(&disclosure("p", "2025-01-31")).unwrap();
    let late = ledger.checkpoint().unwrap();
    ledger.extends(&early).unwrap();
    ledger.extends(&late).unwrap();
    let (_other_folder, other) = ledger_of(3);
    let shorter = open(&other).unwrap();
    shorter.extends(&early).unwrap();
    assert_eq!(code(shorter.extends(&late)), "ledger_truncated");
    shorter.append(&disclosure("somebody else", "2025-01-31")).unwrap();
    assert_eq!(code(shorter.extends(&late)), "ledger_diverged");
    let forged = Checkpoint { root: Hash::of(b""), ..early };
    assert_eq!(
        code(ledger.extends(&Checkpoint::parse(&forged.note.replace("3\n", "2\n")).unwrap())),
        "ledger_key"
    );
}

#[test]
fn the_tree_file_is_made_again() {
    let (_folder, path) = ledger_of(11);
    let tree = fs::read(path.join("tree")).unwrap();
    fs::remove_file(path.join("tree")).unwrap();
    assert_eq!(code(Ledger::open_reading(&path, None).unwrap().prove(4)), "ledger_io");
    drop(open(&path).unwrap());
    assert_eq!(fs::read(path.join("tree")).unwrap(), tree);
    for at in (0..tree.len()).step_by(7) {
        let mut bad = tree.clone();
        bad[at] ^= 1;
        fs::write(path.join("tree"), &bad).unwrap();
        let ledger = open(&path).unwrap();
        let public = ledger.public_key().unwrap();
        for index in 0..11 {
            ledger.prove(index).unwrap().verify(&public).unwrap();
        }
    }
    fs::write(path.join("tree"), vec![0; tree.len()]).unwrap();
    let receipt = open(&path).unwrap().append(&disclosure("p", "2025-01-31")).unwrap();
    assert_eq!(receipt.index, 11);
}

#[test]
fn the_accounting_shows_six_years_and_leaves_out_what_is_excluded() {
    let (_folder, path) = ledger_of(0);
    let ledger = open(&path).unwrap();
    for date in ["2019-06-29", "2019-06-30", "2022-02-28T23:59:00-05:00", "2025-06-30", "2025-07-01"] {
        ledger.append(&disclosure("mrn-1", date)).unwrap();
    }
    ledger.append(&Disclosure { accounting_required: false, ..disclosure("mrn-1", "2024-01-01") }).unwrap();
    ledger.append(&disclosure("mrn-10", "2024-01-01")).unwrap();
    let shown = ledger.accounting("mrn-1", "2025-06-30").unwrap();
    let dates: Vec<&str> = shown.iter().map(|entry| entry.date.as_str()).collect();
    assert_eq!(dates, ["2019-06-30", "2022-02-28T23:59:00-05:00", "2025-06-30"]);
    assert_eq!(shown[0].index, 1);
    assert_eq!(shown[0].recipient, "Registry");
    assert_eq!(shown[0].address.as_deref(), Some("1 Main Street"));
    assert_eq!(
        (shown[0].description.as_str(), shown[0].purpose.as_str()),
        ("immunizations", "public health")
    );
    assert!(ledger.accounting("mrn-2", "2025-06-30").unwrap().is_empty());
    assert_eq!(code(ledger.accounting("mrn-1", "2025-06")), "invalid_date");
    assert_eq!(code(ledger.accounting("mrn-1", "today")), "invalid_date");
}

proptest::proptest! {
    #![proptest_config(crate::text::cases(40))]
    /// Whatever is appended, closed, cut behind the head or lost of the tree: exactly the acknowledged entries stay.
    #[test]
    fn acknowledged_entries_stay(steps in proptest::collection::vec((0u8..4, 1usize..6), 1..12)) {
        let folder = tempfile::tempdir().unwrap();
        let mut leaves = Vec::new();
        let mut kept = Vec::new();
        for (act, count) in steps {
            let ledger = open(folder.path()).unwrap();
            let batch = vec![disclosure(&format!("p{}", leaves.len()), "2025-01-31"); count];
            leaves.extend(ledger.append_all(&batch).unwrap().into_iter().map(|receipt| receipt.leaf_hash));
            kept.push(ledger.checkpoint().unwrap());
            drop(ledger);
            let log = folder.path().join("log");
            match act {
                0 => fs::remove_file(folder.path().join("tree")).unwrap(),
                1 => fs::write(&log, [fs::read(&log).unwrap(), vec![b'E'; count * 9]].concat()).unwrap(),
                2 => fs::write(&log, [fs::read(&log).unwrap(), vec![0; count * 99]].concat()).unwrap(),
                _ => {}
            }
        }
        let ledger = open(folder.path()).unwrap();
        proptest::prop_assert_eq!(ledger.len().unwrap(), leaves.len() as u64);
        for (index, leaf) in (0..).zip(&leaves) {
            proptest::prop_assert_eq!(ledger.prove(index).unwrap().leaf_hash, *leaf);
        }
        for checkpoint in &kept {
            proptest::prop_assert!(ledger.extends(checkpoint).is_ok());
        }
        ledger.verify().unwrap();
    }
}
