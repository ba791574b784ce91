//! Reading directives: from a Consent, R4 or R5, to provisions of which only what hangs on the entry is open.

use serde_json::Value;

use super::super::derive::same_name;
use super::super::request::{Purpose, Request};
use super::super::sensitivity::Sensitivity;
use super::super::tri::Tri;
use super::{Meaning, Provision, What, key};
use crate::error::{Error, Result, codes};
use crate::formats::field::EntryKind;
use crate::formats::label::Label;
use crate::record::Record;
use crate::text::PartialDate;

/// Deepest nesting of provisions.
const DEPTH: usize = 32;

/// Who a provision is for, each part as it was last said on the way down.
#[derive(Clone, Copy)]
struct Who {
    period: Tri,
    actor: Tri,
    purpose: Tri,
    action: Tri,
}

impl Who {
    fn all(self) -> Tri {
        self.period.and(self.actor).and(self.purpose).and(self.action)
    }
}

/// Reads one directive of a request.
pub(super) struct Reader<'r> {
    pub(super) request: &'r Request,
    pub(super) sensitivity: &'r Sensitivity,
    /// Its path in the request.
    pub(super) place: String,
}

/// The elements of a member that is a list, or the one value that it is; none where it is absent.
fn list<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    match value.get(name) {
        Some(Value::Array(items)) => items,
        Some(Value::Null) | None => &[],
        Some(one) => std::slice::from_ref(one),
    }
}

fn code(value: &Value) -> Option<&str> {
    value.get("code").and_then(Value::as_str)
}

/// The codings of a list of codings or of concepts.
fn codings(values: &[Value]) -> impl Iterator<Item = &Value> {
    values.iter().flat_map(|value| match value.get("coding") {
        Some(_) => list(value, "coding"),
        None => std::slice::from_ref(value),
    })
}

fn coded(values: &[Value]) -> Vec<(Option<String>, String)> {
    codings(values)
        .filter_map(|coding| {
            let system = coding.get("system").and_then(Value::as_str).map(str::to_owned);
            Some((system, code(coding)?.to_owned()))
        })
        .collect()
}

