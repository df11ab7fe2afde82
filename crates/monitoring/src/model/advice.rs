//! What to do next: strong and weak sections of a pupil, groups by need of a class.

use std::collections::BTreeMap;

use super::{Points, Settings};

/// A task of one pupil.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectionItem<'a> {
    /// Number in the form, from 1.
    pub number: u32,
    /// Section of the programme.
    pub section: &'a str,
    /// Points earned.
    pub score: Points,
    /// Points possible.
    pub max: Points,
}

/// How a section stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Done well.
    Strong,
    /// In between, or too few tasks to say.
    Middle,
    /// Needs work.
    Weak,
}

/// A section of one pupil.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectionScore {
    /// The section.
    pub section: String,
    /// Numbers of its tasks.
    pub items: Vec<u32>,
    /// Numbers of the tasks that did not earn all their points.
    pub failed: Vec<u32>,
    /// Points earned.
    pub score: Points,
    /// Points possible.
    pub max: Points,
    /// How it stands.
    pub standing: Standing,
}

impl SectionScore {
    /// Points earned in percent of the points possible.
    pub fn percent(&self) -> f64 {
        if self.max == Points::ZERO {
            return 0.0;
        }
        100.0 * self.score.hundredths() as f64 / self.max.hundredths() as f64
    }
}

/// The sections of a pupil's test, in the order in which they first occur.
pub fn sections(items: &[SectionItem<'_>], settings: &Settings) -> Vec<SectionScore> {
    let mut found: Vec<SectionScore> = Vec::new();
    for item in items {
        let at = found.iter().position(|section| section.section == item.section).unwrap_or_else(|| {
            found.push(SectionScore {
                section: item.section.to_owned(),
                items: Vec::new(),
                failed: Vec::new(),
                score: Points::ZERO,
                max: Points::ZERO,
                standing: Standing::Middle,
            });
            found.len() - 1
        });
        let section = &mut found[at];
        section.items.push(item.number);
        if item.score < item.max {
            section.failed.push(item.number);
        }
        section.score = section.score + item.score;
        section.max = section.max + item.max;
    }
    for section in &mut found {
        let percent = section.percent();
        section.standing = if (section.items.len() as u32) < settings.section_tasks {
            Standing::Middle
        } else if percent >= settings.strong_from {
            Standing::Strong
        } else if percent < settings.weak_below {
            Standing::Weak
        } else {
            Standing::Middle
        };
    }
    found
}

/// A task behind a need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NeedItem {
    /// Number in the form.
    pub number: u32,
    /// Pupils of the group who did not earn all its points.
    pub failed_by: u32,
}

/// Pupils who need the same thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need<P> {
    /// The section.
    pub section: String,
    /// The pupils, in the order given.
    pub pupils: Vec<P>,
    /// The tasks behind it, the most often failed first.
    pub items: Vec<NeedItem>,
}

/// What a class needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needs<P> {
    /// Sections in which so many are weak that the whole class should go through them again; the most pupils first.
    pub whole_class: Vec<Need<P>>,
    /// Groups of pupils, the largest first.
    pub groups: Vec<Need<P>>,
}

/// Groups pupils by the sections in which they are weak.
///
/// A section in which at least `whole_class_from` percent of those who took part are weak is a matter of the whole class
/// and makes no group. Of the others a pupil stands in at most `needs_of_pupil` groups, those of the lowest percentages;
/// equal percentages go by the order of the form.
pub fn needs<P: Clone>(pupils: &[(P, Vec<SectionScore>)], settings: &Settings) -> Needs<P> {
    let mut order: Vec<&str> = Vec::new();
    let mut weak_in: BTreeMap<&str, usize> = BTreeMap::new();
    for section in pupils.iter().flat_map(|pupil| &pupil.1) {
        if !order.contains(&section.section.as_str()) {
            order.push(&section.section);
        }
        if section.standing == Standing::Weak {
            *weak_in.entry(&section.section).or_default() += 1;
        }
    }
    let of_class = |section: &str| {
        weak_in.get(section).is_some_and(|n| 100.0 * *n as f64 >= settings.whole_class_from * pupils.len() as f64)
    };
    let mut whole_class =
        gather(pupils, &order, |_, sections| sections.filter(|section| of_class(&section.section)).collect());
    let mut groups = gather(pupils, &order, |_, sections| {
        let mut own: Vec<&SectionScore> = sections.filter(|section| !of_class(&section.section)).collect();
        own.sort_by(|one, other| one.percent().total_cmp(&other.percent()));
        own.truncate(settings.needs_of_pupil);
        own
    });
    whole_class.sort_by_key(|need| std::cmp::Reverse(need.pupils.len()));
    groups.sort_by_key(|need| std::cmp::Reverse(need.pupils.len()));
    Needs { whole_class, groups }
}

