//! The work on batches: alone, or shared among threads so that the output is the same.
//!
//! A thread has a batch from beginning to end, so that its memory stays near it. Whatever is drawn from the vault is drawn
//! batch by batch in their order: between reading and making, each waits until the one before it has drawn. Reading and
//! making depend on nothing but their record.

use std::collections::{BTreeMap, HashMap};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::super::people::People;
use super::super::tokens::{self, Drawn};
use super::super::{Options, Policy, Vault, deidentify};
use super::files::{Batch, Piece, Pieces};
use crate::error::{Error, Result, codes};
use crate::record::Record;

/// What is done to every record.
pub(super) struct Work<'a> {
    pub(super) policy: &'a Policy,
    pub(super) options: Options<'a>,
    /// The keys of patients by the ids of their entries.
    pub(super) directory: HashMap<String, String>,
    pub(super) threads: usize,
}

/// What a batch has become: by the line of each record its output, or the code of the error.
pub(super) struct Made {
    pub(super) records: Vec<(usize, std::result::Result<Vec<u8>, &'static str>)>,
    pub(super) bytes: u64,
}

/// A batch that was read: its records, and what they want of the vault.
struct Read {
    records: Vec<(usize, Result<(Record, tokens::Wanted)>)>,
    bytes: u64,
}

/// A batch with what was drawn for it.
struct Ready {
    records: Vec<(usize, Result<(Record, Drawn)>)>,
    bytes: u64,
}

enum Done {
    Made(usize, Made),
    /// A thread ended before its time.
    Lost,
}

/// The batch whose turn it is to draw; none where the one whose turn it was is lost.
struct Turn {
    batch: Mutex<Option<usize>>,
    moved: Condvar,
}

impl Turn {
    fn lock(&self) -> MutexGuard<'_, Option<usize>> {
        self.batch.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn pass_to(&self, mut turn: MutexGuard<'_, Option<usize>>, batch: Option<usize>) {
        *turn = batch;
        drop(turn);
        self.moved.notify_all();
    }
}

/// Tells that its thread panicked, so that nobody waits for what it had in hand.
struct Watch<'t> {
    done: Sender<Done>,
    turn: &'t Turn,
}

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.turn.pass_to(self.turn.lock(), None);
            // Where nobody listens any more, nobody waits.
            let _ = self.done.send(Done::Lost);
        }
    }
}

