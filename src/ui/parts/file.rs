//! A button that opens the file dialog, with its native input. The focus stays on the button while the dialog is open.

use crate::ui::node::prelude::*;

/// What is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Take {
    /// One file.
    One,
    /// Several files.
    Many,
    /// A folder.
    Folder,
}

/// Files with the paths as the browser gives them.
pub type Files = Vec<(String, web_sys::File)>;

/// A button and its input. The input is emptied after reading, so that the same file can be chosen again.
#[must_use]
pub fn file_button(label: &'static str, class: &'static str, testid: &'static str, take: Take, on_files: impl Fn(Files) + 'static) -> AnyView {
    let node = NodeRef::<leptos::html::Input>::new();
    let open = move |_| {
        if let Some(input) = node.get_untracked() {
            input.click();
        }
    };
    let change = move |_| {
        if let Some(input) = node.get_untracked() {
            let files = input.files().map(|list| (0..list.length()).filter_map(|i| list.get(i)).map(|f| (path_of(&f), f)).collect()).unwrap_or_default();
            on_files(files);
            input.set_value("");
        }
    };
    let many = take != Take::One;
    if take == Take::Folder {
        watch(move || drop(node.get().map(|input| input.set_attribute("webkitdirectory", ""))));
    }
    view! {
        <button class=class type="button" on:click=open>{label}</button>
        <input class="vh" type="file" tabindex="-1" aria-label=label data-testid=testid multiple=many node_ref=node on:change=change/>
    }
    .into_any()
}

/// `webkitRelativePath` is set for folders.
fn path_of(file: &web_sys::File) -> String {
    let path = js_sys::Reflect::get(file, &"webkitRelativePath".into()).ok().and_then(|v| v.as_string()).unwrap_or_default();
    if path.is_empty() { file.name() } else { path }
}
