use domain::billing::{Bill, BillTo, Cycle, Invoice, InvoiceNumber, InvoiceState, Line, LineKind};
use domain::money::{Currency, Money};
use domain::usage::Day;
use lopdf::Document;

use super::layout::{HEIGHT, Op, WIDTH};
use super::*;

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn line(text: &str, quantity: &str, unit_price: &str, minor: i64) -> Line {
    let amount = Money::new(minor, Currency::parse("EUR").unwrap());
    let kind = if quantity.is_empty() { LineKind::CreditBrought } else { LineKind::Usage };
    Line { kind, text: text.into(), quantity: quantity.into(), unit_price: unit_price.into(), amount }
}

fn invoice(lines: Vec<Line>) -> Invoice {
    let currency = Currency::parse("EUR").unwrap();
    let zero = Money::zero(currency);
    let total = Money::sum(lines.iter().map(|line| line.amount), currency).unwrap();
    Invoice {
        number: InvoiceNumber::new(42),
        issuer: "Example Platform GmbH".into(),
        bill_to: BillTo {
            display_name: "Søren & Ελένη — Лаборатория".into(), handle: "Aurora".into()
        },
        cycle: Cycle { start: day("2026-04-01"), end: day("2026-05-01") },
        issued: day("2026-04-01"),
        due: day("2026-04-15"),
        bill: Bill { currency, lines, credit_brought: zero, credit_carried: zero, total },
        state: InvoiceState::Open,
    }
}

fn usual() -> Vec<Line> {
    vec![
        line("Business, 2026-04-01 to 2026-04-30", "1 month", "EUR 1,149.00", 114_900),
        line(
            "Team, rest of 2026-03-11 to 2026-03-31: credit for a change of plan",
            "21 of 31 days",
            "EUR 49.00",
            -3_319,
        ),
        line(
            "Compute, 2026-03-01 to 2026-03-10: 400 min used, 322.580645 min included",
            "77.419355 min",
            "EUR 0.02 / min",
            155,
        ),
        line(
            "Users, 2026-03-01 to 2026-03-10: 2.258065 user-months used, 1.612903 user-months included",
            "0.645161 user-months",
            "EUR 9.00 / user-month",
            581,
        ),
        line("Credit from the previous invoice", "", "", -500),
    ]
}

/// The text of each page as another program reads it, with spaces for its line breaks.
fn texts(file: &[u8]) -> Vec<String> {
    let read = Document::load_mem(file).unwrap();
    let pages = read.get_pages();
    let text = |page: &u32| read.extract_text(&[*page]).unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
    pages.keys().map(text).collect()
}

fn all(file: &[u8]) -> String {
    texts(file).join(" ")
}

#[test]
fn everything_on_the_invoice_can_be_read() {
    let invoice = invoice(usual());
    let file = pdf(&invoice).unwrap();
    let text = all(&file);
    for expected in [
        "Example Platform GmbH",
        "INV-000042",
        "Søren & Ελένη — Лаборатория",
        "Aurora",
        "2026-04-01 to 2026-04-30",
        "Open, due on 2026-04-15",
        "Total EUR 1,118.17",
        "Amount due EUR 1,118.17",
        "Page 1 of 1",
    ] {
        assert!(text.contains(expected), "{expected} in {text}");
    }
    for line in &invoice.bill.lines {
        for word in line.text.split(' ').chain(line.quantity.split(' ')).chain(line.unit_price.split(' ')) {
            assert!(text.contains(word), "{word} in {text}");
        }
        assert!(text.contains(&line.amount.figures()), "{} in {text}", line.amount.figures());
    }
}

/// Nothing stands outside the page, nor on the feet.
fn check_place(layout: &layout::Layout) {
    let fonts = font::fonts().unwrap();
    for op in layout.pages.iter().flatten() {
        let (from, to, y) = match op {
            Op::Text { x, y, size, bold, text, .. } => {
                let face = if *bold { &fonts.bold } else { &fonts.regular };
                (*x, *x + face.width(text, *size), *y)
            }
            Op::Rule { from, to, y, .. } => (*from, *to, *y),
        };
        assert!(from >= 50.0 && to <= WIDTH - 50.0 && y > 50.0 && y < HEIGHT - 36.0, "{op:?}");
        assert!(op.node().is_none() || y < HEIGHT - 70.0, "{op:?}");
    }
}

#[test]
fn a_long_table_goes_on_with_its_head() {
    let lines = (1..=200).map(|n| line(&format!("Compute on day {n}, reported late"), "1 min", "EUR 0.01 / min", n));
    let invoice = invoice(lines.collect());
    check_place(&layout::lay_out(&invoice, font::fonts().unwrap()));
    let pages = texts(&pdf(&invoice).unwrap());
    assert!(pages.len() > 4, "{} pages", pages.len());
    for (at, page) in pages.iter().enumerate() {
        assert!(page.contains("Description Quantity Unit price Amount (EUR)"), "{page}");
        assert!(page.contains(&format!("Page {} of {}", at + 1, pages.len())), "{page}");
    }
    let text = pages.join(" ");
    for n in 1..=200_i64 {
        let row = format!("Compute on day {n}, reported late 1 min EUR 0.01 / min {}.{:02}", n / 100, n % 100);
        assert_eq!(text.matches(&row).count(), 1, "{row}");
    }
    assert!(text.contains("Amount due EUR 201.00"));
}

