//! A PNG's bands, painted and packed by the print worker and helpers of its own, one for each further core. The file has
//! the same bytes however many there are.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use futures_channel::oneshot;
use js_sys::ArrayBuffer;
use render_core::export::png::{self, Band, Checksum, PngOptions, Sheet, head, tail};
use render_core::export::raster::Backdrop;
use render_core::scene::{Scene, wire};
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::WorkerGlobalScope;

use super::client::Client;
use super::port;
use super::protocol::Answer;
use super::sink::Sink;
use crate::failure::Failure;
use crate::net::timer::sleep;

/// What a helper is called, by which it knows what it is.
pub const HELPER: &str = "bands";
/// Most threads at once, this one included: each has the scene and a band of its own.
const MOST_THREADS: usize = 4;
/// Bands a helper is asked for ahead, so that it never waits for this thread, which hears of it between bands.
const AHEAD: usize = 2;
/// So many bands may be made beyond the one that is to be written next: where its maker is slow, the others' would
/// else fill the memory.
const MOST_MADE: u32 = 16;
/// How often it is looked whether that one has come, ms.
const LOOK_MS: i32 = 4;
/// Fewer bands a thread are done sooner than a helper is.
const FEWEST_BANDS: u32 = 3;
/// How long helpers that have nothing to do are kept for the next file, ms.
const IDLE_MS: i32 = 20_000;

/// What a helper is asked.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub enum Task {
    /// Take the scene in the first buffer. No answer.
    Scene {
        /// Pixels to the inch.
        dpi: f64,
        /// Whether nothing is behind the lowest item.
        is_clear: bool,
    },
    /// Make a band of it. → [`Answer::Band`]
    Band(u32),
    /// Drop it. No answer.
    Rest,
}

/// Whether this worker is a helper.
pub fn is_helper() -> bool {
    let name = js_sys::Reflect::get(&js_sys::global(), &"name".into());
    name.is_ok_and(|name| name == HELPER)
}

/// A helper's life.
pub fn help() {
    let sheet: RefCell<Option<Sheet<Arc<Scene>>>> = RefCell::default();
    port::serve(move |id, task: Task, buffers| match task {
        Task::Scene { dpi, is_clear } => {
            let scene = buffers.first().and_then(|buffer| wire::read(&port::bytes(buffer)));
            let backdrop = if is_clear { Backdrop::Clear } else { Backdrop::White };
            let options = PngOptions { dpi, backdrop, design: None };
            *sheet.borrow_mut() =
                scene.and_then(|scene| Sheet::new(Arc::new(scene), &options).ok());
        }
        Task::Band(n) => {
            let band = sheet.borrow_mut().as_mut().map(|sheet| sheet.band(n));
            match band {
                Some(Ok(Band { bytes, checksum: Checksum { adler, n_bytes } })) => {
                    port::post(id, Answer::Band { adler, n_bytes }, &[port::buffer(&bytes)]);
                }
                _ => port::post(id, Answer::Failed(Failure::of_worker("a part has no scene")), &[]),
            }
        }
        Task::Rest => *sheet.borrow_mut() = None,
    });
}

/// The helpers, alive or not yet.
#[derive(Default)]
pub struct Crew {
    helpers: RefCell<Vec<Client>>,
    /// How many files it has worked on.
    n_files: Cell<u32>,
}

/// The bands of a file: which are to be made, and those that are made and not written yet.
struct Work {
    left: RefCell<Vec<u32>>,
    /// The one to be written next.
    next: Cell<u32>,
    made: RefCell<BTreeMap<u32, Made>>,
}

/// A band that is made. Its bytes are not in this module's memory, which would grow with those that wait for a slow
/// helper's and never get smaller.
struct Made {
    bytes: ArrayBuffer,
    checksum: Checksum,
}

impl Work {
    fn new(n: u32) -> Self {
        let left = RefCell::new((0..n).rev().collect());
        Self { left, next: Cell::new(0), made: RefCell::default() }
    }

    /// A band to be made, if one may be now.
    fn take(&self) -> Option<u32> {
        let mut left = self.left.borrow_mut();
        left.pop_if(|n| *n < self.next.get() + MOST_MADE)
    }

    /// Whether there are bands to be made, now or later.
    fn is_left(&self) -> bool {
        !self.left.borrow().is_empty()
    }

    /// A band to be made, once one may be; `None` where none are left.
    async fn take_in_turn(&self) -> Option<u32> {
        while self.is_left() {
            if let Some(n) = self.take() {
                return Some(n);
            }
            let _ = JsFuture::from(sleep(LOOK_MS)).await;
        }
        None
    }

    fn put(&self, n: u32, band: Made) {
        self.made.borrow_mut().insert(n, band);
    }

    /// A band that was not made after all.
    fn give_back(&self, n: u32) {
        self.left.borrow_mut().push(n);
    }
}

/// Ends the helpers' part where the file ends early.
struct Ending(Rc<Work>);

impl Drop for Ending {
    fn drop(&mut self) {
        self.0.left.borrow_mut().clear();
    }
}

impl Crew {
    /// Writes a scene as PNG; `on_part` hears the share done, 0 to 1.
    ///
    /// # Errors
    /// When the picture is too large, or the file cannot be written.
    pub async fn write(
        self: &Rc<Self>,
        scene: Scene,
        options: &PngOptions,
        sink: &mut Sink,
        on_part: impl Fn(f64),
    ) -> Result<(), Failure> {
        let n_files = self.n_files.get() + 1;
        self.n_files.set(n_files);
        let written = self.write_all(Arc::new(scene), options, sink, on_part).await;
        // A rehearsal may end after the file that it was for has begun.
        if self.n_files.get() == n_files {
            self.helpers.borrow().iter().for_each(|helper| helper.tell(&Task::Rest, Vec::new()));
        }
        let crew = self.clone();
        spawn_local(async move {
            let _ = JsFuture::from(sleep(IDLE_MS)).await;
            crew.rest(n_files);
        });
        written
    }

