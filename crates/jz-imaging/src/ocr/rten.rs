//! The two networks on rten, in pure Rust.

use std::sync::{Arc, Mutex, PoisonError};

use rten::{Model, ModelOptions, RunOptions, ThreadPool};
use rten_tensor::prelude::*;
use rten_tensor::{NdTensor, Tensor};

use super::{Dictionary, LINE_HEIGHT, Networks, Ocr, Options, Read};
use crate::ImagingError;

/// The bytes of a model, `.rten` or `.onnx`.
pub enum ModelBytes {
    /// Part of the executable: not copied.
    Static(&'static [u8]),
    /// Read from a file by the caller.
    Owned(Vec<u8>),
}

impl From<&'static [u8]> for ModelBytes {
    fn from(bytes: &'static [u8]) -> Self {
        Self::Static(bytes)
    }
}

impl From<Vec<u8>> for ModelBytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Owned(bytes)
    }
}

/// Loaded models. One instance serves any number of threads: they share the
/// weights, and each call borrows a pool of a single thread.
pub struct Rten {
    detect: Model,
    read: Model,
    pools: Mutex<Vec<Arc<ThreadPool>>>,
}

impl Rten {
    /// Loads both networks.
    pub fn load(detect: ModelBytes, read: ModelBytes) -> Result<Self, ImagingError> {
        Ok(Self { detect: load(detect)?, read: load(read)?, pools: Mutex::default() })
    }

    /// Loads both networks and the dictionary that goes with the second.
    pub fn recogniser(
        detect: impl Into<ModelBytes>,
        read: impl Into<ModelBytes>,
        dictionary: &[u8],
    ) -> Result<Ocr<Self>, ImagingError> {
        let networks = Self::load(detect.into(), read.into())?;
        Ok(Ocr::new(networks, Dictionary::parse(dictionary)?, Options::default()))
    }

    /// Runs a model on one thread. Threads inside a page hardly pay; pages side
    /// by side do.
    fn run<const N: usize>(
        &self,
        model: &Model,
        input: NdTensor<f32, N>,
    ) -> Result<Tensor<f32>, ImagingError> {
        let pool = self.pools().pop().unwrap_or_else(|| Arc::new(ThreadPool::with_num_threads(1)));
        let options = RunOptions::default().with_thread_pool(Some(Arc::clone(&pool)));
        let output = model.run_one(input.into(), Some(options));
        self.pools().push(pool);
        let output = output.map_err(|_| ImagingError::Model("network does not run"))?;
        output.into_tensor::<f32>().ok_or(ImagingError::Model("network answers no numbers"))
    }

    fn pools(&self) -> std::sync::MutexGuard<'_, Vec<Arc<ThreadPool>>> {
        self.pools.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn load(bytes: ModelBytes) -> Result<Model, ImagingError> {
    let mut options = ModelOptions::with_all_ops();
    options.prepack_weights(true);
    let model = match bytes {
        ModelBytes::Static(bytes) => options.load_static_slice(bytes),
        ModelBytes::Owned(bytes) => options.load(bytes),
    };
    model.map_err(|_| ImagingError::Model("model file cannot be read"))
}

impl Networks for Rten {
    fn detect(&self, input: Vec<f32>, h: usize, w: usize) -> Result<Vec<f32>, ImagingError> {
        let output = self.run(&self.detect, NdTensor::from_data([1, 3, h, w], input))?;
        Ok(output.into_data())
    }

    fn read(&self, input: Vec<f32>, n: usize, w: usize) -> Result<Read, ImagingError> {
        let output = self.run(&self.read, NdTensor::from_data([n, 3, LINE_HEIGHT, w], input))?;
        match *output.shape() {
            [batch, steps, classes] if batch == n => {
                Ok(Read { steps, classes, probabilities: output.into_data() })
            }
            _ => Err(ImagingError::Model("reading network answers in another shape")),
        }
    }
}
