//! The workbench: holds sources, dataset and matter; merges batches, answers questions. The only mutable thing in the core.
