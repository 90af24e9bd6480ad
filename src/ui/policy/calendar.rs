//! Working days: country, days not worked, further holidays, offices with days of their own.

use crate::ui::node::prelude::*;

use super::{cell, parts, text};
use crate::model::matter::RegionDays;
use crate::model::weekend;
use crate::report::words::{self, DAYS};
use crate::time;
use crate::ui::state::App;

/// The section.
pub fn section(app: App) -> AnyView {
    let calendar = move || app.matter.with(|m| m.settings.calendar.clone());
    let body = move || {
        let c = calendar();
        let of_country = c.weekend_of().and_then(weekend::of);
        let days: Vec<u8> = of_country.map_or_else(|| c.weekend.clone(), |w| w.now().0.to_vec());
        let boxes: Vec<AnyView> = (0u8..)
            .zip(DAYS)
            .map(|(n, name)| {
                let off = days.contains(&n);
                let mut now = days.clone();
                let change = move |e: web_sys::Event| {
                    now.retain(|d| *d != n);
                    if event_target_checked(&e) {
                        now.push(n);
                        crate::order::sort_by(&mut now, Ord::cmp);
                    }
                    app.change_settings(|s| (s.calendar.weekend, s.calendar.weekend_stated) = (now.clone(), true));
                };
                view! { <label class="check s"><input type="checkbox" prop:checked=off on:change=change/>{name}</label> }
            })
            .collect();
        let holidays = c.holidays.iter().map(|d| time::day_name(*d)).collect::<Vec<_>>().join(", ");
        let stated = (c.weekend_stated && !c.country.is_empty()).then(|| {
            let back = move |_| app.change_settings(|s| (s.calendar.weekend, s.calendar.weekend_stated) = (weekend::USUAL.to_vec(), false));
            view! { <button class="ln" type="button" on:click=back>"As in the country"</button> }
        });
        let mut said: Vec<String> = c.weekend_of().and_then(words::weekend).map(|w| format!("{w}; a change here holds instead.")).into_iter().collect();
        said.extend(c.regions.iter().filter(|r| r.weekend.is_empty()).filter_map(|r| Some(format!("{}: {}.", r.region, words::weekend(&r.country)?))));
        let said = (!said.is_empty()).then(|| view! { <p class="xs q" data-testid="weekend-said">{said.join(" ")}</p> });
        let regions: Vec<AnyView> = c.regions.into_iter().enumerate().map(|(n, region)| row(app, n, region)).collect();
        let table = (!regions.is_empty()).then(|| view! { <table class="dl form"><caption class="vh">"Offices"</caption><thead><tr><th scope="col">"Region"</th><th scope="col">"Country"</th><th scope="col">"Days not worked"</th><th scope="col">"Further holidays"</th><th scope="col"><span class="vh">"Change"</span></th></tr></thead><tbody>{regions}</tbody></table> });
        view! {
            <div class="set flush">
                {text("Country (GB, GB-SCT, DE-BY, US …)", "text", c.country.clone(), move |v| app.change_settings(|s| s.calendar.country = v.to_uppercase()))}
                {text("Further holidays (dates with commas)", "text", holidays, move |v| { let days = dates(app, &v); app.change_settings(|s| s.calendar.holidays = days); })}
            </div>
            <fieldset class="inline gap"><legend class="s q">"Days not worked"</legend>{boxes}{stated}</fieldset>
            {said}
            {table}
            <div class="acts gap"><button class="btn" type="button" on:click=move |_| app.change_settings(|s| s.calendar.regions.push(RegionDays::default()))>"Add an office"</button></div>
        }
    };
    view! { <section class="b"><header><h2>"Working days"</h2><p>"A person works by the days of the region on the people list, else by those of the matter. The weekend is that of the country where none is stated; where it changed, each day counts by the weekend of its time. Leave comes from its own list."</p></header>{body}</section> }
}

/// Dates of a line, in order; what is none is said.
fn dates(app: App, line: &str) -> Vec<i32> {
    let (mut days, mut odd) = (Vec::new(), Vec::new());
    for part in parts(line) {
        match time::parse_day(&part) {
            Some(day) => days.push(day),
            None => odd.push(part),
        }
    }
    if !odd.is_empty() {
        app.say(format!("Not read as dates: {}", odd.join(", ")));
    }
    crate::order::sort_by(&mut days, Ord::cmp);
    days.dedup();
    days
}

fn row(app: App, number: usize, region: RegionDays) -> AnyView {
    let change = move |put: Box<dyn FnOnce(&mut RegionDays)>| {
        app.change_settings(|s| {
            if let Some(region) = s.calendar.regions.get_mut(number) {
                put(region);
            }
        });
    };
    let weekend: Vec<&str> = region.weekend.iter().filter_map(|d| DAYS.get(usize::from(*d)).copied()).collect();
    let holidays = region.holidays.iter().map(|d| time::day_name(*d)).collect::<Vec<_>>().join(", ");
    let remove = move |_| {
        app.change_settings(|s| {
            if number < s.calendar.regions.len() {
                s.calendar.regions.remove(number);
            }
        });
    };
    view! {
        <tr data-testid="region-row"><th scope="row" class="lead0">{cell("Region as on the people list".to_owned(), "text", region.region.clone(), move |v| change(Box::new(move |r| r.region = v)))}</th>
            <td data-l="Country">{cell("Country".to_owned(), "text", region.country.clone(), move |v| change(Box::new(move |r| r.country = v.to_uppercase())))}</td>
            <td data-l="Days not worked">{cell("Days not worked, as in Friday, Saturday; empty = those of the country".to_owned(), "text", weekend.join(", "), move |v| {
                let days = (0u8..).zip(DAYS).filter(|(_, name)| parts(&v).iter().any(|p| p.len() > 1 && name.to_lowercase().starts_with(&p.to_lowercase()))).map(|(n, _)| n).collect();
                change(Box::new(move |r| r.weekend = days));
            })}</td>
            <td data-l="Further holidays">{cell("Further holidays".to_owned(), "text", holidays, move |v| { let days = dates(app, &v); change(Box::new(move |r| r.holidays = days)); })}</td>
            <td class="r"><button class="btn t" type="button" aria-label=format!("Remove the office {}", region.region) on:click=remove>"Remove"</button></td></tr>
    }
}
