//! The lists beside the day files: users, conversations, integrations.

use crate::import::json::{Scan, Scanner, Text, Value, each, items, word};
use crate::import::sink::{ChannelIx, Clock, Map, Sink};
use crate::model::message::{ConversationKind, Position};
use crate::model::statement::StatementKind;
use crate::model::{ConversationIx, HandleIx};
use crate::text;

use super::record::Item;

/// Words in the name of an app that keeps, exports or supervises messages.
const CAPTURE: &[&str] = &[
    "archiv",
    "export",
    "backup",
    "complian",
    "retention",
    "discovery",
    "supervis",
    "surveil",
    "smarsh",
    "global relay",
    "theta lake",
    "hanzo",
    "pagefreezer",
    "proofpoint",
    "mimecast",
    "actiance",
    "veritas",
    "behavox",
    "leapxpert",
    "jatheon",
    "intradyn",
    "mirrorweb",
];

/// A conversation of `channels.json` and its like.
pub struct Listed {
    /// Its place in the batch.
    pub conversation: ConversationIx,
    /// When it was created, microseconds UTC.
    pub created: Option<i64>,
    /// Archived: nothing is to be expected of it.
    pub archived: bool,
    /// A record of it was read.
    pub held: bool,
    /// Where it is listed.
    pub at: (u32, Position),
}

/// Who and what the lists name.
#[derive(Default)]
pub struct Directory {
    channel: Option<ChannelIx>,
    senders: Map<Box<[u8]>, (HandleIx, bool)>,
    teams: Vec<(HandleIx, String)>,
    own_team: String,
    /// Listed conversations in order of the lists.
    pub listed: Vec<Listed>,
    folders: Map<String, usize>,
}

impl Directory {
    /// The channel of the sink.
    pub fn channel(&mut self, sink: &mut Sink) -> ChannelIx {
        *self.channel.get_or_insert_with(|| sink.channel("slack"))
    }

    /// One element of `users.json`.
    pub fn user(&mut self, s: &mut Scanner<'_>, sink: &mut Sink) -> Scan<()> {
        let user = s.value()?;
        let (mut id, mut team, mut name) = (Text::default(), Text::default(), [Text::default(); 4]);
        let (mut email, mut phone) = (Text::default(), Text::default());
        let (mut deleted, mut bot, mut guest, mut enterprise) = (false, false, false, false);
        each(user, |key, value| match key {
            b"id" => id = word(value),
            b"team_id" => team = word(value),
            b"name" => name[3] = word(value),
            b"real_name" => name[0] = word(value),
            b"deleted" => deleted = value.is_true(),
            b"is_bot" | b"is_workflow_bot" => bot |= value.is_true(),
            b"is_restricted" | b"is_ultra_restricted" | b"is_stranger" | b"is_external" => guest |= value.is_true(),
            b"enterprise_user" => enterprise = matches!(value, Value::Object(_)),
            b"profile" => each(value, |key, value| match key {
                b"email" => email = word(value),
                b"phone" => phone = word(value),
                b"real_name" => name[1] = word(value),
                b"display_name" => name[2] = word(value),
                _ => {}
            }),
            _ => {}
        });
        if id.is_empty() {
            return Ok(());
        }
        let channel = self.channel(sink);
        let handle = sink.handle(channel, &id.owned());
        bot |= id.raw == b"USLACKBOT";
        self.senders.insert(id.raw.into(), (handle, bot));
        // In an organisation people of several workspaces are colleagues.
        if !enterprise && !bot && !team.is_empty() {
            self.teams.push((handle, team.owned()));
        }
        if let Some(facts) = sink.handle_facts(handle) {
            facts.name = name.iter().find(|n| !n.is_empty()).map(|n| text::clean_name(&n.owned())).unwrap_or_default();
            facts.email = text::clean_name(&email.owned()).to_lowercase();
            facts.phone = text::phone(&phone.owned()).unwrap_or_default();
            (facts.bot, facts.deactivated, facts.external) = (bot, deleted, guest);
        }
        Ok(())
    }

    /// All users are known: the team most of them belong to is the exporting one, people of other teams are external.
    pub fn users_end(&mut self, sink: &mut Sink) {
        let mut names: Vec<&str> = self.teams.iter().map(|(_, t)| t.as_str()).collect();
        names.sort_unstable();
        let most = names.chunk_by(|a, b| a == b).max_by_key(|same| same.len()).and_then(|same| same.first());
        let Some(own) = most.map(|t| (*t).to_owned()) else { return };
        for (handle, team) in &self.teams {
            if *team != own
                && let Some(facts) = sink.handle_facts(*handle)
            {
                facts.external = true;
            }
        }
        self.own_team = own;
        self.teams = Vec::new();
    }

