//! The two ends of the browser worker. `protocol`: what is said, both ends; `page`: the page's end; `serve`: the worker's end.
//! No logic that could be elsewhere.

#[cfg(all(target_arch = "wasm32", feature = "ui"))]
pub mod page;
pub mod protocol;
#[cfg(all(target_arch = "wasm32", feature = "worker"))]
pub mod serve;
