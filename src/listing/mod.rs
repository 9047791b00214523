//! Does a listing sell customer data? Words of the trade, the offer they make, and samples in the text.

mod assess;
mod features;
mod fold;
mod lexicon;
mod model;
mod number;
mod offer;
mod sample;
mod train;

pub use assess::{Assessment, Class, Found, Listing, assess};
pub use offer::{Freshness, Offer, SellerHandle};
pub use train::{Example, Trained};
