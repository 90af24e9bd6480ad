//! Logarithms, exponentials and powers that are the same on every machine. Those of the standard library come from the system (native) or
//! from the compiler (WebAssembly) and differ in the last digit: a page and a command line would then disagree by a message or a second.
//! `clippy.toml` forbids them.

pub use libm::{exp, exp2, expm1 as exp_m1, log as ln, log1p as ln_1p, log2, pow};
