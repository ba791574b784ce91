//! The ledger's costs: appends alone and in batches beside a bare write-and-fsync of the same bytes in the same run,
//! then proofs, opening and a full reading of a log of a million entries (`LEDGER_ENTRIES` sets another number).

#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::fs::File;
use std::io::Write as _;
use std::time::{Duration, Instant};

use chartkeeper::ledger::{Disclosure, Hash, Ledger, Recipient};

const KEY: [u8; 32] = [9; 32];

fn disclosure(number: u64) -> Disclosure {
    Disclosure {
        patient: format!("patient-{}", number % 1000),
        recipient: Recipient { name: "Registry".to_owned(), address: Some("1 Main Street".to_owned()) },
        date: "2025-01-31".to_owned(),
        description: "laboratory results of January 2025".to_owned(),
        purpose: "public health, 45 CFR 164.512(b)".to_owned(),
        outcome: "release".to_owned(),
        accounting_required: true,
        suspended_until: None,
        request_sha256: Hash::of(&number.to_le_bytes()),
        record_sha256: Hash::of(b"record"),
        decision_sha256: Hash::of(b"decision"),
        output_sha256: None,
        law_packs: Vec::new(),
    }
}

fn per_second(count: u64, time: Duration) -> f64 {
    count as f64 / time.as_secs_f64()
}

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let entries: u64 = std::env::var("LEDGER_ENTRIES").ok().map_or(1_000_000, |text| text.parse().unwrap());

    // The bound of an append: the same two writes to two files, each followed by a wait for the disk.
    let mut files: Vec<File> =
        ["a", "b"].iter().map(|name| File::create(folder.path().join(name)).unwrap()).collect();
    let rounds = 200u64;
    let start = Instant::now();
    for _ in 0..rounds {
        for file in &mut files {
            file.write_all(&[1; 900]).unwrap();
            file.sync_data().unwrap();
        }
    }
    let bare = per_second(rounds, start.elapsed());

    let path = folder.path().join("ledger");
    let ledger = Ledger::open(&path, Some(&KEY)).unwrap();
    let start = Instant::now();
    for number in 0..rounds {
        ledger.append(&disclosure(number)).unwrap();
    }
    let alone = per_second(rounds, start.elapsed());
    println!("bare pair of fsyncs      {bare:>12.0} /s");
    println!("append, one thread       {alone:>12.0} /s   {:.2} of the bare pair", alone / bare);

    let threads = 64u64;
    let start = Instant::now();
    std::thread::scope(|scope| {
        for thread in 0..threads {
            let ledger = &ledger;
            scope.spawn(move || {
                for number in 0..rounds {
                    ledger.append(&disclosure(thread * rounds + number)).unwrap();
                }
            });
        }
    });
    let shared = per_second(threads * rounds, start.elapsed());
    println!("append, {threads} threads       {shared:>12.0} /s   {:.2} of the bare pair", shared / bare);

    let batch: Vec<Disclosure> = (0..10_000).map(disclosure).collect();
    let start = Instant::now();
    let before = ledger.len().unwrap();
    while ledger.len().unwrap() < entries {
        let rest = usize::try_from(entries - ledger.len().unwrap()).unwrap().min(batch.len());
        ledger.append_all(batch.get(..rest).unwrap()).unwrap();
    }
    let batched = per_second(entries - before, start.elapsed());
    println!(
        "append, batches of {} {batched:>12.0} /s   {:.2} of the bare pair",
        batch.len(),
        batched / bare
    );

    drop(ledger);
    let start = Instant::now();
    let ledger = Ledger::open(&path, Some(&KEY)).unwrap();
    println!("open, {entries} entries    {:>12.3} ms", start.elapsed().as_secs_f64() * 1e3);

    let proofs = 2_000u64;
    let start = Instant::now();
    for number in 0..proofs {
        ledger.prove(number * 7_368_787 % entries).unwrap();
    }
    println!("inclusion proof          {:>12.3} ms", start.elapsed().as_secs_f64() * 1e3 / proofs as f64);
    let start = Instant::now();
    for number in 0..proofs {
        ledger.prove_consistency(1 + number * 7_368_787 % entries).unwrap();
    }
    println!("consistency proof        {:>12.3} ms", start.elapsed().as_secs_f64() * 1e3 / proofs as f64);
    let start = Instant::now();
    ledger.accounting("patient-1", "2025-06-30").unwrap();
    println!("accounting (reads all)   {:>12.3} s", start.elapsed().as_secs_f64());
    let start = Instant::now();
    ledger.verify().unwrap();
    println!("verify                   {:>12.3} s", start.elapsed().as_secs_f64());
}
