//! A link: one radio or wire between the terminal and the host, and everything that runs over it.
//! It brings packets, timers and the phases of its profile into one order of time.

use rand_chacha::rand_core::Rng;

use super::counters::Counters;
use super::netem::{Impairment, Netem};
use super::profiles::{Phase, Profile};
use super::stream::{Connection, StreamFaults};
use super::wire::Wire;
use super::{ConnId, Direction, Listener, Output, Refusal, Side};
use crate::random::{Chance, Seeds};
use crate::time::{Span, Time};

/// One radio or wire.
///
/// Calls carry the time, which never goes back; whatever was due before a call happens before it.
/// [`Link::poll`] is asked until it is empty after each of them.
#[derive(Clone, Debug)]
pub struct Link {
    wire: Wire,
    /// By their ids.
    conns: Vec<Connection>,
    /// What the bench says the far end does.
    listener: Listener,
    /// What the profile says the far end does, which goes first.
    profile_listener: Option<Listener>,
    /// Faults of connections made from now on, by the end towards which they are.
    faults: [StreamFaults; 2],
    /// Whether the terminal has power.
    powered: bool,
    phases: Phases,
}

/// The phases of the profile in force, where there is more than one. They ask for no wakes: a phase
/// is made up for when something next happens, so that a link at rest stays at rest.
#[derive(Clone, Debug)]
struct Phases {
    list: Vec<Phase>,
    current: usize,
    until: Time,
    chance: Chance,
}

/// The connection is not open at this end: it never was, or has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("connection {} is not open at the {side:?}: nothing can be written to it", .conn.0)]
pub struct NotOpen {
    /// Which connection.
    pub conn: ConnId,
    /// At which end.
    pub side: Side,
}

impl Link {
    /// A link of this name under a profile. Its name decides, with the scenario's seeds, what its
    /// chances are: components `link.NAME.up`, `link.NAME.down` and `link.NAME.phase`.
    ///
    /// Terminals take every link for up at first: one whose profile has no network says so at once.
    pub fn new(now: Time, name: &str, profile: &Profile, seeds: &Seeds) -> Self {
        let chance = |part: &str| seeds.component(&["link.", name, part].concat());
        let phases = Phases::new(now, profile, chance(".phase"));
        let perfect = Impairment::default();
        let phase = profile.phases.get(phases.current);
        let (up, down) = phase.map_or((&perfect, &perfect), |phase| (&phase.up, &phase.down));
        let netems = [
            Netem::new(up, chance(".up")),
            Netem::new(down, chance(".down")),
        ];
        let mut link = Self {
            wire: Wire::new(netems),
            conns: Vec::new(),
            listener: Listener::Accepting,
            profile_listener: profile.listener,
            faults: [StreamFaults::default(); 2],
            powered: true,
            phases,
        };
        link.set_up(now, profile.carrier);
        link
    }

    /// Puts the link under another profile, in the middle of whatever runs over it. Packets on
    /// their way keep their fate.
    pub fn set_profile(&mut self, now: Time, profile: &Profile) {
        self.run(now);
        self.profile_listener = profile.listener;
        self.phases.begin(now, profile);
        if let Some(phase) = profile.phases.get(self.phases.current) {
            self.wire.impair(&phase.up, &phase.down);
        }
        self.set_up(now, profile.carrier);
    }

    /// Gives one direction other impairments and ends the phases of the profile, if it has any.
    pub fn impair(&mut self, now: Time, direction: Direction, impairment: &Impairment) {
        self.run(now);
        self.phases.list.clear();
        self.phases.until = Time::NEVER;
        self.wire.netems[direction.index()].set(impairment);
    }

    /// The modem loses or regains its network. No connection ends by that alone: it stalls, and is
    /// reset when its sender gives up.
    pub fn set_up(&mut self, now: Time, up: bool) {
        self.run(now);
        if up != self.wire.up {
            self.wire.up = up;
            self.wire.outputs.push_back(Output::Carrier { up });
        }
    }

    /// Whether the modem has a network.
    pub fn is_up(&self) -> bool {
        self.wire.up
    }

    /// What the far end does with connections that arrive from now on, unless the profile knows
    /// better.
    pub fn set_listener(&mut self, listener: Listener) {
        self.listener = listener;
    }

    /// What a wish to connect meets now, as far as the link knows before it is made.
    pub fn meets(&self) -> Listener {
        let dead = |netem: &Netem| netem.impairment().loss.is_total();
        if self.wire.up && !self.wire.netems.iter().any(dead) {
            self.profile_listener.unwrap_or(self.listener)
        } else {
            Listener::Silent
        }
    }

