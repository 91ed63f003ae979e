//! The UI's end of a worker: starts it when first needed, numbers its jobs, notices its death.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::{Rc, Weak};

use futures_channel::oneshot;
use js_sys::{Array, ArrayBuffer};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use web_sys::{ErrorEvent, MessageEvent, Worker, WorkerGlobalScope, WorkerOptions, WorkerType};

use super::port::{pack, transfer, unpack};
use super::protocol::{Answer, Call, Job, Reply};
use crate::failure::Failure;

/// A worker that says nothing for so long while it has work is taken for dead: `terminate` and
/// an out-of-memory kill give no event.
const SILENCE_MS: f64 = 30_000.0;
/// The same of a worker's own worker, so that this is known before the worker itself is silent for long.
const HELPER_SILENCE_MS: f64 = 10_000.0;
/// How often that is looked at.
const WATCH_MS: i32 = 2_000;

/// What is told of a job before its end.
pub type OnEvent = Box<dyn Fn(Answer, Vec<ArrayBuffer>)>;

/// A worker, alive or not yet.
#[derive(Clone)]
pub struct Client {
    inner: Rc<Inner>,
}

struct Inner {
    url: String,
    /// The script of the module that runs here, where the worker is to run it too.
    script: Option<String>,
    /// What the worker is called.
    name: &'static str,
    state: RefCell<State>,
    next_id: Cell<u32>,
    last_heard: Cell<f64>,
}

#[derive(Default)]
struct State {
    worker: Option<Worker>,
    is_ready: bool,
    /// Posted when the worker says it listens: what comes earlier would be lost.
    waiting: Vec<(Array, Vec<ArrayBuffer>)>,
    jobs: BTreeMap<u32, Pending>,
    /// Kept alive as long as the worker may call them.
    handlers: Vec<JsValue>,
    watch: Option<i32>,
}

struct Pending {
    on_event: Option<OnEvent>,
    done: oneshot::Sender<(Answer, Vec<ArrayBuffer>)>,
}

/// A job that was asked and its number.
pub struct Asked {
    /// For [`Client::cancel`].
    pub id: u32,
    answer: oneshot::Receiver<(Answer, Vec<ArrayBuffer>)>,
}

impl Asked {
    /// Its last answer with the buffers, or why there is none. A cancel answers
    /// [`Answer::Cancelled`].
    ///
    /// # Errors
    /// What the worker said went wrong, or that it is gone.
    pub async fn answer(self) -> Result<(Answer, Vec<ArrayBuffer>), Failure> {
        match self.answer.await {
            Ok((Answer::Failed(failure), _)) => Err(failure),
            Ok((Answer::Panicked { message }, _)) => Err(Failure::of_worker(&message)),
            Ok(answer) => Ok(answer),
            Err(oneshot::Canceled) => Ok((Answer::Cancelled, Vec::new())),
        }
    }
}

impl Client {
    /// A worker whose loader is at `url`; it is started by the first job.
    #[must_use]
    pub fn new(url: String) -> Self {
        Self::with_script(url, None)
    }

    /// A worker that runs this very module, compiled already, with its script at `script`.
    #[must_use]
    pub fn of_this_module(url: String, script: String) -> Self {
        Self::with_script(url, Some(script))
    }

    fn with_script(url: String, script: Option<String>) -> Self {
        Self {
            inner: Rc::new(Inner {
                url,
                script,
                name: "",
                state: RefCell::default(),
                next_id: Cell::new(1),
                last_heard: Cell::new(0.0),
            }),
        }
    }

    /// The same, which was not started yet, under a name that it can read.
    #[must_use]
    pub fn named(mut self, name: &'static str) -> Self {
        if let Some(inner) = Rc::get_mut(&mut self.inner) {
            inner.name = name;
        }
        self
    }