fn gather<'a, P: Clone>(
    pupils: &'a [(P, Vec<SectionScore>)],
    order: &[&str],
    choose: impl Fn(&P, &mut dyn Iterator<Item = &'a SectionScore>) -> Vec<&'a SectionScore>,
) -> Vec<Need<P>> {
    let mut found: Vec<Need<P>> = order
        .iter()
        .map(|section| Need { section: (*section).to_owned(), pupils: Vec::new(), items: Vec::new() })
        .collect();
    for (pupil, sections) in pupils {
        let mut weak = sections.iter().filter(|section| section.standing == Standing::Weak);
        for section in choose(pupil, &mut weak) {
            let Some(need) = found.iter_mut().find(|need| need.section == section.section) else { continue };
            need.pupils.push(pupil.clone());
            for number in &section.failed {
                match need.items.iter_mut().find(|item| item.number == *number) {
                    Some(item) => item.failed_by += 1,
                    None => need.items.push(NeedItem { number: *number, failed_by: 1 }),
                }
            }
        }
    }
    found.retain(|need| !need.pupils.is_empty());
    for need in &mut found {
        need.items.sort_by_key(|item| (std::cmp::Reverse(item.failed_by), item.number));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pupil(name: &'static str, right: &[u32]) -> (&'static str, Vec<SectionScore>) {
        let sections_of_form = [("fractions", 1..=3), ("area", 4..=5), ("time", 6..=9), ("clock", 10..=10)];
        let items: Vec<SectionItem<'_>> = sections_of_form
            .into_iter()
            .flat_map(|(section, numbers)| numbers.map(move |number| (section, number)))
            .map(|(section, number)| SectionItem {
                number,
                section,
                score: Points::whole(u32::from(right.contains(&number))),
                max: Points::whole(1),
            })
            .collect();
        (name, sections(&items, &Settings::default()))
    }

    #[test]
    fn borders_belong_to_the_better_side_and_one_task_says_nothing() {
        let standings: Vec<Standing> = pupil("", &[1, 4, 6, 7, 8]).1.iter().map(|section| section.standing).collect();
        // 1 of 3 weak, 1 of 2 is 50 %: middle, 3 of 4 is 75 %: strong, a single failed task: middle.
        assert_eq!(standings, [Standing::Weak, Standing::Middle, Standing::Strong, Standing::Middle]);
        assert_eq!(pupil("", &[1]).1[0].failed, [2, 3]);
    }

    #[test]
    fn groups_share_their_weak_section() {
        let class = [
            pupil("Aru", &[1, 2, 3, 4, 5]),
            pupil("Dana", &[4, 5, 1, 2]),
            pupil("Erlan", &[4, 5, 6, 7, 8, 9, 1]),
            pupil("Samat", &[4, 5, 6, 7, 8, 9]),
            pupil("Zere", &[1, 2, 3, 6, 7, 8, 9]),
        ];
        let found = needs(&class, &Settings::default());
        assert!(found.whole_class.is_empty());
        let groups: Vec<(&str, &[&str])> =
            found.groups.iter().map(|need| (need.section.as_str(), need.pupils.as_slice())).collect();
        assert_eq!(groups, [("fractions", &["Erlan", "Samat"][..]), ("time", &["Aru", "Dana"]), ("area", &["Zere"])]);
        assert_eq!(found.groups[0].items[0], NeedItem { number: 2, failed_by: 2 });
    }

    #[test]
    fn what_most_cannot_do_is_for_the_whole_class() {
        let class = [pupil("Aru", &[4, 5]), pupil("Dana", &[1, 2, 3, 4, 5]), pupil("Erlan", &[1, 2, 3])];
        let found = needs(&class, &Settings::default());
        assert_eq!(found.whole_class.len(), 1);
        assert_eq!((found.whole_class[0].section.as_str(), found.whole_class[0].pupils.len()), ("time", 3));
        assert_eq!(found.groups.len(), 2);
        // Aru is weakest in fractions, Erlan in area; "time" takes nobody's place in a group.
        assert_eq!(found.groups[0].pupils, ["Aru"]);
        let few = Settings { needs_of_pupil: 0, ..Settings::default() };
        assert!(needs(&class, &few).groups.is_empty());
    }
}
