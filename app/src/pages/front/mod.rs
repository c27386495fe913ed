//! Pages for people who are not signed in, or not yet, and for signing programs in.

mod bootstrap;
mod device;
mod home;
mod join;
mod person;
mod setup;
mod sign_in;
mod unsubscribe;

pub use bootstrap::BootstrapPage;
pub use device::DevicePage;
pub use home::HomePage;
pub use join::JoinPage;
pub use setup::SetupPage;
pub use sign_in::SignInPage;
pub use unsubscribe::UnsubscribePage;