    /// Whether it runs; a stopped one has forgotten all data.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.inner.state.borrow().worker.is_some()
    }

    /// Starts the worker, so that it is there when the first job comes.
    pub fn start(&self) {
        self.inner.start();
    }

    /// Asks for a job; `buffers` are handed over.
    pub fn ask(&self, job: Job, buffers: Vec<ArrayBuffer>, on_event: Option<OnEvent>) -> Asked {
        self.ask_for(&job, buffers, on_event)
    }

    /// Asks for a job of the worker's own kind.
    pub fn ask_for(
        &self,
        job: &impl Serialize,
        buffers: Vec<ArrayBuffer>,
        on_event: Option<OnEvent>,
    ) -> Asked {
        let id = self.inner.next_id.get();
        self.inner.next_id.set(id + 1);
        self.post(id, pack(&Call { id, job }, &buffers), buffers, on_event)
    }

    /// Asks for what has no answer.
    pub fn tell(&self, task: &impl Serialize, buffers: Vec<ArrayBuffer>) {
        let list = pack(&Call { id: 0, job: task }, &buffers);
        self.inner.start();
        let mut state = self.inner.state.borrow_mut();
        match (&state.worker, state.is_ready) {
            (Some(worker), true) => send(worker, &list, &buffers),
            _ => state.waiting.push((list, buffers)),
        }
    }

    /// Asks for a job with a thing of the browser's that goes to the worker with it.
    pub fn ask_with(&self, job: &Job, thing: &JsValue, on_event: Option<OnEvent>) -> Asked {
        let id = self.inner.next_id.get();
        self.inner.next_id.set(id + 1);
        let list = pack(&Call { id, job }, &[]);
        list.push(thing);
        self.post(id, list, Vec::new(), on_event)
    }

    fn post(
        &self,
        id: u32,
        list: Array,
        buffers: Vec<ArrayBuffer>,
        on_event: Option<OnEvent>,
    ) -> Asked {
        let (done, answer) = oneshot::channel();
        self.inner.start();
        let mut state = self.inner.state.borrow_mut();
        state.jobs.insert(id, Pending { on_event, done });
        self.inner.last_heard.set(js_sys::Date::now());
        match (&state.worker, state.is_ready) {
            (Some(worker), true) => send(worker, &list, &buffers),
            (Some(_), false) => state.waiting.push((list, buffers)),
            (None, _) => {
                drop(state);
                self.inner.lose("the browser does not start it");
            }
        }
        Asked { id, answer }
    }

    /// Asks a worker to stop a download; its job then answers with [`Answer::Cancelled`].
    pub fn cancel(&self, id: u32) {
        let state = self.inner.state.borrow();
        if let Some(worker) = state.worker.as_ref().filter(|_| state.is_ready) {
            send(worker, &pack(&Call { id: 0, job: Job::Cancel { id } }, &[]), &[]);
        }
    }

    /// Ends the worker at once; its jobs are cancelled and the next one starts a fresh worker.
    pub fn terminate(&self) {
        drop(self.inner.stop());
    }
}

fn send(worker: &Worker, list: &Array, buffers: &[ArrayBuffer]) {
    let _ = worker.post_message_with_transfer(list, &transfer(buffers));
}

