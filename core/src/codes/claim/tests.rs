use super::*;
use crate::codes::CodeContext;
use crate::codes::lists::{ListRow, ListSource};
use crate::packs::{Pack, PackInfo};

fn pack(system: &str, release: &str, from: &str, to: &str, rows: &[(&str, &[(&str, &str)])]) -> Pack {
    let info = PackInfo {
        name: system.to_owned(),
        system: system.to_owned(),
        release: release.to_owned(),
        effective_from: Some(from.to_owned()),
        effective_to: Some(to.to_owned()),
        rows: 0,
        licence: "public domain".to_owned(),
        source: "written here".to_owned(),
        sha256: String::new(),
    };
    let row = |(code, attributes): &(&str, &[(&str, &str)])| ListRow {
        code: (*code).to_owned(),
        attributes: attributes
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        ..ListRow::default()
    };
    let source = ListSource { rows: rows.iter().map(row).collect() };
    Pack::load(source.compile(info).unwrap()).unwrap()
}

fn codes() -> Codes {
    let mut codes = Codes::embedded().unwrap();
    let mce: &[(&str, &[(&str, &str)])] = &[
        ("D630", &[("lists", "manifestation_not_pdx")]),
        ("B950", &[("lists", "unacceptable_pdx")]),
        ("Z5189", &[("lists", "unacceptable_pdx_unless_secondary")]),
        ("A33", &[("lists", "age_newborn")]),
        ("O80", &[("lists", "age_maternity sex_female")]),
        ("#age_newborn", &[("min_age", "0"), ("max_age", "0")]),
        ("#age_maternity", &[("min_age", "9"), ("max_age", "64")]),
    ];
    codes.load(pack("mce", "v43", "2025-10-01", "2026-09-30", mce)).unwrap();
    codes.load(pack("mce", "v41.1", "2024-04-01", "2024-09-30", mce)).unwrap();
    let exempt: &[(&str, &[(&str, &str)])] = &[("Z370", &[]), ("O80", &[])];
    codes.load(pack("poa-exempt", "FY2026", "2025-10-01", "2026-09-30", exempt)).unwrap();
    let ptp: &[(&str, &[(&str, &str)])] = &[
        ("G0101 G0102", &[("modifier", "0")]),
        ("G0103 G0104", &[("modifier", "1")]),
        ("G0105 G0106", &[("modifier", "0"), ("setting", "professional")]),
    ];
    codes.load(pack("ncci-ptp", "2026Q1", "2026-01-01", "2026-03-31", ptp)).unwrap();
    let mue: &[(&str, &[(&str, &str)])] =
        &[("G0101", &[("units", "2"), ("mai", "2")]), ("G0103", &[("units", "2"), ("mai", "1")])];
    codes.load(pack("ncci-mue", "2026Q1", "2026-01-01", "2026-03-31", mue)).unwrap();
    codes
}

fn diagnoses(list: &[&str]) -> Vec<ClaimDiagnosis> {
    list.iter().map(|code| ClaimDiagnosis { code: (*code).to_owned(), poa: None }).collect()
}

fn claim(list: &[&str]) -> Claim {
    Claim {
        from: "2026-02-10".to_owned(),
        setting: Some(Setting::Outpatient),
        diagnoses: diagnoses(list),
        ..Claim::default()
    }
}

/// What a claim's findings are: code and path; those of the tabular list's notes have a test of their own.
fn found(claim: &Claim) -> Vec<String> {
    let mut findings = codes().check_claim(claim).unwrap();
    findings.retain(|finding| !matches!(finding.code, "code_first" | "use_additional"));
    assert!(findings.iter().all(|finding| CLAIM_FINDINGS.contains(&finding.code)));
    findings.iter().map(|finding| format!("{} {}", finding.code, finding.path)).collect()
}

#[test]
fn a_good_claim_has_no_finding() {
    assert_eq!(found(&claim(&["E11.9", "I10"])), [""; 0]);
}

#[test]
fn each_diagnosis_is_a_code_of_the_day() {
    assert_eq!(
        found(&claim(&["E11", "bad"])),
        ["diagnosis_invalid diagnoses[0].code", "diagnosis_invalid diagnoses[1].code"]
    );
    assert_eq!(found(&claim(&[])), ["no_principal_diagnosis diagnoses"]);
    let late = Claim { from: "2031-01-01".to_owned(), ..claim(&["E11.9"]) };
    assert_eq!(found(&late), ["diagnosis_not_covered diagnoses[0].code", "not_examined diagnoses"]);
}