#[test]
fn paid_and_void_invoices_say_so() {
    let at = day("2026-04-09").start();
    let mut invoice = invoice(usual());
    invoice.state = InvoiceState::Paid { at, note: "Transfer 4711".into() };
    let text = all(&pdf(&invoice).unwrap());
    for expected in ["Paid on 2026-04-09", "Payment: Transfer 4711", "−EUR 1,118.17", "Amount due EUR 0.00"] {
        assert!(text.contains(expected), "{expected} in {text}");
    }
    invoice.state = InvoiceState::Void { at, reason: "Sent to the wrong organization.".into() };
    let text = all(&pdf(&invoice).unwrap());
    for expected in ["Void since 2026-04-09", "Void: Sent to the wrong organization.", "Amount due EUR 0.00"] {
        assert!(text.contains(expected), "{expected} in {text}");
    }
}

#[test]
fn hostile_text_breaks_nothing() {
    let long = "W".repeat(10_000);
    let words = "naïve Ωmega Жук ".repeat(700);
    let turned = "a\u{202E}b\u{0}c\u{7}d\u{200B}e\u{2066}f\r\n\tg \u{E0041}\u{FEFF}h";
    let strange = "漢字 😀 עברית \u{301}\u{301} %PDF-1.7 (\\) endstream <</S>> \u{10FFFF}";
    let mut invoice = invoice(vec![
        line(&long, &long, &long, i64::MAX / 4),
        line(&words, "1", "1", i64::MIN / 4),
        line(turned, turned, turned, -1),
        line(strange, "", "", 1),
        line("", "", "", 0),
    ]);
    for text in [long.as_str(), words.as_str(), turned, strange, ""] {
        invoice.issuer = text.into();
        invoice.bill_to = BillTo { display_name: text.into(), handle: text.into() };
        invoice.state = InvoiceState::Void { at: day("2026-04-09").start(), reason: text.into() };
        check_place(&layout::lay_out(&invoice, font::fonts().unwrap()));
        if text != strange && text != long {
            continue;
        }
        let read = all(&pdf(&invoice).unwrap());
        assert!(read.contains("abcdef g h"), "what can't be seen goes, the rest stays");
        // All of it is there, over as many pages as it takes.
        assert!(read.matches('W').count() >= 30_000);
        assert!(read.contains("%PDF-1.7 (\\)") && read.contains("endstream <</S>>"));
    }
}

#[test]
fn the_same_invoice_is_the_same_file() {
    let first = pdf(&invoice(usual())).unwrap();
    assert_eq!(pdf(&invoice(usual())).unwrap(), first);
    let read = Document::load_mem(&first).unwrap();
    let catalog = read.catalog().unwrap();
    assert_eq!(catalog.get(b"Lang").unwrap().as_str().unwrap(), b"en");
    assert!(catalog.has(b"StructTreeRoot"));
    let info = read.get_dictionary(read.trailer.get(b"Info").unwrap().as_reference().unwrap()).unwrap();
    assert_eq!(info.get(b"Title").unwrap().as_str().unwrap(), b"Invoice INV-000042");
}

/// Amounts stand under each other.
#[test]
fn figures_have_one_width() {
    let fonts = font::fonts().unwrap();
    for face in [&fonts.regular, &fonts.bold] {
        let widths: Vec<f32> = "0123456789".chars().map(|digit| face.width(&digit.to_string(), 1.0)).collect();
        assert!(widths.iter().all(|width| *width == widths[0]), "{widths:?}");
    }
}

#[test]
fn lines_break_between_words_and_within_long_ones() {
    let face = &font::fonts().unwrap().regular;
    let wide = face.width("aaaa aaaa", 10.0);
    assert_eq!(face.wrap(" aaaa  aaaa aaaa ", 10.0, wide), ["aaaa aaaa", "aaaa"]);
    assert_eq!(face.wrap("aaaaaaaaaaaa", 10.0, face.width("aaaaa", 10.0)), ["aaaaa", "aaaaa", "aa"]);
    assert_eq!(face.wrap("", 10.0, wide), [""; 0]);
    // Narrower than any letter: one a line, and no end is waited for.
    assert_eq!(face.wrap("ab", 10.0, 1.0), ["a", "b"]);
    assert_eq!(face.wrap_at_most("aaaa aaaa aaaa", 10.0, wide, 1), ["aaaa aa…"]);
}

#[tokio::test]
async fn a_flood_is_refused() {
    let documents = LocalDocuments { queue: Semaphore::new(1), lanes: Arc::new(Semaphore::new(1)) };
    let place = documents.queue.acquire().await.unwrap();
    assert_eq!(documents.invoice(invoice(usual())).await, Err(DocumentError::Busy));
    drop(place);
    assert!(documents.invoice(invoice(usual())).await.unwrap().starts_with(b"%PDF-"));
}
