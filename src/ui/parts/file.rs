//! A button that opens the file dialog, with its native input. The focus stays on the button while the dialog is open.

use std::rc::Rc;

use crate::ui::node::prelude::*;
use crate::worker::page::{later, pause};

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
    let on_files: Rc<dyn Fn(Files)> = Rc::new(on_files);
    let change = move |_| {
        let Some(input) = node.get_untracked() else { return };
        let Some(chosen) = input.files() else { return };
        if chosen.length() <= SLICE {
            on_files(slice(&chosen, 0));
            return input.set_value("");
        }
        let on_files = on_files.clone();
        later(Box::pin(async move {
            let mut files = Vec::with_capacity(chosen.length() as usize);
            let mut at = 0;
            while at < chosen.length() {
                files.append(&mut slice(&chosen, at));
                at += SLICE;
                pause().await;
            }
            // Emptying the input empties its list.
            input.set_value("");
            on_files(files);
        }));
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

/// Files whose names are asked for at once: fifty thousand would hold the page up.
const SLICE: u32 = 1_000;

fn slice(chosen: &web_sys::FileList, from: u32) -> Files {
    (from..chosen.length().min(from + SLICE)).filter_map(|ix| chosen.get(ix)).map(|file| (path_of(&file), file)).collect()
}

/// `webkitRelativePath` is set for folders.
fn path_of(file: &web_sys::File) -> String {
    let path = js_sys::Reflect::get(file, &"webkitRelativePath".into()).ok().and_then(|v| v.as_string()).unwrap_or_default();
    if path.is_empty() { file.name() } else { path }
}
