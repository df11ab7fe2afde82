//! The way through a test: pre-conditions and branch rules (information model, "Pre-conditions and Branching").

use super::session::TestSession;
use super::{Common, Navigation};

impl TestSession<'_> {
    /// Position of the first item to give.
    #[must_use]
    pub fn first(&self) -> Option<usize> {
        self.from(0, None)
    }

    /// The first item at or after a position whose pre-conditions, and those of the part and the sections it opens, are
    /// true. What the item before was in is open already and is not asked again.
    fn from(&self, start: usize, before: Option<usize>) -> Option<usize> {
        (start..self.plan.len()).find(|at| {
            let planned = &self.plan[*at];
            let part = &self.test.parts[planned.part];
            let holds = |common: &Common| common.pre_conditions.iter().all(|c| self.is_true(&c.condition));
            let opens_part = before.is_none_or(|before| self.plan[before].part != planned.part);
            // Conditions on parts always count, those inside parts in linear ones.
            if opens_part && !holds(&part.common) {
                return false;
            }
            let open = before.map_or(0, |before| self.shared(before, *at));
            part.navigation == Navigation::Nonlinear
                || (planned.sections.iter().skip(open).all(|section| holds(&section.common))
                    && holds(&planned.item.common))
        })
    }

    /// How many sections, from the outermost, two items are both in.
    fn shared(&self, one: usize, other: usize) -> usize {
        let (one, other) = (&self.plan[one], &self.plan[other]);
        if one.part != other.part {
            return 0;
        }
        let both = one.sections.iter().zip(&other.sections);
        both.take_while(|(one, other)| one.identifier == other.identifier).count()
    }

    /// Position of the item after another, by branch rules and pre-conditions; `None` at the end of the test.
    #[must_use]
    pub fn next(&self, at: usize) -> Option<usize> {
        let planned = self.plan.get(at)?;
        let part = &self.test.parts[planned.part];
        let is_linear = part.navigation == Navigation::Linear;
        if is_linear && let Some(target) = self.branch(&planned.item.common) {
            return self.follow(at, target, planned.sections.len());
        }
        // What one leaves on the way to the next item may branch, too: sections from the innermost, then the part.
        let next = self.from(at + 1, Some(at));
        let stays_in = next.map_or(0, |next| self.shared(at, next));
        if is_linear {
            for depth in (stays_in..planned.sections.len()).rev() {
                if let Some(target) = self.branch(&planned.sections[depth].common) {
                    return self.follow(at, target, depth);
                }
            }
        }
        let leaves_part = next.is_none_or(|next| self.plan[next].part != planned.part);
        if leaves_part && let Some(target) = self.branch(&part.common) {
            return self.follow(at, target, 0);
        }
        next
    }

    fn branch<'s>(&'s self, common: &'s Common) -> Option<&'s str> {
        common.branch_rules.iter().find(|rule| self.is_true(&rule.condition)).map(|rule| rule.target.as_str())
    }

    /// Where a branch leads. Branches go forward only; `depth` is how many sections are around the one that
    /// branches.
    fn follow(&self, at: usize, target: &str, depth: usize) -> Option<usize> {
        let here = &self.plan[at];
        let rest = at + 1..self.plan.len();
        let found = match target {
            "EXIT_TEST" => None,
            "EXIT_TESTPART" => rest.clone().find(|i| self.plan[*i].part != here.part),
            "EXIT_SECTION" => {
                let leaving = depth.checked_sub(1).and_then(|depth| here.sections.get(depth));
                match leaving {
                    Some(section) => rest
                        .clone()
                        .find(|i| !self.plan[*i].sections.iter().any(|other| other.identifier == section.identifier)),
                    None => rest.clone().find(|i| self.plan[*i].part != here.part),
                }
            }
            name => rest.clone().find(|i| {
                let there = &self.plan[*i];
                let opens = there.sections.iter().skip(self.shared(at, *i));
                there.item.identifier == name
                    || opens.into_iter().any(|section| section.identifier == name)
                    || (there.part != here.part && self.test.parts[there.part].identifier == name)
            }),
        };
        self.from(found?, Some(at))
    }
}
