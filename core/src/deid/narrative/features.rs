//! What the model sees of a word: its own form, what the word table knows of it, its neighbours, its line.

use super::cue::{Cue, Cues};
use super::lexicon::Flag;
use super::model::BITS;
use super::token::{Block, Casing, Gap, Kind, Shape, Token};
use crate::formats::label::Label;

/// Features of one word, as rows of the model.
pub(super) struct Features {
    rows: [u32; 72],
    len: usize,
}

impl Features {
    pub(super) const fn new() -> Self {
        Self { rows: [0; 72], len: 0 }
    }

    pub(super) fn rows(&self) -> &[u32] {
        self.rows.get(..self.len).unwrap_or_default()
    }

    fn add(&mut self, template: u32, a: u32, b: u32) {
        let key = (u64::from(a) ^ u64::from(b).rotate_left(33)).wrapping_add(u64::from(template) << 20 | 1);
        let hash = key.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let row = ((hash ^ hash >> 29).wrapping_mul(0xBF58_476D_1CE4_E5B9) >> (64 - BITS)) as u32;
        if let Some(slot) = self.rows.get_mut(self.len) {
            *slot = row;
            self.len += 1;
        }
    }
}

/// What a word is to its neighbours.
#[derive(Clone, Copy, Default)]
struct View {
    /// What kind of word it is.
    gist: u16,
    /// The word itself where it is one that many notes share, else its kind.
    lexical: u32,
    /// The word before the colon that leads the line up to here, and how far it is.
    header: u32,
    distance: u16,
    /// How many words ahead the last word of the name of a body stands, with none but its like between; 0: none does.
    ahead: u8,
}

/// A block with what every word is to its neighbours.
pub(super) struct Scene<'b, 't> {
    pub(super) block: &'b Block<'t>,
    views: Vec<View>,
}

/// The kinds of cue in the order in which they speak for a word.
const GISTS: &[Cue] = &[
    Cue::Title,
    Cue::Credential,
    Cue::Kin,
    Cue::Role,
    Cue::Person,
    Cue::Suffix,
    Cue::OrgName,
    Cue::OrgHead,
    Cue::Street,
    Cue::MedHead,
    Cue::Month,
    Cue::Weekday,
    Cue::PlaceVerb,
    Cue::PlacePrep,
    Cue::Sign,
    Cue::Birth,
    Cue::Phone,
    Cue::Fax,
    Cue::IdMedicalRecord,
    Cue::OrgMod,
    Cue::Particle,
    Cue::Measure,
    Cue::DatePrep,
    Cue::Direction,
    Cue::Code,
    Cue::VehicleKind,
    Cue::DeviceKind,
    Cue::IdOther,
];

const GIST: Cues = Cues::of(GISTS);

/// Whether a word may stand inside the name of a body.
fn links(block: &Block<'_>, token: &Token) -> bool {
    block.casing != Casing::Mixed
        || token.is_capital()
        || token.len() <= 3
            && ["of", "the", "for", "and"].iter().any(|word| block.str(token).eq_ignore_ascii_case(word))
}

/// The kind of a word: 0 to about 300.
fn gist(token: &Token) -> u16 {
    let shape = token.shape as u16;
    // What was cleaned looks like what it was: a name to be seen, a place, a number.
    if let Some(label) = token.cleaned {
        return match label {
            Label::Name => 35 * 6 + shape,
            Label::City | Label::District => 38 * 6 + shape,
            Label::OrganisationName => 34 * 6 + shape,
            _ => 40 * 6,
        };
    }
    let kind = match token.kind {
        Kind::Number => 40,
        Kind::Mixed => 41,
        Kind::Word => {
            let info = token.info;
            if info.cues.has_any(GIST)
                && let Some(at) = GISTS.iter().position(|cue| info.cues.has(*cue))
            {
                at as u16
            } else if info.english() >= 8 {
                if info.name() >= 5 { 30 } else { 31 }
            } else if info.is(Flag::Drug) {
                32
            } else if info.is(Flag::Clinical) {
                33
            } else if info.name() >= 3 {
                if info.english() > 1 { 34 } else { 35 }
            } else if info.english() > 0 {
                36
            } else if info.name() > 0 {
                37
            } else if info.city() > 0 || info.is(Flag::State) || info.is(Flag::Country) {
                38
            } else {
                39
            }
        }
    };
    kind * 6 + shape
}

