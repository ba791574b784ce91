//! Short clinical codes that have a form and nothing to check it by: RxNorm, CVX, ICD-10 of the WHO, ICD-9-CM.

use super::{Form, Shape, all_digits, fits, good};
use crate::codes::context::CodeContext;
use crate::codes::crosswalk;
use crate::codes::text::CodeText;

pub(super) const RXNORM: Shape = Shape {
    name: "rxnorm",
    read: rxnorm,
    slots: "N",
    form: "an RXCUI: one to eight digits without a leading zero (National Library of Medicine)",
    listed: true,
};

pub(super) const CVX: Shape = Shape {
    name: "cvx",
    read: cvx,
    slots: "N",
    form: "two or three digits (CDC, vaccines administered)",
    listed: true,
};

pub(super) const ICD10: Shape = Shape {
    name: "icd10",
    read: icd10,
    slots: "ANN",
    form: "a letter and two digits, and after a dot one or two more characters (WHO, ICD-10 volume 2)",
    listed: true,
};

pub(super) const ICD9CM: Shape = Shape {
    name: "icd9cm",
    read: icd9cm,
    slots: "XNN",
    form: "three digits, or V and two digits, with up to two digits after a dot; or E and three digits, with one (ICD-9-CM, \
           until 2015-09-30)",
    listed: true,
};

pub(super) const ICD9CM_PROCEDURES: Shape = Shape {
    name: "icd9cm-procedures",
    read: icd9cm_procedures,
    slots: "N",
    form: "two digits, with up to two digits after a dot (ICD-9-CM, volume 3, until 2015-09-30)",
    listed: true,
};

fn rxnorm(text: &str, _context: &CodeContext) -> Form {
    let formed = text.len() <= 8 && all_digits(text) && !text.starts_with('0');
    good(CodeText::collect(text.chars()).filter(|_| formed))
}

fn cvx(text: &str, _context: &CodeContext) -> Form {
    match text.len() {
        1 if text != "0" && all_digits(text) => {
            CodeText::collect(format!("0{text}").chars()).map_or(Form::Malformed, Form::Meant)
        }
        2 if text != "00" => good(fits(text, "NN")),
        3 if !text.starts_with('0') => good(fits(text, "NNN")),
        _ => Form::Malformed,
    }
}

fn icd9cm(text: &str, _context: &CodeContext) -> Form {
    let patterns = ["NNN", "NNN.N", "NNN.NN", "VNN", "VNN.N", "VNN.NN", "ENNN", "ENNN.N"];
    let text = text.to_ascii_uppercase();
    let dotted = crosswalk::dotted("icd9cm", &text);
    good(patterns.iter().find_map(|pattern| fits(&dotted, pattern)))
}

fn icd9cm_procedures(text: &str, _context: &CodeContext) -> Form {
    let dotted = crosswalk::dotted("icd9cm-procedures", text);
    good(["NN", "NN.N", "NN.NN"].iter().find_map(|pattern| fits(&dotted, pattern)))
}

fn icd10(text: &str, _context: &CodeContext) -> Form {
    let form = good(fits(text, "ANN").or_else(|| fits(text, "ANN.X")).or_else(|| fits(text, "ANN.XX")));
    let Form::Malformed = form else { return form };
    match (fits(text, "ANNX").or_else(|| fits(text, "ANNXX")), text.split_at_checked(3)) {
        (Some(_), Some((category, rest))) => {
            let dotted = format!("{category}.{rest}").to_ascii_uppercase();
            good(CodeText::collect(dotted.chars()))
        }
        _ => Form::Malformed,
    }
}
