//! The terminal's links and its connection to the host: one at a time, numbered from 1 within a
//! boot.

use crate::iso8583::Deframer;
use crate::terminal::LinkName;

/// Links and connection.
#[derive(Debug)]
pub(super) struct Line {
    /// Whether each link has its network.
    up: Vec<bool>,
    conn: Option<Conn>,
    last_number: u64,
    /// What came over the connection and is no whole frame yet.
    pub deframer: Deframer,
}

/// A connection, asked for or standing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Conn {
    /// Its number.
    pub number: u64,
    /// Its link, by place in the list.
    pub link: usize,
    /// Whether it stands.
    pub open: bool,
}

impl Line {
    /// All links up, no connection.
    pub(super) fn new(links: usize) -> Self {
        Self {
            up: vec![true; links],
            conn: None,
            last_number: 0,
            deframer: Deframer::new(),
        }
    }

    /// The modem says how a link is; a link that it does not have is ignored. Whether that is
    /// news.
    pub(super) fn set_link(&mut self, links: &[LinkName], link: &str, up: bool) -> bool {
        let place = links.iter().position(|name| **name == *link);
        place.is_some_and(|place| std::mem::replace(&mut self.up[place], up) != up)
    }

    /// Whether the link has its network.
    pub(super) fn is_up(&self, link: usize) -> bool {
        self.up[link]
    }

    /// Whether no link has its network.
    pub(super) fn is_dead(&self) -> bool {
        !self.up.contains(&true)
    }

    /// The first link that is up and not in the set `tried`, beginning with the `first`.
    pub(super) fn pick(&self, first: usize, tried: u32) -> Option<usize> {
        let count = self.up.len();
        (0..count)
            .map(|place| (first + place) % count)
            .find(|&link| self.up[link] && tried & 1 << link == 0)
    }

    /// The connection.
    pub(super) const fn conn(&self) -> Option<Conn> {
        self.conn
    }

    /// The connection, if it stands on a link that has its network.
    pub(super) fn usable(&self) -> Option<Conn> {
        self.conn.filter(|conn| conn.open && self.up[conn.link])
    }

    /// Whether this is the number of the connection.
    pub(super) fn is(&self, number: u64) -> bool {
        self.conn.is_some_and(|conn| conn.number == number)
    }

    /// A new connection over that link is asked for; the result is its number.
    pub(super) fn open(&mut self, link: usize) -> u64 {
        self.last_number += 1;
        self.deframer.reset();
        self.conn = Some(Conn {
            number: self.last_number,
            link,
            open: false,
        });
        self.last_number
    }

    /// The connection stands.
    pub(super) const fn stands(&mut self) {
        if let Some(conn) = &mut self.conn {
            conn.open = true;
        }
    }

    /// The connection is gone; the result is its number.
    pub(super) fn drop_conn(&mut self) -> Option<u64> {
        self.conn.take().map(|conn| conn.number)
    }
}
