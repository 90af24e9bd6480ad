//! The browser worker: registers its handler and nothing else.
#![cfg_attr(not(target_arch = "wasm32"), allow(missing_docs))]

fn main() {
    #[cfg(target_arch = "wasm32")]
    if retention_audit::worker::serve::start().is_err() {
        // Without a handler the page notices that no "ready" comes.
    }
}
