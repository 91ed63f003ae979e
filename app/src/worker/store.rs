//! Kept places in `IndexedDB`: records apart from their packs, both of a place in one transaction.
//!
//! Whatever goes wrong is no more than a place that is not there: a browser may refuse storage, clear
//! it, or give back what was never put in.

use idb::{Database, Error, ObjectStore, Transaction, TransactionMode};
use js_sys::{Array, ArrayBuffer, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise};

use crate::net::timer::sleep;
use crate::shelf::{Record, Stored, giving_way};

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

    /// Every record that can be drawn from, the newest first. The others are deleted, unless they are a newer build's.
    pub async fn records(&self) -> Result<Vec<Record>, Error> {
        let transaction = self.database.transaction(&[RECORDS], TransactionMode::ReadOnly)?;
        let (mut records, broken) = read(&transaction).await?;
        if !broken.is_empty() {
            // Read again, as another tab may have put a sound one there since.
            let transaction = self.write()?;
            let (_, broken) = read(&transaction).await?;
            delete(&transaction, &broken)?;
            committed(transaction).await?;
        }
        records.sort_by(|a, b| b.stored.total_cmp(&a.stored));
        Ok(records)
    }

    /// A place with its pack, and notes that it was used `now`, ms since 1970. One whose pack is not the one that was
    /// kept is deleted.
    pub async fn take(&self, key: &str, now: f64) -> Result<Option<(Record, ArrayBuffer)>, Error> {
        let transaction = self.write()?;
        let (records, packs) =
            (transaction.object_store(RECORDS)?, transaction.object_store(PACKS)?);
        let (record, pack) = (records.get(JsValue::from(key))?, packs.get(JsValue::from(key))?);
        let (record, pack) = (record.await?, pack.await?);
        // Deleted since it was looked for.
        let Some(mut record) = place(key, record) else { return Ok(None) };
        let pack = pack.and_then(|pack| pack.dyn_into::<ArrayBuffer>().ok());
        let is_intact =
            |pack: &ArrayBuffer| crc32fast::hash(&super::port::bytes(pack)) == record.crc;
        let Some(pack) = pack.filter(is_intact) else {
            delete(&transaction, &[key.to_owned()])?;
            committed(transaction).await?;
            return Ok(None);
        };
        record.used = now;
        put(&records, &record)?;
        // A full disk does not keep it from being drawn.
        let _ = committed(transaction).await;
        Ok(Some((record, pack)))
    }

    /// Keeps a place, and in its place no more those that give way to it, where it fits into `most` bytes with the
    /// rest; all or nothing. It stays kept on purpose if it was, by an older build, too.
    pub async fn keep(
        &self,
        record: &Record,
        pack: &ArrayBuffer,
        most: f64,
    ) -> Result<bool, Error> {
        let key = record.key();
        let transaction = self.write()?;
        let (records, _) = read(&transaction).await?;
        let is_same = |old: &Record| old.key() == key || old.is_older_than(&key);
        let (same, others): (Vec<_>, Vec<_>) = records.into_iter().partition(is_same);
        let Some(mut old) = giving_way(&others, &key, record.bytes, most) else {
            return Ok(false);
        };
        old.extend(same.iter().map(Record::key));
        delete(&transaction, &old)?;
        transaction.object_store(PACKS)?.put(pack, Some(&JsValue::from(&key)))?;
        let is_kept = same.iter().any(|old| old.is_kept);
        put(&transaction.object_store(RECORDS)?, &Record { is_kept, ..record.clone() })?;
        // A full disk is told here alone, not by the requests.
        committed(transaction).await.map(|()| true)
    }

    /// Deletes places until there is room for one more of so many bytes beside what is kept now; false where there
    /// are not enough that may be.
    pub async fn make_room(&self, key: &str, bytes: u32) -> Result<bool, Error> {
        let transaction = self.write()?;
        let (records, _) = read(&transaction).await?;
        let total = records.iter().map(|record| f64::from(record.bytes)).sum();
        let Some(old) = giving_way(&records, key, bytes, total) else { return Ok(false) };
        delete(&transaction, &old)?;
        committed(transaction).await.map(|()| true)
    }

    /// Notes whether a place is kept on purpose.
    pub async fn mark(&self, key: &str, is_kept: bool) -> Result<(), Error> {
        let transaction = self.write()?;
        let records = transaction.object_store(RECORDS)?;
        let record = records.get(JsValue::from(key))?.await?;
        let Some(record) = place(key, record) else { return Ok(()) };
        put(&records, &Record { is_kept, ..record })?;
        committed(transaction).await
    }

    /// Deletes places.
    pub async fn delete(&self, keys: &[String]) -> Result<(), Error> {
        let transaction = self.write()?;
        delete(&transaction, keys)?;
        committed(transaction).await
    }

    /// What is read and then written goes through one of these: two tabs or workers take turns with them, so that
    /// neither writes back what the other has changed since.
    fn write(&self) -> Result<Transaction, Error> {
        self.database.transaction(&[RECORDS, PACKS], TransactionMode::ReadWrite)
    }
}

