//! The worker end: reads files, holds the dataset, answers.