impl Work<'_> {
    /// A batch from beginning to end, without other threads.
    pub(super) fn alone(&self, batch: Batch) -> Made {
        self.make(self.draw(self.read(batch)))
    }

    /// The batches of a file by several threads; `write` gets them in their order, and says whether to go on.
    pub(super) fn together(
        &self,
        pieces: &mut Pieces,
        write: &mut dyn FnMut(Made) -> Result<bool>,
    ) -> Result<()> {
        let (jobs, queue) = mpsc::channel::<(usize, Batch)>();
        let (done, results) = mpsc::channel::<Done>();
        let queue = Mutex::new(queue);
        let turn = Turn { batch: Mutex::new(Some(0)), moved: Condvar::new() };
        std::thread::scope(|scope| {
            for _ in 0..self.threads {
                let watch = Watch { done: done.clone(), turn: &turn };
                let queue = &queue;
                scope.spawn(move || self.serve(queue, &watch));
            }
            drop(done);
            let outcome = self.hand_out(pieces, write, &jobs, &results);
            // Where no more jobs can come, the threads end.
            drop(jobs);
            outcome
        })
    }

    fn serve(&self, queue: &Mutex<Receiver<(usize, Batch)>>, watch: &Watch<'_>) {
        loop {
            let job = queue.lock().map_err(|_| ()).and_then(|queue| queue.recv().map_err(|_| ()));
            let Ok((at, batch)) = job else { return };
            let read = self.read(batch);
            let Some(ready) = self.draw_in_turn(watch.turn, at, read) else { return };
            if watch.done.send(Done::Made(at, self.make(ready))).is_err() {
                return;
            }
        }
    }

    /// Draws when all batches before this one have drawn; none where one of them is lost.
    fn draw_in_turn(&self, turn: &Turn, at: usize, read: Read) -> Option<Ready> {
        if !self.policy.draws_tokens() {
            return Some(self.draw(read));
        }
        let mut now = turn.lock();
        while now.is_some_and(|now| now != at) {
            now = turn.moved.wait(now).unwrap_or_else(PoisonError::into_inner);
        }
        (*now)?;
        let ready = self.draw(read);
        turn.pass_to(now, Some(at + 1));
        Some(ready)
    }

    fn hand_out(
        &self,
        pieces: &mut Pieces,
        write: &mut dyn FnMut(Made) -> Result<bool>,
        jobs: &Sender<(usize, Batch)>,
        results: &Receiver<Done>,
    ) -> Result<()> {
        let most = 2 * self.threads + 2;
        let (mut given, mut written) = (0, 0);
        let mut made = BTreeMap::new();
        let mut more = true;
        let lost = || Error::new(&codes::FILE_UNWRITABLE).note("a thread of the run was lost");
        while more || written < given {
            while more && given - written < most {
                match pieces.batch()? {
                    Some(batch) => {
                        jobs.send((given, batch)).map_err(|_| lost())?;
                        given += 1;
                    }
                    None => more = false,
                }
            }
            if written == given {
                break;
            }
            match results.recv() {
                Ok(Done::Made(at, batch)) => {
                    made.insert(at, batch);
                }
                Ok(Done::Lost) | Err(_) => return Err(lost()),
            }
            while let Some(batch) = made.remove(&written) {
                written += 1;
                if !write(batch)? {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    fn read(&self, batch: Batch) -> Read {
        let one = |Piece { line, bytes }| {
            let read = Record::parse(bytes, None).map(|record| {
                let wanted = tokens::wanted(&record, self.policy, self.told(&record));
                (record, wanted)
            });
            (line, read)
        };
        Read { records: batch.pieces.into_iter().map(one).collect(), bytes: batch.bytes }
    }

    /// Draws what the records of a batch want, in their order.
    fn draw(&self, batch: Read) -> Ready {
        let draw = |(line, read): (usize, Result<(Record, tokens::Wanted)>)| {
            let drawn = read.map(|(record, wanted)| {
                let drawn = match self.options.vault {
                    Some(vault) => wanted.draw(vault),
                    None => Drawn::default(),
                };
                (record, drawn)
            });
            (line, drawn)
        };
        Ready { records: batch.records.into_iter().map(draw).collect(), bytes: batch.bytes }
    }

    fn make(&self, batch: Ready) -> Made {
        let one = |(line, read): (usize, Result<(Record, Drawn)>)| {
            let made = read.and_then(|(record, drawn)| self.one(&record, drawn));
            (line, made.map_err(|error| error.code()))
        };
        Made { records: batch.records.into_iter().map(one).collect(), bytes: batch.bytes }
    }

    /// The patient of a record, where the caller or the record of the patient tells.
    fn told(&self, record: &Record) -> Option<&str> {
        self.options.patient.or_else(|| {
            if self.directory.is_empty() {
                return None;
            }
            self.directory.get(&People::subject_of_record(record)?).map(String::as_str)
        })
    }

    fn one(&self, record: &Record, drawn: Drawn) -> Result<Vec<u8>> {
        let vault = Vault::holding(drawn);
        let before = vault.len();
        let options = Options { vault: Some(&vault), patient: self.told(record), ..self.options };
        let output = deidentify(record, self.policy, &options)?.output;
        // A token that nobody drew before would not be in the vault of the caller.
        if vault.len() > before {
            return Err(Error::new(&codes::ENTROPY_UNAVAILABLE));
        }
        Ok(output)
    }
}