    /// Arms faults for the bytes towards one end of connections made from now on.
    pub fn set_faults(&mut self, to: Side, faults: &StreamFaults) {
        self.faults[to.index()] = *faults;
    }

    /// Arms faults for the bytes towards one end of a connection that exists.
    ///
    /// # Errors
    /// [`NotOpen`] where it does not.
    pub fn set_faults_of(
        &mut self,
        conn: ConnId,
        to: Side,
        faults: &StreamFaults,
    ) -> Result<(), NotOpen> {
        let found = self.find(conn).ok_or(NotOpen { conn, side: to })?;
        self.conns[found].set_faults(to, faults);
        Ok(())
    }

    /// Whether [`Output::Packet`] is put out.
    pub fn set_tracing(&mut self, tracing: bool) {
        self.wire.tracing = tracing;
    }

    /// What was counted so far.
    pub fn counters(&self) -> &Counters {
        &self.wire.counters
    }

    /// The impairments in force in one direction.
    pub fn impairment(&self, direction: Direction) -> &Impairment {
        self.wire.netems[direction.index()].impairment()
    }

    /// The terminal connects to the host. `conn` is new on this link. Over a link that is down it
    /// is refused as unreachable at once; without an answer it is refused after `timeout`.
    pub fn connect(&mut self, now: Time, conn: ConnId, timeout: Span) {
        self.run(now);
        if !self.wire.up {
            let reason = Refusal::Unreachable;
            self.wire
                .outputs
                .push_back(Output::Refused { conn, reason });
            return;
        }
        debug_assert!(self.find(conn).is_none(), "{conn:?} is in use");
        let connection = Connection::connect(now, conn, timeout, &self.faults, &mut self.wire);
        let place = self.conns.partition_point(|other| other.id < conn);
        self.conns.insert(place, connection);
    }

    /// Writes bytes at one end.
    ///
    /// # Errors
    /// [`NotOpen`] where this end is not connected, or no longer.
    pub fn write(
        &mut self,
        now: Time,
        conn: ConnId,
        side: Side,
        bytes: Vec<u8>,
    ) -> Result<(), NotOpen> {
        self.run(now);
        let found = self.writable(conn, side)?;
        self.conns[found].write(now, side, bytes, &mut self.wire);
        Ok(())
    }

    /// One end will write nothing more and goes on hearing, as a socket of which only the sending half
    /// is shut down. [`Link::close`] is due when it has heard the end as well.
    ///
    /// # Errors
    /// [`NotOpen`] where this end is not connected, or no longer, or has said so before.
    pub fn finish(&mut self, now: Time, conn: ConnId, side: Side) -> Result<(), NotOpen> {
        self.run(now);
        let found = self.writable(conn, side)?;
        self.conns[found].finish(now, side, &mut self.wire);
        Ok(())
    }

    /// One end closes: what it wrote still goes across, and it hears no more of the connection.
    /// Bytes that arrive for it later are answered by a reset. Nothing where there is no such
    /// connection.
    pub fn close(&mut self, now: Time, conn: ConnId, side: Side) {
        self.with(now, conn, |conn, wire| conn.close(now, side, wire));
    }

    /// One end resets the connection and hears no more of it. The other end is reset when the reset
    /// arrives, or when it sends and is told that there is no connection. Nothing where there is no
    /// such connection.
    pub fn abort(&mut self, now: Time, conn: ConnId, side: Side) {
        self.with(now, conn, |conn, wire| conn.abort(now, side, wire));
    }

    /// One end is no more and never answers again, as after a crash or behind an address
    /// translation that forgot: the other end stands half open. It stalls when it writes, and is
    /// reset when it gives up.
    pub fn vanish(&mut self, now: Time, conn: ConnId, side: Side) {
        self.with(now, conn, |conn, _| {
            conn.vanish(side);
            conn.mute(side);
        });
    }

    /// From now on nothing passes over the connection in either direction, and nobody is told.
    pub fn sever(&mut self, now: Time, conn: ConnId) {
        self.with(now, conn, |conn, _| conn.sever());
    }

    /// The terminal loses power: its ends of all connections are no more, and it is told nothing of
    /// them ever. The host is not told; what it sends finds nobody. Once the terminal has power
    /// again ([`Link::power_on`]) it answers with a reset, as a restarted device does.
    pub fn power_cut(&mut self, now: Time) {
        self.run(now);
        self.powered = false;
        for conn in &mut self.conns {
            conn.vanish(Side::Terminal);
        }
        self.conns.retain(|conn| !conn.is_over());
        self.wire.outputs.retain(|output| match output {
            Output::Connected { side, .. } | Output::Closed { side, .. } => *side == Side::Host,
            Output::Data { to, .. } => *to == Side::Host,
            Output::Refused { .. } => false,
            Output::Unheard { .. }
            | Output::Carrier { .. }
            | Output::Fault(_)
            | Output::Packet(_) => true,
        });
    }

