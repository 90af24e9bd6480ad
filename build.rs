//! Has the linker keep its notes in the page's program: tools/split.mjs needs them to tell which functions and which data are reached
//! only through the views. They are gone from what is served.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let is = |name: &str, wanted: &str| std::env::var(name).is_ok_and(|value| value == wanted);
    if is("CARGO_CFG_TARGET_ARCH", "wasm32") && is("PROFILE", "release") && std::env::var_os("CARGO_FEATURE_UI").is_some() {
        println!("cargo::rustc-link-arg-bin=app=--emit-relocs");
    }
}
