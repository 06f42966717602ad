//! Reads in one thread and converts in the others, in batches that keep their order.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, ScopedJoinHandle};

/// Batches that wait for a worker, and results that wait to be taken, of each worker.
const WAITING: usize = 1;

/// Takes the batches of a producer. `false` if nobody takes the results any more.
pub(super) struct Batches<In> {
    workers: Vec<SyncSender<In>>,
    next: usize,
}

impl<In> Batches<In> {
    pub(super) fn push(&mut self, batch: In) -> bool {
        let worker = &self.workers[self.next];
        self.next = (self.next + 1) % self.workers.len();
        worker.send(batch).is_ok()
    }
}

/// Runs `produce` in a thread, and each of the `workers` on its batches in a thread of its own. Passes the results to `take`, in the order
/// of the batches. An error of `take` stops all of them.
pub(super) fn run<In: Send, Out: Send, End: Send, E>(
    produce: impl FnOnce(Batches<In>) -> End + Send,
    workers: impl IntoIterator<Item = impl FnMut(In) -> Out + Send>,
    mut take: impl FnMut(Out) -> Result<(), E>,
) -> Result<End, E> {
    thread::scope(|scope| {
        let mut batches = Batches {
            workers: Vec::new(),
            next: 0,
        };
        let mut results: Vec<Receiver<Out>> = Vec::new();
        let mut threads = Vec::new();
        for mut work in workers {
            let (to_worker, batches_of_worker) = sync_channel::<In>(WAITING);
            let (to_taker, results_of_worker) = sync_channel::<Out>(WAITING);
            batches.workers.push(to_worker);
            results.push(results_of_worker);
            threads.push(scope.spawn(move || {
                for batch in batches_of_worker {
                    if to_taker.send(work(batch)).is_err() {
                        return;
                    }
                }
            }));
        }
        let producer = scope.spawn(move || produce(batches));
        let taken = take_all(&results, &mut take);
        drop(results);
        // The end of the scope does not wait for the destructors of thread-local values.
        let end = joined(producer);
        threads.into_iter().for_each(joined);
        taken.map(|()| end)
    })
}

/// Takes the results in the order of the batches. A worker that has no further batch is the last: the others have none either.
fn take_all<Out, E>(results: &[Receiver<Out>], take: &mut impl FnMut(Out) -> Result<(), E>) -> Result<(), E> {
    for worker in (0..results.len()).cycle() {
        let Ok(result) = results[worker].recv() else { break };
        take(result)?;
    }
    Ok(())
}

/// What a thread returns, or its panic.
fn joined<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

#[cfg(test)]
mod tests {
    use super::run;

    fn counted(workers: usize, batches: usize, stop_at: usize) -> (Result<usize, usize>, Vec<usize>) {
        let mut taken = Vec::new();
        let produce = |mut to: super::Batches<usize>| (0..batches).take_while(|batch| to.push(*batch)).count();
        let double = (0..workers).map(|_| |batch: usize| 2 * batch);
        let ended = run(produce, double, |result| {
            taken.push(result);
            if taken.len() == stop_at { Err(stop_at) } else { Ok(()) }
        });
        (ended, taken)
    }

    #[test]
    fn results_keep_the_order_of_the_batches() {
        for workers in [1, 2, 5] {
            for batches in [0, 1, 7, 100] {
                let (ended, taken) = counted(workers, batches, usize::MAX);
                assert_eq!(ended, Ok(batches));
                assert_eq!(taken, (0..batches).map(|batch| 2 * batch).collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn an_error_stops_the_producer() {
        let (ended, taken) = counted(2, 1_000_000, 3);
        assert_eq!((ended, taken), (Err(3), vec![0, 2, 4]));
    }
}
