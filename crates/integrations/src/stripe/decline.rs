//! Why a card was declined, in words for whoever pays. Stripe asks not to tell of fraud or theft: that is "declined" too.

/// `code` is the error's, `decline` the bank's.
pub fn reason(code: Option<&str>, decline: Option<&str>) -> &'static str {
    let of = |code: &str| {
        Some(match code {
            "expired_card" => "The card has expired.",
            "insufficient_funds" => "The card hasn't enough funds.",
            "incorrect_cvc" | "invalid_cvc" => "The card's security code is wrong.",
            "incorrect_number" | "invalid_number" => "The card's number is wrong.",
            "invalid_expiry_month" | "invalid_expiry_year" => "The card's expiry date is wrong.",
            "authentication_required" | "invoice_payment_intent_requires_action" => {
                "The bank wants the card's holder to confirm the payment."
            }
            "payment_intent_authentication_failure" => {
                "The bank didn't get the confirmation it wanted from the card's holder."
            }
            "card_velocity_exceeded" | "withdrawal_count_limit_exceeded" => "The card's limit is reached.",
            "card_not_supported" | "currency_not_supported" | "transaction_not_allowed" => {
                "The card isn't good for such payments."
            }
            "issuer_not_available" | "processing_error" | "reenter_transaction" | "try_again_later" => {
                "The bank couldn't decide; another try later may go through."
            }
            _ => return None,
        })
    };
    decline.and_then(of).or_else(|| code.and_then(of)).unwrap_or("The card was declined.")
}

#[cfg(test)]
mod tests {
    use super::reason;

    #[test]
    fn the_banks_word_comes_first() {
        assert_eq!(reason(Some("card_declined"), Some("insufficient_funds")), "The card hasn't enough funds.");
        assert_eq!(reason(Some("expired_card"), None), "The card has expired.");
    }

    #[test]
    fn nobody_is_told_of_theft() {
        for decline in ["lost_card", "stolen_card", "fraudulent", "pickup_card", "<b>anything</b>"] {
            assert_eq!(reason(Some("card_declined"), Some(decline)), "The card was declined.");
        }
        assert_eq!(reason(None, None), "The card was declined.");
    }
}
