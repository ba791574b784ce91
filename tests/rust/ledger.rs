//! The ledger against the outside: published Merkle vectors, and a writer that is killed again and again.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chartkeeper::ledger::{
    Disclosure, Hash, Ledger, Recipient, verify_consistency, verify_inclusion, verify_subtree_consistency,
    verify_subtree_inclusion,
};
use chartkeeper_tests::archive;
use serde_json::Value;

/// A hash of a vector. Some consistency vectors hold texts that are no hashes, and only ask whether two are the same:
/// the hashes of the texts are then the same as well.
fn hash(value: &Value) -> Hash {
    let bytes = STANDARD.decode(value.as_str().unwrap()).unwrap();
    <[u8; 32]>::try_from(bytes.as_slice()).map_or_else(|_| Hash::of(&bytes), Hash)
}

/// Whether the field holds nothing at all, which the type `Hash` cannot: such a vector is refused before any proof.
fn is_empty(value: &Value) -> bool {
    value.as_str() == Some("")
}

fn accepts(kind: &str, vector: &Value) -> bool {
    if is_empty(&vector["leafHash"]) || is_empty(&vector["root"]) {
        return false;
    }
    let number = |name: &str| vector[name].as_u64().unwrap();
    let of = |name: &str| hash(&vector[name]);
    let proof: Vec<Hash> = vector["proof"].as_array().into_iter().flatten().map(hash).collect();
    let result = match kind {
        "inclusion" => {
            verify_inclusion(number("leafIdx"), number("treeSize"), &of("leafHash"), &proof, &of("root"))
        }
        "subtreeinclusion" if vector.get("treeSize").is_some() => {
            verify_inclusion(number("leafIdx"), number("treeSize"), &of("leafHash"), &proof, &of("root"))
        }
        "subtreeinclusion" => verify_subtree_inclusion(
            number("leafIdx"),
            number("start"),
            number("end"),
            &of("leafHash"),
            &proof,
            &of("root"),
        ),
        "consistency" => {
            verify_consistency(number("size1"), number("size2"), &of("root1"), &proof, &of("root2"))
        }
        "subtreeconsistency" => verify_subtree_consistency(
            number("start"),
            number("end"),
            number("size"),
            &of("root1"),
            &proof,
            &of("root2"),
        ),
        other => panic!("unknown kind of vector: {other}"),
    };
    result.is_ok()
}

#[test]
fn published_merkle_vectors_good_and_bad() {
    let Some(files) = archive("ledger/merkle_testdata.tar.gz") else { return };
    let (mut good, mut bad, mut wrong) = (0, 0, Vec::new());
    for (name, text) in files.into_iter().filter(|(name, _)| name.ends_with(".json")) {
        let vector: Value = serde_json::from_slice(&text).unwrap();
        let kind = name.trim_start_matches("./").split('/').nth(1).unwrap().to_owned();
        let expected = !vector["wantErr"].as_bool().unwrap();
        *(if expected { &mut good } else { &mut bad }) += 1;
        if accepts(&kind, &vector) != expected {
            wrong.push(name);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!((good, bad), (GOOD, BAD));
}

/// How many vectors of either kind the archive holds.
const GOOD: usize = 36;
const BAD: usize = 482;

const KEY: [u8; 32] = [5; 32];
/// Tells this program to be the writer that is killed, in the folder that it names.
const CHILD: &str = "CHARTKEEPER_TEST_LEDGER";

fn disclosure(number: usize) -> Disclosure {
    Disclosure {
        patient: format!("patient-{}", number % 7),
        recipient: Recipient { name: "Registry".to_owned(), address: None },
        date: "2025-01-31".to_owned(),
        description: "x".repeat(1 + number % 700),
        purpose: "public health".to_owned(),
        outcome: "release".to_owned(),
        accounting_required: true,
        suspended_until: None,
        request_sha256: Hash::of(b"request"),
        record_sha256: Hash::of(b"record"),
        decision_sha256: Hash::of(b"decision"),
        output_sha256: None,
        law_packs: Vec::new(),
    }
}

/// Appends from two threads until it is killed; tells every acknowledged entry on standard output.
#[test]
fn killed_writer() {
    let Some(folder) = std::env::var_os(CHILD) else { return };
    let ledger = Ledger::open(folder, Some(&KEY)).unwrap();
    std::thread::scope(|scope| {
        for first in 0..2 {
            let ledger = &ledger;
            scope.spawn(move || {
                for number in (first..).step_by(2) {
                    let receipt = ledger.append(&disclosure(number)).unwrap();
                    let line = format!("\nacknowledged {} {}\n", receipt.index, receipt.leaf_hash);
                    std::io::stdout().write_all(line.as_bytes()).unwrap();
                }
            });
        }
    });
}

/// Starts the writer, kills it after `pause`, and returns what it acknowledged.
fn write_and_kill(folder: &Path, pause: Duration) -> Vec<(u64, Hash)> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "killed_writer", "--nocapture"])
        .env(CHILD, folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut acknowledged = Vec::new();
    let mut killed = false;
    for line in lines {
        // A line that the kill cut off was not told, so it does not count.
        let Ok(line) = line else { break };
        let mut words = line.split(' ');
        if words.next() == Some("acknowledged") {
            let index = words.next().and_then(|word| word.parse().ok());
            let leaf = words.next().and_then(Hash::from_hex);
            if let (Some(index), Some(leaf)) = (index, leaf) {
                acknowledged.push((index, leaf));
            }
            if !killed {
                std::thread::sleep(pause);
                child.kill().unwrap();
                killed = true;
            }
        }
    }
    child.wait().unwrap();
    acknowledged
}

fn survives(kills: u64) {
    let folder = tempfile::tempdir().unwrap();
    let mut checkpoint = None;
    let mut total = 0;
    for round in 0..kills {
        let acknowledged = write_and_kill(folder.path(), Duration::from_micros(round * 7919 % 20_000));
        let ledger = Ledger::open(folder.path(), Some(&KEY)).expect("the ledger opens after a kill");
        if let Some(checkpoint) = &checkpoint {
            ledger.extends(checkpoint).unwrap();
        }
        let public = ledger.public_key().unwrap();
        for (index, leaf) in &acknowledged {
            let proof = ledger.prove(*index).expect("an acknowledged entry is there");
            assert_eq!(proof.leaf_hash, *leaf);
            proof.verify(&public).unwrap();
        }
        total += acknowledged.len();
        assert!(ledger.len().unwrap() >= total as u64);
        checkpoint = Some(ledger.checkpoint().unwrap());
        if round % 50 == 0 {
            ledger.verify().unwrap();
        }
    }
    Ledger::open(folder.path(), Some(&KEY)).unwrap().verify().unwrap();
    assert!(total as u64 >= kills, "every round acknowledged something");
}

#[test]
fn a_kill_loses_no_acknowledged_entry() {
    survives(8);
}

#[test]
#[ignore = "long: five hundred kills; run with -- --ignored"]
fn five_hundred_kills_lose_no_acknowledged_entry() {
    survives(500);
}
