//! The page. All of it is in the library, under `ui`.

#[cfg(target_arch = "wasm32")]
fn main() {
    retention_audit::ui::start();
}

/// The page runs in a browser only.
#[cfg(not(target_arch = "wasm32"))]
fn main() {}
