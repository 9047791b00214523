//! From values to fingerprints.

use std::path::Path;

use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::canon::{extension, is_whole, mobile_number};
use crate::error::{Error, Result};
use crate::kind::{Form, Kind};
use crate::listing::SellerHandle;
use crate::record::Record;
use crate::scan::{Item, PageReport};

/// Fewest bytes of a key.
const KEY_BYTES: usize = 16;

/// What a fingerprint stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Class {
    /// A mobile number.
    Mobile,
    /// A waybill serial.
    Waybill,
    /// A name at an address.
    Person,
    /// A seller's account.
    Handle,
}

impl Class {
    /// Every class, in the order of a set file.
    pub const ALL: [Class; 4] = [Class::Mobile, Class::Waybill, Class::Person, Class::Handle];

    const fn tag(self) -> &'static [u8] {
        match self {
            Class::Mobile => b"mobile\0",
            Class::Waybill => b"waybill\0",
            Class::Person => b"person\0",
            Class::Handle => b"handle\0",
        }
    }
}

/// A secret key. Its memory is overwritten when it is dropped, and `Debug` does not show it.
pub struct Key(Zeroizing<Vec<u8>>);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(…)")
    }
}

impl Key {
    /// A key from at least sixteen bytes.
    ///
    /// # Errors
    /// [`Error::Config`] when there are fewer.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Result<Key> {
        let bytes = Zeroizing::new(bytes.into());
        if bytes.len() < KEY_BYTES {
            return Err(Error::config(format!(
                "the key has {} bytes; at least {KEY_BYTES} are needed",
                bytes.len()
            )));
        }
        Ok(Key(bytes))
    }

    /// The bytes of a file; line ends at its end do not count.
    ///
    /// # Errors
    /// [`Error::Io`] when the file cannot be read, [`Error::Config`] when it is too short.
    pub fn from_file(path: &Path) -> Result<Key> {
        let mut bytes = std::fs::read(path).map_err(|e| Error::io(path, e))?;
        while bytes.last().is_some_and(|b| matches!(b, b'\n' | b'\r')) {
            bytes.pop();
        }
        Key::new(bytes)
    }

    /// The value of an environment variable.
    ///
    /// # Errors
    /// [`Error::Config`] when the variable is not set or too short. The value is never part of the message.
    pub fn from_env(variable: &str) -> Result<Key> {
        match std::env::var(variable) {
            Ok(value) => Key::new(value),
            Err(_) => Err(Error::config(format!(
                "the environment variable {variable} holds no key"
            ))),
        }
    }
}

/// Makes fingerprints: the first 64 bits of HMAC-SHA-256 of class and canonical value.
///
/// ```
/// use miandan::leak::{Class, Fingerprinter, Key};
/// let a = Fingerprinter::new(&Key::new("sixteen secret bytes")?);
/// let b = Fingerprinter::new(&Key::new("other sixteen secret bytes")?);
/// assert_eq!(a.of(Class::Waybill, "SF1234567890123"), a.of(Class::Waybill, "SF1234567890123"));
/// assert_ne!(a.of(Class::Waybill, "SF1234567890123"), b.of(Class::Waybill, "SF1234567890123"));
/// # Ok::<(), miandan::Error>(())
/// ```
#[derive(Clone)]
pub struct Fingerprinter {
    // The key's pads are hashed once; a fingerprint then costs two blocks instead of four.
    mac: Hmac<Sha256>,
}

impl std::fmt::Debug for Fingerprinter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fingerprinter").finish_non_exhaustive()
    }
}

impl Fingerprinter {
    /// A fingerprinter under a key.
    ///
    /// # Panics
    /// Never: HMAC takes keys of any length.
    pub fn new(key: &Key) -> Fingerprinter {
        Fingerprinter {
            mac: Hmac::new_from_slice(&key.0).expect("HMAC takes keys of any length"),
        }
    }

    /// A number that tells whether two sets were made under the same key, and nothing else about it.
    pub fn key_id(&self) -> u64 {
        self.hash(&[b"key-id\0"])
    }

    /// The fingerprint of a canonical value.
    pub fn of(&self, class: Class, canonical: &str) -> u64 {
        self.hash(&[class.tag(), canonical.as_bytes()])
    }

