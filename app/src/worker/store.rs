//! Kept places in `IndexedDB`: records apart from their packs, both of a place in one transaction.
//!
//! Whatever goes wrong is no more than a place that is not there: a browser may refuse storage, clear
//! it, or give back what was never put in.

use idb::{Database, Error, ObjectStore, Transaction, TransactionMode};
use js_sys::{Array, ArrayBuffer, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise};

use crate::net::timer::sleep;
use crate::shelf::Record;

const DATABASE: &str = "mapposter-places";
/// Key → a [`Record`] as JSON.
const RECORDS: &str = "records";
/// The same key → the pack.
const PACKS: &str = "packs";
/// A database that does not open for so long is taken for none, ms.
const PATIENCE_MS: i32 = 3000;

/// An open database.
pub struct Store {
    database: Database,
}

impl Drop for Store {
    fn drop(&mut self) {
        self.database.close();
    }
}

impl Store {
    /// `None` where the browser gives no storage.
    pub async fn open() -> Option<Self> {
        let opening = future_to_promise(async {
            let builder = Database::builder(DATABASE)
                .version(1)
                .add_object_store(ObjectStore::builder(RECORDS))
                .add_object_store(ObjectStore::builder(PACKS));
            builder.build().await.map(JsValue::from).map_err(|_| JsValue::NULL)
        });
        let race = Promise::race(&Array::of2(&opening, &sleep(PATIENCE_MS)));
        let database = JsFuture::from(race).await.ok()?.try_into().ok()?;
        Some(Self { database })
    }

    /// Every record that can be drawn from, the newest first. The others are deleted.
    pub async fn records(&self) -> Result<Vec<Record>, Error> {
        let transaction = self.database.transaction(&[RECORDS], TransactionMode::ReadOnly)?;
        let store = transaction.object_store(RECORDS)?;
        // Before either is awaited, so that both are of one moment.
        let (keys, values) = (store.get_all_keys(None, None)?, store.get_all(None, None)?);
        let (keys, values) = (keys.await?, values.await?);
        let (mut records, mut broken) = (Vec::new(), Vec::new());
        for (key, value) in keys.into_iter().zip(values) {
            let json = value.as_string().unwrap_or_default();
            match serde_json::from_str::<Record>(&json) {
                Ok(record) if record.is_sound() && key.as_string() == Some(record.key()) => {
                    records.push(record);
                }
                // A key that is no text was never ours.
                _ => broken.extend(key.as_string()),
            }
        }
        if !broken.is_empty() {
            self.delete(&broken).await?;
        }
        records.sort_by(|a, b| b.stored.total_cmp(&a.stored));
        Ok(records)
    }

    /// A place's pack, if it is the one that was kept.
    pub async fn pack(&self, record: &Record) -> Result<Option<ArrayBuffer>, Error> {
        let transaction = self.database.transaction(&[PACKS], TransactionMode::ReadOnly)?;
        let found = transaction.object_store(PACKS)?.get(key(record))?.await?;
        let pack = found.and_then(|pack| pack.dyn_into::<ArrayBuffer>().ok());
        let is_intact =
            |pack: &ArrayBuffer| crc32fast::hash(&super::port::bytes(pack)) == record.crc;
        Ok(pack.filter(is_intact))
    }

    /// Keeps a record, and its pack unless that is there already, in the place of others; all or
    /// nothing.
    pub async fn put(
        &self,
        record: &Record,
        pack: Option<&ArrayBuffer>,
        others: &[String],
    ) -> Result<(), Error> {
        let (key, json) = (key(record), serde_json::to_string(record).unwrap_or_default());
        let transaction = self.write()?;
        delete(&transaction, others)?;
        if let Some(pack) = pack {
            transaction.object_store(PACKS)?.put(pack, Some(&key))?;
        }
        transaction.object_store(RECORDS)?.put(&json.into(), Some(&key))?;
        // A full disk is told here alone, not by the requests.
        let is_committed = transaction.await?.is_committed();
        if is_committed { Ok(()) } else { Err(Error::DomExceptionNotFound) }
    }

    /// Deletes places.
    pub async fn delete(&self, keys: &[String]) -> Result<(), Error> {
        let transaction = self.write()?;
        delete(&transaction, keys)?;
        transaction.await.map(drop)
    }

    fn write(&self) -> Result<Transaction, Error> {
        self.database.transaction(&[RECORDS, PACKS], TransactionMode::ReadWrite)
    }
}

fn delete(transaction: &Transaction, keys: &[String]) -> Result<(), Error> {
    for key in keys {
        for store in [RECORDS, PACKS] {
            transaction.object_store(store)?.delete(JsValue::from(key))?;
        }
    }
    Ok(())
}

fn key(record: &Record) -> JsValue {
    record.key().into()
}

/// Bytes that the browser gives the site, if it says so.
pub async fn quota() -> Option<f64> {
    let of = |object: &JsValue, name: &str| Reflect::get(object, &name.into()).ok();
    let storage = of(&of(&js_sys::global(), "navigator")?, "storage")?;
    let estimate: js_sys::Function = of(&storage, "estimate")?.dyn_into().ok()?;
    let promise: Promise = estimate.call0(&storage).ok()?.dyn_into().ok()?;
    of(&JsFuture::from(promise).await.ok()?, "quota")?.as_f64()
}
