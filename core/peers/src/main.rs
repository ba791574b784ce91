//! `decide` beside cedar-policy on the same rules, from ten to ten thousand, in the same run.
//!
//! The rules are a facility's: recipients, each of whom may not have documents, and one permission for everybody. A
//! request of one of them for a record of a hundred entries is decided: by `decide` once, by Cedar entry by entry, which
//! is how it decides. Both must agree on every entry. Reading the record is part of `decide` and no part of Cedar.

use std::str::FromStr;
use std::time::{Duration, Instant};

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityUid, PolicySet, Request, RestrictedExpression,
};
use chartkeeper::Record;
use chartkeeper::release::{self, Law};

const ENTRIES: usize = 100;

fn record() -> Record {
    let entries: Vec<String> = (0..ENTRIES)
        .map(|at| {
            let kind = if at % 4 == 0 { "DocumentReference" } else { "Observation" };
            format!(r#"{{"resource":{{"resourceType":"{kind}","id":"e{at}","subject":{{"reference":"Patient/p"}}}}}}"#)
        })
        .collect();
    let patient = r#"{"resource":{"resourceType":"Patient","id":"p","identifier":[{"value":"M-1"}]}}"#;
    let source =
        format!(r#"{{"resourceType":"Bundle","type":"collection","entry":[{patient},{}]}}"#, entries.join(","));
    Record::parse(source, None).unwrap()
}

/// The rules as a law pack.
fn pack(rules: usize) -> String {
    let rows: Vec<String> = (0..rules)
        .map(|at| {
            format!(
                r#"{{"id":"X{at}","title":"no documents","effect":"prohibit","cite":"policy {at}","confidence":"V",
                    "when":{{"all":[{{"requester_named":"Recipient {at}"}},{{"entry_kind":"document"}}]}}}}"#
            )
        })
        .collect();
    let permit = r#"{"id":"P","title":"everybody","effect":"permit","cite":"policy","confidence":"V","when":{"all":[]}}"#;
    format!(
        r#"{{"pack":{{"name":"facility","release":"1","effective_from":null,"effective_to":null,"licence":"none","source":"bench"}},
            "rules":[{permit},{}]}}"#,
        rows.join(",")
    )
}

/// The same rules as Cedar writes them.
fn policies(rules: usize) -> PolicySet {
    let mut text = String::from("permit(principal, action, resource);\n");
    for at in 0..rules {
        text.push_str(&format!(
            "forbid(principal == Recipient::\"Recipient {at}\", action, resource) when {{ resource.kind == \"document\" }};\n"
        ));
    }
    PolicySet::from_str(&text).unwrap()
}

fn uid(kind: &str, id: &str) -> EntityUid {
    EntityUid::from_str(&format!("{kind}::\"{id}\"")).unwrap()
}

fn entities() -> Entities {
    let entity = |at: usize| {
        let kind = if at % 4 == 0 { "document" } else { "result" };
        let attributes = [("kind".to_owned(), RestrictedExpression::new_string(kind.to_owned()))];
        Entity::new(uid("Entry", &format!("e{at}")), attributes.into_iter().collect(), Default::default()).unwrap()
    };
    Entities::from_entities((0..ENTRIES).map(entity), None).unwrap()
}

/// The shortest of some rounds.
fn best(rounds: usize, mut act: impl FnMut()) -> Duration {
    (0..rounds)
        .map(|_| {
            let start = Instant::now();
            act();
            start.elapsed()
        })
        .min()
        .unwrap_or_default()
}

fn main() {
    let record = record();
    let request = release::Request::parse(
        r#"{"on":"2026-03-02","requester":{"name":"Recipient 7"},"scope":{"whole_record":true},"authority":[]}"#,
    )
    .unwrap();
    let entities = entities();
    println!("{:>7} {:>22} {:>22} {:>8}", "rules", "decide, ns an entry", "cedar, ns an entry", "ratio");
    for rules in [10, 100, 1000, 10_000] {
        let law = Law::compile(&[&pack(rules)]).unwrap();
        let decision = release::decide(&request, &record, &law).unwrap();
        let policies = policies(rules);
        let authorizer = Authorizer::new();
        let asked: Vec<Request> = (0..ENTRIES)
            .map(|at| {
                let (who, what) = (uid("Recipient", "Recipient 7"), uid("Entry", &format!("e{at}")));
                Request::new(who, uid("Action", "read"), what, Context::empty(), None).unwrap()
            })
            .collect();
        let answers = || -> Vec<bool> {
            let allowed = |request| {
                authorizer.is_authorized(request, &policies, &entities).decision() == Decision::Allow
            };
            asked.iter().map(allowed).collect()
        };
        let ours: Vec<bool> = decision.segments.iter().skip(1).map(|it| it.outcome.is_released()).collect();
        assert_eq!(ours, answers(), "both decide alike");
        let rounds = if rules > 1000 { 3 } else { 20 };
        let decide = best(200, || assert!(!release::decide(&request, &record, &law).unwrap().segments.is_empty()));
        let cedar = best(rounds, || assert_eq!(answers().len(), ENTRIES));
        let each = |time: Duration| time.as_secs_f64() * 1e9 / ENTRIES as f64;
        println!("{rules:>7} {:>22.0} {:>22.0} {:>8.1}", each(decide), each(cedar), each(cedar) / each(decide));
    }
}
