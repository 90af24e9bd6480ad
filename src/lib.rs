//! Retention audit: reads message exports, shows which channels carry the work, what is missing from
//! the archive and which leavers hold client conversations.
//!
//! ```text
//! bytes ─> import/<format> ─> batch ─> dataset ─> analysis/<question> ─> answers ─> ui | cli | report
//! ```
//!
//! The core never touches the browser; `ui` shows what the core answered. `ARCHITECTURE.md` tells the
//! words, the folders and who may import whom.
#![forbid(unsafe_code)]
#![warn(missing_docs)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing))]

#[cfg(feature = "core")]
pub mod math;
pub mod model;
pub mod order;
pub mod shape;
pub mod text;
pub mod time;

#[cfg(feature = "core")]
pub mod analysis;
#[cfg(all(feature = "cli", not(target_arch = "wasm32")))]
pub mod cli;
#[cfg(feature = "core")]
pub mod features;
#[cfg(feature = "core")]
pub mod import;
pub mod report;
#[cfg(feature = "core")]
pub mod sample;
#[cfg(all(feature = "ui", target_arch = "wasm32"))]
pub mod ui;
#[cfg(feature = "core")]
pub mod workbench;
#[cfg(any(feature = "worker", feature = "ui", test))]
pub mod worker;
