//! Trains the model: logistic regression over the features of the engine, on notes made of the training part of the
//! corpus and of single lines. The same sources give the same weights.

use chartkeeper::deid::narrative::train::{Example, ROWS, WIDTH, examples};
use chartkeeper::packs::{PackInfo, PackWriter};

use super::notes::{Made, Note, make, notes, pieces};
use super::pool::{Pool, Random};
use crate::Result;
use crate::sources::Sources;

/// What a step of a weight is, in logits.
const SCALE: f32 = 0.025;

/// Times that the training set is gone through.
const ROUNDS: usize = 5;

/// Rounds at the end whose weights are averaged.
const AVERAGED: usize = 3;

/// Learners that each have made their own set; their weights are averaged.
const LEARNERS: usize = 3;

/// Features of a hundred that are left out of a step.
const LEFT_OUT: usize = 20;

/// Weights while they are learned, with the sums of their squared gradients.
struct Learner {
    weights: Vec<[f32; WIDTH]>,
    squares: Vec<[f32; WIDTH]>,
}

impl Learner {
    fn new() -> Self {
        Self { weights: vec![[0.0; WIDTH]; ROWS], squares: vec![[0.0; WIDTH]; ROWS] }
    }

    fn odds(&self, rows: &[u32]) -> [f32; WIDTH] {
        let mut sums = [0.0_f32; WIDTH];
        for row in rows {
            if let Some(weights) = self.weights.get(*row as usize) {
                for (sum, weight) in sums.iter_mut().zip(weights) {
                    *sum += weight;
                }
            }
        }
        let top = sums.iter().copied().fold(f32::MIN, f32::max);
        let powers = sums.map(|sum| (sum - top).exp());
        let total: f32 = powers.iter().sum();
        powers.map(|power| power / total)
    }

    /// One step of AdaGrad with a little decay. Some of the features are left out, others every time: none of them may
    /// decide alone what it has learned by heart.
    fn learn(&mut self, example: &Example, random: &mut Random) {
        let rows: Vec<u32> = example.rows.iter().copied().filter(|_| random.below(100) >= LEFT_OUT).collect();
        let odds = self.odds(&rows);
        let mut gradient = odds;
        if let Some(right) = gradient.get_mut(usize::from(example.tag)) {
            *right -= 1.0;
        }
        for row in &rows {
            let (Some(weights), Some(squares)) =
                (self.weights.get_mut(*row as usize), self.squares.get_mut(*row as usize))
            else {
                continue;
            };
            for ((weight, square), gradient) in weights.iter_mut().zip(squares).zip(gradient) {
                let gradient = gradient + *weight * 2e-5;
                *square += gradient * gradient;
                *weight -= 0.08 * gradient / (square.sqrt() + 0.1);
            }
        }
    }
}

/// The pack `narrative-model-en`.
///
/// # Errors
/// Where a source is absent, or the corpus cannot be read.
pub(crate) fn compile(sources: &Sources) -> Result<Vec<u8>> {
    let pool = Pool::new(sources)?;
    let mut corpus = notes(include_str!("../../../../tests/notes/train.txt"))?;
    corpus.extend(notes(include_str!("../../../../tests/notes/dev.txt"))?);
    let lines: Vec<Note> = include_str!("../../rules/narrative/snippets.txt")
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| notes(&format!("%%% line\n{line}")).map(|mut list| list.remove(0)))
        .collect::<Result<_>>()?;
    let mut sums = vec![[0.0_f32; WIDTH]; ROWS];
    let mut count = 0;
    for seed in 0..LEARNERS as u64 {
        let mut random = Random(0x6368_6172_746B_6570 ^ seed);
        let set = training_set(&corpus, &lines, &pool, &mut random)?;
        count += set.len();
        learn(&set, &mut random, &mut sums)?;
    }
    let mut weights = Vec::with_capacity(ROWS * WIDTH);
    for row in &sums {
        weights
            .extend(row.map(|weight| ((weight / SCALE).round().clamp(-127.0, 127.0) as i8).cast_unsigned()));
    }
    let info = PackInfo {
        name: "narrative-model-en".into(),
        system: "narrative".into(),
        release: "2026-11".into(),
        effective_from: None,
        effective_to: None,
        rows: ROWS as u64,
        licence: "MIT OR Apache-2.0".into(),
        source: format!(
            "trained by datagen on {} notes made of tests/notes/train.txt, dev.txt and snippets.txt",
            count
        ),
        sha256: String::new(),
    };
    Ok(PackWriter::new(info)
        .section("weights", weights)
        .section("scale", SCALE.to_le_bytes().to_vec())
        .finish()?)
}

/// Goes through a set and adds the learner's part of the averaged weights.
fn learn(set: &[Made], random: &mut Random, sums: &mut [[f32; WIDTH]]) -> Result<()> {
    let mut learner = Learner::new();
    for round in 0..ROUNDS {
        for made in set {
            let seen = |rows: &[u32]| (round > 0).then(|| learner.odds(rows));
            for example in examples(&made.text, &made.right, seen)? {
                learner.learn(&example, random);
            }
        }
        if round + AVERAGED >= ROUNDS {
            for (sum, row) in sums.iter_mut().zip(&learner.weights) {
                for (sum, weight) in sum.iter_mut().zip(row) {
                    *sum += weight / (AVERAGED * LEARNERS) as f32;
                }
            }
        }
    }
    Ok(())
}

/// Notes of every form with other names, and notes put together from lines.
fn training_set(corpus: &[Note], lines: &[Note], pool: &Pool, random: &mut Random) -> Result<Vec<Made>> {
    let mut set = Vec::new();
    for _ in 0..24 {
        for note in corpus {
            set.push(make(note.pieces(), pool, random));
        }
    }
    for _ in 0..8_000 {
        let mut all = Vec::new();
        let join = if random.below(3) == 0 { " " } else { "\n" };
        for _ in 0..5 + random.below(10) {
            if let Some(line) = lines.get(random.below(lines.len())) {
                all.extend_from_slice(line.pieces());
                all.extend(pieces(join)?);
            }
        }
        set.push(make(&all, pool, random));
    }
    for _ in 0..1_400 {
        set.push(make(&pieces(&pool.problems(random))?, pool, random));
    }
    // A fixed shuffle.
    for at in (1..set.len()).rev() {
        let other = random.below(at + 1);
        set.swap(at, other);
    }
    Ok(set)
}
