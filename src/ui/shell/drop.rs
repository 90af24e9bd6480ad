//! The whole page takes files and folders. Folders are walked here, since only the browser knows them.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;

use crate::ui::state::App;

/// Most files taken from one drop: a limit for folders that hold the world.
const LIMIT: usize = 200_000;

/// Hears drags for the life of the page.
pub fn listen(app: App) {
    // Entered elements: the pointer enters a child before it leaves the parent, so a plain flag would flicker.
    let depth = StoredValue::new(0_i32);
    let mark = move |on: bool| {
        if let Some(root) = document().document_element() {
            let _ = root.class_list().toggle_with_force("dragging", on);
        }
    };
    let enter = window_event_listener(leptos::ev::dragenter, move |event| {
        if has_files(&event) {
            event.prevent_default();
            depth.update_value(|d| *d += 1);
            mark(true);
        }
    });
    let over = window_event_listener(leptos::ev::dragover, move |event| {
        if has_files(&event) {
            event.prevent_default();
        }
    });
    let leave = window_event_listener(leptos::ev::dragleave, move |_| {
        depth.update_value(|d| *d = (*d - 1).max(0));
        mark(depth.get_value() > 0);
    });
    let dropped = window_event_listener(leptos::ev::drop, move |event| {
        depth.set_value(0);
        mark(false);
        if has_files(&event) {
            event.prevent_default();
            take(app, &event);
        }
    });
    on_cleanup(move || {
        for handle in [enter, over, leave, dropped] {
            handle.remove();
        }
    });
}

fn has_files(event: &web_sys::DragEvent) -> bool {
    event.data_transfer().is_some_and(|data| data.types().includes(&JsValue::from_str("Files"), 0))
}

/// The entries must be asked for while the event lasts; walking them may take its time.
fn take(app: App, event: &web_sys::DragEvent) {
    let Some(data) = event.data_transfer() else { return };
    let items = data.items();
    let entries: Vec<web_sys::FileSystemEntry> = (0..items.length()).filter_map(|i| items.get(i)?.webkit_get_as_entry().ok().flatten()).collect();
    let plain: Vec<(String, web_sys::File)> =
        data.files().map(|list| (0..list.length()).filter_map(|i| list.get(i)).map(|f| (f.name(), f)).collect()).unwrap_or_default();
    if entries.is_empty() {
        app.add(plain);
        return;
    }
    crate::worker::page::later(Box::pin(async move {
        let files = walk(entries).await;
        if files.len() >= LIMIT {
            app.trouble.set(Some(format!("More than {LIMIT} files were dropped; the first {LIMIT} are read. Add the rest in a second step.")));
        }
        app.add(files);
    }));
}

async fn walk(mut open: Vec<web_sys::FileSystemEntry>) -> Vec<(String, web_sys::File)> {
    let mut files = Vec::new();
    open.reverse();
    while let Some(entry) = open.pop() {
        if files.len() >= LIMIT {
            break;
        }
        if entry.is_directory() {
            open.extend(children(entry.unchecked_into()).await);
        } else if let Some(file) = file_of(entry.clone().unchecked_into()).await {
            files.push((entry.full_path().trim_start_matches('/').to_owned(), file));
        }
    }
    files
}

/// A directory reader gives at most a hundred entries at a time, and an empty list at the end.
async fn children(directory: web_sys::FileSystemDirectoryEntry) -> Vec<web_sys::FileSystemEntry> {
    let reader = directory.create_reader();
    let mut all: Vec<web_sys::FileSystemEntry> = Vec::new();
    loop {
        let part = JsFuture::from(js_sys::Promise::new(&mut |good, bad| {
            let _ = reader.read_entries_with_callback_and_callback(&good, &bad);
        }))
        .await;
        let Ok(part) = part.map(JsCast::unchecked_into::<js_sys::Array>) else { break };
        if part.length() == 0 {
            break;
        }
        all.extend(part.iter().map(JsCast::unchecked_into));
    }
    crate::order::sort_by_key(&mut all, |e| std::cmp::Reverse(e.name()));
    all
}

async fn file_of(entry: web_sys::FileSystemFileEntry) -> Option<web_sys::File> {
    JsFuture::from(js_sys::Promise::new(&mut |good, bad| {
        let good = Closure::once_into_js(move |file: JsValue| drop(good.call1(&JsValue::NULL, &file)));
        entry.file_with_callback_and_callback(good.unchecked_ref(), &bad);
    }))
    .await
    .ok()?
    .dyn_into()
    .ok()
}
