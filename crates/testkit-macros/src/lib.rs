//! `#[both]`: one test on both engines.

use proc_macro::TokenStream;
use quote::quote;
use syn::{ItemFn, parse_macro_input};

/// Turns `#[both] async fn name(db: TestDb) { … }` into the tests `name::sqlite` and `name::postgres`.
#[proc_macro_attribute]
pub fn both(_arguments: TokenStream, item: TokenStream) -> TokenStream {
    let test = parse_macro_input!(item as ItemFn);
    let (name, attributes) = (&test.sig.ident, &test.attrs);
    let inner = ItemFn { attrs: Vec::new(), ..test.clone() };
    quote! {
        #(#attributes)*
        mod #name {
            use super::*;

            #inner

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                #name(::testkit::TestDb::sqlite().await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                #name(::testkit::TestDb::postgres().await).await;
            }
        }
    }
    .into()
}
