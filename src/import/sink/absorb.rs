//! What others have read of the same source comes into this sink: the sections of one file, in their order. What results is what one
//! reader would have said to one sink.

use super::draft::Id;
use super::{Sink, index};
use crate::model::batch::{Batch, Conversation, Handle, ID_TEXT, NONE};
use crate::model::ledger::{Basis, Skip};
use crate::model::{AudienceIx, HandleIx};

impl Sink {
    /// Keeps all that is needed to join what was learnt of conversations with other sections of the file. Called before the first record.
    pub fn keep_all_topics(&mut self) {
        self.topics.keep_all();
    }

    /// Takes a batch of one source into the current source, behind what is there: a section of the same file, read by a sink that keeps all
    /// topics. Gives the place of each of its handles. `None`: it is more than that.
    pub fn absorb(&mut self, batch: &Batch) -> Option<Vec<u32>> {
        let ([source], [_]) = (batch.tables.sources.as_slice(), batch.tables.parts.as_slice()) else { return None };
        if source.error.is_some() || source.question.is_some() {
            return None;
        }
        let handles: Vec<u32> = batch.tables.handles.iter().map(|h| self.take_handle(h)).collect();
        let conversations: Vec<u32> = batch.tables.conversations.iter().map(|c| self.take_conversation(c, &handles)).collect();
        let audiences: Vec<u32> = batch.audiences.iter().map(|set| self.take_audience(set, &handles).0).collect();
        let ids: Vec<u32> = (0..index(batch.ids.len())).map(|ix| self.ids.word(Id::Text(batch.ids.get(ix)))).collect();
        let id = |w: u32| if w == NONE || w < ID_TEXT { w } else { at(&ids, w ^ ID_TEXT) };
        let rows = index(self.columns.len());
        let (to, from) = (&mut self.columns, &batch.columns);
        to.time.extend_from_slice(&from.time);
        to.position.extend_from_slice(&from.position);
        to.chars.extend_from_slice(&from.chars);
        to.hash.extend_from_slice(&from.hash);
        to.flags.extend_from_slice(&from.flags);
        to.conversation.extend(from.conversation.iter().map(|c| at(&conversations, *c)));
        to.sender.extend(from.sender.iter().map(|h| at(&handles, *h)));
        to.audience.extend(from.audience.iter().map(|a| at(&audiences, *a)));
        to.id.extend(from.id.iter().map(|w| id(*w)));
        to.part.resize(to.time.len(), self.part);
        self.replies.extend(batch.replies.iter().map(|(row, w)| (row + rows, id(*w))));
        self.sensitive.extend(batch.sensitive.iter().map(|(row, kinds)| (row + rows, *kinds)));
        self.elsewhere.extend(batch.elsewhere.iter().map(|(row, channels)| (row + rows, *channels)));
        self.topics.absorb(self.source, &conversations, &batch.topics, &batch.mentions);
        for statement in &batch.tables.statements {
            let mut statement = statement.clone();
            (statement.source, statement.part) = (self.source, self.part);
            statement.conversation = statement.conversation.map(|c| at(&conversations, c));
            self.tables.statements.push(statement);
        }
        let part = self.part;
        for skip in &source.skipped {
            self.skips.entry(skip.reason).and_modify(|s| s.count += skip.count).or_insert_with(|| Skip { part, ..skip.clone() });
        }
        for notice in &source.notices {
            let known = self.notices.entry(notice.id.clone()).or_insert_with(|| (notice.sentence.clone(), 0));
            known.1 += notice.count;
        }
        self.written_times |= source.zone.basis != Basis::Proven;
        self.source().records += source.records;
        Some(handles)
    }

    /// Keys are clean already. Of facts stated twice, those stated first stay.
    fn take_handle(&mut self, handle: &Handle) -> u32 {
        let channel = self.channel(&handle.channel);
        let Some(tables) = self.channels.get_mut(channel.0 as usize) else { return NONE };
        let Some(ix) = tables.handles.get(handle.key.as_str()).copied() else {
            let ix = index(self.tables.handles.len());
            tables.handles.insert(handle.key.as_str().into(), ix);
            self.tables.handles.push(handle.clone());
            return ix;
        };
        if let Some(known) = self.tables.handles.get_mut(HandleIx(ix).ix()) {
            for (to, from) in [(&mut known.name, &handle.name), (&mut known.email, &handle.email), (&mut known.phone, &handle.phone)] {
                if to.is_empty() {
                    to.clone_from(from);
                }
            }
            known.bot |= handle.bot;
            known.external |= handle.external;
            known.deactivated |= handle.deactivated;
            known.impersonal |= handle.impersonal;
        }
        ix
    }

    fn take_conversation(&mut self, conversation: &Conversation, handles: &[u32]) -> u32 {
        let channel = self.channel(&conversation.channel);
        let Some(tables) = self.channels.get_mut(channel.0 as usize) else { return NONE };
        let members = conversation.members.iter().map(|h| at(handles, *h));
        let Some(ix) = tables.conversations.get(conversation.key.as_str()).copied() else {
            let ix = index(self.tables.conversations.len());
            tables.conversations.insert(conversation.key.as_str().into(), ix);
            let members = members.collect();
            self.tables.conversations.push(Conversation { members, ..conversation.clone() });
            return ix;
        };
        if let Some(known) = self.tables.conversations.get_mut(ix as usize) {
            known.members.extend(members);
        }
        ix
    }

    fn take_audience(&mut self, set: &[u32], handles: &[u32]) -> AudienceIx {
        self.audience(&mut set.iter().map(|h| HandleIx(at(handles, *h))).collect())
    }
}

fn at(places: &[u32], ix: u32) -> u32 {
    places.get(ix as usize).copied().unwrap_or(NONE)
}
