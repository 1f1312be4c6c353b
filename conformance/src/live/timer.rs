//! Waiting for an instant, in tokio. Its own timer counts whole milliseconds and rounds up, which is
//! more than the whole delay of a wired link; here the kernel wakes at the instant itself.
//!
//! On Linux an [`Alarm`] is a timerfd: it wakes tokio's poll like a socket does, no thread waits and
//! nothing spins but for the last microseconds. A timer slack does not apply to it. Elsewhere it is tokio's sleep, with its
//! millisecond. Not here: what is waited for.

#[cfg(any(target_os = "linux", target_os = "android"))]
#[path = "timer/kernel.rs"]
mod clock;
#[cfg(not(any(target_os = "linux", target_os = "android")))]
#[path = "timer/sleep.rs"]
mod clock;

pub use self::clock::Alarm;

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use tokio::runtime::Builder;

    use super::*;

    fn in_tokio<T>(future: impl Future<Output = T>) -> T {
        let runtime = Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(future)
    }

    #[test]
    fn it_never_rings_early() {
        in_tokio(async {
            let mut alarm = Alarm::new().expect("an alarm");
            for micros in [0, 1, 300, 2_500] {
                let at = Instant::now() + Duration::from_micros(micros);
                alarm.set(at);
                alarm.rang().await;
                assert!(Instant::now() >= at, "{micros} us");
            }
        });
    }

    #[test]
    fn what_is_past_rings_at_once_and_once() {
        in_tokio(async {
            let mut alarm = Alarm::new().expect("an alarm");
            alarm.set(Instant::now());
            alarm.rang().await;
            tokio::select! {
                biased;
                () = alarm.rang() => panic!("it rang twice"),
                () = tokio::time::sleep(Duration::from_millis(5)) => {}
            }
        });
    }

    #[test]
    fn setting_it_anew_forgets_what_was_set() {
        in_tokio(async {
            let mut alarm = Alarm::new().expect("an alarm");
            alarm.set(Instant::now());
            // The kernel has rung by now, and nobody has asked yet.
            tokio::time::sleep(Duration::from_millis(2)).await;
            let at = Instant::now() + Duration::from_millis(3);
            alarm.set(at);
            alarm.rang().await;
            assert!(Instant::now() >= at);
        });
    }

    #[test]
    fn one_that_was_cleared_does_not_ring() {
        in_tokio(async {
            let mut alarm = Alarm::new().expect("an alarm");
            alarm.set(Instant::now() + Duration::from_millis(1));
            alarm.clear();
            tokio::select! {
                () = alarm.rang() => panic!("it rang"),
                () = tokio::time::sleep(Duration::from_millis(5)) => {}
            }
        });
    }

    #[test]
    fn waiting_can_be_given_up_and_taken_up_again() {
        in_tokio(async {
            let mut alarm = Alarm::new().expect("an alarm");
            let at = Instant::now() + Duration::from_millis(3);
            alarm.set(at);
            tokio::select! {
                biased;
                () = alarm.rang() => panic!("it rang early"),
                () = std::future::ready(()) => {}
            }
            alarm.rang().await;
            assert!(Instant::now() >= at);
        });
    }
}
