//! "Did you mean": the name nearest to what somebody typed.

/// The candidate nearest to `text` by edits of single characters (a swap of neighbours counts as
/// one), without regard to case; `None` when even the nearest needs more than a third of its
/// length in edits. Of equally near ones the first.
pub fn nearest<'a>(text: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed: Vec<char> = text.to_lowercase().chars().collect();
    let mut best: Option<(usize, &'a str)> = None;
    for candidate in candidates {
        let chars: Vec<char> = candidate.to_lowercase().chars().collect();
        let allowed = chars.len().max(3) / 3;
        let edits = distance(&typed, &chars);
        if edits <= allowed && best.is_none_or(|(fewest, _)| edits < fewest) {
            best = Some((edits, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Edits between `a` and `b` (optimal string alignment).
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (i, &from) in a.iter().enumerate() {
        let mut row = Vec::with_capacity(b.len() + 1);
        row.push(i + 1);
        for (j, &to) in b.iter().enumerate() {
            let mut edits = (above[j] + usize::from(from != to))
                .min(above[j + 1] + 1)
                .min(row[j] + 1);
            if i > 0 && j > 0 && from == b[j - 1] && a[i - 1] == to {
                edits = edits.min(before[j - 1] + 1);
            }
            row.push(edits);
        }
        before = std::mem::replace(&mut above, row);
    }
    above[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_near_is_found_and_what_is_not_is_not() {
        let profiles = ["excellent", "good", "weak", "basement", "no-signal"];
        assert_eq!(nearest("basment", profiles), Some("basement"));
        assert_eq!(nearest("Waek", profiles), Some("weak"));
        assert_eq!(nearest("no signal", profiles), Some("no-signal"));
        assert_eq!(nearest("submarine", profiles), None);
        assert_eq!(nearest("", profiles), None);
    }

    #[test]
    fn the_nearer_of_two_wins() {
        assert_eq!(nearest("REV-09", ["REV-01", "REV-09"]), Some("REV-09"));
    }
}
