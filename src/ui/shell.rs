//! The frame round every view: skip link, top bar, navigation, drop target, announcements, keys. The router neither moves the focus
//! nor announces a change: [`follow`] does.

use crate::ui::node::prelude::*;
use leptos_router::components::Router;
use leptos_router::hooks::use_location;

use super::import;
use super::node::{keyed, mount};
use super::parts::{dialog, glyph, grouped, icon};
use super::state::{App, Role, Theme};

mod drop;
mod keys;
mod views;

use views::Views;

/// A view: path, name, icon, key after `g`.
pub struct ViewLine {
    /// Path.
    pub path: &'static str,
    /// Name, also the page's title.
    pub name: &'static str,
    /// Icon.
    pub icon: &'static str,
    /// Key.
    pub key: &'static str,
}

const fn line(path: &'static str, name: &'static str, icon: &'static str, key: &'static str) -> ViewLine {
    ViewLine { path, name, icon, key }
}

/// All views, in the order of the navigation.
pub const VIEWS: [ViewLine; 10] = [
    line("/import", "Import", glyph::IMPORT, "i"),
    line("/identities", "Who is who", glyph::IDENTITY, "w"),
    line("/policy", "Policy", glyph::POLICY, "y"),
    line("/overview", "Overview", glyph::OVERVIEW, "o"),
    line("/coverage", "Coverage", glyph::COVERAGE, "c"),
    line("/channels", "Channels", glyph::CHANNELS, "h"),
    line("/people", "People", glyph::PEOPLE, "p"),
    line("/findings", "Findings", glyph::FINDINGS, "f"),
    line("/report", "Report", glyph::REPORT, "r"),
    line("/method", "Method", glyph::METHOD, "m"),
];

/// The view a path belongs to.
#[must_use]
pub fn view_of(path: &str) -> &'static ViewLine {
    const IMPORT: &ViewLine = &line("/import", "Import", glyph::IMPORT, "i");
    VIEWS.iter().find(|v| path.starts_with(v.path)).unwrap_or(IMPORT)
}

/// Router and shell.
#[component]
pub fn Root() -> impl IntoView {
    leptos::view! { <Router><Frame/></Router> }
}

/// Draws the frame where the router's state is in reach.
#[component]
fn Frame() -> impl IntoView {
    if let Some(place) = document().get_element_by_id("app") {
        mount(&place, shell());
    }
}

/// Whether a path is that of a view in the second part of the program. Import is in the first: it waits for nothing.
fn in_second(path: &str) -> bool {
    path.starts_with("/people/") || VIEWS.iter().any(|v| v.path == path && path != "/import")
}

/// The view of a path.
fn routed(path: &str, here: bool, views: RwSignal<Views>) -> AnyView {
    match path.trim_end_matches('/') {
        "" | "/import" => import::page(),
        path if !in_second(path) => view! { <h1 tabindex="-1">"No such page"</h1><p><a href="/import">"Go to Import"</a></p> },
        path if here => views::draw(path),
        path => views::instead(views, view_of(path).name),
    }
}

/// Patterns used by all drawings of the page.
const PATTERNS: &str = r#"<defs><pattern id="hB" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="5" height="5" fill="var(--bg)"/><rect width="1.600" height="5" fill="var(--danger)"/></pattern><pattern id="hU" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="5" height="5" fill="var(--bg)"/><rect width="1.300" height="5" fill="var(--control)"/></pattern><pattern id="hP" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" fill="var(--s1)"/><rect width="1.500" height="6" fill="var(--s4)"/></pattern></defs>"#;

