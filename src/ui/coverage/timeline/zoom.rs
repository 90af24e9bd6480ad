//! The days in sight in the address, so that a link, a reload and the way back show them again. Coming close and going back to the whole
//! period are steps of the history; what is moved in between takes the place of the last step, and only when it has come to rest.

use std::time::Duration;

use crate::ui::node::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

use super::frame::Sight;
use crate::time::{day_name, parse_day};

/// Name in the query.
const NAME: &str = "zoom";
/// Time without a movement after which the address follows.
const REST: Duration = Duration::from_millis(300);

/// First day, and end of the last.
pub(super) type Days = (f64, f64);

/// `2026-03-01~2026-04-15`: both days are in sight. Empty = the whole period.
fn word(days: Option<Days>) -> String {
    days.map(|(from, to)| format!("{}~{}", day_name(from.floor() as i32), day_name(to.ceil() as i32 - 1))).unwrap_or_default()
}

fn days(word: &str) -> Option<Days> {
    let (from, to) = word.split_once('~')?;
    let (from, to) = (parse_day(from)?, parse_day(to)?);
    (from <= to).then(|| (f64::from(from), f64::from(to) + 1.0))
}

/// An address of this page with these days in sight.
fn with(address: &str, word: &str) -> String {
    let (place, hash) = address.split_once('#').map_or((address, None), |(place, hash)| (place, Some(hash)));
    let (path, query) = place.split_once('?').unwrap_or((place, ""));
    let kept = query.split('&').filter(|part| !part.is_empty() && !part.strip_prefix(NAME).is_some_and(|rest| rest.starts_with('=')));
    let mut out = path.to_owned();
    let own = (!word.is_empty()).then(|| format!("{NAME}={word}"));
    for (part, mark) in kept.chain(own.as_deref()).zip(std::iter::once('?').chain(std::iter::repeat('&'))) {
        out.push(mark);
        out.push_str(part);
    }
    if let Some(hash) = hash {
        out.push('#');
        out.push_str(hash);
    }
    out
}

/// What is in sight of these days when there are only those of `whole`, and never fewer than `fewest`.
pub(super) fn within(days: Option<Days>, (first, end): Days, fewest: f64) -> Days {
    let Some((from, to)) = days.filter(|(from, to)| *to > first && *from < end) else { return (first, end) };
    let length = (to - from).max(fewest);
    if length >= end - first {
        return (first, end);
    }
    let from = from.clamp(first, end - length);
    (from, from + length)
}

impl Sight {
    /// An address of this page that keeps the days in sight.
    pub(in crate::ui::coverage) fn keep(self, address: &str) -> String {
        with(address, &word(self.days.get_untracked()))
    }

    /// Lets a link into this view keep the days in sight: links are drawn seldom, days move often.
    pub(in crate::ui::coverage) fn carry(self, event: &web_sys::Event) {
        use wasm_bindgen::JsCast;
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let Some(link) = target.and_then(|target| target.closest("a[href^='/coverage']").ok().flatten()) else { return };
        let Some(address) = link.get_attribute("href") else { return };
        let kept = self.keep(&address);
        if kept != address {
            let _ = link.set_attribute("href", &kept);
        }
    }

    /// Shows the days of the address, now and whenever others stand in it; writes those in sight into it.
    pub(in crate::ui::coverage) fn follow(self) {
        let query = use_query_map();
        let asked = Memo::new(move |_| query.with(|query| query.get_str(NAME).unwrap_or_default().to_owned()));
        // What stood in the address when both were the same.
        let synced = StoredValue::new(asked.get_untracked());
        self.days.set(synced.with_value(|word| days(word)));
        watch(move || {
            let now = asked.get();
            if synced.with_value(|synced| *synced != now) {
                synced.set_value(now.clone());
                self.days.set(days(&now));
            }
        });
        let timer = StoredValue::new(None::<TimeoutHandle>);
        let stop = move || {
            if let Some(Some(timer)) = timer.try_get_value() {
                timer.clear();
            }
        };
        on_cleanup(stop);
        let navigate = use_navigate();
        watch(move || {
            let now = word(self.days.get());
            stop();
            if synced.with_value(|synced| *synced == now) {
                return;
            }
            let navigate = navigate.clone();
            let write = move || {
                let Ok(path) = window().location().pathname() else { return };
                // Whoever has gone elsewhere meanwhile stays there.
                if !path.starts_with("/coverage") || synced.try_set_value(now.clone()).is_some() {
                    return;
                }
                let step = asked.with_untracked(|before| days(before).is_some()) == now.is_empty();
                // Without the place on the page: the router would go there.
                let address = with(&(path + &window().location().search().unwrap_or_default()), &now);
                navigate(&address, NavigateOptions { replace: !step, scroll: false, ..NavigateOptions::default() });
            };
            timer.set_value(set_timeout_with_handle(write, REST).ok());
        });
    }
}
