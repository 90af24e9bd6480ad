//! The worker's end. One binary, three duties, told by the first message: read files, digest files, or hold the dataset and answer.

mod data;
mod digest;
mod file;
mod many;
mod read;

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use super::protocol;

/// Registers the handler and says that the worker is ready, with the protocol version.
pub fn start() -> Result<(), JsValue> {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let data = Rc::new(RefCell::new(data::Data::default()));
    let handler = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let message = Message(event.data());
        match message.kind().as_str() {
            "read" => wasm_bindgen_futures::spawn_local(read::read(message)),
            "join" => read::join(&message),
            "digest" => wasm_bindgen_futures::spawn_local(digest::job(message)),
            "sample" => read::sample(),
            _ => data.borrow_mut().hear(&message),
        }
    });
    scope.set_onmessage(Some(handler.as_ref().unchecked_ref()));
    handler.forget();
    Reply::new("ready").set("version", protocol::VERSION).post();
    Ok(())
}

/// A message as it came: a plain object with a `kind`.
pub struct Message(JsValue);

impl Message {
    fn get(&self, key: &str) -> JsValue {
        js_sys::Reflect::get(&self.0, &JsValue::from_str(key)).unwrap_or(JsValue::UNDEFINED)
    }
    fn kind(&self) -> String {
        self.text("kind")
    }
    fn text(&self, key: &str) -> String {
        self.get(key).as_string().unwrap_or_default()
    }
    fn number(&self, key: &str) -> u32 {
        self.get(key).as_f64().unwrap_or(0.0) as u32
    }
    fn json<T: serde::de::DeserializeOwned>(&self, key: &str) -> Option<T> {
        serde_json::from_str(&self.text(key)).ok()
    }
    fn bytes(&self, key: &str) -> Vec<u8> {
        let value = self.get(key);
        if value.is_instance_of::<js_sys::ArrayBuffer>() { js_sys::Uint8Array::new(&value).to_vec() } else { Vec::new() }
    }
}

/// An answer on its way to the page.
pub struct Reply {
    object: js_sys::Object,
    transfer: js_sys::Array,
}

impl Reply {
    fn new(kind: &str) -> Self {
        Self { object: js_sys::Object::new(), transfer: js_sys::Array::new() }.set("kind", kind)
    }
    fn set(self, key: &str, value: impl Into<JsValue>) -> Self {
        // Setting a property of a fresh plain object cannot fail.
        let _ = js_sys::Reflect::set(&self.object, &JsValue::from_str(key), &value.into());
        self
    }
    fn json(self, key: &str, value: &impl serde::Serialize) -> Self {
        let text = serde_json::to_string(value).unwrap_or_default();
        self.set(key, text)
    }
    fn buffer(self, key: &str, bytes: &[u8]) -> Self {
        let buffer = js_sys::Uint8Array::from(bytes).buffer();
        self.transfer.push(&buffer);
        self.set(key, buffer)
    }
    fn post(self) {
        let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
        let _ = scope.post_message_with_transfer(&self.object, &self.transfer);
    }
}

/// Bytes of memory this worker holds. WebAssembly memory never shrinks: a worker gives it back by ending.
fn memory() -> f64 {
    wasm_bindgen::memory()
        .dyn_into::<js_sys::WebAssembly::Memory>()
        .ok()
        .and_then(|m| m.buffer().dyn_into::<js_sys::ArrayBuffer>().ok())
        .map_or(0.0, |b| f64::from(b.byte_length()))
}

/// Milliseconds since the worker began; for measuring only, never for answers.
fn now() -> f64 {
    js_sys::Reflect::get(&js_sys::global(), &JsValue::from_str("performance"))
        .ok()
        .and_then(|p| p.dyn_into::<web_sys::Performance>().ok())
        .map_or(0.0, |p| p.now())
}
