//! What must not leave the machine: found, taken out, and proved to be gone.

pub(crate) mod detect;
pub(crate) mod proof;
