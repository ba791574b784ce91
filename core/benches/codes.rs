//! The codes' costs: a verdict, a batch, a title, a search, and making the systems ready, beside a hash map of
//! strings and a bare reading of the same texts in the same run.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stdout)]

use std::collections::HashMap;
use std::hint::black_box;
use std::time::{Duration, Instant};

use chartkeeper::codes::{Claim, ClaimDiagnosis, CodeContext, Codes, Setting};

const ROUNDS: usize = 15;

/// A small generator of numbers, so that every run asks the same.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound as u64) as usize
    }
}

/// The best of several rounds, each timed whole: other work on the machine only ever adds.
fn best<T>(mut work: impl FnMut() -> T) -> Duration {
    black_box(work());
    let rounds = (0..ROUNDS).map(|_| {
        let start = Instant::now();
        black_box(work());
        start.elapsed()
    });
    rounds.min().unwrap()
}

/// Items that are timed together: some tens of microseconds, so that in some round they are left alone even where
/// other work runs on the machine.
const CHUNK: usize = 1_000;

/// Nanoseconds an item, each item's answer kept from being optimised away: the best time of every chunk, added up.
fn each<Q, T>(items: &[Q], mut work: impl FnMut(&Q) -> T) -> f64 {
    let mut shortest = vec![Duration::MAX; items.len().div_ceil(CHUNK)];
    // Round by round over all of them: each finds the caches as a run over all items leaves them.
    for _ in 0..ROUNDS {
        for (chunk, shortest) in items.chunks(CHUNK).zip(&mut shortest) {
            let start = Instant::now();
            for item in chunk {
                black_box(work(item));
            }
            *shortest = start.elapsed().min(*shortest);
        }
    }
    shortest.iter().sum::<Duration>().as_nanos() as f64 / items.len() as f64
}

/// Every billable code, dotted, in tabular order.
fn billable(codes: &Codes) -> Vec<(String, String)> {
    let context = CodeContext::default();
    let mut out = Vec::new();
    let mut open: Vec<String> = Vec::new();
    for letter in b'A'..=b'Z' {
        for second in (b'0'..=b'9').chain(b'A'..=b'Z') {
            for third in (b'0'..=b'9').chain(b'A'..=b'Z') {
                open.push(String::from_utf8(vec![letter, second, third]).unwrap());
                while let Some(code) = open.pop() {
                    let Some(entry) = codes.entry("icd10cm", &code, &context).unwrap() else { continue };
                    if entry.billable {
                        out.push((entry.code, entry.title));
                    }
                    open.extend(entry.children.into_iter().rev().map(|child| child.code));
                }
            }
        }
    }
    out
}

