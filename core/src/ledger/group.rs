//! Group commit: appends that arrive while the disk is busy wait together and share the next commit.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use super::receipt::Receipt;
use crate::error::{Error, Result, codes};

type Answer = Arc<Mutex<Option<Result<Vec<Receipt>>>>>;

/// The appends that wait, and whether one of them is committing.
#[derive(Default)]
pub(super) struct Group {
    queue: Mutex<Queue>,
    done: Condvar,
}

#[derive(Default)]
struct Queue {
    waiting: Vec<Waiting>,
    committing: bool,
}

struct Waiting {
    bodies: Vec<Vec<u8>>,
    answer: Answer,
}

/// Whatever happens to a commit, whoever waits for it is answered.
impl Drop for Waiting {
    fn drop(&mut self) {
        lock(&self.answer).get_or_insert_with(|| Err(Error::new(&codes::LEDGER_FAILED)));
    }
}

/// Gives the turn back, also out of a panic.
struct Turn<'g>(&'g Group);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        lock(&self.0.queue).committing = false;
        self.0.done.notify_all();
    }
}

impl std::fmt::Debug for Group {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Group").finish_non_exhaustive()
    }
}

/// What a panic under a lock left is used on: a [`Waiting`] answers by itself, and the writer marks itself as failed.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Group {
    /// Commits `bodies`, alone or with others: `commit` is run by one of the threads for all that wait.
    pub(super) fn commit(
        &self,
        bodies: Vec<Vec<u8>>,
        commit: impl FnOnce(Vec<Vec<u8>>) -> Result<Vec<Receipt>>,
    ) -> Result<Vec<Receipt>> {
        let answer = Answer::default();
        let mut queue = lock(&self.queue);
        queue.waiting.push(Waiting { bodies, answer: Arc::clone(&answer) });
        while queue.committing {
            queue = self.done.wait(queue).unwrap_or_else(PoisonError::into_inner);
            if let Some(done) = lock(&answer).take() {
                return done;
            }
        }
        queue.committing = true;
        let turn = Turn(self);
        let mut group = std::mem::take(&mut queue.waiting);
        drop(queue);
        let counts: Vec<usize> = group.iter().map(|waiting| waiting.bodies.len()).collect();
        let bodies = group.iter_mut().flat_map(|waiting| std::mem::take(&mut waiting.bodies)).collect();
        let mut receipts = commit(bodies).map(Vec::into_iter);
        for (waiting, count) in group.iter().zip(counts) {
            let share = match &mut receipts {
                Ok(receipts) => Ok(receipts.take(count).collect()),
                Err(error) => Err(error.clone()),
            };
            *lock(&waiting.answer) = Some(share);
        }
        drop(turn);
        lock(&answer).take().unwrap_or_else(|| Err(Error::new(&codes::LEDGER_FAILED)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_in_a_commit_answers_all_and_leaves_the_turn() {
        let group = Group::default();
        let entered = std::sync::Barrier::new(2);
        std::thread::scope(|scope| {
            let first = scope.spawn(|| {
                group.commit(vec![], |_| {
                    entered.wait();
                    while lock(&group.queue).waiting.is_empty() {
                        std::thread::yield_now();
                    }
                    panic!("the disk is gone")
                })
            });
            entered.wait();
            let second = scope.spawn(|| group.commit(vec![vec![1]], |_| Err(Error::new(&codes::LEDGER_IO))));
            assert!(first.join().is_err());
            assert_eq!(second.join().unwrap().unwrap_err().code(), "ledger_io");
        });
    }
}
