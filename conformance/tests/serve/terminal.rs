//! A terminal that does what a test or a bench wants, on a real socket; and the API as a program asks it.

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

use counterproof_sim::iso8583::de60::{self, De60};
use counterproof_sim::iso8583::de61::De61;
use counterproof_sim::iso8583::keys::{Delivery, Key, WorkingKeys};
use counterproof_sim::iso8583::{Dialect, Field, MacKey, Message, Mti};
use counterproof_sim::money::Fen;

pub const MERCHANT: &str = "898310000000001";
pub const MASTER: [u8; 16] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];

/// What a terminal knows.
#[derive(Clone)]
pub struct Terminal {
    pub id: String,
    pub merchant: String,
    pub mac: Option<MacKey>,
    pub stan: u32,
}

impl Terminal {
    /// The one with this number among many.
    pub fn number(number: usize) -> Self {
        Self {
            id: format!("{:08}", 10_000_000 + number),
            merchant: MERCHANT.into(),
            mac: None,
            stan: 0,
        }
    }

    pub fn sign_on(&mut self, stream: &mut TcpStream) -> io::Result<String> {
        self.mac = None;
        let mut message = self.head(Mti::SIGN_IN);
        De60::management(1, de60::SIGN_IN).put(&mut message);
        message.set_text(Field::KEYS, "Sequence No123060CP000001");
        message.set_text(Field::REASON, "01 ");
        let answer = exchange(stream, &self.frame(&message))?;
        if let Some(keys) = answer.get(Field::KEYS) {
            let master = Key::new(&MASTER).unwrap();
            let keys = WorkingKeys::receive(&master, Delivery::Double, keys).unwrap();
            let algorithm = Dialect::cup().algorithm();
            self.mac = Some(MacKey::new(algorithm, keys.mac.bytes()).unwrap());
        }
        Ok(code(&answer))
    }

    fn head(&mut self, mti: Mti) -> Message {
        self.stan += 1;
        let mut message = Message::new(mti);
        message.set_text(Field::STAN, &format!("{:06}", self.stan));
        message.set_text(Field::TERMINAL, &self.id);
        message.set_text(Field::MERCHANT, &self.merchant);
        message
    }

    fn at_the_till(&mut self, processing: &str, kind: u8) -> Message {
        let mut message = self.head(Mti::SALE);
        message.set_text(Field::PROCESSING_CODE, processing);
        message.set_text(Field::ENTRY_MODE, "032");
        message.set_text(Field::CONDITION, "00");
        De60::financial(kind, 1).put(&mut message);
        message
    }

    /// The frame of a sale.
    pub fn sale(&mut self, code: &str, fen: u64) -> Vec<u8> {
        let mut sale = self.at_the_till("000000", de60::SALE);
        sale.set(Field::AMOUNT, &Fen::new(fen).n12());
        sale.set_text(Field::CURRENCY, "156");
        Dialect::cup()
            .code()
            .set(&mut sale, code.as_bytes())
            .unwrap();
        self.frame(&sale)
    }

    /// The frame of a query.
    pub fn query(&mut self, stan: u32) -> Vec<u8> {
        let mut query = self.at_the_till("310000", de60::QUERY);
        let original = De61 {
            batch: 1,
            stan,
            date: 0,
        };
        original.put(&mut query);
        self.frame(&query)
    }

    fn frame(&self, message: &Message) -> Vec<u8> {
        let tpdu = [0x60, 0x00, 0x03, 0x00, 0x00];
        let (dialect, mut frame) = (Dialect::cup(), Vec::new());
        match &self.mac {
            Some(key) => dialect.emit_with_mac(tpdu, dialect.header(), message, key, &mut frame),
            None => dialect.emit(tpdu, dialect.header(), message, &mut frame),
        }
        .unwrap();
        frame
    }
}

/// DE39.
pub fn code(answer: &Message) -> String {
    answer.text(Field::RESPONSE).unwrap_or_default().to_owned()
}

/// Sends a frame and reads the answer.
pub fn exchange(stream: &mut TcpStream, frame: &[u8]) -> io::Result<Message> {
    stream.write_all(frame)?;
    read(stream)
}

/// Reads an answer.
pub fn read(stream: &mut TcpStream) -> io::Result<Message> {
    let mut frame = vec![0; 2];
    stream.read_exact(&mut frame)?;
    frame.resize(2 + usize::from(u16::from_be_bytes([frame[0], frame[1]])), 0);
    stream.read_exact(&mut frame[2..])?;
    let packet = Dialect::cup().parse_frame(&frame);
    Ok(packet.map_err(io::Error::other)?.message)
}

/// Asks the API; returns status and body.
pub fn http(
    api: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<&str>,
) -> io::Result<(u16, String)> {
    let mut stream = TcpStream::connect(api)?;
    let mut head = format!("{method} {path} HTTP/1.0\r\n");
    if !headers.iter().any(|(name, _)| *name == "host") {
        head += "host: localhost\r\n";
    }
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    if let Some(body) = body {
        head += &format!(
            "content-type: application/json\r\ncontent-length: {}\r\n",
            body.len()
        );
    }
    write!(stream, "{head}\r\n{}", body.unwrap_or_default())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    Ok((status.unwrap_or(0), body.to_owned()))
}

/// So many fresh codes of Alipay.
pub fn codes(api: SocketAddr, count: usize) -> Vec<String> {
    let body = format!(r#"{{"count":{count},"wallet":"ALI"}}"#);
    let (status, answer) = http(api, "POST", "/v1/codes/many", &[], Some(&body)).unwrap();
    assert_eq!(status, 201, "{answer}");
    let codes: serde_json::Value = serde_json::from_str(&answer).unwrap();
    let codes = codes.as_array().unwrap().iter();
    codes
        .map(|code| code["code"].as_str().unwrap().to_owned())
        .collect()
}