fn main() {
    let ready = best(|| Codes::embedded().unwrap());
    println!("Codes::embedded()                {:>9.3} ms", ready.as_secs_f64() * 1e3);

    let codes = Codes::embedded().unwrap();
    let all = billable(&codes);
    println!("billable codes                   {:>9}", all.len());
    let mut numbers = Numbers(0x9E37_79B9_7F4A_7C15);
    let queries: Vec<String> = (0..100_000)
        .map(|at| {
            let mut code = all[numbers.below(all.len())].0.clone();
            if at % 2 == 1 {
                let place = numbers.below(code.len());
                let other = b"0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"[numbers.below(34)];
                if code.as_bytes()[place] != b'.' {
                    code.replace_range(place..=place, std::str::from_utf8(&[other]).unwrap());
                }
            }
            code
        })
        .collect();

    let context = CodeContext::default();
    let good = |code: &&String| codes.validate("icd10cm", code, &context).unwrap().is_valid();
    let valid = queries.iter().filter(good).count();
    println!("queries                          {:>9}, {valid} of them valid", queries.len());
    let map: HashMap<&str, u32> = all.iter().zip(0..).map(|((code, _), row)| (code.as_str(), row)).collect();
    let peer = each(&queries, |code| map.get(code.as_str()).copied());
    let bare = each(&queries, |code| code.bytes().fold(0u64, |sum, byte| sum * 37 + u64::from(byte)));
    let one = each(&queries, |code| codes.validate("icd10cm", code, &context));
    println!(
        "validate, dotted &str            {one:>9.1} ns/code  ({:.2} of HashMap<&str>::get, {:.2} of reading the bytes)",
        one / peer,
        one / bare
    );
    let good: Vec<String> = queries.iter().step_by(2).cloned().collect();
    let valid_only = each(&good, |code| codes.validate("icd10cm", code, &context));
    println!("validate, valid ones only        {valid_only:>9.1} ns/code");
    let dated = CodeContext::on("2026-03-14").unwrap();
    let on_a_date = each(&queries, |code| codes.validate("icd10cm", code, &dated));
    println!("validate, on a date              {on_a_date:>9.1} ns/code");
    let batches: Vec<&[String]> = queries.chunks(10 * CHUNK).collect();
    let all_of = |batch: &[String]| codes.validate_all("icd10cm", batch.iter().map(String::as_str), &context);
    let mut shortest = vec![Duration::MAX; batches.len()];
    for _ in 0..ROUNDS {
        for (batch, shortest) in batches.iter().zip(&mut shortest) {
            let start = Instant::now();
            black_box(all_of(batch).unwrap());
            *shortest = start.elapsed().min(*shortest);
        }
    }
    let batch = shortest.iter().sum::<Duration>().as_nanos() as f64 / queries.len() as f64;
    println!("validate_all                     {batch:>9.1} ns/code  ({:.1} M codes/s)", 1e3 / batch);

    let verdicts = codes.validate_all("icd10cm", good.iter().map(String::as_str), &context).unwrap();
    println!("title                            {:>9.1} ns", each(&verdicts, |verdict| verdict.title()));
    let sample =
        codes.validate_all("icd10cm", queries.iter().step_by(10).map(String::as_str), &context).unwrap();
    println!("whole record, half invalid       {:>9.1} ns", each(&sample, |verdict| verdict.record()));

    let claims: Vec<Claim> = (0..2_000)
        .map(|_| {
            let code = || ClaimDiagnosis {
                code: all[numbers.below(all.len())].0.clone(),
                poa: Some("Y".to_owned()),
            };
            let diagnoses = std::iter::repeat_with(code).take(8).collect();
            let (from, setting) = ("2026-03-14".to_owned(), Some(Setting::Inpatient));
            Claim { from, setting, age_years: Some(45), diagnoses, ..Claim::default() }
        })
        .collect();
    println!(
        "check_claim, eight diagnoses     {:>9.1} us",
        each(&claims, |claim| codes.check_claim(claim).unwrap()) / 1e3
    );

    let first = (0..5).map(|_| {
        let codes = Codes::embedded().unwrap();
        let start = Instant::now();
        codes.find("icd10cm", "cholera", &context, 10).unwrap();
        start.elapsed()
    });
    println!("first search (makes the index)   {:>9.3} ms", first.min().unwrap().as_secs_f64() * 1e3);
    let mut times: Vec<Duration> = (0..2_000)
        .map(|_| {
            let title = &all[numbers.below(all.len())].1;
            let words: Vec<&str> = title.split(' ').filter(|_| numbers.below(3) > 0).take(6).collect();
            let query = words.join(" ");
            let ask = || {
                let start = Instant::now();
                black_box(codes.find("icd10cm", &query, &context, 10).unwrap());
                start.elapsed()
            };
            (0..4).map(|_| ask()).min().unwrap()
        })
        .collect();
    times.sort();
    let at = |share: usize| times[times.len() * share / 100].as_secs_f64() * 1e3;
    println!(
        "find, p50 / p99 / slowest        {:>9.3} / {:.3} / {:.3} ms",
        at(50),
        at(99),
        times[times.len() - 1].as_secs_f64() * 1e3
    );
}
