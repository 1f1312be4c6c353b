//! Writes impairments in the words of tc-netem, so that what a data file says can be tried on a
//! real interface.

use std::fmt;

use super::impairment::{
    Delay, Distribution, Event, Impairment, Loss, Rate, Schedule, Slot, SlotDelay,
};
use super::units::{Probability, Tc, TcRate};
use crate::time::Span;

impl Impairment {
    /// The command that does the same to a real interface of Linux: `tc qdisc replace dev eth0 root
    /// netem …`. What tc cannot do follows as a comment of the shell.
    pub fn tc_line(&self, dev: &str) -> String {
        let mut line = vec![format!("tc qdisc replace dev {dev} root netem")];
        line.extend(self.tc_words());
        let ours = self.own_words();
        if !ours.is_empty() {
            line.push("# not in tc:".to_owned());
            line.extend(ours);
        }
        line.join(" ")
    }

    /// The parameters that tc knows.
    fn tc_words(&self) -> Vec<String> {
        let mut words = Vec::new();
        if self.limit != Self::TC_LIMIT {
            words.push(format!("limit {}", self.limit));
        }
        delay(&self.delay, &mut words);
        loss(&self.loss, &mut words);
        if self.ecn {
            words.push("ecn".to_owned());
        }
        for (name, what) in [
            ("corrupt", self.corrupt),
            ("duplicate", self.duplicate),
            ("reorder", self.reorder),
        ] {
            if what.probability > Probability::NEVER {
                event(name, what, &mut words);
            }
        }
        if self.gap > 0 {
            words.push(format!("gap {}", self.gap));
        }
        if let Some(it) = &self.rate {
            rate(it, &mut words);
        }
        if let Some(it) = &self.slot {
            slot(it, &mut words);
        }
        words
    }

    /// The parameters that tc does not know.
    fn own_words(&self) -> Vec<String> {
        let mut words = Vec::new();
        if !self.drop_list.is_empty() {
            let numbers: Vec<String> = self.drop_list.iter().map(u32::to_string).collect();
            words.push(format!("droplist {}", numbers.join(",")));
        }
        if let Some(Schedule { on, off }) = self.schedule {
            words.push(format!("schedule {} {}", Tc(on), Tc(off)));
        }
        if self.down {
            words.push("down".to_owned());
        }
        words
    }
}

impl fmt::Display for Impairment {
    /// The words that its `FromStr` reads; nothing for a perfect wire.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut words = self.tc_words();
        words.extend(self.own_words());
        f.write_str(&words.join(" "))
    }
}

impl From<Impairment> for String {
    fn from(impairment: Impairment) -> Self {
        impairment.to_string()
    }
}

fn delay(delay: &Delay, words: &mut Vec<String>) {
    let varies = delay.jitter > Span::ZERO;
    if delay.time == Span::ZERO && !varies {
        return;
    }
    words.push(format!("delay {}", Tc(delay.time)));
    if varies {
        words.push(Tc(delay.jitter).to_string());
        if delay.correlation > Probability::NEVER {
            words.push(delay.correlation.to_string());
        }
        // tc comes without a table for the uniform one: that is what it does when none is named.
        if delay.distribution != Distribution::Uniform {
            words.push(format!("distribution {}", delay.distribution));
        }
    }
}

fn loss(loss: &Loss, words: &mut Vec<String>) {
    match *loss {
        Loss::None => {}
        Loss::Random(what) => event("loss random", what, words),
        Loss::State {
            p13,
            p31,
            p32,
            p23,
            p14,
        } => words.push(format!("loss state {p13} {p31} {p32} {p23} {p14}")),
        Loss::Gemodel {
            p,
            r,
            one_minus_h,
            one_minus_k,
        } => words.push(format!("loss gemodel {p} {r} {one_minus_h} {one_minus_k}")),
    }
}

fn event(name: &str, event: Event, words: &mut Vec<String>) {
    words.push(format!("{name} {}", event.probability));
    if event.correlation > Probability::NEVER {
        words.push(event.correlation.to_string());
    }
}

fn rate(rate: &Rate, words: &mut Vec<String>) {
    words.push(format!("rate {}", TcRate(rate.bits)));
    let more = [
        i64::from(rate.packet_overhead),
        i64::from(rate.cell_size),
        i64::from(rate.cell_overhead),
    ];
    // They are told apart by their places only.
    let used = more.iter().rposition(|&n| n != 0).map_or(0, |at| at + 1);
    words.extend(more[..used].iter().map(i64::to_string));
}

fn slot(slot: &Slot, words: &mut Vec<String>) {
    match slot.every {
        SlotDelay::Between { min, max } => {
            words.push(format!("slot {}", Tc(min)));
            if max > min {
                words.push(Tc(max).to_string());
            }
        }
        SlotDelay::Distribution {
            shape,
            delay,
            jitter,
        } => words.push(format!(
            "slot distribution {shape} {} {}",
            Tc(delay),
            Tc(jitter)
        )),
    }
    if slot.packets > 0 {
        words.push(format!("packets {}", slot.packets));
    }
    if slot.bytes > 0 {
        words.push(format!("bytes {}", slot.bytes));
    }
}

impl fmt::Display for Distribution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Uniform => "uniform",
            Self::Normal => "normal",
            Self::Pareto => "pareto",
            Self::ParetoNormal => "paretonormal",
        })
    }
}
