//! Assessment items in QTI 3.0 (and 2.0 to 2.2): read, check, show, score, print. Pure: no input or output, no clock.
//!
//! ```
//! use qti::score::Responses;
//!
//! let item = qti::parse_item(r#"
//!   <qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
//!       identifier="capital" title="Capital" xml:lang="en" adaptive="false" time-dependent="false">
//!     <qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="identifier">
//!       <qti-correct-response><qti-value>A</qti-value></qti-correct-response>
//!     </qti-response-declaration>
//!     <qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>
//!     <qti-item-body>
//!       <qti-choice-interaction response-identifier="RESPONSE" max-choices="1">
//!         <qti-prompt>What is the capital of Kazakhstan?</qti-prompt>
//!         <qti-simple-choice identifier="A">Astana</qti-simple-choice>
//!         <qti-simple-choice identifier="B">Almaty</qti-simple-choice>
//!       </qti-choice-interaction>
//!     </qti-item-body>
//!     <qti-response-processing
//!       template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct"/>
//!   </qti-assessment-item>"#)?;
//! assert_eq!((item.identifier.as_str(), item.language.as_deref()), ("capital", Some("en")));
//!
//! let html = qti::render::html(&item, &qti::render::RenderOptions::default());
//! assert!(html.contains(r#"<input type="radio" id="q-1" name="RESPONSE" value="A">"#));
//!
//! let outcomes = qti::score::score(&item, &Responses::new().with("RESPONSE", "A"));
//! assert_eq!((outcomes.score(), item.max_score()), (Some(1.0), Some(1.0)));
//! assert_eq!(item.correct_response("RESPONSE"), Some(vec!["A".to_owned()]));
//! assert_eq!(qti::parse_item(&qti::print_item(&item))?, item);
//! # Ok::<(), qti::ParseError>(())
//! ```
//!
//! What others call: [`parse_item`], [`print_item`], [`render::html`], [`render::modal_feedback`],
//! [`score::score`], [`score::Session`] (templates, several attempts), [`Item::max_score`], [`Item::choices`],
//! [`Item::interactions`], [`Item::correct_response`], [`score::violations`] (limits of interactions: ask before scoring),
//! [`check::item`], [`check::parallel`], [`test::TestSession`], [`package::Package`], [`neighbours`].
//!
//! Invariants:
//! - No input makes it panic, loop or use memory without bound: depth, size and steps are limited.
//! - HTML holds nothing of keys, mappings or processing: it is made from the body alone.
//! - `parse_item(&print_item(&x)) == x`; parts that are not known are kept verbatim.
//! - What cannot be scored is refused by name ([`score::Status::Refused`]), never scored as wrong.
//! - The same seed and responses give the same HTML and the same outcomes on every machine.

#![expect(clippy::cast_possible_wrap, reason = "lengths of documents are limited to some millions")]
#![expect(clippy::match_same_arms, reason = "lists of constructs keep the order of the specification")]

pub mod catalog;
pub mod check;
pub mod companion;
pub mod convert;
pub mod declaration;
pub mod expression;
pub mod follow;
pub mod interaction;
pub mod item;
pub mod names;
pub mod neighbours;
pub mod package;
pub mod processing;
pub mod random;
mod read;
pub mod render;
pub mod score;
pub mod support;
pub mod test;
pub mod text;
pub mod value;
pub mod xml;

pub use item::{Item, parse_item, print_item};
pub use read::ParseError;
