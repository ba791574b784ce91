//! Writes the Swift source of the binding from the built library: `chartkeeper-bindgen LIBRARY FOLDER`. A crate of
//! its own, so that the binding does not carry the generator's dependencies.

use std::process::ExitCode;

use camino::Utf8PathBuf;
use uniffi_bindgen::bindings::{GenerateOptions, TargetLanguage, generate};

#[allow(clippy::print_stderr)]
fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [library, folder] = arguments.as_slice() else {
        eprintln!("usage: chartkeeper-bindgen LIBRARY FOLDER");
        return ExitCode::FAILURE;
    };
    let written = generate(GenerateOptions {
        languages: vec![TargetLanguage::Swift],
        source: Utf8PathBuf::from(library),
        out_dir: Utf8PathBuf::from(folder),
        config_override: Some(Utf8PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../uniffi.toml"))),
        ..GenerateOptions::default()
    });
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