    async fn write_all(
        &self,
        scene: Arc<Scene>,
        options: &PngOptions,
        sink: &mut Sink,
        on_part: impl Fn(f64),
    ) -> Result<(), Failure> {
        let n_bands = png::n_bands(&scene, options)?;
        let work = Rc::new(Work::new(n_bands));
        let _ending = Ending(work.clone());
        // Their scene is on its way while this thread gets ready, too.
        let mut shares = self.engage(&scene, options, n_bands, &work);
        let has_helpers = !shares.is_empty();
        let mut sheet = Sheet::new(scene.clone(), options)?;
        sink.write(&head(&scene, options)?).await?;
        let mut checksum = Checksum::NONE;
        while work.next.get() < n_bands {
            match work.take() {
                Some(n) => {
                    let Band { bytes, checksum } = sheet.band(n)?;
                    work.put(n, Made { bytes: port::buffer(&bytes), checksum });
                }
                None if work.is_left() => {
                    let _ = JsFuture::from(sleep(LOOK_MS)).await;
                }
                // All are made or being made; one whose helper was lost comes back.
                None => match shares.pop() {
                    Some(share) => drop(share.await),
                    None => return Err(Failure::of_worker("a part of the picture is missing")),
                },
            }
            loop {
                let made = work.made.borrow_mut().remove(&work.next.get());
                let Some(band) = made else { break };
                sink.write_buffer(&band.bytes).await?;
                checksum = checksum.then(band.checksum);
                work.next.set(work.next.get() + 1);
            }
            on_part(f64::from(work.next.get()) / f64::from(n_bands.max(1)));
            if has_helpers {
                port::breathe().await;
            }
        }
        sink.write(&tail(checksum)).await
    }

    /// Has helpers take bands from now on; each of the answers comes when one takes no more.
    fn engage(
        &self,
        scene: &Scene,
        options: &PngOptions,
        n_bands: u32,
        work: &Rc<Work>,
    ) -> Vec<oneshot::Receiver<()>> {
        let n_useful = (n_bands / FEWEST_BANDS) as usize;
        let n_helpers = n_threads().min(n_useful).saturating_sub(1);
        if n_helpers == 0 {
            return Vec::new();
        }
        let mut helpers = self.helpers.borrow_mut();
        while helpers.len() < n_helpers {
            let Some(helper) = helper() else { return Vec::new() };
            helpers.push(helper);
        }
        let bytes = wire::write(scene);
        let mut shares = Vec::new();
        for helper in helpers.iter().take(n_helpers) {
            let is_clear = options.backdrop == Backdrop::Clear;
            helper.tell(&Task::Scene { dpi: options.dpi, is_clear }, vec![port::buffer(&bytes)]);
            for _ in 0..AHEAD {
                let (done, share) = oneshot::channel();
                let (helper, work) = (helper.clone(), work.clone());
                shares.push(share);
                spawn_local(async move {
                    take_bands(&helper, &work).await;
                    let _ = done.send(());
                });
            }
        }
        shares
    }

    /// Ends the helpers, if nothing came after a file.
    fn rest(&self, n_files: u32) {
        if self.n_files.get() == n_files {
            self.helpers.borrow_mut().drain(..).for_each(|helper| helper.terminate());
        }
    }
}

/// Has a helper make bands until none are left, or it is lost.
async fn take_bands(helper: &Client, work: &Work) {
    while let Some(n) = work.take_in_turn().await {
        let answer = helper.ask_for(&Task::Band(n), Vec::new(), None).answer().await;
        match answer {
            Ok((Answer::Band { adler, n_bytes }, buffers)) => match buffers.into_iter().next() {
                Some(bytes) => {
                    work.put(n, Made { bytes, checksum: Checksum { adler, n_bytes } });
                }
                None => return work.give_back(n),
            },
            _ => return work.give_back(n),
        }
    }
}

/// A helper, which runs this very module; none where a worker cannot have workers.
fn helper() -> Option<Client> {
    let scope = js_sys::global().unchecked_into::<WorkerGlobalScope>();
    let loader = scope.location().href();
    js_sys::Reflect::has(&scope, &"Worker".into()).ok().filter(|has| *has)?;
    let script = loader.replace("_loader.js", ".js");
    let loader = loader.replace("print_worker_loader", "render_worker_loader");
    Some(Client::of_this_module(loader, script).named(HELPER))
}

fn n_threads() -> usize {
    let scope = js_sys::global().unchecked_into::<WorkerGlobalScope>();
    (scope.navigator().hardware_concurrency() as usize).clamp(1, MOST_THREADS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_bands_are_made_than_the_next_one_waits_for() {
        let work = Work::new(MOST_MADE + 2);
        let taken: Vec<u32> = std::iter::from_fn(|| work.take()).collect();
        assert_eq!(taken, (0..MOST_MADE).collect::<Vec<_>>());
        assert!(work.is_left());
        // Its maker was lost.
        work.give_back(0);
        assert_eq!((work.take(), work.take()), (Some(0), None));
        work.next.set(1);
        assert_eq!((work.take(), work.take()), (Some(MOST_MADE), None));
    }
}
