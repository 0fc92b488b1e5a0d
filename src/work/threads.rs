//! Decoding threads: named, with stacks of 64 MiB, and a panic in them becomes an error.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Room for recursion in parsers and decoders.
pub(crate) const STACK_BYTES: usize = 64 << 20;

/// What a mutex guards, also after a panic elsewhere: all that is kept behind one here is whole between two
/// statements.
pub(crate) fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs `job` over `items` on as many threads as there are cores; the results stand in the items' order. A
/// panic, or a thread that could not be started for want of memory, gives `on_panic()` for the items it
/// concerns.
pub(crate) fn map<T: Sync, R: Send>(
    name: &str,
    items: &[T],
    job: impl Fn(&T) -> R + Sync,
    on_panic: impl Fn() -> R + Sync,
) -> Vec<R> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<Option<R>>> = Mutex::new(items.iter().map(|_| None).collect());
    let worker = || {
        while let Some((i, item)) = take(&next, items) {
            let result = catch_unwind(AssertUnwindSafe(|| job(item))).unwrap_or_else(|_| on_panic());
            lock(&done)[i] = Some(result);
        }
    };
    std::thread::scope(|scope| {
        for n in 0..cores.min(items.len()) {
            let builder = std::thread::Builder::new().name(format!("{name}-{n}")).stack_size(STACK_BYTES);
            if let Err(why) = builder.spawn_scoped(scope, worker) {
                tracing::error!(%why, "a worker thread could not be started");
            }
        }
    });
    let results = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.into_iter().map(|slot| slot.unwrap_or_else(&on_panic)).collect()
}

/// Calls `turn` again and again on a thread of its own, `pause` apart, until it answers false.
pub fn repeat(name: &str, pause: Duration, mut turn: impl FnMut() -> bool + Send + 'static) {
    let turning = move || {
        while turn() {
            std::thread::sleep(pause);
        }
    };
    if let Err(why) = std::thread::Builder::new().name(name.to_owned()).spawn(turning) {
        tracing::error!(%why, "a thread could not be started");
    }
}

/// Runs one job on such a thread.
pub(crate) fn run<R: Send>(name: &str, job: impl Fn() -> R + Sync, on_panic: impl Fn() -> R + Sync) -> R {
    let mut results = map(name, &[()], |()| job(), &on_panic);
    results.pop().unwrap_or_else(on_panic)
}

fn take<'a, T>(next: &AtomicUsize, items: &'a [T]) -> Option<(usize, &'a T)> {
    let i = next.fetch_add(1, Ordering::Relaxed);
    items.get(i).map(|item| (i, item))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_keep_their_order_and_a_panic_costs_only_its_own_item() {
        let items: Vec<u32> = (0..100).collect();
        let job = |n: &u32| if *n == 42 { panic!("a decoder's fault") } else { n * 2 };
        let results = map("test", &items, job, || u32::MAX);
        for (n, result) in results.into_iter().enumerate() {
            assert_eq!(result, if n == 42 { u32::MAX } else { n as u32 * 2 });
        }
    }

    #[test]
    fn deep_recursion_has_room() {
        fn deep(n: u32) -> u32 {
            let pad = [n; 512];
            if n == 0 { pad[0] } else { deep(n - 1) + pad[511].min(1) }
        }
        assert_eq!(run("test", || deep(10_000), || 0), 10_000);
    }
}
