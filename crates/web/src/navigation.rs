//! The column of navigation: five words, and below each what exists and may be seen.

use kernel::Action;

use crate::context::PageCtx;

/// A word of the navigation with its pages.
#[derive(Debug, Clone)]
pub struct Section {
    /// The word.
    pub word: String,
    /// Its pages: name, address, whether it is this one.
    pub links: Vec<Link>,
    /// Whether one of its pages is shown.
    pub current: bool,
}

/// A page in the navigation.
#[derive(Debug, Clone)]
pub struct Link {
    /// Name.
    pub name: String,
    /// Address.
    pub href: &'static str,
    /// Whether it is shown now.
    pub current: bool,
}

/// Key of the name, address, the right that shows it.
type Entry = (&'static str, &'static str, Action);

/// Words with their pages.
const MAP: [(&str, &[Entry]); 5] = [
    (
        "nav-network",
        &[
            ("nav-schools", "/network/schools", Action::SeeRoster),
            ("nav-pupils", "/network/pupils", Action::SeeRoster),
            ("nav-audit", "/network/audit", Action::SeeAudit),
            ("nav-jobs", "/network/jobs", Action::SeeJobs),
        ],
    ),
    (
        "nav-assess",
        &[
            ("nav-campaigns", "/assess/campaigns", Action::SeeCampaign),
            ("nav-import", "/assess/import", Action::ImportResults),
        ],
    ),
    ("nav-teach", &[]),
    ("nav-grow", &[]),
    (
        "nav-govern",
        &[("nav-tables", "/govern/tables", Action::SeeResults), ("nav-auditor", "/govern/audit", Action::AuditTables)],
    ),
];

/// The navigation that an actor sees.
pub fn sections(ctx: &PageCtx) -> Vec<Section> {
    let section = |(word, pages): &(&str, &'static [Entry])| {
        let shown = pages.iter().filter(|(_, _, action)| access::may(&ctx.actor, *action));
        let links: Vec<Link> =
            shown.map(|(key, href, _)| Link { name: ctx.t(key), href, current: ctx.here.starts_with(href) }).collect();
        let current = links.iter().any(|link| link.current);
        Section { word: ctx.t(word), links, current }
    };
    MAP.iter().map(section).filter(|section| !section.links.is_empty()).collect()
}
