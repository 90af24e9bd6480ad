//! The list of leavers: leaving, left, clients without an answer, and what the list cannot show.

use std::fmt::Write as _;

use crate::ui::node::prelude::*;

use crate::model::Answers;
use crate::model::answer::Leaver;
use crate::report::phrase::{self, count, days_from_now, grouped};
use crate::time::parse_day;
use crate::ui::marks;
use crate::ui::parts::{Kind, note, status};
use crate::ui::state::{App, Role};

/// Everything below the head.
pub(super) fn sections(app: App, answers: &Answers) -> AnyView {
    if answers.leavers.is_empty() {
        let (title, text) = if answers.basis.people.is_none() {
            ("Leavers are not known", "No people list was supplied. A list with last days shows who leaves and which clients only they speak with.")
        } else {
            ("No one on the people list leaves", "No person on the list has a last day near the period.")
        };
        return view! { <section class="b b32"><header><h2>{title}</h2><p>{text}</p></header><a class="btn" href=move || app.link("/import")>"Add a people list"</a></section> }.into_any();
    }
    let executive = app.role.get() == Role::Executive;
    let (left, leaving): (Vec<&Leaver>, Vec<&Leaver>) = answers.leavers.iter().partition(|leaver| leaver.days_left < 0);
    let people = answers.basis.people.map(|n| n.saturating_sub(answers.leavers.len() as u64));
    let others = people.map(|n| format!(" The other {} are not listed here.", count(n, "person", "people"))).unwrap_or_default();
    let lead = view! {
        {lead(answers)}
        <p class="s q gap8">{format!("Message text is hidden in this view: counts and dates only.{others} Private threads without a client are left out of every figure.")}</p>
    };
    if executive {
        return view! { {lead}<p class="s q gap8">"Names are not shown for this role."</p>{counts(&leaving, &left)}{limits(app, answers)} }.into_any();
    }
    let axis = axis(answers);
    view! {
        {lead}
        {table(app, answers, "Leaving", &leaving, axis)}
        {table(app, answers, "Left", &left, axis)}
        {unanswered(app, &left)}
        {limits(app, answers)}
    }
    .into_any()
}

fn lead(answers: &Answers) -> AnyView {
    let clients: u64 = answers.leavers.iter().map(|leaver| leaver.clients.len() as u64).sum();
    let alone: u64 = answers.leavers.iter().map(|leaver| leaver.held_alone).sum();
    let who = count(answers.leavers.len() as u64, "leaver holds", "leavers hold");
    if answers.basis.clients.is_none() {
        return view! { <p class="lead">{format!("{}. Which clients they hold is not known: no client list was supplied.", count(answers.leavers.len() as u64, "leaver", "leavers"))}</p> }.into_any();
    }
    let off: Option<u64> = answers.leavers.iter().map(|leaver| leaver.main_channel_off_archive).sum();
    let off = off.map(|n| format!(", and for {} the main channel is outside the archive", grouped(n))).unwrap_or_default();
    view! { <p class="lead">{format!("{who} {}. For {} no one else at the firm is in contact{off}.", count(clients, "client", "clients"), grouped(alone))}</p> }
        .into_any()
}

/// For executives: groups and counts.
fn counts(leaving: &[&Leaver], left: &[&Leaver]) -> AnyView {
    let line = |word: &'static str, list: &[&Leaver]| {
        let clients: u64 = list.iter().map(|l| l.clients.len() as u64).sum();
        let alone: u64 = list.iter().map(|l| l.held_alone).sum();
        let waiting: u64 = list.iter().map(|l| l.after_last_day.unanswered.len() as u64).sum();
        view! { <tr><th scope="row" class="lead0">{word}</th><td class="r" data-l="People">{grouped(list.len() as u64)}</td><td class="r" data-l="Clients">{grouped(clients)}</td><td class="r" data-l="Held alone">{grouped(alone)}</td><td class="r" data-l="Unanswered">{grouped(waiting)}</td></tr> }.into_any()
    };
    view! {
        <section class="b b32"><table class="dl"><caption class="vh">"Leavers in numbers"</caption>
            <thead><tr><th scope="col">"Group"</th><th scope="col" class="r">"People"</th><th scope="col" class="r">"Clients"</th><th scope="col" class="r">"Held alone"</th><th scope="col" class="r">"Unanswered"</th></tr></thead>
            <tbody>{line("Leaving", leaving)}{line("Left", left)}</tbody></table></section>
    }
    .into_any()
}