    /// The terminal has power again.
    pub fn power_on(&mut self, now: Time) {
        self.run(now);
        self.powered = true;
    }

    /// When to call [`Link::wake`]; `None` when nothing is pending.
    pub fn wake_at(&self) -> Option<Time> {
        let next = self.wire.next().min(self.next_timer());
        (next != Time::NEVER).then_some(next)
    }

    /// Does everything that is due until `now`.
    pub fn wake(&mut self, now: Time) {
        self.run(now);
    }

    /// What happened, the oldest first; `None` when everything was told.
    pub fn poll(&mut self) -> Option<Output> {
        self.wire.outputs.pop_front()
    }

    fn next_timer(&self) -> Time {
        let timers = self.conns.iter().map(|conn| conn.next);
        timers.min().unwrap_or(Time::NEVER)
    }

    fn find(&self, conn: ConnId) -> Option<usize> {
        self.conns.binary_search_by_key(&conn, |conn| conn.id).ok()
    }

    fn writable(&self, conn: ConnId, side: Side) -> Result<usize, NotOpen> {
        self.find(conn)
            .filter(|&found| self.conns[found].is_writable(side))
            .ok_or(NotOpen { conn, side })
    }

    fn with(&mut self, now: Time, conn: ConnId, act: impl FnOnce(&mut Connection, &mut Wire)) {
        self.run(now);
        if let Some(found) = self.find(conn) {
            act(&mut self.conns[found], &mut self.wire);
            self.settle(found);
        }
    }

    /// Forgets a connection that is over.
    fn settle(&mut self, found: usize) {
        if self.conns[found].is_over() {
            self.conns.remove(found);
        }
    }

    /// Everything that is due until `now`, in the order of time; at one instant the phase changes
    /// first, then packets arrive, then time runs out.
    fn run(&mut self, now: Time) {
        loop {
            let (packet, timer) = (self.wire.next(), self.next_timer());
            let at = packet.min(timer).min(self.phases.until);
            if at > now || at == Time::NEVER {
                return;
            }
            if at == self.phases.until {
                let phase = self.phases.advance();
                self.wire.impair(&phase.up, &phase.down);
            } else if at == packet {
                self.arrive(at);
            } else if let Some(found) = self.conns.iter().position(|conn| conn.next == at) {
                self.conns[found].due(at, &mut self.wire);
                self.settle(found);
            }
        }
    }

    fn arrive(&mut self, at: Time) {
        let listener = self.profile_listener.unwrap_or(self.listener);
        // A connection that both ends have finished with is forgotten, and so are its stragglers.
        if let Some(packet) = self.wire.arrive()
            && (self.powered || packet.direction == Direction::Up)
            && let Some(found) = self.find(packet.conn)
        {
            self.conns[found].arrive(at, packet, listener, &mut self.wire);
            self.settle(found);
        }
    }
}

impl Phases {
    fn new(now: Time, profile: &Profile, chance: Chance) -> Self {
        let mut phases = Self {
            list: Vec::new(),
            current: 0,
            until: Time::NEVER,
            chance,
        };
        phases.begin(now, profile);
        phases
    }

    /// Enters a profile. One with a random start is entered anywhere in its cycle.
    fn begin(&mut self, now: Time, profile: &Profile) {
        self.list.clear();
        (self.current, self.until) = (0, Time::NEVER);
        let cycle: u64 = profile.phases.iter().map(|p| p.lasts.as_micros()).sum();
        if profile.phases.len() < 2 || cycle == 0 {
            return;
        }
        self.list.clone_from(&profile.phases);
        let mut into = if profile.random_start {
            ((u128::from(self.chance.next_u64()) * u128::from(cycle)) >> 64) as u64
        } else {
            0
        };
        while into >= self.list[self.current].lasts.as_micros() {
            into -= self.list[self.current].lasts.as_micros();
            self.current += 1;
        }
        self.until = now + (self.list[self.current].lasts - Span::from_micros(into));
    }

    /// The next phase, which begins where the current one ends.
    fn advance(&mut self) -> &Phase {
        self.current = (self.current + 1) % self.list.len();
        let phase = &self.list[self.current];
        self.until += phase.lasts;
        phase
    }
}
