//! Small accessible SVG charts, the same in pages and in PDF. Pure: data in, text out.
//!
//! Each chart gives its picture ([`Chart::svg`]) and the same data as a plain table ([`Chart::table`]) for those who
//! do not see it or want the numbers. Colours are presentation attributes, which PDF understands, and classes, which a
//! page restyles (see [`CSS`]); text and axes use `currentColor`, so that light and dark pages work. Nothing is told
//! by colour alone: values are printed, series differ in shape or order.
//!
//! ```
//! use charts::{BarRow, Bars, Chart, Frame, Numbers};
//!
//! let chart = Bars {
//!     frame: Frame::new("means", "Орташа нәтиже, %", "Төрт пән", Numbers::comma(1)),
//!     heads: ["Пән".into(), "n".into()],
//!     series: vec!["Орташа, %".into()],
//!     rows: vec![BarRow::new("Математика", 60.5).with_n(1365), BarRow::new("Жаратылыстану", 65.2).with_n(1352)],
//!     maximum: Some(100.0),
//!     reference: None,
//! };
//! assert!(chart.svg().contains(r#"role="img""#));
//! assert_eq!(chart.table().rows[0], ["Математика", "60,5", "1365"]);
//! ```

#![expect(clippy::float_cmp, reason = "places on an axis are compared with themselves, not with results")]

mod band;
mod bars;
mod chart;
mod dots;
mod heat;
mod histogram;
mod lines;
mod multiples;
mod numbers;
mod parts;
mod person_item_map;
mod region_map;
mod scale;
mod scatter;
mod svg;

pub use band::{Band, Zone};
pub use bars::{BarRow, Bars, Reference};
pub use chart::{CSS, Chart, DataTable, Frame};
pub use dots::{DotRow, Dots};
pub use heat::{Heat, HeatColours};
pub use histogram::{Bin, Histogram};
pub use lines::{Line, LinePoint, Lines};
pub use multiples::{Multiples, Panel};
pub use numbers::Numbers;
pub use parts::{Parts, WholeRow};
pub use person_item_map::{ItemLocation, PersonItemMap};
pub use region_map::{Region, RegionMap};
pub use scale::{Scale, nice_ticks};
pub use scatter::{Scatter, ScatterPoint};
