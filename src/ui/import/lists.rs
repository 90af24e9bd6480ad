//! Supporting files: who works here, who the clients are, leave, expected counts, policy.

use crate::ui::node::prelude::*;

use crate::model::roster::ListReading;
use crate::report::{phrase, words};
use crate::ui::parts::{Kind, Take, file_button, grouped, status};
use crate::ui::state::App;
use crate::worker::protocol::{List, MatterSaid};

/// The section.
pub fn section(app: App) -> AnyView {
    let lines = [
        (List::People, "People list", "Who is a custodian, who leaves and when", "people-input", "Add people…"),
        (List::Clients, "Clients", "Which conversations are with clients", "clients-input", "Add clients…"),
        (List::Leave, "Leave calendar", "Whether a silence is an absence", "leave-input", "Add leave…"),
        (List::Holidays, "Holidays", "Which days are not worked, beside those of the country", "holidays-input", "Add holidays…"),
        (List::Expected, "Expected counts", "Whether a day holds less than it should", "expected-input", "Add counts…"),
        (List::Matter, "Matter and policy", "What is required, from when, on which channel", "matter-input", "Add matter.toml…"),
    ];
    let rows = lines
        .into_iter()
        .map(|(list, name, decides, testid, label)| {
            let add = move |files: Vec<(String, web_sys::File)>| files.into_iter().for_each(|(_, file)| app.add_list(list, file));
            view! {
                <tr><th scope="row" class="lead0">{name}</th><td data-l="State"><span>{move || app.matter.with(|m| state(list, m))}</span></td>
                    <td data-l="Decides">{decides}</td><td class="r">{file_button(label, "btn t", testid, Take::One, add)}</td></tr>
            }
            .into_any()
        })
        .collect::<Vec<_>>();
    view! {
        <section class="b"><header><h2>"What turns messages into answers"</h2><p>"Optional, but without them some figures stay unknown. The page says which."</p></header>
            <table class="dl"><caption class="vh">"Supporting files"</caption>
                <thead><tr><th scope="col">"File"</th><th scope="col">"State"</th><th scope="col">"What it decides"</th><th scope="col"><span class="vh">"Add"</span></th></tr></thead>
                <tbody>{rows}</tbody></table>
            {move || (!app.hides_names()).then(|| app.matter.with(|m| readings(app, m)))}
            {settings(app)}
        </section>
    }
    .into_any()
}

fn state(list: List, matter: &MatterSaid) -> AnyView {
    let (number, one, many) = match list {
        List::People => (matter.people, "person", "people"),
        List::Clients => (matter.clients, "client", "clients"),
        List::Leave => (matter.leave, "spell of leave", "spells of leave"),
        List::Holidays => {
            let days = matter.settings.calendar.holidays.len() as u64;
            let country = matter.settings.calendar.country.clone();
            let word = if days == 0 && country.is_empty() {
                status(Kind::Unknown, "Not supplied")
            } else {
                status(Kind::Good, format!("{} listed", phrase::count(days, "day", "days")))
            };
            return view! { {word}" "<span class="q">{country}</span> };
        }
        List::Expected => (matter.expected, "count", "counts"),
        List::Matter => {
            let policy = &matter.settings.policy;
            let own = policy.rules.first().map(|rule| (rule.id.as_str(), rule.title.as_str()));
            return match policy.presets.first().map(|id| (id.as_str(), "")).or(own) {
                Some((id, title)) => {
                    let preset = words::PRESETS.iter().find(|p| p.0 == id).map(|p| p.1);
                    let first = preset.unwrap_or(if title.is_empty() { id } else { title });
                    let more = (policy.ids().len() as u64).saturating_sub(1);
                    let title = if more > 0 { format!("{first}, and {}", phrase::count(more, "other", "others")) } else { first.to_owned() };
                    view! { {status(Kind::Good, title)}" "<span class="q">{register(matter)}</span> }.into_any()
                }
                None => view! { {status(Kind::Unknown, "No policy chosen")}" "<span class="q">{register(matter)}</span> }.into_any(),
            };
        }
    };
    let Some(number) = number else { return status(Kind::Unknown, "Not supplied") };
    let reading = matter.readings.iter().rev().find(|r| r.list == list.word());
    let from = reading.map(|r| format!("{}, {} columns recognised", r.name, r.columns.len()));
    let kind = if number == 0 || reading.is_some_and(|r| !r.remarks.is_empty()) { Kind::Warn } else { Kind::Good };
    view! { {status(kind, format!("{} {}", grouped(number), if number == 1 { one } else { many }))}" "<span class="q">{from}</span> }.into_any()
}

fn register(matter: &MatterSaid) -> String {
    let channels = &matter.settings.policy.channels;
    let captured = channels.iter().filter(|c| c.captured == Some(true)).count();
    if channels.is_empty() { String::new() } else { format!("{captured} of {} channels captured", channels.len()) }
}

