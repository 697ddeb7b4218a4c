//! Drawings of figures: shapes with whole coordinates, styled by classes, drawn by templates as SVG.
//!
//! Every drawing stands beside a table with the same figures. No crate draws them: those that exist
//! count in floats, bring colours and letters of their own as inline styles, which our content policy
//! refuses, and none leaves a table for those who do not see the drawing.

mod bars;
mod flow;
mod line;
mod tiles;
mod uses;
mod years;

pub(crate) use bars::{Bar, bars};
pub(crate) use flow::{Band, HEIGHT as FLOW_HEIGHT, flow};
pub(crate) use line::{Line, line};
pub(crate) use tiles::{Tile, tiles};
pub(crate) use uses::{UsePart, use_parts};
pub(crate) use years::{YearBar, year_bars};

/// Width of most drawings.
const WIDTH: i64 = 1_000;
