//! The blocks of a pcapng file (draft-ietf-opsawg-pcapng): section, interface, names, packet; little-endian, times
//! in microseconds.

use std::io::{self, Write};

use counterproof_sim::time::Time;

const SECTION: u32 = 0x0A0D_0D0A;
const INTERFACE: u32 = 1;
const NAMES: u32 = 4;
const PACKET: u32 = 6;
const BYTE_ORDER: u32 = 0x1A2B_3C4D;
const ETHERNET: u16 = 1;

const END: u16 = 0;
const COMMENT: u16 = 1;
const SECTION_PROGRAM: u16 = 4;
const INTERFACE_NAME: u16 = 2;
const PACKET_FLAGS: u16 = 2;
const NAME_IPV4: u16 = 1;

/// The longest text of an option: its length has 16 bits.
const LONGEST: usize = 0xFFF0;

/// Which way a packet goes, as the terminal sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// To the terminal.
    In,
    /// From the terminal.
    Out,
}

/// A file in the making.
pub struct Blocks<W> {
    to: W,
    body: Vec<u8>,
}

impl<W: Write> Blocks<W> {
    /// Begins a file: its only section.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn begin(to: W, program: &str) -> io::Result<Self> {
        let mut blocks = Self {
            to,
            body: Vec::new(),
        };
        blocks.u32(BYTE_ORDER);
        blocks.u16(1);
        blocks.u16(0);
        // How long the section is stays open.
        blocks.body.extend([0xFF; 8]);
        blocks.option(SECTION_PROGRAM, program.as_bytes());
        blocks.end_of_options();
        blocks.write(SECTION)?;
        Ok(blocks)
    }

    /// The next interface; they are numbered from 0.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn interface(&mut self, name: &str) -> io::Result<()> {
        self.u16(ETHERNET);
        self.u16(0);
        // No limit to the length of packets.
        self.u32(0);
        self.option(INTERFACE_NAME, name.as_bytes());
        self.end_of_options();
        self.write(INTERFACE)
    }

    /// A name for an address.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn name(&mut self, address: [u8; 4], name: &str) -> io::Result<()> {
        let mut record = address.to_vec();
        record.extend(name.bytes().filter(|byte| *byte != 0).take(LONGEST));
        record.push(0);
        self.option(NAME_IPV4, &record);
        self.end_of_options();
        self.write(NAMES)
    }

    /// A packet, with a line of comment for each of `comments`.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn packet(
        &mut self,
        interface: usize,
        at: Time,
        way: Way,
        bytes: &[u8],
        comments: &[String],
    ) -> io::Result<()> {
        let at = at.as_micros();
        self.u32(interface as u32);
        self.u32((at >> 32) as u32);
        self.u32(at as u32);
        self.u32(bytes.len() as u32);
        self.u32(bytes.len() as u32);
        self.body.extend_from_slice(bytes);
        self.pad();
        for comment in comments {
            let mut end = comment.len().min(LONGEST);
            while !comment.is_char_boundary(end) {
                end -= 1;
            }
            self.option(COMMENT, &comment.as_bytes()[..end]);
        }
        let flags: u32 = match way {
            Way::In => 1,
            Way::Out => 2,
        };
        self.option(PACKET_FLAGS, &flags.to_le_bytes());
        self.end_of_options();
        self.write(PACKET)
    }

    /// Nothing more follows.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(mut self) -> io::Result<W> {
        self.to.flush()?;
        Ok(self.to)
    }

    fn option(&mut self, kind: u16, value: &[u8]) {
        self.u16(kind);
        self.u16(value.len() as u16);
        self.body.extend_from_slice(value);
        self.pad();
    }

    fn end_of_options(&mut self) {
        self.u16(END);
        self.u16(0);
    }

    fn pad(&mut self) {
        self.body.resize(self.body.len().next_multiple_of(4), 0);
    }

    fn u16(&mut self, value: u16) {
        self.body.extend(value.to_le_bytes());
    }

    fn u32(&mut self, value: u32) {
        self.body.extend(value.to_le_bytes());
    }

    /// The block of what was put together since the last.
    fn write(&mut self, kind: u32) -> io::Result<()> {
        let length = (self.body.len() as u32 + 12).to_le_bytes();
        self.to.write_all(&kind.to_le_bytes())?;
        self.to.write_all(&length)?;
        self.to.write_all(&self.body)?;
        self.to.write_all(&length)?;
        self.body.clear();
        Ok(())
    }
}
