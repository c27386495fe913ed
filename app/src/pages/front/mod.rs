//! Pages for people who are not signed in, or not yet.

mod bootstrap;
mod home;
mod join;
mod person;
mod setup;
mod sign_in;

pub use bootstrap::BootstrapPage;
pub use home::HomePage;
pub use join::JoinPage;
pub use setup::SetupPage;
pub use sign_in::SignInPage;
