//! Compiles the word table: every source raises the levels of its words, and the words go by their hashes.

use std::collections::{BTreeMap, HashMap};

use chartkeeper::deid::narrative::{
    BUCKET, Cue, Cues, ENTRIES, Flag, Info, bucket, fingerprint, fold, word_hash,
};
use chartkeeper::packs::{PackInfo, PackWriter};

use super::{census, given, lists, words, world};
use crate::Result;
use crate::sources::Sources;

/// States of the USA with their abbreviations.
const STATES: &str = "Alabama AL|Alaska AK|Arizona AZ|Arkansas AR|California CA|Colorado CO|Connecticut CT|Delaware DE|\
Florida FL|Georgia GA|Hawaii HI|Idaho ID|Illinois IL|Indiana IN|Iowa IA|Kansas KS|Kentucky KY|Louisiana LA|Maine ME|\
Maryland MD|Massachusetts MA|Michigan MI|Minnesota MN|Mississippi MS|Missouri MO|Montana MT|Nebraska NE|Nevada NV|\
New Hampshire NH|New Jersey NJ|New Mexico NM|New York NY|North Carolina NC|North Dakota ND|Ohio OH|Oklahoma OK|\
Oregon OR|Pennsylvania PA|Rhode Island RI|South Carolina SC|South Dakota SD|Tennessee TN|Texas TX|Utah UT|Vermont VT|\
Virginia VA|Washington WA|West Virginia WV|Wisconsin WI|Wyoming WY|District of Columbia DC|Puerto Rico PR";

/// Peoples and languages that stand for a country.
const PEOPLES: &str = "american mexican african asian caucasian hispanic latino latina black chinese japanese korean \
vietnamese filipino filipina indian pakistani bangladeshi nepali nepalese russian ukrainian polish german french italian \
spanish portuguese brazilian cuban dominican haitian jamaican somali ethiopian nigerian ghanaian kenyan egyptian arab \
arabic persian iranian iraqi syrian lebanese turkish greek armenian israeli jewish muslim christian hindu buddhist \
catholic english irish scottish welsh british canadian australian european native hawaiian samoan guatemalan salvadoran \
honduran colombian venezuelan peruvian ecuadorian bolivian chilean argentinian hmong cambodian laotian burmese thai \
indonesian malaysian punjabi hindi urdu bengali tamil telugu gujarati mandarin cantonese tagalog creole swahili amharic farsi";

/// The words and what is known of them.
#[derive(Default)]
struct Words {
    all: BTreeMap<Vec<u8>, Info>,
}

impl Words {
    fn word(&mut self, text: &str) -> Option<&mut Info> {
        let mut folded = Vec::new();
        fold(text, &mut folded);
        (!folded.is_empty()).then(|| self.all.entry(folded).or_default())
    }

    /// Each part of a name of one or more words.
    fn parts(&mut self, text: &str, mut set: impl FnMut(&mut Info)) {
        for part in text.split([' ', '-']).filter(|part| part.chars().count() > 1) {
            if let Some(info) = self.word(part) {
                set(info);
            }
        }
    }

    /// A place of one word, or of up to three.
    fn place(&mut self, name: &str, set: impl Fn(&mut Info)) {
        let parts: Vec<&str> = name.split([' ', '-']).collect();
        let name = parts.join(" ").replace('.', "");
        if parts.len() > 3 {
            return;
        }
        if let Some(info) = self.word(&name) {
            set(info);
        }
        if let [first, _, ..] = parts.as_slice()
            && let Some(info) = self.word(first)
        {
            info.set(Flag::OpensPlace);
        }
        if let [first, second, _] = parts.as_slice()
            && let Some(info) = self.word(&format!("{first} {second}"))
        {
            info.set(Flag::OpensPlace);
        }
    }
}

