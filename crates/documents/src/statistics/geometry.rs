//! Outlines of places from GeoJSON (RFC 7946): polygons with a `code`, and a `name` and a `short` name if they have one.
//! Names are texts, or texts by language. A `note` beside the features says what the reader must know of the map.

use std::collections::BTreeMap;

use kernel::Localized;
use serde_json::Value;

/// The outline of a place.
#[derive(Debug, Clone, PartialEq)]
pub struct Outline {
    /// Full name; empty when the file gives none.
    pub name: Localized,
    /// Short name, printed in the place; empty when the file gives none.
    pub short: Localized,
    /// Rings of points, y growing upwards.
    pub rings: Vec<Vec<(f64, f64)>>,
}

/// A map.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Geometry {
    /// Outlines by the code of their place.
    pub outlines: BTreeMap<String, Outline>,
    /// What the reader must know of it: that it is a scheme; empty for nothing.
    pub note: Localized,
}

/// Why a file of outlines cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GeometryError {
    /// Not JSON, or not a feature collection.
    #[error("not GeoJSON: {0}")]
    NotGeoJson(String),
    /// A feature without the code of its place.
    #[error("feature {0} has no \"code\" among its properties; give each the code of its place")]
    NoCode(usize),
    /// A feature that is not a polygon.
    #[error("feature \"{0}\" is not a Polygon or MultiPolygon of numbers")]
    NotAPolygon(String),
    /// Two features of one place.
    #[error("two features have the code \"{0}\"; join them into a MultiPolygon")]
    Repeated(String),
}

impl Geometry {
    /// Reads a feature collection.
    ///
    /// # Errors
    /// [`GeometryError`] with the feature that cannot be used.
    pub fn from_geojson(text: &str) -> Result<Self, GeometryError> {
        let json: Value = serde_json::from_str(text).map_err(|error| GeometryError::NotGeoJson(error.to_string()))?;
        let features = json.get("features").and_then(Value::as_array);
        let features = features.ok_or_else(|| GeometryError::NotGeoJson("no \"features\"".to_owned()))?;
        let mut outlines = BTreeMap::new();
        for (index, feature) in features.iter().enumerate() {
            let property = |name: &str| feature.pointer(&format!("/properties/{name}")).and_then(Value::as_str);
            let code = property("code").ok_or(GeometryError::NoCode(index + 1))?.to_owned();
            let rings = rings(feature).ok_or_else(|| GeometryError::NotAPolygon(code.clone()))?;
            let named = |name: &str| localized(feature.pointer(&format!("/properties/{name}")));
            let outline = Outline { name: named("name"), short: named("short"), rings };
            if outlines.insert(code.clone(), outline).is_some() {
                return Err(GeometryError::Repeated(code));
            }
        }
        Ok(Self { outlines, note: localized(json.get("note")) })
    }
}

/// A text, or a text for each language.
fn localized(value: Option<&Value>) -> Localized {
    if let Some(text) = value.and_then(Value::as_str) {
        return Localized::same(text);
    }
    let in_language = |language: kernel::Language| value?.get(language.code())?.as_str();
    let [kk, ru, en] = kernel::Language::ALL.map(|language| in_language(language).unwrap_or_default());
    Localized::new(kk, ru, en)
}

fn rings(feature: &Value) -> Option<Vec<Vec<(f64, f64)>>> {
    let coordinates = feature.pointer("/geometry/coordinates")?.as_array()?;
    let polygons: Vec<&Vec<Value>> = match feature.pointer("/geometry/type")?.as_str()? {
        "Polygon" => vec![coordinates],
        "MultiPolygon" => coordinates.iter().map(Value::as_array).collect::<Option<_>>()?,
        _ => return None,
    };
    let point = |point: &Value| Some((point.get(0)?.as_f64()?, point.get(1)?.as_f64()?));
    let ring = |ring: &Value| ring.as_array()?.iter().map(point).collect::<Option<Vec<_>>>();
    let rings: Vec<_> = polygons.into_iter().flatten().map(ring).collect::<Option<_>>()?;
    (!rings.is_empty() && rings.iter().all(|ring| ring.len() >= 3)).then_some(rings)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn collection(feature: &str) -> String {
        format!(r#"{{"type": "FeatureCollection", "features": [{feature}]}}"#)
    }

    #[test]
    fn polygons_are_read_by_code() {
        let square = r#"{"type": "Feature", "properties": {"code": "abai", "short": "Абай"},
            "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}}"#;
        let geometry = Geometry::from_geojson(&collection(square)).unwrap();
        assert_eq!(geometry.outlines["abai"].short, Localized::same("Абай"));
        assert_eq!(geometry.note, Localized::default());
        assert_eq!(geometry.outlines["abai"].rings[0][1], (1.0, 0.0));
        let twice = collection(&format!("{square}, {square}"));
        assert_eq!(Geometry::from_geojson(&twice), Err(GeometryError::Repeated("abai".to_owned())));
    }

    #[test]
    fn names_and_the_note_are_in_the_language_of_the_reader() {
        let text = r#"{"note": {"kk": "сызба", "ru": "схема", "en": "scheme"}, "features": [{"properties":
            {"code": "x", "short": {"kk": "ШҚО", "ru": "ВКО", "en": "East"}},
            "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1]]]}}]}"#;
        let geometry = Geometry::from_geojson(text).unwrap();
        assert_eq!(geometry.note.in_language(kernel::Language::Ru), "схема");
        assert_eq!(geometry.outlines["x"].short.in_language(kernel::Language::Kk), "ШҚО");
    }

    #[test]
    fn what_cannot_be_drawn_is_named() {
        assert!(matches!(Geometry::from_geojson("{}"), Err(GeometryError::NotGeoJson(_))));
        assert_eq!(Geometry::from_geojson(&collection("{}")), Err(GeometryError::NoCode(1)));
        let point = r#"{"properties": {"code": "x"}, "geometry": {"type": "Point", "coordinates": [0, 0]}}"#;
        let wrong = Geometry::from_geojson(&collection(point));
        assert_eq!(wrong, Err(GeometryError::NotAPolygon("x".to_owned())));
    }
}