#[test]
fn a_code_stands_once() {
    assert_eq!(
        found(&claim(&["I10", "E11.9", "E119", "i10"])),
        ["duplicate_diagnosis diagnoses[2].code", "duplicate_of_principal diagnoses[3].code"]
    );
}

#[test]
fn the_editors_lists_are_asked() {
    assert_eq!(found(&claim(&["D63.0"])), ["manifestation_principal diagnoses[0].code"]);
    assert_eq!(found(&claim(&["C34.90", "D63.0"])), [""; 0]);
    assert_eq!(found(&claim(&["B95.0"])), [""; 0], "an inpatient edit");
    let inpatient = |list: &[&str]| {
        let mut claim = Claim { setting: None, type_of_bill: Some("0111".to_owned()), ..claim(list) };
        for diagnosis in &mut claim.diagnoses {
            diagnosis.poa = Some("Y".to_owned());
        }
        claim
    };
    assert_eq!(found(&inpatient(&["B95.0"])), ["unacceptable_principal diagnoses[0].code"]);
    assert_eq!(found(&inpatient(&["Z51.89"])), ["requires_secondary_diagnosis diagnoses[0].code"]);
    assert_eq!(found(&inpatient(&["Z51.89", "I10"])), [""; 0]);
    let aged = |age| Claim { age_years: Some(age), ..claim(&["A33"]) };
    assert_eq!(found(&aged(0)), [""; 0]);
    assert_eq!(found(&aged(1)), ["age_conflict diagnoses[0].code"]);
}

#[test]
fn the_sex_edit_ended_in_october_2024() {
    let on = |day: &str| {
        let claim =
            Claim { from: day.to_owned(), sex: Some(Sex::Male), age_years: Some(30), ..claim(&["O80"]) };
        found(&claim).into_iter().filter(|finding| finding.starts_with("sex_conflict")).count()
    };
    assert_eq!((on("2024-09-30"), on("2026-02-10")), (1, 0));
}

#[test]
fn a_verdict_in_its_context_uses_the_same_lists() {
    let codes = codes();
    let judge =
        |code: &str, context: &CodeContext| codes.validate("icd10cm", code, context).unwrap().record().reason;
    let on = CodeContext::on("2026-02-10").unwrap();
    assert_eq!(judge("D63.0", &on), None);
    assert_eq!(judge("D63.0", &CodeContext { principal: true, ..on }), Some("manifestation_principal"));
    assert_eq!(judge("B95.0", &CodeContext { principal: true, ..on }), Some("unacceptable_principal"));
    assert_eq!(judge("A33", &CodeContext { age_years: Some(5), ..on }), Some("age_conflict"));
    assert_eq!(judge("O80", &CodeContext { sex: Some(Sex::Male), age_years: Some(30), ..on }), None);
    let detail = codes.validate("icd10cm", "D63.0", &CodeContext { principal: true, ..on }).unwrap().detail();
    assert!(detail.unwrap().contains("I.A.13"));
}

#[test]
fn present_on_admission() {
    let stay = |code: &str, poa: Option<&str>| Claim {
        setting: Some(Setting::Inpatient),
        diagnoses: vec![
            ClaimDiagnosis { code: "I10".to_owned(), poa: Some("Y".to_owned()) },
            ClaimDiagnosis { code: code.to_owned(), poa: poa.map(str::to_owned) },
        ],
        ..claim(&[])
    };
    assert_eq!(found(&stay("E11.9", None)), ["poa_missing diagnoses[1].poa"]);
    assert_eq!(found(&stay("E11.9", Some("1"))), ["poa_missing diagnoses[1].poa"]);
    assert_eq!(found(&stay("E11.9", Some("X"))), ["poa_invalid diagnoses[1].poa"]);
    assert_eq!(found(&stay("E11.9", Some("W"))), [""; 0]);
    assert_eq!(found(&stay("O80", Some("1"))), [""; 0]);
    assert_eq!(found(&stay("O80", Some("Y"))), ["poa_exempt diagnoses[1].poa"]);
}

#[test]
fn what_stands_first_and_what_never_does() {
    assert_eq!(found(&claim(&["I10", "Z00.00"])), ["first_listed_only diagnoses[1].code"]);
    assert_eq!(found(&claim(&["Z00.00", "I10"])), [""; 0]);
    assert_eq!(found(&claim(&["I10", "Z00.6"])), [""; 0]);
    assert_eq!(found(&claim(&["W00.0XXA"])), ["external_cause_principal diagnoses[0].code"]);
    assert_eq!(found(&claim(&["O80", "P07.39"])), ["maternal_and_newborn diagnoses[1].code"]);
    let older = Claim { age_years: Some(3), ..claim(&["Z38.00"]) };
    assert_eq!(found(&older), ["birth_record_age diagnoses[0].code"]);
}

