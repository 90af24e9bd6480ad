//! Sorting for the page. Every use of the library's sort is a copy of it, several kilobytes each; here one small sort orders places.

use std::cmp::Ordering;

/// Sorts; equal items keep their order.
pub fn sort_by<T>(items: &mut Vec<T>, mut compare: impl FnMut(&T, &T) -> Ordering) {
    let order = merged((0..items.len()).collect(), &mut |a, b| match (items.get(a), items.get(b)) {
        (Some(a), Some(b)) => compare(a, b),
        _ => Ordering::Equal,
    });
    let mut old: Vec<Option<T>> = std::mem::take(items).into_iter().map(Some).collect();
    items.extend(order.into_iter().filter_map(|at| old.get_mut(at)?.take()));
}

/// Sorts by a key; equal items keep their order.
pub fn sort_by_key<T, K: Ord>(items: &mut Vec<T>, key: impl Fn(&T) -> K) {
    sort_by(items, |a, b| key(a).cmp(&key(b)));
}

fn merged(mut left: Vec<usize>, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<usize> {
    if left.len() < 2 {
        return left;
    }
    let right = merged(left.split_off(left.len() / 2), compare);
    let left = merged(left, compare);
    let mut out = Vec::with_capacity(left.len() + right.len());
    let mut right = right.into_iter().peekable();
    for a in left {
        while let Some(b) = right.next_if(|b| compare(a, *b) == Ordering::Greater) {
            out.push(b);
        }
        out.push(a);
    }
    out.extend(right);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorts_like_the_library() {
        let mut state = 1_u64;
        for length in [0, 1, 2, 3, 7, 64, 501] {
            let items: Vec<(u64, usize)> = (0..length)
                .map(|i| {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    ((state >> 33) % 10, i)
                })
                .collect();
            let (mut expected, mut got) = (items.clone(), items);
            expected.sort_by_key(|item| item.0);
            sort_by_key(&mut got, |item| item.0);
            assert_eq!(got, expected);
        }
    }
}
