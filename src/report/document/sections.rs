//! Findings, coverage, gaps, channels, leavers.

use super::paper::{Cell, Paper};
use super::phrase::{count, grouped, percent, ratio};
use super::{ROWS, Veil, head, phrase, rest, words};
use crate::model::Answers;
use crate::model::answer::{Gap, Groups, Leaver};
use crate::report::chart::{Span, timeline};
use crate::report::copies as sides;
use crate::report::custodians::{Custodian, axis, channels as channels_of, custodians, groups, headline};
use crate::report::explained;
use crate::report::groups as said;

/// Custodians drawn in the timeline.
const DRAWN: usize = 3;
/// Channels beside each other on a page.
const COLUMNS: usize = 11;

/// How the bars of the timeline read: form and letter, the colour is the third sign.
const KEY: &str = concat!(
    "<p class=\"key\"><span><svg viewBox=\"0 0 24 16\" width=\"24\" height=\"16\"><rect class=\"f-cov\" y=\"3\" width=\"24\" height=\"10\"/></svg>Covered</span>",
    "<span><svg viewBox=\"0 0 24 16\" width=\"24\" height=\"16\"><rect class=\"f-sil\" y=\"3\" width=\"24\" height=\"10\"/><path class=\"k-cov\" d=\"M0 3.5h24\"/></svg>Silence, explained</span>",
    "<span><b class=\"cls A\">A</b>Missing</span><span><b class=\"cls B\">B</b>Unexplained silence</span><span><b class=\"cls C\">C</b>Not covered</span>",
    "<span><svg viewBox=\"0 0 24 16\" width=\"24\" height=\"16\"><rect class=\"f-bg k-ctl\" x=\".5\" y=\"3.5\" width=\"23\" height=\"9\"/><path class=\"k-ctl\" d=\"M2 12l7-8M8 12l7-8M14 12l7-8\"/></svg>Unknown</span>",
    "<span><svg viewBox=\"0 0 24 16\" width=\"24\" height=\"16\"><path class=\"k-t\" stroke-dasharray=\"1 3\" d=\"M12 0v16\"/></svg>Sources end</span></p>"
);

/// All findings.
pub(super) fn findings(paper: &mut Paper, answers: &Answers, veil: &Veil) {
    paper.section("findings", "Findings", &head(answers));
    if answers.findings.is_empty() {
        paper.p("", "No findings. What was not examined stands further below.");
    } else {
        let rows = answers.findings.iter().take(ROWS).map(|f| {
            let mut cells: Vec<Cell> = vec![
                phrase::severity_word(&f.severity).into(),
                veil.sentence(f).into(),
                veil.whom(f).into(),
                f.channel.as_deref().map(channel).unwrap_or_default().into(),
                Cell::Period(f.from.clone(), f.to.clone()),
            ];
            cells.push(format!("{} {}", grouped(f.quantity), f.unit).into());
            cells.push(f.evidence.first().map(|place| veil.place(place)).unwrap_or_default().into());
            cells
        });
        paper.table("Findings, most severe first", &["Severity", "Finding", "Whom", "Channel", "Period", "#Evidence", "First place"], rows.collect());
        rest(paper, ROWS, answers.findings.len(), "findings");
    }
    paper.end();
}

fn channel(slug: &str) -> String {
    words::channel(slug).to_string()
}

