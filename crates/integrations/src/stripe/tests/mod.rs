mod counterpart;
mod localstripe;
mod refusals;