fn lexical(token: &Token, gist: u16) -> u32 {
    let info = token.info;
    let shared = info.english() > 2 || info.cues.0 != 0 || info.is(Flag::Clinical);
    if token.kind == Kind::Word && shared { token.hash } else { u32::from(gist) }
}

impl<'b, 't> Scene<'b, 't> {
    pub(super) fn new(block: &'b Block<'t>) -> Self {
        let mut views = Vec::with_capacity(block.tokens.len());
        let (mut header, mut distance, mut last) = (0, 0, 0);
        for token in &block.tokens {
            let gist = gist(token);
            let lexical = lexical(token, gist);
            if token.gap.has(Gap::COLON)
                && token.gap.only(Gap::COLON | Gap::SPACE | Gap::WIDE | Gap::CLOSE | Gap::HASH | Gap::QUOTE)
            {
                (header, distance) = (last, 0);
            } else if token.gap.has(Gap::NEWLINE) {
                // A label alone in its line speaks for the next one.
                (header, distance) = if token.gap.has(Gap::COLON) { (last, 8) } else { (0, 0) };
            } else {
                distance += 1;
            }
            views.push(View { gist, lexical, header, distance, ahead: 0 });
            last = lexical;
        }
        // From behind: a word goes with the one after it, up to six of them.
        let (mut ahead, mut linked) = (0_u8, false);
        for (token, view) in block.tokens.iter().zip(&mut views).rev() {
            ahead = if token.is(Cue::OrgHead) {
                1
            } else if linked && (1..6).contains(&ahead) && links(block, token) {
                ahead + 1
            } else {
                0
            };
            view.ahead = ahead;
            linked = token.gap.only(Gap::SPACE | Gap::PERIOD | Gap::OWNS | Gap::HYPHEN);
        }
        Self { block, views }
    }

    fn view(&self, at: usize, by: isize) -> View {
        at.checked_add_signed(by).and_then(|at| self.views.get(at)).copied().unwrap_or(View {
            gist: 900,
            lexical: 900,
            header: 0,
            distance: 0,
            ahead: 0,
        })
    }

    /// Whether a word may be part of a name at all. `led`: the word before is one, or leads to one.
    pub(super) fn is_candidate(&self, at: usize, previous: u8) -> bool {
        const ORG: Cues = Cues::of(&[Cue::OrgHead, Cue::OrgMod, Cue::OrgName]);
        const LEADS: Cues =
            Cues::of(&[Cue::Title, Cue::Kin, Cue::Person, Cue::Role, Cue::Sign, Cue::Particle]);
        const NEVER: Cues = Cues::of(&[Cue::Measure, Cue::Title, Cue::MedHead]);
        let Some(token) = self.block.token(at) else { return false };
        if token.taken || token.kind != Kind::Word {
            return false;
        }
        let info = token.info;
        let continues = matches!(previous, 1..=3);
        if token.len() == 1 {
            let near = |by: isize| {
                self.block
                    .near(at, by)
                    .is_some_and(|near| near.is_capital() && near.len() > 1 && near.kind == Kind::Word)
            };
            let small = token.shape == Shape::Lower
                && self.block.casing == Casing::Lower
                && self.block.near(at, 1).is_some_and(|next| {
                    next.info.name() >= 3
                        && next.info.english() < 8
                        && next.gap.only(Gap::SPACE | Gap::PERIOD)
                });
            return token.shape == Shape::Initial && (continues || near(1) || near(-1))
                || small
                || token.shape == Shape::Uncased;
        }
        let names = info.name();
        let place = info.city() > 0 || token.place > 0 || info.is(Flag::County);
        let ordinary =
            info.english() > 0 || info.is(Flag::Clinical) || info.is(Flag::Drug) || info.cues.0 != 0;
        if token.is_any(NEVER) && names < 3 && !continues {
            return false;
        }
        let led = self.block.near(at, -1).is_some_and(|before| before.is_any(LEADS));
        // `collapsed at Planet Fitness`, `carrier Travelers`, `Emp: Texas Instruments`, `Option Care`: ordinary words with
        // capitals after a small one or a colon, or before a word of bodies.
        let small = |before: &Token| before.shape == Shape::Lower && before.kind == Kind::Word;
        let placed = token.gap.only(Gap::SPACE) && self.block.near(at, -1).is_some_and(small)
            || token.gap.has(Gap::COLON | Gap::AT) && info.english() < 13
            || self.block.near(at, 1).is_some_and(|next| {
                next.is_any(ORG) && next.is_capital() && next.gap.only(Gap::SPACE) && !next.taken
            });
        let capital = match self.block.casing {
            Casing::Upper => false,
            Casing::Mixed | Casing::Lower => token.is_capital() || token.shape == Shape::Uncased,
        };
        let ahead = self.view(at, 0).ahead;
        if ahead > 1 && (capital || ahead <= 4) {
            return true;
        }
        if capital {
            return names > 0
                || place
                || !ordinary
                || info.is(Flag::Eponym)
                || token.is_any(ORG)
                || continues
                || led
                || placed;
        }
        if token.is_any(ORG) || continues {
            return true;
        }
        if !ordinary {
            return true;
        }
        let rare = info.english() <= 8;
        (names >= 2 && rare)
            || (names >= 5 && info.english() <= 11)
            || (place && (rare || token.place > 0))
            || (led && (names > 0 || info.english() < 7))
    }

