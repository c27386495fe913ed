use storage::{Audit, rate};
use testkit::{TestDb, both};

use crate::helpers::write;

#[both]
async fn counts_of_processes_add_up_and_are_forgotten(db: TestDb) {
    let mut tx = write(&db).await;
    assert_eq!(rate::add(&mut tx, "a", 7, 3).await.unwrap(), 3);
    assert_eq!(rate::add(&mut tx, "a", 7, 4).await.unwrap(), 7);
    assert_eq!(rate::add(&mut tx, "a", 8, 1).await.unwrap(), 1, "a minute of its own");
    assert_eq!(rate::add(&mut tx, "b", 7, 9).await.unwrap(), 9);
    rate::forget(&mut tx, 8).await.unwrap();
    tx.commit(Audit::none("counters")).await.unwrap();
    assert_eq!(db.count_rows(&["rate_count"]).await, 1);
}
