//! The patient's consent directives: FHIR Consent, R4 and R5, whole.
//!
//! A directive permits or denies; its provisions are exceptions, and theirs exceptions to them, to any depth. A
//! provision inherits who it is for (actors, purposes, actions, period) from the one around it unless it says so
//! itself. A root that permits only some data says that nothing else goes to those it is for. Where two provisions of
//! one place disagree the denial holds, and a denial of any directive beats the permission of every other.
//!
//! The root's `type` is accepted although R4 forbids it there, beside `policyRule` OPTIN and OPTOUT.

mod reading;

use jiff::civil::Date;

use super::decide::Own;
use super::fact::Fact;
use super::request::Request;
use super::scope::{When, during};
use super::segment::Segment;
use super::sensitivity::{Classes, Confidentiality, Sensitivity};
use super::tri::Tri;
use crate::error::Result;
use crate::formats::field::Field;
use crate::formats::label::Label;
use crate::formats::tree::Kind;
use crate::record::{Entry, Record};
use reading::Reader;

/// The directives that hold on the day of the request.
pub(super) struct Consents {
    directives: Vec<Provision>,
}

/// A part of a directive, with what does not depend on the entry worked out.
struct Provision {
    permits: bool,
    /// Whether it is for this request: period, actor, purpose, action; inherited ones among them.
    who: Tri,
    what: What,
    exceptions: Vec<Provision>,
}

/// Which data a provision is about; an empty list is no limit.
#[derive(Default)]
struct What {
    levels: Vec<Confidentiality>,
    classes: Vec<Classes>,
    kinds: Vec<(Option<String>, String)>,
    codes: Vec<(Option<String>, String)>,
    period: Option<(Option<Date>, Option<Date>)>,
    data: Vec<(Meaning, String)>,
    /// It has a condition that cannot be read here.
    unread: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Meaning {
    Instance,
    Related,
    AuthoredBy,
}

/// What a directive says of an entry. Both false: nothing.
#[derive(Clone, Copy)]
struct Said {
    permits: Tri,
    denies: Tri,
}

impl Consents {
    /// Reads the directives of a request.
    ///
    /// # Errors
    /// `invalid_request` with the place, where a directive is not a Consent, says neither permit nor deny, is of
    /// another patient, or cannot be understood.
    pub(super) fn of(request: &Request, record: &Record, sensitivity: &Sensitivity) -> Result<Self> {
        let mut directives = Vec::new();
        for (at, value) in request.consents.iter().enumerate() {
            let reader = Reader { request, sensitivity, place: format!("consents[{at}]") };
            directives.extend(reader.directive(value, record)?);
        }
        Ok(Self { directives })
    }

    pub(super) fn needs_dates(&self) -> bool {
        fn dated(provision: &Provision) -> bool {
            provision.what.period.is_some() || provision.exceptions.iter().any(dated)
        }
        self.directives.iter().any(dated)
    }

    /// Sets what the directives say of an entry.
    pub(super) fn tell(
        &self,
        record: &Record,
        segment: &Segment,
        classes: Classes,
        entry: Option<&Entry<'_>>,
        when: &When,
        own: &mut Own,
    ) {
        if self.directives.is_empty() {
            return;
        }
        let entry = Held { record, segment, classes, entry, when };
        let (mut permits, mut denies) = (Tri::False, Tri::False);
        for directive in &self.directives {
            let said = directive.say(&entry, Tri::True, 0);
            permits = permits.or(said.permits);
            denies = denies.or(said.denies);
        }
        own.set(Fact::SegmentPermittedByConsent, permits.and(denies.negate()));
        own.set(Fact::SegmentDeniedByConsent, denies);
    }
}

impl Provision {
    /// `around` is whether the entry is within the data of the provision around this one.
    fn say(&self, entry: &Held<'_>, around: Tri, depth: usize) -> Said {
        let what = self.what.holds(entry, self.permits);
        let (mut permits, mut denies) = (Tri::False, Tri::False);
        // The exceptions of the root stand beside its data; those of an exception, within it.
        let within = if depth == 0 { Tri::True } else { around.and(what) };
        for exception in &self.exceptions {
            let said = exception.say(entry, within, depth + 1);
            permits = permits.or(said.permits);
            denies = denies.or(said.denies);
        }
        permits = permits.and(denies.negate());
        let own = self.who.and(what).and(around);
        if self.permits {
            if depth == 0 {
                denies = denies.or(self.who.and(what.negate()).and(permits.negate()));
            }
            Said { permits: permits.or(own.and(denies.negate())), denies }
        } else {
            Said { permits, denies: denies.or(own.and(permits.negate())) }
        }
    }
}

/// An entry that a provision is held against.
struct Held<'e> {
    record: &'e Record,
    segment: &'e Segment,
    classes: Classes,
    /// The entry of the Chart that it is, where it is one.
    entry: Option<&'e Entry<'e>>,
    when: &'e When,
}

