//! The codes' costs: a verdict, a batch, a title, a search, and making the systems ready, beside a hash map of
//! strings and a bare reading of the same texts in the same run.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stdout)]

use std::collections::HashMap;
use std::hint::black_box;
use std::time::{Duration, Instant};

use chartkeeper::codes::{CodeContext, Codes};

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
fn best(mut work: impl FnMut()) -> Duration {
    work();
    (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed()
        })
        .min()
        .unwrap()
}

fn per_item(time: Duration, items: usize) -> f64 {
    time.as_nanos() as f64 / items as f64
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
    let ready = best(|| drop(black_box(Codes::embedded().unwrap())));
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
    let verdict = |code: &str| black_box(codes.validate("icd10cm", code, &context).unwrap()).is_valid();
    let valid = queries.iter().filter(|code| verdict(code)).count();
    println!("queries                          {:>9}, {valid} of them valid", queries.len());
    let map: HashMap<&str, u32> = all.iter().zip(0..).map(|((code, _), row)| (code.as_str(), row)).collect();
    let peer = per_item(
        best(|| queries.iter().for_each(|code| drop(black_box(map.get(code.as_str()))))),
        queries.len(),
    );
    let bare = per_item(
        best(|| {
            queries
                .iter()
                .for_each(|code| drop(black_box(code.bytes().fold(0u64, |sum, b| sum * 37 + u64::from(b)))))
        }),
        queries.len(),
    );
    let one =
        per_item(best(|| queries.iter().for_each(|code| drop(black_box(verdict(code))))), queries.len());
    println!(
        "validate, dotted &str            {one:>9.1} ns/code  ({:.2} of HashMap<&str>::get, {:.2} of reading the bytes)",
        one / peer,
        one / bare
    );
    let good: Vec<&String> = queries.iter().step_by(2).collect();
    let time = best(|| good.iter().for_each(|code| drop(black_box(verdict(code)))));
    println!("validate, valid ones only        {:>9.1} ns/code", per_item(time, good.len()));
    let time =
        best(|| drop(black_box(codes.validate_all("icd10cm", queries.iter().map(String::as_str), &context))));
    println!(
        "validate_all                     {:>9.1} ns/code  ({:.1} M codes/s)",
        per_item(time, queries.len()),
        1e3 / per_item(time, queries.len())
    );
    let dated = CodeContext::on("2026-03-14").unwrap();
    let time =
        best(|| queries.iter().for_each(|code| drop(black_box(codes.validate("icd10cm", code, &dated)))));
    println!("validate, on a date              {:>9.1} ns/code", per_item(time, queries.len()));

    let verdicts = codes.validate_all("icd10cm", good.iter().map(|code| code.as_str()), &context).unwrap();
    let time = best(|| verdicts.iter().for_each(|verdict| drop(black_box(verdict.title()))));
    println!("title                            {:>9.1} ns", per_item(time, verdicts.len()));
    let sample =
        codes.validate_all("icd10cm", queries.iter().step_by(10).map(String::as_str), &context).unwrap();
    let time = best(|| sample.iter().for_each(|verdict| drop(black_box(verdict.record()))));
    println!("whole record, half invalid       {:>9.1} ns", per_item(time, sample.len()));

    let start = Instant::now();
    codes.find("icd10cm", "cholera", &context, 10).unwrap();
    println!("first search (makes the index)   {:>9.3} ms", start.elapsed().as_secs_f64() * 1e3);
    let mut times: Vec<Duration> = (0..2_000)
        .map(|_| {
            let title = &all[numbers.below(all.len())].1;
            let words: Vec<&str> = title.split(' ').filter(|_| numbers.below(3) > 0).take(6).collect();
            let query = words.join(" ");
            let start = Instant::now();
            drop(black_box(codes.find("icd10cm", &query, &context, 10)));
            start.elapsed()
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
