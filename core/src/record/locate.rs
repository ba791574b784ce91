//! From a native path to its node, and the edit that people make most: one leaf gets a new value.

use super::Record;
use crate::error::{Error, Result, codes};
use crate::formats::tree::{Kind, NodeId};

impl Record {
    /// The node at a native path as findings and charts give it, such as `Bundle.entry[3].resource.birthDate`.
    /// In FHIR the first name is the root's own and is not looked up.
    ///
    /// # Errors
    /// `edit_target` where the record has no such place; it names how many steps of the path exist.
    pub fn locate(&self, path: &str) -> Result<NodeId> {
        self.dialect().locate(self.parsed(), path).map_err(|step| {
            Error::new(&codes::EDIT_TARGET).note(format!("the path's step {step} leads nowhere"))
        })
    }

    /// The same record with one leaf replaced; every other byte stays. A text takes any value, a number or a
    /// truth value one of its own kind.
    ///
    /// ```
    /// use chartkeeper::Record;
    /// let record = Record::parse(r#"{"resourceType": "Patient",  "gender":"femal"}"#, None)?;
    /// let fixed = record.with_replaced("Patient.gender", "female")?;
    /// assert_eq!(fixed.source(), br#"{"resourceType": "Patient",  "gender":"female"}"#);
    /// # Ok::<(), chartkeeper::Error>(())
    /// ```
    ///
    /// # Errors
    /// `edit_target` where the path leads nowhere or to a container, or the value is not of the leaf's kind.
    pub fn with_replaced(&self, path: &str, value: &str) -> Result<Self> {
        let id = self.locate(path)?;
        let refuse = |note| Err(Error::new(&codes::EDIT_TARGET).at(self.tree().node(id).span()).note(note));
        let mut edits = self.edits();
        match self.tree().node(id).kind() {
            Kind::Text | Kind::Number | Kind::Flag => {
                if !edits.replace_text(id, value) {
                    return refuse("the value is not of the leaf's kind");
                }
            }
            Kind::Object | Kind::List | Kind::Null => return refuse("only a leaf can be replaced"),
        }
        let patches = edits.finish(|node| self.emptied(node))?;
        self.parse_alike(patches.apply(self.source()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = r#"{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient","multipleBirthInteger": 2,"active":true,"name":[{"given":["A","B"]}]}}]}"#;

    #[test]
    fn a_path_leads_to_its_node() {
        let record = Record::parse(SOURCE, None).unwrap();
        let id = record.locate("Bundle.entry[0].resource.name[0].given[1]").unwrap();
        assert_eq!(record.text(id).unwrap(), "B");
        for path in [
            "Bundle.entry[1]",
            "Bundle.entry[0].nothing",
            "Bundle.entry[x]",
            "Bundle.entry[0",
            "Bundle.entry[0].resource[0]",
            "Bundle.entry[0].resource.name.given",
        ] {
            assert_eq!(record.locate(path).unwrap_err().code(), "edit_target", "{path}");
        }
    }

    #[test]
    fn one_leaf_changes() {
        let record = Record::parse(SOURCE, None).unwrap();
        let out = |path: &str, value: &str| {
            record.with_replaced(path, value).map(|new| String::from_utf8(new.source().to_vec()).unwrap())
        };
        let place = "Bundle.entry[0].resource.";
        assert_eq!(
            out(&format!("{place}name[0].given[0]"), "C\"").unwrap(),
            SOURCE.replace(r#""A""#, r#""C\"""#)
        );
        assert_eq!(out(&format!("{place}multipleBirthInteger"), "3").unwrap(), SOURCE.replace(" 2", " 3"));
        assert_eq!(out(&format!("{place}active"), "false").unwrap(), SOURCE.replace("true", "false"));
        for (path, value) in [
            ("multipleBirthInteger", "3, 4"),
            ("multipleBirthInteger", "x"),
            ("active", "1"),
            ("name", "x"),
            ("multipleBirthInteger", " 3"),
        ] {
            assert_eq!(out(&format!("{place}{path}"), value).unwrap_err().code(), "edit_target", "{path}");
        }
    }
}
