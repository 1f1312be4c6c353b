//! DSSE, the envelope of in-toto: a payload and signatures over its type and its bytes. Beyond what
//! DSSE asks, the file has one form only, and every signature must be whole, known or not: whatever is
//! changed in it is noticed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::key::{PrivateKey, PublicKey};
use super::refusal::Refusal;

/// The type of an in-toto statement.
pub const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";

/// A payload with its signatures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Envelope {
    payload_type: String,
    payload: String,
    signatures: Vec<Signed>,
}

/// A signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Signed {
    keyid: String,
    sig: String,
}

/// An envelope whose signatures are whole.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The bytes that were signed.
    pub payload: Vec<u8>,
    /// Who signed, in the order of the envelope.
    pub signers: Vec<PublicKey>,
}

impl Envelope {
    /// Signs the payload.
    pub fn seal<'k>(payload: &[u8], keys: impl IntoIterator<Item = &'k PrivateKey>) -> Self {
        let mut envelope = Self {
            payload_type: PAYLOAD_TYPE.to_owned(),
            payload: STANDARD.encode(payload),
            signatures: Vec::new(),
        };
        for key in keys {
            envelope.sign(payload, key);
        }
        envelope
    }

    fn sign(&mut self, payload: &[u8], key: &PrivateKey) {
        self.signatures.push(Signed {
            keyid: key.public().to_string(),
            sig: STANDARD.encode(key.sign(&pae(&self.payload_type, payload))),
        });
    }

    /// Adds a signature to an envelope whose signatures are whole.
    ///
    /// # Errors
    /// When they are not, or this key has signed already.
    pub fn add(&mut self, key: &PrivateKey, file: &str) -> Result<(), Refusal> {
        let opened = self.open(file)?;
        self.sign(&opened.payload, key);
        self.open(file).map(drop)
    }

    /// Reads the text of a file, which is called `file` in what is said of it.
    ///
    /// # Errors
    /// When it is no envelope, or not in the one form that it is written in.
    pub fn read(text: &[u8], file: &str) -> Result<Self, Refusal> {
        let envelope: Self = serde_json::from_slice(text).map_err(|why| Refusal::Form {
            file: file.to_owned(),
            why: why.to_string(),
        })?;
        if envelope.write().as_bytes() == text {
            Ok(envelope)
        } else {
            Err(Refusal::Edited {
                file: file.to_owned(),
            })
        }
    }

    /// The text of its file.
    pub fn write(&self) -> String {
        let text = serde_json::to_string_pretty(self).expect("texts are JSON");
        text + "\n"
    }

    /// The payload, if every signature is that of the key which it names.
    ///
    /// # Errors
    /// When one is not, when there is none, or one is there twice.
    pub fn open(&self, file: &str) -> Result<Opened, Refusal> {
        let edited = || Refusal::Edited {
            file: file.to_owned(),
        };
        if self.payload_type != PAYLOAD_TYPE {
            return Err(Refusal::Form {
                file: file.to_owned(),
                why: format!("payloadType {}", self.payload_type),
            });
        }
        let payload = STANDARD.decode(&self.payload).map_err(|_| edited())?;
        let signed = pae(&self.payload_type, &payload);
        let mut signers: Vec<PublicKey> = Vec::new();
        for signature in &self.signatures {
            let broken = || Refusal::Signature {
                file: file.to_owned(),
                key: signature.keyid.clone(),
            };
            let key: PublicKey = signature.keyid.parse().map_err(|()| broken())?;
            let bytes = STANDARD.decode(&signature.sig).map_err(|_| broken())?;
            if !key.verify(&signed, &bytes) || key.to_string() != signature.keyid {
                return Err(broken());
            }
            if signers.contains(&key) {
                return Err(Refusal::SignedTwice {
                    file: file.to_owned(),
                    key: signature.keyid.clone(),
                });
            }
            signers.push(key);
        }
        if signers.is_empty() {
            return Err(Refusal::Unsigned {
                file: file.to_owned(),
            });
        }
        Ok(Opened { payload, signers })
    }
}

/// What is signed: DSSE's encoding of a type and a payload before the signature.
fn pae(kind: &str, payload: &[u8]) -> Vec<u8> {
    let mut bytes = format!("DSSEv1 {} {kind} {} ", kind.len(), payload.len()).into_bytes();
    bytes.extend_from_slice(payload);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_signed_is_encoded_as_dsse_says() {
        assert_eq!(
            pae("http://example.com/HelloWorld", b"hello world"),
            b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
        );
    }

    #[test]
    fn two_signers_are_two_signatures() {
        let (vendor, lab) = (PrivateKey::of(1), PrivateKey::of(2));
        let mut envelope = Envelope::seal(b"{}", [&vendor]);
        envelope.add(&lab, "c").unwrap();
        let opened = envelope.open("c").unwrap();
        assert_eq!(opened.signers, [vendor.public(), lab.public()]);
        assert_eq!(opened.payload, b"{}");
        let twice = envelope.add(&vendor, "c").unwrap_err();
        assert!(matches!(twice, Refusal::SignedTwice { .. }));
    }

    #[test]
    fn an_envelope_without_a_signature_is_refused() {
        let envelope = Envelope::seal(b"{}", []);
        assert!(matches!(envelope.open("c"), Err(Refusal::Unsigned { .. })));
    }

    #[test]
    fn no_byte_of_the_file_can_be_changed_even_where_the_signers_are_unknown() {
        let keys = [PrivateKey::of(1), PrivateKey::of(2)];
        let text = Envelope::seal(br#"{"result":"PASSED"}"#, &keys).write();
        let opens = |bytes: &[u8]| Envelope::read(bytes, "c").and_then(|e| e.open("c")).is_ok();
        assert!(opens(text.as_bytes()));
        for place in 0..text.len() {
            for bit in 0..8 {
                let mut bytes = text.clone().into_bytes();
                bytes[place] ^= 1 << bit;
                assert!(!opens(&bytes), "bit {bit} of byte {place}");
            }
            let mut shorter = text.clone().into_bytes();
            shorter.remove(place);
            assert!(!opens(&shorter), "without byte {place}");
            let mut longer = text.clone().into_bytes();
            longer.insert(place, b' ');
            assert!(!opens(&longer), "a blank at {place}");
        }
    }
}
