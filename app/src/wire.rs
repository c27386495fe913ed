//! The one way from pages to server functions: url-encoded text there, JSON text back. It is compiled once for all of
//! them. The typed calls that `#[server]` makes would bring encoder, decoder and error paths anew for each function,
//! which together outweigh the pages themselves.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;

use domain::Fault;
use serde::Serialize;
use serde::de::DeserializeOwned;
use server_fn::ServerFn;

use crate::api::Failure;

/// JSON text, or why there is none.
type Text = Result<String, Failure>;
type Pending = Pin<Box<dyn Future<Output = Text> + Send>>;

/// A call of a server function that answers `T`, ready to be made; two calls are equal when they ask the same.
pub struct Ask<T> {
    pub(crate) call: Call,
    answer: PhantomData<fn() -> T>,
}

/// A call without the type of its answer.
#[derive(Clone)]
pub(crate) struct Call {
    path: &'static str,
    /// `None` when there is nothing that could be asked for.
    body: Option<String>,
    #[cfg(feature = "ssr")]
    run: std::sync::Arc<dyn Fn() -> Pending + Send + Sync>,
}

impl PartialEq for Call {
    fn eq(&self, other: &Self) -> bool {
        (self.path, &self.body) == (other.path, &other.body)
    }
}

impl<T> Ask<T> {
    /// The call with these arguments.
    pub fn of<F>(arguments: F) -> Self
    where
        F: ServerFn<Output = T, Error = Failure> + Serialize + Clone + Send + Sync + 'static,
        T: Serialize,
    {
        let call = Call {
            path: F::PATH,
            body: encode(&arguments),
            #[cfg(feature = "ssr")]
            run: std::sync::Arc::new(move || {
                let answer = arguments.clone().run_body();
                contained(async move { write(&answer.await?) })
            }),
        };
        Self { call, answer: PhantomData }
    }

    /// For an address that names nothing a server function could be asked for; answers *not found*.
    pub fn nothing() -> Self {
        let call = Call {
            path: "",
            body: None,
            #[cfg(feature = "ssr")]
            run: std::sync::Arc::new(|| Box::pin(async { Err(Failure(Fault::NotFound)) })),
        };
        Self { call, answer: PhantomData }
    }

    /// Makes the call.
    pub async fn answer(self) -> Result<T, Failure>
    where
        T: DeserializeOwned,
    {
        read(&self.call.make().await?)
    }
}

impl Call {
    /// Makes the call: through the network from the browser, directly on the server.
    pub(crate) fn make(self) -> Pending {
        #[cfg(feature = "ssr")]
        return (self.run)();
        #[cfg(not(feature = "ssr"))]
        Box::pin(async move {
            match self.body {
                Some(body) => post(self.path, body).await,
                None => Err(Failure(Fault::NotFound)),
            }
        })
    }
}

/// Arguments as a form would post them.
pub(crate) fn encode<F: Serialize>(arguments: &F) -> Option<String> {
    serde_qs::to_string(arguments).ok()
}

/// An answer out of its JSON text.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Result<T, Failure> {
    serde_json::from_str(text).map_err(|_| {
        let message = "The server's answer could not be understood. Reload the page to get its newest version.";
        Failure(Fault::Unreachable { message: message.to_owned() })
    })
}

/// A loader that panics fails, or its page would be waited for until the request's time is up.
#[cfg(feature = "ssr")]
fn contained(answer: impl Future<Output = Text> + Send + 'static) -> Pending {
    use futures::FutureExt;

    let failure = crate::api::server::internal();
    Box::pin(async move {
        let answer = std::panic::AssertUnwindSafe(answer).catch_unwind();
        answer.await.unwrap_or(Err(failure))
    })
}

#[cfg(feature = "ssr")]
fn write<T: Serialize>(answer: &T) -> Text {
    serde_json::to_string(answer).map_err(|error| {
        tracing::error!(%error, "a page model could not be written");
        crate::api::server::internal()
    })
}

/// Posts `body` to a server function, and follows where its answer leads.
#[cfg(feature = "hydrate")]
pub(crate) async fn post(path: &'static str, body: String) -> Text {
    use server_fn::request::ClientReq;
    use server_fn::request::browser::BrowserRequest;

    let kind = "application/x-www-form-urlencoded";
    send(<BrowserRequest as ClientReq<Failure>>::try_new_post(path, kind, "application/json", body)?).await
}

/// Posts a form with files to an address that is no server function's.
#[cfg(feature = "hydrate")]
pub(crate) async fn post_files(path: &str, form: web_sys::FormData) -> Text {
    use server_fn::request::ClientReq;
    use server_fn::request::browser::BrowserRequest;

    send(<BrowserRequest as ClientReq<Failure>>::try_new_post_multipart(path, "application/json", form.into())?).await
}

#[cfg(feature = "hydrate")]
async fn send(request: server_fn::request::browser::BrowserRequest) -> Text {
    use server_fn::client::Client;
    use server_fn::client::browser::BrowserClient;
    use server_fn::redirect::call_redirect_hook;
    use server_fn::response::ClientRes;

    let response = <BrowserClient as Client<Failure>>::send(request).await?;
    // `ClientRes` is generic over the error, and so are its methods without one in their signature.
    let status = ClientRes::<Failure>::status(&response);
    let leads_on = ClientRes::<Failure>::has_redirect(&response);
    let location = ClientRes::<Failure>::location(&response);
    let text = ClientRes::<Failure>::try_into_string(response).await?;
    if (400..=599).contains(&status) {
        return Err(read::<Failure>(&text).unwrap_or_else(|unreadable| unreadable));
    }
    if leads_on {
        call_redirect_hook(&location);
    }
    Ok(text)
}

/// Only the browser posts.
#[cfg(not(feature = "hydrate"))]
pub(crate) async fn post_files(_path: &str, _form: web_sys::FormData) -> Text {
    post("", String::new()).await
}

/// Only the browser posts.
#[cfg(not(feature = "hydrate"))]
pub(crate) async fn post(_path: &'static str, _body: String) -> Text {
    Err(Failure(Fault::Unreachable { message: "Only a browser posts forms.".to_owned() }))
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use crate::api::orgs::LoadOrgs;
    use domain::org::OrgState;
    use domain::page::{Cursor, OrgSort, OrgsQuery, Position};

    #[test]
    fn a_panic_is_an_answer() {
        use futures::FutureExt;

        let answer = contained(async { panic!("as a loader might") }).now_or_never().unwrap();
        assert!(matches!(answer, Err(Failure(Fault::Internal { .. }))));
    }

    #[test]
    fn a_query_comes_through_as_form_fields() {
        let cursor = Cursor { key: "a & b".into(), id: "01a201a4-3d50-73ef-8f88-63e4c9b40b30".into() };
        for query in [
            OrgsQuery::default(),
            OrgsQuery {
                search: "ö + x".into(),
                state: Some(OrgState::PendingBootstrap),
                sort: OrgSort::Created,
                descending: true,
                position: Some(Position::Before(cursor)),
            },
        ] {
            let text = encode(&LoadOrgs { query: query.clone() }).unwrap();
            let back: LoadOrgs = serde_qs::Config::new(5, false).deserialize_str(&text).unwrap();
            assert_eq!(back.query, query, "{text}");
        }
    }
}