impl What {
    fn holds(&self, entry: &Held<'_>, permits: bool) -> Tri {
        let mut all = if self.unread { Tri::Unknown } else { Tri::True };
        if !self.levels.is_empty() || !self.classes.is_empty() {
            all = all.and(self.labelled(entry, permits));
        }
        if !self.kinds.is_empty() {
            let native = entry.entry.and_then(Entry::native_type).unwrap_or_default();
            let typed = self.kinds.iter().any(|(_, code)| code == native);
            all = all.and(Tri::from(typed).or(has_code(entry, &self.kinds)));
        }
        if !self.codes.is_empty() {
            all = all.and(has_code(entry, &self.codes));
        }
        if let Some((from, to)) = self.period {
            all = all.and(during(entry.when, from, to));
        }
        if !self.data.is_empty() {
            all = all.and(self.data.iter().any(|(meaning, name)| points(entry, *meaning, name)).into());
        }
        all
    }

    /// Confidentiality is a high-water mark: who may see R may see N, and what withholds R withholds V. A class holds
    /// what lies within it.
    fn labelled(&self, entry: &Held<'_>, permits: bool) -> Tri {
        let level = entry.segment.confidentiality.unwrap_or(Confidentiality::N);
        let by_level = self.levels.iter().any(|mark| if permits { level <= *mark } else { level >= *mark });
        let by_class = self.classes.iter().any(|class| entry.classes.meets(*class));
        let unread = !self.classes.is_empty() && entry.segment.unread;
        Tri::from(by_level || by_class).or(if unread { Tri::Unknown } else { Tri::False })
    }
}

/// Whether the entry has one of the codes. A system that either side leaves out is not held against it.
fn has_code(entry: &Held<'_>, wanted: &[(Option<String>, String)]) -> Tri {
    let record = entry.record;
    let tree = record.tree();
    for node in tree.descendants(entry.segment.node) {
        if tree.node(node).label() != Label::Code || tree.node(node).kind() != Kind::Text {
            continue;
        }
        let Some(code) = record.text(node) else { continue };
        let system = record.system_of(&record.coding_parts(node));
        let same = |(known, wanted): &(Option<String>, String)| {
            *wanted == code && (known.is_none() || system.is_none() || known.as_deref() == system.as_deref())
        };
        if wanted.iter().any(same) {
            return Tri::True;
        }
    }
    Tri::False
}

/// The end of a reference by which resources are told apart: `Type/id`, or the whole of a URN.
fn key(reference: &str) -> &str {
    let plain = reference.split("/_history/").next().unwrap_or(reference);
    let mut slashes = plain.rmatch_indices('/').map(|(at, _)| at);
    match (slashes.next(), slashes.next()) {
        (Some(_), Some(second)) => plain.get(second + 1..).unwrap_or(plain),
        _ => plain,
    }
}

/// Whether the entry is what a directive names, or is tied to it.
fn points(entry: &Held<'_>, meaning: Meaning, name: &str) -> bool {
    let record = entry.record;
    let tree = record.tree();
    let is_itself = || {
        let native = entry.entry.and_then(Entry::native_type).unwrap_or_default();
        let id = entry.entry.and_then(Entry::id);
        let by_id = id.is_some_and(|id| key(name) == format!("{native}/{id}"));
        let holder = tree.parent(entry.segment.node);
        let mut beside = holder.map(|holder| tree.children(holder)).into_iter().flatten();
        let url = beside.find(|child| tree.node(*child).label() == Label::Url);
        by_id || url.and_then(|node| record.text(node)).is_some_and(|url| url == name)
    };
    let refers = |node| {
        let inside = std::iter::once(node).chain(tree.descendants(node));
        let mut texts = inside.filter(|node| tree.node(*node).kind() == Kind::Text);
        texts.any(|node| record.text(node).is_some_and(|text| key(&text) == key(name)))
    };
    match meaning {
        Meaning::Instance => is_itself(),
        Meaning::Related => {
            is_itself()
                || tree
                    .descendants(entry.segment.node)
                    .filter(|node| tree.node(*node).label() == Label::Reference)
                    .any(refers)
        }
        Meaning::AuthoredBy => {
            let by = |field| entry.entry.is_some_and(|entry| entry.all(field).any(refers));
            [Field::Author, Field::Performer].into_iter().any(by)
        }
    }
}
