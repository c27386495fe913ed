/// Declares constant queries and lists them in `ALL`.
macro_rules! queries {
    ($($(#[$meta:meta])* $name:ident = $sql:expr;)*) => {
        $($(#[$meta])* const $name: &str = $sql;)*
        pub(crate) const ALL: &[(&str, &str)] = &[$((stringify!($name), $name)),*];
    };
}

/// Runs `$body` on the transaction's connection, compiled for each engine. An error poisons the transaction.
macro_rules! on {
    ($tx:expr, $c:ident => $body:expr) => {{
        let tx: &mut $crate::tx::Tx = $tx;
        let result = match &mut tx.conn {
            $crate::tx::Conn::Sqlite(transaction) => {
                let $c = &mut **transaction;
                $body
            }
            $crate::tx::Conn::Postgres(transaction) => {
                let $c = &mut **transaction;
                $body
            }
        };
        result.map_err(|error: sqlx::Error| tx.poison(error))
    }};
}

pub(crate) use {on, queries};
