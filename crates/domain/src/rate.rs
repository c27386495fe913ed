//! How many requests a client may make in a minute. Several processes share the limit: each takes it in tenths from one
//! count, so that most requests are decided without asking for it.

/// Requests a minute; 0 is without limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimits {
    /// Of a token.
    pub token: u32,
    /// Of a network address, for requests without a token that is known.
    pub address: u32,
}

impl Default for RateLimits {
    fn default() -> Self {
        Self { token: 1_000, address: 120 }
    }
}

/// What a client's answer tells of its limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    pub allowed: bool,
    pub limit: u32,
    pub remaining: u32,
    /// Seconds until the next minute begins.
    pub reset: u32,
}

/// One process's share in a client's minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    limit: u32,
    /// What all processes have taken, as far as is known here.
    taken: u32,
    /// Of that, what is left here.
    left: u32,
}

/// What a share says to one more request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    Yes,
    No,
    /// More has to be taken first: so much.
    Take(u32),
}

impl Share {
    pub const fn new(limit: u32) -> Self {
        Self { limit, taken: 0, left: 0 }
    }

    /// Counts a request if it is let in.
    pub fn ask(&mut self) -> Answer {
        match self.left.checked_sub(1) {
            Some(left) => {
                self.left = left;
                Answer::Yes
            }
            None if self.taken >= self.limit => Answer::No,
            None => Answer::Take(self.limit.div_ceil(10)),
        }
    }

    /// `took` more was taken here, and now everybody has taken `total`; what goes over the limit is nobody's.
    pub fn took(&mut self, took: u32, total: u32) {
        let over = total.saturating_sub(self.limit);
        self.left += took.saturating_sub(over);
        self.taken = self.taken.max(total);
    }

    /// As [`took`](Self::took), when nobody can be asked what the others have taken.
    pub fn took_alone(&mut self, took: u32) {
        self.took(took, self.taken.saturating_add(took));
    }

    pub const fn remaining(&self) -> u32 {
        self.limit.saturating_sub(self.taken).saturating_add(self.left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_process_lets_in_exactly_the_limit() {
        for limit in [1, 9, 10, 11, 1_000] {
            let (mut share, mut total, mut takes) = (Share::new(limit), 0, 0);
            for n in 0..limit {
                assert_eq!(share.remaining(), limit - n);
                if let Answer::Take(more) = share.ask() {
                    total += more;
                    takes += 1;
                    share.took(more, total);
                    assert_eq!(share.ask(), Answer::Yes);
                }
            }
            assert_eq!((share.ask(), share.remaining()), (Answer::No, 0));
            assert!(takes <= 10, "{takes}");
        }
    }

    #[test]
    fn without_the_common_count_a_process_goes_by_its_own() {
        let mut share = Share::new(3);
        for _ in 0..3 {
            assert_eq!(share.ask(), Answer::Take(1));
            share.took_alone(1);
            assert_eq!(share.ask(), Answer::Yes);
        }
        assert_eq!(share.ask(), Answer::No);
    }

    proptest! {
        /// However requests fall on processes, never more than the limit come in, and no fewer than what can't lie in shares
        /// of the others.
        #[test]
        fn processes_together_keep_the_limit(limit in 1_u32..200, asks in prop::collection::vec(0_usize..4, 0..600)) {
            let (mut shares, mut total, mut admitted) = ([Share::new(limit); 4], 0_u32, 0_u32);
            let mut refused = false;
            for at in asks {
                let share = &mut shares[at];
                let mut answer = share.ask();
                if let Answer::Take(more) = answer {
                    total += more;
                    share.took(more, total);
                    answer = share.ask();
                }
                match answer {
                    Answer::Yes => admitted += 1,
                    _ => refused = true,
                }
                prop_assert!(share.remaining() <= limit);
            }
            prop_assert!(admitted <= limit);
            prop_assert!(!refused || admitted + 3 * limit.div_ceil(10) >= limit);
        }
    }
}