/// First and last day of the strip from notice to last day, and the last day of the sources.
fn axis(answers: &Answers) -> (i32, i32, Option<i32>) {
    let days = answers.leavers.iter().flat_map(|l| [l.notice.as_deref().and_then(parse_day), parse_day(&l.last_day)]).flatten();
    let as_of = answers.scope.as_of.as_deref().and_then(parse_day);
    let (low, high) = days.chain(as_of).fold((i32::MAX, i32::MIN), |(low, high), day| (low.min(day), high.max(day)));
    if low >= high { (0, 1, None) } else { (low - 7, high + 7, as_of) }
}

fn month(day: i32) -> String {
    crate::time::day_name(day).chars().take(7).collect()
}

fn table(app: App, answers: &Answers, title: &'static str, list: &[&Leaver], axis: (i32, i32, Option<i32>)) -> AnyView {
    if list.is_empty() {
        return ().into_any();
    }
    let clients: u64 = list.iter().map(|leaver| leaver.clients.len() as u64).sum();
    let gone = title == "Left";
    let ends = answers.scope.as_of.as_deref().map(|day| format!(" Dotted line: {day}, the reference day.")).unwrap_or_default();
    let about = if gone {
        format!(
            "{}, {}. Client turns without an answer from the firm within 2 business days are counted as unanswered.",
            count(list.len() as u64, "person", "people"),
            count(clients, "client", "clients")
        )
    } else {
        format!("{}, {}.{ends}", count(list.len() as u64, "person", "people"), count(clients, "client", "clients"))
    };
    let rows: Vec<AnyView> = list.iter().map(|leaver| row(app, answers, leaver, axis, gone)).collect();
    let (from, to) = (month(axis.0), month(axis.1));
    view! {
        <section class="b b32"><header><h2>{title}</h2><p>{about}</p></header>
            <table class="ppl dl"><caption class="vh">{format!("{title}, by last day")}</caption>
                <thead><tr><th scope="col" class="w-name">"Person"</th><th scope="col" aria-sort="ascending">"Last day ↑"</th>
                    <th scope="col" class="hide6 w-strip">"Notice to last day"<span class="strip-ends"><span>{from}</span><span>{to}</span></span></th>
                    <th scope="col" class="r">"Clients to hand over"</th><th scope="col" class="r">"Held alone"</th><th scope="col">"Main client channel"</th>
                    <th scope="col">"On other accounts"</th><th scope="col" class="r">{if gone { "Unanswered" } else { "Open questions" }}</th></tr></thead>
                <tbody>{rows}</tbody>
            </table></section>
    }
    .into_any()
}

fn row(app: App, answers: &Answers, leaver: &Leaver, axis: (i32, i32, Option<i32>), gone: bool) -> AnyView {
    let link = app.link_now(&format!("/people/{}", leaver.id));
    let (name, role, last) = (leaver.person.clone(), leaver.role.clone(), leaver.last_day.clone());
    let distance = days_from_now(leaver.days_left);
    let waiting = leaver.after_last_day.unanswered.len() as u64;
    let when = if gone && waiting > 0 {
        status(Kind::Danger, distance)
    } else if (0..=14).contains(&leaver.days_left) {
        status(Kind::Warn, distance)
    } else {
        view! { <span class="xs q">{distance}</span> }.into_any()
    };
    let open = leaver.clients.iter().filter(|client| client.open_question.is_some()).count() as u64;
    let number = if gone { waiting } else { open };
    let clients = grouped(leaver.clients.len() as u64);
    let main = leaver.main_channel.as_deref().unwrap_or("");
    let share = leaver.off_archive_share.map_or_else(|| view! { <span class="q">"–"</span> }.into_any(), |share| part(share, "hbar", 56));
    let account = leaver
        .main_channel_off_archive
        .map(|n| format!("outside the archive for {} of {}", grouped(n), count(leaver.clients.len() as u64, "client", "clients")));
    view! {
        <tr data-testid="leaver-row" data-key=format!("l:{}", marks::tag(&leaver.person)) data-person=leaver.id.clone()>
            <th scope="row" class="lead0"><a href=link.clone()>{name}</a><small>{role}</small></th>
            <td class="nb" data-l="Last day"><span>{last}<span class="sub2">{when}</span></span></td>
            <td class="hide6" inner_html=strip(leaver, axis)></td>
            <td class="r big" data-l="Clients"><a class="n" href=format!("{link}#clients")>{clients}</a></td>
            <td class="r" data-l="Held alone">{grouped(leaver.held_alone)}</td>
            <td data-l="Main channel"><span>{marks::channel(answers, main)}<span class="sub2">{account}</span></span></td>
            <td data-l="Other accounts">{share}</td>
            <td class="r" data-l=if gone { "Unanswered" } else { "Open questions" }>{grouped(number)}</td>
        </tr>
    }
    .into_any()
}

