//! Whom a record is about, in one text: the reference under which disclosures of it are accounted for.

use super::{Entry, Record};
use crate::formats::field::{EntryKind, Field};
use crate::formats::label::Label;

impl Record {
    /// The number by which the holder of the record knows its patient: the medical record number of the first
    /// patient, else the patient's first identifier, else the id of the entry. `None` where there is none of them.
    ///
    /// It does not depend on who asks for the record or how they name the patient, so all disclosures of one
    /// patient's record are found under the same text (45 CFR 164.528).
    #[must_use]
    pub fn patient_reference(&self) -> Option<String> {
        let person = self.chart().of(EntryKind::Person).next()?;
        let numbers = || person.all(Field::IdentifierValue);
        let medical = numbers().find(|node| self.tree().node(*node).label() == Label::MedicalRecord);
        let text = medical.or_else(|| numbers().next()).and_then(|node| self.text(node));
        text.or_else(|| person.id()).map(Into::into).filter(|text: &String| !text.is_empty())
    }

    /// Whether two entries are of one person, as messages repeat their patient: they state the same medical record
    /// number of the same holder, and the same date of birth.
    #[must_use]
    pub fn is_same_person(&self, one: &Entry<'_>, other: &Entry<'_>) -> bool {
        let born = |entry: &Entry<'_>| entry.first(Field::BirthDate).and_then(|node| self.date(node));
        let numbers = |entry: &Entry<'_>| -> Vec<(String, String)> {
            let medical = entry
                .all(Field::IdentifierValue)
                .filter(|node| self.tree().node(*node).label() == Label::MedicalRecord);
            medical
                .filter_map(|node| {
                    let holder = self.tree().parent(node)?;
                    let systems = entry.all(Field::IdentifierSystem);
                    let system = systems.into_iter().find(|system| self.tree().is_within(*system, holder));
                    let system = system.and_then(|system| self.text(system)).unwrap_or_default().into_owned();
                    Some((system, self.text(node)?.into_owned()))
                })
                .collect()
        };
        let (first, second) = (numbers(one), numbers(other));
        first.iter().any(|number| second.contains(number)) && born(one).is_some() && born(one) == born(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_medical_record_number_comes_first() {
        let number = |parts: &str| {
            let source = format!(r#"{{"resourceType":"Patient","id":"p1"{parts}}}"#);
            Record::parse(source, None).unwrap().patient_reference()
        };
        let mr = r#"{"type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"MR"}]},"value":"M7"}"#;
        assert_eq!(number(&format!(r#","identifier":[{{"value":"X1"}},{mr}]"#)).as_deref(), Some("M7"));
        assert_eq!(number(r#","identifier":[{"value":"X1"}]"#).as_deref(), Some("X1"));
        assert_eq!(number("").as_deref(), Some("p1"));
        let message =
            |number: &str, born: &str| format!("MSH|^~\\&|A\rPID|1||{number}^^^KP^MR||Doe||{born}\r");
        let same = |other: String| {
            let record = Record::parse(message("7", "19700502") + &other, None).unwrap();
            let people: Vec<_> = record.chart().of(EntryKind::Person).collect();
            record.is_same_person(&people[0], &people[1])
        };
        assert!(same(message("7", "19700502")));
        assert!(!same(message("7", "19700503")));
        assert!(!same(message("8", "19700502")));
        assert!(!same(message("7", "19700502").replace("KP", "QR")));
        assert_eq!(Record::parse(r#"{"resourceType":"Account"}"#, None).unwrap().patient_reference(), None);
    }
}
