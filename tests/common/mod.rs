//! What tests share. Not every one of them needs all of it.
#![allow(dead_code, reason = "each test is a program of its own")]

use std::process::{Command, Output};

/// Runs the program.
pub(crate) fn sealcast(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sealcast")).args(args).output().expect("the program was built")
}

/// What a command that must succeed prints.
#[track_caller]
pub(crate) fn printed(args: &[&str]) -> String {
    let done = sealcast(args);
    assert!(done.status.success(), "{args:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).expect("it prints UTF-8")
}

/// Numbers without a pattern, the same in each run (xorshift64*).
#[derive(Debug)]
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    /// Less than a limit; 0 when that is 0.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16) as usize % limit.max(1)
    }

    /// One of several.
    pub(crate) fn of<T: Copy>(&mut self, some: &[T]) -> T {
        some[self.below(some.len())]
    }

    /// A stretch of what has a length, of so many places at most.
    pub(crate) fn stretch(&mut self, length: usize, most: usize) -> std::ops::Range<usize> {
        let start = self.below(length);
        start..(start + 1 + self.below(most)).min(length)
    }
}
