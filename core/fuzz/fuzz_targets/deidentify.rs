//! De-identification: of any record it makes one that reads again, without the bytes of what it removed, and the
//! account names each change once (laws 5 and 6).

#![no_main]

use chartkeeper::Record;
use chartkeeper::deid::{Options, Policy, Vault, deidentify};
use chartkeeper::formats::label::Label;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(record) = Record::parse(data, None) else { return };
    let policy = Policy::named("hipaa-safe-harbor").unwrap();
    let vault = Vault::from_seed([7; 32]);
    let options = Options { as_of: Some("2025-06-01".parse().unwrap()), vault: Some(&vault), ..Options::default() };
    let made = deidentify(&record, &policy, &options).unwrap();
    assert_eq!(made.manifest.entries().count(), made.manifest.len());

    let again = match Record::parse(made.output, Some(record.format())) {
        Ok(again) => again,
        Err(error) => panic!("the output does not read: {}", error.code()),
    };
    for (id, node) in again.tree().iter() {
        let gone = matches!(node.label(), Label::Name | Label::Street | Label::Phone | Label::SocialSecurity);
        assert!(!gone || again.text(id).is_none(), "a text of an identifying label is left");
    }
});
