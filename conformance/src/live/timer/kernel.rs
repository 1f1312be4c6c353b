//! The alarm as a timerfd. It is asked to ring earlier by as much as it is always late, and what is left when it
//! rings is waited for on the processor: some microseconds, seldom.

mod lateness;

use std::hint::spin_loop;
use std::io;
use std::os::fd::OwnedFd;
use std::time::Instant;

use rustix::time::{
    ClockId, Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, clock_gettime,
    timerfd_create, timerfd_settime,
};
use tokio::io::unix::AsyncFd;

use self::lateness::Lateness;

/// Rings at an instant, within some tens of microseconds after it and never before.
#[derive(Debug)]
pub struct Alarm {
    fd: AsyncFd<OwnedFd>,
    /// When it rings. Setting it to the same again costs nothing.
    set: Option<Instant>,
    /// When the kernel was asked to ring, where that was still to come.
    asked: Option<Instant>,
    lateness: Lateness,
}

impl Alarm {
    /// An alarm that is not set.
    ///
    /// # Errors
    /// The process has no descriptor left.
    ///
    /// # Panics
    /// Outside of a tokio runtime with I/O.
    pub fn new() -> io::Result<Self> {
        let fd = timerfd_create(
            TimerfdClockId::Monotonic,
            TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC,
        )?;
        #[expect(
            deprecated,
            reason = "its successor is unsafe, for descriptors that change while they are registered; \
                      an OwnedFd in a private field does not"
        )]
        let fd = AsyncFd::new(fd)?;
        Ok(Self {
            fd,
            set: None,
            asked: None,
            lateness: Lateness::default(),
        })
    }

    /// Rings at this instant, at once where it is past, and not for what was set before.
    pub fn set(&mut self, at: Instant) {
        if self.set != Some(at) {
            self.set = Some(at);
            let early = at.checked_sub(self.lateness.usual()).unwrap_or(at);
            self.asked = (early > Instant::now()).then_some(early);
            self.arm(on_the_kernels_clock(early));
        }
    }

    /// Does not ring.
    pub fn clear(&mut self) {
        if self.set.take().is_some() {
            self.arm(NEVER);
        }
    }

    /// Returns when it rings, once for each time that it is set; never while it is not set. May be
    /// given up and called again.
    pub async fn rang(&mut self) {
        loop {
            let Ok(mut ready) = self.fd.readable().await else {
                // The runtime is being taken down, and this task with it.
                return std::future::pending().await;
            };
            let mut times = [0; 8];
            let read = ready.try_io(|fd| Ok(rustix::io::read(fd, &mut times)?));
            // Nothing to read: it was set anew after it had rung.
            if matches!(read, Ok(Ok(_))) {
                if let Some(asked) = self.asked.take() {
                    self.lateness.saw(asked.elapsed());
                }
                let at = self.set.take();
                while at.is_some_and(|at| Instant::now() < at) {
                    spin_loop();
                }
                return;
            }
        }
    }

    fn arm(&self, at: Timespec) {
        let once = Itimerspec {
            it_interval: NEVER,
            it_value: at,
        };
        timerfd_settime(&self.fd, TimerfdTimerFlags::ABSTIME, &once)
            .expect("the descriptor is a timer and the time is in its form");
    }
}

/// What the kernel takes for "not set".
const NEVER: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 0,
};

/// The same instant as the kernel's clock has it. The standard library reads that clock as well but
/// does not say what it read.
fn on_the_kernels_clock(at: Instant) -> Timespec {
    // The other way round, an interruption between the two lines would ring early.
    let ahead = at.saturating_duration_since(Instant::now());
    let now = clock_gettime(ClockId::Monotonic);
    let nanos = now.tv_nsec + i64::from(ahead.subsec_nanos());
    Timespec {
        tv_sec: now
            .tv_sec
            .saturating_add_unsigned(ahead.as_secs())
            .saturating_add(nanos / NANOS),
        tv_nsec: nanos % NANOS,
    }
}

const NANOS: i64 = 1_000_000_000;
