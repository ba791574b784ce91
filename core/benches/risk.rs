//! Risk of tables: the Adult data set with ARX's hierarchies where it is, and a million made-up rows.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stdout)]

use std::collections::HashMap;
use std::io::Read;
use std::time::Instant;

use chartkeeper::deid::risk::{
    AnonymizeTableRequest, ColumnRole, Diversity, HierarchySpec, Role, anonymize_table,
};

mod common;

fn asked(table: String, columns: Vec<ColumnRole>) -> AnonymizeTableRequest {
    AnonymizeTableRequest {
        table,
        delimiter: ';',
        columns,
        k: 5,
        suppression: 0.0,
        l_diversity: None,
        t_closeness: None,
        threshold: 0.2,
        threads: 2,
        max_checks: None,
    }
}

/// The best of some runs.
fn run(name: &str, asked: &AnonymizeTableRequest, rounds: usize) {
    let mut best = f64::INFINITY;
    let mut last = None;
    for _ in 0..rounds {
        let start = Instant::now();
        last = Some(anonymize_table(asked).unwrap());
        best = best.min(start.elapsed().as_secs_f64());
    }
    let done = last.unwrap();
    let n = done.levels.len() as f64;
    let geometric = done.levels.iter().map(|column| (column.loss + 1.0).ln()).sum::<f64>() / n;
    println!(
        "{name:<34} {best:>6.2} s  loss {:.4} (geometric {:.4})  suppressed {:>5}  checks {:>5} of {:>9}  optimal {}",
        done.loss,
        geometric.exp() - 1.0,
        done.suppressed,
        done.checks,
        done.choices,
        done.optimal
    );
}

fn adult() {
    let Some(bytes) = common::shared("risk/adult.tar.gz") else { return };
    let mut files = HashMap::new();
    for entry in tar::Archive::new(bytes.as_slice()).entries().unwrap() {
        let mut entry = entry.unwrap();
        let name = entry.path().unwrap().to_string_lossy().into_owned();
        let mut text = String::new();
        entry.read_to_string(&mut text).unwrap();
        files.insert(name, text);
    }
    let quasi = |name: &str| {
        let text = &files[&format!("adult_hierarchy_{name}.csv")];
        let rows = text.lines().map(|line| line.split(';').map(str::to_owned).collect()).collect();
        ColumnRole {
            name: name.to_owned(),
            role: Role::QuasiIdentifier,
            hierarchy: HierarchySpec::Table { rows },
            weight: 1.0,
        }
    };
    let names = [
        "sex",
        "age",
        "race",
        "marital-status",
        "education",
        "native-country",
        "workclass",
        "occupation",
        "salary-class",
    ];
    let nine: Vec<ColumnRole> = names.into_iter().map(quasi).collect();
    let mut eight: Vec<ColumnRole> =
        names.into_iter().filter(|name| *name != "occupation").map(quasi).collect();
    eight.push(ColumnRole {
        name: "occupation".into(),
        role: Role::Sensitive,
        hierarchy: HierarchySpec::Auto,
        weight: 1.0,
    });
    let table = files["adult.csv"].clone();
    let all = asked(table.clone(), nine);
    run("adult, k 5", &all, 3);
    run("adult, k 5, 5 % suppression", &AnonymizeTableRequest { suppression: 0.05, ..all.clone() }, 3);
    run("the same, one thread", &AnonymizeTableRequest { suppression: 0.05, threads: 1, ..all }, 3);
    let values = AnonymizeTableRequest { suppression: 0.05, ..asked(table, eight) };
    run(
        "adult, k 5, 5 %, 5-diversity",
        &AnonymizeTableRequest { l_diversity: Some(Diversity { l: 5.0, entropy: false }), ..values.clone() },
        3,
    );
    run("adult, k 5, 5 %, t .2", &AnonymizeTableRequest { t_closeness: Some(0.2), ..values }, 3);
}

/// Twelve quasi-identifiers; the numbers follow from the row.
fn made_up(rows: u64) {
    let mut table = (0..12).map(|n| format!("q{n}")).collect::<Vec<_>>().join(";");
    table.push('\n');
    let mut state = 1u64;
    for _ in 0..rows {
        for n in 0..12u64 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let value = (state >> 33) % [90, 2, 5, 7, 16, 41, 7, 14, 2, 60, 10, 4][n as usize];
            // The lower of two draws, so that some values are rarer than others.
            table.push_str(&value.min((state >> 20) % 90).to_string());
            table.push(if n == 11 { '\n' } else { ';' });
        }
    }
    let column = |n: usize| ColumnRole {
        name: format!("q{n}"),
        role: Role::QuasiIdentifier,
        hierarchy: HierarchySpec::Number { width: 2.0 },
        weight: 1.0,
    };
    let asked = AnonymizeTableRequest { suppression: 0.05, ..asked(table, (0..12).map(column).collect()) };
    run(&format!("{rows} rows, 12 columns, 5 %"), &asked, 1);
    let memory = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = memory.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default();
    println!("peak memory: {}", peak.trim_start_matches("VmHWM:").trim());
}

fn main() {
    adult();
    made_up(100_000);
    made_up(1_000_000);
}
