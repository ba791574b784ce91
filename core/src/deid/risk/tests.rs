//! Tables that are anonymised: the demands are met, nothing better exists, and the number of threads does not matter.

use proptest::prelude::*;

use super::*;

fn quasi(name: &str) -> ColumnRole {
    ColumnRole { name: name.into(), role: Role::QuasiIdentifier, hierarchy: HierarchySpec::Auto, weight: 1.0 }
}

fn request(table: &str, columns: Vec<ColumnRole>, k: u32) -> AnonymizeTableRequest {
    AnonymizeTableRequest {
        table: table.to_owned(),
        delimiter: ',',
        columns,
        k,
        suppression: 0.0,
        l_diversity: None,
        t_closeness: None,
        threshold: 0.2,
        threads: 1,
        max_checks: None,
    }
}

const WARD: &str = "name,age,zip,result\nann,31,02139,flu\nbob,33,02138,flu\ncat,34,02139,cold\ndan,52,02141,hiv\neve,55,02141,flu\nfay,58,02142,cold\n";

fn ward(k: u32) -> AnonymizeTableRequest {
    let role = |name: &str, role: Role| ColumnRole { role, ..quasi(name) };
    let columns =
        vec![role("name", Role::Identifier), quasi("age"), quasi("zip"), role("result", Role::Sensitive)];
    request(WARD, columns, k)
}

#[test]
fn a_table_is_made_coarser_until_it_meets_its_demands_and_no_more() {
    let done = anonymize_table(&ward(3)).unwrap();
    assert_eq!(done.after.k, 3);
    assert_eq!(done.before.unique_rows, 6);
    assert!(done.optimal);
    assert_eq!(done.output.lines().next(), Some("name,age,zip,result"));
    assert_eq!(done.output.lines().nth(1), Some("*,30-39,0213*,flu"), "{}", done.output);
    assert!((done.after.prosecutor.highest - 1.0 / 3.0).abs() < 1e-12);
    assert!(done.report.contains("| smallest class | 1 | 3 |"), "{}", done.report);
    for value in ["ann", "02139", "hiv"] {
        assert!(!done.report.contains(value) && !format!("{done:?}").contains(value));
    }
}

#[test]
fn an_assessed_table_has_a_page_for_people_without_its_values() {
    let AnonymizeTableRequest { table, delimiter, columns, threshold, .. } = ward(1);
    let population = Some(table.replace("58,02142,cold", "58,02142,cold\ngil,58,02142,cold"));
    let asked =
        AssessRiskRequest { table, delimiter, columns, threshold, population, population_size: Some(70) };
    let risk = assess_risk(&asked).unwrap();
    let page = risk.report.clone().unwrap();
    for line in [
        "# Disclosure risk of a table",
        "- age",
        "| | Found |",
        "| rows | 6 |",
        "| smallest class | 1 |",
        "| prosecutor, highest | 100.00 % |",
        "| rows with a risk above 20.00 % | 100.00 % |",
        "| journalist, average | 91.67 % |",
        "| probability to be in the table, highest (delta-presence) | 100.00 % |",
        "| result: different values | 1 |",
    ] {
        assert!(page.lines().any(|own| own == line), "{line}: {page}");
    }
    for value in ["ann", "02139", "hiv"] {
        assert!(!page.contains(value));
    }
    // Of a table that was anonymised there is one page for both.
    assert!(anonymize_table(&ward(3)).unwrap().after.report.is_none());
}

#[test]
fn diversity_and_closeness_are_met() {
    let mut asked = ward(2);
    asked.l_diversity = Some(Diversity { l: 3.0, entropy: false });
    let done = anonymize_table(&asked).unwrap();
    assert!(done.after.sensitive[0].distinct_l >= 3);
    asked.l_diversity = Some(Diversity { l: 2.5, entropy: true });
    let done = anonymize_table(&asked).unwrap();
    assert!(done.after.sensitive[0].entropy_l >= 2.5);
    asked.l_diversity = None;
    asked.t_closeness = Some(0.1);
    let done = anonymize_table(&asked).unwrap();
    assert!(done.after.sensitive[0].t <= 0.1);
    asked.l_diversity = Some(Diversity { l: 4.0, entropy: false });
    assert_eq!(anonymize_table(&asked).unwrap_err().code(), "table_unsolvable");
}

#[test]
fn wrong_arguments_are_named() {
    let path = |change: &dyn Fn(&mut AnonymizeTableRequest)| {
        let mut asked = ward(2);
        change(&mut asked);
        let error = anonymize_table(&asked).unwrap_err();
        assert_eq!(error.code(), "invalid_argument");
        error.path().unwrap_or_default().to_owned()
    };
    assert_eq!(path(&|asked| asked.k = 0), "k");
    assert_eq!(path(&|asked| asked.suppression = 1.5), "suppression");
    assert_eq!(path(&|asked| asked.t_closeness = Some(-0.1)), "t_closeness");
    assert_eq!(
        path(&|asked| asked.l_diversity = Some(Diversity { l: 0.0, entropy: false })),
        "l_diversity.l"
    );
    assert_eq!(path(&|asked| asked.columns[1].name = "agee".into()), "columns[1]");
    assert_eq!(path(&|asked| asked.columns[2] = quasi("age")), "columns[2]");
    assert_eq!(path(&|asked| asked.columns.clear()), "columns");
}

