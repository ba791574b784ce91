//! The model: for every feature four small numbers, one a tag; their sums make the odds of the tags.

use once_cell::sync::OnceCell;

use crate::error::{Error, Result, codes};
use crate::packs::{Pack, PackInfo};

/// The model has two to the power of this many rows.
pub(super) const BITS: u32 = 17;

/// Tags: nothing, part of a person's name, of a place, of the name of a body.
pub(super) const TAGS: usize = 4;

/// Weights, borrowed from the program or owned by a trainer.
#[derive(Debug)]
pub(super) struct Model {
    rows: &'static [[u8; TAGS]],
    scale: f32,
    info: PackInfo,
}

impl Model {
    /// The embedded model, read once.
    ///
    /// # Errors
    /// `pack_malformed` where the program itself is damaged.
    pub(super) fn embedded() -> Result<&'static Self> {
        static READ: OnceCell<Model> = OnceCell::new();
        READ.get_or_try_init(|| {
            static BYTES: &[u8] = include_bytes!("../../../data/narrative-model-en.bin");
            let pack = Pack::embedded(BYTES)?;
            let malformed = || Error::new(&codes::PACK_MALFORMED);
            let (rows, rest) = pack.section_of(BYTES, "weights")?.as_chunks::<TAGS>();
            if rows.len() != 1 << BITS || !rest.is_empty() {
                return Err(malformed());
            }
            let scale = pack.section_of(BYTES, "scale")?.first_chunk::<4>().ok_or_else(malformed)?;
            Ok(Self { rows, scale: f32::from_le_bytes(*scale), info: pack.info().clone() })
        })
    }

    pub(super) fn info(&self) -> &PackInfo {
        &self.info
    }

    /// What speaks for every tag, in logits.
    pub(super) fn sums(&self, features: &[u32]) -> [f32; TAGS] {
        let mut sums = [0_i32; TAGS];
        for feature in features {
            if let Some(row) = self.rows.get(*feature as usize) {
                for (sum, weight) in sums.iter_mut().zip(row) {
                    *sum += i32::from(weight.cast_signed());
                }
            }
        }
        sums.map(|sum| sum as f32 * self.scale)
    }
}

/// Sums as probabilities.
pub(super) fn softmax(sums: [f32; TAGS]) -> [f32; TAGS] {
    let top = sums.iter().copied().fold(f32::MIN, f32::max);
    let powers = sums.map(|sum| (sum - top).exp());
    let total: f32 = powers.iter().sum();
    powers.map(|power| power / total)
}