    /// The fingerprint of a mobile number, its digits as a number; `extension` 0 = none.
    pub fn mobile(&self, number: u64, extension: u32) -> u64 {
        if extension == 0 {
            self.of(Class::Mobile, &number.to_string())
        } else {
            self.of(Class::Mobile, &format!("{number}#{extension}"))
        }
    }

    /// The fingerprint of a name at an address, both in their one spelling.
    pub fn person(&self, name: &str, address: &str) -> u64 {
        self.hash(&[
            Class::Person.tag(),
            name.as_bytes(),
            b"\0",
            address.as_bytes(),
        ])
    }

    /// The fingerprint of a value of any kind in its one spelling, as allow-lists hold it. It is another one than those of
    /// a set, so that a list says nothing about sets.
    pub fn value(&self, kind: Kind, normalized: &str) -> u64 {
        self.hash(&[
            b"value\0",
            kind.id().as_bytes(),
            b"\0",
            normalized.as_bytes(),
        ])
    }

    /// The fingerprint of a seller's account.
    pub fn handle(&self, handle: &SellerHandle) -> u64 {
        self.of(Class::Handle, handle.as_str())
    }

    /// The fingerprint of a finding; `None` for kinds without one and for values that are not whole.
    pub fn finding(&self, item: &Item<'_>) -> Option<(Class, u64)> {
        match item.finding().kind {
            Kind::Mobile => {
                let number = mobile_number(item)?;
                Some((Class::Mobile, self.mobile(number, extension(item))))
            }
            Kind::Waybill if item.finding().form == Form::Full => {
                Some((Class::Waybill, self.of(Class::Waybill, &item.normalized())))
            }
            Kind::Handle if item.finding().form == Form::Full => {
                let account = item.normalized().to_lowercase();
                Some((Class::Handle, self.of(Class::Handle, &account)))
            }
            _ => None,
        }
    }

    /// The fingerprint of the person that a record is about: its name at its address.
    pub fn record(&self, page: &PageReport<'_>, record: &Record) -> Option<(Class, u64)> {
        let item = |kind| {
            record
                .field(kind)
                .and_then(|index| page.item(index))
                .filter(is_whole)
        };
        let (name, address) = (item(Kind::Name)?, item(Kind::Address)?);
        Some((
            Class::Person,
            self.person(&name.normalized(), &address.normalized()),
        ))
    }

    fn hash(&self, parts: &[&[u8]]) -> u64 {
        let mut mac = self.mac.clone();
        for part in parts {
            mac.update(part);
        }
        let tag = mac.finalize().into_bytes();
        let mut first = [0; 8];
        first.copy_from_slice(&tag[..8]);
        u64::from_le_bytes(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_stay_secret_and_long_enough() {
        let key = Key::new("a secret of enough bytes").expect("long enough");
        assert_eq!(format!("{key:?}"), "Key(…)");
        assert!(!format!("{:?}", Fingerprinter::new(&key)).contains("secret"));
        let error = Key::new("short").expect_err("too short").to_string();
        assert!(!error.contains("short"), "{error}");
        assert!(Key::from_env("MIANDAN_NO_SUCH_VARIABLE").is_err());
        assert!(Key::from_file(Path::new("no/such/file")).is_err_and(|e| e.is_io()));
    }

    #[test]
    fn line_ends_of_a_key_file_do_not_count() {
        let dir = tempfile::tempdir().expect("temporary directory");
        let path = dir.path().join("key");
        std::fs::write(&path, "0123456789abcdef\r\n").expect("written");
        let (a, b) = (
            Key::from_file(&path).expect("read"),
            Key::new("0123456789abcdef").expect("long"),
        );
        assert_eq!(
            Fingerprinter::new(&a).key_id(),
            Fingerprinter::new(&b).key_id()
        );
    }

    #[test]
    fn classes_and_extensions_differ() {
        let f = Fingerprinter::new(&Key::new("0123456789abcdef").expect("long"));
        assert_ne!(f.of(Class::Mobile, "1"), f.of(Class::Waybill, "1"));
        assert_ne!(f.mobile(17_012_345_678, 0), f.mobile(17_012_345_678, 12));
        assert_ne!(f.person("张伟", "路1号"), f.person("张伟路", "1号"));
    }
}
