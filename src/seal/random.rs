//! Where randomness comes from: the operating system, and in unit tests a generator that repeats itself.

use crate::error::Error;

/// Random bytes of the operating system.
///
/// # Errors
/// When the system has none to give.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    fill(&mut bytes)?;
    Ok(bytes)
}

/// Fills a buffer with random bytes of the operating system.
pub(crate) fn fill(into: &mut [u8]) -> Result<(), Error> {
    #[cfg(test)]
    if fixed::fill(into) {
        return Ok(());
    }
    getrandom::fill(into)
        .map_err(|error| Error::failed(format!("the system gives no random bytes: {error}"), "try again"))
}

/// The generator of unit tests. Being compiled for them alone, no option or variable can reach it.
#[cfg(test)]
pub(crate) mod fixed {
    use std::cell::RefCell;

    use sha2::{Digest as _, Sha256};

    thread_local! {
        /// Seed, and number of the next block.
        static STATE: RefCell<Option<(String, u64)>> = const { RefCell::new(None) };
    }

    /// Runs something with the same randomness at every run, on this thread.
    pub(crate) fn with_seed<T>(seed: &str, run: impl FnOnce() -> T) -> T {
        STATE.set(Some((seed.into(), 0)));
        let outcome = run();
        STATE.set(None);
        outcome
    }

    pub(super) fn fill(into: &mut [u8]) -> bool {
        STATE.with_borrow_mut(|state| {
            let Some((seed, next)) = state else { return false };
            for chunk in into.chunks_mut(32) {
                let block = Sha256::digest(format!("{seed} {next}"));
                chunk.copy_from_slice(&block[..chunk.len()]);
                *next += 1;
            }
            true
        })
    }
}
