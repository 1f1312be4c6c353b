//! A terminal that only a person can operate: the suite says what to do, and is told what screen and
//! receipt say. What the device does to the acquirer is seen on its connections, as in live mode; money
//! is judged from there.
//!
//! | file | what is in it |
//! | --- | --- |
//! | `answers` | what a person can say, and what it means |
//! | `script` | answers from a file, for a machine that stands in for the person |
//! | `person` | who types, for the whole run |
//! | `code` | payment codes as a person can hold them before a scanner |
//!
//! Not here: the sentences ([`crate::texts::operator`]).

mod answers;
mod code;
mod person;
mod script;

use std::io::{self, Write as _};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use counterproof_sim::link::Listener;
use counterproof_sim::terminal::{
    Action, Boot, Capabilities, Event, Flow, Identity, Live, Mode, PaidOperation, Reply,
    ScannerKind, Setup, Terminal, TerminalError, Waited,
};
use counterproof_sim::time::{Span, Time};
use counterproof_sim::vocabulary::{Face, Lang};
use tempfile::TempDir;

use self::answers::{About, Answer};
pub use self::person::Person;
pub use self::script::{Script, ScriptError};
use super::live::{Came, Input, LiveMode, Port, Stamped};
use super::trouble::Trouble;
use crate::texts::operator as texts;

/// How the person is asked.
#[derive(Clone, Debug)]
pub struct Desk {
    /// Who answers.
    pub answers: Answers,
    /// How long an answer is waited for.
    pub within: Duration,
    /// Language of the sentences.
    pub lang: Lang,
}

/// Who answers what is asked.
#[derive(Clone, Debug)]
pub enum Answers {
    /// A file.
    Script(Arc<Script>),
    /// A person.
    Person(Arc<Person>),
}

/// A device in a person's hands.
pub struct Operator {
    desk: Desk,
    port: Port,
    /// What the person is to look out for, and since when.
    about: Option<(About, Instant)>,
    /// Codes as pictures.
    pictures: TempDir,
    boot: u64,
}

impl Operator {
    /// Nobody has been asked anything yet.
    ///
    /// # Errors
    /// When there is no room for pictures of codes.
    pub fn new(desk: Desk, mode: &LiveMode) -> io::Result<Self> {
        let mut port = Port::new(mode.clone());
        let boot = port.next_boot();
        Ok(Self {
            pictures: tempfile::Builder::new().prefix("counterproof-").tempdir()?,
            about: None,
            boot,
            port,
            desk,
        })
    }

    /// What a device in a person's hands is taken to be able to do.
    pub fn identity() -> Identity {
        Identity {
            protocol: 1,
            name: "device in an operator's hands".into(),
            vendor: "".into(),
            version: "".into(),
            build: "".into(),
            capabilities: Capabilities {
                reset: false,
                modes: vec![Mode::Live],
                flows: vec![
                    Flow::Scan,
                    Flow::Show,
                    Flow::Refund,
                    Flow::Void,
                    Flow::Settle,
                ],
                scanner: vec![ScannerKind::Text],
                manual_code: true,
                printer: true,
                links: 1,
                self_test: false,
                device_log: false,
                power_control: true,
            },
            wake_at: None,
        }
    }

    /// Asks, and lets a script answer where there is one.
    fn ask(&mut self, question: &str, about: About) {
        say(question);
        let (post, boot) = (self.port.post(), self.boot);
        match &self.desk.answers {
            Answers::Person(person) => person.answers(post, boot),
            Answers::Script(script) => {
                if let Some((answer, after)) = script.answer(&about) {
                    thread::spawn(move || {
                        thread::sleep(after);
                        let (at, what) = (Instant::now(), Input::Line(boot, answer.into_bytes()));
                        let _ = post.send(Stamped { at, what });
                    });
                }
            }
        }
        self.about = Some((about, Instant::now()));
    }

    /// Asks for something to be done, and waits until it is.
    fn have_done(&mut self, question: &str) -> Result<(), TerminalError> {
        self.ask(question, About::Done);
        let deadline = Instant::now() + self.desk.within;
        loop {
            match self.port.line(self.boot, deadline) {
                None => return Err(self.given_up()),
                Some(line) => match Answer::read(&line, &About::Done) {
                    Some(Answer::Done) => break,
                    Some(Answer::GivenUp) => return Err(self.given_up()),
                    _ => say(&texts::enter_when_done(self.desk.lang)),
                },
            }
        }
        self.about = None;
        Ok(())
    }

    fn given_up(&mut self) -> TerminalError {
        self.about = None;
        TerminalError::GivenUp {
            what: texts::given_up(self.desk.lang),
        }
    }

