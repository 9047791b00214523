//! Does a listing sell customer data? Words of the trade, the offer they make, and samples in the text.

mod assess;
mod features;
mod fold;
mod glyph;
mod lexicon;
mod model;
mod number;
mod offer;
mod said;
mod sample;
mod train;
mod trie;
mod walk;

pub use assess::{Assessment, Class, Found, Listing, assess};
pub use offer::{Offer, SellerHandle};
pub use said::Freshness;
pub use train::{Example, Trained};