    /// One element of `channels.json`, `groups.json`, `mpims.json` or `dms.json`.
    pub fn conversation(&mut self, kind: ConversationKind, s: &mut Scanner<'_>, at: Position, sink: &mut Sink) -> Scan<()> {
        let listed = s.value()?;
        let (mut id, mut name, mut created, mut archived, mut members) = (Text::default(), Text::default(), None, false, Value::Null);
        each(listed, |key, value| match key {
            b"id" => id = word(value),
            b"name" => name = word(value),
            b"created" => created = value.integer().and_then(crate::time::of_unix),
            b"is_archived" => archived = value.is_true(),
            b"members" => members = value,
            _ => {}
        });
        if id.is_empty() {
            return Ok(());
        }
        let (id, name) = (id.owned(), name.owned());
        let channel = self.channel(sink);
        let title = if kind == ConversationKind::Direct { "" } else { &name };
        let conversation = sink.conversation(channel, &id, title, kind);
        let mut handles = Vec::new();
        items(members, |member| {
            let member = word(member);
            if !member.is_empty() {
                handles.push(self.known(member, sink).0.0);
            }
        });
        let created = created.filter(|t| crate::time::plausible(*t));
        if let Some(facts) = sink.conversation_facts(conversation) {
            facts.members.append(&mut handles);
            facts.created = created;
        }
        for folder in [name, id] {
            if !folder.is_empty() {
                self.folders.entry(folder).or_insert(self.listed.len());
            }
        }
        self.listed.push(Listed { conversation, created, archived, held: false, at: (sink.current_part(), at) });
        Ok(())
    }

    /// One element of `integration_logs.json`: an app that keeps messages was removed.
    pub fn integration(s: &mut Scanner<'_>, at: Position, sink: &mut Sink) -> Scan<()> {
        let entry = s.value()?;
        let (mut change, mut app, mut date) = (Text::default(), Text::default(), None);
        each(entry, |key, value| match key {
            b"change_type" => change = word(value),
            b"service_type" | b"app_type" if app.is_empty() => app = word(value),
            b"date" => date = value.integer().and_then(crate::time::of_unix),
            _ => {}
        });
        let removed = matches!(change.raw, b"removed" | b"disabled" | b"uninstalled" | b"revoked");
        let name = app.owned();
        let lower = name.to_lowercase();
        if removed && CAPTURE.iter().any(|w| lower.contains(w)) {
            sink.statement(StatementKind::CaptureRemoved, None, date.map(Clock::Utc), None, 1, at, &name);
        }
        Ok(())
    }

    /// The conversation of a folder: listed, or made from the folder's name.
    pub fn room(&mut self, folder: &str, sink: &mut Sink) -> ConversationIx {
        if let Some(listed) = self.folders.get(folder).and_then(|ix| self.listed.get_mut(*ix)) {
            listed.held = true;
            return listed.conversation;
        }
        let kind = match folder.as_bytes() {
            [b'D', rest @ ..] if rest.len() >= 8 && rest.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()) => ConversationKind::Direct,
            [b'm', b'p', b'd', b'm', b'-', ..] => ConversationKind::Group,
            _ => ConversationKind::Room,
        };
        let channel = self.channel(sink);
        sink.conversation(channel, folder, folder, kind)
    }

    fn known(&mut self, id: Text<'_>, sink: &mut Sink) -> (HandleIx, bool) {
        if let Some(known) = self.senders.get(id.raw) {
            return *known;
        }
        let channel = self.channel(sink);
        (sink.handle(channel, &id.owned()), false)
    }

    /// Who wrote it, and whether that is a machine.
    pub fn sender(&mut self, item: &Item<'_>, sink: &mut Sink) -> Option<(HandleIx, bool)> {
        let key = [item.user, item.bot, item.bot_name].into_iter().find(|k| !k.is_empty())?;
        if let Some(known) = self.senders.get(key.raw) {
            return Some(*known);
        }
        let channel = self.channel(sink);
        let handle = sink.handle(channel, &key.owned());
        let person = !item.user.is_empty();
        let bot = !person || key.raw == b"USLACKBOT";
        self.senders.insert(key.raw.into(), (handle, bot));
        if person && !bot && !self.folders.is_empty() {
            let what = "Senders are not in the list of users: deactivated long ago, or of another organisation. They are kept under their Slack id.";
            sink.notice("unknown_slack_user", what, 1);
        }
        let name = item.name();
        if let Some(facts) = sink.handle_facts(handle) {
            if !name.is_empty() && name.raw != key.raw {
                facts.name = text::clean_name(&name.owned());
            }
            facts.bot |= bot;
            facts.external |= person && !self.own_team.is_empty() && !item.team.is_empty() && item.team.raw != self.own_team.as_bytes();
        }
        Some((handle, bot))
    }
}