    /// What the person is told of an event; `None` where it is none of theirs.
    fn instruct(&mut self, event: &Event) -> Option<(String, Option<About>)> {
        let lang = self.desk.lang;
        let of = |order: &str, operation| Some(About::Order(order.into(), operation));
        Some(match event {
            Event::Pay {
                order,
                amount,
                flow: Flow::Scan,
            } => (
                texts::pay(lang, order, yuan(*amount)),
                of(order, PaidOperation::Pay),
            ),
            Event::Pay { order, amount, .. } => (
                texts::pay_by_shown_code(lang, order, yuan(*amount)),
                of(order, PaidOperation::Pay),
            ),
            Event::Refund { order, amount } => (
                texts::refund(lang, order, yuan(*amount)),
                of(order, PaidOperation::Refund),
            ),
            Event::Void { order } => (texts::void(lang, order), of(order, PaidOperation::Void)),
            Event::Cancel => (texts::cancel(lang), None),
            Event::ManualCode { text } => (texts::type_code(lang, text), None),
            Event::Settle => (texts::settle(lang), None),
            Event::SignIn => (texts::sign_in(lang), None),
            Event::Status { order } => (texts::status(lang, order), of(order, PaidOperation::Pay)),
            Event::Reprint => (texts::reprint(lang), None),
            Event::ScannerRead { text, .. } => {
                let picture = self.pictures.path().join("code.png");
                let drawn = code::draw(text);
                let path = code::save(text, &picture)
                    .map_or_else(|_| String::new(), |()| picture.display().to_string());
                (texts::hold_code(lang, drawn, path), None)
            }
            Event::PrinterFault { kind } => {
                let sentence = match kind {
                    counterproof_sim::terminal::PrinterFault::Ok => texts::paper_in(lang),
                    _ => texts::paper_out(lang),
                };
                (sentence, None)
            }
            Event::ScannerFault { kind } => {
                let sentence = match kind {
                    counterproof_sim::terminal::ScannerFault::Ok => texts::scanner_free(lang),
                    _ => texts::scanner_covered(lang),
                };
                (sentence, None)
            }
            _ => return None,
        })
    }
}

impl Terminal for Operator {
    fn initialize(&mut self, setup: &Setup) -> Result<Identity, TerminalError> {
        let lang = self.desk.lang;
        let mut setup = setup.clone();
        self.port.power_cut();
        let broken = |error| Trouble::System(error).broken("initialize", "", lang);
        self.port.prepare(&mut setup).map_err(broken)?;
        let addresses: Vec<&str> = setup.host.links.iter().map(|l| &*l.address).collect();
        let card = texts::card(
            lang,
            addresses.join(", "),
            &setup.terminal.id,
            &setup.terminal.merchant,
            setup.terminal.first_stan,
        );
        let question = match setup.boot {
            Boot::Factory => texts::factory(lang, card),
            Boot::Cold => texts::switch_on(lang),
        };
        self.have_done(&question)?;
        self.port.started(setup.now);
        Ok(Self::identity())
    }

    fn event(&mut self, _at: Time, event: &Event, reply: &mut Reply) -> Result<(), TerminalError> {
        if self.port.tell(event) {
            return Ok(());
        }
        let unsupported = TerminalError::Unsupported {
            event: event.name().into(),
        };
        match event {
            // The suite's network fails by itself: nothing is to be done at the device.
            Event::LinkDown { .. } | Event::LinkUp { .. } | Event::Wake => return Ok(()),
            _ => {}
        }
        let (sentence, about) = self.instruct(event).ok_or(unsupported)?;
        match about {
            Some(about) => {
                let question = texts::and_then_say(self.desk.lang, sentence);
                self.ask(&question, about);
            }
            None => say(&sentence),
        }
        if let Event::Pay {
            flow: Flow::Scan, ..
        } = event
        {
            // Whether the device waits for a code cannot be seen from here; the person sees it.
            reply.actions.push(Action::ScannerOn);
        }
        Ok(())
    }

    fn cut_power(&mut self) -> Result<(), TerminalError> {
        let question = texts::pull_the_plug(self.desk.lang);
        self.have_done(&question)?;
        self.port.power_cut();
        Ok(())
    }

    fn cut_power_during(
        &mut self,
        at: Time,
        event: &Event,
        _writes: Option<u32>,
    ) -> Result<(), TerminalError> {
        self.event(at, event, &mut Reply::default())?;
        self.cut_power()
    }

    fn live(&mut self) -> Option<&mut dyn Live> {
        Some(self)
    }
}

impl Live for Operator {
    fn wait(&mut self, until: Time, actions: &mut Vec<Action>) -> Result<Waited, TerminalError> {
        let lang = self.desk.lang;
        let broken = |trouble: Trouble| trouble.broken("live", "", lang);
        loop {
            let (waited, came) = match self.port.wait(until) {
                Err(Trouble::Closed) => return Err(self.given_up()),
                other => other.map_err(broken)?,
            };
            match came {
                None => {
                    let within = self.desk.within;
                    if self
                        .about
                        .as_ref()
                        .is_some_and(|(_, since)| since.elapsed() > within)
                    {
                        return Err(self.given_up());
                    }
                    return Ok(waited);
                }
                Some(Came::Action(action)) => {
                    actions.push(action);
                    return Ok(waited);
                }
                Some(Came::Line(line)) => {
                    let about = self
                        .about
                        .as_ref()
                        .map_or(About::Done, |(about, _)| about.clone());
                    match Answer::read(&line, &about) {
                        Some(Answer::Seen(seen)) => {
                            if seen.iter().any(is_final) {
                                self.about = None;
                            }
                            actions.extend(seen);
                            return Ok(waited);
                        }
                        Some(Answer::GivenUp) => return Err(self.given_up()),
                        Some(Answer::Done) => {}
                        None => say(&texts::not_understood(lang)),
                    }
                }
            }
        }
    }

    fn listen(&mut self, link: usize, listener: Listener, face: Option<Face>) {
        if let Err(error) = self.port.listen(link, listener, face) {
            say(&error.to_string());
        }
    }

    fn scale(&self) -> u32 {
        self.port.scale()
    }

    fn tolerance(&self) -> Span {
        self.port.tolerance()
    }
}

/// Tells the person something.
fn say(sentence: &str) {
    // Where standard error is closed there is nobody to be told.
    let _ = writeln!(io::stderr().lock(), "{sentence}");
}

fn is_final(action: &Action) -> bool {
    matches!(action, Action::Outcome(outcome) if outcome.status.is_final())
}

fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    format!(
        "{sign}{}.{:02}",
        fen.unsigned_abs() / 100,
        fen.unsigned_abs() % 100
    )
}
