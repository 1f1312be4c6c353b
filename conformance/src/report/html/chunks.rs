//! The details of cases, packed: JSON arrays, compressed, in text that stands in a page as data. A
//! browser unpacks by itself the one that it needs.

use std::io::{self, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::view::View;

/// Bytes of JSON in a chunk before the next is begun: enough to compress well, few enough to unpack
/// at once.
const FULL: usize = 192 << 10;
/// How hard is tried: packing is half of what the page costs, and harder saves a tenth of its size.
const LEVEL: u32 = 1;

/// The chunk that is being filled, and how many are written.
#[derive(Debug, Default)]
pub(super) struct Chunks {
    json: Vec<u8>,
    cases: usize,
    written: usize,
}

impl Chunks {
    /// Adds the details of a case; the result is its chunk and its place there.
    ///
    /// # Errors
    /// When a full chunk cannot be written.
    pub(super) fn add(&mut self, view: &View, to: &mut impl Write) -> io::Result<(usize, usize)> {
        let place = (self.written, self.cases);
        self.json.push(if self.cases == 0 { b'[' } else { b',' });
        serde_json::to_writer(&mut self.json, view)?;
        self.cases += 1;
        if self.json.len() >= FULL {
            self.flush(to)?;
        }
        Ok(place)
    }

    /// Writes what is left.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn flush(&mut self, to: &mut impl Write) -> io::Result<()> {
        if self.cases == 0 {
            return Ok(());
        }
        self.json.push(b']');
        let mut packed = ZlibEncoder::new(Vec::new(), Compression::new(LEVEL));
        packed.write_all(&self.json)?;
        let text = STANDARD.encode(packed.finish()?);
        writeln!(
            to,
            "<script type=\"application/octet-stream\" id=\"chunk{}\">{text}</script>",
            self.written
        )?;
        self.json.clear();
        self.cases = 0;
        self.written += 1;
        Ok(())
    }
}
