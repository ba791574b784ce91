//! Writes the Swift or Kotlin source of the binding from the built library. A crate of its own, so that the
//! binding itself does not carry the generator's dependencies.

fn main() {
    uniffi::uniffi_bindgen_main();
}