#[test]
fn sides_agree() {
    assert_eq!(found(&claim(&["H81.01", "H81.02"])), ["bilateral_code_exists diagnoses[1].code"]);
    assert_eq!(found(&claim(&["M17.11", "M17.12"])), ["bilateral_code_exists diagnoses[1].code"]);
    assert_eq!(found(&claim(&["M25.561", "M25.562"])), [""; 0], "there is no code for both knees");
    assert_eq!(found(&claim(&["H81.03", "H81.01"])), ["laterality_conflict diagnoses[1].code"]);
    assert_eq!(found(&claim(&["H81.01", "H81.09"])), ["unspecified_side diagnoses[1].code"]);
    assert_eq!(found(&claim(&["M25.561", "M25.512"])), [""; 0], "a knee and a shoulder");
}

#[test]
fn deliveries_have_an_outcome() {
    let stay = |list: &[&str], procedure: &str| {
        let mut stay = Claim { setting: Some(Setting::Inpatient), ..claim(list) };
        for diagnosis in &mut stay.diagnoses {
            diagnosis.poa = (diagnosis.code == "I10").then(|| "Y".to_owned());
        }
        stay.procedures = vec![ClaimProcedure { code: procedure.to_owned(), date: None }];
        found(&stay)
            .into_iter()
            .filter(|finding| !finding.starts_with("procedure_not_covered"))
            .collect::<Vec<_>>()
    };
    assert_eq!(stay(&["O80", "Z37.0"], "10E0XZZ"), [""; 0]);
    assert_eq!(stay(&["O80"], "10E0XZZ"), ["outcome_of_delivery_missing diagnoses"]);
    assert_eq!(
        stay(&["I10", "Z37.0"], "10E0XZZ"),
        ["delivery_without_obstetric_diagnosis procedures[0].code"]
    );
}

#[test]
fn procedures_belong_to_a_stay() {
    let mut outpatient = claim(&["I10"]);
    outpatient.procedures =
        vec![ClaimProcedure { code: "0DTJ4ZZ".to_owned(), date: Some("2026-02-11".to_owned()) }];
    let found: Vec<String> = found(&outpatient)
        .into_iter()
        .filter(|finding| !finding.starts_with("procedure_not_covered"))
        .collect();
    assert_eq!(found, ["procedure_setting procedures", "procedure_outside_stay procedures[0].date"]);
}

#[test]
fn pairs_and_units() {
    let lines = |list: &[(&str, &[&str], f64)]| {
        let line = |(code, modifiers, units): &(&str, &[&str], f64)| ClaimLine {
            code: (*code).to_owned(),
            modifiers: modifiers.iter().map(|text| (*text).to_owned()).collect(),
            units: Some(*units),
            date: None,
        };
        found(&Claim { lines: list.iter().map(line).collect(), ..claim(&["I10"]) })
    };
    assert_eq!(lines(&[("G0101", &[], 1.0), ("G0102", &["59"], 1.0)]), ["ncci_pair lines[1].code"]);
    assert_eq!(lines(&[("G0103", &[], 1.0), ("G0104", &[], 1.0)]), ["ncci_modifier_needed lines[1].code"]);
    assert_eq!(lines(&[("G0103", &[], 1.0), ("G0104", &["59"], 1.0)]), [""; 0]);
    assert_eq!(lines(&[("G0105", &[], 1.0), ("G0106", &[], 1.0)]), [""; 0], "the pair is for professionals");
    assert_eq!(lines(&[("G0101", &[], 1.0), ("G0101", &[], 2.0)]), ["mue_exceeded lines[0].units"]);
    assert_eq!(lines(&[("G0103", &[], 2.0), ("G0103", &[], 2.0)]), [""; 0], "by line");
    assert_eq!(
        lines(&[("G0103", &[], 3.0), ("G0103", &["5"], 1.0)]),
        ["modifier_invalid lines[1].modifiers[0]", "mue_exceeded lines[0].units"]
    );
    assert_eq!(lines(&[("nonsense", &[], 1.0)]), ["line_invalid lines[0].code"]);
}

/// The fiscal year of a day, which begins in October.
fn release_of(day: &str) -> String {
    let (year, month): (u16, u16) = (day[..4].parse().unwrap(), day[5..7].parse().unwrap());
    format!("FY{}", year + month / 10)
}