/// The frame.
fn shell() -> AnyView {
    let app = App::provide();
    let help = RwSignal::new(false);
    follow(app);
    themed(app);
    keys::listen(app, help);
    drop::listen(app);
    let skip = move |event: web_sys::MouseEvent| {
        event.prevent_default();
        focus_heading();
    };
    // Tells the view apart from what stands behind it in the path: a view stays while its own part of the address changes.
    let path = use_location().pathname;
    let second = views::listen();
    let place = Memo::new(move |_| {
        let path = path.with(|path| if path.starts_with("/people/") { "/people/id".to_owned() } else { path.clone() });
        // What does not wait for the second part is not drawn anew when it comes.
        let here = !in_second(path.trim_end_matches('/')) || second.with(|views| *views == Views::Here);
        (path, here)
    });
    let key = |(path, here): &(String, bool)| path.bytes().fold(u32::from(*here), |key: u32, byte| key.wrapping_mul(31) ^ u32::from(byte));
    let page = keyed(move || vec![place.get()], key, move |(path, here)| routed(&path, here, second));
    let leave = move || app.idle().then(|| view! { <span class="vh" data-testid="import-done"></span> });
    view! {
        <svg class="defs" width="0" height="0" aria-hidden="true" inner_html=PATTERNS></svg>
        <a class="skip" href="#main" on:click=skip>"Skip to content"</a>
        {top(app, help)}
        <div class="shell">
            <nav class="side" aria-label="Views">{move || links(app)}{move || foot(app)}</nav>
            <main id="main">
                {move || app.trouble.get().map(|text| trouble(app, text))}
                {page}
            </main>
        </div>
        <div class="vh" role="status" aria-live="polite">{move || app.said.get()}</div>
        {leave}
        {dialog(help, "Help", keys::help(app))}
    }
}

fn trouble(app: App, text: String) -> AnyView {
    view! { <div class="note d" role="alert"><div><b>"This did not work. "</b>{text}</div><button class="btn t" type="button" on:click=move |_| app.trouble.set(None)>"Close"</button></div> }
        .into_any()
}

fn top(app: App, help: RwSignal<bool>) -> AnyView {
    let menu = NodeRef::<leptos::html::Details>::new();
    let path = use_location().pathname;
    watch(move || {
        path.track();
        if let Some(menu) = menu.get() {
            menu.set_open(false);
        }
    });
    let name = move || app.matter.with(|m| if m.settings.name.is_empty() { "Unnamed matter".to_owned() } else { m.settings.name.clone() });
    let dates = move || app.answers.with(|a| a.as_ref().and_then(|a| Some(format!("{} to {}", a.scope.from.as_ref()?, a.scope.to.as_ref()?))));
    let label = move || format!("Theme: {}", app.theme.get().word());
    view! {
        <header class="top">
            <details class="menu" node_ref=menu><summary class="icb" aria-label="Menu">{icon(glyph::MENU)}</summary>
                <nav aria-label="Views, menu">{move || links(app)}{roles(app, "rolem")}</nav></details>
            <a class="brand" aria-label="Retention audit, overview" href=move || app.link("/overview")><svg viewBox="0 0 18 18" aria-hidden="true" inner_html=BRAND></svg><span>"Retention audit"</span></a>
            <div class="matter"><b>{name}</b>" "<span class="q hide6">{dates}</span></div>
            <div class="local" title="Local only: no data leaves this device">{icon(glyph::LOCK)}<span>"Local only: no data leaves this device"</span></div>
            {roles(app, "rolet")}
            <button class="icb" type="button" aria-label=label title=label on:click=move |_| app.set_theme(app.theme.get_untracked().next())>{icon(glyph::THEME)}</button>
            <button class="icb" type="button" aria-label="Help and keys" title="Help and keys" on:click=move |_| help.set(true)>{icon(glyph::HELP)}</button>
        </header>
    }
    .into_any()
}

const BRAND: &str = r#"<rect x="1" y="2" width="16" height="3" fill="var(--covered)"/><rect x="1" y="7.500" width="6" height="3" fill="var(--covered)"/><rect x="8.750" y="8.250" width="3.500" height="1.500" fill="none" stroke="var(--danger)" stroke-width="1.500"/><rect x="14" y="7.500" width="3" height="3" fill="var(--covered)"/><rect x="1" y="13" width="11" height="3" fill="var(--covered)"/>"#;

