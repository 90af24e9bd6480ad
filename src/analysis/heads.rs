//! Heads: what several tests say of the beginning of the same exports is one gap. An export that stops at a limit, a wall that many
//! conversations share, a first record that is late: each explains why single exports do not open with their own beginning.

use std::collections::BTreeMap;

use super::gaps::Draft;
use super::{evidence, places};

/// Days by which both may differ.
const NEAR: i32 = 2;

/// Whose exports of which channel: custodian, or owner.
type Place = (Option<u32>, Option<u32>, u16);

const fn place(draft: &Draft) -> Place {
    (draft.custodian, draft.owner, draft.channel)
}

/// Whether a gap of the same place says why this export does not open with the beginning of its conversation; the smaller, the more exactly.
fn explains(gap: &Draft, head: &Draft) -> Option<u8> {
    let near = gap.to.zip(head.to).is_some_and(|(end, first)| (0..=NEAR + 1).contains(&(first - end)));
    match gap.kind {
        "export_cap" if gap.conversation.is_some() && gap.conversation == head.conversation => Some(0),
        "common_cliff" if near => Some(1),
        "horizon" if near => Some(2),
        _ => None,
    }
}

fn sentence(heads: &[Draft]) -> Option<String> {
    let detail = evidence::distinct(heads.iter().filter_map(|head| head.reasons.get(1)).map(String::as_str)).map(|d| format!(": {d}")).unwrap_or_default();
    Some(match heads.len() {
        0 => return None,
        1 => format!("The export does not begin at the beginning of the conversation{detail}"),
        n => format!("{n} of the exports do not begin at the beginning of their conversation{detail}"),
    })
}

/// Joins each head that is cut off to the gap that explains it.
#[must_use]
pub fn joined(drafts: Vec<Draft>) -> Vec<Draft> {
    let (heads, mut out): (Vec<Draft>, Vec<Draft>) = drafts.into_iter().partition(|d| d.kind == "no_beginning");
    let mut of: Vec<Vec<Draft>> = out.iter().map(|_| Vec::new()).collect();
    let mut hosts: BTreeMap<Place, Vec<usize>> = BTreeMap::new();
    for (ix, gap) in out.iter().enumerate().filter(|(_, gap)| matches!(gap.kind, "export_cap" | "common_cliff" | "horizon")) {
        hosts.entry(place(gap)).or_default().push(ix);
    }
    let mut alone = Vec::new();
    for head in heads {
        let near = hosts.get(&place(&head)).map(Vec::as_slice).unwrap_or_default();
        let hosts = near.iter().filter_map(|ix| Some((explains(out.get(*ix)?, &head)?, *ix)));
        match hosts.min().and_then(|(_, ix)| of.get_mut(ix)) {
            Some(list) => list.push(head),
            None => alone.push(head),
        }
    }
    for (gap, heads) in out.iter_mut().zip(of) {
        gap.reasons.extend(sentence(&heads));
        // A first record that is late is the first record of this conversation.
        if let ([one], "horizon") = (heads.as_slice(), gap.kind) {
            gap.conversation = one.conversation;
        }
        places::add(&mut gap.evidence, heads.into_iter().flat_map(|head| head.evidence));
    }
    out.extend(alone);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joined_heads_say_what_each_file_says_and_not_one_for_all() {
        let head = |detail: &str| Draft {
            kind: "no_beginning",
            to: Some(10),
            reasons: std::iter::once("The export does not begin").chain(Some(detail).filter(|d| !d.is_empty())).map(str::to_owned).collect(),
            ..Draft::default()
        };
        let told = |heads: &[&str]| {
            let wall = Draft { kind: "common_cliff", to: Some(9), ..Draft::default() };
            let out = joined(std::iter::once(wall).chain(heads.iter().map(|d| head(d))).collect());
            assert_eq!(out.len(), 1);
            out[0].reasons.join("|")
        };
        assert_eq!(told(&["no notice"]), "The export does not begin at the beginning of the conversation: no notice");
        let of = |n: usize, detail: &str| format!("{n} of the exports do not begin at the beginning of their conversation{detail}");
        assert_eq!(told(&["a.txt opens with a reply", "b.txt opens with an answer"]), of(2, ": a.txt opens with a reply; b.txt opens with an answer"));
        assert_eq!(told(&["no notice", "no notice", ""]), of(3, ": no notice"));
        assert_eq!(told(&["a", "b", "c", "d", "e"]), of(5, ": a; b; c; and 2 more"));
        assert_eq!(told(&["", ""]), of(2, ""));
    }
}