/// Coverage: headline, timeline of the worst, table of all rows that are not whole.
pub(super) fn coverage(paper: &mut Paper, answers: &Answers, veil: &Veil) {
    let list = custodians(answers, veil);
    paper.section("coverage", "Coverage", &head(answers));
    paper.element("h3", "", &headline(answers, &list));
    let worst: Vec<_> = list.iter().filter(|custodian| !custodian.whole()).take(DRAWN).collect();
    let mut drawn = groups(&worst);
    // Paper has no links: the preview stands inside the page, where a bare fragment would lead away from it.
    for track in drawn.iter_mut().flat_map(|group| &mut group.tracks) {
        track.days = None;
        track.bars.iter_mut().for_each(|bar| bar.gap = None);
    }
    if let Some((from, to, sources_end)) = axis(answers, &worst) {
        paper.raw("<figure><figcaption id=\"paper-timeline\">");
        paper.text("When coverage breaks: custodians with the longest gaps, a row per channel");
        paper.raw("</figcaption>");
        let span = Span { from, to, sources_end, narrow: false, caption: "paper-timeline", link: "", days: "", selected: None };
        paper.drawing(&timeline(&span, &drawn));
        paper.raw(KEY);
        paper.raw("</figure>");
    }
    let broken: Vec<_> = list
        .iter()
        .flat_map(|c| c.rows.iter().map(move |row| (c, *row)))
        .filter(|(_, row)| !row.worst.is_empty() || row.gap_days + row.unknown_days > 0)
        .collect();
    let all: usize = list.iter().map(|c| c.rows.len()).sum();
    matrix(paper, answers, &list);
    paper.p("q", &format!("{} of {} are covered throughout.", grouped((all - broken.len()) as u64), count(all as u64, "row", "rows")));
    if !broken.is_empty() {
        let rows = broken.iter().take(ROWS).map(|(custodian, row)| {
            vec![
                custodian.name.clone().into(),
                channel(&row.channel).into(),
                ratio(row.covered_days, row.expected_days).map_or_else(|| "not expected".to_owned(), percent).into(),
                grouped(row.expected_days).into(),
                grouped(row.gap_days).into(),
                grouped(row.unknown_days).into(),
                row.horizon.required_from.clone().unwrap_or_default().into(),
                row.horizon.first.clone().unwrap_or_else(|| "no record".to_owned()).into(),
            ]
        });
        let heads = ["Custodian", "Channel", "#Covered", "#Required days", "#In gaps", "#Unknown", "Required from", "First record"];
        paper.table("Rows that are not covered throughout, worst first", &heads, rows.collect());
        rest(paper, ROWS, broken.len(), "coverage");
    }
    paper.end();
}

/// Custodian by channel: per cent of the required days, and the letter of the worst gap.
fn matrix(paper: &mut Paper, answers: &Answers, list: &[Custodian]) {
    let slugs = channels_of(answers);
    // Wider than paper: what is not covered throughout follows row by row.
    if list.is_empty() || slugs.len() > COLUMNS {
        return;
    }
    let mut heads = vec!["Custodian".to_owned()];
    heads.extend(slugs.iter().map(|slug| format!("#{}", channel(slug))));
    heads.push("#All".to_owned());
    let rows = list.iter().take(ROWS).map(|custodian| {
        let mut cells: Vec<Cell> = vec![custodian.name.clone().into()];
        cells.extend(slugs.iter().map(|slug| {
            let row = custodian.rows.iter().find(|row| row.channel == *slug).filter(|row| row.expected_days > 0 || !row.worst.is_empty());
            row.map_or_else(
                || Cell::Share("·".to_owned(), String::new()),
                |row| {
                    Cell::Share(
                        ratio(row.covered_days, row.expected_days).filter(|_| row.worst != "U").map_or_else(|| "?".to_owned(), phrase::per_cent),
                        row.worst.clone(),
                    )
                },
            )
        }));
        cells.push(ratio(custodian.covered, custodian.expected).map(phrase::per_cent).unwrap_or_default().into());
        cells
    });
    let caption = "Share of required business days covered, per cent, and the class of the worst gap: A missing, B unexplained silence, C not covered, U cannot be tested; a dot: not expected";
    paper.table(caption, &heads, rows.collect());
    rest(paper, ROWS, list.len(), "coverage");
}

