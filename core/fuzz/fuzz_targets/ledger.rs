//! The files of a ledger: any bytes are opened or refused with an error of the ledger, and what opens verifies, proves
//! and accounts, or says what is damaged. Notes of checkpoints are read too.
//!
//! An input is how long the log is (u32, little endian), the log, and the head.

#![no_main]

use chartkeeper::ledger::{Checkpoint, Ledger};
use libfuzzer_sys::fuzz_target;

const KEY: [u8; 32] = [7; 32];

fuzz_target!(|data: &[u8]| {
    if let Ok(note) = std::str::from_utf8(data)
        && let Ok(checkpoint) = Checkpoint::parse(note)
    {
        let _ = checkpoint.verify(&KEY);
    }
    let Some((length, rest)) = data.split_first_chunk::<4>() else { return };
    let at = (u32::from_le_bytes(*length) as usize).min(rest.len());
    let (log, head) = rest.split_at(at);
    let folder = std::path::Path::new("/dev/shm").join(format!("chartkeeper-fuzz-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let _ = std::fs::remove_file(folder.join("tree"));
    std::fs::write(folder.join("log"), log).unwrap();
    std::fs::write(folder.join("head"), head).unwrap();
    for key in [None, Some(&KEY)] {
        if let Ok(ledger) = Ledger::open_reading(&folder, key) {
            let _ = ledger.verify();
            let _ = ledger.accounting("p", "2025-06-30");
            let _ = ledger.prove(0);
        }
        match Ledger::open(&folder, key) {
            Ok(ledger) => {
                let size = ledger.len().unwrap();
                if ledger.verify().is_ok() && size > 0 {
                    ledger.prove(size - 1).unwrap();
                }
            }
            Err(error) => assert!(error.code().starts_with("ledger_"), "{}", error.code()),
        }
    }
});