/// The records, and the keys of those that cannot be drawn from.
async fn read(transaction: &Transaction) -> Result<(Vec<Record>, Vec<String>), Error> {
    let store = transaction.object_store(RECORDS)?;
    // Before either is awaited, so that both are of one moment.
    let (keys, values) = (store.get_all_keys(None, None)?, store.get_all(None, None)?);
    let (keys, values) = (keys.await?, values.await?);
    let (mut records, mut broken) = (Vec::new(), Vec::new());
    for (key, value) in keys.into_iter().zip(values) {
        // A key that is no text was never ours.
        let Some(key) = key.as_string() else { continue };
        match Stored::read(&key, &value.as_string().unwrap_or_default()) {
            Stored::Place(record) => records.push(record),
            Stored::Broken => broken.push(key),
            Stored::Newer => {}
        }
    }
    Ok((records, broken))
}

fn place(key: &str, value: Option<JsValue>) -> Option<Record> {
    match Stored::read(key, &value?.as_string().unwrap_or_default()) {
        Stored::Place(record) => Some(record),
        Stored::Newer | Stored::Broken => None,
    }
}

fn put(records: &ObjectStore, record: &Record) -> Result<(), Error> {
    let json = serde_json::to_string(record).unwrap_or_default();
    records.put(&json.into(), Some(&record.key().into())).map(drop)
}

/// Until all that a transaction wrote is kept, or nothing of it. idb's own future ends with the first request that
/// fails, and the `abort` that follows would call what is gone, which ends the worker.
async fn committed(transaction: Transaction) -> Result<(), Error> {
    let transaction = JsValue::from(transaction);
    let promise = Promise::new(&mut |done, fail| {
        let _ = Reflect::set(&transaction, &"oncomplete".into(), &done);
        let _ = Reflect::set(&transaction, &"onabort".into(), &fail);
    });
    JsFuture::from(promise).await.map(drop).map_err(|_| Error::DomExceptionNotFound)
}

fn delete(transaction: &Transaction, keys: &[String]) -> Result<(), Error> {
    for key in keys {
        for store in [RECORDS, PACKS] {
            transaction.object_store(store)?.delete(JsValue::from(key))?;
        }
    }
    Ok(())
}

/// Bytes that the browser gives the site, if it says so.
pub async fn quota() -> Option<f64> {
    let of = |object: &JsValue, name: &str| Reflect::get(object, &name.into()).ok();
    let storage = of(&of(&js_sys::global(), "navigator")?, "storage")?;
    let estimate: js_sys::Function = of(&storage, "estimate")?.dyn_into().ok()?;
    let promise: Promise = estimate.call0(&storage).ok()?.dyn_into().ok()?;
    of(&JsFuture::from(promise).await.ok()?, "quota")?.as_f64()
}