/// The pack `narrative-en`.
///
/// # Errors
/// Where a source is absent or is not the pinned one.
pub(crate) fn compile(sources: &Sources) -> Result<Vec<u8>> {
    let mut words = Words::default();
    names(sources, &mut words)?;
    vocabulary(sources, &mut words)?;
    places(sources, &mut words)?;
    for (word, cues) in lists::cues()? {
        if let Some(info) = words.word(word) {
            info.cues.0 |= cues.0;
        }
    }
    slips(&mut words)?;
    let (buckets, rows) = pack(&words.all)?;
    let described: Vec<String> = [
        "census-surnames-2010",
        "ssa-given-names",
        "world-names",
        "english-words",
        "word-frequencies",
        "cities",
        "substances",
        "icd10cm-2026",
    ]
    .iter()
    .map(|name| sources.read(name).map(|(source, _)| source.describe()))
    .collect::<Result<_>>()?;
    let info = PackInfo {
        name: "narrative-en".into(),
        system: "narrative".into(),
        release: "2026-11".into(),
        effective_from: None,
        effective_to: None,
        rows: words.all.len() as u64,
        licence: "US Government works, public domain (Census surnames, SSA given names, FDA substances, ICD-10-CM); \
                  MIT (faker, an-array-of-english-words, symspellpy); CC-BY-4.0 (GeoNames places); MIT OR Apache-2.0 (cues)"
            .into(),
        source: described.join("; "),
        sha256: String::new(),
    };
    Ok(PackWriter::new(info).section("words", buckets).section("rows", rows).finish()?)
}

/// Given names and surnames.
fn names(sources: &Sources, words: &mut Words) -> Result<()> {
    for (name, count) in census::surnames(sources)? {
        let level = match count {
            200_000.. => 7,
            50_000.. => 6,
            10_000.. => 5,
            2_000.. => 4,
            500.. => 3,
            200.. => 2,
            _ => 1,
        };
        if let Some(info) = words.word(&name) {
            info.raise_surname(level);
        }
    }
    for (name, years) in given::given_names(sources)? {
        let level = match years {
            180.. => 7,
            120.. => 6,
            70.. => 5,
            35.. => 4,
            12.. => 3,
            4.. => 2,
            _ => 1,
        };
        if let Some(info) = words.word(&name) {
            info.raise_given(level);
        }
    }
    for locale in world::locales(sources)? {
        for name in &locale.given {
            words.parts(name, |info| info.raise_given(3));
        }
        for name in &locale.surnames {
            words.parts(name, |info| info.raise_surname(3));
        }
    }
    Ok(())
}

/// Ordinary and clinical words.
fn vocabulary(sources: &Sources, words: &mut Words) -> Result<()> {
    for (word, count) in words::english(sources)? {
        let level = match count {
            1_000_000_000.. => 15,
            300_000_000.. => 14,
            100_000_000.. => 13,
            50_000_000.. => 12,
            20_000_000.. => 11,
            10_000_000.. => 10,
            5_000_000.. => 9,
            2_000_000.. => 8,
            1_000_000.. => 7,
            500_000.. => 6,
            200_000.. => 5,
            100_000.. => 4,
            30_000.. => 3,
            1.. => 2,
            0 => 1,
        };
        if let Some(info) = words.word(&word) {
            info.raise_english(level);
        }
    }
    let (clinical, capitalised) = words::titles(sources)?;
    for word in clinical.into_iter().chain(lists::clinical().map(str::to_owned)) {
        if let Some(info) = words.word(&word) {
            info.set(Flag::Clinical);
        }
    }
    for word in capitalised.into_iter().chain(lists::eponyms().map(str::to_owned)) {
        if let Some(info) = words.word(&word) {
            info.set(Flag::Eponym);
        }
    }
    for word in words::substances(sources)? {
        if let Some(info) = words.word(&word) {
            info.set(Flag::Drug);
        }
    }
    Ok(())
}

/// Words that are written wrongly: those that lead to something, and the commonest of the others, with one letter left
/// out, doubled or exchanged with the next. What is a word or a name itself stays what it is.
fn slips(words: &mut Words) -> Result<()> {
    const LEADS: Cues = Cues::of(&[
        Cue::Title,
        Cue::Kin,
        Cue::Role,
        Cue::Person,
        Cue::Sign,
        Cue::Month,
        Cue::Weekday,
        Cue::Street,
        Cue::IdMedicalRecord,
        Cue::IdAccount,
        Cue::IdPlan,
        Cue::IdSocialSecurity,
        Cue::IdLicence,
        Cue::IdDevice,
        Cue::IdOther,
        Cue::Phone,
        Cue::Birth,
        Cue::PlaceVerb,
        Cue::OrgHead,
        Cue::Measure,
    ]);
    let cues: std::collections::BTreeSet<&str> =
        lists::cues()?.into_iter().filter(|(_, cues)| cues.has_any(LEADS)).map(|(word, _)| word).collect();
    let mut found: Vec<(Vec<u8>, Info)> = Vec::new();
    for (word, info) in &words.all {
        let text = std::str::from_utf8(word)?;
        if !text.bytes().all(|byte| byte.is_ascii_lowercase()) || info.name() > 3 {
            continue;
        }
        let led = cues.contains(text) && text.len() >= 5;
        if !led && info.cues.has(Cue::Street) && text.len() == 4 {
            let mut slip = word.clone();
            slip.swap(1, 2);
            found.push((slip, *info));
        }
        let common = info.english() >= 9 && text.len() >= 6;
        if led || common {
            let mut slip = *info;
            slip.lower_english(4);
            found.extend(slipped(word).into_iter().map(|word| (word, slip)));
        }
    }
    for (word, info) in found {
        words.all.entry(word).or_insert(info);
    }
    Ok(())
}