impl Inner {
    fn start(self: &Rc<Self>) {
        if self.state.borrow().worker.is_some() {
            return;
        }
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        options.set_name(self.name);
        let Ok(worker) = Worker::new_with_options(&self.url, &options) else { return };
        let (on_message, on_error) = (Rc::downgrade(self), Rc::downgrade(self));
        let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(inner) = on_message.upgrade() {
                inner.hear(event.data());
            }
        });
        let on_error = Closure::<dyn Fn(ErrorEvent)>::new(move |event: ErrorEvent| {
            if let Some(inner) = on_error.upgrade() {
                // Or it would be this worker's error as well, and the page would end both.
                if web_sys::window().is_none() {
                    event.prevent_default();
                }
                let why = event.message();
                // A script that cannot be loaded gives an event without words.
                let why = if why.is_empty() { "it could not be loaded".into() } else { why };
                inner.lose(&why);
            }
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        if let Some(script) = &self.script {
            let _ = worker.post_message(&Array::of2(&script.into(), &wasm_bindgen::module()));
        }
        let mut state = self.state.borrow_mut();
        state.handlers = vec![on_message.into_js_value(), on_error.into_js_value()];
        state.worker = Some(worker);
        state.watch = watch(Rc::downgrade(self));
    }

    fn hear(&self, data: JsValue) {
        self.last_heard.set(js_sys::Date::now());
        let Some((reply, buffers)) = unpack::<Reply>(data) else { return };
        let Ok(Reply { id, answer }) = reply else {
            return self.lose("its answer could not be read");
        };
        match answer {
            Answer::Ready => {
                let mut state = self.state.borrow_mut();
                state.is_ready = true;
                for (list, buffers) in std::mem::take(&mut state.waiting) {
                    if let Some(worker) = &state.worker {
                        send(worker, &list, &buffers);
                    }
                }
            }
            Answer::Panicked { message } => self.lose(&message),
            answer if answer.goes_on() => {
                // Taken out while it runs: it may well ask for another job.
                let mut state = self.state.borrow_mut();
                let on_event = state.jobs.get_mut(&id).and_then(|job| job.on_event.take());
                drop(state);
                if let Some(on_event) = on_event {
                    on_event(answer, buffers);
                    if let Some(job) = self.state.borrow_mut().jobs.get_mut(&id) {
                        job.on_event = Some(on_event);
                    }
                }
            }
            answer => {
                let job = self.state.borrow_mut().jobs.remove(&id);
                if let Some(job) = job {
                    let _ = job.done.send((answer, buffers));
                }
            }
        }
    }

    /// The worker is of no more use: every job ends with why.
    fn lose(&self, why: &str) {
        for (_, job) in self.stop() {
            let _ = job.done.send((Answer::Panicked { message: why.to_owned() }, Vec::new()));
        }
    }

    fn stop(&self) -> BTreeMap<u32, Pending> {
        let state = self.state.take();
        if let Some(worker) = &state.worker {
            worker.set_onmessage(None);
            worker.set_onerror(deaf().as_ref());
            worker.terminate();
        }
        if let Some(watch) = state.watch {
            match web_sys::window() {
                Some(window) => window.clear_interval_with_handle(watch),
                None => scope().clear_interval_with_handle(watch),
            }
        }
        state.jobs
    }
}

/// What hears the errors of an ended worker that are still on their way: unheard they would be this
/// worker's own, and the page would end it too.
fn deaf() -> Option<js_sys::Function> {
    let is_worker = web_sys::window().is_none();
    let deaf = || Closure::<dyn Fn(ErrorEvent)>::new(|event: ErrorEvent| event.prevent_default());
    is_worker.then(|| deaf().into_js_value().unchecked_into())
}

/// Looks now and then whether a worker that has work still lives.
fn watch(inner: Weak<Inner>) -> Option<i32> {
    let look = Closure::<dyn Fn()>::new(move || {
        let Some(inner) = inner.upgrade() else { return };
        let patience = if web_sys::window().is_some() { SILENCE_MS } else { HELPER_SILENCE_MS };
        let is_silent = js_sys::Date::now() - inner.last_heard.get() > patience;
        let has_work = !inner.state.borrow().jobs.is_empty();
        if is_silent && has_work {
            inner.lose("it did not answer for half a minute");
        }
    });
    let look = look.into_js_value();
    let look = look.unchecked_ref();
    match web_sys::window() {
        Some(window) => {
            window.set_interval_with_callback_and_timeout_and_arguments_0(look, WATCH_MS)
        }
        None => scope().set_interval_with_callback_and_timeout_and_arguments_0(look, WATCH_MS),
    }
    .ok()
}

/// Where this is a worker.
fn scope() -> WorkerGlobalScope {
    js_sys::global().unchecked_into()
}
