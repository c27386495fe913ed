//! Amounts as Stripe counts them, which for some currencies isn't as ISO 4217 does.

/// `minor` units of ISO 4217 in Stripe's, or why it takes no such amount.
pub fn of(currency: &str, minor: i64) -> Result<i64, String> {
    let refuse = |rule: &str| Err(format!("Stripe takes amounts in {currency} only {rule}."));
    match currency {
        _ if currency.len() != 3 || !currency.bytes().all(|byte| byte.is_ascii_uppercase()) => {
            Err(format!("`{currency}` is no currency."))
        }
        // Without minor units since, but Stripe goes on counting hundredths.
        "ISK" | "UGX" => minor.checked_mul(100).map_or_else(|| refuse("up to some size"), Ok),
        // The other way round.
        "MGA" if minor % 100 == 0 => Ok(minor / 100),
        "MGA" => refuse("in whole units"),
        "BHD" | "JOD" | "KWD" | "OMR" | "TND" if minor % 10 != 0 => refuse("that end in 0"),
        // Three or four decimals, and not among Stripe's.
        "CLF" | "IQD" | "LYD" | "UYI" | "UYW" => Err(format!("Stripe takes no payments in {currency}.")),
        _ => Ok(minor),
    }
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn most_currencies_are_counted_alike() {
        for (currency, minor) in [("EUR", 1234), ("USD", -50), ("JPY", 500), ("KRW", 7), ("HUF", 1045), ("KWD", 5120)] {
            assert_eq!(of(currency, minor), Ok(minor), "{currency}");
        }
    }

    #[test]
    fn some_are_not() {
        assert_eq!(of("ISK", 5), Ok(500));
        assert_eq!(of("UGX", -5), Ok(-500));
        assert_eq!(of("MGA", 500), Ok(5));
        assert_eq!(of("BHD", 5120), Ok(5120));
    }

    #[test]
    fn what_stripe_cannot_count_is_refused() {
        for (currency, minor) in
            [("MGA", 550), ("KWD", 5124), ("TND", -1), ("ISK", i64::MAX), ("IQD", 10), ("eur", 1), ("EURO", 1), ("", 1)]
        {
            assert!(of(currency, minor).is_err(), "{currency} {minor}");
        }
        assert_eq!(of("KWD", 5124).unwrap_err(), "Stripe takes amounts in KWD only that end in 0.");
    }
}
