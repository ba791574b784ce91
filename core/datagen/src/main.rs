//! Compiles published sources into the packs that the library embeds; `--check` compares instead of writing.
//!
//! `datagen [--check] [--source FOLDER] [PACK...]`: without a name, every pack. The sources are fetched by
//! `fetch.sh`; a source whose bytes are not the pinned ones is refused. The same sources give the same bytes.

mod ccda;
mod editor;
mod fhir;
mod fingerprints;
mod icd10cm;
mod icd10pcs;
mod lmdb;
mod mce;
mod narrative;
mod sources;
mod sqlite;
mod ucum;
mod wheel;

use std::path::PathBuf;
use std::process::ExitCode;

use sources::Sources;

/// What can go wrong while packs are compiled; told to the person at the terminal.
type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// Compiles one pack to its bytes.
type Compile = fn(&Sources) -> Result<Vec<u8>>;

/// The packs, and the module that compiles each.
const PACKS: &[(&str, Compile)] = &[
    ("ccda-r2.1", ccda::compile),
    ("fhir", fhir::compile),
    ("icd10cm", icd10cm::compile),
    ("icd10pcs", icd10pcs::compile),
    ("mce", mce::compile),
    ("narrative-en", narrative::compile_table),
    ("narrative-model-en", narrative::compile_model),
    ("ucum-2.2", ucum::compile),
];

#[allow(clippy::print_stderr)]
fn main() -> ExitCode {
    match run(std::env::args().skip(1)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("datagen: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Whether everything was written, or (`--check`) is as it should be.
#[allow(clippy::print_stdout)]
fn run(mut args: impl Iterator<Item = String>) -> Result<bool> {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let (mut check, mut folder, mut wanted) = (false, here.join("../../.cache/sources"), Vec::new());
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--check" => check = true,
            "--source" => folder = args.next().ok_or("--source needs a folder")?.into(),
            name if PACKS.iter().any(|(known, _)| *known == name) => wanted.push(arg),
            other => return Err(format!("there is no pack or option named {other}").into()),
        }
    }
    let sources = Sources::open(&here.join("sources.json"), folder)?;
    let data = here.join("../data");
    let mut built = Vec::new();
    for (name, compile) in PACKS {
        if wanted.is_empty() || wanted.iter().any(|one| one == name) {
            built.push((*name, compile(&sources)?));
        }
    }
    let mut good = true;
    for (name, bytes) in &built {
        let path = data.join(format!("{name}.bin"));
        if check {
            let same = std::fs::read(&path).is_ok_and(|found| found == *bytes);
            println!("{name}: {}", if same { "as compiled" } else { "differs from what the sources give" });
            good &= same;
        } else {
            std::fs::write(&path, bytes).map_err(|error| format!("{name}.bin: {error}"))?;
            println!("{name}: {} bytes", bytes.len());
        }
    }
    let names: Vec<&str> = PACKS.iter().map(|(name, _)| *name).collect();
    let table = fingerprints::table(&data, &names)?;
    let path = data.join("fingerprints.csv");
    if check {
        let same = std::fs::read_to_string(&path).is_ok_and(|found| found == table);
        println!("fingerprints.csv: {}", if same { "as compiled" } else { "differs" });
        good &= same;
    } else {
        std::fs::write(path, table)?;
    }
    Ok(good)
}
