//! Resources of people, bodies, places and things: who and what a record tells of.

use super::super::json::{Json, Object};
use super::super::parts::Parts;
use super::super::values::{self, absent};
use super::{Draft, PEOPLE};
use crate::formats::field::Field;

impl Draft<'_, '_> {
    pub(super) fn sex(&mut self) {
        let sex = self.mapped(Field::Sex, values::SEX);
        self.out.put_some("gender", sex);
    }

    pub(super) fn person_parts(&mut self) {
        self.list("name", Parts::names);
        self.list("telecom", Parts::telecoms);
        self.sex();
        self.date("birthDate", Field::BirthDate);
    }

    pub(super) fn patient(&mut self) {
        self.person_parts();
        if let Some(date) = self.parts.date(self.index, Field::DeathDate, false) {
            self.parts.flag(self.index, Field::Deceased);
            self.out.put("deceasedDateTime", date);
        } else if let Some(dead) = self.parts.flag(self.index, Field::Deceased) {
            self.out.put("deceasedBoolean", dead);
        }
        self.list("address", Parts::addresses);
        self.concept("maritalStatus", Field::MaritalStatus);
        let languages = self.parts.concepts(self.index, Field::Language).into_iter().map(|language| {
            let mut out = Object::default();
            out.put("language", language);
            Json::Object(out)
        });
        let languages = languages.collect();
        self.out.put_list("communication", languages);
    }

    pub(super) fn related_person(&mut self) {
        let person = self.parts.person(self.index);
        self.out.put("patient", person);
        self.concepts("relationship", Field::Relationship);
        self.person_parts();
        self.list("address", Parts::addresses);
    }

    pub(super) fn practitioner(&mut self) {
        self.person_parts();
        self.list("address", Parts::addresses);
        let codes = self.parts.concepts(self.index, Field::Type).into_iter().map(|code| {
            let mut out = Object::default();
            out.put("code", code);
            Json::Object(out)
        });
        let codes = codes.collect();
        self.out.put_list("qualification", codes);
    }

    /// A body or place has one name that is a text.
    pub(super) fn plain_name(&mut self) {
        let text = self
            .parts
            .string(self.index, Field::Name)
            .or_else(|| self.parts.string(self.index, Field::NameText));
        self.out.put_some("name", text);
    }

    pub(super) fn organisation(&mut self) {
        self.concepts("type", Field::Type);
        self.plain_name();
        self.list("telecom", Parts::telecoms);
        self.list("address", Parts::addresses);
        // R4 (org-1): a body has an identifier or a name.
        if !self.out.has("identifier") && !self.out.has("name") {
            self.out.put("_name", absent("unknown"));
        }
    }

    pub(super) fn place(&mut self) {
        self.plain_name();
        self.concepts("type", Field::Type);
        self.list("telecom", Parts::telecoms);
        let address = self.parts.addresses(self.index).into_iter().next();
        self.out.put_some("address", address);
    }

    pub(super) fn coverage(&mut self) {
        let table: &'static [(&str, &str)] = &[
            ("active", "active"),
            ("completed", "active"),
            ("cancelled", "cancelled"),
            ("nullified", "entered-in-error"),
        ];
        let status = self.mapped(Field::Status, table);
        if !self.out.put_some("status", status) {
            self.out.put("_status", absent("unknown"));
        }
        self.concept("type", Field::Type);
        self.string("subscriberId", Field::SubscriberId);
        let person = self.parts.person(self.index);
        self.out.put("beneficiary", person);
        self.concept("relationship", Field::Relationship);
        let period = self.parts.period(self.index, Field::Start, Field::End);
        self.out.put_some("period", period);
        let payors = self.parts.references(self.index, Field::Payor, PEOPLE);
        if !self.out.put_list("payor", payors) {
            self.out.put("payor", vec![Json::Object(absent("unknown"))]);
        }
    }

    pub(super) fn device(&mut self) {
        self.string("lotNumber", Field::Lot);
        self.string("serialNumber", Field::SerialNumber);
        self.concept("type", Field::Code);
        let person = self.parts.person(self.index);
        self.out.put("patient", person);
        self.note(Field::Text);
    }

    pub(super) fn care_team(&mut self) {
        let person = self.parts.person(self.index);
        self.out.put("subject", person);
        let period = self.parts.period(self.index, Field::Start, Field::End);
        self.out.put_some("period", period);
        let members = self.parts.references(self.index, Field::Participant, PEOPLE).into_iter().map(|who| {
            let mut out = Object::default();
            out.put("member", who);
            Json::Object(out)
        });
        let members = members.collect();
        self.out.put_list("participant", members);
    }
}
