//! Policies: any text is a policy or an error that quotes nothing but a policy's own words; one that calls itself Safe
//! Harbor needs no key.

#![no_main]

use chartkeeper::deid::Policy;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    match Policy::from_json(text) {
        Ok(policy) => {
            let harbor = policy.info().conforms_to.as_deref() == Some("hipaa-safe-harbor");
            assert!(!harbor || !policy.needs_key(), "Safe Harbor allows no code made with a key");
            assert!(!policy.summary().is_empty());
        }
        Err(error) => {
            let code = error.code();
            assert!(["policy_malformed", "policy_nonconforming", "unknown_policy"].contains(&code), "{code}");
        }
    }
});