/// The gaps with reasons.
pub(super) fn gaps(paper: &mut Paper, answers: &Answers, veil: &Veil) {
    paper.section("gaps", "Gaps", &head(answers));
    // Explained gaps have a section of their own.
    let all: Vec<&Gap> = answers.gaps.iter().filter(|gap| gap.explained.is_none()).collect();
    if all.is_empty() {
        let none = if answers.gaps.is_empty() { "No gaps found." } else { "No gap is open: each is explained." };
        paper.p("", if answers.coverage.is_empty() { "Unknown: coverage could not be counted." } else { none });
    } else {
        let rows = all.iter().take(ROWS).map(|gap| {
            vec![
                Cell::Class(gap.class.clone()),
                Cell::Period(gap.from.clone(), gap.to.clone()),
                grouped(gap.business_days).into(),
                veil.name(&gap.custodian, gap.person.as_deref()).into(),
                channel(&gap.channel).into(),
                why(gap, veil).into(),
                phrase::estimate(gap).map_or_else(|| "–".to_owned(), |(mid, range)| if range.is_empty() { mid } else { format!("{mid} ({range})") }).into(),
            ]
        });
        paper.table(
            "Gaps, most severe first",
            &["Class", "Period", "#Business days", "Custodian", "Channel", "Basis and other explanations", "#Estimated messages"],
            rows.collect(),
        );
        rest(paper, ROWS, all.len(), "gaps");
    }
    paper.end();
}

/// Reasons, then the explanations that are not excluded. Reasons may name people: without names only the kind is given.
pub(super) fn why(gap: &Gap, veil: &Veil) -> String {
    let mut out = if gap.reasons.is_empty() || !veil.shows(gap.person.as_deref()) { phrase::gap_kind(&gap.kind) } else { gap.reasons.join("; ") };
    let open: Vec<&str> = gap.benign.iter().filter(|b| b.verdict != "excluded").map(|b| b.title.as_str()).collect();
    if !open.is_empty() {
        out.push_str(". Not excluded: ");
        out.push_str(&open.join(", "));
    }
    if let Some(part) = explained::part(gap) {
        out.push_str(". ");
        out.push_str(&part);
    }
    out
}

/// Two copies of one conversation, where there are any.
pub(super) fn copies(paper: &mut Paper, answers: &Answers, veil: &Veil) {
    if answers.copies.is_empty() {
        return;
    }
    paper.section("copies", "Two copies of one conversation", &head(answers));
    paper.element("h3", "", &sides::headline(&answers.copies));
    let rows = answers.copies.iter().take(ROWS).map(|pair| sides::row(pair, veil).into_iter().map(Cell::from).collect());
    paper.table("What each copy holds of what the other holds, with 95 % intervals", &sides::HEADS, rows.collect());
    rest(paper, ROWS, answers.copies.len(), "copies");
    paper.p("q", sides::CAVEAT);
    paper.end();
}

/// Channel use: ranked table and quarters.
pub(super) fn channels(paper: &mut Paper, answers: &Answers) {
    let channels = &answers.channels;
    paper.section("channels", "Channels", &head(answers));
    if let Some(share) = &channels.firm_owned_client_share {
        paper.element("h3", "", &format!("{} of {} run on channels the firm owns", percent(share.value), count(share.of_turns, "client turn", "client turns")));
    }
    let rows = channels.by_channel.iter().map(|row| {
        vec![
            channel(&row.channel).into(),
            words::status(&row.status).to_string().into(),
            row.captured.map_or("not stated", |yes| if yes { "yes" } else { "no" }).into(),
            grouped(row.work_messages).into(),
            grouped(row.client_turns).into(),
            row.share.map_or_else(|| "–".to_owned(), percent).into(),
            row.covered.map_or_else(|| "–".to_owned(), percent).into(),
        ]
    });
    paper.table(
        "Channels by client turns",
        &["Channel", "Status", "Captured", "#Work messages", "#Client turns", "#Share", "#Required days covered"],
        rows.collect(),
    );
    if !channels.by_quarter.is_empty() {
        let rows = channels.by_quarter.iter().map(|row| {
            let share = ratio(row.firm_owned, row.firm_owned + row.other).map_or_else(|| "–".to_owned(), percent);
            vec![row.quarter.clone().into(), grouped(row.firm_owned).into(), grouped(row.other).into(), share.into()]
        });
        paper.table("Client turns by quarter", &["Quarter", "#Firm-owned", "#Other", "#Firm-owned share"], rows.collect());
    }
    if let Some(groups) = &channels.groups {
        by_group(paper, groups);
    }
    paper.end();
}

