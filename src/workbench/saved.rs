//! A saved matter: settings, lists and batches in one file. No message text in it; opening it is merging the batches.

use serde::{Deserialize, Serialize};

use super::Workbench;
use super::unnamed::Private;
use crate::model::{Batch, Matter};

const MAGIC: &[u8; 8] = b"RAMATT\x1a\x01";

#[derive(Serialize, Deserialize)]
struct Head {
    tool: String,
    matter: Matter,
    files: Vec<u32>,
}

/// The workbench as bytes, without names of private conversations. `salt`: bytes nobody can guess (see [`Private::of`]).
#[must_use]
pub fn save(workbench: &mut Workbench, salt: &[u8]) -> Vec<u8> {
    let files = workbench.files().map(|(id, _)| id).collect();
    let private = workbench.ground().map(|(dataset, ground)| Private::of(dataset, ground, salt)).unwrap_or_default();
    let mut matter = workbench.matter().clone();
    for decision in &mut matter.identities {
        if let Some(key) = private.handle_key(&decision.channel, &decision.handle) {
            decision.handle = key;
        }
    }
    for decision in &mut matter.classes {
        if let Some(key) = private.conversation_key(&decision.channel, &decision.conversation) {
            decision.conversation = key;
        }
    }
    for explanation in &mut matter.explained {
        if let Some(key) = private.conversation_key(&explanation.channel, &explanation.conversation) {
            explanation.conversation = key;
        }
    }
    let head = Head { tool: env!("CARGO_PKG_VERSION").to_owned(), matter, files };
    let mut out = MAGIC.to_vec();
    for part in std::iter::once(serde_json::to_vec(&head).unwrap_or_default()).chain(workbench.files().map(|(_, b)| private.without(b).to_bytes())) {
        out.extend_from_slice(&(part.len() as u64).to_le_bytes());
        out.extend_from_slice(&part);
    }
    out
}

/// A workbench from bytes; the error is a sentence.
pub fn open(bytes: &[u8]) -> Result<Workbench, String> {
    let damaged = || "This matter file is damaged or cut off; nothing was opened.".to_owned();
    let mut rest = bytes.strip_prefix(MAGIC).ok_or_else(|| "This is not a matter file saved by this program.".to_owned())?;
    let mut next = || -> Option<&[u8]> {
        let (len, tail) = rest.split_first_chunk::<8>()?;
        let (part, tail) = tail.split_at_checked(usize::try_from(u64::from_le_bytes(*len)).ok()?)?;
        rest = tail;
        Some(part)
    };
    let head: Head = next().and_then(|p| serde_json::from_slice(p).ok()).ok_or_else(damaged)?;
    let mut workbench = Workbench::default();
    for id in &head.files {
        let batch = Batch::from_bytes(next().ok_or_else(damaged)?).map_err(|e| e.to_string())?;
        workbench.put(*id, batch);
    }
    workbench.set_matter(head.matter);
    Ok(workbench)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matter_survives_saving_and_a_cut_one_is_refused() {
        let mut workbench = Workbench::default();
        workbench.put(3, Batch::default());
        workbench.set_matter(Matter { name: "Review".into(), ..Matter::default() });
        let bytes = save(&mut workbench, b"salt");
        let again = open(&bytes).ok().unwrap();
        assert_eq!(again.matter().name, "Review");
        assert_eq!(again.files().count(), 1);
        for cut in 0..bytes.len() {
            assert!(open(&bytes[..cut]).is_err());
        }
    }
}
