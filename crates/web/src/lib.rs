//! Pages: routes, templates, forms, components, languages.
