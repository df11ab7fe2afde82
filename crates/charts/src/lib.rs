//! Small accessible SVG charts, the same in pages and in PDF. Pure.
