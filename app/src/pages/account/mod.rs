//! What belongs to the person alone, whatever organizations they are in.

mod tokens;

pub use tokens::TokensPage;
