//! SQL on both engines.

mod audit;
mod helpers;
mod links;
mod org_list;
mod queries;
mod transactions;
