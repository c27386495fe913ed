use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqlSafeStr, SqliteConnection};
use storage::Options;
use testkit::TestDb;

fn everything() -> Vec<(String, String)> {
    let constants = storage::all_queries().map(|(file, name, sql)| (format!("{file}::{name}"), sql.to_owned()));
    let shapes = storage::org_list::all_shapes().into_iter().map(|sql| ("org_list".to_owned(), sql));
    constants.chain(shapes).collect()
}

#[tokio::test]
async fn every_query_prepares_on_sqlite() {
    let db = TestDb::sqlite().await;
    let Options::Sqlite(file) = db.options() else { panic!("SQLite was asked for") };
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
    let mut conn = SqliteConnection::connect_with(&options).await.unwrap();
    for (name, sql) in everything() {
        let prepared = (&mut conn).prepare(AssertSqlSafe(sql).into_sql_str()).await;
        assert!(prepared.is_ok(), "{name}: {:?}", prepared.err());
    }
}

#[tokio::test]
async fn every_query_prepares_on_postgres() {
    let db = TestDb::postgres().await;
    let Options::Postgres(url) = db.options() else { panic!("PostgreSQL was asked for") };
    let mut conn = PgConnection::connect(url).await.unwrap();
    for (name, sql) in everything() {
        let prepared = (&mut conn).prepare(AssertSqlSafe(sql).into_sql_str()).await;
        assert!(prepared.is_ok(), "{name}: {:?}", prepared.err());
    }
}

#[test]
fn the_list_of_queries_is_whole() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src");
    let mut declared = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        if let Some((_, list)) = text.split_once("\nqueries! {\n") {
            let list = list.split("\n}\n").next().unwrap();
            let is_name = |line: &&str| {
                let name = line.strip_prefix("    ").and_then(|rest| rest.split_once(" = "));
                name.is_some_and(|(name, _)| name.chars().all(|c| c.is_ascii_uppercase() || c == '_'))
            };
            declared += list.lines().filter(is_name).count();
        }
    }
    assert_eq!(declared, storage::all_queries().count(), "a file with `queries!` is missing in `all_queries`");
}