/// The embedded lists: ages that changed in October 2019, a sex edit that ended in October 2024, one list a day.
#[test]
fn the_embedded_lists_hold_by_date() {
    let codes = Codes::embedded().unwrap();
    let told = |day: &str, code: &str, age: u16, sex: Sex| {
        let claim = Claim {
            from: day.to_owned(),
            age_years: Some(age),
            sex: Some(sex),
            setting: Some(Setting::Inpatient),
            ..claim(&[code])
        };
        let findings = codes.check_claim(&claim).unwrap();
        let edits = findings.into_iter().filter(|one| one.source.contains("Medicare Code Edits"));
        edits.inspect(|one| assert_eq!(one.release, release_of(day))).map(|one| one.code).collect::<Vec<_>>()
    };
    assert_eq!(told("2019-09-30", "O80", 60, Sex::Female), ["age_conflict"]);
    assert_eq!(told("2019-10-01", "O80", 60, Sex::Female), [""; 0]);
    assert_eq!(told("2024-09-30", "O80", 30, Sex::Male), ["sex_conflict"]);
    assert_eq!(told("2024-10-01", "O80", 30, Sex::Male), [""; 0]);
    assert_eq!(told("2026-02-10", "D63.0", 50, Sex::Male), ["manifestation_principal"]);
    assert_eq!(told("2026-02-10", "B95.0", 50, Sex::Male), ["unacceptable_principal"]);
    assert_eq!(told("2026-02-10", "Z51.89", 50, Sex::Male), ["requires_secondary_diagnosis"]);
    assert_eq!(told("2026-02-10", "A33", 50, Sex::Male), ["age_conflict"]);
}

#[test]
fn a_rule_without_its_list_is_not_examined() {
    let codes = Codes::embedded().unwrap();
    let stay = Claim {
        setting: Some(Setting::Inpatient),
        lines: vec![ClaimLine { code: "G0101".to_owned(), ..ClaimLine::default() }; 2],
        ..claim(&["I10"])
    };
    let findings = codes.check_claim(&stay).unwrap();
    let all =
        findings.iter().all(|finding| finding.code == "not_examined" && finding.severity == Severity::Note);
    assert!(all);
    assert_eq!(findings.len(), 3);
}

#[test]
fn a_claim_that_cannot_be_read_is_an_error() {
    let codes = Codes::embedded().unwrap();
    let error = |claim: Claim| {
        let error = codes.check_claim(&claim).unwrap_err();
        (error.code(), error.path().unwrap().to_owned())
    };
    let base = claim(&["I10"]);
    let wrong = Claim { from: "yesterday".to_owned(), ..base.clone() };
    assert_eq!(error(wrong), ("invalid_date", "from".to_owned()));
    let backward = Claim { through: Some("2026-02-09".to_owned()), ..base.clone() };
    assert_eq!(error(backward), ("invalid_argument", "through".to_owned()));
    let bill = Claim { setting: None, type_of_bill: Some("9".to_owned()), ..base };
    assert_eq!(error(bill), ("invalid_argument", "type_of_bill".to_owned()));
}

/// The notes of the tabular list: Excludes1 (guidelines I.A.12.a), code first and use additional code (I.A.13).
#[test]
fn notes_hold_between_diagnoses() {
    let told = |list: &[&str], code: &str| {
        let findings = codes().check_claim(&claim(list)).unwrap();
        findings.into_iter().filter(|one| one.code == code).collect::<Vec<_>>()
    };
    // E10 stands in the Excludes1 note of E11.
    let both = told(&["E11.9", "E10.9"], "excludes1");
    assert_eq!(
        (both[0].path.as_str(), both[0].other.as_deref()),
        ("diagnoses[1].code", Some("diagnoses[0].code"))
    );
    assert!(both[0].source.contains("Excludes1 note at E1"), "{}", both[0].source);
    assert_eq!(told(&["E11.9", "I10"], "excludes1"), []);
    // Dementia in Alzheimer's disease: G30.9 is coded first.
    let late = told(&["F02.80", "G30.9"], "code_first");
    let named = |one: &ClaimFinding| {
        (one.severity, one.other.as_deref()) == (Severity::Error, Some("diagnoses[1].code"))
    };
    assert!(late.iter().any(named), "{late:?}");
    assert_eq!(told(&["G30.9", "F02.80"], "code_first"), []);
    // E11.22 asks for the stage of the kidney disease, N18.1 to N18.6.
    let alone = told(&["E11.22"], "use_additional");
    assert!(alone.iter().any(|one| one.source.ends_with("at E11.22")));
    let staged = told(&["E11.22", "N18.30"], "use_additional");
    assert!(staged.iter().all(|one| !one.source.ends_with("at E11.22")));
}
