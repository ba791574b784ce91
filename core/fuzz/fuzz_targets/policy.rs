//! Policies, and configurations of rules by path: any text is a policy or an error that quotes nothing but a policy's own
//! words; one that calls itself Safe Harbor needs no key; and what it makes of a record reads again.

#![no_main]

use chartkeeper::Record;
use chartkeeper::deid::{Options, Policy, Vault, deidentify};
use libfuzzer_sys::fuzz_target;

/// A record with values of many types.
const RECORD: &str = r#"{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Patient","id":"a","name":[{"use":"official","family":"Doe","given":["Jo","Ann"],"_given":[null,{"id":"x"}]}],"birthDate":"1980-05-03","_birthDate":{"extension":[{"url":"http://a.example","valueDateTime":"1980-05-03T10:00:00Z"}]},"address":[{"city":"Boston","postalCode":"02139"}],"active":true}},{"resource":{"resourceType":"Observation","status":"final","subject":{"reference":"Patient/a"},"code":{"coding":[{"system":"http://loinc.org","code":"8302-2"}]},"valueQuantity":{"value":176.35,"unit":"cm"},"component":[{"valueInteger":7}]}}]}"#;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    match Policy::from_json(text) {
        Ok(policy) => {
            let harbor = policy.info().conforms_to.as_deref() == Some("hipaa-safe-harbor");
            assert!(!harbor || !policy.needs_key(), "Safe Harbor allows no code made with a key");
            assert!(!policy.summary().is_empty());
            let record = Record::parse(RECORD, None).unwrap();
            let vault = Vault::from_seed([7; 32]);
            let options = Options {
                as_of: Some("2025-06-01".parse().unwrap()),
                vault: Some(&vault),
                key: policy.needs_key().then_some(&[7; 32]),
                patient: Some("somebody"),
                ..Options::default()
            };
            if let Ok(made) = deidentify(&record, &policy, &options) {
                assert!(Record::parse(made.output, None).is_ok(), "the output does not read");
            }
        }
        Err(error) => {
            let code = error.code();
            assert!(["policy_malformed", "policy_nonconforming", "unknown_policy"].contains(&code), "{code}");
        }
    }
});