    /// The features of a word, given the tags of the two words before.
    pub(super) fn features(&self, at: usize, tags: (u8, u8), out: &mut Features) {
        self.first_features(at, tags, out);
        self.other_features(at, tags, out);
    }

    /// Those that decide of most words alone: the word, its neighbours one by one, the tags before, the head of the line.
    pub(super) fn first_features(&self, at: usize, tags: (u8, u8), out: &mut Features) {
        out.len = 0;
        let Some(token) = self.block.token(at) else { return };
        let info = token.info;
        let casing = self.block.casing as u32;
        let shape = token.shape as u32 + casing * 8;
        let (given, surname, english) =
            (u32::from(info.given()), u32::from(info.surname()), u32::from(info.english()));
        let names = given.max(surname);
        let word = english.div_ceil(2);
        let flags = flags(token);
        let before = self.view(at, -1);
        let after = self.view(at, 1);
        let here = self.view(at, 0);
        let gap = u32::from(token.gap.0 & 0x7FFF);
        let gap_after = u32::from(self.block.gap_after(at).0);
        let previous = u32::from(tags.0);

        out.add(1, shape, 0);
        out.add(2, given, shape);
        out.add(3, surname, shape);
        out.add(4, english, shape);
        out.add(5, given * 8 + surname, word);
        out.add(6, names * 16 + word, shape);
        out.add(7, flags, shape);
        out.add(8, flags, names * 8 + word);
        out.add(9, here.lexical, token.shape as u32);
        out.add(10, here.lexical, previous);
        out.add(11, u32::from(before.gist), gap);
        out.add(12, u32::from(after.gist), gap_after);
        out.add(13, u32::from(before.gist), u32::from(after.gist));
        out.add(16, before.lexical, gap);
        out.add(17, after.lexical, gap_after);
        out.add(18, before.lexical, names * 8 + word);
        out.add(19, after.lexical, names * 8 + word);
        out.add(22, previous, u32::from(tags.1));
        out.add(23, previous * 8 + names, word);
        out.add(24, previous, gap);
        out.add(26, here.header, u32::from(here.distance.min(8)));
        out.add(27, here.header, names * 8 + word);
        out.add(28, u32::from(here.gist), u32::from(before.gist));
        out.add(29, u32::from(here.gist), u32::from(after.gist));
        out.add(32, previous, u32::from(here.gist));
    }