/// Turns by department, region or grade, as far as they may be shown.
fn by_group(paper: &mut Paper, groups: &Groups) {
    paper.element("h3", "", &format!("Outside the firm's channels, by {}", groups.by));
    paper.p("", &said::about(groups));
    if groups.withheld {
        return;
    }
    let rows = groups.rows.iter().take(ROWS).map(|row| {
        let share = row.share.map_or_else(|| "–".to_owned(), percent);
        vec![said::name(groups, row).into(), grouped(row.people).into(), grouped(row.off_client_turns).into(), share.into()]
    });
    let head = phrase::kind_word(&groups.by);
    paper.table(&format!("Client turns on other accounts, by {}", groups.by), &[head.as_str(), "#Employees", "#Client turns", "#Share"], rows.collect());
    rest(paper, ROWS, groups.rows.len(), "groups");
    paper.p("q", &format!("{} {}", said::merged(groups), said::PROTECTED));
}

/// Leavers, then the clients of each.
pub(super) fn leavers(paper: &mut Paper, answers: &Answers) {
    paper.section("leavers", "Leavers", &head(answers));
    if answers.leavers.is_empty() {
        paper.p("", if answers.basis.people.is_none() { "Unknown: no people list was supplied." } else { "No one on the people list has a last day." });
    } else {
        let rows = answers.leavers.iter().take(ROWS).map(|leaver| {
            vec![
                leaver.person.clone().into(),
                leaver.role.clone().into(),
                leaver.last_day.clone().into(),
                grouped(leaver.clients.len() as u64).into(),
                grouped(leaver.held_alone).into(),
                leaver.main_channel.as_deref().map(channel).unwrap_or_default().into(),
                leaver.off_archive_share.map_or_else(|| "–".to_owned(), percent).into(),
                grouped(leaver.after_last_day.unanswered.len() as u64).into(),
            ]
        });
        let heads = ["Person", "Role", "Last day", "#Clients", "#Held alone", "Main channel", "#On other accounts", "#Unanswered"];
        paper.table("Leavers by last day", &heads, rows.collect());
        rest(paper, ROWS, answers.leavers.len(), "leavers");
        for leaver in answers.leavers.iter().filter(|leaver| !leaver.clients.is_empty()).take(ROWS) {
            clients(paper, leaver);
        }
    }
    paper.end();
}

fn clients(paper: &mut Paper, leaver: &Leaver) {
    paper.element("h3", "", &format!("{}: {} to hand over", leaver.person, count(leaver.clients.len() as u64, "client", "clients")));
    let rows = leaver.clients.iter().take(ROWS).map(|client| {
        let main = client.main_channel.as_deref().map(channel).unwrap_or_default();
        vec![
            client.client.clone().into(),
            client.contacts.join(", ").into(),
            percent(client.share).into(),
            phrase::others(client).into(),
            format!("{main}, {}", words::owner(&client.main_channel_owner)).into(),
            client.last_two_way.clone().unwrap_or_else(|| "none".to_owned()).into(),
            client.open_question.as_ref().map(|q| format!("since {}", phrase::minute(&q.since))).unwrap_or_else(|| "–".to_owned()).into(),
        ]
    });
    paper.table(
        &format!("Clients of {}, most at stake first", leaver.person),
        &["Client", "Contacts", "#Share held", "Others in contact", "Main channel", "Last two-way exchange", "Open question"],
        rows.collect(),
    );
    rest(paper, ROWS, leaver.clients.len(), "leavers");
}
