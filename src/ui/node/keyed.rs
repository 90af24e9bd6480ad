//! Lists whose items are known by a number: an item is drawn once and keeps its place and its signals while others come and go.

use leptos::prelude::*;

use super::Node;
use super::drawn::{Drawn, draw, marker};

/// The items as they should be now.
pub struct Keyed {
    owner: Owner,
    items: Vec<(u32, Box<dyn FnOnce() -> Node>)>,
}

/// A list that follows a signal. `key` tells items apart; `show` is asked once for each.
pub fn keyed<T: 'static>(each: impl Fn() -> Vec<T> + 'static, key: impl Fn(&T) -> u32 + 'static, show: impl Fn(T) -> Node + Clone + 'static) -> Node {
    let owner = Owner::current().unwrap_or_default();
    Node::Live(Box::new(move || {
        let item = |one: T| -> (u32, Box<dyn FnOnce() -> Node>) {
            let show = show.clone();
            (key(&one), Box::new(move || show(one)))
        };
        Node::Keyed(Box::new(Keyed { owner: owner.clone(), items: each().into_iter().map(item).collect() }))
    }))
}

/// The items in the document. Each has an owner of its own for the signals made while it was drawn.
pub struct Items {
    items: Vec<(u32, Owner, Drawn)>,
    end: web_sys::Node,
}

impl Items {
    pub(super) fn draw(new: Keyed, parent: &web_sys::Node, before: Option<&web_sys::Node>) -> Self {
        let mut this = Self { items: Vec::new(), end: marker(parent, before) };
        this.patch(new);
        this
    }

    pub(super) fn patch(&mut self, new: Keyed) {
        let Some(parent) = self.end.parent_node() else { return };
        let mut old = std::mem::take(&mut self.items);
        // From here on nothing has moved as long as the items come in the old order.
        let mut in_order = true;
        old.retain(|(key, owner, drawn)| {
            let stays = new.items.iter().any(|(new, _)| new == key);
            if !stays {
                drawn.take_away();
                owner.cleanup();
            }
            stays
        });
        let mut old = std::collections::VecDeque::from(old);
        for (key, show) in new.items {
            let at = old.iter().position(|(known, _, _)| *known == key);
            let item = match at.and_then(|at| old.remove(at)) {
                Some((key, owner, drawn)) => {
                    if at != Some(0) {
                        in_order = false;
                    }
                    if !in_order {
                        drawn.each(&mut |node| drop(parent.insert_before(node, Some(&self.end))));
                    }
                    (key, owner, drawn)
                }
                None => {
                    // A new item in the middle: what follows it moves behind it.
                    in_order &= old.is_empty();
                    let owner = new.owner.child();
                    let drawn = owner.with(|| untrack(|| draw(show(), &parent, Some(&self.end))));
                    (key, owner, drawn)
                }
            };
            self.items.push(item);
        }
    }

    pub(super) fn each(&self, visit: &mut dyn FnMut(&web_sys::Node)) {
        for (_, _, drawn) in &self.items {
            drawn.each(visit);
        }
        visit(&self.end);
    }
}
