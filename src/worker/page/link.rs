//! One worker seen from the page: messages wait until it is ready; it says when it dies.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::prelude::*;
use web_sys::{ErrorEvent, MessageEvent, Worker, WorkerOptions, WorkerType};

use crate::shape::{self, Shape, Written};

/// A message to a worker.
pub struct Say {
    object: js_sys::Object,
    transfer: js_sys::Array,
}

impl Say {
    /// Of this kind.
    pub fn new(kind: &str) -> Self {
        Self { object: js_sys::Object::new(), transfer: js_sys::Array::new() }.set("kind", kind)
    }
    /// With a value.
    pub fn set(self, key: &str, value: impl Into<JsValue>) -> Self {
        // Setting a property of a fresh plain object cannot fail.
        let _ = js_sys::Reflect::set(&self.object, &JsValue::from_str(key), &value.into());
        self
    }
    /// With a value as JSON text.
    pub fn json(self, key: &str, value: &impl Written) -> Self {
        self.set(key, value.to_json())
    }
    /// With a buffer that moves to the worker.
    pub fn moved(self, key: &str, buffer: &JsValue) -> Self {
        self.transfer.push(buffer);
        self.set(key, buffer.clone())
    }
    /// With buffers that move to the worker.
    pub fn all_moved(self, key: &str, buffers: &[JsValue]) -> Self {
        let list = js_sys::Array::new();
        for buffer in buffers {
            self.transfer.push(buffer);
            list.push(buffer);
        }
        self.set(key, list)
    }
}

/// What a worker said.
pub struct Heard(pub JsValue);

impl Heard {
    /// A property.
    pub fn get(&self, key: &str) -> JsValue {
        js_sys::Reflect::get(&self.0, &JsValue::from_str(key)).unwrap_or(JsValue::UNDEFINED)
    }
    /// As text.
    pub fn text(&self, key: &str) -> String {
        self.get(key).as_string().unwrap_or_default()
    }
    /// As a number.
    pub fn number(&self, key: &str) -> f64 {
        self.get(key).as_f64().unwrap_or(0.0)
    }
    /// From JSON text.
    pub fn json<T: Shape>(&self, key: &str) -> Option<T> {
        shape::from_json(&self.text(key))
    }
}

/// A running worker.
pub struct Link {
    worker: Worker,
    waiting: Rc<RefCell<Option<Vec<Say>>>>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(ErrorEvent)>,
}

impl Link {
    /// Starts a worker. `heard` gets everything but `ready`; `died` is called when it fails.
    pub fn start(heard: impl Fn(Heard) + 'static, died: impl Fn(String) + 'static) -> Option<Self> {
        Self::open(Box::new(heard), Rc::new(died))
    }

    fn open(heard: Box<dyn Fn(Heard)>, died: Rc<dyn Fn(String)>) -> Option<Self> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options("./worker_loader.js", &options).ok()?;
        let waiting = Rc::new(RefCell::new(Some(Vec::new())));
        let (ready, to, fail) = (waiting.clone(), worker.clone(), died.clone());
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let said = Heard(event.data());
            if said.text("kind") != "ready" {
                return heard(said);
            }
            if said.number("version") as u32 != super::super::protocol::VERSION {
                return fail("Reload the page to finish updating.".to_owned());
            }
            for say in ready.borrow_mut().take().unwrap_or_default() {
                post(&to, &say);
            }
        });
        let on_error = Closure::<dyn FnMut(ErrorEvent)>::new(move |event: ErrorEvent| {
            event.prevent_default();
            // A worker that could not be loaded fails with a plain event, which has no message.
            let why = js_sys::Reflect::get(event.as_ref(), &JsValue::from_str("message")).ok().and_then(|m| m.as_string());
            died(why.unwrap_or_default());
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Some(Self { worker, waiting, _on_message: on_message, _on_error: on_error })
    }

    /// Says something, now or when the worker is ready.
    pub fn say(&self, say: Say) {
        match self.waiting.borrow_mut().as_mut() {
            Some(waiting) => waiting.push(say),
            None => post(&self.worker, &say),
        }
    }

    /// Whether the worker has loaded.
    pub fn is_ready(&self) -> bool {
        self.waiting.borrow().is_none()
    }

    /// Ends the worker at once; its memory is given back.
    pub fn end(&self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.end();
    }
}

fn post(worker: &Worker, say: &Say) {
    // A message that cannot be cloned would be a fault of this program; the row then stays unread and can be cancelled.
    let _ = worker.post_message_with_transfer(&say.object, &say.transfer);
}