/// A word with each of its letters but the first left out, doubled, or exchanged with the next.
fn slipped(word: &[u8]) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for at in 1..word.len() {
        let mut less = word.to_vec();
        let letter = less.remove(at);
        all.push(less);
        let mut more = word.to_vec();
        more.insert(at, letter);
        all.push(more);
        if at + 1 < word.len() {
            let mut other = word.to_vec();
            other.swap(at, at + 1);
            all.push(other);
        }
    }
    all
}

/// Cities, counties, states, countries and peoples.
fn places(sources: &Sources, words: &mut Words) -> Result<()> {
    for city in words::cities(sources)? {
        let home = city.countrycode == "US";
        let level = match city.population {
            200_000.. => 3,
            20_000.. if home => 2,
            1.. if home => 1,
            60_000.. => 2,
            15_000.. => 1,
            _ => continue,
        };
        let _ = &city.admin1code;
        words.place(&city.name, |info| info.raise_city(level));
    }
    let (counties, countries) = words::counties_and_countries(sources)?;
    for county in &counties {
        let name =
            county.strip_suffix(" County").or_else(|| county.strip_suffix(" Parish")).unwrap_or(county);
        words.place(name, |info| info.set(Flag::County));
    }
    for country in countries.iter().map(String::as_str).chain(PEOPLES.split_whitespace()) {
        words.place(country, |info| info.set(Flag::Country));
    }
    for state in STATES.split('|') {
        let Some((name, short)) = state.rsplit_once(' ') else { continue };
        words.place(name, |info| info.set(Flag::State));
        if let Some(info) = words.word(short) {
            info.set(Flag::StateAbbreviation);
        }
    }
    Ok(())
}

/// The buckets and the distinct rows.
fn pack(words: &BTreeMap<Vec<u8>, Info>) -> Result<(Vec<u8>, Vec<u8>)> {
    let mut rows: Vec<Info> = words.values().copied().collect();
    rows.sort_unstable();
    rows.dedup();
    let number: HashMap<Info, u16> =
        rows.iter().enumerate().map(|(at, info)| Ok((*info, u16::try_from(at)?))).collect::<Result<_>>()?;
    let count = words.len() * 5 / (ENTRIES * 4) + 1;
    let mut buckets: Vec<Vec<(u32, u16)>> = vec![Vec::new(); count];
    let mut full = vec![false; count];
    for (word, info) in words {
        let hash = word_hash(word);
        let mut at = bucket(hash, count);
        while buckets.get(at).is_some_and(|bucket| bucket.len() == ENTRIES) {
            if let Some(full) = full.get_mut(at) {
                *full = true;
            }
            at = (at + 1) % count;
        }
        if let Some(bucket) = buckets.get_mut(at) {
            bucket.push((fingerprint(hash), number.get(info).copied().unwrap_or_default()));
        }
    }
    let mut out = Vec::with_capacity(count * BUCKET);
    for (entries, full) in buckets.iter().zip(full) {
        let column = |at: usize| entries.get(at).copied().unwrap_or_default();
        out.extend((0..ENTRIES).flat_map(|at| (column(at).0 as u16).to_le_bytes()));
        out.extend((0..ENTRIES).flat_map(|at| column(at).1.to_le_bytes()));
        out.extend((0..ENTRIES).map(|at| (column(at).0 >> 16) as u8));
        out.extend([entries.len() as u8, u8::from(full), 0, 0]);
    }
    let mut packed = Vec::with_capacity(rows.len() * 12);
    for row in rows {
        let (bits, cues) = row.parts();
        packed.extend(bits.to_le_bytes());
        packed.extend(cues.to_le_bytes());
    }
    Ok((out, packed))
}
