//! Lists a person supplies: people, clients, leave, expected counts, matter.toml.
