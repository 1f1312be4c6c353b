//! How far apart two spellings are, for "did you mean". Not here: what is compared with what.

/// Edits that lead from `a` to `b`: insert, delete or replace a character, or swap two
/// neighbours (optimal string alignment).
pub(super) fn edits(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    align(a.len(), b.len(), 1, |i, j| usize::from(a[i] != b[j]))
}

/// The cheapest alignment of two sequences, where leaving an element out costs `gap`, setting
/// element `i` against element `j` costs `cost(i, j)`, and swapping two neighbours costs `gap`.
pub(super) fn align(a: usize, b: usize, gap: usize, cost: impl Fn(usize, usize) -> usize) -> usize {
    let mut older = vec![0; b + 1];
    let mut old: Vec<usize> = (0..=b).map(|j| j * gap).collect();
    let mut new = vec![0; b + 1];
    for i in 0..a {
        new[0] = (i + 1) * gap;
        for j in 0..b {
            let here = cost(i, j);
            let mut best = (old[j] + here).min(old[j + 1] + gap).min(new[j] + gap);
            if i > 0 && j > 0 && here > 0 && cost(i - 1, j) == 0 && cost(i, j - 1) == 0 {
                best = best.min(older[j - 1] + gap);
            }
            new[j + 1] = best;
        }
        std::mem::swap(&mut older, &mut old);
        std::mem::swap(&mut old, &mut new);
    }
    old[b]
}

/// The candidate nearest to `written`, ASCII case aside, if it is near enough to have been
/// meant: a third of its characters may differ, and one always.
pub(super) fn nearest<'a>(
    written: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    const LONGEST: usize = 40;
    let length = written.chars().count();
    if length == 0 || length > LONGEST {
        return None;
    }
    let written = written.to_lowercase();
    candidates
        .into_iter()
        .filter(|candidate| candidate.chars().count() <= LONGEST)
        .map(|candidate| (edits(&written, &candidate.to_lowercase()), candidate))
        .filter(|(edits, candidate)| {
            *edits <= (candidate.chars().count() / 3).max(1) && *edits < length
        })
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_count_swaps_once() {
        assert_eq!(edits("Given", "Given"), 0);
        assert_eq!(edits("Gven", "Given"), 1);
        assert_eq!(edits("Whne", "When"), 1);
        assert_eq!(edits("", "abc"), 3);
        assert_eq!(edits("那末", "那么"), 1);
    }

    #[test]
    fn the_nearest_is_near() {
        assert_eq!(nearest("weka", ["strong", "weak"]), Some("weak"));
        assert_eq!(nearest("WEAK", ["strong", "weak"]), Some("weak"));
        assert_eq!(nearest("banana", ["strong", "weak"]), None);
        assert_eq!(nearest("x", ["y"]), None);
        assert_eq!(nearest("", ["weak"]), None);
    }
}
