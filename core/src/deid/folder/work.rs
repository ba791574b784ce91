//! The work on batches: alone, or shared among threads so that the output is the same.
//!
//! Whatever is drawn from the vault is drawn between reading and making, batch by batch in their order, by the one who
//! hands the batches out. Reading and making depend on nothing but their record, so any thread may do them.

use std::collections::{BTreeMap, HashMap};
use std::sync::Mutex;
use std::sync::mpsc::{self, Receiver, Sender};

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

enum Job {
    Read(usize, Batch),
    Make(usize, Ready),
}

enum Done {
    Read(usize, Read),
    Made(usize, Made),
    /// A thread ended before its time.
    Lost,
}

/// Tells that its thread panicked, so that nobody waits for what it had in hand.
struct Watch(Sender<Done>);

impl Drop for Watch {
    fn drop(&mut self) {
        if std::thread::panicking() {
            // Where nobody listens any more, nobody waits.
            let _ = self.0.send(Done::Lost);
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
        let (jobs, queue) = mpsc::channel::<Job>();
        let (done, results) = mpsc::channel::<Done>();
        let queue = Mutex::new(queue);
        std::thread::scope(|scope| {
            for _ in 0..self.threads {
                let watch = Watch(done.clone());
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

    fn serve(&self, queue: &Mutex<Receiver<Job>>, watch: &Watch) {
        loop {
            let Ok(job) = queue.lock().map_err(|_| ()).and_then(|queue| queue.recv().map_err(|_| ())) else {
                return;
            };
            let done = match job {
                Job::Read(at, batch) => Done::Read(at, self.read(batch)),
                Job::Make(at, ready) => Done::Made(at, self.make(ready)),
            };
            if watch.0.send(done).is_err() {
                return;
            }
        }
    }

    fn hand_out(
        &self,
        pieces: &mut Pieces,
        write: &mut dyn FnMut(Made) -> Result<bool>,
        jobs: &Sender<Job>,
        results: &Receiver<Done>,
    ) -> Result<()> {
        let most = 2 * self.threads + 2;
        let (mut given, mut drawn, mut written) = (0, 0, 0);
        let (mut read, mut made) = (BTreeMap::new(), BTreeMap::new());
        let mut more = true;
        let lost = || Error::new(&codes::FILE_UNWRITABLE).note("a thread of the run was lost");
        while more || written < given {
            while more && given - written < most {
                match pieces.batch()? {
                    Some(batch) => {
                        jobs.send(Job::Read(given, batch)).map_err(|_| lost())?;
                        given += 1;
                    }
                    None => more = false,
                }
            }
            if written == given {
                break;
            }
            match results.recv() {
                Ok(Done::Read(at, batch)) => {
                    read.insert(at, batch);
                }
                Ok(Done::Made(at, batch)) => {
                    made.insert(at, batch);
                }
                Ok(Done::Lost) | Err(_) => return Err(lost()),
            }
            while let Some(batch) = read.remove(&drawn) {
                jobs.send(Job::Make(drawn, self.draw(batch))).map_err(|_| lost())?;
                drawn += 1;
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
