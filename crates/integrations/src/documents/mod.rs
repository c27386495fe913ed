//! Invoices as PDF.

mod draw;
mod font;
mod layout;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use domain::billing::Invoice;
use service::ports::{DocumentError, Documents};
use tokio::sync::Semaphore;

/// Documents made at once.
const AT_ONCE: usize = 2;
/// Documents that may wait; more are refused, so that a flood can't queue for minutes.
const QUEUE: usize = 16;

/// Makes documents in this process, off the async threads.
pub struct LocalDocuments {
    queue: Semaphore,
    lanes: Arc<Semaphore>,
}

impl LocalDocuments {
    /// Makes two documents at once and lets sixteen wait.
    pub fn new() -> Self {
        Self { queue: Semaphore::new(QUEUE + AT_ONCE), lanes: Arc::new(Semaphore::new(AT_ONCE)) }
    }
}

impl Default for LocalDocuments {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait::async_trait]
impl Documents for LocalDocuments {
    async fn invoice(&self, invoice: Invoice) -> Result<Vec<u8>, DocumentError> {
        let _place = self.queue.try_acquire().map_err(|_| DocumentError::Busy)?;
        let lane = Arc::clone(&self.lanes).acquire_owned().await.map_err(|_| DocumentError::Busy)?;
        let made = tokio::task::spawn_blocking(move || {
            let _lane = lane;
            pdf(&invoice)
        });
        made.await.unwrap_or_else(|error| Err(DocumentError::Failed(error.to_string())))
    }
}

fn pdf(invoice: &Invoice) -> Result<Vec<u8>, DocumentError> {
    let failed = |why: &str| DocumentError::Failed(why.to_owned());
    let fonts = font::fonts().ok_or_else(|| failed("a font can't be read"))?;
    draw::draw(invoice, &layout::lay_out(invoice, fonts), fonts).map_err(|why| failed(&why))
}