impl Reader<'_> {
    fn refuse(&self, note: &'static str) -> Error {
        Error::new(&codes::INVALID_REQUEST).in_path(self.place.as_str()).note(note)
    }

    /// The directive, where it is in force on the day of the request.
    pub(super) fn directive(&self, consent: &Value, record: &Record) -> Result<Option<Provision>> {
        if consent.get("resourceType").and_then(Value::as_str) != Some("Consent") {
            return Err(self.refuse("not a FHIR Consent"));
        }
        self.of_this_patient(consent, record)?;
        let status = consent.get("status").and_then(Value::as_str);
        let given = consent.get("dateTime").or_else(|| consent.get("date")).and_then(Value::as_str);
        let later =
            given.and_then(PartialDate::parse).is_some_and(|date| date.earliest() > self.request.on.0);
        if status.ok_or_else(|| self.refuse("it has no status"))? != "active" || later {
            return Ok(None);
        }
        let none = Value::Object(serde_json::Map::new());
        let decision = consent.get("decision").and_then(Value::as_str);
        let r5 = decision.is_some() || consent.get("provision").is_some_and(Value::is_array);
        let root = if r5 { &none } else { consent.get("provision").unwrap_or(&none) };
        let by_rule = codings(list(consent, "policyRule")).find_map(|coding| match code(coding)? {
            "OPTIN" | "OPTINR" => Some(true),
            "OPTOUT" | "OPTOUTE" => Some(false),
            _ => None,
        });
        let stated = self.decision(decision.or_else(|| root.get("type").and_then(Value::as_str)))?;
        let permits = stated.or(by_rule).ok_or_else(|| self.refuse("it neither permits nor denies"))?;
        let everyone = Who { period: Tri::True, actor: Tri::True, purpose: Tri::True, action: Tri::True };
        let everyone = Who { period: self.period(consent)?.unwrap_or(Tri::True), ..everyone };
        let exceptions = if r5 { list(consent, "provision") } else { list(root, "provision") };
        self.provision(root, exceptions, permits, everyone, 0).map(Some)
    }

    fn of_this_patient(&self, consent: &Value, record: &Record) -> Result<()> {
        let subject = consent.get("patient").or_else(|| consent.get("subject"));
        let reference = subject.and_then(|it| it.get("reference")).and_then(Value::as_str);
        let reference = reference.ok_or_else(|| self.refuse("it does not say whose it is"))?;
        let person = record.chart().of(EntryKind::Person).find(|entry| !entry.is_contained());
        let Some(person) = person else { return Ok(()) };
        let node = person.node();
        let tree = record.tree();
        let holder = tree.parent(node);
        let mut beside = holder.map(|holder| tree.children(holder)).into_iter().flatten();
        let url = beside.find(|child| tree.node(*child).label() == Label::Url);
        let by_url = url.and_then(|node| record.text(node)).is_some_and(|url| key(&url) == key(reference));
        let native = person.native_type().unwrap_or_default();
        let by_id = person.id().is_some_and(|id| key(reference) == format!("{native}/{id}"));
        if by_url || by_id { Ok(()) } else { Err(self.refuse("it is of another patient than the record")) }
    }

    fn decision(&self, word: Option<&str>) -> Result<Option<bool>> {
        match word {
            None => Ok(None),
            Some("permit") => Ok(Some(true)),
            Some("deny") => Ok(Some(false)),
            Some(_) => Err(self.refuse("a provision permits or denies")),
        }
    }

    fn provision(
        &self,
        value: &Value,
        exceptions: &[Value],
        permits: bool,
        around: Who,
        depth: usize,
    ) -> Result<Provision> {
        if depth > DEPTH {
            return Err(self.refuse("its provisions nest too deep"));
        }
        let who = Who {
            period: self.period(value)?.map_or(around.period, |period| period.and(around.period)),
            actor: self.actor(value).unwrap_or(around.actor),
            purpose: self.purpose(value).unwrap_or(around.purpose),
            action: self.action(value).unwrap_or(around.action),
        };
        let each = |inner: &Value| {
            // R4 says what an exception is; in R5 it is the opposite of what it is an exception to.
            let stated = self.decision(inner.get("type").and_then(Value::as_str))?;
            self.provision(inner, list(inner, "provision"), stated.unwrap_or(!permits), who, depth + 1)
        };
        let exceptions = exceptions.iter().map(each).collect::<Result<Vec<_>>>()?;
        Ok(Provision { permits, who: who.all(), what: self.what(value)?, exceptions })
    }

    fn dates(&self, value: &Value, name: &str) -> Result<Option<(Option<PartialDate>, Option<PartialDate>)>> {
        let Some(period) = value.get(name) else { return Ok(None) };
        let read = |end: &str| match period.get(end).map(|text| text.as_str().and_then(PartialDate::parse)) {
            Some(None) => Err(self.refuse("a period has no date that can be read")),
            known => Ok(known.flatten()),
        };
        Ok(Some((read("start")?, read("end")?)))
    }

    /// Whether the day of the request lies in the period of validity; none where there is no period.
    fn period(&self, value: &Value) -> Result<Option<Tri>> {
        let Some((start, end)) = self.dates(value, "period")? else { return Ok(None) };
        let on = self.request.on.0;
        let begun = start.map_or(Tri::True, |start| match (start.latest() <= on, start.earliest() <= on) {
            (true, _) => Tri::True,
            (false, true) => Tri::Unknown,
            (false, false) => Tri::False,
        });
        Ok(Some(begun.and(end.map_or(Tri::True, |end| Tri::from(on <= end.latest())))))
    }

    /// Whether the one who asks is one of the actors.
    fn actor(&self, value: &Value) -> Option<Tri> {
        let actors = list(value, "actor");
        if actors.is_empty() {
            return None;
        }
        let requester = &self.request.requester;
        let is = |actor: &Value| {
            let reference = actor.get("reference");
            let name = reference.and_then(|it| it.get("reference")).and_then(Value::as_str);
            let display = reference.and_then(|it| it.get("display")).and_then(Value::as_str);
            let by_reference =
                name.is_some_and(|name| requester.references.iter().any(|own| key(own) == key(name)));
            let by_name = match (display, requester.name.as_deref()) {
                (Some(display), Some(name)) => same_name(display, name),
                _ => false,
            };
            if by_reference || by_name {
                Tri::True
            } else if requester.references.is_empty() {
                // The one who asks is not known by any reference: it may be them.
                Tri::Unknown
            } else {
                Tri::False
            }
        };
        Some(actors.iter().fold(Tri::False, |any, actor| any.or(is(actor))))
    }

    /// Whether the purpose of the request is one of the purposes (HL7 v3-ActReason, or the request's own codes).
    fn purpose(&self, value: &Value) -> Option<Tri> {
        let purposes = coded(list(value, "purpose"));
        if purposes.is_empty() {
            return None;
        }
        if !self.request.purpose_codes.is_empty() {
            let own = |code: &String| self.request.purpose_codes.iter().any(|known| known == code);
            return Some(purposes.iter().any(|(_, code)| own(code)).into());
        }
        let Some(purpose) = self.request.purpose else { return Some(Tri::Unknown) };
        let codes: &[&str] = match purpose {
            Purpose::Treatment => &["TREAT"],
            Purpose::Payment => &["HPAYMT"],
            Purpose::Operations => &["HOPERAT"],
            Purpose::Research => &["HRESCH"],
            Purpose::PublicHealth => &["PUBHLTH"],
            Purpose::Marketing => &["HMARKT"],
            Purpose::IndividualRequest => &["PATRQT"],
            Purpose::Involvement => &["FAMRQT"],
            Purpose::Legal => &["HLEGAL"],
            Purpose::Directory => &["HDIRECT"],
            _ => return Some(Tri::Unknown),
        };
        Some(purposes.iter().any(|(_, code)| codes.contains(&code.as_str())).into())
    }

    /// Whether a disclosure is one of the actions.
    fn action(&self, value: &Value) -> Option<Tri> {
        let actions = coded(list(value, "action"));
        if actions.is_empty() {
            return None;
        }
        Some(actions.iter().any(|(_, code)| matches!(code.as_str(), "access" | "disclose" | "use")).into())
    }

    fn what(&self, value: &Value) -> Result<What> {
        let mut out = What {
            kinds: [coded(list(value, "class")), coded(list(value, "resourceType"))].concat(),
            codes: [coded(list(value, "code")), coded(list(value, "documentType"))].concat(),
            unread: value.get("expression").is_some(),
            ..What::default()
        };
        for coding in codings(list(value, "securityLabel")) {
            let system = coding.get("system").and_then(Value::as_str).unwrap_or_default();
            let code = code(coding).unwrap_or_default();
            match self.sensitivity.label(system, code) {
                Some((_, Some(level))) => out.levels.push(level),
                Some((class, None)) if !class.is_empty() => out.classes.push(class),
                // A label that no pack knows may be on anything.
                _ => out.unread = true,
            }
        }
        if let Some((start, end)) = self.dates(value, "dataPeriod")? {
            out.period = Some((start.map(|date| date.earliest()), end.map(|date| date.latest())));
        }
        for data in list(value, "data") {
            let name = data.get("reference").and_then(|it| it.get("reference")).and_then(Value::as_str);
            let name = name.ok_or_else(|| self.refuse("its data refers to nothing"))?;
            let meaning = match data.get("meaning").and_then(Value::as_str) {
                Some("instance") => Meaning::Instance,
                Some("related" | "dependents") => Meaning::Related,
                Some("authoredby") => Meaning::AuthoredBy,
                _ => return Err(self.refuse("its data has no meaning that is known")),
            };
            out.data.push((meaning, name.to_owned()));
        }
        Ok(out)
    }
}
