//! Mail, pictures, documents and files in memory.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::billing::Invoice;
use service::ports::{
    AvatarFiles, Crop, DocumentError, Documents, ImageError, Images, Mail, MailError, Mailer, ObjectError, Objects,
};

/// A mail server that keeps what it gets; tells copies by the message's id, as receivers do.
#[derive(Debug, Default)]
pub struct SentMail(Mutex<(Vec<Mail>, Option<MailError>)>);

impl SentMail {
    fn state(&self) -> MutexGuard<'_, (Vec<Mail>, Option<MailError>)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Every mail that arrived, oldest first, copies included.
    pub fn all(&self) -> Vec<Mail> {
        self.state().0.clone()
    }

    /// Has every mail fail from here on; `None` lets them through again.
    pub fn fail(&self, error: Option<MailError>) {
        self.state().1 = error;
    }
}

pub(crate) struct MailPort(pub Arc<SentMail>);

#[async_trait::async_trait]
impl Mailer for MailPort {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        let mut state = self.0.state();
        match &state.1 {
            Some(error) => Err(error.clone()),
            None => {
                state.0.push(mail.clone());
                Ok(())
            }
        }
    }
}

/// Hands a file on as it is, in place of decoding it; one that begins with `bad` is refused.
pub(crate) struct PlainImages;

#[async_trait::async_trait]
impl Images for PlainImages {
    async fn avatar(&self, file: Vec<u8>, _: Option<Crop>) -> Result<AvatarFiles, ImageError> {
        if file.starts_with(b"bad") {
            return Err(ImageError::Refused("That isn't a PNG, JPEG, WebP or GIF picture.".to_owned()));
        }
        Ok(AvatarFiles { large: [b"large ", file.as_slice()].concat(), small: [b"small ", file.as_slice()].concat() })
    }
}

/// Writes an invoice as plain lines, in place of a PDF.
pub(crate) struct PlainDocuments;

#[async_trait::async_trait]
impl Documents for PlainDocuments {
    async fn invoice(&self, invoice: Invoice) -> Result<Vec<u8>, DocumentError> {
        let mut text = format!("{} {}\n", invoice.number, invoice.state.name());
        for line in &invoice.bill.lines {
            text.push_str(&format!("{} {}\n", line.text, line.amount));
        }
        text.push_str(&format!("Total {}\n", invoice.bill.total));
        Ok(text.into_bytes())
    }
}

/// Files by name, and whether the store refuses everything.
type Files = (BTreeMap<String, Vec<u8>>, bool);

#[derive(Debug, Default)]
pub struct MemoryObjects(Mutex<Files>);

impl MemoryObjects {
    fn state(&self) -> MutexGuard<'_, Files> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The names of all files.
    pub fn names(&self) -> Vec<String> {
        self.state().0.keys().cloned().collect()
    }

    /// Has the store refuse everything from here on, or nothing any more.
    pub fn fail(&self, fails: bool) {
        self.state().1 = fails;
    }

    fn files(&self) -> Result<MutexGuard<'_, Files>, ObjectError> {
        let state = self.state();
        if state.1 { Err(ObjectError("it is out of order".to_owned())) } else { Ok(state) }
    }
}

pub(crate) struct ObjectsPort(pub Arc<MemoryObjects>);

#[async_trait::async_trait]
impl Objects for ObjectsPort {
    async fn put(&self, name: &str, bytes: Vec<u8>) -> Result<(), ObjectError> {
        self.0.files()?.0.insert(name.to_owned(), bytes);
        Ok(())
    }

    async fn get(&self, name: &str) -> Result<Option<Vec<u8>>, ObjectError> {
        Ok(self.0.files()?.0.get(name).cloned())
    }

    async fn delete(&self, name: &str) -> Result<(), ObjectError> {
        self.0.files()?.0.remove(name);
        Ok(())
    }
}