/// A share as a short bar with its number.
pub(super) fn part(share: f64, class: &'static str, width: u32) -> AnyView {
    let fill = (share.clamp(0.0, 1.0) * 100.0).round() as u32;
    let text = crate::report::phrase::percent(share);
    view! {
        <span class=class><svg viewBox="0 0 100 8" width=width height="8" preserveAspectRatio="none" aria-hidden="true"><rect width="100" height="8" class="f-raise"/><rect width=fill height="8" class="f-cov"/></svg><span class="r">{text}</span></span>
    }
    .into_any()
}

/// The stretch from notice to last day; a line where the notice is not known.
fn strip(leaver: &Leaver, (from, to, as_of): (i32, i32, Option<i32>)) -> String {
    let x = |day: i32| phrase::fixed(f64::from(day - from) / f64::from((to - from).max(1)) * 150.0, 1);
    let mut out = String::from("<svg viewBox=\"0 0 150 20\" width=\"150\" height=\"20\" aria-hidden=\"true\"><path class=\"k-hair\" d=\"M0 10H150\"/>");
    if let Some(day) = as_of {
        let _ = write!(out, "<path class=\"k-ctl\" stroke-dasharray=\"1 3\" d=\"M{} 0V20\"/>", x(day));
    }
    if let Some(last) = parse_day(&leaver.last_day) {
        if let Some(notice) = leaver.notice.as_deref().and_then(parse_day) {
            let _ = write!(
                out,
                "<path d=\"M{0} 10H{1}\" class=\"k-cov\" stroke-width=\"4\"/><path class=\"k-cov\" stroke-width=\"1.5\" d=\"M{0} 5v10\"/>",
                x(notice),
                x(last)
            );
        }
        let _ = write!(out, "<path class=\"f-t\" d=\"M{} 5l5 5-5 5-5-5z\"/>", x(last));
    }
    out.push_str("</svg>");
    out
}

/// Clients who wrote to people who have left and got no answer: one notice per person.
fn unanswered(app: App, left: &[&Leaver]) -> AnyView {
    let notes: Vec<AnyView> = left
        .iter()
        .filter_map(|leaver| {
            let waiting = &leaver.after_last_day.unanswered;
            let oldest = waiting.first()?;
            let strong = format!(
                "{} of {} wrote after {} and {} no reply.",
                count(waiting.len() as u64, "client", "clients"),
                leaver.person,
                leaver.last_day,
                if waiting.len() == 1 { "has" } else { "have" }
            );
            let rest = format!(
                " Oldest: {}, {}, {}, {}. ",
                oldest.client,
                crate::report::words::channel(&oldest.channel),
                crate::report::phrase::minute(&oldest.since),
                count(oldest.business_days, "business day", "business days")
            );
            let link = format!("{}#unanswered", app.link_now(&format!("/people/{}", leaver.id)));
            Some(note(true, view! { <b>{strong}</b>{rest}<a href=link>"Open the conversations"</a> }.into_any()))
        })
        .collect();
    view! { <div class="notes">{notes}</div> }.into_any()
}

fn limits(app: App, answers: &Answers) -> AnyView {
    let missing: Vec<AnyView> = answers.basis.missing.iter().take(5).map(|m| marks::limit(m.title.clone(), m.effect.clone(), Kind::Unknown)).collect();
    view! {
        <section class="b"><header><h2>"What this list cannot show"</h2></header>
            <div class="unk">{missing}
                <div><h3>{status(Kind::Info, "")}"How holding is counted"</h3><p>"Share of client turns, a turn counting half after 90 days. Alone: no colleague with 5 % or more and a two-way exchange in 90 days. "<a href=move || format!("{}#leavers", app.link("/method"))>"Method"</a></p></div>
            </div></section>
    }
    .into_any()
}