    /// All the others.
    pub(super) fn other_features(&self, at: usize, tags: (u8, u8), out: &mut Features) {
        let Some(token) = self.block.token(at) else { return };
        let info = token.info;
        let casing = self.block.casing as u32;
        let shape = token.shape as u32 + casing * 8;
        let (names, english) = (u32::from(info.name()), u32::from(info.english()));
        let word = english.div_ceil(2);
        let flags = flags(token);
        let before = self.view(at, -1);
        let after = self.view(at, 1);
        let before2 = self.view(at, -2);
        let after2 = self.view(at, 2);
        let here = self.view(at, 0);
        let gap = u32::from(token.gap.0 & 0x7FFF);
        let gap_after = u32::from(self.block.gap_after(at).0);
        let owns = u32::from(self.block.gap_after(at).has(Gap::OWNS));
        let previous = u32::from(tags.0);

        out.add(14, u32::from(before.gist), u32::from(before2.gist));
        out.add(15, u32::from(after.gist), u32::from(after2.gist));
        out.add(20, before2.lexical, before.lexical);
        out.add(21, after2.lexical, after.lexical);
        out.add(25, previous * 4096 + gap, names * 8 + word);
        out.add(30, owns * 16 + u32::from(token.gap.has(Gap::NEWLINE)), shape);
        out.add(31, owns, flags);
        out.add(33, before2.lexical, names);
        out.add(34, after2.lexical, names);
        out.add(35, before.lexical, after.lexical);
        let levels = |by: isize| {
            self.block.near(at, by).map_or(0, |near| {
                u32::from(near.info.name()) + 8 * u32::from(near.info.english().div_ceil(4))
            })
        };
        out.add(36, levels(-1) * 64 + levels(1), names);
        out.add(
            37,
            u32::from(
                gap_after as u16
                    & (Gap::COMMA | Gap::NEWLINE | Gap::WIDE | Gap::CLOSE | Gap::OPEN | Gap::SLASH),
            ),
            names * 8 + word,
        );
        out.add(
            38,
            u32::from(
                token.gap.0
                    & (Gap::COMMA
                        | Gap::NEWLINE
                        | Gap::WIDE
                        | Gap::CLOSE
                        | Gap::OPEN
                        | Gap::SLASH
                        | Gap::COLON),
            ),
            names * 8 + word,
        );
        out.add(39, u32::from(here.ahead), shape);
        out.add(40, u32::from(here.ahead), previous);
        let text = self.block.str(token).as_bytes();
        let tail = |count: usize| {
            text.iter().rev().take(count).fold(0_u32, |all, byte| all << 8 | u32::from(*byte | 0x20))
        };
        if info.is_unknown() || english == 0 {
            // A small unknown word is a name where the whole note is small, and jargon or a slip elsewhere.
            let unknown = u32::from(info.is_unknown()) | shape << 1;
            out.add(53, unknown, previous);
            out.add(54, tail(3), unknown);
            out.add(55, unknown, u32::from(before.gist));
            out.add(56, unknown, u32::from(after.gist));
            out.add(41, tail(3), u32::from(info.is_unknown()));
            out.add(42, tail(2), shape);
            out.add(43, tail(4), 0);
            let head = text.iter().take(3).fold(0_u32, |all, byte| all << 8 | u32::from(*byte | 0x20));
            out.add(44, head, u32::from(info.is_unknown()));
        }
        out.add(45, (token.len() as u32).min(12), shape);
        out.add(46, u32::from(after.gist), previous);
        out.add(47, self.place_context(at), flags);
        out.add(48, self.place_context(at), previous * 8 + u32::from(info.city()));
        let taken = |by: isize| {
            u32::from(self.block.near(at, by).is_some_and(|near| {
                near.taken
                    && !matches!(near.cleaned, Some(Label::Name | Label::City | Label::OrganisationName))
            }))
        };
        out.add(49, taken(-1) * 2 + taken(1), names * 8 + word);
        out.add(50, taken(-1) * 2 + taken(1), u32::from(self.block.gap_after(at).has(Gap::COMMA)));
        let view3 = self.view(at, -3);
        out.add(51, view3.lexical, before2.lexical);
        out.add(52, names * 8 + word, casing);
    }

    /// What speaks for a place around a word: a verb or preposition of place before, a state after.
    fn place_context(&self, at: usize) -> u32 {
        let mut context = 0;
        for by in 1..=3_isize {
            let Some(token) = self.block.near(at, -by) else { break };
            context |=
                u32::from(token.is(Cue::PlaceVerb)) | u32::from(token.is(Cue::PlacePrep) && by == 1) << 1;
            if token.taken && by == 1 {
                context |= 1 << 4;
            }
        }
        for by in 1..=2_isize {
            let Some(token) = self.block.near(at, by) else { break };
            let state = token.info.is(Flag::State)
                || token.place == 4
                || token.info.is(Flag::StateAbbreviation) && token.shape == Shape::Upper;
            context |= u32::from(state) << 2;
            context |= u32::from(token.info.is(Flag::Country)) << 3;
        }
        context
    }
}

/// What the word table says of a token, and of the place that it begins.
#[inline]
fn flags(token: &Token) -> u32 {
    let info = token.info;
    u32::from(info.is(Flag::Clinical))
        | u32::from(info.is(Flag::Drug)) << 1
        | u32::from(info.is(Flag::Eponym)) << 2
        | u32::from(info.is(Flag::State)) << 3
        | u32::from(info.is(Flag::Country)) << 4
        | u32::from(info.is(Flag::County)) << 5
        | u32::from(info.city()) << 6
        | u32::from(token.place) << 8
}
