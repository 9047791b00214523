//! What was found and in what shape: [`Kind`] and [`Form`].

use serde::{Deserialize, Serialize};

/// The kind of personal data a finding is.
///
/// The first four are what this crate exists for; the others are look-alikes and companions that
/// are leaks themselves and must not be mistaken for one of the four.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[repr(u8)]
pub enum Kind {
    /// A person's name.
    Name,
    /// A postal (delivery) address.
    Address,
    /// A mobile number.
    Mobile,
    /// A courier's waybill serial.
    Waybill,
    /// A resident identity card number.
    IdCard,
    /// A bank card number.
    BankCard,
    /// A fixed-line telephone number.
    Landline,
    /// An e-mail address.
    Email,
    /// A WeChat or QQ handle.
    Handle,
    /// Something a detector of the caller's own found.
    Custom,
}

impl Kind {
    /// Every kind, in the order of the enum.
    pub const ALL: [Kind; 10] = [
        Kind::Name,
        Kind::Address,
        Kind::Mobile,
        Kind::Waybill,
        Kind::IdCard,
        Kind::BankCard,
        Kind::Landline,
        Kind::Email,
        Kind::Handle,
        Kind::Custom,
    ];

    /// The stable identifier used in output, such as `"id_card"`.
    pub const fn id(self) -> &'static str {
        match self {
            Kind::Name => "name",
            Kind::Address => "address",
            Kind::Mobile => "mobile",
            Kind::Waybill => "waybill",
            Kind::IdCard => "id_card",
            Kind::BankCard => "bank_card",
            Kind::Landline => "landline",
            Kind::Email => "email",
            Kind::Handle => "handle",
            Kind::Custom => "custom",
        }
    }

    /// The kind with this identifier.
    ///
    /// ```
    /// use miandan::Kind;
    /// assert_eq!(Kind::from_id("waybill"), Some(Kind::Waybill));
    /// assert_eq!(Kind::from_id("passport"), None);
    /// ```
    pub fn from_id(id: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|k| k.id() == id)
    }
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.id())
    }
}

/// The shape in which a value was written: an attribute of a finding, never a reason to lose it.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Form {
    /// The whole value in its plain spelling.
    #[default]
    Full,
    /// Only a part of the value, such as 张先生.
    Partial,
    /// Some characters are hidden, such as 138****1234.
    Masked,
    /// The whole value, spelt so that simple tools miss it, such as 一三八….
    Disguised,
}

impl Form {
    /// The stable identifier used in output.
    pub const fn id(self) -> &'static str {
        match self {
            Form::Full => "full",
            Form::Partial => "partial",
            Form::Masked => "masked",
            Form::Disguised => "disguised",
        }
    }
}
