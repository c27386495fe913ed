use service::ports::Rng;

/// The operating system's random source.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsRng;

impl Rng for OsRng {
    #[expect(clippy::disallowed_methods, reason = "this is the source that everything else takes randomness from")]
    fn fill(&self, bytes: &mut [u8]) {
        if let Err(error) = getrandom::fill(bytes) {
            // Going on without randomness would hand out guessable tokens.
            panic!("the operating system gives no random bytes: {error}");
        }
    }
}