fn roles(app: App, group: &'static str) -> AnyView {
    let choices = Role::ALL.map(|role| {
        view! { <label><input type="radio" name=group prop:checked=move || app.role.get() == role on:change=move |_| app.set_role(role)/>{role.word()}</label> }.into_any()
    });
    view! { <div class="seg" role="radiogroup" aria-label="Starting point">{choices.into_iter().collect::<Vec<_>>()}</div> }.into_any()
}

/// What stands behind a link of the navigation: how many there are of it.
fn count(app: App, path: &str) -> Option<u64> {
    if path == "/import" {
        return app.rows.with(|r| (!r.is_empty()).then_some(r.len() as u64));
    }
    let answers = app.answers.get()?;
    let number = match path {
        "/coverage" => answers.gaps.iter().filter(|gap| gap.is_open()).count(),
        "/identities" => answers.identity.proposals.len(),
        "/people" => answers.leavers.len(),
        "/findings" => answers.findings.len(),
        _ => return None,
    };
    Some(number as u64)
}

fn links(app: App) -> Vec<AnyView> {
    let here = view_of(&use_location().pathname.get()).path;
    VIEWS
        .iter()
        .map(|v| {
            let rule = (v.path == "/report").then(|| view! { <hr/> });
            let current = (v.path == here).then_some("page");
            let count = count(app, v.path).map(|n| view! { <span>{grouped(n)}</span> });
            view! { {rule}<a href=app.link(v.path) aria-current=current>{icon(v.icon)}{v.name}{count}</a> }.into_any()
        })
        .collect()
}

fn foot(app: App) -> Option<AnyView> {
    let answers = app.answers.get()?;
    let basis = &answers.basis;
    let lists = match (basis.people, basis.clients) {
        (Some(p), Some(c)) => format!("{} custodians, {} clients", grouped(p), grouped(c)),
        (Some(p), None) => format!("{} custodians, no client list", grouped(p)),
        (None, Some(c)) => format!("No people list, {} clients", grouped(c)),
        (None, None) => "No people list, no client list".to_owned(),
    };
    let sources = format!("{} of {} sources read", grouped(basis.sources.read), grouped(basis.sources.given));
    Some(view! { <p class="foot">{lists}<br/>{sources}</p> }.into_any())
}

/// On each change of path: title, focus on the heading, announcement.
fn follow(app: App) {
    let place = use_location();
    let (path, query, hash) = (place.pathname, place.search, place.hash);
    // The router waits for its own components to say that a view stands before it writes the address; ours are not its own.
    let written = use_context::<leptos_router::location::BrowserUrl>();
    watch(move || {
        path.track();
        query.track();
        hash.track();
        if let Some(address) = &written {
            leptos_router::location::LocationProvider::ready_to_complete(address);
        }
    });
    Effect::new(move |before: Option<String>| {
        let now = path.get();
        let name = view_of(&now).name;
        document().set_title(&format!("{name} · Retention audit"));
        if before.is_some_and(|b| b != now) {
            app.say(name.to_owned());
            // After the view has been put in place.
            request_animation_frame(focus_heading);
        }
        now
    });
}

/// Puts the focus on the heading of the view.
pub fn focus_heading() {
    use wasm_bindgen::JsCast;
    if let Some(heading) = document().query_selector("main h1").ok().flatten().and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = heading.set_attribute("tabindex", "-1");
        let _ = heading.focus();
    }
}

fn themed(app: App) {
    watch(move || {
        let theme = app.theme.get();
        if let Some(root) = document().document_element() {
            let _ = match theme {
                Theme::System => root.remove_attribute("data-theme"),
                _ => root.set_attribute("data-theme", theme.word()),
            };
        }
    });
}
