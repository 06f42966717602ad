//! The publisher's site: configuration, static files, widget and sitemap.

pub(crate) mod asset_files;
pub(crate) mod assets;
pub(crate) mod config;
pub(crate) mod contrast;
pub(crate) mod sitemap;
pub(crate) mod widget;