/// How each list was read: columns as recognised, headings not used, what was odd.
fn readings(app: App, matter: &MatterSaid) -> Option<AnyView> {
    let parts = matter.readings.iter().map(|r| reading(app, r)).collect::<Vec<_>>();
    (!parts.is_empty()).then(|| view! { <details class="tab"><summary>"Check columns"</summary>{parts}</details> }.into_any())
}

fn reading(app: App, reading: &ListReading) -> AnyView {
    let remarks = reading.remarks.iter().take(20).map(|r| view! { <li>{r.clone()}</li> }.into_any()).collect::<Vec<_>>();
    let stated = reading.stated.then(|| view! { <span class="xs q">" Read as stated before for these headings."</span> });
    view! {
        <h4 class="gap">{reading.name.clone()}{stated}</h4>
        {columns(app, reading)}
        <ul class="s noted">{remarks}</ul>
    }
    .into_any()
}

/// Each heading with the first values below it, and what it is read as: a choice for the person.
fn columns(app: App, reading: &ListReading) -> AnyView {
    let Some(list) = List::ALL.into_iter().find(|list| list.word() == reading.list) else {
        return ().into_any();
    };
    let read = |heading: &str| reading.columns.iter().find(|(_, h)| h == heading).map_or("", |(field, _)| field.as_str());
    let now: Vec<(String, String)> = reading.headings.iter().map(|h| (h.clone(), read(h).to_owned())).collect();
    let rows = (0..)
        .zip(&reading.headings)
        .map(|(n, heading)| {
            let field = read(heading).to_owned();
            let options: Vec<AnyView> = std::iter::once((String::new(), "not used".to_owned()))
                .chain(reading.fields.iter().cloned())
                .map(|(word, words)| {
                    let selected = word == field;
                    view! { <option value=word prop:selected=selected>{words}</option> }
                })
                .collect();
            let now = now.clone();
            let change = move |e: web_sys::Event| {
                let mut columns = now.clone();
                if let Some(column) = columns.get_mut(n) {
                    column.1 = event_target_value(&e);
                }
                app.map_list(list, &columns);
            };
            let values: Vec<String> = reading.sample.iter().filter_map(|row| row.get(n)).filter(|v| !v.is_empty()).take(3).cloned().collect();
            let doubt = reading.doubts.iter().find(|(h, _)| h == heading).map(|(_, why)| view! { <small class="xs sub">{status(Kind::Warn, why.clone())}</small> });
            let label = format!("{heading} is read as");
            view! { <tr data-testid="column-row"><th scope="row" class="wrap">{heading.clone()}</th><td class="wrap q">{values.join(" · ")}</td><td><select class="cell" aria-label=label on:change=change>{options}</select>{doubt}</td></tr> }
        })
        .collect::<Vec<_>>();
    view! { <table class="form"><caption class="vh">"Columns"</caption><thead><tr><th scope="col">"Heading in the file"</th><th scope="col">"First values"</th><th scope="col">"Read as"</th></tr></thead><tbody>{rows}</tbody></table> }
}

/// Name, zone and policy without a file.
fn settings(app: App) -> AnyView {
    let some = |text: String| Some(text.trim().to_owned()).filter(|t| !t.is_empty());
    let name = move |e: web_sys::Event| app.change_settings(|s| s.name = event_target_value(&e));
    let zone = move |e: web_sys::Event| {
        if let Some(zone) = some(event_target_value(&e)) {
            app.change_settings(|s| s.zone = zone);
        }
    };
    let rules = move || {
        let n = app.matter.with(|m| m.settings.policy.ids().len() as u64);
        if n == 0 { "None chosen. ".to_owned() } else { format!("{} chosen. ", phrase::count(n, "rule", "rules")) }
    };
    let zone_now = move || app.matter.with(|m| if m.settings.zone.is_empty() { "UTC".to_owned() } else { m.settings.zone.clone() });
    let zones = [
        "UTC",
        "Europe/London",
        "Europe/Berlin",
        "Europe/Zurich",
        "America/New_York",
        "America/Chicago",
        "Asia/Dubai",
        "Asia/Hong_Kong",
        "Asia/Shanghai",
        "Asia/Singapore",
        "Asia/Tokyo",
    ];
    let zones = zones.into_iter().map(|z| view! { <option value=z></option> }.into_any()).collect::<Vec<_>>();
    view! {
        <div class="set">
            <label class="field">"Name of the matter"<input type="text" autocomplete="off" prop:value=move || app.matter.with(|m| m.settings.name.clone()) on:change=name/></label>
            <label class="field">"Zone in which days are counted"<input type="text" list="zones" autocomplete="off" prop:value=zone_now on:change=zone/></label>
            <div class="field">"Retention rules"<p class="s">{rules}<a href=move || app.link("/policy") data-testid="to-policy">"Choose under Policy"</a></p></div>
        </div>
        <datalist id="zones">{zones}</datalist>
    }
    .into_any()
}
