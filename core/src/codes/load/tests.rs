use std::io::Write;
use std::path::Path;

use super::*;
use crate::codes::{CodeContext, Codes};
use crate::packs::Pack;

fn request(format: &str) -> PackRequest {
    PackRequest { format: format.to_owned(), release: "test".to_owned(), ..PackRequest::default() }
}

fn load(format: &str, source: &[u8]) -> Codes {
    let mut codes = Codes::default();
    codes.load(Pack::load(compile(source, &request(format)).unwrap()).unwrap()).unwrap();
    codes
}

fn refused(format: &str, source: &[u8]) -> (&'static str, Option<usize>) {
    let error = compile(source, &request(format)).unwrap_err();
    (error.code(), error.line())
}

fn zip_of(files: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in files {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn judge(codes: &Codes, system: &str, code: &str) -> (&'static str, Option<String>) {
    let record = codes.validate(system, code, &CodeContext::default()).unwrap().record();
    (record.reason.unwrap_or(record.status), record.title)
}

/// A record of the HCPCS layout.
fn hcpcs_line(code: &str, sequence: u32, kind: char, long: &str, short: &str, days: [&str; 3]) -> String {
    let head = format!("{code:>5}{sequence:05}{kind}{long:<80}{short:<28}");
    if matches!(kind, '4' | '8') {
        return format!("{head:<320}");
    }
    format!("{:<320}", format!("{head:<268}{:<8}{:<8}{:<8}N", days[0], days[1], days[2]))
}

#[test]
fn the_hcpcs_layout_is_read() {
    let text = [
        hcpcs_line(
            "RT",
            100,
            '7',
            "Right side (used to identify procedures performed on the right",
            "Right side",
            ["19840101", "19990101", ""],
        ),
        hcpcs_line("RT", 200, '8', "side of the body)", "", ["", "", ""]),
        hcpcs_line(
            "A0021",
            100,
            '3',
            "Ambulance service, outside state per mile",
            "Outside state ambulance",
            ["19850101", "20030101", "20241231"],
        ),
        hcpcs_line(
            "J0120",
            100,
            '3',
            "Injection, tetracycline, up to 250 mg",
            "Tetracyclin injection",
            ["19840101", "20030101", ""],
        ),
    ];
    let codes = load("hcpcs-anweb", text.join("\r\n").as_bytes());
    let side = "Right side (used to identify procedures performed on the right side of the body)";
    assert_eq!(judge(&codes, "hcpcs", "RT"), ("valid", Some(side.to_owned())));
    let on = CodeContext::on("2025-02-01").unwrap();
    assert_eq!(codes.validate("hcpcs", "A0021", &on).unwrap().reason(), Some("retired"));
    assert_eq!(codes.validate("hcpcs", "J0120", &on).unwrap().reason(), None);
    assert_eq!(judge(&codes, "hcpcs", "J0121").0, "not_found");
    let zipped = zip_of(&[("readme.txt", "no"), ("HCPC2026_JAN_ANWEB.txt", &text.join("\n"))]);
    assert_eq!(judge(&load("hcpcs-anweb", &zipped), "hcpcs", "j0120").0, "valid");
    let cut = text.join("\n");
    assert_eq!(refused("hcpcs-anweb", &cut.as_bytes()[..cut.len() - 100]), ("source_malformed", Some(4)));
    assert_eq!(refused("hcpcs-anweb", b"Code,Description1\nA1001007,x"), ("source_malformed", Some(1)));
    assert_eq!(refused("hcpcs-anweb", text[1].as_bytes()), ("source_malformed", Some(1)));
}

#[test]
fn tables_with_quotes_are_read() {
    let taxonomy = "Code,Grouping,Classification,Specialization,Definition,Notes,Display Name,Section\n\
                    207Q00000X,\"Allopathic, Osteopathic\",Family Medicine,,\"a \"\"line\"\"\nand another\",,Family Medicine Physician,Individual\n";
    let codes = load("nucc-csv", taxonomy.as_bytes());
    assert_eq!(judge(&codes, "nucc", "207q00000x"), ("valid", Some("Family Medicine Physician".to_owned())));
    assert_eq!(refused("nucc-csv", &taxonomy.as_bytes()[..150]), ("source_malformed", Some(2)));
    assert_eq!(refused("nucc-csv", b"Code,Other\n1,2\n"), ("source_malformed", Some(1)));

    let loinc = "\"LOINC_NUM\",\"COMPONENT\",\"STATUS\",\"LONG_COMMON_NAME\"\n\"2823-3\",\"Potassium\",\"ACTIVE\",\"Potassium in Serum\"\n\
                 \"11491-6\",\"x\",\"DEPRECATED\",\"Deprecated term\"\n";
    let codes = load("loinc-csv", loinc.as_bytes());
    assert_eq!(judge(&codes, "loinc", "2823-3"), ("valid", Some("Potassium in Serum".to_owned())));
    assert_eq!(judge(&codes, "loinc", "11491-6").0, "retired");
    assert_eq!(judge(&codes, "loinc", "2345-7").0, "not_found");
}

#[test]
fn snapshots_of_snomed_are_read() {
    let concepts = "id\teffectiveTime\tactive\tmoduleId\tdefinitionStatusId\n73211009\t20020131\t1\t9\t9\n22298006\t20240101\t0\t9\t9\n";
    let names = "id\teffectiveTime\tactive\tmoduleId\tconceptId\tlanguageCode\ttypeId\tterm\tcaseSignificanceId\n\
                 1\t20020131\t1\t9\t73211009\ten\t900000000000003001\tDiabetes mellitus (disorder)\t9\n";
    let snapshot = zip_of(&[
        ("Snapshot/Terminology/sct2_Concept_Snapshot_INT_20260101.txt", concepts),
        ("Snapshot/Terminology/sct2_Description_Snapshot-en_INT_20260101.txt", names),
    ]);
    let codes = load("snomed-rf2", &snapshot);
    assert_eq!(
        judge(&codes, "snomed", "73211009"),
        ("valid", Some("Diabetes mellitus (disorder)".to_owned()))
    );
    let on = CodeContext::on("2025-01-01").unwrap();
    assert_eq!(codes.validate("snomed", "22298006", &on).unwrap().reason(), Some("retired"));
    assert_eq!(refused("snomed-rf2", concepts.as_bytes()).0, "source_malformed");
    assert_eq!(refused("snomed-rf2", &snapshot[..snapshot.len() / 2]).0, "source_malformed");
    assert_eq!(refused("snomed-rf2", &zip_of(&[("other.txt", "")])).0, "source_malformed");
}

#[test]
fn drugs_are_read() {
    let row =
        |cui: &str, kind: &str, name: &str| format!("{cui}|ENG||||||1||||RXNORM|{kind}|{cui}|{name}||N||\n");
    let good = row("1049502", "SCD", "oxycodone 10 MG Tablet");
    assert_eq!(good.trim_end().split('|').count(), 19);
    let text = format!("{}{good}", row("1049502", "SY", "another name"));
    let codes = load("rxnorm-rrf", text.as_bytes());
    assert_eq!(judge(&codes, "rxnorm", "1049502"), ("valid", Some("oxycodone 10 MG Tablet".to_owned())));
    assert_eq!(refused("rxnorm-rrf", &text.as_bytes()[..text.len() - 6]), ("source_malformed", Some(2)));

    let products =
        "PRODUCTID\tPRODUCTNDC\tPROPRIETARYNAME\tNONPROPRIETARYNAME\np1\t0777-3105\tProzac\tfluoxetine\n";
    let packages = "PRODUCTID\tPRODUCTNDC\tNDCPACKAGECODE\tPACKAGEDESCRIPTION\tSTARTMARKETINGDATE\tENDMARKETINGDATE\n\
                    p1\t0777-3105\t0777-3105-02\t100 CAPSULE in 1 BOTTLE\t19871229\t\n";
    let codes = load("ndc-text", &zip_of(&[("product.txt", products), ("package.txt", packages)]));
    let title = "Prozac (fluoxetine), 100 CAPSULE in 1 BOTTLE";
    assert_eq!(judge(&codes, "ndc", "00777310502"), ("valid", Some(title.to_owned())));
}

#[test]
fn the_tables_of_edits_are_read() {
    let text = "Medicare Code Editor\n1. Newborn diagnoses (age range is 0 - 0 years)\nA33   Tetanus neonatorum\n\
                2. Maternity diagnoses, age range 9 through 64 years\nO80\tEncounter for delivery\n\
                3. Manifestation code as principal diagnosis\nD630 Anemia in neoplastic disease\n";
    let source = edits::mce_text(text.as_bytes()).unwrap();
    let row = |code: &str| source.rows.iter().find(|row| row.code == code).unwrap().attributes.clone();
    assert_eq!(row("D630"), [("lists".to_owned(), "manifestation_not_pdx".to_owned())]);
    assert_eq!(
        row("#age_maternity"),
        [("min_age".to_owned(), "9".to_owned()), ("max_age".to_owned(), "64".to_owned())]
    );
    assert_eq!(refused("mce-text", b"nothing here").0, "source_malformed");
    assert_eq!(refused("mce-json", b"{\n\"codes\": 3}"), ("source_malformed", Some(2)));

    let pairs = "CPT only copyright\nColumn 1\tColumn 2\t*=prior\tEffective\tDeletion\tModifier\n0001A\t0591T\t\t20210701\t*\t0\t6\nG0101\tG0102\t\t20200101\t20240101\t1\t6\n";
    let source = edits::ncci_pairs(pairs.as_bytes()).unwrap();
    assert_eq!(
        (source.rows.len(), source.rows[0].to.is_none(), source.rows[1].to.is_some()),
        (2, true, true)
    );
    assert_eq!(refused("ncci-ptp", b"0001A\t0591T\t\t20210701\n"), ("source_malformed", Some(1)));
    let units = "\"HCPCS/CPT Code\",\"MUE Values\",\"MAI\",\"Rationale\"\nG0101,1,\"2 Date of Service Edit: Policy\",CMS\n";
    assert_eq!(edits::ncci_units(units.as_bytes()).unwrap().rows[0].attributes[1].1, "2");
    let table = "\"TABLE 5\"\nMS-DRG\tPost\tSpecial\tMDC\tTYPE\tMS-DRG Title\tWeights\n470\tYes\tYes\t08\tSURG\t\"MAJOR JOINT REPLACEMENT\"\t1.9\n";
    assert_eq!(
        judge(&load("ms-drg-table5", table.as_bytes()), "ms-drg", "470").1.as_deref(),
        Some("MAJOR JOINT REPLACEMENT")
    );
}

#[test]
fn a_list_of_ones_own_needs_its_system() {
    let csv = b"code,title,from,to,note\n99213,Office visit,2021-01-01,,own\n";
    assert_eq!(refused("csv", csv).0, "unknown_system");
    let own = PackRequest {
        system: Some("cpt".to_owned()),
        licence: Some("AMA, our licence".to_owned()),
        ..request("csv")
    };
    let pack = Pack::load(compile(csv, &own).unwrap()).unwrap();
    assert_eq!(pack.info().licence, "AMA, our licence");
    let mut codes = Codes::default();
    codes.load(pack).unwrap();
    assert_eq!(judge(&codes, "cpt", "99213"), ("valid", Some("Office visit".to_owned())));
    assert_eq!(refused("no-such", csv).0, "unknown_format");
    let day = PackRequest { effective_from: Some("soon".to_owned()), ..own };
    assert_eq!(compile(csv, &day).unwrap_err().path(), Some("effective_from"));
}

/// The licence gate: what is embedded is public domain, or free under the terms that its pack names.
#[test]
fn nothing_embedded_needs_a_licence() {
    let codes = Codes::embedded().unwrap();
    for pack in codes.packs() {
        let free = pack.licence.starts_with("US Government work")
            || pack.licence.starts_with("UCUM Copyright Notice");
        assert!(free && !pack.source.is_empty(), "{}", pack.name);
    }
}

fn shared(file: &str) -> Option<Vec<u8>> {
    let found =
        std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/codes").join(file)).ok();
    if found.is_none() {
        eprintln!("skipped: {file} is not present");
    }
    found
}

#[test]
fn the_published_vaccines_and_places() {
    if let Some(xml) = shared("cvx.xml") {
        let codes = load("cvx-xml", &xml);
        assert_eq!(codes.packs().iter().find(|pack| pack.system == "cvx").unwrap().rows, 288);
        assert_eq!(judge(&codes, "cvx", "143").0, "valid");
        assert_eq!(
            codes.find("cvx", "adenovirus type 4 and type 7 live oral", &CodeContext::default(), 1).unwrap()
                [0]
            .code,
            "143"
        );
        let error = compile(&xml[..xml.len() / 2], &request("cvx-xml")).unwrap_err();
        assert!(error.code() == "source_malformed" && error.line().is_some_and(|line| line > 1000));
    }
    if let Some(xml) = shared("cms_pos.xml") {
        let codes = load("pos-fhir", &xml);
        assert_eq!(judge(&codes, "pos", "11"), ("valid", Some("Office".to_owned())));
        assert_eq!(judge(&codes, "pos", "98").0, "not_found");
        assert_eq!(refused("pos-fhir", &xml[..9000]).0, "source_malformed");
    }
}

#[test]
fn the_published_hcpcs_in_its_layout() {
    let Some(json) = shared("hcpcs_2026_01.json") else { return };
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
    let list = json["codes"].as_array().unwrap();
    let mut text = String::new();
    for code in list {
        let of = |name: &str| code[name].as_str().unwrap_or_default();
        let long: Vec<char> = of("longDesc").chars().collect();
        for (number, part) in long.chunks(80).enumerate() {
            let part: String = part.iter().collect();
            let kind = if number == 0 { '3' } else { '4' };
            let days = [of("addDate"), "", ""];
            text.push_str(&hcpcs_line(
                of("code"),
                100 * (number as u32 + 1),
                kind,
                &part,
                of("shortDesc"),
                days,
            ));
            text.push('\n');
        }
    }
    let codes = load("hcpcs-anweb", text.as_bytes());
    for code in list {
        let verdict =
            codes.validate("hcpcs", code["code"].as_str().unwrap(), &CodeContext::default()).unwrap();
        assert!(verdict.is_valid(), "{code}");
    }
    assert_eq!(list.len(), 8_623);
}

#[test]
fn the_published_tables_of_edits() {
    if let Some(zip) = shared("poa26.zip") {
        let pack = Pack::load(compile(&zip, &request("poa-exempt")).unwrap()).unwrap();
        assert_eq!(pack.info().rows, 38_349);
    }
    if let Some(json) = shared("mce_edits.json") {
        let source = edits::mce_json(&json).unwrap();
        let count = |list: &str| {
            let has = |row: &&crate::codes::lists::ListRow| {
                row.attributes
                    .iter()
                    .any(|(name, value)| name == "lists" && value.split(' ').any(|one| one == list))
            };
            source.rows.iter().filter(has).count()
        };
        assert_eq!(
            (
                count("manifestation_not_pdx"),
                count("unacceptable_pdx"),
                count("age_newborn"),
                count("age_pediatric")
            ),
            (422, 2_656, 42, 125)
        );
        assert_eq!((count("age_maternity"), count("age_adult")), (2_543, 856));
        let codes = Codes::embedded().unwrap();
        // The embedded lists are the published ones, code by code.
        let day = jiff::civil::date(2026, 2, 1);
        let table = codes.tables().covering("mce", day).next().unwrap();
        let lists =
            |text: &str| text.split(' ').map(str::to_owned).collect::<std::collections::BTreeSet<_>>();
        let published: std::collections::BTreeMap<String, _> = source
            .rows
            .iter()
            .map(|row| {
                (row.code.clone(), row.attributes.iter().map(|(_, value)| lists(value)).collect::<Vec<_>>())
            })
            .collect();
        let embedded = (0..table.count()).filter(|row| table.holds(*row, day)).filter_map(|row| {
            let values: Vec<_> = table.attributes(row).map(|(_, value)| lists(value)).collect();
            // The lists of a sex are no longer published.
            let values: Vec<_> = values
                .into_iter()
                .map(|mut lists| {
                    lists.retain(|list| !list.starts_with("sex_"));
                    lists
                })
                .collect();
            let any = values.iter().any(|lists| !lists.is_empty());
            any.then(|| (table.code(row).to_owned(), values))
        });
        assert!(embedded.collect::<std::collections::BTreeMap<_, _>>() == published);
        // Every code of the lists is one of the embedded release.
        let on = CodeContext::on("2026-02-01").unwrap();
        let unknown: Vec<&str> = (source.rows.iter().map(|row| row.code.as_str()))
            .filter(|code| !code.starts_with('#'))
            .filter(|code| !codes.validate("icd10cm", code, &on).unwrap().is_valid())
            .collect();
        assert!(unknown.len() <= 5, "{} codes of the lists are not of FY2026: {unknown:?}", unknown.len());
    }
}