#[test]
fn risk_is_assessed_against_a_population() {
    let asked = AssessRiskRequest {
        table: "age,s\n30,a\n30,b\n40,a\n".into(),
        delimiter: ',',
        columns: vec![quasi("age"), ColumnRole { role: Role::Sensitive, ..quasi("s") }],
        threshold: 0.4,
        population: Some("age\n30\n30\n40\n40\n40\n50\n".into()),
        population_size: Some(6),
    };
    let risk = assess_risk(&asked).unwrap();
    assert_eq!((risk.rows, risk.classes, risk.k, risk.unique_rows), (3, 2, 1, 1));
    assert!((risk.prosecutor.average - 2.0 / 3.0).abs() < 1e-12);
    assert!((risk.prosecutor.at_risk - 1.0).abs() < 1e-12);
    let journalist = risk.journalist.unwrap();
    assert!((journalist.highest - 0.5).abs() < 1e-12);
    assert_eq!(risk.delta_presence, Some(1.0));
    assert!((journalist.average - (2.0 * 0.5 + 1.0 / 3.0) / 3.0).abs() < 1e-12);
    // One class of one row and one of two, half of the people drawn: both show one row half of the time.
    assert!((risk.population_uniques.unwrap() - 0.5 / 3.0).abs() < 1e-12);
    assert_eq!((risk.sensitive[0].distinct_l, risk.sensitive[0].name.as_str()), (1, "s"));
}

/// The least loss of all choices, by looking at every one.
fn least_loss(asked: &AnonymizeTableRequest) -> Option<f64> {
    let table = Table::read(&asked.table, ',').unwrap();
    let roles = Roles::of(&table, &asked.columns).unwrap();
    let hierarchies: Vec<Hierarchy> =
        roles.quasi.iter().map(|(c, role)| Hierarchy::of(c, &role.hierarchy).unwrap()).collect();
    let base = roles.base(table.rows);
    let demands = Demands {
        k: asked.k,
        suppressed: (asked.suppression * table.rows as f64 + 1e-9) as usize,
        distinct: asked.l_diversity.map_or(1, |d| d.l as usize),
        entropy: 1.0,
        distance: asked.t_closeness,
    };
    let n = hierarchies.len();
    let problem = Problem::new(&base, &hierarchies, demands, vec![1.0 / n as f64; n]);
    let mut all: Vec<Vec<u8>> = vec![vec![]];
    for hierarchy in &hierarchies {
        all = all
            .into_iter()
            .flat_map(|levels| {
                (0..hierarchy.levels.len() as u8).map(move |level| [levels.clone(), vec![level]].concat())
            })
            .collect();
    }
    let loss = |levels: &Vec<u8>| {
        let cut = problem.cut(levels);
        (cut.suppressed_rows <= demands.suppressed)
            .then(|| problem.losses(levels, &cut).iter().sum::<f64>() / n as f64)
    };
    all.iter().filter_map(loss).min_by(f64::total_cmp)
}

proptest! {
    #![proptest_config(crate::text::cases(120))]

    /// The solver finds the least loss, whatever the demands and the number of threads; what comes out meets them.
    #[test]
    fn the_solver_is_optimal(
        rows in proptest::collection::vec((0u8..100, 0u8..4, 2100u16..2130, 0u8..4), 8..60),
        k in 1u32..6, suppression in 0.0f64..0.3, l in 1u8..3, close: bool,
    ) {
        let mut text = "age,sex,zip,s\n".to_owned();
        for (age, sex, zip, s) in &rows {
            text.push_str(&format!("{age},x{sex},0{zip},v{s}\n"));
        }
        let sensitive = ColumnRole { role: Role::Sensitive, ..quasi("s") };
        let mut asked = request(&text, vec![quasi("age"), quasi("sex"), quasi("zip"), sensitive], k);
        asked.suppression = suppression;
        asked.l_diversity = (l > 1).then_some(Diversity { l: f64::from(l), entropy: false });
        asked.t_closeness = close.then_some(0.4);
        let least = least_loss(&asked);
        match anonymize_table(&asked) {
            Err(error) => {
                prop_assert_eq!(error.code(), "table_unsolvable");
                prop_assert!(least.is_none());
            }
            Ok(done) => {
                prop_assert!(done.optimal);
                prop_assert!((done.loss - least.unwrap()).abs() < 1e-9, "{} is not {:?}", done.loss, least);
                prop_assert!(done.after.k >= k || done.after.rows == 0);
                prop_assert!(done.suppressed as f64 <= suppression * rows.len() as f64 + 1e-6);
                asked.threads = 3;
                let again = anonymize_table(&asked).unwrap();
                prop_assert_eq!(again.output, done.output.clone());
                prop_assert_eq!(again.checks, done.checks);
                // What the output says of itself is true.
                let out = Table::read(&done.output, ',').unwrap();
                let columns: Vec<&Column> = ["age", "sex", "zip"].iter().map(|n| out.column(n).unwrap()).collect();
                let mut sizes = std::collections::HashMap::new();
                for row in 0..out.rows {
                    *sizes.entry(columns.iter().map(|c| c.text(row).to_owned()).collect::<Vec<_>>()).or_insert(0u32) += 1;
                }
                sizes.retain(|key, _| key.iter().any(|text| text != "*"));
                prop_assert!(sizes.values().all(|size| *size >= k));
            }
        }
    }
}

#[test]
fn the_request_of_the_guide_reads() {
    let page = include_str!("../../../../docs/guide/deidentification.md");
    let block = page.split("```json\n").find(|block| block.contains("\"table\"")).unwrap();
    let block = block.split("```").next().unwrap();
    let asked: AnonymizeTableRequest = serde_json::from_str(block).unwrap();
    assert_eq!((asked.k, asked.columns.len()), (5, 4));
}
