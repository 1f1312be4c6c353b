//! Columns that stay in line where characters are two cells wide.

use unicode_width::UnicodeWidthStr as _;

/// Cells that a text takes on the screen.
pub fn width(text: &str) -> usize {
    text.width()
}

/// The text with blanks behind it up to `cells`.
pub fn pad(text: &str, cells: usize) -> String {
    let mut padded = text.to_owned();
    padded.extend(std::iter::repeat_n(' ', cells.saturating_sub(width(text))));
    padded
}

/// The text with blanks before it up to `cells`.
pub fn pad_left(text: &str, cells: usize) -> String {
    let mut padded: String = std::iter::repeat_n(' ', cells.saturating_sub(width(text))).collect();
    padded.push_str(text);
    padded
}

/// A table of rows of equally many cells, two blanks between its columns, none at line ends.
pub fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|column| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| width(cell)).max().unwrap_or(0)
        })
        .collect();
    let mut text = String::new();
    for row in rows {
        let cells: Vec<String> = row
            .iter()
            .zip(&widths)
            .map(|(cell, width)| pad(cell, *width))
            .collect();
        text.push_str(cells.join("  ").trim_end());
        text.push('\n');
    }
    text
}

/// The text broken into lines of at most `cells`, between words where there are any, anywhere
/// between wide characters.
pub fn wrap(text: &str, cells: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in words(text) {
        if !line.is_empty() && width(&line) + width(word.trim_end()) > cells {
            lines.push(line.trim_end().to_owned());
            line.clear();
        }
        line.push_str(word);
    }
    if !line.trim_end().is_empty() || lines.is_empty() {
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// Pieces between which a line may break: behind blanks, and before wide characters that are no
/// closing punctuation.
fn words(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        let wide = unicode_width::UnicodeWidthChar::width(c) == Some(2);
        let closing = "，。；：、？！）》”’".contains(c);
        let opens = "（《“‘".contains(before);
        if at > start && (before == ' ' && c != ' ' || wide && !closing && !opens) {
            pieces.push(&text[start..at]);
            start = at;
        }
        before = c;
    }
    pieces.push(&text[start..]);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_count_twice() {
        assert_eq!(pad("冲正", 6), "冲正  ");
        assert_eq!(pad_left("冲正", 6), "  冲正");
        assert_eq!(pad("toolong", 3), "toolong");
        let rows = [["要求", "x"], ["REV-01", "y"]].map(|row| row.map(String::from).to_vec());
        assert_eq!(table(&rows), "要求    x\nREV-01  y\n");
    }

    #[test]
    fn lines_break_between_words_or_wide_characters() {
        assert_eq!(wrap("the signal is weak", 10), ["the signal", "is weak"]);
        assert_eq!(wrap("信号弱或不稳定。", 8), ["信号弱或", "不稳定。"]);
        assert_eq!(wrap("信号弱（地下室）", 8), ["信号弱", "（地下", "室）"]);
        assert_eq!(wrap("", 8), [""]);
        assert_eq!(wrap("unbreakable", 4), ["unbreakable"]);
    }
}
