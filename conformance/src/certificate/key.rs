//! Ed25519 keys: made, written as the files that OpenSSL reads and writes too (PKCS#8 and
//! `SubjectPublicKeyInfo`, PEM), and read again.

use std::fmt;
use std::str::FromStr;

use counterproof_sim::terminal::{hex, unhex};
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{
    DecodePrivateKey as _, DecodePublicKey as _, EncodePrivateKey as _, EncodePublicKey as _,
    KeypairBytes, PublicKeyBytes,
};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use thiserror::Error;

const PREFIX: &str = "ed25519:";

/// A key that signs.
#[derive(Clone)]
pub struct PrivateKey(SigningKey);

/// A key that signatures are checked with. Its id is the key itself, so that a signature can be
/// checked to be whole even where nobody knows whose it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

/// Why there is no key.
#[derive(Debug, Error)]
pub enum KeyError {
    /// The system gives no random numbers.
    #[error("the system gives no random numbers: {0}")]
    Random(getrandom::Error),
    /// It cannot be written as PEM.
    #[error("{0}")]
    Form(String),
}

impl PrivateKey {
    /// A new one.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub fn new() -> Result<Self, KeyError> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(KeyError::Random)?;
        Ok(Self(SigningKey::from_bytes(&seed)))
    }

    /// The one that signs like this seed says.
    #[cfg(test)]
    pub fn of(seed: u8) -> Self {
        Self(SigningKey::from_bytes(&[seed; 32]))
    }

    /// Reads a PKCS#8 PEM file.
    ///
    /// # Errors
    /// When it is none of an Ed25519 key.
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        SigningKey::from_pkcs8_pem(text)
            .map(Self)
            .map_err(|error| KeyError::Form(error.to_string()))
    }

    /// The text of its file.
    ///
    /// # Errors
    /// Never, as far as known.
    pub fn to_pem(&self) -> Result<String, KeyError> {
        // Without the public key, because not every reader of PKCS#8 knows its second version.
        let bytes = KeypairBytes {
            secret_key: self.0.to_bytes(),
            public_key: None,
        };
        bytes
            .to_pkcs8_pem(LineEnding::LF)
            .map(|text| text.to_string())
            .map_err(|error| KeyError::Form(error.to_string()))
    }

    /// What others check with.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    /// Signs.
    pub fn sign(&self, bytes: &[u8]) -> [u8; 64] {
        self.0.sign(bytes).to_bytes()
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey of {}", self.public())
    }
}

impl PublicKey {
    /// Reads a PEM file.
    ///
    /// # Errors
    /// When it is none of an Ed25519 key.
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        PublicKeyBytes::from_public_key_pem(text)
            .and_then(|bytes| VerifyingKey::try_from(&bytes))
            .map(Self)
            .map_err(|error| KeyError::Form(error.to_string()))
    }

    /// The text of its file.
    ///
    /// # Errors
    /// Never, as far as known.
    pub fn to_pem(&self) -> Result<String, KeyError> {
        PublicKeyBytes::from(&self.0)
            .to_public_key_pem(LineEnding::LF)
            .map_err(|error| KeyError::Form(error.to_string()))
    }

    /// Whether this signature of these bytes is this key's.
    pub fn verify(&self, bytes: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature)
            .is_ok_and(|signature| self.0.verify_strict(bytes, &signature).is_ok())
    }
}

impl fmt::Display for PublicKey {
    /// Its id: `ed25519:` and the key in hexadecimal digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PREFIX}{}", hex(self.0.as_bytes()))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for PublicKey {
    type Err = ();

    /// From its id.
    fn from_str(text: &str) -> Result<Self, ()> {
        let bytes = text.strip_prefix(PREFIX).and_then(unhex).ok_or(())?;
        let bytes: [u8; 32] = bytes.try_into().map_err(|_| ())?;
        VerifyingKey::from_bytes(&bytes).map(Self).map_err(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_vector_of_rfc_8032_is_signed_as_it_says() {
        let seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
        let seed: [u8; 32] = unhex(seed).unwrap().try_into().unwrap();
        let key = PrivateKey(SigningKey::from_bytes(&seed));
        assert_eq!(
            key.public().to_string(),
            "ed25519:d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
        );
        assert_eq!(
            hex(&key.sign(b"")),
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        );
        assert!(key.public().verify(b"", &key.sign(b"")));
    }

    #[test]
    fn keys_are_read_as_they_are_written() {
        let key = PrivateKey::new().unwrap();
        let again = PrivateKey::from_pem(&key.to_pem().unwrap()).unwrap();
        assert_eq!(again.public(), key.public());
        let public = PublicKey::from_pem(&key.public().to_pem().unwrap()).unwrap();
        assert_eq!(public, key.public());
        assert_eq!(public.to_string().parse(), Ok(public));
        assert!(!format!("{key:?}").contains(&hex(&key.0.to_bytes())));
    }

    #[test]
    fn keys_of_openssl_are_read() {
        let private = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----\n";
        let public = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----\n";
        let key = PrivateKey::from_pem(private).unwrap();
        assert_eq!(key.to_pem().unwrap(), private);
        assert_eq!(key.public().to_pem().unwrap(), public);
        assert_eq!(PublicKey::from_pem(public).unwrap(), key.public());
        assert!(PublicKey::from_pem(private).is_err());
        assert!(PrivateKey::from_pem(public).is_err());
        assert!(PrivateKey::from_pem("").is_err());
    }
}
