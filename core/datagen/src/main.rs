//! Compiles published sources into the packs that the library embeds; `--check` compares instead of writing.

fn main() {}
