//! A modal dialog: the browser's own element keeps the focus inside and gives it back.

use crate::ui::node::prelude::*;

/// Opens and closes a dialog as `wanted` says.
pub fn open_while(node: NodeRef<leptos::html::Dialog>, wanted: impl Fn() -> bool + 'static) {
    watch(move || {
        let wanted = wanted();
        if let Some(dialog) = node.get() {
            if wanted && !dialog.open() {
                let _ = dialog.show_modal();
            } else if !wanted && dialog.open() {
                dialog.close();
            }
        }
    });
}

/// A dialog that is open while `open` holds. `Esc` and the button close it.
#[must_use]
pub fn dialog(open: RwSignal<bool>, title: &'static str, content: AnyView) -> AnyView {
    let node = NodeRef::<leptos::html::Dialog>::new();
    open_while(node, move || open.get());
    view! {
        <dialog node_ref=node aria-label=title on:close=move |_| open.set(false)>
            <header class="head"><h2>{title}</h2><button class="btn t" type="button" on:click=move |_| open.set(false)>"Close"</button></header>
            {content}
        </dialog>
    }
    .into_any()
}
